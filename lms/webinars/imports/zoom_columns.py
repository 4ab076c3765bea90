"""Which column of a Zoom table holds what, which kind of table a row of column names begins, what cells say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .tables import Row, cell, fold, folded_words
from .zoom_words import COLUMNS, SECTIONS, YES

WORDS = folded_words(COLUMNS)
MINUTES = re.compile(r"\d{1,6}(?:[.,]\d{1,6})?$")
Fields = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a table keeps what; ``None`` for a column that it does not have."""

    name: int | None
    first_name: int | None
    last_name: int | None
    email: int | None
    join: int | None
    leave: int | None
    minutes: int | None
    waiting: int | None
    attended: int | None
    registered: int | None

    @property
    def has_times(self) -> bool:
        """Whether the table has a row for each stay, not only totals."""
        return self.join is not None and self.leave is not None

    def swallowed(self, row: Row) -> bool:
        """Whether a cell that holds no free text runs over lines, as happens where a quotation mark is missing."""
        places = (self.name, self.first_name, self.last_name, self.email, self.join, self.leave)
        last = max(place for place in (*places, 0) if place is not None)
        return any(
            "\n" in text for text in (row if len(row) <= last else [cell(row, place) for place in places])
        )


def is_stays_header(fields: Fields) -> bool:
    """Columns of a table with a row for each stay."""
    return "join" in fields and "leave" in fields and bool({"name", "first_name", "email"} & set(fields))


def is_totals_header(fields: Fields) -> bool:
    """Columns of “Show unique users”: a total a person and no times."""
    if "join" in fields or "leave" in fields or not {"name", "first_name"} & set(fields):
        return False
    return "total" in fields or ("minutes" in fields and not is_meeting_header(fields))


def is_meeting_header(fields: Fields) -> bool:
    """Columns of the lines about the meeting itself."""
    return "join" not in fields and len({"topic", "meeting_id", "start", "participants"} & set(fields)) >= 2


def is_table_header(fields: Fields) -> bool:
    return is_stays_header(fields) or is_totals_header(fields)


def columns_of(fields: Fields) -> Columns:
    """Choose the columns; the same word can stand twice.

    In the wide export the host's name and e-mail come before the participant's, and questions of the
    registration form become columns after all others. So the times are found first; the name is the last one
    before them, everything else the first one from the name on.
    """
    total = "total" if "total" in fields else "minutes"
    anchor = fields.index("join" if "join" in fields else total)
    before = [place for place in range(anchor) if fields[place] == "name"]
    name = before[-1] if before else _first(fields, "name", 0)
    first_name = _first(fields, "first_name", 0)
    begin = min(place for place in (name, first_name, anchor) if place is not None)
    return Columns(
        name=name,
        first_name=first_name,
        last_name=_first(fields, "last_name", 0),
        email=_first(fields, "email", begin),
        join=_first(fields, "join", begin),
        leave=_first(fields, "leave", begin),
        minutes=_first(fields, total, begin),
        waiting=_first(fields, "waiting", begin),
        attended=_first(fields, "attended", 0),
        registered=_first(fields, "registered", begin),
    )


def _first(fields: Fields, field: str, begin: int) -> int | None:
    """The first column of a field from a place on, else the first at all."""
    places = [place for place, known in enumerate(fields) if known == field]
    return next((place for place in places if place >= begin), places[0] if places else None)


def section_role(title: str) -> str | None:
    """Return the role of a webinar section by its folded title; ``None`` for any other line."""
    for role, beginnings in SECTIONS.items():
        if title.startswith(beginnings):
            return role
    return None


class YesCells(dict[str, bool]):
    """Cell → whether it says yes, in any language."""

    def __missing__(self, text: str) -> bool:
        answer = self[text] = fold(text) in YES
        return answer


class MinuteCells(dict[str, float]):
    """Cell → minutes as printed, -1 where there are none."""

    def __missing__(self, text: str) -> float:
        found = MINUTES.match(text.strip())
        answer = self[text] = float(found[0].replace(",", ".")) if found else -1.0
        return answer
