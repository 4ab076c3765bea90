"""Seats: who comes to which session, and who waits. ``taken`` never exceeds ``capacity``, and the queue is fair.

Every change locks the activity of the series where it needs it, then its sessions in the order of their ids; publishing
locks in the same order. So a freed seat and somebody who joins the queue always see each other. The conditional UPDATE
and the constraints decide again, on databases that lock by the row as on those that do not.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lms import signals
from lms.core import clock
from lms.core.exceptions import Closed
from lms.people.models import Learner, Partner
from lms.people.queries import canonical
from lms.progress import services as progress
from lms.webinars.models import Attendance, Occurrence, Registration, SeriesRegistration, WebinarSeries
from lms.webinars.services import places
from lms.webinars.services.places import fitting


@transaction.atomic
def register_for_series(
    *, series: WebinarSeries, learner: Learner, partner: Partner | None = None
) -> SeriesRegistration:
    """Keep the standing wish to come to every session of a series, and take a place at each one to come.

    Doing it twice changes nothing. A session that the learner gave back by itself stays given back, unless the whole
    wish was taken back before and is renewed now.

    Args:
        series: whose page is live.
        learner: anybody who was not erased; somebody who was merged is stood for by the other.
        partner: whose calendar led here.

    Raises:
        Closed: the series is no longer offered, or all of its sessions are over.
    """
    learner = canonical(learner)
    places.lock_series(series)
    occurrences = places.lock(places.still_open(series.occurrences.all(), clock.now()))
    wish, renewed = _wish(series, learner, partner)
    if renewed and not occurrences and series.occurrences.exists():
        raise Closed(_("All sessions of this series are over."))
    taken = places.take(occurrences, learner.pk, clock.now(), again=renewed)
    progress.enrol(learner_ids=[learner.pk], activity_id=series.activity_id)
    if renewed:
        signals.series_registered.send(
            sender=SeriesRegistration, series_registration_id=wish.pk, registration_ids=taken.ids
        )
    taken.tell(whole_series=renewed)
    return wish


def _wish(
    series: WebinarSeries, learner: Learner, partner: Partner | None
) -> tuple[SeriesRegistration, bool]:
    now = clock.now()
    wish, new = SeriesRegistration.objects.get_or_create(
        series=series, learner=learner, defaults={"registered_at": now, "partner": partner}
    )
    if new or wish.cancelled_at is None:
        return wish, new
    wish.registered_at, wish.cancelled_at = now, None
    wish.partner = partner or wish.partner
    wish.revision += 1
    wish.save()
    return wish, True


@transaction.atomic
def register_for_occurrence(*, occurrence: Occurrence, learner: Learner) -> Registration:
    """Take a place at one session: a seat if there is one, else the end of the queue. Doing it twice changes nothing.

    Raises:
        Closed: the session is over or cancelled, or the series is no longer offered.
    """
    learner = canonical(learner)
    series = WebinarSeries.objects.get(pk=occurrence.series_id)
    places.lock_series(series)
    locked = places.lock(Occurrence.objects.filter(pk=occurrence.pk))
    if locked[0].status == Occurrence.Status.CANCELLED:
        raise Closed(_("This session was cancelled."))
    if locked[0].ends_at <= clock.now():
        raise Closed(_("This session is over."))
    taken = places.take(locked, learner.pk, clock.now(), again=True)
    progress.enrol(learner_ids=[learner.pk], activity_id=series.activity_id)
    taken.tell()
    return Registration.objects.get(occurrence=occurrence, learner=learner)


@transaction.atomic
def seat_standing_wishes(*, occurrence_ids: Iterable[int]) -> int:
    """Give places at new sessions to everybody who wants to come to the whole series, first come, first served.

    Called when publishing adds sessions; the caller holds the lock of the series' activity.

    Returns:
        How many places were given, seats and places in the queue.
    """
    new = places.still_open(Occurrence.objects.filter(pk__in=list(occurrence_ids)), clock.now())
    count = 0
    for occurrence in places.lock(new):
        taken = places.take_for_wishes(occurrence)
        taken.tell()
        count += len(taken.ids)
    return count


@transaction.atomic
def cancel_registration(*, registration: Registration) -> bool:
    """Give back a place at one session; the first in the queue gets the seat. Doing it twice changes nothing.

    Returns:
        Whether there was a place to give back.

    Raises:
        Closed: the session is over.
    """
    locked = places.lock(Occurrence.objects.filter(pk=registration.occurrence_id))
    if locked[0].ends_at <= clock.now():
        raise Closed(_("This session is over."))
    return bool(places.give_back(locked, registration.learner_id))


@transaction.atomic
def cancel_series_registration(*, series_registration: SeriesRegistration) -> bool:
    """Take back the standing wish for a series, with every place at a session to come. Doing it twice changes nothing.

    Somebody for whom no session has begun yet is no longer enrolled either; what was attended stays and counts.

    Returns:
        Whether there was anything to take back.
    """
    series = WebinarSeries.objects.get(pk=series_registration.series_id)
    learner_id = series_registration.learner_id
    places.lock_series(series, even_closed=True)
    now = clock.now()
    locked = places.lock(series.occurrences.filter(ends_at__gt=now))
    ended = SeriesRegistration.objects.filter(pk=series_registration.pk, cancelled_at=None).update(
        cancelled_at=now, updated_at=now
    )
    given_back = places.give_back(locked, learner_id, whole_series=True)
    begun = {"occurrence__series": series, "learner_id": learner_id}
    if not (
        Registration.objects.filter(occurrence__starts_at__lte=now, **begun).exists()
        or Attendance.objects.filter(**begun).exists()
    ):
        progress.withdraw(learner_id=learner_id, activity_id=series.activity_id)
    if ended:
        signals.series_left.send(
            sender=SeriesRegistration,
            series_registration_id=series_registration.pk,
            registration_ids=given_back,
        )
    return bool(ended or given_back)


@transaction.atomic
def promote(*, occurrence: Occurrence) -> list[int]:
    """Give free seats of a session to those who wait longest, one each.

    Returns:
        Ids of the registrations that have a seat now and waited before.
    """
    return places.promote(places.lock(Occurrence.objects.filter(pk=occurrence.pk)))


@transaction.atomic
def set_capacity(*, occurrence_ids: Iterable[int], capacity: int | None) -> int:
    """Set how many seats sessions have; the queue moves up into new ones. Nobody who has a seat ever loses it.

    Args:
        occurrence_ids: sessions of one series.
        capacity: seats; None for no limit. Where more are taken already, exactly those stay.

    Returns:
        How many sessions changed.
    """
    locked = places.lock(Occurrence.objects.filter(pk__in=list(occurrence_ids)))
    changed = [one for one in locked if one.capacity != fitting(capacity, one.taken)]
    for one in changed:
        one.capacity = fitting(capacity, one.taken)
    Occurrence.objects.bulk_update(changed, ["capacity"], batch_size=100)
    places.promote(changed)
    return len(changed)


@transaction.atomic
def revoke_join_links(*, learner: Learner) -> int:
    """Make every join link of a learner invalid; later mails carry new ones. Returns how many."""
    rows = Registration.objects.filter(learner=learner)
    return rows.update(link_version=F("link_version") + 1, updated_at=clock.now())
