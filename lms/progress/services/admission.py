"""Letting people into an activity: the one place where runs begin, go on again, and take seats.

Everything here runs in the caller's transaction and locks in the same order: learners, then cohorts, then runs, each by
its id. So nobody waits for somebody who waits for them, and two clicks see each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from lms import signals
from lms.core import clock
from lms.core.exceptions import Closed
from lms.progress import rules
from lms.progress.derive import BATCH, batches, derive
from lms.progress.models import Cohort, Enrolment, EnrolmentPolicy
from lms.progress.services.ledger import lock_learners

#: A request and what was declined were never a run: nothing was derived for them.
ASKED = (Enrolment.State.REQUESTED, Enrolment.State.DECLINED)


class Full(Closed):
    """There are not enough seats."""

    code = "full"


class Elsewhere(Closed):
    """The person takes the course in another cohort already."""

    code = "elsewhere"


@dataclass(slots=True)
class Admitted:
    """Whose run began or goes on again."""

    learner_ids: list[int] = field(default_factory=list)
    enrolment_ids: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Plan:
    """What is to be written for one batch of learners."""

    fresh: list[Enrolment] = field(default_factory=list)
    changed: list[Enrolment] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    given_back: list[int] = field(default_factory=list)


def admit(
    *,
    learner_ids: Iterable[int],
    activity_id: int,
    at: dt.datetime,
    cohort: Cohort | None = None,
    again: bool = False,
    move: bool = False,
    only: Collection[int] | None = None,
    news: str = "started",
) -> Admitted:
    """Have learners take part. Whoever does so already stays as they are.

    Args:
        learner_ids: any number.
        activity_id: something with an outline.
        at: when runs that begin start.
        cohort: which they join; a seat for each newcomer, or nobody is admitted.
        again: whoever's last run is over begins a further one.
        move: whoever is in another cohort changes to this one.
        only: ids of runs; learners whose latest run is none of them are passed over.
        news: what ``enrolment_changed`` says.

    Raises:
        Full: the cohort lacks seats; nothing was written.
        Elsewhere: somebody is in another cohort, and ``move`` was not asked for.
    """
    admitted = Admitted()
    months = valid_months(activity_id)
    for batch in batches(sorted(set(learner_ids))):
        lock_learners(batch)
        plan = _Plan()
        for learner_id, runs in runs_of(batch, activity_id).items():
            if only is not None and (not runs or runs[-1].pk not in only):
                continue
            _plan_one(plan, learner_id, runs, activity_id, at, cohort, months, again=again, move=move)
        admitted.enrolment_ids += _write(plan, cohort)
        touched = sorted({row.learner_id for row in (*plan.fresh, *plan.changed)})
        derive(activity_ids=[activity_id], learner_ids=touched)
        admitted.learner_ids += touched
    send_news(admitted.enrolment_ids, news)
    return admitted


def runs_of(learner_ids: Sequence[int], activity_id: int) -> Mapping[int, list[Enrolment]]:
    """Return learner id → all runs of an activity, oldest first; an empty list for whoever has none."""
    found: dict[int, list[Enrolment]] = {learner_id: [] for learner_id in learner_ids}
    rows = Enrolment.objects.filter(activity_id=activity_id, learner_id__in=learner_ids)
    for row in rows.order_by("learner_id", "run"):
        found[row.learner_id].append(row)
    return found


def valid_months(activity_id: int) -> int | None:
    """Return for how many months a run of an activity counts; None for ever."""
    return (
        EnrolmentPolicy.objects.filter(activity_id=activity_id).values_list("valid_months", flat=True).first()
    )


def is_over(run: Enrolment, now: dt.datetime) -> bool:
    """Say whether a run has come to its end by date."""
    return run.ends_at is not None and run.ends_at <= now


def is_running(run: Enrolment, now: dt.datetime) -> bool:
    """Say whether somebody takes part now."""
    return run.state == Enrolment.State.ACTIVE and not is_over(run, now)


def send_news(enrolment_ids: Sequence[int], change: str) -> None:
    """Send the news that runs changed; nothing when none did."""
    if enrolment_ids:
        signals.enrolment_changed.send(sender=Enrolment, enrolment_ids=list(enrolment_ids), change=change)


def take_seats(cohort: Cohort, wanted: int) -> None:
    """Take seats in a cohort, all or none. The caller has locked it.

    Raises:
        Full: fewer are left.
    """
    fits = Q(capacity=None) | Q(capacity__gte=F("taken") + wanted)
    if Cohort.objects.filter(fits, pk=cohort.pk).update(taken=F("taken") + wanted):
        return
    cohort.refresh_from_db()
    left = max(0, (cohort.capacity or 0) - cohort.taken)
    if not left:
        raise Full(_("All seats of “%(cohort)s” are taken.") % {"cohort": cohort.title})
    raise Full(
        ngettext_lazy(
            "“%(cohort)s” has %(left)d seat left, and %(wanted)d are needed. Nobody was enrolled.",
            "“%(cohort)s” has %(left)d seats left, and %(wanted)d are needed. Nobody was enrolled.",
            left,
        )
        % {"cohort": cohort.title, "left": left, "wanted": wanted}
    )


def give_seats_back(cohort_ids: Iterable[int]) -> None:
    """Give seats back, one for each time that a cohort is named. The caller has locked the cohorts."""
    counts: dict[int, int] = {}
    for pk in cohort_ids:
        counts[pk] = counts.get(pk, 0) + 1
    for pk, count in sorted(counts.items()):
        Cohort.objects.filter(pk=pk, taken__gte=count).update(taken=F("taken") - count)


def lock_cohorts(cohort_ids: Iterable[int]) -> None:
    """Lock cohorts in the order of their ids, until the transaction ends."""
    ids = sorted(set(cohort_ids))
    if ids:
        list(
            Cohort.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk")
        )


def _plan_one(
    plan: _Plan,
    learner_id: int,
    runs: Sequence[Enrolment],
    activity_id: int,
    at: dt.datetime,
    cohort: Cohort | None,
    months: int | None,
    *,
    again: bool,
    move: bool,
) -> None:
    now = clock.now()
    last = runs[-1] if runs else None
    if last is not None and is_running(last, now):
        if cohort is None or last.cohort_id == cohort.pk:
            return
        if last.cohort_id is not None and not move:
            raise Elsewhere(_("This person takes the course in another cohort already."))
        plan.given_back += [last.cohort_id] if last.cohort_id else []
        _set_term(last, cohort, months)
        plan.changed.append(last)
        return
    # Somebody who left and asked to come back goes on where they were: what they did before counts.
    left = next((run for run in reversed(runs) if run.state not in ASKED), None)
    if left is not None and left.state == Enrolment.State.WITHDRAWN:
        ends_at = _end(left.started_at, cohort, months)
        if ends_at is None or ends_at > now:
            left.state = Enrolment.State.ACTIVE
            _set_term(left, cohort, months)
            plan.changed.append(left)
            plan.removed += [run.pk for run in runs if run.state in ASKED]
            return
    if last is not None and last.state in ASKED:
        last.state, last.note = Enrolment.State.ACTIVE, ""
        last.started_at = _start(at, cohort)
        _set_term(last, cohort, months)
        plan.changed.append(last)
    elif last is None or again:
        fresh = Enrolment(
            learner_id=learner_id,
            activity_id=activity_id,
            run=1 if last is None else last.run + 1,
            started_at=_start(at, cohort),
        )
        _set_term(fresh, cohort, months)
        plan.fresh.append(fresh)


def _start(at: dt.datetime, cohort: Cohort | None) -> dt.datetime:
    return rules.starts_at(at, first_day=cohort.starts_on if cohort else None, zone=clock.default_zone())


def _set_term(run: Enrolment, cohort: Cohort | None, months: int | None) -> None:
    run.cohort = cohort
    run.ends_at = _end(run.started_at, cohort, months)


def _end(started_at: dt.datetime, cohort: Cohort | None, months: int | None) -> dt.datetime | None:
    last_day = cohort.ends_on if cohort else None
    return rules.ends_at(started_at, months=months, last_day=last_day, zone=clock.default_zone())


def _write(plan: _Plan, cohort: Cohort | None) -> list[int]:
    wanted = len(plan.fresh) + len(plan.changed)
    if not wanted:
        return []
    lock_cohorts([*plan.given_back, *([cohort.pk] if cohort else [])])
    if cohort:
        take_seats(cohort, wanted)
    give_seats_back(plan.given_back)
    if plan.removed:
        Enrolment.objects.filter(pk__in=plan.removed, state__in=ASKED).delete()
    for row in plan.changed:
        row.updated_at = clock.now()
    if plan.changed:
        Enrolment.objects.bulk_update(
            plan.changed, ["state", "started_at", "ends_at", "cohort", "note", "updated_at"], batch_size=100
        )
    Enrolment.objects.bulk_create(plan.fresh, batch_size=BATCH)
    return [row.pk for row in (*plan.changed, *plan.fresh)]
