"""A recurrence rule in plain words, and what is wrong or worth knowing about it, in the reader's language.

django-recurrence's ``to_text`` is English only and fails on some rules, so the sentences are our own. Each
function answers in the language that is active when it is called.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext, ngettext, pgettext

from lms.core.clock import zone_label
from lms.webinars.recurrence import MESSAGES, Dates, Rule, RuleError, Slot, parse, session_dates, slot
from lms.webinars.recurrence.text import local_date, zone_of

#: So many dates are named one by one; of more a sentence gives the number.
NAMED_DATES = 5
WORKDAYS = ((0, 0), (0, 1), (0, 2), (0, 3), (0, 4))


def describe(
    text: str, *, start_date: dt.date, start_time: dt.time, zone: str, dates: Dates | None = None
) -> str:
    """Return a series as one sentence: "Every Tuesday at 06:00 WIB, 8 sessions, except 17 August 2027."

    The number is that of the sessions which take place; an exclusion is named only if it takes one away.

    Args:
        text: the recurrence rule (RFC 5545 lines).
        start_date: first date, in the zone of the series.
        start_time: wall-clock time in the zone of the series.
        zone: IANA name.
        dates: the result of ``session_dates`` for the same rule, where the caller has it already.

    Raises:
        RuleError: see ``session_dates``.
    """
    rules = parse(text).rules
    dates = dates or session_dates(text, start_date=start_date, zone=zone)
    moments = [slot(day, start_time, 1, zone).starts_at for day in dates.sessions]
    if not rules:
        head = gettext("On %(days)s") % {
            "days": _some_dates(dates.sessions, weekday=len(dates.sessions) == 1)
        }
    else:
        first, *others = [_rule_words(rule, start_date) for rule in rules]
        head = _listed([first, *(other[:1].lower() + other[1:] for other in others)])
    pieces = [
        gettext("%(rule)s at %(time)s %(zone)s")
        % {"rule": head, "time": clock_words(start_time), "zone": zone_words(zone, moments)}
    ]
    ends = [local_date(rule.until, zone_of(zone)) for rule in rules if rule.until is not None]
    if ends and len(ends) == len(rules):
        pieces[0] = gettext("%(rule)s until %(date)s") % {"rule": pieces[0], "date": day_words(max(ends))}
    if len(dates.sessions) > 1 or rules:
        pieces.append(sessions_words(len(dates.sessions)))
    if rules and dates.extra:
        pieces.append(gettext("also on %(dates)s") % {"dates": _some_dates(dates.extra)})
    if rules and dates.excluded:
        pieces.append(gettext("except %(dates)s") % {"dates": _some_dates(dates.excluded)})
    return ", ".join(pieces) + "."


def explain(error: RuleError) -> str:
    """Return what is wrong with a rule as a sentence in the active language."""
    values = {
        name: day_words(value) if isinstance(value, dt.date) else value
        for name, value in error.params.items()
    }
    return gettext(MESSAGES[error.code]) % values


def remarks(
    dates: Dates, *, start_date: dt.date, start_time: dt.time, slots: Sequence[Slot] = ()
) -> list[str]:
    """Return sentences about what an editor may not have meant: nothing is wrong, but it may surprise.

    Args:
        dates: the result of ``session_dates``.
        start_date: first date, in the zone of the series.
        start_time: wall-clock time in the zone of the series.
        slots: the sessions, to name those that a change of the clocks moves to another time.
    """
    found = []
    if dates.first_date_unused:
        found.append(
            gettext("%(first)s is not a day of this rule: the first session is on %(session)s.")
            % {
                "first": day_words(start_date, weekday=True),
                "session": day_words(dates.sessions[0], weekday=True),
            }
        )
    if dates.unused:
        found.append(
            ngettext(
                "There is no session on %(dates)s anyway: excluding it changes nothing.",
                "There is no session on %(dates)s anyway: excluding them changes nothing.",
                len(dates.unused),
            )
            % {"dates": _some_dates(dates.unused, weekday=True)}
        )
    if dates.missing_day:
        found.append(
            gettext(
                "Where a month has no day %(day)s there is no session. "
                "Choose the last day of the month to have one every time."
            )
            % {"day": dates.missing_day}
        )
    found.extend(
        gettext("The clocks go forward on %(date)s: that session starts at %(time)s.")
        % {"date": day_words(each.original_date), "time": clock_words(each.starts_at.time())}
        for each in slots
        if each.starts_at.time() != start_time
    )
    return found


def day_words(day: dt.date, *, weekday: bool = False) -> str:
    """Return "17 August 2027", or with the weekday "Tuesday, 17 August 2027"."""
    if weekday:
        return date_format(day, pgettext("date format", "l, j F Y"))
    return date_format(day, pgettext("date format", "j F Y"))


def clock_words(time: dt.time) -> str:
    """Return a wall-clock time: "06:00", in Indonesian "06.00"."""
    return time_format(time, pgettext("time format", "H:i"))


def zone_words(zone: str, moments: Sequence[dt.datetime]) -> str:
    """Return what people call a zone: WIB, WITA, WIT; CET while it does not change; else "Berlin time"."""
    labels = {zone_label(zone, moment) for moment in moments}
    if len(labels) == 1 and (label := labels.pop()).isalpha():
        return label
    return gettext("%(city)s time") % {"city": zone.split("/")[-1].replace("_", " ")}


def sessions_words(number: int) -> str:
    """Return "1 session", "8 sessions"."""
    return ngettext("%(number)s session", "%(number)s sessions", number) % {"number": number}


def _rule_words(rule: Rule, start: dt.date) -> str:
    """Return the days of one rule: "Every Tuesday", "On the last day of every month"."""
    phrase = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}[rule.frequency]
    usual = not rule.positions or _names_workday(rule)
    return (phrase(rule, start) if usual else None) or gettext("On the dates of a special rule")


def _daily(rule: Rule, start: dt.date) -> str | None:
    if rule.months or rule.month_days or rule.positions:
        return None
    if rule.weekdays:
        return _each_week(rule.weekdays) if rule.interval == 1 else None
    if rule.interval == 1:
        return gettext("Every day")
    return ngettext("Every %(number)s day", "Every %(number)s days", rule.interval) % {
        "number": rule.interval
    }


def _weekly(rule: Rule, start: dt.date) -> str | None:
    if rule.months or rule.positions:
        return None
    weekdays = rule.weekdays or ((0, start.weekday()),)
    if rule.interval == 1:
        return _each_week(weekdays)
    return ngettext(
        "Every %(number)s week on %(days)s", "Every %(number)s weeks on %(days)s", rule.interval
    ) % {"number": rule.interval, "days": _listed([str(WEEKDAYS[day]) for _, day in weekdays])}


def _each_week(weekdays: Sequence[tuple[int, int]]) -> str:
    if len(weekdays) == 7:
        return gettext("Every day")
    if tuple(weekdays) == WORKDAYS:
        return gettext("Every weekday from Monday to Friday")
    return gettext("Every %(days)s") % {"days": _listed([str(WEEKDAYS[day]) for _, day in weekdays])}


def _monthly(rule: Rule, start: dt.date) -> str | None:
    plain_weekdays = rule.weekdays and not any(number for number, _ in rule.weekdays)
    if plain_weekdays and not (rule.positions or rule.months or rule.month_days) and rule.interval == 1:
        return _each_week(rule.weekdays)
    days = _days_of_month(rule, start)
    if days is None or rule.months:
        return None
    if rule.interval == 1:
        return gettext("On %(days)s of every month") % {"days": days}
    return ngettext(
        "On %(days)s of every %(number)s month", "On %(days)s of every %(number)s months", rule.interval
    ) % {"days": days, "number": rule.interval}


def _yearly(rule: Rule, start: dt.date) -> str | None:
    months = rule.months or (() if rule.month_days or rule.weekdays else (start.month,))
    if not months:
        return None
    if len(months) == 1 and not rule.weekdays:
        [month_day, *more] = rule.month_days or (start.day,)
        # In a leap year, so that 29 February can be written.
        if not more and 0 < month_day <= monthrange(2028, months[0])[1]:
            day = date_format(dt.date(2028, months[0], month_day), pgettext("date format", "j F"))
            return _each_year(rule.interval, day)
    days = _days_of_month(rule, start)
    if days is None:
        return None
    in_months = {"days": days, "months": _listed([str(MONTHS[month]) for month in months])}
    return _each_year(rule.interval, gettext("%(days)s of %(months)s") % in_months)


def _each_year(interval: int, days: str) -> str:
    if interval == 1:
        return gettext("Every year on %(days)s") % {"days": days}
    return ngettext("Every %(number)s year on %(days)s", "Every %(number)s years on %(days)s", interval) % {
        "number": interval,
        "days": days,
    }


def _names_workday(rule: Rule) -> bool:
    """Whether BYSETPOS picks one working day of a month, the one use of it that has a usual name."""
    return (
        rule.frequency in ("MONTHLY", "YEARLY")
        and rule.weekdays == WORKDAYS
        and not rule.month_days
        and len(rule.positions) == 1
        and rule.positions[0] in weekday_numbers()
        and (rule.frequency == "MONTHLY" or len(rule.months) == 1)
    )


def _days_of_month(rule: Rule, start: dt.date) -> str | None:
    """Return "day 17", "the last day", "the second Tuesday", listed; None where there is no usual way."""
    if rule.positions:
        return gettext("the %(number)s weekday from Monday to Friday") % {
            "number": weekday_numbers()[rule.positions[0]]
        }
    if rule.weekdays:
        if rule.month_days or any(number not in weekday_numbers() for number, _ in rule.weekdays):
            return None
        return _listed(
            [
                gettext("the %(number)s %(weekday)s")
                % {"number": weekday_numbers()[number], "weekday": WEEKDAYS[weekday]}
                for number, weekday in sorted(rule.weekdays, key=lambda each: (each[0] < 0, each))
            ]
        )
    days = sorted(rule.month_days or (start.day,), key=lambda day: (day < 0, day))
    return _listed([_day_of_month(day) for day in days])


def _day_of_month(day: int) -> str:
    if day == -1:
        return gettext("the last day")
    if day < 0:
        return gettext("day %(number)s from the end") % {"number": -day}
    return gettext("day %(number)s") % {"number": day}


def weekday_numbers() -> dict[int, str]:
    """Return the words that count the weekdays of a month."""
    return {
        1: pgettext("weekday of the month", "first"),
        2: pgettext("weekday of the month", "second"),
        3: pgettext("weekday of the month", "third"),
        4: pgettext("weekday of the month", "fourth"),
        5: pgettext("weekday of the month", "fifth"),
        -1: pgettext("weekday of the month", "last"),
        -2: pgettext("weekday of the month", "second to last"),
        -3: pgettext("weekday of the month", "third to last"),
        -4: pgettext("weekday of the month", "fourth to last"),
        -5: pgettext("weekday of the month", "fifth to last"),
    }


def _some_dates(days: Sequence[dt.date], *, weekday: bool = False) -> str:
    if len(days) > NAMED_DATES:
        return ngettext("%(number)s date", "%(number)s dates", len(days)) % {"number": len(days)}
    return _listed([day_words(day, weekday=weekday) for day in days])


def _listed(words: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    if len(words) == 1:
        return words[0]
    if len(words) == 2:
        return pgettext("list of two", "%(first)s and %(last)s") % {"first": words[0], "last": words[1]}
    return pgettext("list of three or more", "%(most)s and %(last)s") % {
        "most": ", ".join(words[:-1]),
        "last": words[-1],
    }
