"""What messages about series and sessions say: registered, moved, cancelled, given back, reminded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lms.catalogue.queries import page_in, title_in
from lms.core import clock
from lms.notifications import itip
from lms.notifications.channels import Attachment
from lms.notifications.models import OutboxMessage
from lms.notifications.personal_links import join_link
from lms.people.models import Address, Learner
from lms.webinars.models import Occurrence, Registration, SeriesRegistration, WebinarSeries

#: What a kind needs to say: template values and files, or None when there is nothing to say any more.
Contents = tuple[dict[str, Any], tuple[Attachment, ...]] | None


def subject_id(message: OutboxMessage) -> int:
    """Return the primary key of what a message is about."""
    return int(message.about.partition(":")[2])


def _series_values(series: WebinarSeries, learner: Learner) -> dict[str, Any]:
    page = page_in(series.activity, learner.language)
    return {
        "series": series,
        "title": title_in(series.activity, learner.language),
        "series_address": page.page.full_url if page and page.page and page.public else "",
        "organiser_zone": series.zone,
        "zone": learner.zone or series.zone,
    }


def _series_registered(message: OutboxMessage, address: Address) -> Contents:
    wish = SeriesRegistration.objects.filter(
        series_id=subject_id(message), learner=message.learner, cancelled_at=None, revision=message.revision
    ).first()
    if wish is None:
        return None
    series = _series(wish.series_id)
    coming = list(
        Registration.objects.filter(
            learner=message.learner, occurrence__series=series, occurrence__ends_at__gt=clock.now()
        )
        .exclude(state=Registration.State.CANCELLED)
        .exclude(occurrence__status=Occurrence.Status.CANCELLED)
        .select_related("occurrence")
        .order_by("occurrence__starts_at")
    )
    if not series.activity.live or not coming:
        return None
    seats = [row for row in coming if row.state == Registration.State.REGISTERED]
    files = itip.invitation(series, seats, message.learner, address, stamp=message.created_at)
    return _series_values(series, message.learner) | {"registrations": coming}, files


def _series_left(message: OutboxMessage, address: Address) -> Contents:
    wish = (
        SeriesRegistration.objects.filter(
            series_id=subject_id(message), learner=message.learner, revision=message.revision
        )
        .exclude(cancelled_at=None)
        .first()
    )
    if wish is None:
        return None
    series = _series(wish.series_id)
    # What was given back with the series; a session that was left before had a mail of its own.
    left = Registration.objects.filter(
        learner=message.learner,
        occurrence__series=series,
        state=Registration.State.CANCELLED,
        updated_at__gte=wish.cancelled_at,
        occurrence__ends_at__gt=clock.now(),
    ).exclude(occurrence__status=Occurrence.Status.CANCELLED)
    rows = left.select_related("occurrence").order_by("occurrence__starts_at")
    files = itip.cancellations(
        series, [row.occurrence for row in rows], message.learner, address, stamp=message.created_at
    )
    return _series_values(series, message.learner), files


def _session(message: OutboxMessage) -> tuple[Occurrence, Registration | None]:
    occurrence = Occurrence.objects.select_related("series__activity", "activity").get(pk=subject_id(message))
    registration = Registration.objects.filter(occurrence=occurrence, learner=message.learner).first()
    if registration is not None:
        registration.occurrence = occurrence  # known already
    return occurrence, registration


def _session_values(occurrence: Occurrence, registration: Registration, learner: Learner) -> dict[str, Any]:
    return _series_values(occurrence.series, learner) | {
        "occurrence": occurrence,
        "registration": registration,
        "join_link": join_link(registration),
    }


def _session_registered(message: OutboxMessage, address: Address) -> Contents:
    occurrence, registration = _session(message)
    if registration is None or not _wanted(message, occurrence, registration):
        return None
    if occurrence.status == Occurrence.Status.CANCELLED:
        return None
    seated = registration.state == Registration.State.REGISTERED
    files = (
        itip.invitation(occurrence.series, [registration], message.learner, address, stamp=message.created_at)
        if seated
        else ()
    )
    return _session_values(occurrence, registration, message.learner), files


def _session_promoted(message: OutboxMessage, address: Address) -> Contents:
    _, registration = _session(message)
    if registration is None or registration.state != Registration.State.REGISTERED:
        return None
    return _session_registered(message, address)


def _session_moved(message: OutboxMessage, address: Address) -> Contents:
    occurrence, registration = _session(message)
    # A further change has a message of its own; what lies between is not worth telling.
    if occurrence.sequence != message.sequence:
        return None
    return _session_registered(message, address)


def _session_cancelled(message: OutboxMessage, address: Address) -> Contents:
    occurrence, registration = _session(message)
    if (
        registration is None
        or occurrence.status != Occurrence.Status.CANCELLED
        or occurrence.ends_at < clock.now()
    ):
        return None
    files = itip.cancellation(
        occurrence.series, occurrence, message.learner, address, stamp=message.created_at
    )
    return _session_values(occurrence, registration, message.learner), files


def _session_left(message: OutboxMessage, address: Address) -> Contents:
    occurrence, registration = _session(message)
    if registration is None or registration.state != Registration.State.CANCELLED:
        return None
    files = itip.cancellation(
        occurrence.series, occurrence, message.learner, address, stamp=message.created_at
    )
    return _session_values(occurrence, registration, message.learner), files


def _reminder(message: OutboxMessage, address: Address) -> Contents:
    occurrence, registration = _session(message)
    if (
        registration is None
        or registration.state != Registration.State.REGISTERED
        or occurrence.status != Occurrence.Status.SCHEDULED
        or occurrence.sequence != message.sequence
        or occurrence.starts_at < clock.now()
    ):
        return None
    return _session_values(occurrence, registration, message.learner), ()


def _wanted(message: OutboxMessage, occurrence: Occurrence, registration: Registration) -> bool:
    return (
        registration.state != Registration.State.CANCELLED
        and registration.revision == message.revision
        and occurrence.ends_at > clock.now()
        and occurrence.series.activity.live
    )


def _series(pk: int) -> WebinarSeries:
    return WebinarSeries.objects.select_related("activity__site").defer("rule").get(pk=pk)


#: Kind of message → what composes it; "reminder" stands for all reminders.
COMPOSERS: dict[str, Callable[[OutboxMessage, Address], Contents]] = {
    "series_registered": _series_registered,
    "series_left": _series_left,
    "session_registered": _session_registered,
    "session_promoted": _session_promoted,
    "session_left": _session_left,
    "session_moved": _session_moved,
    "session_cancelled": _session_cancelled,
    "reminder": _reminder,
}
