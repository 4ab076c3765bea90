"""Taking and giving back places at sessions that the caller has locked. ``seats`` is the door; nobody else comes here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lms import signals
from lms.catalogue.models import Activity
from lms.core import clock
from lms.core.exceptions import Closed, KelasError
from lms.webinars.models import Occurrence, Registration, SeriesRegistration, WebinarSeries

REGISTERED = Registration.State.REGISTERED
WAITLISTED = Registration.State.WAITLISTED
CANCELLED = Registration.State.CANCELLED

#: Rows written at a time: within SQLite's limit of variables.
BATCH = 500


@dataclass(slots=True)
class Places:
    """Ids of registrations that got a seat, and of those that joined the queue."""

    registered: list[int] = field(default_factory=list)
    waitlisted: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, rows: Iterable[Registration]) -> Places:
        """Sort saved registrations by what they are."""
        places = cls()
        for row in rows:
            (places.registered if row.state == REGISTERED else places.waitlisted).append(row.pk)
        return places

    @property
    def ids(self) -> list[int]:
        """All of them."""
        return [*self.registered, *self.waitlisted]

    def tell(self, *, whole_series: bool = False) -> None:
        """Send the news of them."""
        for ids, reason in ((self.registered, "registered"), (self.waitlisted, "waitlisted")):
            if ids:
                signals.registration_changed.send(
                    sender=Registration, registration_ids=ids, reason=reason, whole_series=whole_series
                )


# ── locks ────────────────────────────────────────────────────────────────────────────────────────────────────────


def lock_series(series: WebinarSeries, *, even_closed: bool = False) -> None:
    """Lock who wants to come to a series against publishing, which gives them places at new sessions.

    Raises:
        Closed: the series has no live page; not with ``even_closed``.
    """
    activity = Activity.objects.select_for_update(no_key=True).get(pk=series.activity_id)
    if not activity.live and not even_closed:
        raise Closed(_("This series is no longer offered."))


def lock(occurrences: QuerySet[Occurrence]) -> list[Occurrence]:
    """Lock sessions, in the order of their ids, and return them as they are now."""
    # Not their keys: rows that point at a session may be written meanwhile.
    return list(occurrences.select_for_update(no_key=True).order_by("pk"))


def still_open(occurrences: QuerySet[Occurrence], now: dt.datetime) -> QuerySet[Occurrence]:
    """Return those that take place and are not over."""
    return occurrences.filter(status=Occurrence.Status.SCHEDULED, ends_at__gt=now)


# ── taking ───────────────────────────────────────────────────────────────────────────────────────────────────────


def take(occurrences: Sequence[Occurrence], learner_id: int, now: dt.datetime, *, again: bool) -> Places:
    """Take a place at each of these locked sessions where the learner has none.

    Args:
        again: also where a place was given back before.
    """
    promote(occurrences)  # who waits goes before who comes
    there = {
        row.occurrence_id: row
        for row in Registration.objects.filter(occurrence__in=occurrences, learner_id=learner_id)
    }
    fresh: list[Registration] = []
    back: list[Registration] = []
    seated: list[int] = []
    for occurrence in occurrences:
        row = there.get(occurrence.pk)
        if row is None:
            row = Registration(occurrence=occurrence, learner_id=learner_id)
            fresh.append(row)
        elif row.state == CANCELLED and again:
            row.revision += 1
            row.updated_at = now
            back.append(row)
        else:
            continue
        free = occurrence.capacity is None or occurrence.taken < occurrence.capacity
        row.state, row.queued_at = (REGISTERED if free else WAITLISTED), now
        if free:
            seated.append(occurrence.pk)
    occupy(seated, 1)
    Registration.objects.bulk_create(fresh)
    Registration.objects.bulk_update(back, ["state", "queued_at", "revision", "updated_at"])
    return Places.of([*fresh, *back])


def take_for_wishes(occurrence: Occurrence) -> Places:
    """Give a place at one locked session to everybody who wants the whole series and has none, first come first."""
    wishes = (
        SeriesRegistration.objects.filter(series_id=occurrence.series_id, cancelled_at=None)
        .exclude(learner__registrations__occurrence=occurrence)
        .order_by("registered_at", "pk")
    )
    rows = [
        Registration(occurrence=occurrence, learner_id=learner_id, state=WAITLISTED, queued_at=since)
        for learner_id, since in wishes.values_list("learner_id", "registered_at")
    ]
    free = len(rows) if occurrence.capacity is None else max(occurrence.capacity - occurrence.taken, 0)
    for row in rows[:free]:
        row.state = REGISTERED
    occupy([occurrence.pk], min(free, len(rows)))
    Registration.objects.bulk_create(rows, batch_size=BATCH)
    return Places.of(rows)


def occupy(occurrence_ids: Sequence[int], seats: int) -> None:
    """Count seats as taken, if and only if every one of these sessions has so many left.

    Raises:
        KelasError: one has not; the caller's transaction ends without effect.
    """
    if not occurrence_ids or not seats:
        return
    enough = Q(capacity=None) | Q(capacity__gte=F("taken") + seats)
    changed = Occurrence.objects.filter(enough, pk__in=occurrence_ids).update(taken=F("taken") + seats)
    if changed != len(occurrence_ids):
        # Only without a lock: on a database that neither locks rows nor begins transactions immediately.
        raise KelasError(_("Somebody was faster. Please try again."), code="contended")


# ── giving back ──────────────────────────────────────────────────────────────────────────────────────────────────


def give_back(occurrences: Sequence[Occurrence], learner_id: int, *, whole_series: bool = False) -> list[int]:
    """Give back a learner's places at these locked sessions, and let the queue move up. Returns their ids."""
    rows = list(
        Registration.objects.filter(occurrence__in=occurrences, learner_id=learner_id).exclude(
            state=CANCELLED
        )
    )
    if not rows:
        return []
    seated = {row.occurrence_id for row in rows if row.state == REGISTERED}
    ids = [row.pk for row in rows]
    Registration.objects.filter(pk__in=ids).update(state=CANCELLED, updated_at=clock.now())
    Occurrence.objects.filter(pk__in=seated).update(taken=F("taken") - 1)
    signals.registration_changed.send(
        sender=Registration, registration_ids=ids, reason="cancelled", whole_series=whole_series
    )
    freed = [one for one in occurrences if one.pk in seated]
    for one in freed:
        one.taken -= 1
    _close_surplus(freed)
    promote(freed)
    return ids


def fitting(wanted: int | None, taken: int) -> int | None:
    """Return the seats that a session can have when so many are wanted and so many taken."""
    return None if wanted is None else max(wanted, taken)


def _close_surplus(occurrences: Sequence[Occurrence]) -> None:
    """Where a session has more seats than its series only because nobody was turned away, close the freed ones."""
    ids = {one.series_id for one in occurrences}
    wanted = dict(WebinarSeries.objects.filter(pk__in=ids).values_list("pk", "capacity"))
    smaller = []
    for one in occurrences:
        fits = fitting(wanted[one.series_id], one.taken)
        if one.capacity is not None and fits is not None and fits < one.capacity:
            one.capacity = fits
            smaller.append(one)
    Occurrence.objects.bulk_update(smaller, ["capacity"], batch_size=100)


def promote(occurrences: Sequence[Occurrence]) -> list[int]:
    """Move the queue of these locked sessions up, as far as there are seats. Returns ids of who has a seat now."""
    now = clock.now()
    able = [
        one
        for one in occurrences
        if one.status == Occurrence.Status.SCHEDULED
        and one.ends_at > now
        and (one.capacity is None or one.taken < one.capacity)
    ]
    queues = Registration.objects.filter(occurrence__in=able, state=WAITLISTED)
    waiting = dict(queues.values_list("occurrence_id").annotate(Count("pk")).order_by()) if able else {}
    promoted: list[int] = []
    for one in able:
        if one.pk in waiting:
            promoted += _move_up(one, queues.filter(occurrence=one), now)
    if promoted:
        signals.registration_changed.send(
            sender=Registration, registration_ids=promoted, reason="promoted", whole_series=False
        )
    return promoted


def _move_up(one: Occurrence, queue: QuerySet[Registration], now: dt.datetime) -> list[int]:
    free = None if one.capacity is None else one.capacity - one.taken
    ids = list(queue.order_by("queued_at", "pk").values_list("pk", flat=True)[:free])
    occupy([one.pk], len(ids))
    for start in range(0, len(ids), BATCH):
        Registration.objects.filter(pk__in=ids[start : start + BATCH]).update(
            state=REGISTERED, updated_at=now
        )
    one.taken += len(ids)
    return ids
