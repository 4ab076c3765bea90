"""Cohorts: made, changed, deleted, and joined. ``taken`` is the number of active runs in one, and never exceeds its seats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from lms.core import clock
from lms.core.exceptions import Closed, KelasError
from lms.progress import rules
from lms.progress.derive import batches, derive
from lms.progress.models import Cohort, Enrolment
from lms.progress.offers import CLOSED, offered
from lms.progress.services.admission import admit, lock_cohorts, valid_months
from lms.progress.services.ledger import lock_learners


class BadCohort(KelasError):
    """The dates or seats of a cohort do not fit. ``field`` names the one to correct."""

    code = "bad-cohort"

    def __init__(self, message: object, *, field: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def enrol_in_cohort(
    *,
    learner_ids: Iterable[int],
    cohort_id: int,
    by_staff: bool = False,
    at: dt.datetime | None = None,
    tell: bool = False,
) -> int:
    """Enrol learners in a course with a cohort, each on a seat of their own. Doing it twice changes nothing.

    All or nobody: without seats for everybody who has none yet, nothing is written. Whoever's last run is over begins a
    further one; a run starts on the first day of its cohort at the earliest, and ends with its last.

    Args:
        learner_ids: any number.
        cohort_id: which.
        by_staff: even after the last day to enrol; and whoever is in another cohort changes to this one.
        at: when they are enrolled; now by default.
        tell: say that staff did it, so that the people are told.

    Returns:
        How many took a seat.

    Raises:
        Full: too few seats are left.
        Closed: its last day to enrol is over, or there is no such cohort any more.
        Elsewhere: somebody is in another cohort already.
    """
    cohort = Cohort.objects.filter(pk=cohort_id).first()
    if cohort is None:
        raise Closed(_("This cohort is no longer offered."), code="cohort-gone")
    ids = set(learner_ids)
    today = clock.wall_clock(clock.now(), clock.default_zone()).date()
    if not by_staff and offered(cohort, today=today).code == CLOSED:
        running = Enrolment.objects.filter(
            learner_id__in=ids, cohort=cohort, state=Enrolment.State.ACTIVE
        ).values("learner_id")
        if len(running) < len(ids):
            raise Closed(
                _("Enrolment in “%(cohort)s” is over.") % {"cohort": cohort.title}, code="cohort-closed"
            )
    admitted = admit(
        learner_ids=ids,
        activity_id=cohort.activity_id,
        at=at or clock.now(),
        cohort=cohort,
        again=True,
        move=by_staff,
        news="enrolled" if tell else "started",
    )
    return len(admitted.learner_ids)


@transaction.atomic
def save_cohort(
    *,
    activity_id: int,
    title: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    closes_on: dt.date | None = None,
    capacity: int | None = None,
    cohort_id: int | None = None,
) -> Cohort:
    """Make a cohort, or change one; the runs in it follow its dates. Nobody who has a seat loses it.

    Args:
        activity_id: the course.
        title: what people choose it by.
        starts_on: first day, in the default zone.
        ends_on: last day, counted in; None for no end.
        closes_on: last day to enrol; None for as long as it lasts.
        capacity: seats; None for no limit.
        cohort_id: which one to change; None makes a new one.

    Raises:
        BadCohort: a date or the number of seats does not fit; its ``field`` says which.
    """
    title = " ".join(title.split())
    if not title:
        raise BadCohort(_("Give the cohort a title, for example “March 2027”."), field="title")
    if ends_on is not None and ends_on < starts_on:
        raise BadCohort(_("The last day lies before the first one."), field="ends_on")
    if ends_on is not None and closes_on is not None and closes_on > ends_on:
        raise BadCohort(_("Nobody can enrol after the last day. Choose an earlier day."), field="closes_on")
    if cohort_id is None:
        return Cohort.objects.create(
            activity_id=activity_id,
            title=title,
            starts_on=starts_on,
            ends_on=ends_on,
            closes_on=closes_on,
            capacity=capacity,
        )
    members = Enrolment.objects.filter(cohort_id=cohort_id, state__in=Enrolment.JUDGED)
    for batch in batches(sorted(set(members.values_list("learner_id", flat=True)))):
        lock_learners(batch)
    lock_cohorts([cohort_id])
    cohort = Cohort.objects.get(pk=cohort_id, activity_id=activity_id)
    if capacity is not None and capacity < cohort.taken:
        raise BadCohort(
            ngettext_lazy(
                "One seat is taken already. Give at least one.",
                "%(taken)d seats are taken already. Give at least as many.",
                cohort.taken,
            )
            % {"taken": cohort.taken},
            field="capacity",
        )
    before = cohort.starts_on
    moved = (cohort.starts_on, cohort.ends_on) != (starts_on, ends_on)
    cohort.title, cohort.starts_on, cohort.ends_on = title, starts_on, ends_on
    cohort.closes_on, cohort.capacity = closes_on, capacity
    # ``taken`` is only ever changed by a conditional UPDATE.
    cohort.save(update_fields=["title", "starts_on", "ends_on", "closes_on", "capacity", "updated_at"])
    if moved:
        _follow(cohort, before)
    return cohort


@transaction.atomic
def delete_cohort(*, cohort_id: int) -> bool:
    """Delete a cohort that nobody was ever in. Doing it twice changes nothing.

    Returns:
        Whether there was one.

    Raises:
        Closed: somebody is or was in it.
    """
    lock_cohorts([cohort_id])
    if Enrolment.objects.filter(cohort_id=cohort_id).exists():
        raise Closed(
            _("People are, or were, in this cohort, so it stays. Give it a last day instead."),
            code="cohort-used",
        )
    return bool(Cohort.objects.filter(pk=cohort_id).delete()[0])


def _follow(cohort: Cohort, before: dt.date) -> None:
    """Bring the runs in a cohort to its new dates. A run that began with it begins with it still."""
    zone, months = clock.default_zone(), valid_months(cohort.activity_id)
    old_start, new_start = (rules.first_moment(day, zone) for day in (before, cohort.starts_on))
    rows = list(Enrolment.objects.filter(cohort=cohort, state__in=Enrolment.JUDGED).order_by("pk"))
    for row in rows:
        if row.started_at == old_start or row.started_at < new_start:
            row.started_at = max(row.created_at, new_start)
        row.ends_at = rules.ends_at(row.started_at, months=months, last_day=cohort.ends_on, zone=zone)
        row.updated_at = clock.now()
    Enrolment.objects.bulk_update(rows, ["started_at", "ends_at", "updated_at"], batch_size=100)
    derive(activity_ids=[cohort.activity_id], learner_ids=sorted({row.learner_id for row in rows}))
