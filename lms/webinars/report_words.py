"""Remarks about a report in words. Stored are codes and values, so each reader sees their own language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from lms.core.clock import zone_label
from lms.core.dates import clock_words
from lms.webinars.imports import Remark
from lms.webinars.imports.messages import ERRORS, REMARKS

#: What we say about a report as a whole, beside what its reader says about rows.
OURS: dict[str, str] = {
    "zone_shift": gettext_noop(
        "By the times as they were read, people joined around %(joined)s, but the session starts at %(starts)s: full "
        "hours apart. The report was probably printed in another time zone."
    ),
    "nobody_there": gettext_noop(
        "Nobody in this report was there during the session. Is it the report of another session, or another time zone?"
    ),
    "mostly_outside": gettext_noop(
        "Most people in this report were there only outside the session: %(count)d of %(total)d. Is it the report of "
        "another session?"
    ),
    "other_session": gettext_noop(
        "The times fit another session of this series better: the one on %(day)s. If so, discard this preview and add "
        "the report there."
    ),
    "applied_elsewhere": gettext_noop(
        "The very same file counts already for the session on %(day)s. One of the two must be wrong."
    ),
    "other_meeting": gettext_noop(
        "The report is about the meeting %(printed)s, but the address of this session leads to the meeting %(expected)s. "
        "Is it the right report?"
    ),
    "still_to_come": gettext_noop("The session has not ended yet, so the report cannot be complete."),
    "open_joins": gettext_noop(
        "No time of leaving: %(count)d. The end of the session is used for them. If the report was exported while the "
        "meeting was still running, export it once more."
    ),
}
DAYS = frozenset({"day", "mdy", "dmy", "ymd"})
CLOCKS = frozenset({"joined", "starts"})


def stored(remark: Remark, kind: str = "warning") -> dict[str, Any]:
    """Return a reader's remark as it is stored with the report: plain JSON. ``kind``: warning, note or question."""
    return entry(remark.code, kind, row=remark.row, **remark.params)


def entry(code: str, kind: str = "warning", row: int | None = None, **values: Any) -> dict[str, Any]:
    """Return one remark as it is stored: code, kind, row of the file, values for the sentence."""
    plain = {
        name: value if isinstance(value, int | float | str) or value is None else _text(value)
        for name, value in values.items()
    }
    return {"code": code, "kind": kind, "row": row, "params": plain}


def sentence(remark: Mapping[str, Any]) -> str:
    """Return a stored remark as a sentence in the reader's language. An unknown code (an older version's) is shown as it is."""
    code, values = remark["code"], {"row": remark.get("row"), **remark.get("params", {})}
    for name in DAYS & values.keys():
        values[name] = _day(values[name])
    for name in CLOCKS & values.keys():
        values[name] = _clock(values[name], values.get("zone", ""))
    words = OURS.get(code) or REMARKS.get(code) or ERRORS.get(code)
    if words is None:
        return f"{code} {values}"
    return gettext(words) % values


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)


def _clock(value: Any, zone: str) -> str:
    try:
        moment = dt.datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{clock_words(moment, zone)} {zone_label(zone, moment)}"


def _day(value: Any) -> str:
    try:
        return date_format(dt.date.fromisoformat(str(value)), "l, j F Y")
    except ValueError:
        return str(value)
