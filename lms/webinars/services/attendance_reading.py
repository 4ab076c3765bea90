"""From the bytes of a report to rows of a preview: reading, naming the people, storing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from lms import conf
from lms.core.clock import zone_names
from lms.core.exceptions import KelasError
from lms.webinars.imports import (
    AmbiguousDates,
    ConflictingDates,
    PersonInReport,
    Report,
    ReportError,
    read_report,
)
from lms.webinars.matching import Identity, Printed
from lms.webinars.models import AttendanceImport, Occurrence, PresenceInterval, ReportPerson
from lms.webinars.presence import measure
from lms.webinars.queries.attendance import seconds_of, window_of
from lms.webinars.queries.attendance_people import directory
from lms.webinars.queries.attendance_plausibility import fits_elsewhere, other_meeting, plausibility
from lms.webinars.report_words import entry, sentence, stored

#: Rows that one statement writes; a database may take fewer.
BATCH = 2000

#: Sentences about rows that a refusal shows at most.
DETAILS = 5

OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})$")

Match = ReportPerson.Match


class UnreadableReport(KelasError):
    """The file is no report that can be read; the message says what it is and what to do. Nothing was stored.

    ``details`` are sentences about rows, where every row of a report had to be refused.
    """

    code = "unreadable-report"

    def __init__(self, message: object, *, code: str | None = None, details: Sequence[str] = ()) -> None:
        self.details = list(details)
        super().__init__(message, code=code)


@dataclass(slots=True)
class Reading:
    """What came out of a file: a report, or a question that a person must answer first."""

    zone: str
    report: Report | None = None
    question: dict[str, Any] | None = None
    remarks: list[dict[str, Any]] = field(default_factory=list)


def read(
    occurrence: Occurrence, source: bytes, zone: str, date_order: str | None, file_name: str = ""
) -> Reading:
    """Read a file for a session; an unclear date order becomes a question.

    Args:
        occurrence: the session, with its series.
        source: the bytes of the file.
        zone: the zone in which the times were printed, unless the file says another.
        date_order: a person's answer to the question, or None.
        file_name: as uploaded; Zoom prints the meeting's number in it.

    Raises:
        UnreadableReport: the file is no report, or the answer contradicts it.
    """
    limit = conf.IMPORT_MAX_BYTES
    if len(source) > limit:
        raise UnreadableReport(
            _(
                "The file is larger than %(limit_mb)d MB. A report of this size is not an attendance report; check the file."
            )
            % {"limit_mb": limit >> 20}
        )
    start = occurrence.starts_at.astimezone(zone_of(zone)).replace(tzinfo=None)
    try:
        report = read_report(source, filename=file_name, session_start=start, date_order=date_order)
    except (AmbiguousDates, ConflictingDates) as error:
        if date_order is not None:
            raise _refusal(error) from error
        readings = getattr(error, "readings", {})
        question = entry(error.code, "question", **(error.params | readings))
        return Reading(zone=zone, question=question, remarks=fits_elsewhere(occurrence, readings.values()))
    except ReportError as error:
        raise _refusal(error) from error
    remarks = [stored(each) for each in report.warnings] + [stored(each, "note") for each in report.notes]
    remarks += other_meeting(occurrence, report.meeting.meeting_id)
    return Reading(zone=report.zone or zone, report=report, remarks=remarks)


def _refusal(error: ReportError) -> UnreadableReport:
    details = [sentence(stored(each)) for each in getattr(error, "remarks", ())[:DETAILS]]
    return UnreadableReport(sentence(entry(error.code, **error.params)), code=error.code, details=details)


def zone_of(zone: str) -> dt.tzinfo:
    """Return the zone of an IANA name or of an offset that a report states (``+07:00``).

    Raises:
        KelasError: there is no such zone.
    """
    if found := OFFSET.match(zone):
        sign = -1 if found[1] == "-" else 1
        return dt.timezone(sign * dt.timedelta(hours=int(found[2]), minutes=int(found[3])))
    if zone not in zone_names():
        raise KelasError(_("There is no time zone “%(zone)s”.") % {"zone": zone}, code="unknown-zone")
    return ZoneInfo(zone)


def store(attendance_import: AttendanceImport, reading: Reading) -> None:
    """Write what was read to a report's row, with its people and their stays in place of earlier ones."""
    report = reading.report
    attendance_import.zone = reading.zone
    if report is None:
        attendance_import.platform = attendance_import.encoding = attendance_import.delimiter = ""
        attendance_import.date_order = ""
        attendance_import.warnings = [reading.question, *reading.remarks]
        attendance_import.save()
        forget_people(attendance_import)
        return
    attendance_import.platform = report.format_id or report.platform
    attendance_import.encoding, attendance_import.delimiter = report.encoding, report.delimiter
    attendance_import.date_order = report.date_order or ""
    attendance_import.warnings = reading.remarks
    attendance_import.save()
    kept = _decisions(attendance_import)
    forget_people(attendance_import)
    people, stays = _people(attendance_import, report, kept)
    ReportPerson.objects.bulk_create(people, batch_size=BATCH)
    PresenceInterval.objects.bulk_create(
        [
            PresenceInterval(person_id=person.pk, joined_at=joined_at, left_at=left_at)
            for person, spans in zip(people, stays, strict=True)
            for joined_at, left_at in spans
        ],
        batch_size=BATCH,
    )
    attendance_import.warnings = reading.remarks + plausibility(
        attendance_import, people, stays, zone_stated=bool(report.zone)
    )
    attendance_import.save(update_fields=["warnings", "updated_at"])


def _decisions(attendance_import: AttendanceImport) -> dict[tuple[int, str, str], Identity]:
    """Return what people decided in the preview so far; a reading with another zone lists the same people."""
    if attendance_import.pk is None:
        return {}
    rows = attendance_import.people.filter(match__in=[Match.PERSON, Match.IGNORED])
    return {
        (row.position, row.name, row.email): Identity(row.match, row.learner_id)
        for row in rows
        if row.learner_id or row.match == Match.IGNORED
    }


def _people(
    attendance_import: AttendanceImport, report: Report, kept: Mapping[tuple[int, str, str], Identity]
) -> tuple[list[ReportPerson], list[list[tuple[dt.datetime, dt.datetime]]]]:
    occurrence = attendance_import.occurrence
    zone = zone_of(attendance_import.zone)
    printed = [
        Printed(tuple(person.names) or (person.name,), person.email, person.role) for person in report.people
    ]
    known = directory(occurrence, printed)
    window, bridge = window_of(occurrence), conf.BRIDGE_SECONDS
    people, stays = [], []
    for position, (person, names) in enumerate(zip(report.people, printed, strict=True), start=1):
        spans = _stays(person, zone, occurrence.ends_at)
        total = None
        if person.duration_only_minutes is not None:
            total = round(person.duration_only_minutes * 60)
        name, email = "\n".join(names.names)[:500], person.email[:254]
        identity = kept.get((position, name, email)) or known.identify(names)
        presence = measure(
            [[(seconds_of(start), seconds_of(end)) for start, end in spans]],
            [total or 0],
            window=window,
            bridge_seconds=bridge,
        )
        people.append(
            ReportPerson(
                attendance_import=attendance_import,
                position=position,
                name=name,
                email=email,
                role=person.role,
                learner_id=identity.learner_id,
                match=identity.match,
                duration_only_seconds=total,
                seconds=presence.seconds,
            )
        )
        stays.append(spans)
    return people, stays


def _stays(
    person: PersonInReport, zone: dt.tzinfo, ends_at: dt.datetime
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return a person's stays in UTC, overlaps included. Whoever has no time of leaving stayed until the end."""

    def utc(moment: dt.datetime) -> dt.datetime:
        return moment.replace(tzinfo=zone).astimezone(dt.UTC)

    spans: list[tuple[dt.datetime, dt.datetime]] = [
        (utc(join), utc(leave)) for join, leave in person.intervals
    ]
    spans += [(join, ends_at) for join in map(utc, person.open_joins)]
    # A stay across the missing hour in spring, or opened after the session's end, never ends before it starts.
    return [(join, max(join, leave)) for join, leave in spans]


def forget_people(attendance_import: AttendanceImport) -> None:
    """Delete the people and stays of a report."""
    PresenceInterval.objects.filter(person__attendance_import=attendance_import).delete()
    ReportPerson.objects.filter(attendance_import=attendance_import).delete()
