"""Who takes part: starting a run, going on again, withdrawing from it, a further run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.exceptions import NotAllowed
from lms.progress.derive import batches, derive
from lms.progress.models import Enrolment
from lms.progress.services.admission import (
    admit,
    give_seats_back,
    is_running,
    lock_cohorts,
    runs_of,
    send_news,
)
from lms.progress.services.ledger import lock_learners


@transaction.atomic
def enrol(
    *, learner_ids: Iterable[int], activity_id: int, at: dt.datetime | None = None, tell: bool = False
) -> int:
    """Start run 1 of an activity for learners who have none; let in who asked, wake up who withdrew.

    Doing it twice changes nothing. Nobody asks here who may: this is for staff, and for what is open to everybody. A run
    that has ended stays ended; see ``start_again``.

    Args:
        learner_ids: any number.
        activity_id: something with an outline.
        at: when it starts; now by default.
        tell: say that staff did it, so that the people are told.

    Returns:
        How many runs were started or taken up again.
    """
    admitted = admit(
        learner_ids=learner_ids,
        activity_id=activity_id,
        at=at or clock.now(),
        news="enrolled" if tell else "started",
    )
    return len(admitted.learner_ids)


@transaction.atomic
def start_again(
    *,
    learner_id: int,
    activity_id: int,
    after_run: int,
    end_now: bool = False,
    at: dt.datetime | None = None,
) -> Enrolment:
    """Start a further run when the one before is over. The old one stays as it is; only what comes now counts for the new.

    Doing it twice makes one run, because the second time ``after_run`` is no longer the latest.

    Args:
        learner_id: whose.
        activity_id: something with an outline.
        after_run: number of the run that it follows.
        end_now: end that run, if it is still going on.
        at: when the new run starts; now by default.

    Returns:
        The latest run.

    Raises:
        NotAllowed: there is no such run, or it is still going on.
    """
    at = at or clock.now()
    lock_learners([learner_id])
    runs = runs_of([learner_id], activity_id)[learner_id]
    if not any(run.run == after_run for run in runs):
        raise NotAllowed(_("There is no run that another one could follow."), code="not-enrolled")
    last = runs[-1]
    if last.run == after_run:
        if is_running(last, clock.now()):
            if not end_now:
                raise NotAllowed(
                    _("This run is still going on. A further one can start when it has ended."),
                    code="still-running",
                )
            if last.started_at > clock.now():
                raise NotAllowed(_("This run has not begun yet."), code="not-begun")
            last.ends_at = max(last.started_at, min(at, clock.now()))
            last.save(update_fields=["ends_at", "updated_at"])
            derive(activity_ids=[activity_id], learner_ids=[learner_id])
        admit(learner_ids=[learner_id], activity_id=activity_id, at=at, again=True)
    return runs_of([learner_id], activity_id)[learner_id][-1]


@transaction.atomic
def withdraw(*, learner_id: int, activity_id: int) -> bool:
    """Withdraw a learner from an activity. Evidence and completions stay, a seat is given back, a request goes.

    Runs that have ended stay as they are.

    Returns:
        Whether anything changed.
    """
    lock_learners([learner_id])
    return bool(_leave(runs_of([learner_id], activity_id)[learner_id]))


@transaction.atomic
def withdraw_runs(*, enrolment_ids: Iterable[int]) -> int:
    """Withdraw many runs at once, as ``withdraw`` does. Returns how many changed."""
    count = 0
    ids = sorted(set(enrolment_ids))
    for batch in batches(ids):
        rows = Enrolment.objects.filter(pk__in=batch)
        lock_learners(sorted(set(rows.values_list("learner_id", flat=True))))
        count += _leave(list(rows.order_by("pk")))
    return count


def _leave(runs: Sequence[Enrolment]) -> int:
    """Withdraw those of some runs that are going on or were asked for; their learners are locked."""
    now = clock.now()
    asked = [run.pk for run in runs if run.state == Enrolment.State.REQUESTED]
    going_on = [run for run in runs if is_running(run, now)]
    seats = [run.cohort_id for run in going_on if run.cohort_id]
    lock_cohorts(seats)
    give_seats_back(seats)
    ids = [run.pk for run in going_on]
    Enrolment.objects.filter(pk__in=ids).update(state=Enrolment.State.WITHDRAWN, updated_at=now)
    send_news(ids, "withdrawn")
    if asked:
        # It was never a run: what was asked for and taken back leaves nothing to judge.
        Enrolment.objects.filter(pk__in=asked).delete()
    return len(ids) + len(asked)
