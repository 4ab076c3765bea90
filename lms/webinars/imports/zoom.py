"""Zoom: the participants of a meeting and the attendee report of a webinar, as CSV.

A meeting report is one table, perhaps below two lines about the meeting that repeat some of its column names.
A webinar report stacks tables for hosts, panelists, attendees and others under one title each. One state
machine reads both, row by row: a row under a table's columns whose two times can be read is a stay; every
other row is looked at closely.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from .people import Draft
from .platforms import Platform, Sink, header_score
from .tables import Row, Rows, cell, fields_of, fold, is_blank, only_cell
from .timestamps import MASK, UNREADABLE
from .zoom_columns import (
    WORDS,
    Columns,
    Fields,
    MinuteCells,
    YesCells,
    columns_of,
    is_meeting_header,
    is_table_header,
    section_role,
)
from .zoom_hosts import tell_hosts
from .zoom_words import ENGLISH, OTHER_REPORTS, REPORT_TITLES

SHOWN = 80  # characters of a row in a remark


class Reader:
    """The state while the rows of one file go by: which table, whose, and what was promised above it."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.columns: Columns | None = None
        self.identity: Callable[[Row], Any] = tuple
        self.drafts: dict[Any, Draft] = {}
        self.role = "attendee"
        self.title: str | None = None
        self.title_row = 0
        self.meeting_fields: Fields | None = None
        self.is_webinar = False
        self.tables_with_email = 0
        self.yes = YesCells()
        self.printed = MinuteCells()
        self.disagreeing: list[tuple[int, int, int]] = []  # row, printed minutes, minutes between the times

    def read(self, rows: Rows) -> None:
        """Read all rows."""
        entry = next(rows, None)
        while entry is not None:
            self.look_closely(*entry)
            # A line that may be a title says so only together with the next one.
            entry = self.read_stays(rows) if self.title is None else next(rows, None)
        self.close()

    def read_stays(self, rows: Rows) -> tuple[int, Row] | None:
        """Read plain stays while they last; return the first row that is none. This loop has to be fast."""
        columns = self.columns
        if columns is None or columns.join is None or columns.leave is None:
            return next(rows, None)
        stamps, yes, printed = self.sink.stamps, self.yes, self.printed
        identity, drafts, loose_dates = self.identity, self.drafts, self.sink.loose_dates
        join_at, leave_at, minutes_at = columns.join, columns.leave, columns.minutes
        waiting_at, registered_at = columns.waiting, columns.registered
        for number, row in rows:
            try:
                join, leave = stamps[row[join_at]], stamps[row[leave_at]]
                if join < 0 or leave < 0 or (waiting_at is not None and yes[row[waiting_at]]):
                    return number, row
                key = identity(row)
                minutes = -1.0 if minutes_at is None else printed[row[minutes_at]]
                if registered_at is not None:
                    loose_dates.add(row[registered_at].partition(" ")[0])
            except IndexError:
                return number, row
            draft = drafts.get(key)
            if draft is None:
                draft = self.draft(number, row)
                if draft.name or draft.email:
                    drafts[key] = draft
            draft.stays += (join, leave, number)
            # Printed minutes are rounded up; where times have no seconds, each end is off by up to one more.
            if not -60 <= minutes * 60 - (leave - join) <= 120:
                self.doubt(number, join, leave, minutes)
        return None

    def doubt(self, number: int, join: int, leave: int, minutes: float) -> None:
        """Note a stay whose printed minutes do not fit its times, unless it has none or runs over midnight."""
        if minutes >= 0 and join ^ leave <= MASK and join <= leave:
            self.disagreeing.append((number, int(minutes), (leave - join) // 60))

    def look_closely(self, number: int, row: Row) -> None:
        """Deal with every row that is not a plain stay: titles, column names, no-shows, gaps, damage."""
        if is_blank(row):
            return
        if self.meeting_fields is not None:
            self.read_meeting(row)
            return
        title = only_cell(row)
        if title is not None and self.begin_section(number, row, title):
            return
        columns = self.columns
        if columns is None or self.title is not None or self.may_be_header(row, columns):
            fields = fields_of(row, WORDS)
            if is_table_header(fields):
                self.begin_table(row, fields)
                return
            if is_meeting_header(fields):
                self.columns, self.meeting_fields = None, fields
                return
            if self.title is not None and columns is not None:
                self.sink.warnings.add("row_not_understood", self.title_row, value=self.title[:SHOWN])
            self.title = None
        if columns is None:
            return  # Lines above the first table: the title of the report, the time of its making.
        if columns.has_times:
            self.read_stay(number, row, columns)
        else:
            self.read_total(number, row, columns)

    def may_be_header(self, row: Row, columns: Columns) -> bool:
        """Whether the cell of the name or e-mail column is itself a column name."""
        places = (columns.name, columns.first_name, columns.email, 0)
        return any(fold(cell(row, place)) in WORDS for place in places if place is not None)

    def begin_section(self, number: int, row: Row, title: str) -> bool:
        """Take a line with one cell as a title, if it can be one; return whether it was."""
        role = section_role(title)
        if role is not None:
            self.columns = None
            self.is_webinar = True
        elif title.startswith(REPORT_TITLES):
            self.is_webinar = True
            return True
        elif self.columns is not None and not self.is_webinar:
            return False
        self.title, self.title_row = row[0].strip(), number
        return True

    def begin_table(self, row: Row, fields: Fields) -> None:
        """Take a row of column names: from here on, rows are people."""
        columns = self.columns = columns_of(fields)
        self.is_webinar = self.is_webinar or columns.attended is not None
        self.role = self.table_role(columns)
        self.sink.month_first = not ENGLISH.isdisjoint(map(fold, row))
        self.tables_with_email += columns.email is not None
        self.title = None
        places = {columns.name, columns.first_name, columns.last_name, columns.email} - {None}
        self.identity = itemgetter(*sorted(place for place in places if place is not None))
        self.drafts = {}

    def table_role(self, columns: Columns) -> str:
        """The role of a table: by its title, else by its shape, for order and columns never change."""
        if not self.is_webinar or self.title is None:
            return "attendee"
        role = section_role(fold(self.title))
        if role is None:
            if columns.email is None:
                role = "other"
            elif columns.first_name is not None or columns.registered is not None:
                role = "attendee"
            else:
                role = "panelist" if self.tables_with_email else "host"
            self.sink.notes.add("section_assumed", self.title_row, title=self.title[:SHOWN], role=role)
        return role

    def read_meeting(self, row: Row) -> None:
        """Read the line of values below the column names about the meeting."""
        fields, self.meeting_fields = self.meeting_fields or (), None
        values = {field: cell(row, place) for place, field in reversed(list(enumerate(fields))) if field}
        meeting = self.sink.meeting
        meeting.topic = meeting.topic or values.get("topic", "")
        meeting.meeting_id = meeting.meeting_id or values.get("meeting_id", "")
        meeting.host_name = meeting.host_name or values.get("host_name", "")
        meeting.host_email = meeting.host_email or values.get("host_email", "") or values.get("email", "")
        for end in ("start", "end"):
            mark = self.sink.other_stamps[values.get(end, "")]
            if mark >= 0:
                self.sink.meeting_marks.setdefault(end, mark)

    def read_stay(self, number: int, row: Row, columns: Columns) -> None:
        """Read a row of a table with times that is short of a cell, a time, or sense."""
        stamps, warnings = self.sink.stamps, self.sink.warnings
        join, leave = stamps[cell(row, columns.join)], stamps[cell(row, columns.leave)]
        if (join < 0 or leave < 0) and columns.swallowed(row):
            warnings.add("quote_missing", number)
        elif self.yes[cell(row, columns.waiting)]:
            warnings.add("waiting_room", number, name=self.label(row))
        elif UNREADABLE in (join, leave):
            self.reject(number, row, columns.join if join == UNREADABLE else columns.leave)
        elif join >= 0 and leave >= 0:
            self.draft(number, row).stay(join, leave, number)
        elif join >= 0:
            self.draft(number, row).open_join(join, number)
            warnings.add("leave_missing", number, name=self.label(row))
        elif leave >= 0:
            warnings.add("join_missing", number, name=self.label(row))
        elif columns.attended is not None and not self.yes[cell(row, columns.attended)]:
            self.draft(number, row, "no-show")
        elif self.label(row) == "?":
            self.reject(number, row, None)
        else:
            warnings.add("times_missing", number, name=self.label(row))

    def read_total(self, number: int, row: Row, columns: Columns) -> None:
        """Read a row of a table without times."""
        minutes = self.printed[cell(row, columns.minutes)]
        if minutes < 0:
            if self.label(row) == "?" or not cell(row, columns.minutes):
                self.reject(number, row, None)
            else:
                value = cell(row, columns.minutes)[:SHOWN]
                self.sink.warnings.add("unreadable_duration", number, value=value, name=self.label(row))
            return
        self.sink.only_totals = True
        draft = self.draft(number, row)
        if draft.minutes is not None:
            self.sink.warnings.add("listed_twice", number, name=self.label(row))
        draft.minutes = max(minutes, draft.minutes or 0)

    def reject(self, number: int, row: Row, column: int | None) -> None:
        """Say why a row is not counted."""
        if column is None:
            value = " | ".join(text.strip() for text in row if text.strip())[:SHOWN]
            self.sink.warnings.add("row_not_understood", number, value=value)
        else:
            value = cell(row, column)[:SHOWN]
            self.sink.warnings.add("unreadable_time", number, value=value, name=self.label(row))

    def draft(self, number: int, row: Row, role: str | None = None) -> Draft:
        """Return the person of a row."""
        columns = self.columns
        assert columns is not None  # noqa: S101 - rows are read only below column names
        name, registered_name = self.names(row, columns)
        email = cell(row, columns.email)
        if "\n" in name or "\n" in email:
            self.sink.warnings.add("quote_missing", number)
        draft = self.sink.roster.draft(name or registered_name, email, role or self.role, number)
        draft.called(registered_name, renamed=False)
        if not draft.name and not draft.email:
            self.sink.warnings.add("nobody_named", number)
        return draft

    def names(self, row: Row, columns: Columns) -> tuple[str, str]:
        """Return the name on the screen and the name of the registration."""
        name = cell(row, columns.name)
        if columns.first_name is None:
            return name, ""
        return name, f"{cell(row, columns.first_name)} {cell(row, columns.last_name)}".strip()

    def label(self, row: Row) -> str:
        """Return how to call the person of a row in a remark."""
        columns = self.columns
        if columns is None:
            return "?"
        name, registered_name = self.names(row, columns)
        return (name or registered_name or cell(row, columns.email) or "?")[:SHOWN]

    def close(self) -> None:
        """Name the format and say what holds for the whole file."""
        sink = self.sink
        tell_hosts(sink.roster, sink.meeting)
        sink.format_id = "zoom.webinar" if self.is_webinar else "zoom.meeting"
        if sink.only_totals and not sink.stamps.parts:
            sink.format_id = "zoom.meeting.totals"
        if self.disagreeing:
            row, printed, between = self.disagreeing[0]
            sink.warnings.add(
                "minutes_disagree", row, count=len(self.disagreeing), printed=printed, minutes=between
            )


def wrong_kind(rows: Sequence[Row]) -> str | None:
    """Say by error code which other report of the portal this is."""
    for row in rows:
        title = only_cell(row) or ""
        for beginning, code in OTHER_REPORTS.items():
            if title.startswith(beginning):
                return code
    is_list = any(is_meeting_header(fields_of(row, WORDS)) for row in rows)
    return "is_meeting_list" if is_list else None


PLATFORM = Platform(
    name="zoom",
    label="Zoom",
    words=WORDS,
    score=lambda rows: header_score(rows, WORDS, is_table_header),
    read=lambda rows, sink: Reader(sink).read(rows),
    wrong_kind=wrong_kind,
)
