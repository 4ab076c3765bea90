"""What a platform's module offers to the reader, and what the reader offers to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from .people import Roster
from .remarks import Remarks
from .report import Meeting
from .tables import Row, Rows, fields_of
from .timestamps import DatePart, Timestamps, plain, read_date


@dataclass(slots=True)
class Sink:
    """Where a platform's module puts what it finds.

    ``stamps`` reads times of joining and leaving, ``other_stamps`` every other date (summary, registrations):
    they can settle the date order, and their own meaning depends on it. ``meeting_marks`` are the start and
    end of the meeting in marks of ``other_stamps``; ``loose_dates`` are further dates as text, without their
    time of day. ``stated_zone`` is a zone that column names state; ``month_first`` is what the language of
    the column names suggests, used only where nobody's attendance depends on it.
    """

    format_id: str = ""
    roster: Roster = field(default_factory=Roster)
    stamps: Timestamps = field(default_factory=Timestamps)
    other_stamps: Timestamps = field(default_factory=Timestamps)
    meeting: Meeting = field(default_factory=Meeting)
    meeting_marks: dict[str, int] = field(default_factory=dict)
    warnings: Remarks = field(default_factory=Remarks)
    notes: Remarks = field(default_factory=Remarks)
    loose_dates: set[str] = field(default_factory=set)
    stated_zone: str | None = None
    only_totals: bool = False
    month_first: bool = True

    def elsewhere(self) -> list[DatePart]:
        """Return the dates of the file that are not times of joining or leaving."""
        loose = (read_date(plain(text)) for text in sorted(self.loose_dates))
        return self.other_stamps.parts + [part for part in loose if part]


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform. Adding one means a module with such a value, and its name in ``reader.PLATFORMS``.

    ``score(rows)`` says how many column names of a table of participants the first rows hold (0: not mine);
    ``read(rows, sink)`` reads all rows; ``wrong_kind(rows)`` may name another report of the platform by error
    code.
    """

    name: str
    label: str
    words: Mapping[str, str]
    score: Callable[[Sequence[Row]], int]
    read: Callable[[Rows, Sink], None]
    wrong_kind: Callable[[Sequence[Row]], str | None] = lambda rows: None

    def recognised(self, rows: Sequence[Row]) -> list[str]:
        """Return the column names of the best row, as printed: what to say when no table was found."""
        best: list[str] = []
        for row in rows:
            known = [
                cell.strip() for cell, known in zip(row, fields_of(row, self.words), strict=True) if known
            ]
            if len(known) > len(best):
                best = known
        return best


def header_score(
    rows: Sequence[Row], words: Mapping[str, str], is_header: Callable[[Sequence[str | None]], bool]
) -> int:
    """Return the number of different fields that the best header row names; 0 without a header row."""
    best = 0
    for row in rows:
        fields = fields_of(row, words)
        if is_header(fields):
            best = max(best, len({field for field in fields if field}))
    return best
