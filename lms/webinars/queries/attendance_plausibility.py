"""Reads: is it the right report, read the right way? Remarks for a person to look at; nothing is changed by them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from statistics import median_low
from typing import Any
from zoneinfo import ZoneInfo

from lms import conf
from lms.core import clock
from lms.webinars.matching import STAFF_ROLES
from lms.webinars.models import AttendanceImport, Occurrence, ReportPerson
from lms.webinars.presence import hours_off
from lms.webinars.queries.attendance import moment_of, seconds_of
from lms.webinars.report_words import entry

Stays = Sequence[tuple[dt.datetime, dt.datetime]]

#: Where a Zoom address holds the number of its meeting or webinar.
ZOOM_MEETING = re.compile(r"zoom\.(?:us|com)/(?:j|w|wc/join|s)/(\d{9,12})\b")
#: A report of another session is recognised when its people joined this near to it.
NEAR = dt.timedelta(hours=2)


def plausibility(
    attendance_import: AttendanceImport,
    people: Sequence[ReportPerson],
    stays: Sequence[Stays],
    *,
    zone_stated: bool,
) -> list[dict[str, Any]]:
    """Return what is odd about a whole report for its session: at most four queries.

    Args:
        attendance_import: the report as read.
        people, stays: whom it lists, and when each was there (UTC).
        zone_stated: the file itself says its zone, so nothing was assumed about it.
    """
    occurrence = attendance_import.occurrence
    guests = [
        (person, spans)
        for person, spans in zip(people, stays, strict=True)
        if spans and person.role not in STAFF_ROLES
    ]
    joins = [seconds_of(min(join for join, _ in spans)) for _, spans in guests]
    found = []
    if occurrence.ends_at > clock.now():
        found.append(entry("still_to_come"))
    if joins:
        found += _about_times(attendance_import, guests, joins, zone_stated)
    elsewhere = (
        AttendanceImport.objects.filter(
            sha256=attendance_import.sha256, occurrence__series_id=occurrence.series_id
        )
        .filter(state=AttendanceImport.State.APPLIED)
        .exclude(occurrence=occurrence)
        .select_related("occurrence")
        .first()
    )
    if elsewhere:
        found.append(entry("applied_elsewhere", day=_local_day(elsewhere.occurrence, occurrence.series.zone)))
    return found


def _about_times(
    attendance_import: AttendanceImport,
    guests: Sequence[tuple[ReportPerson, Stays]],
    joins: Sequence[int],
    zone_stated: bool,
) -> list[dict[str, Any]]:
    occurrence = attendance_import.occurrence
    hours = 0 if zone_stated else hours_off(joins, seconds_of(occurrence.starts_at))
    if hours and suggested_zones(occurrence, attendance_import.zone, hours):
        zone = attendance_import.zone
        joined = moment_of(median_low(joins))
        return [entry("zone_shift", hours=hours, joined=joined, starts=occurrence.starts_at, zone=zone)]
    outside = sum(1 for person, _ in guests if not person.seconds)
    if outside * 2 <= len(guests):
        return []
    found = [
        entry("nobody_there")
        if outside == len(guests)
        else entry("mostly_outside", count=outside, total=len(guests))
    ]
    middle = moment_of(median_low(joins))
    other = (
        Occurrence.objects.filter(
            series_id=occurrence.series_id, starts_at__lte=middle + NEAR, ends_at__gte=middle - NEAR
        )
        .exclude(pk=occurrence.pk)
        .first()
    )
    if other:
        found.append(entry("other_session", day=_local_day(other, occurrence.series.zone)))
    return found


def fits_elsewhere(occurrence: Occurrence, days: Iterable[dt.date]) -> list[dict[str, Any]]:
    """Return a remark if another session of the series took place on one of these local dates: one query."""
    zone = occurrence.series.zone
    days = set(days) - {_local_day(occurrence, zone)}
    for other in Occurrence.objects.filter(series_id=occurrence.series_id).exclude(pk=occurrence.pk):
        if (day := _local_day(other, zone)) in days:
            return [entry("other_session", day=day)]
    return []


def other_meeting(occurrence: Occurrence, meeting_id: str) -> list[dict[str, Any]]:
    """Return a remark if the report's meeting number is not the one in the session's address on the same platform."""
    address = occurrence.join_url or occurrence.series.join_url
    expected = ZOOM_MEETING.search(address)
    number = re.sub(r"\D", "", meeting_id)
    if expected is None or not number or number == expected[1]:
        return []
    return [entry("other_meeting", printed=number, expected=expected[1])]


def suggested_zones(occurrence: Occurrence, assumed: str, hours: int) -> list[str]:
    """Return the zones in which a report would have been printed if its times are so many hours off.

    Args:
        occurrence: the session.
        assumed: the zone in which the report was read, an IANA name.
        hours: by how much people seem to have come late (early: negative).
    """
    if assumed not in clock.zone_names():
        return []
    moment = occurrence.starts_at
    offset = moment.astimezone(ZoneInfo(assumed)).utcoffset() or dt.timedelta()
    candidates = dict.fromkeys([*conf.ZONES, occurrence.series.zone, "UTC"])
    return [
        zone
        for zone in candidates
        if zone != assumed
        and moment.astimezone(ZoneInfo(zone)).utcoffset() == offset + dt.timedelta(hours=hours)
    ]


def _local_day(occurrence: Occurrence, zone: str) -> dt.date:
    return clock.wall_clock(occurrence.starts_at, zone).date()
