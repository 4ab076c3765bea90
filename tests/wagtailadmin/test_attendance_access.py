"""Who may see and do what with attendance reports, and what the screens cost."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lms.webinars.models import Attendance, AttendanceImport, Occurrence, Registration, ReportPerson
from lms.webinars.services import attendance as services
from tests.wagtailadmin.attendance_screens import at, evening, send, uploaded, whole
from tests.wagtailadmin.schedule_world import text_of
from tests.webinars.attendance_world import make_learner, register

pytestmark = pytest.mark.django_db

State = AttendanceImport.State


@pytest.fixture(autouse=True)
def after_the_session(monkeypatch):
    """It is the day after the first session of the series that ``make_series`` makes."""
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2027, 3, 3, 12, 0, tzinfo=dt.UTC))


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────

GETS = ("lms_attendance", "lms_attendance_csv")
REPORT_GETS = ("lms_attendance_report", "lms_attendance_undo")
REPORT_POSTS = (
    "lms_attendance_again",
    "lms_attendance_apply",
    "lms_attendance_undo",
    "lms_attendance_discard",
)


@pytest.fixture
def report(session, siti):
    return services.preview_report(
        occurrence=session,
        source=evening(session, whole(session, "Siti", "siti@toko.example")),
        file_name="laporan.csv",
    )


def every_address(session, report):
    return (
        [at(name, session) for name in GETS]
        + [at(name, session, report.public_id) for name in {*REPORT_GETS, *REPORT_POSTS}]
        + [at("lms_attendance_person", session, report.public_id, 1)]
    )


def test_attendance_of_others_does_not_exist(client, session, report, stranger):
    client.force_login(stranger)
    for address in every_address(session, report):
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code == 404, address
    report.refresh_from_db()
    assert report.state == State.PREVIEWED


def test_a_report_is_reached_through_its_own_session_only(client, session, sessions, report, stranger):
    client.force_login(stranger)
    foreign = sessions[1]
    for address in every_address(foreign, report)[2:]:
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code == 404, address
    assert at("lms_attendance", session) != at("lms_attendance", foreign)
    mixed = reverse("lms_attendance", args=[foreign.series.activity.key, session.public_id])
    assert client.get(mixed).status_code == 404


def test_a_report_of_another_session_of_the_same_series_is_not_here(client, session, report, coordinator):
    client.force_login(coordinator)
    sibling = Occurrence.objects.filter(series=session.series).exclude(pk=session.pk).first()
    for address in every_address(sibling, report)[2:]:
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code == 404, address


def test_visitors_are_sent_to_the_login(client, session, report):
    for address in every_address(session, report):
        response = client.get(address)
        assert response.status_code == 302
        assert reverse("wagtailadmin_login") in response.url


def test_who_may_not_publish_previews_and_settles_but_applies_nothing(client, session, editor, siti):
    client.force_login(editor)
    report = uploaded(client, session, evening(session, whole(session, "HP Ibu")))
    client.post(
        at("lms_attendance_person", session, report.public_id, 1),
        {"answer": "learner", "learner": siti.public_id},
    )
    assert report.people.get().learner == siti
    screen = client.get(at("lms_attendance_report", session, report.public_id))
    assert "has to apply it" in text_of(screen)
    for name in ("lms_attendance_apply", "lms_attendance_undo"):
        response = client.post(at(name, session, report.public_id))
        assert response.status_code in (302, 403)
    report.refresh_from_db()
    assert report.state == State.PREVIEWED
    services.request_apply(attendance_import=report)
    services.apply_import(attendance_import_id=report.pk)
    client.post(at("lms_attendance_undo", session, report.public_id))
    client.post(at("lms_attendance_person", session, report.public_id, 1), {"answer": "nobody"})
    report.refresh_from_db()
    assert report.state == State.APPLIED
    assert report.people.get().learner == siti


def test_looking_changes_nothing(client, session, report, coordinator):
    client.force_login(coordinator)

    def rows():
        return [
            list(model.objects.order_by("pk").values())
            for model in (AttendanceImport, ReportPerson, Attendance, Registration)
        ]

    before = rows()
    for address in every_address(session, report):
        assert client.get(address, {"answer": "nobody", "p": "-7"}).status_code in (200, 302, 405)
    assert rows() == before
    for name in ("lms_attendance_again", "lms_attendance_apply", "lms_attendance_discard"):
        assert client.get(at(name, session, report.public_id)).status_code == 405


def test_a_cancelled_session_takes_no_report(client, session, coordinator):
    client.force_login(coordinator)
    Occurrence.objects.filter(pk=session.pk).update(status=Occurrence.Status.CANCELLED)
    response = send(client, session, evening(session, whole(session, "Siti")))
    assert response.status_code == 302
    assert not AttendanceImport.objects.exists()


def test_the_list_of_sessions_leads_here(client, session, coordinator):
    client.force_login(coordinator)
    page = client.get(reverse("lms_sessions", args=[session.series.activity.key])).content.decode()
    assert set(re.findall(r'href="([^"]*/attendance/)"', page)) == {at("lms_attendance", session)}


# ── what it costs ────────────────────────────────────────────────────────────────────────────────────────────────


def queries(client, address):
    client.get(address)  # warm: content types, sites
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_queries_do_not_grow_with_people(client, session, coordinator):
    client.force_login(coordinator)
    counts = []
    for size in (10, 1000):
        lines = [whole(session, f"Orang {number}", f"o{number}@toko.example") for number in range(size)]
        learners = [make_learner(line.name, line.email) for line in lines[: size // 2]] if size == 10 else []
        for learner in learners:
            register(learner, session)
        report = services.preview_report(
            occurrence=session, source=evening(session, *lines), file_name=f"{size}.csv"
        )
        address = at("lms_attendance_report", session, report.public_id)
        before = queries(client, address)
        services.request_apply(attendance_import=report)
        services.apply_import(attendance_import_id=report.pk)
        counts.append((before, queries(client, address), queries(client, at("lms_attendance", session))))
    # Page links appear with the second page and need no query.
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 34
