"""Google Meet: the attendance file that a Workspace organiser is sent.

It prints when somebody joined first and left last, mostly without a date, and one duration. Coming and going
in between is not in it, so the duration is the only total there is: nobody gets intervals.
"""

from __future__ import annotations

from collections.abc import Sequence

from .durations import minutes_of
from .platforms import Platform, Sink, header_score
from .tables import Row, Rows, cell, fields_of, folded_words, is_blank

COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "name": ("Name", "Participant name"),
        "first_name": ("First name",),
        "last_name": ("Last name",),
        "email": ("Email", "Email address"),
        "duration": ("Duration", "Time in call"),
        "joined": ("Time joined",),
        "exited": ("Time exited",),
    },
}
WORDS = folded_words(COLUMNS)
SHOWN = 80


def is_header(fields: Sequence[str | None]) -> bool:
    known = set(fields)
    return (
        "duration" in known
        and bool({"joined", "exited"} & known)
        and bool({"name", "first_name", "email"} & known)
    )


def read(rows: Rows, sink: Sink) -> None:
    """Read all rows below the column names."""
    sink.format_id, sink.only_totals = "meet", True
    columns: dict[str, int] = {}
    for number, row in rows:
        if is_blank(row):
            continue
        fields = fields_of(row, WORDS)
        if is_header(fields):
            columns = {field: place for place, field in reversed(list(enumerate(fields))) if field}
        elif columns:
            read_person(number, row, columns, sink)


def read_person(number: int, row: Row, columns: dict[str, int], sink: Sink) -> None:
    """Read one person and the total time."""
    full_name = f"{cell(row, columns.get('first_name'))} {cell(row, columns.get('last_name'))}".strip()
    name, email = cell(row, columns.get("name")) or full_name, cell(row, columns.get("email"))
    duration = cell(row, columns["duration"])
    minutes = minutes_of(duration)
    if not name and not email:
        value = " | ".join(text.strip() for text in row if text.strip())[:SHOWN]
        sink.warnings.add("row_not_understood", number, value=value)
    elif minutes is None:
        label = (name or email)[:SHOWN]
        sink.warnings.add("unreadable_duration", number, value=duration[:SHOWN], name=label)
    else:
        draft = sink.roster.draft(name, email, "attendee", number)
        if draft.minutes is not None:
            sink.warnings.add("listed_twice", number, name=(name or email)[:SHOWN])
        draft.minutes = max(minutes, draft.minutes or 0)


PLATFORM = Platform(
    name="meet",
    label="Google Meet",
    words=WORDS,
    score=lambda rows: header_score(rows, WORDS, is_header),
    read=read,
)
