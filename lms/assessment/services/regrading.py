"""Grading anew after what is right in a question was corrected, and counting anew after another attempt is to count.

Papers keep what was right before beside what is right now.
"""

from __future__ import annotations

from django.db import transaction

from lms.assessment import contents
from lms.assessment.models import Answer, Attempt, Question, RecountDue, RegradeDue
from lms.assessment.services.marking import key_of, let_count, mark_answers, settle
from lms.core import clock, work
from lms.progress import services as progress


@transaction.atomic
def ask_regrade(*, question_id: int) -> None:
    """Have every attempt that was asked a question graded anew, by the worker. Asking twice begins again at the first."""
    RegradeDue.objects.update_or_create(
        question_id=question_id, defaults={"since": clock.now(), "reached_attempt": 0}
    )
    work.wake("lms.assessment.tasks.regrade", question_id=question_id)


def regrade(*, question_id: int) -> int:
    """Work off one question that is to be graded anew, an attempt a transaction; killed in between, it goes on where it was.

    What a person graded stays. An attempt in progress is marked by the corrected answer when it is handed in. A result
    that changes is said anew in the ledger, and the former one is taken back.

    Returns:
        How many attempts have another key than before.
    """
    count = 0
    while True:
        with transaction.atomic():
            due = RegradeDue.objects.select_for_update().filter(question=question_id).first()
            if due is None:
                return count
            answer = (
                Answer.objects.filter(question=question_id, attempt__gt=due.reached_attempt)
                .order_by("attempt")
                .values("attempt_id", "attempt__learner_id")
                .first()
            )
            if answer is None:
                due.delete()
                return count
            progress.lock_learners([answer["attempt__learner_id"]])
            count += _regrade(answer["attempt_id"], Question.objects.get(pk=question_id))
            RegradeDue.objects.filter(pk=due.pk).update(reached_attempt=answer["attempt_id"])


def regrade_due() -> int:
    """Work off all questions that are to be graded anew. Returns how many attempts have another key than before."""
    ids = list(RegradeDue.objects.order_by("since", "pk").values_list("question_id", flat=True))
    return sum(regrade(question_id=pk) for pk in ids)


@transaction.atomic
def ask_recount(*, quiz_id: int) -> None:
    """Have the ledger told anew which attempts at a quiz count, by the worker. Asking twice begins again at the first."""
    RecountDue.objects.update_or_create(
        quiz_id=quiz_id, defaults={"since": clock.now(), "reached_learner": 0}
    )
    work.wake("lms.assessment.tasks.recount", quiz_id=quiz_id)


def recount(*, quiz_id: int) -> int:
    """Work off one quiz in which another attempt counts than before, a learner a transaction; killed, it goes on.

    Returns:
        How many records were added.
    """
    count = 0
    while True:
        with transaction.atomic():
            due = RecountDue.objects.select_for_update().filter(quiz=quiz_id).first()
            if due is None:
                return count
            attempt = (
                Attempt.objects.filter(quiz=quiz_id, learner__gt=due.reached_learner)
                .exclude(state=Attempt.State.OPEN)
                .select_related("quiz")
                .order_by("learner", "number")
                .first()
            )
            if attempt is None:
                due.delete()
                return count
            progress.lock_learners([attempt.learner_id])
            count += let_count(attempt)
            RecountDue.objects.filter(pk=due.pk).update(reached_learner=attempt.learner_id)


def recount_due() -> int:
    """Work off all quizzes in which another attempt counts than before. Returns how many records were added."""
    ids = list(RecountDue.objects.order_by("since", "pk").values_list("quiz_id", flat=True))
    return sum(recount(quiz_id=pk) for pk in ids)


def _regrade(attempt_id: int, question: Question) -> int:
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("quiz").get(pk=attempt_id)
    asked = next(each for each in attempt.paper["questions"] if each["question"] == question.pk)
    key = contents.corrected(asked, question, attempt.language)
    if key is None or key == key_of(asked):
        return 0
    asked["corrected"] = key
    attempt.save(update_fields=["paper", "updated_at"])
    if attempt.state != Attempt.State.OPEN:
        waiting = mark_answers(attempt)
        if not waiting:
            settle(attempt)
    return 1
