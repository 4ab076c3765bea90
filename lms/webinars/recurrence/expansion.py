"""From a rule to dated sessions, on the wall clock of the zone of the series.

Pure: no Django. The steps follow RFC 5545 3.3.10 and 3.8.5: each rule gives dates from the first date on,
COUNT counts them, extra dates join, excluded dates leave. Only then the wall-clock time and the zone are
attached, so a summer-time change never moves a session on the clock. The first date of the series is a
session only if a rule gives it, or if there is no rule.

Why no dateutil here: its ``rrule`` walks to the year 9999 when nothing matches (30 February: 0.4 to 4 s), and
UNTIL does not stop it. Here at most ``HORIZON_YEARS`` of days are looked at, whatever the rule says. The
tests compare both.
"""

from __future__ import annotations

import datetime as dt
from calendar import isleap, monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from lms.webinars.recurrence.errors import RuleError
from lms.webinars.recurrence.text import (
    FIRST_DATE,
    LAST_DATE,
    MAX_SESSIONS,
    Rule,
    RuleSet,
    local_date,
    parse,
    zone_of,
)

HORIZON_YEARS = 10
#: The latest first date: ten years before the last date that can be written.
LAST_START = LAST_DATE.replace(year=LAST_DATE.year - HORIZON_YEARS)


@dataclass(frozen=True, slots=True)
class Slot:
    """One session as the rule gives it.

    Attributes:
        original_date: calendar date in the zone of the series; with ``ordinal`` it identifies a session.
        ordinal: number on that date, counted from 0; always 0 while a series has one time of day.
        starts_at: aware, in the zone of the series.
        ends_at: aware, in the zone of the series; exactly the duration later in real time.
    """

    original_date: dt.date
    ordinal: int
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Dates:
    """The calendar dates of a series, and what became of the single dates in its rule.

    Attributes:
        sessions: dates with a session, ascending.
        excluded: dates that a rule gave and EXDATE took away, ascending.
        extra: dates with a session only because of RDATE, ascending.
        unused: excluded dates on which there would be no session anyway.
        first_date_unused: the first date of the series is not a session, and nobody excluded it.
        missing_day: a day of the month that the rule asked of a month that does not have it, else None.
    """

    sessions: tuple[dt.date, ...]
    excluded: tuple[dt.date, ...] = ()
    extra: tuple[dt.date, ...] = ()
    unused: tuple[dt.date, ...] = ()
    first_date_unused: bool = False
    missing_day: int | None = None


def session_dates(text: str, *, start_date: dt.date, zone: str) -> Dates:
    """Return the calendar dates of a series.

    Args:
        text: the recurrence rule (RFC 5545 lines); empty for one session on the first date.
        start_date: first date, in the zone of the series.
        zone: IANA name.

    Raises:
        RuleError: the rule is not understood, gives no session, more than 200, or goes on for more than
            ten years.
    """
    rule_set, place = parse(text), zone_of(zone)
    if not FIRST_DATE <= start_date <= LAST_START:
        raise RuleError("date_out_of_range", date=start_date, low=FIRST_DATE, high=LAST_START)
    excluded = {local_date(value, place) for value in rule_set.excluded}
    extra = {local_date(value, place) for value in rule_set.extra}
    if early := min((date for date in extra if date < start_date), default=None):
        raise RuleError("extra_before_start", date=early, start=start_date)
    regular, missing_day = _regular_dates(rule_set, start_date, place, room=MAX_SESSIONS + len(excluded))
    sessions = (regular | extra) - excluded
    if len(sessions) > MAX_SESSIONS:
        raise RuleError("too_many_sessions", limit=MAX_SESSIONS)
    if not sessions:
        raise RuleError("no_sessions")
    return Dates(
        sessions=tuple(sorted(sessions)),
        excluded=tuple(sorted(excluded & (regular | extra))),
        extra=tuple(sorted(extra - regular - excluded)),
        unused=tuple(sorted(excluded - regular - extra)),
        first_date_unused=start_date not in sessions and start_date not in excluded,
        missing_day=missing_day,
    )


def slot(date: dt.date, start_time: dt.time, duration_minutes: int, zone: str) -> Slot:
    """Return the session of one date.

    A time that summer time skips starts as much later on the clock as the clock was put forward, and a time
    that comes twice means the first one (RFC 5545 3.3.5). The duration is real time.

    Args:
        date: calendar date in the zone.
        start_time: wall-clock time, without a zone.
        duration_minutes: real minutes, 1 or more.
        zone: IANA name.
    """
    if duration_minutes < 1:
        raise RuleError("bad_duration")
    place = zone_of(zone)
    wall = dt.datetime.combine(date, start_time.replace(fold=0), tzinfo=place)
    # Through UTC and back: a skipped time becomes the one that the clock really shows.
    start = wall.astimezone(dt.UTC)
    end = start + dt.timedelta(minutes=duration_minutes)
    return Slot(date, 0, start.astimezone(place), end.astimezone(place))


def expand(
    text: str, *, start_date: dt.date, start_time: dt.time, duration_minutes: int, zone: str
) -> list[Slot]:
    """Return the sessions of a series in order, one a date, at most 200.

    Args:
        text: the recurrence rule (RFC 5545 lines); empty for one session on the first date.
        start_date: first date, in the zone of the series.
        start_time: wall-clock time in the zone of the series.
        duration_minutes: real minutes.
        zone: IANA name, for example ``Asia/Jakarta``.

    Raises:
        RuleError: see :func:`session_dates`.
    """
    dates = session_dates(text, start_date=start_date, zone=zone)
    return [slot(date, start_time, duration_minutes, zone) for date in dates.sessions]


def check_rule(text: str, *, start_date: dt.date | None = None, zone: str | None = None) -> None:
    """Refuse a rule that cannot become sessions.

    Args:
        text: the recurrence rule (RFC 5545 lines).
        start_date: first date; without it only what needs no dates is checked.
        zone: IANA name; UTC if it is not known yet (it matters only to dates written as instants).

    Raises:
        RuleError: with the first fault found.
    """
    if start_date is None:
        parse(text)
    else:
        session_dates(text, start_date=start_date, zone=zone or "UTC")


def _regular_dates(
    rule_set: RuleSet, start: dt.date, place: ZoneInfo, room: int
) -> tuple[set[dt.date], int | None]:
    """Return the dates that the rules give, and a day of the month that some months lacked."""
    if not rule_set.rules:
        return {start}, None
    leap_day = (start.month, start.day) == (2, 29)
    horizon = start.replace(year=start.year + HORIZON_YEARS, day=28 if leap_day else start.day)
    dates: set[dt.date] = set()
    missing_day = None
    for rule in rule_set.rules:
        last = horizon
        if rule.until is not None:
            last = local_date(rule.until, place)
            if last < start:
                raise RuleError("until_before_start", until=last, start=start)
            if last > horizon:
                raise RuleError("too_far", last=horizon, years=HORIZON_YEARS)
        wanted = rule.count if rule.count is not None else room + 1
        found = list(islice(_rule_dates(rule, start, last), wanted))
        if len(found) > room:
            raise RuleError("too_many_sessions", limit=MAX_SESSIONS)
        if rule.count is not None and len(found) < rule.count:
            raise (
                RuleError("too_far", last=horizon, years=HORIZON_YEARS) if found else RuleError("no_sessions")
            )
        missing_day = missing_day or _missing_day(rule, start, found)
        dates.update(found)
    return dates, missing_day


def _rule_dates(rule: Rule, start: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield the dates of one rule from start to last, COUNT left aside. Looks at each day once at most."""
    fits = _day_test(rule, start)
    for period in _periods(rule, start, last):
        days = [day for day in period if fits(day)]
        if rule.positions:
            size = len(days)
            chosen = {position - 1 if position > 0 else size + position for position in rule.positions}
            days = [day for index, day in enumerate(days) if index in chosen]
        yield from (day for day in days if start <= day <= last)


def _periods(rule: Rule, start: dt.date, last: dt.date) -> Iterator[list[dt.date]]:
    """Yield the days of every INTERVALth day, week, month or year, from the one of the first date."""
    if rule.frequency in ("DAILY", "WEEKLY"):
        length = 1 if rule.frequency == "DAILY" else 7
        first = start if length == 1 else start - dt.timedelta(days=(start.weekday() - rule.week_start) % 7)
        while first <= last:
            yield [first + dt.timedelta(days=offset) for offset in range(length)]
            first += dt.timedelta(days=length * rule.interval)
    elif rule.frequency == "MONTHLY":
        number = start.year * 12 + start.month - 1
        while dt.date(number // 12, number % 12 + 1, 1) <= last:
            yield _month(number // 12, number % 12 + 1)
            number += rule.interval
    else:
        months = rule.months or range(1, 13)
        for year in range(start.year, last.year + 1, rule.interval):
            yield [day for month in months for day in _month(year, month)]


def _month(year: int, month: int) -> list[dt.date]:
    return [dt.date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _day_test(rule: Rule, start: dt.date) -> Callable[[dt.date], bool]:
    """Return the test that a day has to pass; what the rule leaves open comes from the first date."""
    months, month_days, weekdays = rule.months, rule.month_days, rule.weekdays
    if not month_days and not weekdays:
        if rule.frequency == "WEEKLY":
            weekdays = ((0, start.weekday()),)
        elif rule.frequency in ("MONTHLY", "YEARLY"):
            month_days = (start.day,)
            if rule.frequency == "YEARLY":
                months = months or (start.month,)
    within_year = rule.frequency == "YEARLY" and not rule.months

    def fits(day: dt.date) -> bool:
        if months and day.month not in months:
            return False
        length = monthrange(day.year, day.month)[1]
        if month_days and day.day not in month_days and day.day - length - 1 not in month_days:
            return False
        if not weekdays:
            return True
        if within_year:
            index = day.timetuple().tm_yday - 1
            from_end = 365 + isleap(day.year) - index - 1
        else:
            index, from_end = day.day - 1, length - day.day
        weekday = day.weekday()
        numbers = (0, index // 7 + 1, -(from_end // 7) - 1)
        return any((number, weekday) in weekdays for number in numbers)

    return fits


def _missing_day(rule: Rule, start: dt.date, found: list[dt.date]) -> int | None:
    """Return the day of the month for which the rule asked in a month that does not have it, else None."""
    day = max(rule.month_days or (start.day,))
    if (
        rule.frequency not in ("MONTHLY", "YEARLY")
        or rule.weekdays
        or rule.positions
        or day <= 28
        or not found
    ):
        return None
    default = (start.month,) if rule.frequency == "YEARLY" and not rule.month_days else range(1, 13)
    for period in _periods(rule, start, found[-1]):
        for year, month in {(each.year, each.month) for each in period}:
            inside = (start.year, start.month) <= (year, month) <= (found[-1].year, found[-1].month)
            if inside and month in (rule.months or default) and monthrange(year, month)[1] < day:
                return day
    return None
