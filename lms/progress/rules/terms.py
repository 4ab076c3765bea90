"""From when to when a run counts. Dates mean whole days in one zone; the moments are those at which they begin."""

from __future__ import annotations

import calendar
import datetime as dt
from zoneinfo import ZoneInfo


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month; its last day where the month is too short (31 January + 1: 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def first_moment(day: dt.date, zone: str) -> dt.datetime:
    """Return when a day begins in a zone (aware, UTC)."""
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)


def starts_at(enrolled_at: dt.datetime, *, first_day: dt.date | None, zone: str) -> dt.datetime:
    """Return when a run starts: on the first day of its cohort, or when somebody is enrolled, whichever is later.

    Args:
        enrolled_at: aware.
        first_day: of the cohort, None without one.
        zone: IANA name; the zone that dates are meant in.
    """
    return enrolled_at if first_day is None else max(enrolled_at, first_moment(first_day, zone))


def ends_at(
    started_at: dt.datetime, *, months: int | None, last_day: dt.date | None, zone: str
) -> dt.datetime | None:
    """Return the moment from which on nothing counts for a run any more, or None when it has no end.

    A run counts until the end of the same day so many months after it started, and never longer than its cohort.

    Args:
        started_at: aware.
        months: for how many calendar months a run counts; None for ever.
        last_day: of the cohort, counted in; None for no end.
        zone: IANA name; the zone that dates are meant in.
    """
    last_days = [] if last_day is None else [last_day]
    if months is not None:
        last_days.append(add_months(started_at.astimezone(ZoneInfo(zone)).date(), months))
    if not last_days:
        return None
    # Somebody who was let into a cohort after its last day has a run that counts nothing, and not one that ends before
    # it began.
    return max(started_at, first_moment(min(last_days) + dt.timedelta(days=1), zone))
