"""The screens of attendance: upload, preview, apply, undo; what a wrong file or a double click does."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone

from lms.webinars.models import Attendance, AttendanceImport, ReportPerson
from lms.webinars.services import attendance as services
from tests.wagtailadmin.attendance_screens import at, evening, length, send, uploaded, whole
from tests.wagtailadmin.schedule_world import said, text_of
from tests.webinars.attendance_world import Line, make_learner, register, zoom

pytestmark = pytest.mark.django_db

State = AttendanceImport.State
Match = ReportPerson.Match


@pytest.fixture(autouse=True)
def after_the_session(monkeypatch):
    """It is the day after the first session of the series that ``make_series`` makes."""
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2027, 3, 3, 12, 0, tzinfo=dt.UTC))


# ── the whole way ────────────────────────────────────────────────────────────────────────────────────────────────


def test_from_upload_to_undo(client, session, coordinator, siti, budi, django_capture_on_commit_callbacks):
    client.force_login(coordinator)
    source = evening(
        session,
        whole(session, "Siti Nurhaliza", "siti@toko.example"),
        Line("Budi Santoso", "budi@toko.example", leave=5),
        whole(session, "HP Ibu"),
    )
    report = uploaded(client, session, source)
    assert not Attendance.objects.exists()

    screen = client.get(at("lms_attendance_report", session, report.public_id))
    words = text_of(screen)
    assert "laporan.csv" in screen.content.decode()
    assert "month/day/year" in words
    assert "3 people" in words
    assert "1 of 3 not recognised yet" in words
    assert "1 of 2 recognised people attended this session. Now nobody's attendance is known." in words
    assert [person.name for person in screen.context["people"]][0] == "HP Ibu"
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            at("lms_attendance_apply", session, report.public_id),
            {"seen": report.updated_at.isoformat()},
        )
    assert response.status_code == 302
    report.refresh_from_db()
    assert report.state == State.APPLIED
    words = text_of(client.get(at("lms_attendance", session)))
    assert "1 of 2 people who were there attended" in words
    assert "2 of 2 people with a seat were there" in words
    assert "1 person in the applied reports is not recognised" in words
    assert f"{length(session)} of {length(session)} min" in words

    ask = client.get(at("lms_attendance_undo", session, report.public_id))
    assert "no longer counts then" in text_of(ask)
    report.refresh_from_db()
    assert report.state == State.APPLIED
    client.post(at("lms_attendance_undo", session, report.public_id))
    report.refresh_from_db()
    assert report.state == State.UNDONE
    assert not Attendance.objects.exists()


def test_hosts_stand_apart_and_are_no_work(client, session, coordinator, siti):
    client.force_login(coordinator)
    source = evening(
        session,
        whole(session, "Akademi Naik Kelas (Host)", "halo@academy.example"),
        whole(session, "Siti Nurhaliza", "siti@toko.example"),
        whole(session, "HP Ibu"),
    )
    report = uploaded(client, session, source)
    screen = client.get(at("lms_attendance_report", session, report.public_id))
    assert [person.name for person in screen.context["people"]] == ["HP Ibu", "Siti Nurhaliza"]
    assert [person.name for person in screen.context["hosts"]] == ["Akademi Naik Kelas (Host)"]
    words = text_of(screen)
    assert "2 people:" in words
    assert "1 of 2 not recognised yet" in words
    assert "Hosts and panelists" in words
    overview = text_of(client.get(at("lms_attendance", session)))
    assert "2 (1 not recognised)" in overview


def test_a_host_who_learns_after_all_can_be_named(client, session, coordinator, siti):
    client.force_login(coordinator)
    report = uploaded(
        client, session, evening(session, whole(session, "Rina (Host)"), whole(session, "Siti"))
    )
    assert ReportPerson.objects.get(position=1).match == Match.STAFF
    client.post(
        at("lms_attendance_person", session, report.public_id, 1),
        {"answer": "learner", "learner": siti.public_id},
    )
    screen = client.get(at("lms_attendance_report", session, report.public_id))
    assert screen.context["hosts"] == []
    assert {person.name for person in screen.context["people"]} == {"Rina (Host)", "Siti"}


def test_the_first_joining_is_said_on_the_clock_of_the_series(client, session, coordinator):
    client.force_login(coordinator)
    report = uploaded(client, session, evening(session, whole(session, "Siti")))
    words = text_of(client.get(at("lms_attendance_report", session, report.public_id)))
    local = session.starts_at.astimezone(dt.timezone(dt.timedelta(hours=7)))
    early = local - dt.timedelta(minutes=2)
    assert f"The first person joined at {early:%H:%M} WIB; the session starts at {local:%H:%M} WIB." in words


def test_pressing_apply_twice_is_pressing_it_once(
    client, session, coordinator, siti, django_capture_on_commit_callbacks
):
    client.force_login(coordinator)
    report = uploaded(client, session, evening(session, whole(session, "Siti", "siti@toko.example")))
    address = at("lms_attendance_apply", session, report.public_id)
    with django_capture_on_commit_callbacks(execute=False):
        client.post(address)
        assert client.post(address).status_code == 302
    report.refresh_from_db()
    assert report.state == State.QUEUED
    words = text_of(client.get(at("lms_attendance_report", session, report.public_id)))
    assert "The report is being applied. Look again" in words
    assert services.apply_import(attendance_import_id=report.pk)
    client.post(address)
    report.refresh_from_db()
    assert report.state == State.APPLIED
    assert Attendance.objects.get().learner == siti


def test_a_report_that_was_read_anew_meanwhile_is_not_applied_unseen(client, session, coordinator, siti):
    client.force_login(coordinator)
    report = uploaded(client, session, evening(session, whole(session, "Siti", "siti@toko.example")))
    seen = (report.updated_at - dt.timedelta(minutes=1)).isoformat()
    response = client.post(at("lms_attendance_apply", session, report.public_id), {"seen": seen}, follow=True)
    assert "Look at it once more" in said(response)[0]
    report.refresh_from_db()
    assert report.state == State.PREVIEWED


def test_a_discarded_preview_is_gone_and_an_applied_report_is_not(client, session, coordinator, siti):
    client.force_login(coordinator)
    source = evening(session, whole(session, "Siti", "siti@toko.example"))
    report = uploaded(client, session, source)
    client.post(at("lms_attendance_discard", session, report.public_id))
    assert not AttendanceImport.objects.exists()
    report = uploaded(client, session, source)
    services.request_apply(attendance_import=report)
    services.apply_import(attendance_import_id=report.pk)
    response = client.post(at("lms_attendance_discard", session, report.public_id), follow=True)
    assert "Only a preview" in said(response)[-1]
    again = send(client, session, source)
    assert again.status_code == 200
    assert "This very file was already imported" in text_of(again)
    assert AttendanceImport.objects.count() == 1


def test_a_report_that_failed_says_why_and_can_be_tried_again(client, session, coordinator, siti):
    client.force_login(coordinator)
    report = uploaded(client, session, evening(session, whole(session, "Siti", "siti@toko.example")))
    services.request_apply(attendance_import=report)
    services.note_failure(attendance_import_id=report.pk, reason="The <b>disk</b> was full.")
    screen = client.get(at("lms_attendance_report", session, report.public_id))
    assert "The &lt;b&gt;disk&lt;/b&gt; was full." in screen.content.decode()
    assert at("lms_attendance_apply", session, report.public_id) in screen.content.decode()


# ── how it is read ───────────────────────────────────────────────────────────────────────────────────────────────


def ambiguous(session):
    """A report of another year, so that the schedule does not settle the order of 03/05 (06:00 in Jakarta)."""
    return zoom(
        [Line("Siti", "siti@toko.example")], start=session.starts_at.replace(year=2025, month=3, day=4)
    )


def test_the_question_about_dates_is_answered_without_the_file(client, session, coordinator):
    client.force_login(coordinator)
    report = uploaded(client, session, ambiguous(session))
    assert services.open_question(report)
    screen = client.get(at("lms_attendance_report", session, report.public_id))
    words = text_of(screen)
    assert "day/month/year: Saturday, 3 May 2025" in words
    assert "month/day/year: Wednesday, 5 March 2025" in words
    assert at("lms_attendance_apply", session, report.public_id) not in screen.content.decode()
    again = client.post(at("lms_attendance_again", session, report.public_id), {"date_order": "mdy"})
    assert again.status_code == 302
    report.refresh_from_db()
    assert services.open_question(report) is None
    assert report.date_order == "mdy"
    assert report.people.count() == 1


def test_an_open_question_cannot_be_applied(client, session, coordinator):
    client.force_login(coordinator)
    report = uploaded(client, session, ambiguous(session))
    response = client.post(at("lms_attendance_apply", session, report.public_id), follow=True)
    assert "date order" in said(response)[0]


def test_shifted_hours_offer_the_other_zone(client, session, coordinator):
    client.force_login(coordinator)
    lines = [whole(session, f"Orang {number}") for number in range(5)]
    report = uploaded(client, session, evening(session, *lines, zone="Asia/Makassar"))
    screen = client.get(at("lms_attendance_report", session, report.public_id))
    assert "Read it in WITA" in text_of(screen)
    client.post(at("lms_attendance_again", session, report.public_id), {"zone": "Asia/Makassar"})
    report.refresh_from_db()
    assert report.zone == "Asia/Makassar"
    assert all(person.seconds for person in report.people.all())
    assert "Read it in" not in text_of(client.get(at("lms_attendance_report", session, report.public_id)))


@pytest.mark.parametrize("given", [{"zone": "Mars/Olympus"}, {"date_order": "ydm"}, {"zone": "../etc"}])
def test_odd_assumptions_are_refused_in_words(client, session, coordinator, given):
    client.force_login(coordinator)
    report = uploaded(client, session, evening(session, whole(session, "Siti")))
    response = client.post(at("lms_attendance_again", session, report.public_id), given, follow=True)
    assert "from the lists" in said(response)[0]


# ── wrong files ──────────────────────────────────────────────────────────────────────────────────────────────────

WRONG = {
    "empty": b"",
    "blank": b"\r\n\r\n",
    "text": b"Halo, ini bukan laporan.\r\n",
    "excel": b"PK\x03\x04" + b"\0" * 60,
    "pdf": b"%PDF-1.7\n",
    "html": b"<!doctype html><html><body>login</body></html>",
    "nul": b"\0" * 500,
    "broken utf-16": b"\xff\xfeN\0a",
    "only headers": b"Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\r\n",
    "no times": b"Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\r\nA,,x,y,z,Yes\r\n",
}


@pytest.mark.parametrize("source", WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_in_words(client, session, coordinator, source):
    client.force_login(coordinator)
    response = send(client, session, source)
    assert response.status_code == 200
    assert response.context["form"].errors["report"]
    assert not AttendanceImport.objects.exists()


def test_no_file_and_too_large_a_file(client, session, coordinator, settings):
    client.force_login(coordinator)
    response = client.post(at("lms_attendance", session), {})
    assert response.context["form"].errors["report"]
    settings.LMS = {**getattr(settings, "LMS", {}), "IMPORT_MAX_BYTES": 1024 * 1024}
    response = send(client, session, b"x" * (1024 * 1024 + 1))
    assert "larger than 1 MB" in text_of(response)


def test_names_of_files_and_people_are_text(client, session, coordinator):
    client.force_login(coordinator)
    attack = "<script>alert(1)</script>"
    report = uploaded(
        client, session, evening(session, whole(session, attack)), name=f"{attack.replace('/', '')}.csv"
    )
    for address in (
        at("lms_attendance", session),
        at("lms_attendance_report", session, report.public_id),
        at("lms_attendance_person", session, report.public_id, 1),
    ):
        assert "<script>alert" not in client.get(address).content.decode()


# ── who is it ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_decides_who_somebody_is(client, session, coordinator, siti, budi):
    client.force_login(coordinator)
    report = uploaded(client, session, evening(session, whole(session, "Siti Nurhalisa")))
    address = at("lms_attendance_person", session, report.public_id, 1)
    assert "Yes, this is Siti Nurhaliza" in text_of(
        client.get(at("lms_attendance_report", session, report.public_id))
    )
    screen = client.get(address)
    assert [learner.pk for learner in screen.context["suggested"]] == [siti.pk]
    found = client.get(address, {"q": "budi@toko"}).context["found"]
    assert [learner.pk for learner in found] == [budi.pk]
    client.post(address, {"answer": "learner", "learner": siti.public_id})
    person = report.people.get()
    assert (person.learner, person.match) == (siti, Match.PERSON)
    client.post(address, {"answer": "nobody"})
    person.refresh_from_db()
    assert (person.learner, person.match) == (None, Match.IGNORED)
    client.post(address, {"answer": "open"})
    person.refresh_from_db()
    assert (person.learner, person.match) == (None, Match.NONE)


def test_who_is_recognised_in_the_report_already_is_marked(client, session, coordinator, siti, budi):
    client.force_login(coordinator)
    report = uploaded(
        client, session, evening(session, whole(session, "Siti Nurhaliza"), whole(session, "Galaxy A12"))
    )
    known = report.people.get(learner=siti)
    unknown = report.people.exclude(pk=known.pk).get()
    words = text_of(client.get(at("lms_attendance_person", session, report.public_id, unknown.position)))
    assert words.count("Recognised in this report already, as “Siti Nurhaliza”") == 1
    own = text_of(client.get(at("lms_attendance_person", session, report.public_id, known.position)))
    assert "Recognised in this report already" not in own
    # What is asked most often stands above the long list.
    assert words.index("Not a learner") < words.index("People registered for the series")


def test_nobody_outside_the_series_can_be_chosen(client, session, sessions, coordinator, siti):
    client.force_login(coordinator)
    outsider = make_learner("Orang Luar", "luar@toko.example")
    register(outsider, sessions[1])
    report = uploaded(client, session, evening(session, whole(session, "HP Ibu")))
    address = at("lms_attendance_person", session, report.public_id, 1)
    for answer in (
        {"answer": "learner", "learner": outsider.public_id},
        {"answer": "learner", "learner": "x' OR 1=1"},
        {"answer": "learner"},
        {"answer": "all"},
        {},
    ):
        assert client.post(address, answer).status_code == 302
    assert report.people.get().learner is None
    assert "Orang Luar" not in text_of(client.get(address, {"q": "Orang"}))
    assert client.get(address, {"q": "\0'\"%_\\"}).status_code == 200


def test_an_answer_after_applying_counts_at_once(client, session, coordinator, siti):
    client.force_login(coordinator)
    report = uploaded(client, session, evening(session, whole(session, "HP Ibu")))
    services.request_apply(attendance_import=report)
    services.apply_import(attendance_import_id=report.pk)
    assert not Attendance.objects.exists()
    address = at("lms_attendance_person", session, report.public_id, 1)
    client.post(address, {"answer": "learner", "learner": siti.public_id})
    assert Attendance.objects.get().learner == siti


# ── the table as a file ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_is_a_file_without_formulas(client, session, coordinator):
    client.force_login(coordinator)
    for name in ('=HYPERLINK("http://evil.example")', "+62 812 0000 0000", "Siti, S.E."):
        learner = make_learner(name, f"{len(name)}@toko.example")
        Attendance.objects.create(
            occurrence=session,
            learner=learner,
            seconds=3659,
            window_seconds=length(session) * 60,
            first_joined_at=session.starts_at,
            attended=True,
        )
    response = client.get(at("lms_attendance_csv", session))
    assert response["Content-Type"].startswith("text/csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 4
    names = {row[0] for row in rows[1:]}
    assert names == {'\'=HYPERLINK("http://evil.example")', "'+62 812 0000 0000", "Siti, S.E."}
    assert {row[5] for row in rows[1:]} == {"60"}
    assert rows[1][2] == "no"
