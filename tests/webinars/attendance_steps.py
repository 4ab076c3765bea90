"""What tests of attendance do with a report."""

from __future__ import annotations

from lms.webinars.models import Attendance, AttendanceImport
from lms.webinars.services import attendance as services
from tests.webinars.attendance_world import zoom

State = AttendanceImport.State


def preview(session, lines, **options):
    source = lines if isinstance(lines, bytes) else zoom(lines)
    return services.preview_report(occurrence=session, source=source, file_name="laporan.csv", **options)


def count(report):
    """Apply a report as the worker does."""
    services.request_apply(attendance_import=report)
    assert services.apply_import(attendance_import_id=report.pk)
    report.refresh_from_db()
    return report


def seconds(session):
    return dict(Attendance.objects.filter(occurrence=session).values_list("learner_id", "seconds"))


def codes(report):
    return [each["code"] for each in report.warnings]
