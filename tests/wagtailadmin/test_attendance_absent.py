"""A webinar's report also lists who registered there and stayed away: nobody has to decide about them."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.webinars.models import Attendance
from lms.webinars.queries import attendance_report as reads
from lms.webinars.services import attendance as services
from tests.webinars.attendance_world import START, Line, make_learner, make_series, register, zoom

pytestmark = pytest.mark.django_db

WEBINAR = """Attendee Report
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes)
Jualan,847 5984 1045,"Mar 3, 2026 6:50 PM",100
Host Details
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name
Yes,Akademi,trainer@academy.example,"Mar 3, 2026 18:50:00","Mar 3, 2026 20:30:00",100,No,Indonesia
Attendee Details
Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,Approval Status,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name
Yes,Siti,Siti,Nurhaliza,siti@toko.example,"Mar 1, 2026 10:00:00",approved,"Mar 3, 2026 18:58:00","Mar 3, 2026 20:20:00",82,Yes,Indonesia
Yes,Galaxy A12,Galaxy,A12,hp@lain.example,"Mar 1, 2026 10:00:00",approved,"Mar 3, 2026 19:00:00","Mar 3, 2026 19:10:00",10,Yes,Indonesia
No,--,Wati,Absen,wati@lain.example,"Mar 1, 2026 10:00:00",approved,--,--,--,--,Indonesia
No,--,Ani,Absen,ani@lain.example,"Mar 1, 2026 10:00:00",approved,--,--,--,--,Indonesia
"""


@pytest.fixture
def session(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + dt.timedelta(days=1))
    session = make_series().occurrences.get()
    register(make_learner("Siti Nurhaliza", "siti@toko.example"), session)
    return session


def test_no_shows_wait_for_no_decision(session):
    report = services.preview_report(
        occurrence=session, source=WEBINAR.replace("\n", "\r\n").encode(), file_name="attendee.csv"
    )
    assert report.platform == "zoom.webinar"
    assert reads.match_counts(report) == {"email": 1, "none": 1, reads.ABSENT: 2}
    assert [host.name for host in reads.hosts_of(report)] == ["Akademi"]
    listed = reads.reports_of(session).get()
    assert (listed.people_count, listed.unmatched_count) == (4, 1)
    assert reads.people_of(report).first().name.splitlines()[0] == "Galaxy A12"
    services.request_apply(attendance_import=report)
    services.apply_import(attendance_import_id=report.pk)
    assert list(Attendance.objects.values_list("seconds", flat=True)) == [4800]


def test_whoever_was_there_only_outside_the_session_likewise(session):
    source = zoom([Line("Siti", "siti@toko.example"), Line("Awal", "", -60, -10)])
    report = services.preview_report(occurrence=session, source=source, file_name="r.csv")
    assert reads.match_counts(report) == {"email": 1, reads.ABSENT: 1}
