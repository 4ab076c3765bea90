"""Letting a report count, taking it back, and deciding who somebody in it is."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms import conf
from lms.core import clock, work
from lms.core.exceptions import KelasError
from lms.people.models import Learner
from lms.webinars.models import AttendanceImport, ReportPerson, StaleAttendance
from lms.webinars.services.attendance_derive import derive_attendance, lock_reports
from lms.webinars.services.attendance_preview import (
    IDLE,
    AlreadyImported,
    open_question,
    refuse_second_import,
)
from lms.webinars.services.attendance_reading import forget_people

State = AttendanceImport.State
Match = ReportPerson.Match

APPLY = "lms.webinars.tasks.apply_import"
REFRESH = "lms.webinars.tasks.refresh_attendance"
#: A report with more people than this is undone by the worker: the results go when it has derived them anew.
UNDONE_AT_ONCE = 2000


@transaction.atomic
def request_apply(*, attendance_import: AttendanceImport, user: Any = None) -> AttendanceImport:
    """Ask the worker to let a report count. Asking twice is asking once.

    Args:
        attendance_import: a preview, or a report that was undone or could not be applied.
        user: who asks.

    Raises:
        AlreadyImported: the same file counts already for this session.
        KelasError: a question about its dates is open, or nobody was found in it.
    """
    report = AttendanceImport.objects.select_for_update().get(pk=attendance_import.pk)
    if report.state not in IDLE:
        return report
    if open_question(report):
        raise KelasError(
            _("First say which date order is right; the report cannot be read before."), code="question-open"
        )
    if not report.people.exists():
        raise KelasError(_("There is nobody in this report."), code="empty")
    refuse_second_import(occurrence_id=report.occurrence_id, sha256=report.sha256)
    report.state, report.error = State.QUEUED, ""
    try:
        with transaction.atomic():
            report.save(update_fields=["state", "error", "updated_at"])
    except IntegrityError as error:  # somebody else was faster: the constraint lms_report_applied_once
        raise AlreadyImported(_("This very file was already imported for this session.")) from error
    log(instance=report, action="lms.attendance.apply", user=user)
    work.wake(APPLY, import_id=report.pk)
    return report


@transaction.atomic
def apply_import(*, attendance_import_id: int) -> bool:
    """Let a waiting report count: state, attendance, ledger, progress in one transaction.

    Killed at any point, it leaves the report waiting, and the sweep finds it; run twice, the second finds nothing to do.

    Returns:
        Whether the report was waiting and counts now.
    """
    report = AttendanceImport.objects.filter(pk=attendance_import_id).first()
    if report is None:
        return False
    lock_reports(report.occurrence_id)
    now = clock.now()
    turned = AttendanceImport.objects.filter(pk=report.pk, state=State.QUEUED).update(
        state=State.APPLIED, applied_at=now, undone_at=None, error="", updated_at=now
    )
    if not turned:
        return False
    derive_attendance(occurrence_id=report.occurrence_id, learner_ids=learners_in(report.pk))
    return True


def note_failure(*, attendance_import_id: int, reason: str) -> None:
    """Store that a waiting report could not be applied, and why. A person may try again."""
    AttendanceImport.objects.filter(pk=attendance_import_id, state=State.QUEUED).update(
        state=State.FAILED, error=reason, updated_at=clock.now()
    )


@transaction.atomic
def undo_import(*, attendance_import: AttendanceImport, user: Any = None) -> AttendanceImport:
    """Take a report back; attendance is what the other applied reports of the session say. Undoing twice is undoing once.

    A report that still waits goes back to being a preview. Of a large one the results go when the worker has derived
    them anew (a row of work stands for it).
    """
    lock_reports(attendance_import.occurrence_id)
    report = AttendanceImport.objects.get(pk=attendance_import.pk)
    now = clock.now()
    if report.state == State.QUEUED:
        report.state = State.PREVIEWED
        report.save(update_fields=["state", "updated_at"])
    elif report.state == State.APPLIED:
        report.state, report.undone_at = State.UNDONE, now
        report.save(update_fields=["state", "undone_at", "updated_at"])
        learner_ids = learners_in(report.pk)
        if len(learner_ids) <= UNDONE_AT_ONCE:
            derive_attendance(occurrence_id=report.occurrence_id, learner_ids=learner_ids)
        else:
            mark_stale(occurrence_ids=[report.occurrence_id])
    else:
        return report
    log(instance=report, action="lms.attendance.undo", user=user)
    return report


@transaction.atomic
def set_person(
    *, person: ReportPerson, learner: Learner | None, ignore: bool = False, user: Any = None
) -> ReportPerson:
    """Store a person's decision about who somebody in a report is. Where the report counts, attendance follows at once.

    Args:
        person: somebody in a report.
        learner: who it is; None takes an earlier answer back.
        ignore: it is nobody who learns: a room, a recorder, staff.
        user: who decides.
    """
    report = AttendanceImport.objects.get(pk=person.attendance_import_id)
    lock_reports(report.occurrence_id)
    report.refresh_from_db()
    row = ReportPerson.objects.select_for_update().get(pk=person.pk)
    before = row.learner_id
    if ignore:
        row.learner, row.match = None, Match.IGNORED
    elif learner is not None:
        row.learner, row.match = learner.canonical or learner, Match.PERSON
    else:
        row.learner, row.match = None, Match.NONE
    row.save(update_fields=["learner", "match"])
    log(
        instance=report,
        action="lms.attendance.decide",
        user=user,
        data={"position": row.position, "match": row.match},
    )
    affected = {learner_id for learner_id in (before, row.learner_id) if learner_id is not None}
    if report.state == State.APPLIED and affected and before != row.learner_id:
        derive_attendance(occurrence_id=report.occurrence_id, learner_ids=affected)
    return row


@transaction.atomic
def mark_stale(*, occurrence_ids: list[int]) -> int:
    """Leave a row of work for sessions whose attendance is to be derived anew, and wake the worker. Returns how many.

    Sessions without any report have nothing to derive and get none.
    """
    ids = list(
        AttendanceImport.objects.filter(occurrence_id__in=occurrence_ids)
        .order_by("occurrence_id")
        .values_list("occurrence_id", flat=True)
        .distinct()
    )
    StaleAttendance.objects.bulk_create(
        [StaleAttendance(occurrence_id=pk, since=clock.now()) for pk in ids],
        update_conflicts=True,
        unique_fields=["occurrence"],
        update_fields=["since"],
    )
    for pk in ids:
        work.wake(REFRESH, occurrence_id=pk)
    return len(ids)


def learners_in(attendance_import_id: int) -> list[int]:
    """Return the learners whom a report names."""
    return sorted(
        set(
            ReportPerson.objects.filter(
                attendance_import_id=attendance_import_id, learner__isnull=False
            ).values_list("learner_id", flat=True)
        )
    )


def forget_files(*, older_than: dt.timedelta | None = None) -> int:
    """Delete the files of old reports, and old previews altogether. Results and hashes stay. Returns how many went.

    Args:
        older_than: age from which a file goes; ``LMS["IMPORT_KEEP_DAYS"]`` by default.
    """
    limit = clock.now() - (older_than or dt.timedelta(days=conf.IMPORT_KEEP_DAYS))
    old = AttendanceImport.objects.filter(updated_at__lt=limit).exclude(state=State.QUEUED)
    gone = 0
    for pk in list(old.exclude(file="").values_list("pk", flat=True)):
        with transaction.atomic():
            report = AttendanceImport.objects.select_for_update().get(pk=pk)
            name, storage = report.file.name, report.file.storage
            if report.state == State.PREVIEWED:
                forget_people(report)
                report.delete()
            else:
                # Not save(): the row stays as old as it is.
                AttendanceImport.objects.filter(pk=pk).update(file="")
            transaction.on_commit(partial(storage.delete, name or ""))
        gone += 1
    return gone
