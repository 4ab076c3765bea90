"""What the ledger and the attendance say, in sentences: how much was counted, whether it is enough, and why.

The ledger keeps a code and its values; here they become words, in the reader's language, at the moment of reading.
"""

from __future__ import annotations

import datetime as dt
import decimal
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a session counts, and the sentences that say why. ``counts`` is None while nobody knows."""

    counts: bool | None
    sentences: list[str] = field(default_factory=list)


def attendance_words(
    *,
    seconds: int,
    of_seconds: int,
    needed_seconds: int,
    percent: int,
    attended: bool,
    params: Mapping[str, Any] | None = None,
) -> Verdict:
    """Say how long somebody was at a session, and whether it is enough.

    Args:
        seconds: merged presence.
        of_seconds: length of the session.
        needed_seconds: presence from which it counts.
        percent: the same as a share.
        attended: whether it counts, as derived; it may count by an earlier rule.
        params: values of the ledger's record, see ``attendance.report``.
    """
    plain = attended == (seconds // 60 >= math.ceil(needed_seconds / 60))
    params = params or {}
    words = [attended_words(seconds=seconds, of_seconds=of_seconds, params=params, exact=not plain)]
    needed = {"needed": duration(needed_seconds, exact=not plain, up=True), "percent": percent}
    if not attended:
        words.append(_("%(needed)s (%(percent)s%%) are needed, so this session does not count.") % needed)
    elif seconds >= needed_seconds:
        words.append(_("%(needed)s (%(percent)s%%) are needed, so this session counts.") % needed)
    else:
        words.append(_("It counts by the rule that was in force then."))
    return Verdict(attended, words + _counted_once(params))


def attended_words(
    *, seconds: int, of_seconds: int | None, params: Mapping[str, Any], exact: bool = False
) -> str:
    """Say how long somebody was at a session, of how long, on how many devices, and who says so, in one sentence.

    Args:
        seconds: merged presence.
        of_seconds: length of the session; None where a record of long ago does not say it.
        params: values of the ledger's record.
        exact: with seconds, where minutes alone would not say it.
    """
    if of_seconds is None:
        span = duration(seconds, exact=exact)
    elif exact and seconds % 60:
        span = _("%(there)s of %(whole)s") % {
            "there": duration(seconds, exact=True),
            "whole": duration(of_seconds),
        }
    else:
        whole = of_seconds // 60
        span = ngettext("%(there)s of %(whole)s minute", "%(there)s of %(whole)s minutes", whole) % {
            "there": seconds // 60,
            "whole": whole,
        }
    if because := _sources(params):
        return _("You attended %(span)s: %(because)s.") % {"span": span, "because": ", ".join(because)}
    return _("You attended %(span)s.") % {"span": span}


def _sources(params: Mapping[str, Any]) -> list[str]:
    words = []
    devices = _devices(params)
    if devices == 2:
        words.append(_("two devices"))
    elif devices > 2:
        words.append(_("%(devices)s devices") % {"devices": devices})
    try:
        day = dt.date.fromisoformat(str(params.get("report_date", ""))[:10])
    except ValueError:
        return words
    return [*words, _("report of %(date)s") % {"date": formats.date_format(day, "j F Y")}]


def _devices(params: Mapping[str, Any]) -> int:
    devices = params.get("devices")
    return devices if isinstance(devices, int) else 1


def _counted_once(params: Mapping[str, Any]) -> list[str]:
    return [_("Time on several devices at once counts once.")] if _devices(params) > 1 else []


def absence_words(*, reported: bool, waitlisted: bool = False, cancelled: bool = False) -> Verdict:
    """Say why nothing is counted for somebody at a session that is over.

    Args:
        reported: the organiser's report was applied.
        waitlisted: they never got a seat.
        cancelled: the session did not take place.
    """
    if cancelled:
        return Verdict(None, [_("This session did not take place.")])
    if reported:
        return Verdict(
            False,
            [
                _("The organiser's report does not list you, so this session does not count."),
                _("You were there under another name or address? Tell the organiser; it can be corrected."),
            ],
        )
    if waitlisted:
        return Verdict(None, [_("You were on the waiting list.")])
    return Verdict(None, [_("Attendance is counted as soon as the organiser's report is in.")])


def duration(seconds: int, *, exact: bool = False, up: bool = False) -> str:
    """Return a duration in whole minutes, or with its seconds where minutes alone would not say it.

    Args:
        seconds: the duration.
        exact: with seconds, if there are any.
        up: round up, for what is asked for; what somebody did is rounded down.
    """
    if exact and seconds % 60:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": seconds // 60, "seconds": seconds % 60}
    minutes = math.ceil(seconds / 60) if up else seconds // 60
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


# ── reasons of the ledger ────────────────────────────────────────────────────────────────────────────────────────


def reason_words(code: str, params: Mapping[str, Any]) -> list[str]:
    """Return the sentences for a reason of the ledger; none for a code that says nothing to a learner.

    Args:
        code: as the record holds it.
        params: its values. A record of long ago may lack some; then less is said.
    """
    say = _REASONS.get(code)
    return say(params) if say else []


def _attendance_report(params: Mapping[str, Any]) -> list[str]:
    minutes, whole = params.get("minutes"), params.get("of_minutes")
    if not isinstance(minutes, int):
        return []
    of_seconds = 60 * whole if isinstance(whole, int) else None
    sentence = attended_words(seconds=60 * minutes, of_seconds=of_seconds, params=params)
    return [sentence, *_counted_once(params)]


def _lesson_marked(params: Mapping[str, Any]) -> list[str]:
    return [_("You marked it as done.")]


def _lesson_opened(params: Mapping[str, Any]) -> list[str]:
    return [_("You opened it for the first time.")]


def _recording_watched(params: Mapping[str, Any]) -> list[str]:
    seen, whole = params.get("seconds"), params.get("of")
    if not isinstance(seen, int) or not isinstance(whole, int):
        return []
    return [_("You had watched %(seen)s of %(whole)s.") % {"seen": duration(seen), "whole": duration(whole)}]


def _quiz_attempt(params: Mapping[str, Any]) -> list[str]:
    points, of, number = (params.get(name) for name in ("points", "of", "number"))
    if points is None or of is None:
        return []
    values = {"points": number_words(points), "of": number_words(of), "number": number}
    if not isinstance(number, int):
        return [_("%(points)s of %(of)s points.") % values]
    return [_("Attempt %(number)s: %(points)s of %(of)s points.") % values]


def _exempted(params: Mapping[str, Any]) -> list[str]:
    why = str(params.get("reason") or "").strip()
    if why:
        return [_("You were exempted from it: %(why)s") % {"why": why}]
    return [_("You were exempted from it.")]


def number_words(value: Any) -> str:
    """Return a number as people write it: ``7.5``, in Indonesian ``7,5``, and no zeros that say nothing."""
    text = str(value)
    try:
        text = format(decimal.Decimal(text).normalize(), "f")
        return str(formats.localize(decimal.Decimal(text)))
    except decimal.InvalidOperation:
        return text


_REASONS: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "attendance.report": _attendance_report,
    "lesson.marked": _lesson_marked,
    "recording.watched": _recording_watched,
    "quiz.attempt": _quiz_attempt,
    "staff.waived": _exempted,
    "lesson.opened": _lesson_opened,
}
