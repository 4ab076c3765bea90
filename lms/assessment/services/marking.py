"""Marking an attempt, and letting the ledger say what counts. The caller holds the locks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from lms.assessment import grading
from lms.assessment.models import Answer, Attempt
from lms.assessment.outcomes import outcome_of
from lms.core import clock
from lms.progress import queries as records
from lms.progress import services as progress

REASON = "quiz.attempt"
REPLACED = "quiz.replaced"


def key_of(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what is right in a question of a paper: as corrected later, else as it was."""
    return asked.get("corrected") or asked["right"]


def mark_answers(attempt: Attempt) -> int:
    """Mark what can be marked without a person. What a person graded stays as it is.

    Returns:
        How many answers wait for a person.
    """
    asked = {each["question"]: each for each in attempt.paper["questions"]}
    rows = Answer.objects.filter(attempt=attempt).order_by("pk")
    if any(each["kind"] == "written_task" for each in attempt.paper["questions"]):
        rows = rows.prefetch_related("files")
    answers = list(rows)
    changed = []
    for answer in answers:
        if answer.feedback_code == Answer.Code.GRADED:
            continue
        one = asked[answer.question_id]
        mark = grading.mark(one["kind"], key_of(one), answered(one, answer), language=attempt.language)
        points = None if mark.code == "to_grade" else grading.points_of(mark.share, Decimal(one["points"]))
        if (answer.points, answer.feedback_code) != (points, mark.code):
            answer.points, answer.feedback_code = points, mark.code
            answer.updated_at = clock.now()
            changed.append(answer)
    Answer.objects.bulk_update(changed, ["points", "feedback_code", "updated_at"], batch_size=100)
    return sum(answer.feedback_code == Answer.Code.TO_GRADE for answer in answers)


def answered(asked: dict[str, Any], answer: Answer) -> Any:
    """Return the answer to be marked: of a written task also that files were handed in."""
    if asked["kind"] == "written_task" and grading.is_empty(answer.response) and answer.files.all():
        return "…"
    return answer.response


def settle(attempt: Attempt) -> None:
    """Add up an attempt that is marked throughout, and let its learner's results count as the quiz says."""
    points = [
        each or Decimal(0) for each in Answer.objects.filter(attempt=attempt).values_list("points", flat=True)
    ]
    possible = [Decimal(each["points"]) for each in attempt.paper["questions"]]
    sum_up = grading.total(points, possible, pass_mark=attempt.pass_mark)
    attempt.points, attempt.points_possible, attempt.passed = sum_up.points, sum_up.possible, sum_up.passed
    attempt.state = Attempt.State.GRADED
    attempt.graded_at = clock.now()
    attempt.save(update_fields=["points", "points_possible", "passed", "state", "graded_at", "updated_at"])
    let_count(attempt)


def let_count(attempt: Attempt) -> int:
    """Make the ledger say what counts of a learner's attempts at a quiz. Doing it again changes nothing.

    Returns:
        How many records were added.
    """
    attempts = list(
        Attempt.objects.filter(quiz=attempt.quiz_id, learner=attempt.learner_id)
        .exclude(state=Attempt.State.OPEN)
        .select_for_update(of=("self",))
        .order_by("number")
    )
    activity_id = attempt.quiz.activity_id
    standing = set(grading.counting([outcome_of(one) for one in attempts], attempt.quiz.counted_attempt))
    wanted = {one.public_id: one for one in attempts if one.number in standing}
    wrong = []
    there = records.history(learner_id=attempt.learner_id, activity_ids=[activity_id]).filter(reason=REASON)
    for row in there:
        one = wanted.get(row.reason_params.get("attempt"))
        if one is not None and _agrees(row, statement(one, activity_id)):
            del wanted[one.public_id]
        else:
            wrong.append(row.pk)
    # Said before the other is taken back: who has passed all the while never stands as one who has not.
    new = progress.record([_said(one, activity_id) for one in wanted.values()])
    progress.void(record_ids=wrong, reason=REPLACED)
    return len(new)


def _agrees(row: Any, wanted: progress.Statement) -> bool:
    return (row.verb, row.occurred_at, row.reason_params) == (
        wanted.verb,
        wanted.occurred_at,
        dict(wanted.reason_params),
    )


def _said(attempt: Attempt, activity_id: int) -> progress.Statement:
    """Return the statement to be added, and count it: said again after it was taken back, it has another cause."""
    wanted = statement(attempt, activity_id)
    if attempt.times_said:
        wanted = replace(wanted, cause=f"{wanted.cause}:{attempt.times_said}")
    attempt.times_said += 1
    attempt.save(update_fields=["times_said", "updated_at"])
    return wanted


def statement(attempt: Attempt, activity_id: int) -> progress.Statement:
    """Return what the ledger says of one attempt that counts."""
    points, possible = attempt.points or Decimal(0), attempt.points_possible
    scaled = grading.total([points], [possible], pass_mark=attempt.pass_mark).scaled
    return progress.Statement(
        cause=f"attempt:{attempt.public_id}",
        learner_id=attempt.learner_id,
        activity_id=activity_id,
        verb="passed" if attempt.passed else "failed",
        occurred_at=attempt.submitted_at or attempt.started_at,
        score_scaled=float(scaled),
        reason=REASON,
        reason_params={
            "attempt": attempt.public_id,
            "number": attempt.number,
            "points": plain(points),
            "of": plain(possible),
        },
    )


def plain(points: Decimal) -> str:
    """Return points as people write them: 7.5, 10."""
    return f"{points.normalize():f}"
