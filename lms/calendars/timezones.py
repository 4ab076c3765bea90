"""VTIMEZONE blocks (RFC 5545 3.6.5) from the machine's zone database. Pure, no Django.

A zone without clock changes, as in Indonesia, is one observance. Summer time that follows one rule becomes two
observances with an RRULE each: Outlook misreads lists of RDATEs. Everything irregular is written out change by change.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from lms.calendars.content_lines import plain, text

#: Years whose clock changes are read. What holds in the last one is taken to hold for ever after.
FIRST_YEAR, LAST_YEAR = 2020, 2037

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = dt.timedelta(days=1)
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 -- a wall clock, its zone is the block's


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the clock: when, on the wall clock before it, and from which offset to which."""

    onset: dt.datetime  # naive, on the old wall clock
    before: dt.timedelta
    after: dt.timedelta
    name: str

    @property
    def kind(self) -> tuple[dt.timedelta, dt.timedelta, str]:
        """Changes of one kind can be said by one rule."""
        return self.before, self.after, self.name


@lru_cache(maxsize=256)
def vtimezone(zone: str) -> bytes:
    """Return the VTIMEZONE block of an IANA zone. Made once per process and zone.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: when this machine does not know the zone.
    """
    start = dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC).astimezone(ZoneInfo(zone))
    offset = _offset(start)
    changes = clock_changes(zone)
    groups: dict[tuple[dt.timedelta, dt.timedelta, str], list[Change]] = {}
    for change in changes:
        groups.setdefault(change.kind, []).append(change)
    rules = {kind: yearly_rule(group) for kind, group in groups.items()}

    observances: list[bytes] = []
    # One pair of rules through all the years: they may as well hold since 1970, as other calendars write it.
    always = len(groups) == 2 and all(
        rules[kind] and group[0].onset.year == FIRST_YEAR for kind, group in groups.items()
    )
    if not always:
        observances.append(_observance(Change(_EPOCH, offset, offset, start.tzname() or zone), ""))
    for kind, group in groups.items():
        rule = rules[kind]
        if rule:
            first = _first_since_1970(group[0]) if always else group[0]
            observances.append(_observance(first, rule))
        else:
            observances.extend(_observance(change, "") for change in group)
    return b"".join(
        (
            plain("BEGIN", "VTIMEZONE"),
            text("TZID", zone),
            *observances,
            plain("END", "VTIMEZONE"),
        )
    )


def clock_changes(zone: str) -> list[Change]:
    """Return every change of a zone's clock from FIRST_YEAR to LAST_YEAR, in order."""
    info = ZoneInfo(zone)
    found = []
    moment = dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC)
    end = dt.datetime(LAST_YEAR + 1, 1, 1, tzinfo=dt.UTC)
    while moment < end:
        following = moment + _DAY
        if _offset(moment.astimezone(info)) != _offset(following.astimezone(info)):
            found.append(_change_between(moment, following, info))
        moment = following
    return found


def yearly_rule(changes: list[Change]) -> str:
    """Return the RRULE that gives exactly these onsets, one a year up to LAST_YEAR; empty when no simple rule does."""
    onsets = [change.onset for change in changes]
    years = [onset.year for onset in onsets]
    same = {(onset.month, onset.weekday(), onset.time()) for onset in onsets}
    if len(same) > 1 or years[-1] != LAST_YEAR or years != list(range(years[0], LAST_YEAR + 1)):
        return ""
    month, weekday = onsets[0].month, _WEEKDAYS[onsets[0].weekday()]
    rule = f"FREQ=YEARLY;BYMONTH={month};BYDAY="
    if all(onset.day + 7 > calendar.monthrange(onset.year, month)[1] for onset in onsets):
        return f"{rule}-1{weekday}"
    weeks = {(onset.day - 1) // 7 + 1 for onset in onsets}
    if len(weeks) == 1:
        return f"{rule}{weeks.pop()}{weekday}"
    first, last = min(onset.day for onset in onsets), max(onset.day for onset in onsets)
    if last - first == 6:  # such as the first Sunday on or after the 2nd
        days = ",".join(str(day) for day in range(first, last + 1))
        return f"{rule}{weekday};BYMONTHDAY={days}"
    return ""


def _change_between(low: dt.datetime, high: dt.datetime, info: ZoneInfo) -> Change:
    before = _offset(low.astimezone(info))
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if _offset(middle.astimezone(info)) == before:
            low = middle
        else:
            high = middle
    local = high.astimezone(info)
    return Change(
        (high + before).replace(tzinfo=None), before, _offset(local), local.tzname() or str(info.key)
    )


def _first_since_1970(change: Change) -> Change:
    """Return the same yearly change in 1970: same month, weekday and week (counted from the end when in the last one)."""
    onset = change.onset
    days: Iterable[int] = range(1, calendar.monthrange(1970, onset.month)[1] + 1)
    same_weekday = [day for day in days if dt.date(1970, onset.month, day).weekday() == onset.weekday()]
    if onset.day + 7 > calendar.monthrange(onset.year, onset.month)[1]:
        day = same_weekday[-1]
    else:
        day = same_weekday[(onset.day - 1) // 7]
    return Change(onset.replace(year=1970, day=day), change.before, change.after, change.name)


def _observance(change: Change, rule: str) -> bytes:
    kind = "DAYLIGHT" if change.after > change.before else "STANDARD"
    return b"".join(
        (
            plain("BEGIN", kind),
            plain("DTSTART", change.onset.strftime("%Y%m%dT%H%M%S")),
            plain("RRULE", rule) if rule else b"",
            plain("TZOFFSETFROM", _digits(change.before)),
            plain("TZOFFSETTO", _digits(change.after)),
            text("TZNAME", change.name),
            plain("END", kind),
        )
    )


def _offset(moment: dt.datetime) -> dt.timedelta:
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("A naive moment has no offset.")
    return offset


def _digits(offset: dt.timedelta) -> str:
    sign = "-" if offset < dt.timedelta(0) else "+"
    minutes, seconds = divmod(abs(int(offset.total_seconds())), 60)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")
