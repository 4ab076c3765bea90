"""What the ledger says, in words for staff: what was recorded, and why we say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def minutes_words(seconds: int) -> str:
    """Return whole minutes, rounded down: nobody is shown a minute that they were not there."""
    minutes = seconds // 60
    return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}


def score_words(score: float) -> str:
    """Return a scaled score as percent, rounded down: 69.9 % is not shown as 70 %."""
    return f"{int(score * 100 + 1e-9)}%"


def record_words(record: Any) -> str:
    """Return what one record of the ledger says happened."""
    verb = record.verb
    if verb == "voided":
        return _("Taken back: %(what)s") % {"what": record_words(record.voids)}
    words = {
        "completed": _("Done"),
        "attended": _("Was there"),
        "passed": _("Passed"),
        "failed": _("Did not pass"),
        "experienced": _("Opened"),
        "watched": _("Watched"),
        "waived": _("Exempted"),
    }
    text = words.get(verb, str(verb))
    if record.score_scaled is not None:
        text += f", {score_words(float(record.score_scaled))}"
    if record.duration_seconds is not None:
        text += f", {minutes_words(record.duration_seconds)}"
    return text


def reason_words(code: str, params: Mapping[str, Any]) -> list[str]:
    """Return why the ledger says so, for staff; a code that is not known here is shown as it is.

    Args:
        code: as the record holds it.
        params: its values. A record of long ago may lack some; then less is said.
    """
    by = str(params.get("by", ""))
    if code == "staff.waived":
        said = [str(params["reason"])] if params.get("reason") else []
        return [*said, _("Decided by %(name)s.") % {"name": by}] if by else said
    if code == "staff.waiver_taken_back":
        return [_("The exemption was taken back by %(name)s.") % {"name": by}] if by else []
    if code == "attendance.report":
        return _report(params)
    if code == "quiz.attempt":
        return _attempt(params)
    words = {
        "lesson.marked": _("Marked as done by the learner."),
        "lesson.unmarked": _("The learner took the mark back."),
        "lesson.opened": _("Opened by the learner."),
        "recording.watched": _("Reported by the learner's player."),
        "attendance.corrected": _("The attendance was counted anew."),
    }
    return [words.get(code, code)]


def _report(params: Mapping[str, Any]) -> list[str]:
    try:
        day = dt.date.fromisoformat(str(params.get("report_date", ""))[:10])
    except ValueError:
        return [_("From the organiser's report.")]
    return [_("From the organiser's report of %(date)s.") % {"date": formats.date_format(day, "j F Y")}]


def _attempt(params: Mapping[str, Any]) -> list[str]:
    if not {"number", "points", "of"} <= params.keys():
        return []
    return [
        _("Attempt %(number)s: %(points)s of %(of)s points.")
        % {"number": params["number"], "points": params["points"], "of": params["of"]}
    ]
