"""Reads of many people's runs, for staff: who takes a course, how far each is, and what was said of each part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from lms.catalogue.models import Activity
from lms.people.models import Address
from lms.progress.models import ActivityProgress, Cohort, Enrolment, LearningRecord

State = Enrolment.State
Verb = LearningRecord.Verb


def runs_of_course(activity_id: int) -> QuerySet[Enrolment]:
    """Return all runs of a course with learner and cohort; ``percent`` and ``completed_at`` are there to filter and sort."""
    whole = ActivityProgress.objects.filter(enrolment=OuterRef("pk"), activity_id=activity_id)
    return (
        Enrolment.objects.filter(activity_id=activity_id)
        .select_related("learner", "cohort")
        .annotate(percent=Subquery(whole.values("percent")[:1]), completed_at=F("completion__completed_at"))
    )


def runs_of_people(learner_ids: Collection[int], courses: QuerySet[Activity]) -> QuerySet[Enrolment]:
    """Return these people's runs of some courses, the latest first, with course and cohort, ``percent`` and ``completed_at``.

    Args:
        learner_ids: whose.
        courses: those that the person who asks may see.
    """
    whole = ActivityProgress.objects.filter(enrolment=OuterRef("pk"), activity_id=OuterRef("activity_id"))
    return (
        of_activities(courses)
        .filter(learner__in=learner_ids)
        .select_related("activity", "cohort")
        .annotate(percent=Subquery(whole.values("percent")[:1]), completed_at=F("completion__completed_at"))
        .order_by("-started_at", "-pk")
    )


def by_ids(enrolment_ids: Collection[int]) -> QuerySet[Enrolment]:
    """Return runs by their ids, with learner, activity and cohort."""
    return Enrolment.objects.filter(pk__in=list(enrolment_ids)).select_related(
        "learner", "activity", "cohort"
    )


def found_by(rows: QuerySet[Enrolment], typed: str) -> QuerySet[Enrolment]:
    """Return the runs of people whose name or address holds each of the typed words."""
    for word in typed.split():
        addresses = Address.objects.filter(learner=OuterRef("learner"), value__icontains=word)
        rows = rows.filter(Q(learner__name__icontains=word) | Exists(addresses))
    return rows


def going_on(rows: QuerySet[Enrolment], now: dt.datetime) -> QuerySet[Enrolment]:
    """Return those runs that are active and not over."""
    return rows.filter(Q(ends_at=None) | Q(ends_at__gt=now), state=State.ACTIVE)


def over(rows: QuerySet[Enrolment], now: dt.datetime) -> QuerySet[Enrolment]:
    """Return those active runs that have come to their end by date."""
    return rows.filter(ends_at__lte=now, state=State.ACTIVE)


def with_figures(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """Add to activities how many runs are active, asked for and completed: still one query."""

    def count(**which: Any) -> Count:
        return Count(
            "enrolments", filter=Q(**{f"enrolments__{name}": value for name, value in which.items()})
        )

    return activities.annotate(
        taking_part=count(state=State.ACTIVE),
        asking=count(state=State.REQUESTED),
        completions=count(completion__isnull=False),
    )


def figures_of(activity_id: int) -> Mapping[str, int]:
    """Return state → how many runs of a course are in it: one query."""
    rows = Enrolment.objects.filter(activity_id=activity_id).values_list("state").annotate(Count("pk"))
    return dict(rows.order_by())


def cohorts_of(activity_id: int) -> QuerySet[Cohort]:
    """Return all cohorts of a course, the latest first."""
    return Cohort.objects.filter(activity_id=activity_id).order_by("-starts_on", "-pk")


def done_in(enrolment_ids: Collection[int]) -> dict[int, dict[int, dt.datetime]]:
    """Return enrolment id → activity id → when it was done in that run: one query."""
    found: dict[int, dict[int, dt.datetime]] = {pk: {} for pk in enrolment_ids}
    rows = ActivityProgress.objects.filter(enrolment_id__in=list(enrolment_ids), completed_at__isnull=False)
    for pk, activity_id, moment in rows.values_list("enrolment_id", "activity_id", "completed_at"):
        if moment is not None:
            found[pk][activity_id] = moment
    return found


def said_of(
    *, learner_ids: Collection[int], activity_ids: Collection[int]
) -> list[tuple[int, int, str, dt.datetime, int | None, float | None]]:
    """Return what stands in the ledger about these people and activities, unvoided: one query.

    Returns:
        Learner id, activity id, verb, when, seconds, scaled score; of verbs that carry seconds or a score, and exemptions.
    """
    rows = LearningRecord.objects.filter(
        learner_id__in=list(learner_ids),
        activity_id__in=list(activity_ids),
        voided_by=None,
        verb__in=[Verb.ATTENDED, Verb.WATCHED, Verb.PASSED, Verb.FAILED, Verb.WAIVED],
    ).values_list("learner_id", "activity_id", "verb", "occurred_at", "duration_seconds", "score_scaled")
    return [(*row[:5], None if row[5] is None else float(row[5])) for row in rows]


def everything_said(*, learner_id: int, activity_ids: Iterable[int]) -> QuerySet[LearningRecord]:
    """Return all records of one learner about some activities, also voided ones and those that void, newest first."""
    return (
        LearningRecord.objects.filter(learner_id=learner_id, activity_id__in=list(activity_ids))
        .select_related("activity", "voids", "voided_by")
        .order_by("-occurred_at", "-pk")
    )


def waived_in(*, learner_id: int, activity_ids: Iterable[int]) -> set[int]:
    """Return the activities that a learner is exempted from now."""
    return set(
        LearningRecord.objects.filter(
            learner_id=learner_id, activity_id__in=list(activity_ids), verb=Verb.WAIVED, voided_by=None
        ).values_list("activity_id", flat=True)
    )


def ledger(
    *, activity_ids: Sequence[int] | None = None, since: dt.datetime | None = None, size: int = 2000
) -> Iterator[LearningRecord]:
    """Yield the ledger in the order in which it was written, in pieces, so that it fits into any memory.

    Args:
        activity_ids: only about these; None for everything.
        since: only what was stored at or after this moment.
        size: records that are held at a time.
    """
    rows = LearningRecord.objects.select_related("learner__canonical", "activity", "voids").order_by("pk")
    if activity_ids is not None:
        rows = rows.filter(activity_id__in=activity_ids)
    if since is not None:
        rows = rows.filter(stored_at__gte=since)
    last = 0
    while piece := list(rows.filter(pk__gt=last)[:size]):
        yield from piece
        last = piece[-1].pk


def asking_in(activities: QuerySet[Activity]) -> int:
    """Return how many people ask to take part in some courses: one query."""
    return Enrolment.objects.filter(activity__in=activities.values("pk"), state=State.REQUESTED).count()


def first_asked(activities: QuerySet[Activity]) -> tuple[int, Activity | None]:
    """Return how many people ask to take part in some courses, and the course where somebody has waited longest.

    One query where nobody asks, else two.
    """
    asking = Enrolment.objects.filter(activity__in=activities.values("pk"), state=State.REQUESTED)
    number = asking.count()
    first = asking.select_related("activity").order_by("created_at", "pk").first() if number else None
    return number, first.activity if first else None


def of_activities(activities: QuerySet[Activity]) -> QuerySet[Enrolment]:
    """Return all runs through some courses."""
    return Enrolment.objects.filter(activity__in=activities.order_by().values("pk"))
