"""What a reader gives back: plain values, no database. Times are as printed: naive, in the account's zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .messages import FLAGS, REMARKS

Span = tuple[datetime, datetime]

# Of two roles that a person has in one report, the later one in this list stays.
ROLES = ("no-show", "other", "attendee", "panelist", "host")


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence about the file or a row of it; translate with ``gettext(message) % values``.

    ``row`` counts records from 1 as a spreadsheet program shows them, blank ones included.
    """

    code: str
    row: int | None = None
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return REMARKS[self.code]

    @property
    def values(self) -> dict[str, Any]:
        return {"row": self.row, **self.params}

    @property
    def text(self) -> str:
        """The sentence in English."""
        return self.message % self.values


@dataclass(slots=True)
class PersonInReport:
    """One person of the report: an e-mail address, or a name where the platform prints none.

    ``email`` is trimmed and case-folded, otherwise as printed (platforms cut some short: see ``flags``).
    ``role`` is one of :data:`ROLES`; ``other`` are people outside registration, mostly phones. ``intervals``
    are the counted rows as printed, sorted, overlaps included; ``open_joins`` are times of joining that have no
    time of leaving: whoever knows the end of the session closes them.
    ``merged_seconds`` is the length of the union of ``intervals``; ``None`` for no-shows and where the report
    prints no times. ``duration_only_minutes`` is the platform's total then.
    """

    name: str
    email: str
    role: str
    first_join: datetime | None = None
    last_leave: datetime | None = None
    intervals: list[Span] = field(default_factory=list)
    merged_seconds: int | None = None
    duration_only_minutes: float | None = None
    flags: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    open_joins: tuple[datetime, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All names that the person goes by in the report, the first one first."""
        return (self.name, *self.other_names) if self.name else self.other_names

    @property
    def merged_minutes(self) -> float | None:
        """Minutes with two decimals, for people to read; rules compare seconds."""
        return None if self.merged_seconds is None else round(self.merged_seconds / 60, 2)

    @property
    def summed_seconds(self) -> int:
        """What a plain sum of the rows would give: only to show why it is not used."""
        return int(sum((leave - join).total_seconds() for join, leave in self.intervals))

    @property
    def flag_texts(self) -> list[str]:
        """The flags in English."""
        return [FLAGS[flag] for flag in self.flags]


@dataclass(slots=True)
class Meeting:
    """What the report prints about the meeting itself; anything may be missing."""

    topic: str = ""
    meeting_id: str = ""
    host_name: str = ""
    host_email: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(slots=True)
class Report:
    """A whole report. ``warnings`` name rows not counted or in doubt, ``notes`` assumptions about the file.

    ``encoding`` is ``utf-8``, ``utf-8-sig``, ``utf-16`` or ``cp1252``; ``date_order`` ``mdy``, ``dmy``,
    ``ymd`` or ``None`` where the file has no dates; ``zone`` is what the file itself states (``UTC``,
    ``+07:00``), mostly nothing.
    """

    platform: str
    format_id: str
    encoding: str
    delimiter: str
    date_order: str | None = None
    zone: str | None = None
    meeting: Meeting = field(default_factory=Meeting)
    warnings: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    people: list[PersonInReport] = field(default_factory=list)

    @property
    def merged_seconds(self) -> int:
        """The seconds of everybody together, host and panelists included."""
        return sum(person.merged_seconds or 0 for person in self.people)

    def count(self, role: str) -> int:
        """How many people have this role."""
        return sum(person.role == role for person in self.people)
