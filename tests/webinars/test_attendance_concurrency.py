"""Several workers at once, on real connections: nothing is lost, nothing counts twice."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from lms.progress.models import LearningRecord
from lms.webinars.models import Attendance, AttendanceImport
from lms.webinars.services import attendance as services
from tests.webinars.attendance_world import START, Line, make_learner, make_series, register, zoom

pytestmark = pytest.mark.django_db(transaction=True)


def together(function, arguments):
    """Run a function in parallel, each call on its own connection; return what they gave, or raise what they raised."""

    def call(argument):
        try:
            return function(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(arguments)) as pool:
        return list(pool.map(call, arguments))


@pytest.fixture
def session(locales, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + dt.timedelta(days=1))
    return make_series().occurrences.get()


def previewed(session, number, *lines):
    source = zoom([*lines, Line(f"Tamu {number}", "", 0, 5)])
    report = services.preview_report(occurrence=session, source=source, file_name=f"{number}.csv")
    AttendanceImport.objects.filter(pk=report.pk).update(state="queued")
    return report.pk


def apply(pk):
    return services.apply_import(attendance_import_id=pk)


def test_reports_applied_at_the_same_time_all_count(session):
    learner = make_learner("Siti", "siti@toko.example")
    register(learner, session)
    reports = [
        previewed(session, number, Line("Siti", "siti@toko.example", 20 * number, 20 * number + 10))
        for number in range(4)
    ]
    assert together(apply, reports) == [True] * 4
    assert Attendance.objects.get(learner=learner).seconds == 4 * 600
    assert LearningRecord.objects.get(verb="attended", voided_by=None).duration_seconds == 4 * 600
    assert services.rebuild_attendance() == 0


def test_one_report_applied_by_many_workers_is_applied_once(session):
    learner = make_learner("Siti", "siti@toko.example")
    register(learner, session)
    report = previewed(session, 1, Line("Siti", "siti@toko.example", 0, 80))
    assert sorted(together(apply, [report] * 6)) == [False] * 5 + [True]
    assert LearningRecord.objects.filter(verb="attended").count() == 1


def test_applying_and_undoing_at_once_end_where_a_rebuild_does(session):
    learner = make_learner("Siti", "siti@toko.example")
    register(learner, session)
    first = previewed(session, 1, Line("Siti", "siti@toko.example", 0, 30))
    assert apply(first)
    second = previewed(session, 2, Line("Siti", "siti@toko.example", 30, 60))

    def act(step):
        if step == "undo":
            services.undo_import(attendance_import=AttendanceImport.objects.get(pk=first))
        else:
            apply(second)

    together(act, ["undo", "apply", "undo", "apply"])
    assert Attendance.objects.get(learner=learner).seconds == 1800
    assert services.rebuild_attendance() == 0


def test_the_same_file_asked_for_at_once_counts_once(session):
    make_learner("Siti", "siti@toko.example")
    source = zoom([Line("Siti", "siti@toko.example", 0, 80)])
    report = services.preview_report(occurrence=session, source=source, file_name="a.csv")
    twin = AttendanceImport.objects.get(pk=report.pk)
    twin.pk, twin.public_id = None, "twin-twin-twin-twin-22"
    twin.save()
    twin.people.create(position=1, name="Siti")

    def ask(pk):
        try:
            services.request_apply(attendance_import=AttendanceImport.objects.get(pk=pk))
        except services.AlreadyImported:
            return "refused"
        return "asked"

    assert sorted(together(ask, [report.pk, twin.pk])) == ["asked", "refused"]
