"""Reports and addresses for the tests of the attendance screens."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lms.webinars.models import AttendanceImport
from tests.wagtailadmin.schedule_world import text_of
from tests.webinars.attendance_world import Line, zoom


def length(session):
    return int((session.ends_at - session.starts_at).total_seconds() // 60)


def evening(session, *lines, **options):
    """The report of a session: everybody to the end unless a line says otherwise."""
    return zoom(lines, start=session.starts_at, **options)


def whole(session, name, email=""):
    return Line(name, email, join=-2, leave=length(session))


def at(name, session, *more):
    return reverse(name, args=[session.series.activity.key, session.public_id, *more])


def send(client, session, source, name="laporan.csv", **fields):
    upload = SimpleUploadedFile(name, source, content_type="text/csv")
    return client.post(at("lms_attendance", session), {"report": upload, **fields})


def uploaded(client, session, source, **fields):
    response = send(client, session, source, **fields)
    assert response.status_code == 302, text_of(response)
    report = AttendanceImport.objects.latest("pk")
    assert response.url == at("lms_attendance_report", session, report.public_id)
    return report
