"""Law 5 by experiment: whatever is imported, applied, undone, decided and re-published, in whatever order, attendance,
progress and completion are what a rebuild finds, and what a stopwatch would say."""

from __future__ import annotations

import datetime as dt
from unittest import mock

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lms.catalogue.models import Activity
from lms.catalogue.outlines import Part, write_outline
from lms.progress import derive
from lms.progress import tasks as progress_tasks
from lms.progress.models import ActivityProgress, Completion, Enrolment, LearningRecord
from lms.progress.services import enrol
from lms.webinars.models import Attendance, AttendanceImport, StaleAttendance
from lms.webinars.services import attendance as services
from tests.webinars.attendance_world import (
    START,
    Line,
    make_learner,
    make_series,
    register,
    republish,
    zoom,
)

State = AttendanceImport.State

WHO = [
    ("Siti", "siti@toko.example"),  # verified
    ("Budi Santoso", "budi@toko.example"),  # registered, not verified
    ("Ani Wijaya", ""),  # a name among the registered
    ("Wati", "wati@toko.example"),  # verified, not registered
    ("Galaxy A12", ""),  # nobody until somebody says who
]
lines = st.lists(
    st.builds(
        lambda who, join, length: Line(*WHO[who], join, join + length),
        st.integers(0, len(WHO) - 1),
        st.sampled_from([-30, -5, 0, 10, 30, 60, 95]),
        st.sampled_from([1, 20, 45, 63, 90, 120]),
    ),
    min_size=1,
    max_size=5,
)

ANY = st.integers(0, 9)
MOSTLY = st.sampled_from([True, True, False])


class Imports(RuleBasedStateMachine):
    """A coordinator, an editor and a worker at two sessions of a series inside a course."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = START - dt.timedelta(days=1)
        self.clock = mock.patch("django.utils.timezone.now", lambda: self.now)
        self.clock.start()
        self.lines: dict[int, list[Line]] = {}

    def teardown(self):
        try:
            self.a_rebuild_from_nothing_gives_the_same()
        finally:
            self.clock.stop()
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def a_rebuild_from_nothing_gives_the_same(self):
        before = projections()
        for model in (Attendance, Completion, ActivityProgress):
            model.objects.all().delete()
        services.rebuild_attendance()
        derive.rebuild()
        assert derive.rebuild() == 0
        assert projections() == before

    @initialize(
        percent=st.sampled_from([50, 70, 100]),
        needed=st.sampled_from([None, 1, 2]),
        reports=st.lists(lines, max_size=2),
    )
    def begin(self, percent, needed, reports):
        self.series = make_series(2, percent=percent, needed=needed)
        self.sessions = list(self.series.occurrences.order_by("starts_at"))
        self.rules = [[percent, None]]  # what was asked, and until when
        self.course = Activity.objects.create(kind="course", title="Kursus", live=True)
        write_outline(activity=self.course, parts=[Part(self.series.activity_id)], rules={})
        self.learners = [
            make_learner("Siti", "siti@toko.example"),
            make_learner("Budi", "budi@toko.example", verified=False),
            make_learner("Ani Wijaya", "ani@toko.example"),
            make_learner("Wati", "wati@toko.example"),
        ]
        for learner in self.learners[:3]:
            for session in self.sessions:
                register(learner, session)
        enrol(learner_ids=[each.pk for each in self.learners], activity_id=self.course.pk)
        for session, rows in zip(self.sessions, reports, strict=False):
            self.preview(session, rows, apply=True)

    # ── what may happen ──

    @rule(place=st.integers(0, 1), rows=lines, apply=MOSTLY)
    def upload(self, place, rows, apply):
        self.preview(self.sessions[place], rows, apply)

    @precondition(lambda self: self.lines)
    @rule(which=ANY, more=lines, keep=st.integers(0, 5), apply=MOSTLY)
    def upload_a_subset_or_superset_or_the_same(self, which, more, keep, apply):
        """A report of the same session that lists some or all rows of another, perhaps with further ones."""
        report = self.pick(which)
        rows = self.lines[report.pk]
        self.preview(report.occurrence, [*rows[:keep], *more] if keep else rows, apply)

    def preview(self, session, rows, apply):
        self.now = max(self.now, session.ends_at + dt.timedelta(minutes=1))
        source = zoom(rows, start=session.starts_at)
        try:
            report = services.preview_report(occurrence=session, source=source, file_name="r.csv")
        except services.AlreadyImported:
            assert session.attendance_imports.filter(state__in=[State.APPLIED, State.QUEUED]).exists()
            event("refused: already imported")
            return
        self.lines[report.pk] = rows
        if apply:
            services.request_apply(attendance_import=report)
            assert services.apply_import(attendance_import_id=report.pk)

    @precondition(lambda self: self.lines)
    @rule(which=ANY, runs=st.integers(0, 2))
    def apply(self, which, runs):
        """Ask for it; the worker runs not yet, once, or twice."""
        report = self.pick(which)
        try:
            services.request_apply(attendance_import=report)
        except services.AlreadyImported:
            event("refused: already applied")
        done = [services.apply_import(attendance_import_id=report.pk) for _ in range(runs)]
        assert done[1:] == [False] * len(done[1:])

    @precondition(lambda self: self.lines)
    @rule(which=ANY, times=st.integers(1, 2))
    def undo(self, which, times):
        report = self.pick(which)
        event(f"undo: {report.state}")
        for _ in range(times):
            services.undo_import(attendance_import=report)

    @precondition(lambda self: self.lines)
    @rule(
        which=ANY,
        place=st.integers(0, 4),
        who=st.integers(0, 3),
        choice=st.sampled_from(["link", "ignore", "clear"]),
    )
    def decide(self, which, place, who, choice):
        people = list(self.pick(which).people.all())
        learner = self.learners[who] if choice == "link" else None
        services.set_person(person=people[place % len(people)], learner=learner, ignore=choice == "ignore")

    @precondition(lambda self: self.lines)
    @rule(which=ANY)
    def discard(self, which):
        report = self.pick(which)
        if services.discard_preview(attendance_import=report):
            del self.lines[report.pk]

    def pick(self, which):
        """One of the reports there are."""
        reports = sorted(self.lines)
        return AttendanceImport.objects.select_related("occurrence__series").get(
            pk=reports[which % len(reports)]
        )

    @rule(
        percent=st.sampled_from([10, 50, 70, 100]),
        needed=st.sampled_from([None, 1, 2]),
        days=st.integers(0, 5),
    )
    def publish_other_rules(self, percent, needed, days):
        self.work()
        before = completions()
        self.now += dt.timedelta(days=days, seconds=1)
        if republish(self.series, attend_percent=percent, needed=needed):
            self.rules[-1][1] = self.now
            self.rules.append([percent, None])
        self.work()
        assert before <= completions(), "completed stays completed when rules change"

    @rule(keep=st.booleans())
    def publish_another_course(self, keep):
        self.work()
        before = completions()
        self.now += dt.timedelta(seconds=1)
        extra = [] if keep else [Part(Activity.objects.create(kind="lesson", title="Baru").pk)]
        write_outline(activity=self.course, parts=[Part(self.series.activity_id), *extra], rules={})
        self.work()
        assert before <= completions()

    @precondition(lambda self: AttendanceImport.objects.filter(state=State.APPLIED).count() > 1)
    @rule()
    def undo_everything(self):
        for report in AttendanceImport.objects.all():
            services.undo_import(attendance_import=report)
        self.work()
        assert not Attendance.objects.exists()
        assert not completions(), "evidence that is taken back takes the completion back"
        assert not LearningRecord.objects.filter(verb="attended", voided_by=None).exists()

    # ── what always holds ──

    def work(self):
        """What the worker would have done by now: rows of work, apart from reports that still wait."""
        for stale in list(StaleAttendance.objects.values_list("occurrence_id", flat=True)):
            services.refresh_attendance(occurrence_id=stale)
        progress_tasks.sweep()

    @invariant()
    def a_rebuild_finds_nothing(self):
        if not hasattr(self, "series"):
            return
        self.work()
        before = projections()
        assert services.rebuild_attendance() == 0
        assert derive.rebuild() == 0
        assert projections() == before

    @invariant()
    def seconds_are_what_a_stopwatch_says(self):
        if not hasattr(self, "series"):
            return
        seen: dict[tuple[int, int], set[int]] = {}
        for report in AttendanceImport.objects.filter(state=State.APPLIED):
            whose = {(each.name, each.email): each.learner_id for each in report.people.all()}
            for line in self.lines[report.pk]:
                learner_id = whose[line.name, line.email]
                minutes = set(range(max(0, line.join), min(90, line.leave)))
                if learner_id and minutes:
                    seen.setdefault((report.occurrence_id, learner_id), set()).update(minutes)
        expected = {key: 60 * len(minutes) for key, minutes in seen.items()}
        starts = {session.pk: session.starts_at for session in self.sessions}
        enough = {
            key
            for key, minutes in seen.items()
            for percent, ended_at in self.rules
            if 100 * len(minutes) >= percent * 90
            and (ended_at is None or starts[key[0]] + dt.timedelta(minutes=max(minutes) + 1) < ended_at)
        }
        rows = list(Attendance.objects.values_list("occurrence_id", "learner_id", "seconds", "attended"))
        assert {(session, learner): seconds for session, learner, seconds, _ in rows} == expected
        assert {(session, learner) for session, learner, _, attended in rows if attended} == enough
        enrolled = set(enrolments_in(self.series.activity_id))
        assert {learner for _, learner in expected} <= enrolled
        said = LearningRecord.objects.filter(verb="attended", voided_by=None)
        by_activity = {session.activity_id: session.pk for session in self.sessions}
        assert {
            (by_activity[activity], learner): seconds
            for activity, learner, seconds in said.values_list(
                "activity_id", "learner_id", "duration_seconds"
            )
        } == expected
        assert said.count() == len(expected)

    @invariant()
    def percent_is_a_percentage(self):
        for percent, done in ActivityProgress.objects.values_list("percent", "completed_at"):
            assert 0 <= percent <= 100
            assert (percent == 100) == (done is not None)


def enrolments_in(activity_id):
    return Enrolment.objects.filter(activity_id=activity_id, state="active").values_list(
        "learner_id", flat=True
    )


def completions():
    return set(Completion.objects.values_list("enrolment_id", flat=True))


def projections():
    """Everything derived, as plain values."""
    return (
        sorted(
            Attendance.objects.values_list(
                "occurrence_id", "learner_id", "seconds", "attended", "first_joined_at"
            )
        ),
        sorted(
            ActivityProgress.objects.values_list("enrolment_id", "activity_id", "percent", "completed_at"),
            key=str,
        ),
        sorted(Completion.objects.values_list("enrolment_id", "version_id", "completed_at")),
    )


@pytest.mark.django_db
@override_settings(LMS={"BRIDGE_SECONDS": 0})
def test_incremental_equals_rebuild():
    run_state_machine_as_test(
        Imports,
        settings=settings(
            max_examples=15,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
