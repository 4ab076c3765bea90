"""A report as JSON and as lines of text: what ``import_attendance --preview`` prints."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from .messages import gettext_noop
from .report import ROLES, PersonInReport, Report

Translate = Callable[[str], str]

COUNT = gettext_noop("%(people)d people, %(seconds)s seconds of attendance (%(hours)d h %(minutes)d min).")
FILE = gettext_noop(
    "Read as %(format)s: encoding %(encoding)s, separator %(delimiter)s, date order %(date_order)s."
)
TABLE = (
    gettext_noop("Name"),
    gettext_noop("E-mail"),
    gettext_noop("Role"),
    gettext_noop("First joining"),
    gettext_noop("Last leaving"),
    gettext_noop("Rows"),
    gettext_noop("Time"),
)
SEPARATORS = {"\t": gettext_noop("tab"), ";": gettext_noop("semicolon"), ",": gettext_noop("comma")}
WIDEST = 40


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as plain values. Times are as printed, sentences English, the tab is called ``TAB``."""
    return {
        "platform": report.platform,
        "format": report.format_id,
        "encoding": report.encoding,
        "delimiter": "TAB" if report.delimiter == "\t" else report.delimiter,
        "date_order": report.date_order,
        "zone": report.zone,
        "warnings": [remark.text for remark in report.warnings],
        "notes": [remark.text for remark in report.notes],
        "people_count": len(report.people),
        "merged_seconds": report.merged_seconds,
        "people": [_person_as_json(person) for person in report.people],
    }


def _person_as_json(person: PersonInReport) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "first_join": None if person.first_join is None else str(person.first_join),
        "last_leave": None if person.last_leave is None else str(person.last_leave),
        "intervals": len(person.intervals),
        "merged_seconds": person.merged_seconds,
        "merged_minutes": person.merged_minutes,
    }
    if person.merged_seconds is not None and person.summed_seconds != person.merged_seconds:
        values["naive_sum_minutes"] = round(person.summed_seconds / 60, 2)
    if person.duration_only_minutes is not None:
        values["duration_only_minutes"] = person.duration_only_minutes
    if person.open_joins:
        values["open_joins"] = [str(moment) for moment in person.open_joins]
    if person.other_names:
        values["other_names"] = list(person.other_names)
    if person.flags:
        values["flags"] = person.flag_texts
    return values


def as_lines(report: Report, translate: Translate = str) -> Iterator[str]:
    """Yield the report as lines for a terminal; nothing that a name holds can move the cursor."""
    hours, rest = divmod(report.merged_seconds, 3600)
    counts = {
        "people": len(report.people),
        "seconds": f"{report.merged_seconds:,}",
        "hours": hours,
        "minutes": rest // 60,
    }
    yield translate(COUNT) % counts
    yield "  " + ", ".join(f"{role} {report.count(role)}" for role in reversed(ROLES) if report.count(role))
    yield (
        translate(FILE)
        % {
            "format": report.format_id,
            "encoding": report.encoding,
            "delimiter": translate(SEPARATORS[report.delimiter]),
            "date_order": report.date_order or "–",
        }
    )
    for remark in (*report.warnings, *report.notes):
        yield "! " + printable(translate(remark.message) % remark.values)
    yield ""
    table = [tuple(translate(title) for title in TABLE)]
    table += [_person_as_cells(person) for person in report.people]
    widths = [min(WIDEST, max(map(width_of, column))) for column in zip(*table, strict=True)]
    for cells in table:
        yield "  ".join(_fitted(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _person_as_cells(person: PersonInReport) -> tuple[str, ...]:
    return (
        printable(person.name),
        printable(person.email),
        person.role,
        "" if person.first_join is None else str(person.first_join),
        "" if person.last_leave is None else str(person.last_leave),
        str(len(person.intervals) + len(person.open_joins) or ""),
        _time(person),
    )


def _time(person: PersonInReport) -> str:
    if person.merged_seconds is None:
        return "" if person.duration_only_minutes is None else f"{person.duration_only_minutes:g} min"
    minutes, seconds = divmod(person.merged_seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _fitted(cell: str, width: int) -> str:
    if width_of(cell) > width:
        while width_of(cell) >= width:
            cell = cell[:-1]
        cell += "…"
    return cell + " " * (width - width_of(cell))


def width_of(text: str) -> int:
    """Return how many columns of a terminal the text takes: Chinese and Japanese characters take two."""
    return len(text) + sum(unicodedata.east_asian_width(character) in "WF" for character in text)


def printable(text: str) -> str:
    """Return text for a terminal: control and invisible characters become visible boxes."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
