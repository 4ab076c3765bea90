"""Reports: previewed, settled, applied, undone. What is stored, what is refused, and what may happen twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from lms import signals
from lms.core.exceptions import KelasError
from lms.progress.queries import history, standing
from lms.webinars.models import Attendance, AttendanceImport, PresenceInterval, ReportPerson
from lms.webinars.report_words import sentence
from lms.webinars.services import attendance as services
from tests.webinars.attendance_steps import State, codes, count, preview, seconds
from tests.webinars.attendance_world import (
    START,
    Line,
    make_learner,
    make_series,
    zoom,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after_the_session(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + dt.timedelta(days=1))


# ── previewing ──


def test_a_preview_says_who_it_is_about_and_changes_nothing(session, siti, budi, coordinator):
    report = preview(
        session,
        [
            Line("Siti", "Siti@Toko.example", 0, 60),
            Line("Budi Santoso", "budi@toko.example", 10, 20),
            Line("budi  santoso", "", 30, 40),
            Line("Galaxy A12", "", 0, 90),
        ],
        user=coordinator,
    )
    assert (report.state, report.zone, report.encoding, report.date_order) == (
        State.PREVIEWED,
        "Asia/Jakarta",
        "utf-8-sig",
        "mdy",
    )
    assert list(report.people.values_list("name", "match", "learner_id", "seconds")) == [
        ("Siti", "email", siti.pk, 3600),
        ("Budi Santoso", "registered_email", budi.pk, 600),
        ("budi  santoso", "name", budi.pk, 600),
        ("Galaxy A12", "none", None, 5400),
    ]
    first = PresenceInterval.objects.filter(person__attendance_import=report).order_by("pk").first()
    assert (first.joined_at, first.left_at) == (START, START + dt.timedelta(hours=1))
    assert report.uploaded_by == coordinator
    assert not Attendance.objects.exists()
    assert not history(learner_id=siti.pk).exists()


def test_the_file_is_private_and_its_name_says_nothing(session, siti, settings):
    source = zoom([Line("Siti", "siti@toko.example")])
    report = services.preview_report(
        occurrence=session, source=source, file_name="C:\\Users\\Siti\\siti nurhaliza.csv"
    )
    assert report.file_name == "siti nurhaliza.csv"
    assert "siti" not in report.file.name
    assert report.file.storage.location == settings.STORAGES["lms_private"]["OPTIONS"]["location"]
    with report.file.open() as stream:
        assert stream.read() == source


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 something", "PDF"),
        (b"PK\x03\x04" + b"x" * 50, "CSV"),
        (b"hello\nworld\n", "No table of participants"),
        (b"\x00\x01\x02" * 500, "CSV"),
    ],
)
def test_a_wrong_file_is_refused_with_what_to_do_and_nothing_is_stored(session, source, words):
    with pytest.raises(services.UnreadableReport, match=words):
        preview(session, source)
    assert not AttendanceImport.objects.exists()


def test_a_file_above_the_host_s_limit_is_refused(session, settings):
    settings.LMS = {"IMPORT_MAX_BYTES": 1 << 20}
    with pytest.raises(services.UnreadableReport, match="larger than 1 MB"):
        preview(session, b"x" * ((1 << 20) + 1))


def test_the_same_bytes_again_are_the_same_preview(session, siti):
    first = preview(session, [Line("Siti", "siti@toko.example")])
    again = preview(session, [Line("Siti", "siti@toko.example")])
    assert first.pk == again.pk
    assert again.people.count() == 1


def test_a_report_in_another_zone_is_noticed_and_read_anew(session, siti):
    session.series.zone = "Asia/Makassar"
    session.series.save()
    lines = [Line("Siti", "siti@toko.example", -2, 90), Line("Ani", "", 1, 80)]
    report = preview(session, lines)
    assert "zone_shift" in codes(report)
    said = next(sentence(each) for each in report.warnings if each["code"] == "zone_shift")
    assert "18:58 WIB" not in said and "18:58 WITA" in said and "20:00 WITA" in said
    report = services.preview_again(attendance_import=report, zone="Asia/Jakarta")
    assert "zone_shift" not in codes(report)
    assert report.people.get(learner=siti).seconds == 5400


def test_an_ambiguous_date_order_is_asked_and_the_answer_settles_it(siti, session):
    far = START + dt.timedelta(days=61)  # 3 May 2026: 5/3 or 3/5, both far from 3 March
    source = zoom([Line("Siti", "siti@toko.example")], start=far)
    report = preview(session, source)
    question = services.open_question(report)
    assert question["params"]["mdy"] == "2026-05-03" and question["params"]["dmy"] == "2026-03-05"
    assert "3 May 2026" in sentence(question) and not report.people.exists()
    with pytest.raises(KelasError, match="which date order"):
        services.request_apply(attendance_import=report)
    report = services.preview_again(attendance_import=report, date_order="dmy")
    assert services.open_question(report) is None
    assert (report.date_order, report.people.count()) == ("dmy", 1)


def test_the_session_s_date_settles_the_order_where_it_can(siti):
    session = make_series(start=START + dt.timedelta(days=1), title="Kamis").occurrences.get()  # 4 March
    report = preview(
        session, zoom([Line("Siti", "siti@toko.example")], start=session.starts_at, form="%d/%m/%Y %H:%M:%S")
    )
    assert (report.date_order, report.people.get().seconds) == ("dmy", 5400)


def test_an_impossible_answer_is_refused_and_the_preview_stays(session, siti):
    source = zoom([Line("Siti", "siti@toko.example")], start=START + dt.timedelta(days=15))  # 18 March
    report = preview(session, source)
    with pytest.raises(services.UnreadableReport, match="cannot be right"):
        services.preview_again(attendance_import=report, date_order="dmy")
    report.refresh_from_db()
    assert (report.date_order, report.people.count()) == ("mdy", 1)


def test_a_report_of_another_session_is_noticed(siti):
    session, other = make_series(2, title="Dua").occurrences.all()
    lines = [Line("Siti", "siti@toko.example")]
    report = preview(session, zoom(lines, start=other.starts_at, form="%Y-%m-%d %H:%M:%S"))
    assert {"nobody_there", "other_session"} <= set(codes(report))
    assert "10 March 2026" in next(
        sentence(each) for each in report.warnings if each["code"] == "other_session"
    )


def test_the_question_names_the_session_that_an_ambiguous_date_would_fit(siti):
    session, other = make_series(2, title="Dua").occurrences.all()
    report = preview(session, zoom([Line("Siti", "siti@toko.example")], start=other.starts_at))
    assert codes(report) == ["ambiguous_dates_far", "other_session"]


def test_a_file_that_counts_for_another_session_is_noticed(siti):
    session, other = make_series(2, title="Dua").occurrences.all()
    lines = [Line("Siti", "siti@toko.example")]
    count(preview(session, lines))
    assert "applied_elsewhere" in codes(preview(other, lines))


@pytest.mark.parametrize(
    ("address", "noticed"),
    [
        ("https://us02web.zoom.us/j/84759841045?pwd=x", False),
        ("https://us02web.zoom.us/j/99911122233", True),
        ("https://meet.example/x", False),
    ],
)
def test_a_report_of_another_meeting_is_noticed(session, siti, address, noticed):
    session.series.join_url = address
    session.series.save()
    report = services.preview_report(
        occurrence=session,
        source=zoom([Line("Siti", "siti@toko.example")]),
        file_name="participants_84759841045.csv",
    )
    assert ("other_meeting" in codes(report)) == noticed


def test_a_report_without_one_countable_row_says_why(session):
    source = b"Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\r\nSiti,,kemarin,03/03/2026 07:00:00 PM,1,Yes\r\n"
    with pytest.raises(services.UnreadableReport) as refused:
        preview(session, source)
    assert any("kemarin" in line for line in refused.value.details)


def test_a_report_before_the_end_is_noticed(session, siti, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + dt.timedelta(minutes=30))
    assert "still_to_come" in codes(preview(session, [Line("Siti", "siti@toko.example")]))


def test_an_unknown_zone_is_refused(session, siti):
    with pytest.raises(KelasError, match="no time zone"):
        preview(session, [Line("Siti")], zone="Asia/Atlantis")


def test_a_missing_hour_in_spring_never_ends_before_it_starts(siti):
    start = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC)  # Berlin: 01:30, and 02:00 becomes 03:00
    session = make_series(start=start, zone="Europe/Berlin", title="Berlin").occurrences.get()
    source = "\r\n".join(
        [
            "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest",
            "Siti,siti@toko.example,03/29/2026 02:45:00 AM,03/29/2026 03:10:00 AM,25,Yes",
        ]
    ).encode()
    report = preview(session, source)
    assert PresenceInterval.objects.filter(person__attendance_import=report).count() == 1


# ── applying ──


def test_applying_derives_attendance_evidence_progress_and_enrolment(
    session, siti, budi, django_capture_on_commit_callbacks
):
    walk_in = make_learner("Walk In", "walkin@toko.example")
    heard = []
    signals.attendance_derived.connect(receiver := lambda **kw: heard.append(kw), weak=False)
    report = preview(
        session,
        [
            Line("Siti", "siti@toko.example", -10, 40),
            Line("Siti", "siti@toko.example", 30, 70),
            Line("Budi", "budi@toko.example", 0, 62.99),
            Line("W", "walkin@toko.example", 20, 200),
        ],
    )
    try:
        with django_capture_on_commit_callbacks(execute=True):
            services.request_apply(attendance_import=report)
    finally:
        signals.attendance_derived.disconnect(receiver)
    report.refresh_from_db()
    assert report.state == State.APPLIED and report.applied_at
    assert seconds(session) == {siti.pk: 4200, budi.pk: 3779, walk_in.pk: 4200}
    attended = Attendance.objects.filter(attended=True).values_list("learner_id", flat=True)
    assert set(attended) == {siti.pk, walk_in.pk}
    row = Attendance.objects.get(learner=siti)
    assert (row.first_joined_at, row.last_left_at) == (
        START - dt.timedelta(minutes=10),
        START + dt.timedelta(minutes=70),
    )
    record = history(learner_id=siti.pk).get()
    assert (record.verb, record.duration_seconds, record.occurred_at) == (
        "attended",
        4200,
        START + dt.timedelta(minutes=70),
    )
    assert record.reason == "attendance.report"
    assert record.reason_params == {
        "minutes": 70,
        "of_minutes": 90,
        "devices": 2,
        "report_date": "2026-03-04",
    }
    activity_id = session.series.activity_id
    assert standing(learner_id=siti.pk, activity_id=activity_id).percent == 100
    assert standing(learner_id=budi.pk, activity_id=activity_id).percent == 0
    assert standing(learner_id=walk_in.pk, activity_id=activity_id).completed_at == START + dt.timedelta(
        minutes=90
    )
    assert [(each["occurrence_id"], set(each["learner_ids"])) for each in heard] == [
        (session.pk, {siti.pk, budi.pk, walk_in.pk})
    ]
    assert services.rebuild_attendance() == 0


def test_evidence_holds_no_personal_strings(session, siti):
    count(preview(session, [Line("Siti Nurhaliza", "siti@toko.example")]))
    text = str(history(learner_id=siti.pk).values_list("reason", "reason_params").get())
    assert "iti" not in text and "@" not in text


def test_asking_twice_and_a_task_that_runs_twice_are_one(session, siti):
    report = preview(session, [Line("Siti", "siti@toko.example")])
    services.request_apply(attendance_import=report)
    services.request_apply(attendance_import=report)
    assert services.apply_import(attendance_import_id=report.pk) is True
    assert services.apply_import(attendance_import_id=report.pk) is False
    services.request_apply(attendance_import=report)
    report.refresh_from_db()
    assert report.state == State.APPLIED
    assert history(learner_id=siti.pk).count() == 1


def test_the_same_file_a_second_time_is_refused(session, siti):
    lines = [Line("Siti", "siti@toko.example")]
    one, other = preview(session, lines), None
    other = AttendanceImport.objects.create(
        occurrence=session, sha256=one.sha256, zone=one.zone, file_name="b.csv"
    )
    ReportPerson.objects.create(attendance_import=other, position=1, name="Siti", learner=siti, match="email")
    count(one)
    with pytest.raises(services.AlreadyImported, match="already imported"):
        preview(session, lines)
    with pytest.raises(services.AlreadyImported, match="already imported"):
        services.request_apply(attendance_import=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceImport.objects.filter(pk=other.pk).update(state=State.QUEUED)
    assert AttendanceImport.objects.filter(state=State.APPLIED).count() == 1
