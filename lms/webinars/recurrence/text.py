"""Read and write the text of a recurrence: RRULE, RDATE and EXDATE lines of RFC 5545 (3.3.10, 3.8.5).

Pure: no Django. Strict: what is not understood is refused, never dropped. A value of RDATE, EXDATE and UNTIL
means a calendar date; a time written with it is ignored unless it is an instant (``Z`` or ``TZID``), which
belongs to the date that it has in the zone of the series.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from lms.webinars.recurrence.errors import RuleError

MAX_SESSIONS = 200
MAX_EXCLUDED = 366
MAX_RULES = 5
MAX_LENGTH = 20_000
FIRST_DATE = dt.date(1970, 1, 1)
LAST_DATE = dt.date(2199, 12, 31)
#: Largest INTERVAL for each frequency: a year of days, weeks and months, a decade of years.
MAX_INTERVAL = {"DAILY": 366, "WEEKLY": 53, "MONTHLY": 12, "YEARLY": 10}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

#: A calendar date, or an aware instant whose date depends on the zone of the series.
CalendarDate = dt.date | dt.datetime

_LINE = re.compile(
    r"(RRULE|EXRULE|RDATE|EXDATE|DTSTART|DTEND)((?:;[A-Z-]+=[^;:\r\n]*)*):(.*)", re.ASCII | re.I
)
_PART = re.compile(r"([A-Z-]+)=([^=]+)", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,6}", re.ASCII)
_WEEKDAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z)?)?", re.ASCII | re.I)
_TIME_PARTS = {"BYHOUR", "BYMINUTE", "BYSECOND"}
_OTHER_PARTS = {"BYWEEKNO", "BYYEARDAY", "BYEASTER", "RSCALE", "SKIP"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One RRULE. Weekdays are pairs (number within the month or year, 0 for each; weekday, Monday is 0)."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: CalendarDate | None = None
    week_start: int = 0
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All that one text says. Without rules the first date of the series is the only one, plus ``extra``."""

    rules: tuple[Rule, ...] = ()
    extra: tuple[CalendarDate, ...] = ()
    excluded: tuple[CalendarDate, ...] = ()


def zone_of(name: str) -> ZoneInfo:
    """Return the zone of an IANA name.

    Raises:
        RuleError: ``unknown_zone``.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        raise RuleError("unknown_zone", zone=str(name)) from None


def local_date(value: CalendarDate, zone: ZoneInfo) -> dt.date:
    """Return the calendar date that a value means in the zone of the series."""
    return value.astimezone(zone).date() if isinstance(value, dt.datetime) else value


def parse(text: str) -> RuleSet:
    """Read the text of a recurrence.

    Args:
        text: lines of RFC 5545, folded or not, in any letter case; empty for a series that does not repeat.

    Returns:
        The rule set; dates sorted and free of duplicates, parts in a fixed order.

    Raises:
        RuleError: with the first fault found. All limits that need no first date are checked here.
    """
    if len(text) > MAX_LENGTH:
        raise RuleError("too_long", length=len(text), limit=MAX_LENGTH)
    rules: list[Rule] = []
    extra: set[CalendarDate] = set()
    excluded: set[CalendarDate] = set()
    unfolded = re.sub(r"\r?\n[ \t]", "", text.strip())
    for line in filter(None, (line.strip() for line in re.split(r"\r\n|\n|\r", unfolded))):
        match = _LINE.fullmatch(line)
        if match is None:
            raise RuleError("bad_line", line=line)
        name, parameters, value = match[1].upper(), match[2], match[3]
        if name in ("DTSTART", "DTEND"):
            raise RuleError("start_in_rule", name=name)
        if name == "EXRULE":
            raise RuleError("exrule")
        if name == "RRULE":
            if parameters:
                raise RuleError("bad_line", line=line)
            rules.append(_rule(value))
            if len(rules) > MAX_RULES:
                raise RuleError("too_many_rules", limit=MAX_RULES)
        else:
            (extra if name == "RDATE" else excluded).update(_dates(value, parameters, line))
    if len(extra) > MAX_SESSIONS:
        raise RuleError("too_many_extra_dates", limit=MAX_SESSIONS)
    if len(excluded) > MAX_EXCLUDED:
        raise RuleError("too_many_excluded_dates", limit=MAX_EXCLUDED)
    for rule in rules:
        if rule.count is not None and rule.count > MAX_SESSIONS + len(excluded):
            raise RuleError("too_many_sessions", limit=MAX_SESSIONS)
    return RuleSet(
        tuple(dict.fromkeys(rules)), tuple(sorted(extra, key=stamp)), tuple(sorted(excluded, key=stamp))
    )


def stamp(value: CalendarDate) -> str:
    """Write a date as ``20270817``, an instant as ``20270816T230000Z``."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    return value.strftime("%Y%m%d")


def write(rule_set: RuleSet) -> str:
    """Return the canonical text. One date a line: django-recurrence reads only the first of an RDATE list."""
    lines = [f"RRULE:{_rule_text(rule)}" for rule in rule_set.rules]
    lines += [f"RDATE:{stamp(value)}" for value in rule_set.extra]
    lines += [f"EXDATE:{stamp(value)}" for value in rule_set.excluded]
    return "\n".join(lines)


def normalise(text: str, zone: str | None = None) -> str:
    """Return the canonical form of a text; with a zone, instants become the calendar dates they have there.

    Idempotent. Raises ``RuleError`` like :func:`parse`.
    """
    rule_set = parse(text)
    if zone is None:
        return write(rule_set)
    place = zone_of(zone)

    def dates(values: Iterable[CalendarDate]) -> tuple[dt.date, ...]:
        return tuple(sorted({local_date(value, place) for value in values}))

    rules = tuple(
        rule if rule.until is None else replace(rule, until=local_date(rule.until, place))
        for rule in rule_set.rules
    )
    return write(RuleSet(rules, dates(rule_set.extra), dates(rule_set.excluded)))


def _rule(text: str) -> Rule:
    parts: dict[str, str] = {}
    for piece in filter(None, text.upper().split(";")):
        match = _PART.fullmatch(piece.strip())
        if match is None:
            raise RuleError("bad_part", part=piece)
        name, value = match[1], match[2].strip()
        if name in parts:
            raise RuleError("repeated_part", part=name)
        parts[name] = value
    if "FREQ" not in parts:
        raise RuleError("no_frequency")
    frequency = parts.pop("FREQ")
    if frequency not in MAX_INTERVAL:
        raise RuleError("bad_frequency", value=frequency)
    if "COUNT" in parts and "UNTIL" in parts:
        raise RuleError("count_and_until")
    readers: dict[str, tuple[str, Callable[[str], object]]] = {
        "INTERVAL": ("interval", lambda value: _number("INTERVAL", value, 1, MAX_INTERVAL[frequency])),
        "COUNT": ("count", _count),
        "UNTIL": ("until", _date),
        "WKST": ("week_start", _week_start),
        "BYMONTH": ("months", lambda value: _numbers("BYMONTH", value, 1, 12)),
        "BYMONTHDAY": ("month_days", lambda value: _numbers("BYMONTHDAY", value, 1, 31, signed=True)),
        "BYDAY": ("weekdays", lambda value: _weekdays(value, frequency)),
        "BYSETPOS": ("positions", lambda value: _numbers("BYSETPOS", value, 1, 366, signed=True)),
    }
    values: dict[str, object] = {}
    for name, value in parts.items():
        if name in _TIME_PARTS:
            raise RuleError("time_in_rule", part=name)
        if name in _OTHER_PARTS:
            raise RuleError("unsupported_part", part=name)
        if name not in readers:
            raise RuleError("bad_part", part=f"{name}={value}")
        attribute, read = readers[name]
        values[attribute] = read(value)
    rule = Rule(frequency, **values)  # type: ignore[arg-type]
    if rule.count is None and rule.until is None:
        raise RuleError("no_end")
    if rule.month_days and frequency == "WEEKLY":
        raise RuleError("weekly_month_day")
    if rule.positions and not (rule.weekdays or rule.month_days or rule.months):
        raise RuleError("position_alone")
    return rule


def _number(part: str, value: str, low: int, high: int, *, signed: bool = False) -> int:
    value = value.strip()
    number = int(value) if _NUMBER.fullmatch(value) else None
    if number is None or not low <= (abs(number) if signed else number) <= high:
        code = {"INTERVAL": "bad_interval", "COUNT": "bad_count"}.get(part, "bad_number")
        raise RuleError(code, part=part, value=value, low=low, high=high)
    return number


def _count(value: str) -> int:
    """Read COUNT. It may exceed the sessions by the excluded dates; ``parse`` decides when it knows them."""
    if re.fullmatch(r"0*[1-9][0-9]{2,99}", value.strip(), re.ASCII):
        if int(value) > MAX_SESSIONS + MAX_EXCLUDED:
            raise RuleError("too_many_sessions", limit=MAX_SESSIONS)
        return int(value)
    return _number("COUNT", value, 1, MAX_SESSIONS)


def _numbers(part: str, value: str, low: int, high: int, *, signed: bool = False) -> tuple[int, ...]:
    return tuple(sorted({_number(part, item, low, high, signed=signed) for item in value.split(",")}))


def _week_start(value: str) -> int:
    if value.strip() not in WEEKDAYS:
        raise RuleError("bad_weekday", value=value)
    return WEEKDAYS.index(value.strip())


def _weekdays(value: str, frequency: str) -> tuple[tuple[int, int], ...]:
    days: set[tuple[int, int]] = set()
    for item in value.split(","):
        match = _WEEKDAY.fullmatch(item.strip())
        if match is None:
            raise RuleError("bad_weekday", value=item)
        number = int(match[1]) if match[1] else 0
        if match[1] and frequency not in ("MONTHLY", "YEARLY"):
            raise RuleError("numbered_weekday", value=item)
        if match[1] and not 1 <= abs(number) <= (5 if frequency == "MONTHLY" else 53):
            raise RuleError("bad_weekday", value=item)
        days.add((number, WEEKDAYS.index(match[2])))
    return tuple(sorted(days))


def _dates(value: str, parameters: str, line: str) -> list[CalendarDate]:
    place: ZoneInfo | None = None
    for parameter in filter(None, parameters.split(";")):
        name, _, setting = parameter.partition("=")
        if name.upper() == "TZID":
            place = zone_of(setting.strip('"'))
        elif name.upper() != "VALUE" or setting.upper() not in ("DATE", "DATE-TIME"):
            raise RuleError("bad_line", line=line)
    return [_date(item, place) for item in value.split(",")]


def _date(text: str, place: ZoneInfo | None = None) -> CalendarDate:
    """Read a date, or an instant where a zone or ``Z`` makes the time mean one."""
    match = _DATE.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        date = dt.date(int(match[1]), int(match[2]), int(match[3]))
        moment = dt.time(int(match[4]), int(match[5]), min(int(match[6]), 59)) if match[4] else None
    except ValueError:
        raise RuleError("bad_date", value=text.strip()) from None
    if not FIRST_DATE <= date <= LAST_DATE:
        raise RuleError("date_out_of_range", date=date, low=FIRST_DATE, high=LAST_DATE)
    if moment is None or not (match[7] or place):
        return date
    return dt.datetime.combine(date, moment, tzinfo=dt.UTC if match[7] else place).astimezone(dt.UTC)


def _rule_text(rule: Rule) -> str:
    parts = [f"FREQ={rule.frequency}"]
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.week_start:
        parts.append(f"WKST={WEEKDAYS[rule.week_start]}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.until is not None:
        parts.append(f"UNTIL={stamp(rule.until)}")
    for name, numbers in (("BYMONTH", rule.months), ("BYMONTHDAY", rule.month_days)):
        if numbers:
            parts.append(f"{name}={','.join(map(str, numbers))}")
    if rule.weekdays:
        parts.append("BYDAY=" + ",".join(f"{number or ''}{WEEKDAYS[day]}" for number, day in rule.weekdays))
    if rule.positions:
        parts.append(f"BYSETPOS={','.join(map(str, rule.positions))}")
    return ";".join(parts)
