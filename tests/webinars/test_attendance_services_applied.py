"""Applied reports: what is derived from them, what undoing takes back, and what the worker may find twice."""

from __future__ import annotations

import datetime as dt

import pytest

from lms import signals
from lms.core import clock
from lms.core.exceptions import KelasError
from lms.progress.queries import enrolments_of, history, standing
from lms.webinars import tasks
from lms.webinars.models import Attendance, AttendanceImport, StaleAttendance
from lms.webinars.services import attendance as services
from tests.webinars.attendance_steps import State, count, preview, seconds
from tests.webinars.attendance_world import (
    START,
    Line,
    make_series,
    register,
    republish,
    totals,
    zoom,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after_the_session(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + dt.timedelta(days=1))


def test_a_newer_larger_export_is_harmless(session, siti, budi):
    lines = [Line("Siti", "siti@toko.example", 0, 40), Line("Budi", "budi@toko.example", 0, 90)]
    count(preview(session, lines))
    records = set(history(learner_id=budi.pk).values_list("pk", flat=True))
    count(preview(session, [*lines, Line("Siti", "siti@toko.example", 40, 80)]))
    assert seconds(session) == {siti.pk: 4800, budi.pk: 5400}
    assert set(history(learner_id=budi.pk).values_list("pk", flat=True)) == records
    assert services.rebuild_attendance() == 0


def test_totals_are_capped_and_never_added(session, siti, budi):
    count(preview(session, [Line("Siti", "siti@toko.example", 0, 30)]))
    count(
        preview(
            session,
            totals([Line("Siti", "siti@toko.example", 0, 20), Line("Budi", "budi@toko.example", 0, 500)]),
        )
    )
    assert seconds(session) == {siti.pk: 1800, budi.pk: 5400}
    row = Attendance.objects.get(learner=budi)
    assert (row.first_joined_at, row.last_left_at, row.attended) == (None, None, True)
    assert history(learner_id=budi.pk).get().occurred_at == session.ends_at


def test_short_gaps_are_bridged_as_the_host_says(session, siti, settings):
    lines = [Line("Siti", "siti@toko.example", 0, 30), Line("Siti", "siti@toko.example", 31, 60)]
    settings.LMS = {"BRIDGE_SECONDS": 59}
    count(preview(session, lines))
    assert seconds(session) == {siti.pk: 3540}
    settings.LMS = {"BRIDGE_SECONDS": 60}
    assert services.rebuild_attendance() > 0
    assert seconds(session) == {siti.pk: 3600}
    assert services.rebuild_attendance() == 0


def test_exactly_the_share_is_enough_and_a_second_less_is_not(session, siti, budi):
    count(
        preview(
            session, [Line("S", "siti@toko.example", 0, 63), Line("B", "budi@toko.example", 0, 63 - 1 / 60)]
        )
    )
    assert dict(Attendance.objects.values_list("learner_id", "attended")) == {siti.pk: True, budi.pk: False}


def test_a_worker_that_dies_leaves_the_report_waiting_and_the_sweep_finds_it(session, siti, monkeypatch):
    report = preview(session, [Line("Siti", "siti@toko.example")])
    services.request_apply(attendance_import=report)

    class Killed(BaseException):
        """As a worker that is gone: nothing catches it."""

    with monkeypatch.context() as patch, pytest.raises(Killed):

        def die(*arguments, **options):
            raise Killed

        patch.setattr("lms.webinars.services.attendance_derive.enrol", die)
        services.apply_import(attendance_import_id=report.pk)
    report.refresh_from_db()
    assert report.state == State.QUEUED
    assert not Attendance.objects.exists() and not history(learner_id=siti.pk).exists()
    assert tasks.sweep_attendance() == 1
    report.refresh_from_db()
    assert (report.state, seconds(session)) == (State.APPLIED, {siti.pk: 5400})
    assert tasks.sweep_attendance() == 0


def test_a_report_that_cannot_be_applied_says_so_and_can_be_tried_again(session, siti, monkeypatch, caplog):
    report = preview(session, [Line("Siti", "siti@toko.example")])
    services.request_apply(attendance_import=report)
    with monkeypatch.context() as patch:
        patch.setattr("lms.webinars.services.attendance_apply.derive_attendance", lambda **_: 1 / 0)
        assert tasks.apply_import.func(report.pk) is False
    report.refresh_from_db()
    assert report.state == State.FAILED and "nothing was changed" in report.error
    count(report)
    assert (report.error, seconds(session)) == ("", {siti.pk: 5400})


# ── undoing ──


def test_undoing_takes_everything_back_and_can_be_done_twice(session, siti):
    report = count(preview(session, [Line("Siti", "siti@toko.example")]))
    activity_id = session.series.activity_id
    assert standing(learner_id=siti.pk, activity_id=activity_id).completed_at
    services.undo_import(attendance_import=report)
    services.undo_import(attendance_import=report)
    report.refresh_from_db()
    assert report.state == State.UNDONE and report.undone_at
    assert not Attendance.objects.exists() and not history(learner_id=siti.pk).exists()
    found = standing(learner_id=siti.pk, activity_id=activity_id)
    assert (found.percent, found.completed_at) == (0, None)
    assert services.rebuild_attendance() == 0
    count(report)
    assert standing(learner_id=siti.pk, activity_id=activity_id).completed_at


def test_undoing_one_of_two_leaves_the_other(session, siti):
    small = count(preview(session, [Line("Siti", "siti@toko.example", 0, 30)]))
    large = count(preview(session, [Line("Siti", "siti@toko.example", 0, 80)]))
    services.undo_import(attendance_import=large)
    assert seconds(session) == {siti.pk: 1800}
    services.undo_import(attendance_import=small)
    assert seconds(session) == {}


def test_undoing_a_waiting_report_makes_it_a_preview_again(session, siti):
    report = preview(session, [Line("Siti", "siti@toko.example")])
    services.request_apply(attendance_import=report)
    services.undo_import(attendance_import=report)
    assert services.apply_import(attendance_import_id=report.pk) is False
    report.refresh_from_db()
    assert report.state == State.PREVIEWED and not Attendance.objects.exists()


def test_a_large_report_is_undone_by_the_worker(
    session, siti, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("lms.webinars.services.attendance_apply.UNDONE_AT_ONCE", 0)
    report = count(preview(session, [Line("Siti", "siti@toko.example")]))
    with django_capture_on_commit_callbacks() as callbacks:
        services.undo_import(attendance_import=report)
    assert StaleAttendance.objects.get().occurrence == session
    assert seconds(session) == {siti.pk: 5400}
    for callback in callbacks:
        callback()
    assert seconds(session) == {} and not StaleAttendance.objects.exists()


def test_somebody_who_withdrew_later_stays_withdrawn(session, siti):
    from lms.progress.services import withdraw

    count(preview(session, [Line("Siti", "siti@toko.example")]))
    withdraw(learner_id=siti.pk, activity_id=session.series.activity_id)
    services.rebuild_attendance()
    assert enrolments_of(siti.pk).get().state == "withdrawn"


# ── people decide ──


def test_a_decision_holds_at_once_and_can_be_changed(session, siti, budi, coordinator):
    report = count(preview(session, [Line("Galaxy A12", "", 0, 90)]))
    person = report.people.get()
    services.set_person(person=person, learner=siti, user=coordinator)
    assert seconds(session) == {siti.pk: 5400}
    services.set_person(person=person, learner=budi, user=coordinator)
    assert seconds(session) == {budi.pk: 5400}
    services.set_person(person=person, learner=None, ignore=True, user=coordinator)
    assert seconds(session) == {}
    assert report.people.get().match == "ignored"
    services.set_person(person=person, learner=None, user=coordinator)
    assert report.people.get().match == "none"
    assert services.rebuild_attendance() == 0


def test_two_devices_of_one_learner_are_united(session, siti):
    report = preview(session, [Line("Siti", "siti@toko.example", 0, 50), Line("Galaxy A12", "", 40, 70)])
    services.set_person(person=report.people.get(name="Galaxy A12"), learner=siti)
    count(report)
    assert seconds(session) == {siti.pk: 4200}
    assert history(learner_id=siti.pk).get().reason_params["devices"] == 2


def test_a_decision_in_a_preview_survives_reading_it_anew(session, siti):
    report = preview(session, [Line("Galaxy A12", "", 0, 90), Line("Ruang rapat", "", 0, 90)])
    services.set_person(person=report.people.get(name="Galaxy A12"), learner=siti)
    services.set_person(person=report.people.get(name="Ruang rapat"), learner=None, ignore=True)
    report = services.preview_again(attendance_import=report, zone="Asia/Makassar")
    assert dict(report.people.values_list("name", "match")) == {
        "Galaxy A12": "person",
        "Ruang rapat": "ignored",
    }
    assert report.people.get(name="Galaxy A12").learner == siti


def test_settled_once_is_settled_for_the_next_report(siti):
    session, other = make_series(2, title="Dua").occurrences.all()
    register(siti, session)
    lines = [
        Line("Galaxy A12", "", 0, 40),
        Line("Toko", "toko@lain.example", 0, 90),
        Line("Rekaman", "", 0, 90),
    ]
    report = preview(session, lines)
    services.set_person(person=report.people.get(name="Galaxy A12"), learner=siti)
    services.set_person(person=report.people.get(name="Toko"), learner=siti)
    services.set_person(person=report.people.get(name="Rekaman"), learner=None, ignore=True)
    count(report)
    again = preview(session, [*lines, Line("Galaxy A12", "", 50, 60)])
    assert dict(again.people.values_list("name", "match")) == {
        "Galaxy A12": "person",
        "Toko": "person",
        "Rekaman": "ignored",
    }
    # Next week an address is still theirs; a device may be somebody else's.
    later = preview(other, zoom(lines, start=other.starts_at))
    assert dict(later.people.values_list("name", "match")) == {
        "Galaxy A12": "none",
        "Toko": "person",
        "Rekaman": "none",
    }
    services.undo_import(attendance_import=report)
    forgotten = services.preview_again(attendance_import=again)
    assert forgotten.people.get(name="Toko").match == "person", (
        "it was decided in the preview itself, as far as it knows"
    )


# ── rules that change ──


def test_a_stricter_rule_takes_nothing_and_a_milder_one_gives(
    session, siti, budi, django_capture_on_commit_callbacks
):
    count(preview(session, [Line("S", "siti@toko.example", 0, 63), Line("B", "budi@toko.example", 0, 50)]))
    with django_capture_on_commit_callbacks(execute=True):
        republish(session.series, attend_percent=90)
    assert dict(Attendance.objects.values_list("learner_id", "attended")) == {siti.pk: True, budi.pk: False}
    assert standing(learner_id=siti.pk, activity_id=session.series.activity_id).completed_at
    with django_capture_on_commit_callbacks(execute=True):
        republish(session.series, attend_percent=50)
    assert not StaleAttendance.objects.exists()
    assert dict(Attendance.objects.values_list("learner_id", "attended")) == {siti.pk: True, budi.pk: True}
    assert services.rebuild_attendance() == 0


def test_a_moved_session_is_measured_anew(session, siti, django_capture_on_commit_callbacks):
    from lms.webinars.models import Occurrence

    count(preview(session, [Line("S", "siti@toko.example", 0, 90)]))
    session.ends_at = session.starts_at + dt.timedelta(minutes=45)
    session.save()
    with django_capture_on_commit_callbacks(execute=True):
        signals.occurrences_changed.send(
            sender=Occurrence, occurrence_ids=[session.pk], significant=[session.pk]
        )
    assert seconds(session) == {siti.pk: 2700}
    assert services.rebuild_attendance() == 0


def test_a_session_without_reports_makes_no_work(session):
    republish(session.series, attend_percent=80)
    assert not StaleAttendance.objects.exists()


# ── files ──


def test_old_files_go_and_results_stay(session, siti, budi, django_capture_on_commit_callbacks):
    applied = count(preview(session, [Line("S", "siti@toko.example")]))
    left = preview(session, [Line("B", "budi@toko.example")])
    names = [applied.file.name, left.file.name]
    storage = applied.file.storage
    AttendanceImport.objects.update(updated_at=clock.now() - dt.timedelta(days=91))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.forget_files() == 2
        assert services.forget_files() == 0
    assert not any(storage.exists(name) for name in names)
    assert list(AttendanceImport.objects.values_list("pk", "file")) == [(applied.pk, "")]
    assert seconds(session) == {siti.pk: 5400}
    applied.refresh_from_db()
    services.undo_import(attendance_import=applied)
    with pytest.raises(KelasError, match="no longer kept"):
        services.preview_again(attendance_import=applied)


def test_a_discarded_preview_is_gone_with_its_file(session, siti, django_capture_on_commit_callbacks):
    report = preview(session, [Line("S", "siti@toko.example")])
    name, storage = report.file.name, report.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        assert services.discard_preview(attendance_import=report)
    assert not AttendanceImport.objects.exists() and not storage.exists(name)
    assert not services.discard_preview(attendance_import=report)


def test_an_applied_report_cannot_be_discarded(session, siti):
    report = count(preview(session, [Line("S", "siti@toko.example")]))
    assert not services.discard_preview(attendance_import=report)
    services.undo_import(attendance_import=report)
    assert not services.discard_preview(attendance_import=report)
