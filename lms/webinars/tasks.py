"""Background work of webinars. Thin: a task calls a service, and the sweep does what no task did."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_noop
from django_tasks import task

from lms.webinars.models import AttendanceImport, StaleAttendance
from lms.webinars.services import attendance

logger = logging.getLogger(__name__)

FAILED = gettext_noop(
    "The report could not be applied; nothing was changed. The administrator finds the reason in the log."
)


@task()
def apply_import(import_id: int) -> bool:
    """Let a waiting attendance report count."""
    try:
        return attendance.apply_import(attendance_import_id=import_id)
    except (InterfaceError, OperationalError):
        # The database was busy or away: the report still waits, and the sweep tries again.
        raise
    except Exception:
        logger.exception("Attendance report %s could not be applied.", import_id)
        attendance.note_failure(attendance_import_id=import_id, reason=FAILED)
        return False


@task()
def refresh_attendance(occurrence_id: int) -> bool:
    """Derive a session's attendance after its rules or times changed."""
    return attendance.refresh_attendance(occurrence_id=occurrence_id)


def sweep_attendance() -> int:
    """Apply reports that still wait, derive what is stale, delete old files. Returns how many rows of work were done."""
    done = 0
    waiting = AttendanceImport.objects.filter(state=AttendanceImport.State.QUEUED).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        done += bool(apply_import.func(pk))
    for pk in list(StaleAttendance.objects.order_by("since", "pk").values_list("occurrence_id", flat=True)):
        try:
            done += attendance.refresh_attendance(occurrence_id=pk)
        except Exception:  # one session must not keep the others waiting
            logger.exception("Attendance at session %s could not be derived anew.", pk)
    return done + attendance.forget_files()
