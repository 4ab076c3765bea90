"""An invented evening, what an exact reading of it yields, and the spellings and bytes of real files.

Every name, address and number is invented. What is expected comes from the evening itself, counted second by
second (:func:`seconds_covered`), never from the code under test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

Spell = Callable[[datetime], str]

EVENING = date(2025, 3, 4)  # 03/04 and 04/03: nothing but the schedule tells March from April
START = datetime(2025, 3, 4, 19, 0)
PROVING = date(2025, 3, 14)  # 14 is no month


# ── the evening ──


@dataclass(frozen=True)
class Guest:
    """Somebody invented. ``stays`` are (joined, left) in ``H:MM:SS``; hours from 24 on belong to the next day."""

    name: str
    email: str
    stays: tuple[tuple[str, str], ...]
    first_name: str = ""
    last_name: str = ""
    role: str = "attendee"
    other_name: str = ""
    waited: tuple[str, str] | None = None


GUESTS = (
    Guest("Ayu Utami", "ayu@lms.example", (("18:58:10", "20:35:02"),), "Ayu", "Utami"),
    # A second device inside the first stay, and a third row that overlaps its end.
    Guest(
        "Budi (Budi Lubis)",
        "budi@usaha.example",
        (("19:01:00", "20:31:00"), ("19:30:00", "19:50:00"), ("20:30:30", "20:40:00")),
        "Budi",
        "Lubis",
        other_name="Budi HP",
        waited=("18:55:00", "19:01:00"),
    ),
    # Comes back after a gap; the name holds a comma.
    Guest("Lestari, Indah", "", (("19:05:00", "19:20:00"), ("19:20:30", "20:05:00")), "Indah", "Lestari"),
    Guest("62812******34", "", (("19:10:00", "19:40:00"),)),
    # Three rows of the same time: a platform can print a person several times.
    Guest(
        "Wayan Sudiarta",
        "wayan.sudiarta+zoom@warung.example",
        (("19:00:00", "20:00:00"),) * 3,
        "Wayan",
        "Sudiarta",
    ),
    Guest("José Muñoz", "jose@mercado.example", (("19:45:59", "19:46:00"),), "José", "Muñoz"),
    # Over midnight.
    Guest("Dewi Purnama", "dewi@usaha.example", (("23:50:00", "24:20:00"),), "Dewi", "Purnama"),
)


def moment(day: date, clock: str) -> datetime:
    """Return the moment of ``H:MM:SS`` on a day; 24:20:00 is twenty past midnight."""
    hours, minutes, seconds = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day) + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def seconds_covered(stays: Sequence[tuple[datetime, datetime]]) -> int:
    """The oracle: put every single second of every stay into a set and count the set."""
    origin = datetime(2000, 1, 1)
    inside: set[int] = set()
    for joined, left in stays:
        first = int((joined - origin).total_seconds())
        inside.update(range(first, first + int((left - joined).total_seconds())))
    return len(inside)


# ── what an exact reading yields ──


@dataclass(frozen=True)
class Expected:
    """One person as a reader must give them."""

    name: str
    email: str
    role: str
    first_join: datetime | None
    last_leave: datetime | None
    intervals: int
    merged_seconds: int | None
    minutes: float | None = None


@dataclass(frozen=True)
class Case:
    """A file and everything that must come out of it. ``session_start`` is set where only it settles the dates."""

    label: str
    source: bytes
    format_id: str
    encoding: str
    delimiter: str
    date_order: str | None
    people: tuple[Expected, ...]
    session_start: datetime | None = None
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    topic: str = ""


def expected(
    guest: Guest, day: date, *, whole_minutes: bool = False, role: str | None = None, name: str | None = None
) -> Expected:
    """Return what a reader must say about a guest; ``whole_minutes`` where the format prints no seconds."""
    stays = [(moment(day, joined), moment(day, left)) for joined, left in guest.stays]
    if whole_minutes:
        stays = [(joined.replace(second=0), left.replace(second=0)) for joined, left in stays]
    return Expected(
        name=guest.name if name is None else name,
        email=guest.email.casefold(),
        role=role or guest.role,
        first_join=min(joined for joined, _ in stays),
        last_leave=max(left for _, left in stays),
        intervals=len(stays),
        merged_seconds=seconds_covered(stays),
    )


# ── spellings of a moment ──


def us_12h(at: datetime) -> str:
    return at.strftime("%m/%d/%Y %I:%M:%S %p")


def us_short(at: datetime) -> str:
    """9/16/2022, 5:58:05 PM"""
    return f"{at.month}/{at.day}/{at.year}, {at.hour % 12 or 12}:{at:%M:%S} {at:%p}"


def us_narrow_space(at: datetime) -> str:
    return us_short(at).replace(" AM", "\u202fAM").replace(" PM", "\u202fPM")


def day_first(at: datetime) -> str:
    return at.strftime("%d/%m/%Y %H:%M:%S")


def day_first_minutes(at: datetime) -> str:
    return at.strftime("%d/%m/%Y %H:%M")


def day_first_dots(at: datetime) -> str:
    """Excel with Indonesian settings writes 04/03/2025 19.01."""
    return at.strftime("%d/%m/%Y %H.%M")


def day_first_short_year(at: datetime) -> str:
    return at.strftime("%d/%m/%y, %H:%M:%S")


def day_first_small_pm(at: datetime) -> str:
    """2/1/25, 9:04:01 pm"""
    return f"{at.day}/{at.month}/{at:%y}, {at.hour % 12 or 12}:{at:%M:%S} {'am' if at.hour < 12 else 'pm'}"


def year_first(at: datetime) -> str:
    """2020/12/8 8:35"""
    return f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M}"


def month_name(at: datetime) -> str:
    return f"{MONTHS[at.month - 1]} {at:%d}, {at:%Y} {at:%H:%M:%S}"


def month_name_12h(at: datetime) -> str:
    """Mar 28, 2020 2:20 PM"""
    return f"{MONTHS[at.month - 1]} {at:%d}, {at:%Y} {at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


# ── bytes ──


def encoded(lines: Sequence[str], *, encoding: str = "utf-8", newline: str = "\n") -> bytes:
    return (newline.join(lines) + newline).encode(encoding)


def quoted(cell: str, delimiter: str, *, always: bool = False) -> str:
    if always or any(mark in cell for mark in (delimiter, '"', "\n", "\r")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def line(cells: Sequence[str], delimiter: str = ",", *, always: bool = False, width: int = 0) -> str:
    """Return a line of CSV, padded to ``width`` columns as Excel does when it saves a sheet."""
    padded = [*cells, *[""] * (width - len(cells))]
    return delimiter.join(quoted(cell, delimiter, always=always) for cell in padded)


def minutes_printed(joined: datetime, left: datetime) -> str:
    """Zoom rounds each row up."""
    return str(-(-int((left - joined).total_seconds()) // 60))
