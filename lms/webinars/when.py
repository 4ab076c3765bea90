"""A session's date and clocks as screens show them: on the reader's clock, with the organiser's beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.utils import formats

from lms.core import clock
from lms.core.dates import date_words, span_words


class Span(Protocol):
    """Whatever begins and ends, such as a session."""

    @property
    def starts_at(self) -> dt.datetime:
        """Aware."""

    @property
    def ends_at(self) -> dt.datetime:
        """Aware."""


@dataclass(frozen=True, slots=True)
class Clock:
    """From when to when in one zone; ``day`` names the date where it is another one than in the first zone."""

    zone: str
    span: str
    day: str


@dataclass(frozen=True, slots=True)
class When:
    """Date and clocks of one session. The first zone is the one that the date is in."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    date: str
    clocks: list[Clock]

    @property
    def local(self) -> dt.datetime:
        """When it starts, on the clock of the first zone."""
        return clock.wall_clock(self.starts_at, self.zone)


def when(session: Span, zones: Iterable[str]) -> When:
    """Return date and clocks of a session.

    Args:
        session: which.
        zones: IANA names; the first gives the date. One that shows the same time as an earlier one is left out, so
            that nobody reads the same hour twice.
    """
    start, end = session.starts_at, session.ends_at
    clocks: list[Clock] = []
    seen: set[str] = set()
    first = None
    for zone in zones:
        local = clock.wall_clock(start, zone)
        first = first or local
        span = span_words(start, end, zone)
        shown = f"{local:%Y-%m-%d %H:%M}"
        if shown in seen:
            continue
        seen.add(shown)
        other_day = local.date() != first.date()
        clocks.append(Clock(zone, span, formats.date_format(local, "l, j F") if other_day else ""))
    zone = clocks[0].zone
    return When(start, end, zone, date_words(start, zone), clocks)
