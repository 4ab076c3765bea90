"""What a newly published rule changes in a series, and how long attending takes. Pure functions on plain values: no database, no Django, no clock.

Four things hold whatever an editor does (architecture, law 1):

- A session is known by its original local date and ordinal. Another wall-clock time or zone keeps it.
- What has begun is never touched, and nothing is moved into the past or added there once a series exists.
- A cancelled session is never revived. One that a person cancelled keeps its date closed whatever the rule says
  later. One that the rule itself gave up leaves the date free: given again, the date gets a new session with the
  next ordinal.
- Where people are touched, or where a person decided otherwise before, a change is only proposed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lms.webinars.recurrence import Slot

#: From when to when, both aware.
Span = tuple[dt.datetime, dt.datetime]

MOVE = "move"
CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that waits for a person: a move to a span, or a cancellation (span None)."""

    kind: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """A session as it stands.

    Attributes:
        key: whatever the caller knows it by.
        original_date: calendar date in the zone of the series when the rule first gave it.
        ordinal: number on that date.
        span: when it takes place now.
        slot: where the rule as last published puts it; None once the rule no longer gives it.
        cancelled: it does not take place.
        people: somebody has a seat, waits for one, or was there.
        proposal: the change that waits for a person, if any.
    """

    key: int
    original_date: dt.date
    ordinal: int
    span: Span
    slot: Span | None
    cancelled: bool = False
    people: bool = False
    proposal: Proposal | None = None

    @property
    def withdrawn(self) -> bool:
        """The rule itself gave it up; its date is free."""
        return self.cancelled and self.slot is None

    @property
    def decided(self) -> bool:
        """A person put it elsewhere than the rule does, or kept it there."""
        return self.slot is not None and self.span != self.slot and self.proposal is None


@dataclass(slots=True)
class ScheduleDiff:
    """What to write so that sessions follow the rule. Empty when they do already.

    Attributes:
        add: new sessions, with the ordinal that they get.
        move: key → span, for sessions that nobody holds a place at.
        cancel: keys of sessions that nobody holds a place at.
        propose: key → change for a person to decide; an earlier one is replaced.
        settle: keys whose waiting proposal is no longer wanted or is replaced.
        slots: key → where the rule puts it now, None where it no longer gives it.
    """

    add: list[Slot] = field(default_factory=list)
    move: dict[int, Span] = field(default_factory=dict)
    cancel: list[int] = field(default_factory=list)
    propose: dict[int, Proposal] = field(default_factory=dict)
    settle: list[int] = field(default_factory=list)
    slots: dict[int, Span | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.add or self.move or self.cancel or self.propose or self.settle or self.slots)


def seconds_needed(length: dt.timedelta, *, percent: int) -> int:
    """Return for how many whole seconds somebody has to be present, so that it counts as attended.

    Args:
        length: of the session.
        percent: share of it that is needed, 1 to 100; a part of a second is rounded up.
    """
    return -(-percent * int(length.total_seconds()) // 100)


def schedule_diff(wanted: Iterable[Slot], present: Sequence[Present], *, now: dt.datetime) -> ScheduleDiff:
    """Compare what a rule gives with the sessions that exist.

    The first time, sessions in the past are added too: somebody may enter a series that has begun. Later the past is
    closed.

    Args:
        wanted: the sessions that the rule gives.
        present: every session of the series, cancelled ones included.
        now: aware.
    """
    diff = ScheduleDiff()
    given: dict[dt.date, list[Slot]] = defaultdict(list)
    for each in wanted:
        given[each.original_date].append(each)
    there: dict[dt.date, list[Present]] = defaultdict(list)
    for one in present:
        there[one.original_date].append(one)
    for date in sorted(given.keys() | there.keys()):
        slots = sorted(given[date], key=lambda each: each.ordinal)
        sessions = sorted(there[date], key=lambda one: one.ordinal)
        free = max((one.ordinal for one in sessions), default=-1) + 1
        open_sessions = [one for one in sessions if not one.withdrawn]
        for one, slot in zip(open_sessions, slots, strict=False):
            _follow(diff, one, (slot.starts_at, slot.ends_at), now)
        for one in open_sessions[len(slots) :]:
            _give_up(diff, one, now)
        for slot in slots[len(open_sessions) :]:
            if not present or slot.starts_at > now:
                diff.add.append(Slot(date, free, slot.starts_at, slot.ends_at))
                free += 1
    return diff


def _follow(diff: ScheduleDiff, one: Present, slot: Span, now: dt.datetime) -> None:
    """The rule gives this session; perhaps at another time than before."""
    if one.cancelled or one.span[0] <= now or one.slot == slot:
        return
    diff.slots[one.key] = slot
    if one.span == slot or slot[0] <= now:
        _propose(diff, one, None)
    elif one.people or one.decided:
        _propose(diff, one, Proposal(MOVE, slot))
    else:
        diff.move[one.key] = slot
        _propose(diff, one, None)


def _give_up(diff: ScheduleDiff, one: Present, now: dt.datetime) -> None:
    """The rule does not give this session any more."""
    if one.cancelled or one.span[0] <= now or one.slot is None:
        return
    diff.slots[one.key] = None
    if one.people or one.decided:
        _propose(diff, one, Proposal(CANCEL))
    else:
        diff.cancel.append(one.key)
        _propose(diff, one, None)


def _propose(diff: ScheduleDiff, one: Present, proposal: Proposal | None) -> None:
    if one.proposal == proposal:
        return
    if one.proposal is not None:
        diff.settle.append(one.key)
    if proposal is not None:
        diff.propose[one.key] = proposal
