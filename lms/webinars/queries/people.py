"""Reads of what some people have to do with series: their seats, and the sessions that they were at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lms.webinars.models import Attendance, Registration, SeriesRegistration, WebinarSeries

State = Registration.State


@dataclass(slots=True)
class PersonInSeries:
    """One person in one series: sessions with a seat, on the waiting list, and attended; ``every``: wants all of them."""

    series: WebinarSeries
    every: bool = False
    seats: int = 0
    waitlisted: int = 0
    attended: int = 0


def is_in(series: QuerySet[WebinarSeries], learner: str = "pk") -> Q:
    """Return the condition that somebody has to do with one of some series: registered, seated or there, now or ever.

    Args:
        series: those that count.
        learner: the field of the outer query that names the learner.
    """
    mine = series.order_by().values("pk")
    rows = (
        SeriesRegistration.objects.filter(series__in=mine),
        Registration.objects.filter(occurrence__series__in=mine),
        Attendance.objects.filter(occurrence__series__in=mine),
    )
    condition = Q()
    for found in rows:
        condition |= Q(Exists(found.filter(learner=OuterRef(learner))))
    return condition


def series_of_people(
    learner_ids: Collection[int], series: QuerySet[WebinarSeries]
) -> dict[int, list[PersonInSeries]]:
    """Return learner id → series that they have to do with, by title: four queries.

    Args:
        learner_ids: whose.
        series: those that the person who asks may see.
    """
    mine = series.order_by().values("pk")
    wishes = SeriesRegistration.objects.filter(learner__in=learner_ids, series__in=mine).values_list(
        "learner_id", "series_id", "cancelled_at"
    )
    seats = (
        Registration.objects.filter(learner__in=learner_ids, occurrence__series__in=mine)
        .order_by()
        .values_list("learner_id", "occurrence__series_id", "state")
        .annotate(number=Count("pk"))
    )
    there = (
        Attendance.objects.filter(learner__in=learner_ids, occurrence__series__in=mine)
        .order_by()
        .values_list("learner_id", "occurrence__series_id")
        .annotate(number=Count("pk", filter=Q(attended=True)))
    )
    ids = {row[1] for row in (*wishes, *seats, *there)}
    named = WebinarSeries.objects.select_related("activity").in_bulk(ids)
    found: dict[tuple[int, int], PersonInSeries] = {}

    def one(learner_id: int, series_id: int) -> PersonInSeries:
        return found.setdefault((learner_id, series_id), PersonInSeries(named[series_id]))

    for learner_id, series_id, cancelled_at in wishes:
        one(learner_id, series_id).every = cancelled_at is None
    for learner_id, series_id, state, number in seats:
        row = one(learner_id, series_id)
        if state == State.REGISTERED:
            row.seats = number
        elif state == State.WAITLISTED:
            row.waitlisted = number
    for learner_id, series_id, number in there:
        one(learner_id, series_id).attended = number
    by_person: dict[int, list[PersonInSeries]] = {pk: [] for pk in learner_ids}
    for (learner_id, _series_id), row in sorted(
        found.items(), key=lambda item: (item[1].series.activity.title, item[0])
    ):
        by_person[learner_id].append(row)
    return by_person
