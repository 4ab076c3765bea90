"""What a visitor may do with a course now: start, ask, choose a cohort, or nothing. Says nothing of anybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lms.catalogue.mixins import EnrolmentMode
from lms.core import clock
from lms.progress.models import Cohort, EnrolmentPolicy


@dataclass(frozen=True, slots=True)
class CohortOffer:
    """One cohort as a visitor sees it. ``seats_left``: None for no limit. ``code``: why it cannot be chosen, empty when it can."""

    cohort: Cohort
    seats_left: int | None
    code: str = ""

    @property
    def open(self) -> bool:
        """Say whether it can be chosen now."""
        return not self.code


@dataclass(frozen=True, slots=True)
class Offer:
    """What a course offers to anybody now.

    ``mode``: open, approval, cohorts or closed. ``cohorts``: those that are not over, by their first day; empty in other
    modes.
    """

    mode: str
    valid_months: int | None
    cohorts: Sequence[CohortOffer] = ()

    @property
    def open(self) -> bool:
        """Say whether anything can be done at all."""
        if self.mode == EnrolmentMode.COHORTS:
            return any(each.open for each in self.cohorts)
        return self.mode != EnrolmentMode.CLOSED


#: Why a cohort cannot be chosen: its last day to enrol is over, or its seats are taken.
CLOSED = "closed"
FULL = "full"


def offer_of(activity_id: int, *, now: dt.datetime | None = None) -> Offer:
    """Return what a visitor may do with a course now: one query, two where there are cohorts.

    Args:
        activity_id: a course, or whatever has an outline. Whether it is live is asked elsewhere.
        now: the server's time; dates are meant in the default zone.
    """
    policy = EnrolmentPolicy.objects.filter(activity_id=activity_id).first()
    if policy is None:
        return Offer(EnrolmentMode.OPEN, None)
    if policy.mode != EnrolmentMode.COHORTS:
        return Offer(policy.mode, policy.valid_months)
    today = clock.wall_clock(now or clock.now(), clock.default_zone()).date()
    cohorts = Cohort.objects.filter(activity_id=activity_id).order_by("starts_on", "pk")
    shown = [cohort for cohort in cohorts if cohort.ends_on is None or cohort.ends_on >= today]
    return Offer(policy.mode, policy.valid_months, [offered(cohort, today=today) for cohort in shown])


def offered(cohort: Cohort, *, today: dt.date) -> CohortOffer:
    """Return whether a cohort can be chosen on a day, and how many seats are left. No queries."""
    left = None if cohort.capacity is None else max(0, cohort.capacity - cohort.taken)
    last = min((day for day in (cohort.closes_on, cohort.ends_on) if day is not None), default=None)
    if last is not None and today > last:
        return CohortOffer(cohort, left, CLOSED)
    return CohortOffer(cohort, left, FULL if left == 0 else "")


def mode_of(activity_id: int) -> str:
    """Return who may start an activity: open, approval, cohorts or closed."""
    found = EnrolmentPolicy.objects.filter(activity_id=activity_id).values_list("mode", flat=True).first()
    return found or EnrolmentMode.OPEN
