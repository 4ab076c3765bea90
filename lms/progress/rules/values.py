"""The plain values that the rules work on: what was recorded, what is asked for, what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Evidence:
    """One unvoided record of one activity: what it says (xAPI verb), when it occurred, and for how long."""

    verb: str
    occurred_at: dt.datetime
    duration_seconds: int | None = None
    score_scaled: float | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One part of an outline. ``group`` only groups what names its place as ``parent``.

    ``rule`` may hold, for something to do: ``min_seconds`` (presence at a session), ``min_score`` (scaled), ``min_watched``
    (seconds of a recording), ``min_minutes`` (from opening a lesson to marking it); for a group: ``needed`` (k of what it
    groups, else all); for both: ``opens_on`` (ISO date) and ``opens_after_days`` (calendar days after the run's start).
    """

    activity_id: int
    required: bool = True
    group: bool = False
    parent: int | None = None
    rule: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Version:
    """An outline as it was from ``started_at`` until ``ended_at`` (None: still in force).

    ``needed``: k of what stands at the top, else all. ``sequential``: each part opens when what stands before it is
    done. ``prerequisites``: activities to complete before any part opens. A parent stands before its children.
    """

    id: int
    items: Sequence[Item]
    started_at: dt.datetime
    ended_at: dt.datetime | None = None
    needed: int | None = None
    sequential: bool = False
    prerequisites: tuple[int, ...] = ()

    @cached_property
    def below(self) -> Mapping[int | None, Sequence[int]]:
        """Place of a group (None: the top) → places of what stands in it and counts, in order.

        Something counts when it and everything that groups it is required; a group that nothing counts in is left out.
        """
        kept: dict[int | None, list[int]] = {}
        # From the end, so that what a group holds is known before the group itself is looked at.
        for place in range(len(self.items) - 1, -1, -1):
            item = self.items[place]
            if item.required and (not item.group or kept.get(place)):
                kept.setdefault(item.parent, []).insert(0, place)
        return kept

    def choice(self, place: int | None) -> int:
        """Return how many parts of a group (None: of the top) are needed: never more than count in it."""
        there = len(self.below.get(place, ()))
        wanted = self.needed if place is None else self.items[place].rule.get("needed")
        return there if wanted is None else min(wanted, there)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from the evidence: the earliest completion if any, percent, and when each activity was done."""

    percent: int
    completed_at: dt.datetime | None = None
    version_id: int | None = None
    done: Mapping[int, dt.datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lock:
    """One reason why a part is not open yet.

    ``code``: ``date`` (it opens on ``opens_on``), ``before`` (``activity_ids`` come first), ``prerequisite``
    (``activity_ids`` are to be completed before).
    """

    code: str
    activity_ids: tuple[int, ...] = ()
    opens_on: dt.date | None = None
