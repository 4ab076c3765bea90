"""Why something with a quiz is not possible now: a code with its values for programs, a sentence for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core import clock
from lms.core.dates import clock_words, date_words
from lms.core.exceptions import KelasError


def _moment(moment: dt.datetime, zone: str) -> str:
    return f"{date_words(moment, zone)}, {clock_words(moment, zone)} {clock.zone_label(zone, moment)}"


def _attempts(params: Mapping[str, Any]) -> str:
    return ngettext(
        "You have used the one attempt that this quiz allows.",
        "You have used all %(allowed)d attempts that this quiz allows.",
        params["allowed"],
    ) % {"allowed": params["allowed"]}


def _cooling(params: Mapping[str, Any]) -> str:
    return _("Your next attempt may begin from %(moment)s.") % {
        "moment": _moment(params["until"], params.get("zone") or clock.default_zone())
    }


def _places(params: Mapping[str, Any]) -> str:
    if params.get("twice"):
        return _(
            "Place %(place)s is given more than once. Give each step a place of its own, from 1 to %(count)d;"
            " until then this answer is not saved."
        ) % {"place": params["twice"], "count": params["count"]}
    return _("Give each step a place of its own, from 1 to %(count)d.") % {"count": params["count"]}


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "no-quiz": lambda params: _("This quiz is not open."),
    "empty": lambda params: _("This quiz has no questions yet. Please tell the organiser."),
    "attempts": _attempts,
    "cooling": _cooling,
    "to-grade": lambda params: _("Your last attempt is still being graded. You can try again after that."),
    "submitted": lambda params: _("This attempt was handed in; its answers cannot be changed any more."),
    "time-is-up": lambda params: _("Time is up. What you saved before was handed in for you."),
    "question": lambda params: _("This attempt has no such question. Please load the page again."),
    "shape": lambda params: _("This answer cannot be read. Please load the page again and answer anew."),
    "option": lambda params: _(
        "One of the chosen answers is not on offer. Please load the page again and choose anew."
    ),
    "long": lambda params: _("This answer is too long. Please shorten it."),
    "characters": lambda params: _("This answer holds characters that cannot be kept. Please type it anew."),
    "places": _places,
    "no-files": lambda params: _("This question is not answered with files."),
    "no-words": lambda params: _("This question is answered with files, not with words."),
    "file-type": lambda params: (
        _("Files of this kind are not accepted. Please send one of these: %(types)s.")
        % {"types": params["types"]}
    ),
    "file-content": lambda params: (
        _("“%(name)s” is not what its name says. Please save it again and send that.")
        % {"name": params["name"]}
    ),
    "file-size": lambda params: (
        _("“%(name)s” is too large. A file may have %(most)s at most.")
        % {"name": params["name"], "most": filesizeformat(params["most"])}
    ),
    "file-empty": lambda params: _("“%(name)s” is empty.") % {"name": params["name"]},
    "file-count": lambda params: (
        _("You may hand in %(most)d files at most. Remove one first.") % {"most": params["most"]}
    ),
    "points": lambda params: (
        _("“%(criterion)s”: give between 0 and %(most)s points.")
        % {"criterion": params["criterion"], "most": params["most"]}
    ),
    "not-a-task": lambda params: _("This answer is not graded by a person."),
    "not-submitted": lambda params: _("This attempt is not handed in yet."),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not. ``params`` hold the values of the sentence: ``allowed`` (attempts), ``until`` (aware, UTC) …"""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def words(self, zone: str = "") -> str:
        """Return the sentence in the reader's language.

        Args:
            zone: IANA name, in which moments are said; the default zone when empty.
        """
        return _WORDS[self.code]({**self.params, "zone": zone})


class Refused(KelasError):
    """A service refuses. ``refusal`` says why; the text is its sentence."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        self.refusal = Refusal(code, params or {})
        super().__init__(code=code)

    @property
    def params(self) -> Mapping[str, Any]:
        """The values of the sentence."""
        return self.refusal.params

    def __str__(self) -> str:
        return self.refusal.words()
