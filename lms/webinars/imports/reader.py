"""Bytes in, report out: the one door to the readers."""

from __future__ import annotations

import re
from datetime import datetime

from . import limits, meet, teams, zoom
from .decoding import Decoded, decode
from .errors import AmbiguousDates, EmptyReport, TooLarge, UnknownFormat
from .people import finish
from .platforms import Platform, Sink
from .report import Report
from .tables import DELIMITERS, head, head_rows, records
from .timestamps import MASK, SHIFT, days_of, instant, moment_of, settle

PLATFORMS: tuple[Platform, ...] = (zoom.PLATFORM, teams.PLATFORM, meet.PLATFORM)
DATE_ORDERS = ("mdy", "dmy", "ymd")
# participants_81234567890.csv, attendee_81234567890_2025_03_04.csv
MEETING_ID_IN_NAME = re.compile(r"(?:participants|attendee)_(\d{9,12})(?!\d)")


def read_report(
    source: bytes,
    *,
    filename: str = "",
    session_start: datetime | None = None,
    date_order: str | None = None,
) -> Report:
    """Read an attendance report of any known platform.

    Arguments: ``source`` the bytes of the file; ``filename`` its name, in which Zoom prints the meeting id;
    ``session_start`` the scheduled start as a naive wall clock in the zone in which the platform prints times
    (the zone of the host's account); it judges an ambiguous date order. ``date_order`` (``mdy``, ``dmy``,
    ``ymd``) is a person's answer to that question.

    Returns: a :class:`Report` with times as printed: naive, in the zone of the account.

    Raises: :class:`ReportError` and nothing else, whatever the bytes are; ``ValueError`` for an aware
    ``session_start`` or an unknown ``date_order``.
    """
    if session_start is not None and session_start.utcoffset() is not None:
        raise ValueError("session_start must be naive, in the zone in which the report prints its times.")
    if date_order is not None and date_order not in DATE_ORDERS:
        raise ValueError(f"date_order must be one of {', '.join(DATE_ORDERS)}.")
    if len(source) > limits.BYTES:
        raise TooLarge("too_many_bytes", limit_mb=limits.BYTES >> 20)
    decoded = decode(source)
    platform, delimiter = _recognise(head(decoded.lines()))
    sink = Sink()
    platform.read(records(decoded.lines(), delimiter), sink)
    order = _settle(sink, session_start, date_order)
    _describe_file(sink, decoded)
    zone = sink.stamps.zone or sink.stated_zone
    report = Report(platform.name, sink.format_id, decoded.encoding, delimiter, order, zone, sink.meeting)
    if not sink.meeting.meeting_id and (found := MEETING_ID_IN_NAME.search(filename)):
        sink.meeting.meeting_id = found[1]
    scheduled = None if session_start is None else instant(session_start)
    report.people = finish(sink.roster, days_of(sink.stamps.parts, order), sink.warnings, scheduled)
    report.warnings = sink.warnings.listed()
    report.notes = sink.notes.listed()
    if all("nothing_counted" in person.flags for person in report.people):
        if report.warnings:
            raise EmptyReport(
                "no_readable_rows",
                platform=platform.label,
                row=next((remark.row for remark in report.warnings if remark.row), 1),
                remarks=report.warnings,
            )
        raise EmptyReport("no_people", platform=platform.label)
    return report


def _recognise(lines: list[str]) -> tuple[Platform, str]:
    """Choose platform and separator together: those under which most column names are known."""
    trials = [(delimiter, head_rows(lines, delimiter)) for delimiter in DELIMITERS]
    scores = [
        (platform.score(rows), platform, delimiter) for platform in PLATFORMS for delimiter, rows in trials
    ]
    score, platform, delimiter = max(scores, key=lambda trial: trial[0])
    if score:
        return platform, delimiter
    for platform in PLATFORMS:
        for _, rows in trials:
            if code := platform.wrong_kind(rows):
                raise UnknownFormat(code)
    found = [platform.recognised(rows) for platform in PLATFORMS for _, rows in trials]
    best = max(found, key=len)
    if best:
        raise UnknownFormat("unknown_format", recognised=", ".join(best))
    raise UnknownFormat("no_headers")


def _settle(sink: Sink, session_start: datetime | None, date_order: str | None) -> str | None:
    """Decide the date order and place the meeting's own times; assume one only where nobody depends on it."""
    others = sink.other_stamps
    if sink.stamps.parts or not others.parts:
        order = settle(
            sink.stamps,
            starts=sink.roster.starts(),
            ends=sink.roster.ends(),
            elsewhere=sink.elsewhere(),
            session_start=session_start,
            date_order=date_order,
        )
    else:
        try:
            order = settle(
                others,
                starts=[mark for end, mark in sink.meeting_marks.items() if end == "start"],
                ends=[mark for end, mark in sink.meeting_marks.items() if end == "end"],
                elsewhere=(),
                session_start=session_start,
                date_order=date_order,
            )
        except AmbiguousDates as question:
            sink.notes.add("date_order_assumed", example=question.params["example"])
            return "mdy" if sink.month_first else "dmy"
    days = days_of(others.parts, order)
    for end, mark in sink.meeting_marks.items():
        day = days[mark >> SHIFT]
        if day is not None:
            setattr(sink.meeting, end, moment_of(day + (mark & MASK)))
    return order


def _describe_file(sink: Sink, decoded: Decoded) -> None:
    if len(sink.stamps.zones) > 1:
        zones = sorted(zone or "–" for zone in sink.stamps.zones)
        sink.warnings.add("zones_mixed", zones=", ".join(zones))
    if decoded.nul_removed:
        sink.notes.add("nul_removed", count=decoded.nul_removed)
    if decoded.undecodable:
        sink.notes.add("undecodable", count=decoded.undecodable)
    if sink.only_totals:
        sink.notes.add("only_totals" if sink.format_id.startswith("zoom") else "only_durations")
    cut = sum("email_cut" in (draft.flags or ()) for draft in sink.roster)
    if cut:
        sink.notes.add("emails_cut", count=cut)
