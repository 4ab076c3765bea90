"""What people decide about single sessions: move, cancel, confirm or dismiss a proposed change.

Each is atomic, takes the same locks in the same order as compiling (the series' activity, then its session), and can be asked for twice
with no further effect. Whoever has a seat keeps the registration; they are told by ``occurrences_changed``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms import signals
from lms.core import clock
from lms.core.exceptions import Closed, KelasError
from lms.webinars.models import Attendance, Occurrence, ScheduleChange
from lms.webinars.rules import Span
from lms.webinars.services.series import lock_schedule, mirror_activities, revise, write_series_outline

Kind, State = ScheduleChange.Kind, ScheduleChange.State

#: Longest session that a person may set.
LONGEST = dt.timedelta(hours=24)


@transaction.atomic
def confirm_change(*, change: ScheduleChange, user: Any) -> ScheduleChange:
    """Do what a published change proposed for a session with people.

    Args:
        change: fetched through a series that the person may decide on.
        user: who confirms, or None for a program.

    Returns:
        The change as it is now; confirming twice does it once.

    Raises:
        Closed: it was decided otherwise, is no longer wanted, or comes too late.
    """
    occurrence, change = _lock_change(change)
    if _confirm(change, occurrence, user):
        _report([occurrence])
    return change


@transaction.atomic
def confirm_changes(*, changes: Iterable[ScheduleChange], user: Any) -> dict[int, KelasError]:
    """Confirm several changes at once: one piece of news, one new outline. One that is refused stops no other.

    Args:
        changes: fetched through series that the person may decide on.
        user: who confirms, or None for a program.

    Returns:
        id of a change → why it was refused; empty when all were confirmed.
    """
    refused: dict[int, KelasError] = {}
    done: dict[int, list[Occurrence]] = {}
    # In the order of series and sessions, so that two of these never wait for each other.
    for change in sorted(changes, key=lambda each: (each.occurrence.series_id, each.occurrence_id)):
        occurrence, locked = _lock_change(change)
        try:
            if _confirm(locked, occurrence, user):
                done.setdefault(occurrence.series_id, []).append(occurrence)
        except KelasError as error:
            refused[change.pk] = error
    for occurrences in done.values():
        _report(occurrences)
    return refused


@transaction.atomic
def dismiss_change(*, change: ScheduleChange, user: Any) -> ScheduleChange:
    """Keep a session as it is although the published rule says otherwise. The same change is not proposed again.

    Args:
        change: fetched through a series that the person may decide on.
        user: who dismisses, or None for a program.

    Raises:
        Closed: it was decided otherwise, or is no longer wanted.
    """
    _occurrence, change = _lock_change(change)
    if change.state != State.DISMISSED:
        _refuse_unless_waiting(change)
        _decide(change, State.DISMISSED, user)
    return change


@transaction.atomic
def cancel_occurrence(*, occurrence: Occurrence, user: Any) -> Occurrence:
    """Cancel one session. It stays cancelled whatever the rule of its series says later.

    A past session that nobody attended can be cancelled too, so that completing the series does not wait for what did
    not take place; nobody is told then.

    Args:
        occurrence: fetched through a series that the person may decide on.
        user: who cancels, or None for a program.

    Raises:
        Closed: people attended it.
    """
    occurrence = _lock(occurrence)
    if occurrence.status == Occurrence.Status.CANCELLED:
        return occurrence
    _cancel(occurrence)
    _record(occurrence, Kind.CANCEL, None, user)
    _report([occurrence])
    return occurrence


@transaction.atomic
def move_occurrence(
    *, occurrence: Occurrence, starts_at: dt.datetime, ends_at: dt.datetime, user: Any
) -> Occurrence:
    """Move one session to another time. It keeps its identity, its people and its calendar UID.

    A later change of the rule is only proposed for it, because a person has decided.

    Args:
        occurrence: fetched through a series that the person may decide on.
        starts_at: aware, in the future.
        ends_at: aware, at most 24 hours later.
        user: who moves it, or None for a program.

    Raises:
        Closed: it is cancelled or has begun.
        KelasError: ``in-the-past``, ``ends-before-start`` or ``too-long``.
    """
    occurrence = _lock(occurrence)
    if (occurrence.starts_at, occurrence.ends_at) == (starts_at, ends_at):
        return occurrence
    if occurrence.status == Occurrence.Status.CANCELLED:
        raise Closed(_("This session was cancelled. A cancelled session cannot be moved."))
    if occurrence.starts_at <= clock.now():
        raise Closed(_("This session has already begun, so it can no longer be moved."))
    _move(occurrence, (starts_at, ends_at))
    _record(occurrence, Kind.MOVE, (starts_at, ends_at), user)
    _report([occurrence])
    return occurrence


def _confirm(change: ScheduleChange, occurrence: Occurrence, user: Any) -> bool:
    """Do what a locked change proposes; say whether there was anything left to do."""
    if change.state == State.CONFIRMED:
        return False
    _refuse_unless_waiting(change)
    if occurrence.starts_at <= clock.now():
        raise Closed(_("This session has already begun, so the proposed change comes too late."))
    if change.kind == Kind.CANCEL:
        _cancel(occurrence)
    elif change.new_starts_at and change.new_ends_at:  # a constraint: a move has both
        _move(occurrence, (change.new_starts_at, change.new_ends_at))
    _decide(change, State.CONFIRMED, user)
    return True


def _lock(occurrence: Occurrence) -> Occurrence:
    lock_schedule(occurrence.series_id)
    return Occurrence.objects.select_for_update().get(pk=occurrence.pk)


def _lock_change(change: ScheduleChange) -> tuple[Occurrence, ScheduleChange]:
    occurrence = _lock(change.occurrence)
    return occurrence, ScheduleChange.objects.select_for_update().get(pk=change.pk)


def _refuse_unless_waiting(change: ScheduleChange) -> None:
    if change.state == State.OBSOLETE:
        raise Closed(_("This change is no longer wanted: the series was changed again, or the session was."))
    if change.state != State.PROPOSED:
        raise Closed(_("Somebody has already decided otherwise about this change."))


def _move(occurrence: Occurrence, span: Span) -> None:
    starts_at, ends_at = span
    if starts_at <= clock.now():
        raise KelasError(_("The new time lies in the past. Choose a time in the future."), code="in-the-past")
    if ends_at <= starts_at:
        raise KelasError(_("A session has to end after it starts."), code="ends-before-start")
    if ends_at - starts_at > LONGEST:
        raise KelasError(_("A session can last 24 hours at most."), code="too-long")
    _revise(occurrence, span=span)


def _cancel(occurrence: Occurrence) -> None:
    if Attendance.objects.filter(occurrence=occurrence, seconds__gt=0).exists():
        raise Closed(
            _(
                "People attended this session, so it took place. Undo its attendance report before you cancel it."
            )
        )
    _revise(occurrence, status=Occurrence.Status.CANCELLED)


def _revise(occurrence: Occurrence, *, span: Span | None = None, status: str | None = None) -> None:
    revise(occurrence, clock.now(), span=span, status=status)
    occurrence.save(update_fields=["starts_at", "ends_at", "status", "sequence", "revised_at", "updated_at"])


def _record(occurrence: Occurrence, kind: str, span: Span | None, user: Any) -> None:
    """Keep who moved or cancelled a session, and settle what the rule proposed for it."""
    starts_at, ends_at = span or (None, None)
    waiting = ScheduleChange.objects.filter(occurrence=occurrence, state=State.PROPOSED).first()
    wanted = (kind, starts_at, ends_at)
    if waiting is not None and (waiting.kind, waiting.new_starts_at, waiting.new_ends_at) == wanted:
        _decide(waiting, State.CONFIRMED, user)
        return
    if waiting is not None:
        _decide(waiting, State.OBSOLETE if kind == Kind.CANCEL else State.DISMISSED, user)
    ScheduleChange.objects.create(
        occurrence=occurrence,
        kind=kind,
        new_starts_at=starts_at,
        new_ends_at=ends_at,
        state=State.CONFIRMED,
        decided_at=clock.now(),
        decided_by=user,
    )


def _decide(change: ScheduleChange, state: str, user: Any) -> None:
    change.state, change.decided_at, change.decided_by = state, clock.now(), user
    change.save(update_fields=["state", "decided_at", "decided_by", "updated_at"])


def _report(occurrences: list[Occurrence]) -> None:
    """Let everything that follows from the time or status of a series' sessions follow, in this transaction."""
    series = occurrences[0].series
    mirror_activities(series, series.activity)
    write_series_outline(series)
    now = clock.now()
    signals.occurrences_changed.send(
        sender=Occurrence,
        occurrence_ids=[one.pk for one in occurrences],
        # That a past session did not take place is no news to those who had a seat.
        significant=[one.pk for one in occurrences if one.ends_at > now],
    )
    signals.public_content_changed.send(sender=None)
