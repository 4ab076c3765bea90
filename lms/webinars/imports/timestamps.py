"""Dates and times as the platforms print them, read fast and without guessing the order of day and month.

No report carries a date order or a zone, and libraries that decide value by value read ``14/11/22`` as 14
November and ``11/12/2020`` as 12 November in one column. Here a cell becomes a *mark*, an integer that holds
the number of its date part and the seconds since midnight; what the date parts mean is decided once for the
whole file, when all are known (:func:`settle`). Each spelling is read once and remembered, so a report of
100,000 rows needs a few thousand readings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .errors import AmbiguousDates, ConflictingDates

# A mark is (number of the date part << SHIFT) | seconds since midnight; there is room for the next day's seconds.
SHIFT = 18
MASK = (1 << SHIFT) - 1
BLANK = -1
UNREADABLE = -2

DAY = 86_400
DAY_ONE = datetime.min  # noqa: DTZ901 - printed times have no zone
# Zoom ends a meeting after 30 hours; a start further away belongs to another session.
NEAR_SECONDS = 36 * 3600
FIRST_YEAR, LAST_YEAR = 2000, 2099
REMEMBERED = 1 << 16

PLACEHOLDERS = frozenset({"", "-", "--", "---", "na", "n/a", "null", "none", "–", "—"})

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari ene enero janvier janeiro januar gennaio",
            "feb february februari febrero février fevereiro fev februar febbraio",
            "mar march maret marzo mars março märz mrt maart",
            "apr april abr abril avril aprile",
            "may mei mayo mai maio maggio",
            "jun june juni junio juin junho giugno",
            "jul july juli julio juillet julho luglio",
            "aug august agu agt agustus ago agosto août augustus",
            "sep sept september septiembre setiembre septembre setembro set settembre",
            "oct october okt oktober octubre octobre outubro out ottobre",
            "nov november noviembre novembre novembro",
            "dec december des desember dic diciembre décembre dezembro dez dezember dicembre",
        ),
        1,
    )
    for name in names.split()
}

CLOCK = re.compile(
    r"(?:^|[\s,T])(?P<before>午前|午後|오전|오후)?\s*"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<after>[ap]\.?\s?m\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
NUMERIC = re.compile(r"(\d{1,4})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{1,4})\.?$")
CJK = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]$")
MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?[\s-](\d{1,2}),?[\s-](\d{4})$")
DAY_FIRST = re.compile(r"(\d{1,2})\.?[\s-](?:de\s)?([^\W\d_]+)\.?,?[\s-](?:de\s)?(\d{4}|\d{2})$")


@dataclass(frozen=True, slots=True)
class DatePart:
    """A date as printed, and what it is in each order (``None`` where it is no date).

    ``order`` is ``ymd``, ``mdy`` or ``dmy`` where the spelling itself says it; all readings are equal then.
    """

    text: str
    order: str | None
    mdy: date | None
    dmy: date | None
    ymd: date | None = None

    def read(self, order: str | None) -> date | None:
        """Return the date in an order; a spelling that says its own order does not care."""
        if self.order or order == "mdy":
            return self.mdy
        return self.ymd if order == "ymd" else self.dmy

    @property
    def proves(self) -> str | None:
        """The order that this numeric date proves: with a component above 12 only one reading is a date."""
        if self.order is not None or bool(self.mdy) == bool(self.dmy):
            return None
        return "mdy" if self.mdy else "dmy"


class Timestamps(dict[str, int]):
    """Cell → mark. ``stamps[cell]`` reads a cell once; ``BLANK`` and ``UNREADABLE`` are negative."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[DatePart] = []
        self.zones: set[str | None] = set()  # None for times without a zone
        self._numbers: dict[str, int] = {}

    @property
    def zone(self) -> str | None:
        """The zone that the times themselves state, if it is the same for all."""
        return next(iter(self.zones)) if len(self.zones) == 1 else None

    def __missing__(self, cell: str) -> int:
        mark = self._read(cell)
        if len(self) < REMEMBERED:
            self[cell] = mark
        return mark

    def _read(self, cell: str) -> int:
        text = plain(cell)
        if text.casefold() in PLACEHOLDERS:
            return BLANK
        clock = CLOCK.search(text)
        if clock is None:
            return UNREADABLE
        since_midnight = seconds_since_midnight(clock)
        date_text = text[: clock.start()].rstrip(" ,")
        if since_midnight is None or not date_text:
            return UNREADABLE
        number = self._numbers.get(date_text)
        if number is None:
            part = read_date(date_text)
            number = UNREADABLE if part is None else len(self.parts)
            if part is not None:
                self.parts.append(part)
            if len(self._numbers) < REMEMBERED:
                self._numbers[date_text] = number
        if number < 0:
            return UNREADABLE
        self.zones.add(zone_name(clock["zone"]))
        return number << SHIFT | since_midnight


def zone_name(text: str | None) -> str | None:
    """Return ``UTC`` or an offset such as ``+07:00`` for what follows a time; ``None`` where nothing does."""
    if not text:
        return None
    return "UTC" if text.isalpha() else f"{text[:3]}:{text[-2:]}"


def plain(cell: str) -> str:
    """Return a cell without odd characters: no-break spaces, full-width digits, marks of direction."""
    if not cell.isascii():
        cell = unicodedata.normalize("NFKC", cell).replace("\u200e", "").replace("\u200f", "")
    return " ".join(cell.split())


def clock_only(cell: str) -> int | None:
    """Return the seconds since midnight of a cell that has a time but no date; ``None`` for anything else."""
    clock = CLOCK.match(plain(cell))
    return None if clock is None else seconds_since_midnight(clock)


def seconds_since_midnight(clock: re.Match[str]) -> int | None:
    """Return the seconds of a matched time of day, 12 or 24 hours; ``None`` where no clock shows it."""
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    half = (clock["after"] or "")[:1].casefold() or {"午前": "a", "오전": "a", "午後": "p", "오후": "p"}.get(
        clock["before"] or ""
    )
    # “13:05 PM” is written by careless tools and means what it says; “00:20 AM” likewise.
    if half and hour == 12:
        hour = 0
    if half == "p" and hour < 12:
        hour += 12
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * 3600 + minute * 60 + second


def read_date(text: str) -> DatePart | None:
    """Read a date part in every order that makes it a date from 2000 to 2099; ``None`` if none does."""
    if found := CJK.match(text):
        year, month, day = map(int, found.groups())
        return _spelt(text, "ymd", _day(year, month, day))
    if found := NUMERIC.match(text):
        first, second, third = found.groups()
        if len(first) == 4:
            return _spelt(text, "ymd", _day(int(first), int(second), int(third)))
        if len(first) > 2 or len(third) not in (2, 4):
            return None
        year = int(third) + (2000 if len(third) == 2 else 0)
        mdy, dmy = _day(year, int(first), int(second)), _day(year, int(second), int(first))
        # No platform prints 23/03/10 for 2023; it is read so only when somebody asks for it.
        ymd = _day(2000 + int(first), int(second), int(third)) if len(third) == 2 else None
        return DatePart(text, None, mdy, dmy, ymd) if mdy or dmy or ymd else None
    if found := MONTH_FIRST.match(text):
        name, day_text, year_text = found.groups()
        return _spelt(text, "mdy", _day(int(year_text), MONTHS.get(name.casefold(), 0), int(day_text)))
    if found := DAY_FIRST.match(text):
        day_text, name, year_text = found.groups()
        year = int(year_text) + (2000 if len(year_text) == 2 else 0)
        return _spelt(text, "dmy", _day(year, MONTHS.get(name.casefold(), 0), int(day_text)))
    return None


def _spelt(text: str, order: str, day: date | None) -> DatePart | None:
    return DatePart(text, order, day, day, day) if day else None


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days_of(parts: Sequence[DatePart], order: str | None) -> list[int | None]:
    """Return for each date part its day in seconds since day 0 of the calendar, ``None`` if impossible."""
    return [None if (day := part.read(order)) is None else day.toordinal() * DAY for part in parts]


def instant(moment: datetime) -> int:
    """Return a naive moment on the scale of :func:`days_of`."""
    return moment.toordinal() * DAY + moment.hour * 3600 + moment.minute * 60 + moment.second


def moment_of(second: int) -> datetime:
    """Return the naive moment of a second on the scale of :func:`days_of`; the inverse of :func:`instant`."""
    return DAY_ONE + timedelta(seconds=second - DAY)


def settle(
    stamps: Timestamps,
    *,
    starts: Iterable[int],
    ends: Iterable[int],
    elsewhere: Sequence[DatePart],
    session_start: datetime | None,
    date_order: str | None,
) -> str | None:
    """Decide the order of day and month, once for the whole file.

    Spelt-out months and leading years decide themselves; then any numeric date with a component above 12, in
    the times of joining and leaving first, ``elsewhere`` in the file (summary, registrations) next; then the
    only order that puts every start within 36 hours of ``session_start``. ``starts`` and ``ends`` are marks.

    Returns: ``"mdy"``, ``"dmy"``, ``"ymd"``, or ``None`` without dates.
    Raises: ``AmbiguousDates``, ``ConflictingDates``.
    """
    numeric = [part for part in stamps.parts if part.order is None]
    if not numeric:
        return stamps.parts[0].order if stamps.parts else None
    order = _proved(numeric, date_order) or _proved_elsewhere(elsewhere)
    if order:
        return order
    doubtful = next((part for part in numeric if part.mdy != part.dmy), None)
    if doubtful is None:
        return "mdy"  # 03/03/2025 and the like: both orders say the same.
    if session_start is not None:
        if order := _near(stamps.parts, list(starts), list(ends), instant(session_start)):
            return order
    # Both readings exist: a date with only one would have proved its order.
    readings = {"mdy": doubtful.mdy or date.min, "dmy": doubtful.dmy or date.min}
    code = "ambiguous_dates" if session_start is None else "ambiguous_dates_far"
    raise AmbiguousDates(code, example=doubtful.text, readings=readings)


def _proved(numeric: Sequence[DatePart], date_order: str | None) -> str | None:
    """The order that the times themselves prove; an order asked for must not contradict them."""
    examples = {part.proves: part.text for part in reversed(numeric) if part.proves}
    if date_order:
        impossible = next((part.text for part in numeric if part.read(date_order) is None), None)
        if impossible and date_order not in examples:
            raise ConflictingDates("date_order_contradicted", example=impossible)
        return date_order
    if len(examples) == 2:
        raise ConflictingDates("mixed_dates", month_first=examples["mdy"], day_first=examples["dmy"])
    return next(iter(examples), None)


def _proved_elsewhere(parts: Sequence[DatePart]) -> str | None:
    proved = {part.proves for part in parts if part.proves}
    return proved.pop() if len(proved) == 1 else None


def _near(parts: Sequence[DatePart], starts: list[int], ends: list[int], scheduled: int) -> str | None:
    """The only order in which all starts are near the session; if both are, the one for the ends too."""
    orders = ["mdy", "dmy"]
    for marks in (starts, ends):
        orders = [order for order in orders if _all_near(days_of(parts, order), marks, scheduled)]
        if len(orders) == 1:
            return orders[0]
    return None


def _all_near(days: list[int | None], marks: list[int], scheduled: int) -> bool:
    return all(
        (day := days[mark >> SHIFT]) is not None and abs(day + (mark & MASK) - scheduled) <= NEAR_SECONDS
        for mark in marks
    )
