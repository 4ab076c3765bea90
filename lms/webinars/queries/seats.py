"""Reads of seats: what a visitor can register for, where a join link leads, which places a learner has."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from lms.catalogue.models import ActivityPage
from lms.core import clock
from lms.core.public_ids import is_public_id
from lms.people.models import Address
from lms.webinars.models import Occurrence, Registration, SeriesRegistration, WebinarSeries

#: Purpose of the link that leads into a session.
JOIN = "join"


@dataclass(frozen=True, slots=True)
class Offer:
    """A series as a visitor can register for it."""

    OPEN = "open"
    SOON = "soon"
    OVER = "over"
    CANCELLED = "cancelled"

    series: WebinarSeries
    state: str
    sessions: list[Occurrence]

    @property
    def full(self) -> bool:
        """Every session to come is full: whoever registers now waits."""
        return bool(self.sessions) and all(is_full(one) for one in self.sessions)

    @property
    def some_full(self) -> bool:
        """Some sessions to come are full and others are not."""
        return not self.full and any(is_full(one) for one in self.sessions)


def is_full(occurrence: Occurrence) -> bool:
    """Say whether nobody can get a seat at once."""
    return occurrence.capacity is not None and occurrence.taken >= occurrence.capacity


def offer_of(key: uuid.UUID) -> Offer | None:
    """Return what a visitor can register for at a series: four queries. None when there is no such public series.

    Args:
        key: of the series' activity.
    """
    series = (
        WebinarSeries.objects.filter(activity__key=key, activity__public=True)
        .select_related("activity__site")
        .prefetch_related(Prefetch("activity__pages", ActivityPage.objects.select_related("locale", "page")))
        .first()
    )
    if series is None:
        return None
    now = clock.now()
    occurrences = list(series.occurrences.order_by("starts_at", "pk"))
    coming = [one for one in occurrences if one.ends_at > now]
    takes_place = [one for one in coming if one.status == Occurrence.Status.SCHEDULED]
    if takes_place:
        state = Offer.OPEN
    elif not occurrences:
        state = Offer.SOON
    elif coming or all(one.status == Occurrence.Status.CANCELLED for one in occurrences):
        state = Offer.CANCELLED
    else:
        state = Offer.OVER
    return Offer(series, state, takes_place)


def public_session(public_id: str) -> Occurrence | None:
    """Return a session of a public series by its public id, with the series and its titles: three queries."""
    if not is_public_id(public_id):
        return None
    return (
        Occurrence.objects.filter(public_id=public_id, series__activity__public=True)
        .select_related("series__activity__site")
        .defer("series__rule", "series__join_url", "join_url")
        .prefetch_related(
            Prefetch("series__activity__pages", ActivityPage.objects.select_related("locale", "page"))
        )
        .first()
    )


class JoinTarget(NamedTuple):
    """What is needed to let somebody in, or to say why not."""

    registration_id: int
    link_version: int
    state: str
    learner_id: int
    language: str
    learner_zone: str
    unproven: bool
    occurrence_id: int
    status: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    own_url: str
    series_url: str
    series_zone: str
    activity_id: int

    @property
    def url(self) -> str:
        """The provider's address of this session; empty when nobody has set one yet."""
        return self.own_url or self.series_url


def join_target(public_id: str) -> JoinTarget | None:
    """Return where a registration's join link leads: one query of plain values, because everybody comes at once."""
    unproven = Address.objects.filter(learner=OuterRef("learner"), verified_at=None)
    row = (
        Registration.objects.filter(public_id=public_id)
        .values_list(
            "pk",
            "link_version",
            "state",
            "learner_id",
            "learner__language",
            "learner__zone",
            Exists(unproven),
            "occurrence_id",
            "occurrence__status",
            "occurrence__starts_at",
            "occurrence__ends_at",
            "occurrence__join_url",
            "occurrence__series__join_url",
            "occurrence__series__zone",
            "occurrence__series__activity_id",
        )
        .first()
    )
    return JoinTarget(*row) if row else None


def registrations_of(learner_id: int) -> QuerySet[Registration]:
    """Return a learner's places, with session and series. Slice it; the provider's addresses are not loaded."""
    return (
        Registration.objects.filter(learner_id=learner_id)
        .select_related("occurrence__series__activity")
        .defer("occurrence__series__rule", "occurrence__series__join_url", "occurrence__join_url")
        .order_by("occurrence__starts_at", "occurrence__pk")
    )


def standing_wishes_of(learner_id: int) -> QuerySet[SeriesRegistration]:
    """Return the series that a learner wants to come to as a whole."""
    return SeriesRegistration.objects.filter(learner_id=learner_id, cancelled_at=None).order_by(
        "registered_at"
    )
