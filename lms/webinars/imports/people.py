"""Collecting rows into people, and turning marks into times once the date order is known."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from lms.core import intervals

from .remarks import Remarks
from .report import ROLES, PersonInReport
from .tables import fold
from .timestamps import MASK, NEAR_SECONDS, SHIFT, moment_of

RANK = {role: rank for rank, role in enumerate(ROLES)}
NO_EMAIL = frozenset({"", "-", "--", "---", "na", "n/a", "null", "none", "–", "—"})
NO_NAME = frozenset({"", "-", "--", "---", "–", "—"})
CUT = re.compile(r"…|\.\.\.|\*")  # taro1…, bud***@usaha.example

JOINED, LEFT, WAS_THERE = "joined", "left", "joined before"


class Draft:
    """One person while the file is read. Times are marks; lists are flat and made late: there are many."""

    more: dict[str, None] | None = None  # further names, an ordered set
    open_joins: list[tuple[int, int]] | None = None  # join, row
    steps: list[tuple[int, str, int]] | None = None  # mark, JOINED | LEFT | WAS_THERE, row
    outlines: list[tuple[int, int, int, float | None]] | None = None  # first join, last leave, row, minutes
    minutes: float | None = None
    flags: list[str] | None = None

    def __init__(self, name: str, email: str, role: str) -> None:
        self.name = name
        self.email = email
        self.role = role
        self.stays: list[int] = []  # join, leave, row, join, leave, row, …

    def called(self, name: str, *, renamed: bool = True) -> None:
        """Note a name that the person goes by; ``renamed`` if it was shown in place of the first one."""
        if not self.name:
            self.name = name
        elif name and name != self.name:
            if self.more is None:
                self.more = {}
            self.more[name] = None
            if renamed:
                self.flag("several_names")

    def flag(self, flag: str) -> None:
        """Note a flag once."""
        if self.flags is None:
            self.flags = []
        if flag not in self.flags:
            self.flags.append(flag)

    def stay(self, join: int, leave: int, row: int) -> None:
        """Add a time from joining to leaving."""
        self.stays += (join, leave, row)

    def open_join(self, join: int, row: int) -> None:
        """Add a time of joining that has no time of leaving."""
        if self.open_joins is None:
            self.open_joins = []
        self.open_joins.append((join, row))

    def outlined(self, join: int, leave: int, row: int, minutes: float | None) -> None:
        """Add a first joining and a last leaving, with the minutes printed beside them."""
        if self.outlines is None:
            self.outlines = []
        self.outlines.append((join, leave, row, minutes))

    def step(self, mark: int, step: str, row: int) -> None:
        """Add a single joining or leaving."""
        if self.steps is None:
            self.steps = []
        self.steps.append((mark, step, row))


class Roster:
    """All drafts of a file, in order of appearance.

    A person is an e-mail address (trimmed, case-folded; neither dots nor plus tags are touched), or a name
    where there is no usable address. A cut address is no address: ``andi…`` may be two people, so the name
    decides too. People outside registration are kept apart from attendees with the same name.
    """

    def __init__(self) -> None:
        self._drafts: dict[Any, Draft] = {}

    def __len__(self) -> int:
        return len(self._drafts)

    def __iter__(self) -> Iterator[Draft]:
        return iter(self._drafts.values())

    def taken(self) -> Iterator[Draft]:
        """Yield the drafts and let go of each, so that a large report is never in memory twice."""
        drafts = list(self._drafts.values())
        self._drafts.clear()
        drafts.reverse()
        while drafts:
            yield drafts.pop()

    def starts(self) -> Iterator[int]:
        """Yield all times of joining, as marks."""
        for draft in self:
            yield from draft.stays[0::3]
            yield from (join for join, _ in draft.open_joins or ())
            yield from (mark for mark, step, _ in draft.steps or () if step != LEFT)
            yield from (join for join, _, _, _ in draft.outlines or ())

    def ends(self) -> Iterator[int]:
        """Yield all times of leaving, as marks."""
        for draft in self:
            yield from draft.stays[1::3]
            yield from (mark for mark, step, _ in draft.steps or () if step == LEFT)
            yield from (leave for _, leave, _, _ in draft.outlines or ())

    def draft(self, name: str, email: str, role: str, row: int, *, unique_key: str = "") -> Draft:
        """Return the draft of a person, made if new, with the name noted and the higher role kept."""
        name, email = name.strip(), email.strip()
        folded = email.casefold()
        if folded != email:  # else keep the one string: there are many
            email = folded
        if len(name) < 4 and name in NO_NAME:
            name = ""
        key: Any = email
        if "@" not in email or CUT.search(email):
            if email in NO_EMAIL:
                email = ""
            nobody = unique_key or (row if not (name or email) else "")
            key = (email, fold(name), role == "other", nobody)
        draft = self._drafts.get(key)
        if draft is None:
            draft = self._drafts[key] = Draft(name, email, role)
            if email and key is not email:
                draft.flag("email_cut" if CUT.search(email) else "email_invalid")
            return draft
        draft.called(name)
        if RANK[role] > RANK[draft.role]:
            draft.role = role
        return draft


class Clock(dict[int, int]):
    """Mark → second since day 0, -1 where the date is not possible in the order that was found."""

    def __init__(self, days: Sequence[int | None]) -> None:
        super().__init__()
        self._days = days

    def __missing__(self, mark: int) -> int:
        day = self._days[mark >> SHIFT]
        second = self[mark] = -1 if day is None else day + (mark & MASK)
        return second


class Moments(dict[int, datetime]):
    """Second → moment; equal times share one object, which is most of the memory of a large report."""

    def __missing__(self, second: int) -> datetime:
        moment = self[second] = moment_of(second)
        return moment


def finish(
    roster: Roster, days: Sequence[int | None], warnings: Remarks, scheduled: int | None
) -> list[PersonInReport]:
    """Turn drafts into people. ``days`` places each date part, ``scheduled`` is the planned start (seconds)."""
    clock, moments = Clock(days), Moments()
    times_seen = Counter([draft.name.casefold() for draft in roster])
    people = []
    for draft in roster.taken():
        if draft.name and times_seen[draft.name.casefold()] > 1:
            draft.flag("name_shared")
        people.append(_person(draft, clock, moments, warnings))
    if scheduled is not None:
        _check_nearness(people, moment_of(scheduled), warnings)
    return people


def _person(draft: Draft, clock: Clock, moments: Moments, warnings: Remarks) -> PersonInReport:
    name = draft.name
    if draft.steps:
        _pair_steps(draft, clock, warnings, name or draft.email or "?")
    if draft.outlines and not draft.stays:
        _use_outlines(draft, clock)
    stays = iter(draft.stays)
    spans = sorted([(clock[join], clock[leave]) for join, leave, _ in zip(stays, stays, stays, strict=True)])
    pairs = [span for span in spans if 0 <= span[0] <= span[1]]
    if len(pairs) < len(spans):
        _explain(draft, clock, warnings, name or draft.email or "?")
    starts = [pairs[0][0]] if pairs else []
    open_joins: tuple[datetime, ...] = ()
    if draft.open_joins is not None:
        opened = sorted(second for join, _ in draft.open_joins if (second := clock[join]) >= 0)
        open_joins = tuple(moments[second] for second in opened)
        starts += opened[:1]
    merged: int | None = intervals.seconds(pairs)
    if draft.role == "no-show":
        draft.flag("no_show")
        merged = None
    elif open_joins:
        draft.flag("still_connected")
    elif not pairs:
        draft.flag("nothing_counted" if draft.minutes is None else "only_total")
        merged = merged if draft.minutes is None else None
    return PersonInReport(
        name,
        draft.email,
        draft.role,
        moments[min(starts)] if starts else None,
        moments[max([end for _, end in pairs])] if pairs else None,
        [(moments[start], moments[end]) for start, end in pairs],
        merged,
        draft.minutes,
        tuple(draft.flags) if draft.flags else (),
        tuple(draft.more) if draft.more else (),
        open_joins,
    )


def _explain(draft: Draft, clock: Clock, warnings: Remarks, label: str) -> None:
    stays = iter(draft.stays)
    for join, leave, row in zip(stays, stays, stays, strict=True):
        start, end = clock[join], clock[leave]
        if start < 0 or end < 0:
            warnings.add("impossible_date", row, name=label)
        elif end < start:
            warnings.add("leave_before_join", row, name=label)


def _pair_steps(draft: Draft, clock: Clock, warnings: Remarks, label: str) -> None:
    """Pair joining with leaving by time, for lists of single steps in any order.

    Within one second whoever is inside leaves first and joins again; whoever is outside joins first. A second
    joining while inside (another device) changes nothing: the list does not say which device left.
    """
    known = sorted(
        ((clock[mark], mark, step, row) for mark, step, row in draft.steps or ()), key=itemgetter(0)
    )
    inside: tuple[int, int] | None = None
    for second, together in groupby(known, key=itemgetter(0)):
        leaving: deque[tuple[int, int]] = deque()
        joining: deque[tuple[int, int]] = deque()
        for _, mark, step, row in together:
            if second < 0:
                warnings.add("impossible_date", row, name=label)
                continue
            (leaving if step == LEFT else joining).append((mark, row))
            if step == WAS_THERE:
                draft.flag("joined_before")
        while leaving or joining:
            if leaving and (inside is not None or not joining):
                mark, row = leaving.popleft()
                if inside is None:
                    warnings.add("left_without_join", row, name=label)
                else:
                    draft.stay(inside[0], mark, inside[1])
                    inside = None
            else:
                inside = inside or joining[0]
                joining.popleft()
    if inside is not None:
        draft.open_join(*inside)
        warnings.add("leave_missing", inside[1], name=label)


def _use_outlines(draft: Draft, clock: Clock) -> None:
    """First joining and last leaving are a stay only if the printed duration fills the time between them."""
    for join, leave, row, minutes in draft.outlines or ():
        # Durations of an hour or more are printed without their seconds.
        if minutes is not None and clock[leave] - clock[join] - minutes * 60 > 60:
            draft.minutes = max(minutes, draft.minutes or 0)
            draft.flag("first_last_only")
        else:
            draft.stay(join, leave, row)


def _check_nearness(people: list[PersonInReport], scheduled: datetime, warnings: Remarks) -> None:
    joins = [join for person in people for join, _ in person.intervals]
    joins += [join for person in people for join in person.open_joins]
    far = [join for join in joins if abs((join - scheduled).total_seconds()) > NEAR_SECONDS]
    if far:
        warnings.add("far_from_session", count=len(far), total=len(joins), day=min(far).strftime("%Y-%m-%d"))
