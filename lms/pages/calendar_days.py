"""What a calendar of sessions is made of: zones to choose, days with their sessions, months; dates as addresses say them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from lms import conf
from lms.core import clock
from lms.pages.agenda import Session
from lms.pages.listing import CurriculumName
from lms.pages.listing_choices import Filter

#: Sessions of one day in a month's table; the day's own list has the others.
PER_CELL = 3


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone to choose: ``value`` is what addresses say, such as ``wita``."""

    value: str
    name: str
    label: str


@dataclass(slots=True)
class Sitting:
    """A session in the calendar: with its clock in the chosen zone and its curriculum's colour."""

    session: Session
    day: dt.date
    clock: str
    curriculum: CurriculumName | None
    over: bool


@dataclass(slots=True)
class Day:
    """A day of the calendar in the chosen zone."""

    date: dt.date
    sittings: list[Sitting] = field(default_factory=list)
    inside: bool = True
    today: bool = False

    @property
    def shown(self) -> list[Sitting]:
        """Those that a cell has room for."""
        return self.sittings[:PER_CELL]

    @property
    def more(self) -> int:
        """How many it has no room for."""
        return max(len(self.sittings) - PER_CELL, 0)


@dataclass(slots=True)
class Schedule:
    """What the page shows. ``month`` is None for the agenda of what comes next."""

    zone: Zone
    filters: list[Filter]
    days: list[Day]
    month: dt.date | None
    today: dt.date
    found: int = 0
    page: int = 1
    pages: int = 1
    weeks: list[list[Day]] = field(default_factory=list)
    weekdays: list[tuple[str, str]] = field(default_factory=list)
    earliest: dt.date | None = None
    latest: dt.date | None = None
    changes_at: dt.datetime | None = None
    following: Sitting | None = None
    unknown: list[str] = field(default_factory=list)

    @property
    def before(self) -> dt.date | None:
        """The month before, if something lies there or before it."""
        found = month_from(self.month or self.today.replace(day=1), -1)
        return found if self.earliest and self.earliest.replace(day=1) <= found else None

    @property
    def after(self) -> dt.date | None:
        """The month after, if something lies there or after it."""
        found = month_from(self.month or self.today.replace(day=1), 1)
        return found if self.latest and found <= self.latest.replace(day=1) else None


def zones() -> list[Zone]:
    """Return the zones to choose from: those of ``LMS["ZONES"]`` by the names that people call them."""
    found = []
    for name in conf.ZONES:
        label = clock.zone_label(name)
        value = label.lower() if label.isalpha() else name
        found.append(Zone(value, name, label))
    return found


def month_in(text: str) -> dt.date | None:
    """Return the first day of the month that ``2026-03`` names, or None where it names none.

    Args:
        text: what an address says.
    """
    try:
        found = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 and len(text) == 7 else None


def day_in(text: str) -> dt.date | None:
    """Return the day that ``2026-03-02`` names, or None where it names none."""
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 and len(text) == 10 else None


def default_zone() -> Zone:
    """Return the zone of the programme, which a visitor sees who chose none."""
    name = clock.default_zone()
    return next((each for each in zones() if each.name == name), Zone("", name, clock.zone_label(name)))


def midnight(day: dt.date, zone: Zone) -> dt.datetime:
    """Return when a day begins in a zone (aware)."""
    return dt.datetime.combine(day, dt.time(), tzinfo=ZoneInfo(zone.name))


def day_after(day: dt.date) -> dt.date:
    """Return the next day."""
    return day + dt.timedelta(days=1)


def month_from(first: dt.date, step: int) -> dt.date:
    """Return the first day of the month that lies so many months after one, or before it."""
    number = first.year * 12 + first.month - 1 + step
    return dt.date(number // 12, number % 12 + 1, 1)
