"""Exemptions: staff say, with a reason, that somebody need not do a part of a course, or the whole. They can be taken back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.catalogue.models import Activity
from lms.core import clock
from lms.core.exceptions import NotAllowed
from lms.progress import rules
from lms.progress.models import Enrolment, LearningRecord
from lms.progress.queries import outline_in_force
from lms.progress.services.admission import is_over, runs_of
from lms.progress.services.ledger import Statement, lock_learners, record, void
from lms.progress.services.requests import clean_reason

WAIVED = "staff.waived"
UNWAIVED = "staff.waiver_taken_back"


@transaction.atomic
def waive(
    *,
    learner_id: int,
    course_id: int,
    activity_id: int,
    reason: str,
    by: str,
    at: dt.datetime | None = None,
) -> int:
    """Exempt a learner from a part of a course, or from the whole. Doing it twice changes nothing.

    What only groups stands for everything in it that counts. The exemption satisfies every rule of the activity, in
    every course that it is part of.

    Args:
        learner_id: who takes the course now.
        course_id: the course that it is for.
        activity_id: a part of it as it is now, or the course itself.
        reason: words that the learner reads.
        by: name of the person who decided.
        at: when; now by default.

    Returns:
        How many exemptions are new.

    Raises:
        NotAllowed: the learner does not take the course now, or it has no such part.
        KelasError: no reason.
    """
    reason = clean_reason(reason)
    lock_learners([learner_id])
    run = _run_of(learner_id, course_id)
    targets = _targets(course_id, activity_id)
    said = LearningRecord.objects.filter(
        learner_id=learner_id, activity_id__in=targets, verb=LearningRecord.Verb.WAIVED
    )
    counts = dict.fromkeys(targets, 0)
    standing: set[int] = set()
    # A further run counts only what came after its start, an exemption too.
    since = None if run.run == 1 else run.started_at
    for target, occurred_at, voided in said.values_list("activity_id", "occurred_at", "voided_by"):
        counts[target] += 1
        if voided is None and (since is None or occurred_at >= since):
            standing.add(target)
    keys = dict(Activity.objects.filter(pk__in=targets).values_list("pk", "key"))
    learner_key = run.learner.public_id
    return len(
        record(
            [
                Statement(
                    cause=f"waived:{keys[target]}:{learner_key}:{counts[target]}",
                    learner_id=learner_id,
                    activity_id=target,
                    verb=LearningRecord.Verb.WAIVED,
                    occurred_at=at or clock.now(),
                    reason=WAIVED,
                    reason_params={"reason": reason, "by": by},
                )
                for target in targets
                if target not in standing
            ]
        )
    )


@transaction.atomic
def take_waiver_back(*, learner_id: int, course_id: int, activity_id: int, by: str) -> int:
    """Take exemptions from a part of a course, or from the whole, back. Doing it twice changes nothing.

    Args:
        learner_id: whose.
        course_id: the course that the part belongs to.
        activity_id: as ``waive`` took it.
        by: name of the person who decided.

    Returns:
        How many were taken back.

    Raises:
        NotAllowed: the course has no such part.
    """
    lock_learners([learner_id])
    standing = LearningRecord.objects.filter(
        learner_id=learner_id,
        activity_id__in=_targets(course_id, activity_id),
        verb=LearningRecord.Verb.WAIVED,
        voided_by=None,
    )
    ids = list(standing.values_list("pk", flat=True))
    return len(void(record_ids=ids, reason=UNWAIVED, reason_params={"by": by}))


def _run_of(learner_id: int, course_id: int) -> Enrolment:
    runs = [run for run in runs_of([learner_id], course_id)[learner_id] if run.state in Enrolment.JUDGED]
    if not runs or runs[-1].state != Enrolment.State.ACTIVE or is_over(runs[-1], clock.now()):
        raise NotAllowed(
            _("This person does not take the course now. Enrol them first."), code="not-enrolled"
        )
    return runs[-1]


def _targets(course_id: int, activity_id: int) -> list[int]:
    """Return what an exemption is said of: the activity itself, or everything that counts in what only groups."""
    if activity_id == course_id:
        return [activity_id]
    version = outline_in_force(course_id)
    items = version.items if version else []
    place = next((place for place, item in enumerate(items) if item.activity_id == activity_id), None)
    if version is None or place is None:
        raise NotAllowed(_("This is not a part of the course."), code="no-part")
    if not items[place].group:
        return [activity_id]
    return [items[leaf].activity_id for leaf in rules.leaves(version, place)]
