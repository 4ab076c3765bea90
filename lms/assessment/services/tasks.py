"""Grading written tasks: a person gives points for each criterion, and the last one graded settles the attempt."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from lms import signals
from lms.assessment import grading
from lms.assessment.models import Answer, Attempt, TaskGrade
from lms.assessment.refusals import Refused
from lms.assessment.services.marking import plain, settle
from lms.core import clock
from lms.progress import services as progress


@transaction.atomic
def grade_task(
    *, answer_id: int, points: Mapping[str, Decimal], comment: str = "", graded_by_id: int | None = None
) -> TaskGrade:
    """Grade a written task, or change its grade. When nothing else waits, the attempt's result counts.

    Args:
        answer_id: of a written task in an attempt that was handed in.
        points: id of each criterion → points, from 0 to what it may earn.
        comment: to the learner.
        graded_by_id: the account of who grades.

    Raises:
        Refused: ``not-submitted``, ``not-a-task``, ``points`` (params ``criterion``: its title, ``most``).
        Answer.DoesNotExist: there is none.
    """
    row = Answer.objects.values("attempt_id", "attempt__learner_id").get(pk=answer_id)
    progress.lock_learners([row["attempt__learner_id"]])
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("quiz").get(pk=row["attempt_id"])
    answer = Answer.objects.get(pk=answer_id)
    if attempt.state == Attempt.State.OPEN:
        raise Refused("not-submitted")
    asked = next(each for each in attempt.paper["questions"] if each["question"] == answer.question_id)
    if answer.feedback_code not in (Answer.Code.TO_GRADE, Answer.Code.GRADED):
        raise Refused("not-a-task")
    try:
        earned = grading.rubric_total(asked["rubric"], points)
    except ValueError as which:
        criterion = next((each for each in asked["rubric"] if each["id"] == str(which)), None)
        raise Refused(
            "points",
            {
                "criterion": criterion["title"] if criterion else str(which),
                "most": plain(Decimal(criterion["points"])) if criterion else "0",
            },
        ) from None
    grade, _ = TaskGrade.objects.update_or_create(
        answer=answer,
        defaults={
            "criteria": {pk: str(each) for pk, each in points.items()},
            "points": earned,
            "comment": comment.strip(),
            "graded_by_id": graded_by_id,
            "graded_at": clock.now(),
        },
    )
    answer.points, answer.feedback_code = earned, Answer.Code.GRADED
    answer.save(update_fields=["points", "feedback_code", "updated_at"])
    if not Answer.objects.filter(attempt=attempt, feedback_code=Answer.Code.TO_GRADE).exists():
        first = attempt.state == Attempt.State.TO_GRADE
        settle(attempt)
        if first:
            signals.attempt_graded.send(sender=Attempt, attempt_id=attempt.pk, learner_id=attempt.learner_id)
    return grade
