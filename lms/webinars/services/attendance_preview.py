"""Previewing a report: read it, say who it seems to be about and what was assumed, change nobody's attendance."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.core.exceptions import KelasError
from lms.webinars.models import AttendanceImport, Occurrence
from lms.webinars.services.attendance_reading import forget_people, read, store

State = AttendanceImport.State
#: States in which a report counts for nothing and may be read anew.
IDLE = (State.PREVIEWED, State.UNDONE, State.FAILED)


class AlreadyImported(KelasError):
    """The very same file counts already for this session."""

    code = "already-imported"


def preview_report(
    *,
    occurrence: Occurrence,
    source: bytes,
    file_name: str,
    user: Any = None,
    zone: str | None = None,
    date_order: str | None = None,
) -> AttendanceImport:
    """Read a report for a session and store it as a preview. Nobody's attendance changes.

    The same bytes previewed again replace the earlier preview and keep what people decided in it. Where the file does
    not say which of two date orders it uses, the preview holds the question instead of people (``open_question``).

    Args:
        occurrence: the session.
        source: the bytes of the file.
        file_name: as uploaded; shown only.
        user: who uploads.
        zone: IANA name of the zone in which the platform printed the times; the series' zone by default. A zone that the
            file itself states wins.
        date_order: ``mdy``, ``dmy`` or ``ymd``, a person's answer to the question.

    Raises:
        UnreadableReport: what is wrong with the file and what to do, in the reader's language. Nothing is stored.
        AlreadyImported: this file counts already for this session.
    """
    digest = hashlib.sha256(source).hexdigest()
    refuse_second_import(occurrence_id=occurrence.pk, sha256=digest)
    reading = read(occurrence, source, zone or occurrence.series.zone, date_order, file_name)
    with transaction.atomic():
        report = (
            AttendanceImport.objects.select_for_update()
            .filter(occurrence=occurrence, sha256=digest, state=State.PREVIEWED)
            .first()
        ) or AttendanceImport(occurrence=occurrence, sha256=digest, uploaded_by=user)
        report.file_name = PurePath(file_name.replace("\\", "/")).name[:255] or "report.csv"
        new_file = ""
        try:
            if not report.file:
                # The stored name says nothing about anybody; the folder's date is all that a reader of the disk learns.
                report.file.save(f"{digest[:32]}.csv", ContentFile(source), save=False)
                new_file = report.file.name or ""
            store(report, reading)
            log(instance=report, action="lms.attendance.preview", user=user)
        except BaseException:
            if new_file:
                report.file.storage.delete(new_file)
            raise
    return report


def preview_again(
    *,
    attendance_import: AttendanceImport,
    user: Any = None,
    zone: str | None = None,
    date_order: str | None = None,
) -> AttendanceImport:
    """Read a stored report anew: with another zone or date order, or because people registered meanwhile.

    What people decided in the preview stays. Also a report that was undone, or could not be applied, becomes a preview.

    Args:
        attendance_import: a report that counts for nothing now.
        user: who asks.
        zone, date_order: as for ``preview_report``; what was assumed before by default.

    Raises:
        UnreadableReport: with these assumptions the file cannot be read; the stored preview stays as it is.
        KelasError: the report counts already, or its file is no longer kept.
    """
    report = attendance_import
    if not report.file:
        raise KelasError(
            _("The file of this report is no longer kept. Choose it once more under “Add a report”."),
            code="file-gone",
        )
    with report.file.open("rb") as stream:
        source = stream.read()
    refuse_second_import(occurrence_id=report.occurrence_id, sha256=report.sha256)
    occurrence = Occurrence.objects.select_related("series").get(pk=report.occurrence_id)
    reading = read(
        occurrence, source, zone or report.zone, date_order or report.date_order or None, report.file_name
    )
    with transaction.atomic():
        report = AttendanceImport.objects.select_for_update().get(pk=report.pk)
        if report.state not in IDLE:
            raise KelasError(_("This report counts already. Undo it first."), code="counts-already")
        report.occurrence = occurrence
        report.state, report.error = State.PREVIEWED, ""
        store(report, reading)
        log(instance=report, action="lms.attendance.preview", user=user)
    return report


@transaction.atomic
def discard_preview(*, attendance_import: AttendanceImport, user: Any = None) -> bool:
    """Throw away a preview and its file. A report that counts, or once counted, stays.

    Returns:
        Whether there was something to throw away.
    """
    report = AttendanceImport.objects.select_for_update().filter(pk=attendance_import.pk).first()
    if report is None or report.state not in (State.PREVIEWED, State.FAILED) or report.applied_at:
        return False
    log(instance=report, action="lms.attendance.discard", user=user)
    forget_people(report)
    report.delete()
    if report.file:
        name, storage = report.file.name or "", report.file.storage
        transaction.on_commit(lambda: storage.delete(name))
    return True


def refuse_second_import(*, occurrence_id: int, sha256: str) -> None:
    """Refuse a file that counts for a session, or is about to. Raises ``AlreadyImported``."""
    there = AttendanceImport.objects.filter(
        occurrence_id=occurrence_id, sha256=sha256, state__in=[State.QUEUED, State.APPLIED]
    ).first()
    if there is not None:
        raise AlreadyImported(
            _("This very file was already imported for this session, as “%(name)s”. Nothing has to be done.")
            % {"name": there.file_name}
        )


def open_question(attendance_import: AttendanceImport) -> dict[str, Any] | None:
    """Return the question about the date order that a person must answer before the report can be applied, or None."""
    return next((each for each in attendance_import.warnings if each.get("kind") == "question"), None)
