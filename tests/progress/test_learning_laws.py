"""Law 5 by experiment, for courses: whatever editors do to pages and learners do in lessons, in whatever order, progress and
completion are what a rebuild finds, completed stays completed, what is taken back is taken back, and nobody is trapped."""

from __future__ import annotations

import datetime as dt
import os
from itertools import count
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
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
from treebeard.exceptions import InvalidMoveToDescendant
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Locale, Page

from lms.catalogue.compile import compile_all
from lms.catalogue.models import Activity
from lms.pages.models import CoursePage, LessonPage, ModulePage
from lms.people.models import Learner
from lms.progress import derive, rules, services, tasks
from lms.progress.access import access_of
from lms.progress.models import ActivityProgress, Completion, Enrolment, LearningRecord
from lms.progress.queries import outline_as_rules
from tests.conftest import build_home

START = dt.datetime(2027, 3, 1, 5, tzinfo=dt.UTC)
#: How many random sequences are tried. Raise it to hunt: KELAS_EXAMPLES=300 pytest tests/progress/test_learning_laws.py.
EXAMPLES = int(os.environ.get("KELAS_EXAMPLES", "8"))
ANY = st.integers(0, 9)
VERBS = ["completed", "completed", "completed", "waived", "watched", "experienced", "passed", "failed"]


class Learning(RuleBasedStateMachine):
    """An editor, learners and a worker at one course of several modules, in two languages."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = START
        self.clock = mock.patch("django.utils.timezone.now", lambda: self.now)
        self.clock.start()
        self.numbers = count(1)
        #: (learner, run) → when it was completed; kept while nobody takes evidence back.
        self.completed: dict[tuple[int, int], dt.datetime] = {}

    def teardown(self):
        try:
            self.a_rebuild_from_nothing_gives_the_same()
            self.without_evidence_nothing_is_complete()
        finally:
            self.clock.stop()
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def a_rebuild_from_nothing_gives_the_same(self):
        before = projections()
        for model in (Completion, ActivityProgress):
            model.objects.all().delete()
        derive.rebuild()
        assert derive.rebuild() == 0
        assert projections() == before

    def without_evidence_nothing_is_complete(self):
        services.void(record_ids=LearningRecord.objects.values_list("pk", flat=True), reason="test")
        assert not Completion.objects.exists()
        assert not ActivityProgress.objects.exclude(percent=0).exists()

    @initialize(shape=st.lists(st.integers(0, 2), min_size=1, max_size=3))
    def begin(self, shape):
        self.home = build_home()
        self.editor = get_user_model().objects.create_superuser("editor")
        self.languages = [Locale.objects.get(language_code=code) for code in ("en",)]
        self.languages.append(Locale.objects.get_or_create(language_code="id")[0])
        self.course = self.home.add_child(instance=CoursePage(title="Kursus", slug="kursus"))
        self.key = self.course.translation_key
        for lessons in shape:
            module = self._add(ModulePage, self.course)
            for _ in range(lessons):
                self._add(LessonPage, module)
        self._compile()
        self.activity = Activity.objects.get(translation_key=self.key)
        self.learners = [Learner.objects.create(name=f"Peserta {name}") for name in "ABC"]
        services.enrol(learner_ids=[each.pk for each in self.learners[:2]], activity_id=self.activity.pk)

    # ── what editors do ──

    @rule(a=ANY, lesson=st.booleans())
    def add_a_page(self, a, lesson):
        parents = [page for page in self._pages() if not isinstance(page, LessonPage)]
        if parents and len(self._pages()) < 14:
            self._add(LessonPage if lesson else ModulePage, parents[a % len(parents)])
            self._compile()

    @rule(
        a=ANY, required=st.booleans(), needed=st.sampled_from([None, 1, 2]), watch=st.sampled_from([None, 50])
    )
    def publish_other_rules(self, a, required, needed, watch):
        page = self._choose(a)
        if page is None:
            return
        page.required = required
        if isinstance(page, LessonPage):
            page.recording_minutes, page.watch_percent = (10, watch) if watch else (None, None)
        else:
            page.needed = needed
        page.save_revision().publish()
        self._compile()

    @rule(sequential=st.booleans(), a=ANY)
    def publish_another_order(self, sequential, a):
        courses = [page for page in self._pages() if isinstance(page, CoursePage)]
        if courses:
            page = courses[a % len(courses)]
            page.sequential = sequential
            page.save_revision().publish()
            self._compile()

    @rule(a=ANY)
    def unpublish(self, a):
        page = self._choose(a)
        if page is not None and page.live:
            UnpublishPageAction(page, user=self.editor).execute(skip_permission_checks=True)
            self._compile()

    @rule(a=ANY, b=ANY)
    def move(self, a, b):
        page, target = self._choose(a), self._choose(b)
        if page is None or target is None or isinstance(page, CoursePage) or isinstance(target, LessonPage):
            return
        # A translation has the slug of its original; Wagtail refuses two of one name below a page.
        if not Page._slug_is_available(page.slug, target, page):
            return
        try:
            page.move(target, pos="last-child")
        except InvalidMoveToDescendant:
            return
        self._compile()

    @rule(a=ANY, sure=st.booleans())
    def delete(self, a, sure):
        page = self._choose(a)
        if page is not None and sure:
            page.delete()
            self._compile()

    @rule()
    def translate(self):
        """Copy the course to Indonesian; where the original goes later, the copy becomes the owner."""
        page = CoursePage.objects.filter(translation_key=self.key, locale=self.languages[0]).first()
        if (
            page is None
            or CoursePage.objects.filter(translation_key=self.key, locale=self.languages[1]).exists()
        ):
            return
        CopyPageForTranslationAction(
            page, self.languages[1], copy_parents=True, include_subtree=True
        ).execute(skip_permission_checks=True)
        for copy in Page.objects.filter(locale=self.languages[1], depth__gt=2).specific():
            copy.save_revision().publish()
        event("translated")
        self._compile()

    # ── what learners and staff do ──

    @rule(who=st.integers(0, 2), a=ANY, verb=st.sampled_from(VERBS), seconds=st.sampled_from([100, 300, 600]))
    def record(self, who, a, verb, seconds):
        lessons = list(Activity.objects.filter(kind="lesson").order_by("pk"))
        targets = [*lessons, self.activity] if verb == "waived" else lessons
        if targets:
            self._record(self.learners[who], targets[a % len(targets)], verb, seconds)

    @rule(a=ANY)
    def take_back(self, a):
        standing = list(
            LearningRecord.objects.filter(voids=None, voided_by=None).exclude(verb="voided").order_by("pk")
        )
        if standing:
            services.void(record_ids=[standing[a % len(standing)].pk], reason="test")
            self.completed.clear()

    @rule(who=st.integers(0, 2))
    def come_and_go(self, who):
        learner = self.learners[who]
        if not services.withdraw(learner_id=learner.pk, activity_id=self.activity.pk):
            services.enrol(learner_ids=[learner.pk], activity_id=self.activity.pk)

    @rule(who=st.integers(0, 2))
    def end_the_run_and_start_again(self, who):
        runs = Enrolment.objects.filter(learner=self.learners[who], activity=self.activity).order_by("-run")
        last = runs.first()
        if last is None or last.run > 2:
            return
        self._pass()
        Enrolment.objects.filter(pk=last.pk).update(ends_at=self.now)
        Enrolment.objects.create(
            learner=self.learners[who], activity=self.activity, run=last.run + 1, started_at=self.now
        )
        derive.derive(activity_ids=[self.activity.pk], learner_ids=[self.learners[who].pk])
        event("a further run")

    @precondition(lambda self: hasattr(self, "activity"))
    @rule(who=st.integers(0, 1))
    def go_on_to_the_end(self, who):
        """Whoever does what is offered next comes to the end: nobody is trapped by what was deleted or unpublished."""
        learner = self.learners[who]
        for _ in range(30):
            found = access_of(learner_id=learner.pk, activity_id=self.activity.pk)
            if found is None or found.enrolment.state != "active" or not found.needed:
                return
            if found.standing.completed_at or found.reached == found.needed:
                break
            step = found.next_part
            assert step is not None, "nothing is open, and something is needed"
            seconds = step.rule.get("min_watched")
            activity = Activity.objects.get(pk=step.activity_id)
            self._record(learner, activity, "watched" if seconds else "completed", seconds)
        found = access_of(learner_id=learner.pk, activity_id=self.activity.pk)
        assert found.standing.completed_at and found.standing.percent == 100
        event("came to the end")

    # ── what holds always ──

    @invariant()
    def a_rebuild_finds_nothing(self):
        if not hasattr(self, "learners"):
            return
        tasks.sweep()
        assert derive.rebuild() == 0
        for row in ActivityProgress.objects.all():
            assert 0 <= row.percent <= 100

    @invariant()
    def completed_stays_completed(self):
        if not hasattr(self, "learners"):
            return
        rows = Completion.objects.values_list("enrolment__learner_id", "enrolment__run", "completed_at")
        now = {(learner, run): at for learner, run, at in rows}
        for who, at in self.completed.items():
            assert now.get(who) is not None and now[who] <= at
        self.completed = now

    @invariant()
    def an_empty_course_is_not_complete(self):
        if not hasattr(self, "learners"):
            return
        if not any(rules.asked(version)[1] for version in outline_as_rules(self.activity.pk)):
            assert not Completion.objects.exists()

    # ── how ──

    def _pages(self) -> list[Page]:
        ours = (CoursePage, ModulePage, LessonPage)
        pages = Page.objects.filter(depth__gt=2).order_by("path").specific()
        return [page for page in pages if isinstance(page, ours)]

    def _choose(self, number: int) -> Page | None:
        pages = self._pages()
        return pages[number % len(pages)] if pages else None

    def _add(self, model: type[Page], parent: Page) -> Page:
        number = next(self.numbers)
        parent = Page.objects.get(pk=parent.pk)
        page = model(title=f"Halaman {number}", slug=f"halaman-{number}", locale=parent.locale)
        return parent.add_child(instance=page)

    def _compile(self) -> None:
        self._pass()
        for _ in compile_all():
            pass

    def _record(self, learner, activity, verb, seconds=None) -> None:
        self._pass()
        statement = services.Statement(
            cause=f"test:{next(self.numbers)}",
            learner_id=learner.pk,
            activity_id=activity.pk,
            verb=verb,
            occurred_at=self.now,
            reason="test",
            duration_seconds=seconds if verb == "watched" else None,
        )
        assert len(services.record([statement, statement])) == 1
        assert services.record([statement]) == []

    def _pass(self) -> None:
        self.now += dt.timedelta(hours=1)


def projections() -> tuple[set, set]:
    progress = ActivityProgress.objects.values_list("enrolment_id", "activity_id", "percent", "completed_at")
    return set(progress), set(Completion.objects.values_list("enrolment_id", "version_id", "completed_at"))


@pytest.mark.django_db
def test_the_laws_of_learning_hold_whatever_happens():
    run_state_machine_as_test(
        Learning,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
