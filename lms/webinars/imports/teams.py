"""Microsoft Teams: attendance lists, meeting summaries, three-section reports and live events.

Four generations are still about. The *list* has one row for each joining or leaving. The *summary* has one
row for each stay below a few lines about the meeting. The *sections* report numbers its parts: 1 the meeting,
2 people with first joining and last leaving, 3 stays; whoever is missing in 3 is taken from 2. *Live events*
are a list in UTC. Organisers are hosts. Presenters stay attendees: in most meetings everybody is one. A flag
tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import teams_words
from .durations import minutes_of
from .people import JOINED, LEFT, WAS_THERE, Draft
from .platforms import Platform, Sink, header_score
from .tables import Row, Rows, cell, fields_of, fold, folded_words, is_blank, only_cell
from .timestamps import BLANK, DAY, MASK, UNREADABLE, clock_only

WORDS = folded_words(teams_words.COLUMNS)
SUMMARY = {fold(word): field for field, words in teams_words.SUMMARY.items() for word in words}
ACTIONS = {
    **dict.fromkeys(teams_words.JOINED, JOINED),
    **dict.fromkeys(teams_words.LEFT, LEFT),
    **dict.fromkeys(teams_words.WAS_THERE, WAS_THERE),
}
NUMBERED = re.compile(r"([1-9])[.)]\s+\S")
UTC = " (utc)"
SHOWN = 80

# Where sections 2 and 3 keep their columns when the names are in a language not known.
BY_POSITION: dict[int, dict[str, int]] = {
    2: {"name": 0, "first_join": 1, "last_leave": 2, "duration": 3, "email": 4},
    3: {"name": 0, "join": 1, "leave": 2, "duration": 3, "email": 4},
}
WITHOUT_NAMES = {"name": 0, "action": 1, "timestamp": 2}


def known_fields(row: Row) -> list[str | None]:
    """Return the fields of a header row; “(UTC)” after a name does not hide it."""
    return fields_of([fold(text).removesuffix(UTC) for text in row], WORDS)


def is_header(fields: Sequence[str | None]) -> bool:
    known = set(fields)
    if "name" not in known:
        return False
    return any(
        pair <= known for pair in ({"action", "timestamp"}, {"join", "leave"}, {"first_join", "last_leave"})
    )


def is_step(row: Row) -> bool:
    """Whether a row of a list stands here without its column names: a name, what happened, when."""
    return len(row) >= 3 and fold(row[1]) in ACTIONS and bool(re.search(r"\d[:.]\d\d", row[2]))


def score(rows: Sequence[Row]) -> int:
    """Count known column names; numbered sections or a bare list are worth three."""
    named = max(
        header_score([[fold(text).removesuffix(UTC) for text in row] for row in rows], WORDS, is_header), 0
    )
    sections = {found[1] for row in rows if (found := NUMBERED.match(only_cell(row) or ""))}
    wide = any(len(row) >= 4 and not is_blank(row[1:]) for row in rows)
    bare = 3 if (sections >= {"1", "2"} and wide) or any(is_step(row) for row in rows) else 0
    return max(named, bare)


class Reader:
    """The state while the rows of one file go by."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.columns: dict[str, int] | None = None
        self.section = 0
        self.expects_names = False
        self.seen: dict[tuple[str, str], Draft] = {}
        self.incomplete: list[tuple[Draft, int, float | None, int, str]] = []
        self.format_id = ""

    def read(self, rows: Rows) -> None:
        """Read all rows."""
        for number, row in rows:
            if not is_blank(row):
                self.read_row(number, row)
        self.close()

    def read_row(self, number: int, row: Row) -> None:
        """Take a row for what it is: title, column names, line of the summary, or a person."""
        title = only_cell(row)
        if title is not None and (found := NUMBERED.match(title)):
            self.section, self.columns = int(found[1]), None
            self.expects_names = self.section in BY_POSITION
            self.format_id = "teams.sections"
            return
        if self.section > 3:
            return  # Later sections say who raised a hand.
        fields = known_fields(row) if self.columns is None or self.may_be_header(row) else []
        if is_header(fields):
            self.begin_table(row, fields)
        elif self.expects_names and len(row) > 3:
            self.expects_names = False
            self.columns = BY_POSITION[self.section]
            if self.sink.stamps[row[1]] >= 0:
                self.read_person(number, row, self.columns)
            else:
                self.sink.notes.add("columns_assumed", number)
        elif self.columns is not None:
            self.read_person(number, row, self.columns)
        elif is_step(row) and not self.section:
            self.columns = WITHOUT_NAMES
            self.read_person(number, row, self.columns)
        else:
            self.read_summary(row)

    def may_be_header(self, row: Row) -> bool:
        """Whether the first cell is itself a column name; spares looking at every cell of every person."""
        return fold(cell(row, 0)).removesuffix(UTC) in WORDS

    def begin_table(self, row: Row, fields: Sequence[str | None]) -> None:
        """Take a row of column names."""
        self.columns = {field: place for place, field in reversed(list(enumerate(fields))) if field}
        self.expects_names = False
        names = {fold(text) for text in row}
        if any(name.endswith(UTC) or name.startswith("utc") for name in names):
            self.sink.stated_zone = "UTC"
        if "action" in self.columns:
            self.format_id = "teams.live" if "participant_id" in self.columns else "teams.list"
        else:
            self.format_id = self.format_id or "teams.summary"

    def read_summary(self, row: Row) -> None:
        """Read a line about the meeting: its name in the first cell, its value in the second."""
        field = SUMMARY.get(fold(cell(row, 0)))
        if field in ("start", "end"):
            mark = self.sink.other_stamps[cell(row, 1)]
            if mark >= 0:
                self.sink.meeting_marks.setdefault(field, mark)
        elif field == "topic":
            self.sink.meeting.topic = self.sink.meeting.topic or cell(row, 1)
        elif field == "meeting_id":
            self.sink.meeting.meeting_id = self.sink.meeting.meeting_id or cell(row, 1)

    def read_person(self, number: int, row: Row, columns: dict[str, int]) -> None:
        """Read a row of whichever table this is."""
        if not cell(row, columns["name"]) and not self.email(row, columns):
            value = " | ".join(text.strip() for text in row if text.strip())[:SHOWN]
            if "participant_id" not in columns:
                self.sink.warnings.add("row_not_understood", number, value=value)
                return
        if "action" in columns:
            self.read_step(number, row, columns)
        elif "join" in columns:
            self.read_stay(number, row, columns)
        else:
            self.read_outline(number, row, columns)

    def read_step(self, number: int, row: Row, columns: dict[str, int]) -> None:
        """Read one joining or leaving."""
        action = ACTIONS.get(fold(cell(row, columns["action"])))
        mark = self.sink.stamps[cell(row, columns["timestamp"])]
        if action is None:
            value = " | ".join(text.strip() for text in row if text.strip())[:SHOWN]
            self.sink.warnings.add("row_not_understood", number, value=value)
        elif mark < 0:
            self.reject(number, row, columns, "timestamp")
        else:
            self.draft(number, row, columns).step(mark, action, number)

    def read_stay(self, number: int, row: Row, columns: dict[str, int]) -> None:
        """Read one stay. Some reports print the date of leaving only where it differs."""
        stamps, warnings = self.sink.stamps, self.sink.warnings
        join, leave_text = stamps[cell(row, columns["join"])], cell(row, columns["leave"])
        leave = stamps[leave_text]
        if leave == UNREADABLE and join >= 0 and (second := clock_only(leave_text)) is not None:
            overnight = DAY if second < join & MASK else 0
            leave = join - (join & MASK) + second + overnight
        if UNREADABLE in (join, leave):
            self.reject(number, row, columns, "join" if join == UNREADABLE else "leave")
        elif join >= 0 and leave >= 0:
            self.draft(number, row, columns).stay(join, leave, number)
        elif join >= 0:
            self.draft(number, row, columns).open_join(join, number)
            warnings.add("leave_missing", number, name=self.label(row, columns))
        elif leave >= 0:
            warnings.add("join_missing", number, name=self.label(row, columns))
        else:
            warnings.add("times_missing", number, name=self.label(row, columns))

    def read_outline(self, number: int, row: Row, columns: dict[str, int]) -> None:
        """Read first joining and last leaving of a person; used only where section 3 does not name the person."""
        stamps = self.sink.stamps
        join, leave = stamps[cell(row, columns["first_join"])], stamps[cell(row, columns["last_leave"])]
        duration = cell(row, columns.get("duration"))
        minutes = minutes_of(duration) if duration else None
        if UNREADABLE in (join, leave):
            self.reject(number, row, columns, "first_join" if join == UNREADABLE else "last_leave")
        elif join == leave == BLANK and not minutes:
            self.draft(number, row, columns, "no-show")
        elif join >= 0 and leave >= 0:
            self.draft(number, row, columns).outlined(join, leave, number, minutes)
        else:
            draft = self.draft(number, row, columns)
            self.incomplete.append((draft, join, minutes, number, self.label(row, columns)))

    def reject(self, number: int, row: Row, columns: dict[str, int], field: str) -> None:
        """Say which time of a row cannot be read."""
        if any("\n" in text for text in row):
            self.sink.warnings.add("quote_missing", number)
            return
        value = cell(row, columns[field])[:SHOWN]
        self.sink.warnings.add("unreadable_time", number, value=value, name=self.label(row, columns))

    def draft(self, number: int, row: Row, columns: dict[str, int], role: str = "attendee") -> Draft:
        """Return the person of a row. Sections 2 and 3 of a webinar may print different addresses of one person."""
        name, printed_email = cell(row, columns["name"]), cell(row, columns.get("email"))
        seen = (fold(name), printed_email.casefold())
        draft = self.seen.get(seen) if "join" in columns else None
        if draft is None:
            participant = cell(row, columns.get("participant_id"))
            email = self.email(row, columns)
            draft = self.sink.roster.draft(name, email, role, number, unique_key=participant)
            self.seen.setdefault(seen, draft)
        elif role == "attendee" and draft.role == "no-show":
            draft.role = role
        called = fold(cell(row, columns.get("role")))
        if called in teams_words.ORGANIZERS:
            draft.flag("organizer")
            draft.role = "host"
        elif called in teams_words.PRESENTERS:
            draft.flag("presenter")
        return draft

    def email(self, row: Row, columns: dict[str, int]) -> str:
        """Return the address of the registration, else of the account; the account's own name is not an address."""
        email = cell(row, columns.get("registration_email")) or cell(row, columns.get("email"))
        return "" if "#ext#" in email.casefold() else email

    def label(self, row: Row, columns: dict[str, int]) -> str:
        """Return how to call the person of a row in a remark."""
        return (cell(row, columns["name"]) or self.email(row, columns) or "?")[:SHOWN]

    def close(self) -> None:
        """Name the format; take incomplete lines of section 2 where section 3 had nothing better."""
        for draft, join, minutes, number, label in self.incomplete:
            if draft.stays or draft.open_joins:
                continue
            if minutes is not None:
                draft.minutes = max(minutes, draft.minutes or 0)
            elif join >= 0:
                draft.open_join(join, number)
                self.sink.warnings.add("leave_missing", number, name=label)
            else:
                self.sink.warnings.add("join_missing", number, name=label)
        self.sink.format_id = self.format_id or "teams.list"


PLATFORM = Platform(
    name="teams",
    label="Microsoft Teams",
    words=WORDS,
    score=score,
    read=lambda rows, sink: Reader(sink).read(rows),
)
