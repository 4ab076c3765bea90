"""A person's rows in the ledger. Evidence stays for the totals; texts that name somebody go."""

from __future__ import annotations

from collections.abc import Sequence

from lms.core import clock
from lms.people.handlers import Traces, keep, on_departure, register
from lms.people.models import Learner
from lms.progress.models import Enrolment, LearningRecord
from lms.progress.services.enrolment import withdraw_runs

TITLE = {"activity": "activity__title"}


def connect() -> None:
    """Register the handlers of this area."""
    on_departure(_leave)
    register("lms.Enrolment", "learner", erase=_erase_notes, also=TITLE | {"cohort": "cohort__title"})
    register("lms.LearningRecord", "learner", erase=_erase_records, also=TITLE)
    register("lms.Watching", "learner", erase=keep, also=TITLE)
    register("lms.ActivityProgress", "enrolment__learner", erase=keep, also=TITLE)
    register(
        "lms.Completion", "enrolment__learner", erase=keep, also={"activity": "enrolment__activity__title"}
    )


def _leave(learner: Learner) -> None:
    """Take back what was asked for, and give back the seat in a cohort that has not begun. What has begun stays counted."""
    own = Enrolment.objects.filter(learner=learner)
    asked = own.filter(state=Enrolment.State.REQUESTED)
    coming = own.filter(state=Enrolment.State.ACTIVE, cohort__isnull=False, started_at__gt=clock.now())
    withdraw_runs(enrolment_ids=[*asked.values_list("pk", flat=True), *coming.values_list("pk", flat=True)])


def _erase_notes(ids: Sequence[int], traces: Traces) -> int:
    """Clear what staff wrote to a person; where they stood stays counted."""
    return Enrolment.objects.filter(learner__in=ids).exclude(note="").update(note="", updated_at=clock.now())


def _erase_records(ids: Sequence[int], traces: Traces) -> int:
    count = 0
    for pk, params in LearningRecord.objects.filter(learner__in=ids).values_list("pk", "reason_params"):
        cleared = traces.out_of(params)
        if cleared != params:
            # The one exception to "never edited": what happened stays, who it was goes.
            count += LearningRecord.objects.filter(pk=pk).update(reason_params=cleared)
    return count
