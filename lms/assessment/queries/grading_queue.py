"""Quizzes as staff see them: how many tried, who waits for a grader. The caller says which quizzes are theirs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from lms.assessment.models import Answer, AnswerFile, Attempt, Quiz
from lms.assessment.queries.papers import PaperQuestion, pictures_of, question_shown

HANDED_IN = ~Q(attempts__state=Attempt.State.OPEN)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the points of one task decide: the attempt around it.

    ``elsewhere``: points that the other questions earned so far. ``possible``: what the whole attempt is worth.
    ``needed``: points that pass. ``others_wait``: other tasks of the attempt that wait for a grader.
    """

    elsewhere: Decimal
    possible: Decimal
    needed: Decimal
    pass_mark: int
    others_wait: int


def overview(quizzes: QuerySet[Quiz]) -> QuerySet[Quiz]:
    """Add to quizzes: ``people`` who handed in, of them ``graded_people`` and ``passed_people``, and ``waiting`` attempts; those come first."""
    return (
        quizzes.select_related("activity")
        .annotate(
            people=Count("attempts__learner", filter=HANDED_IN, distinct=True),
            graded_people=Count(
                "attempts__learner", filter=Q(attempts__state=Attempt.State.GRADED), distinct=True
            ),
            passed_people=Count("attempts__learner", filter=Q(attempts__passed=True), distinct=True),
            waiting=Count("attempts", filter=Q(attempts__state=Attempt.State.TO_GRADE), distinct=True),
        )
        .order_by("-waiting", "activity__title", "pk")
    )


def waiting_tasks(quizzes: QuerySet[Quiz]) -> QuerySet[Answer]:
    """Return tasks that wait for a grader, the longest waiting first, with attempt, learner, quiz and question."""
    return (
        Answer.objects.filter(feedback_code=Answer.Code.TO_GRADE, attempt__quiz__in=quizzes.values("pk"))
        .exclude(attempt__state=Attempt.State.OPEN)
        .select_related("attempt__learner", "attempt__quiz__activity", "question")
        .order_by("attempt__submitted_at", "pk")
    )


def task_of(quiz: Quiz, *, attempt: str, question_key: str) -> Answer | None:
    """Return one written task of a quiz, graded or waiting, with its grade and files; None when there is none."""
    return (
        Answer.objects.filter(
            attempt__quiz=quiz,
            attempt__public_id=attempt,
            question__key=question_key,
            feedback_code__in=[Answer.Code.TO_GRADE, Answer.Code.GRADED],
        )
        .select_related("attempt__learner", "question", "grade__graded_by")
        .prefetch_related("files")
        .first()
    )


def task_shown(answer: Answer) -> PaperQuestion:
    """Return a task as it was put to the learner, with what they answered."""
    asked = asked_of(answer)
    return question_shown(asked, answer, 1, pictures_of([asked]))


def asked_of(answer: Answer) -> dict[str, Any]:
    """Return the question of an answer as it stands in the paper."""
    return next(each for each in answer.attempt.paper["questions"] if each["question"] == answer.question_id)


def given_points(answer: Answer) -> dict[str, Decimal]:
    """Return criterion id → points that a grader gave before."""
    grade = getattr(answer, "grade", None)
    return {pk: Decimal(each) for pk, each in grade.criteria.items()} if grade else {}


def standing_of(answer: Answer) -> Standing:
    """Return where an attempt stands without the points of one of its tasks: one query.

    Args:
        answer: the task, with its attempt.
    """
    attempt = answer.attempt
    others = list(
        Answer.objects.filter(attempt=attempt).exclude(pk=answer.pk).values_list("points", "feedback_code")
    )
    possible = sum((Decimal(each["points"]) for each in attempt.paper["questions"]), Decimal(0))
    return Standing(
        elsewhere=sum((points for points, _code in others if points is not None), Decimal(0)),
        possible=possible,
        needed=possible * attempt.pass_mark / 100,
        pass_mark=attempt.pass_mark,
        others_wait=sum(code == Answer.Code.TO_GRADE for _points, code in others),
    )


def file_in(quiz: Quiz, public_id: str) -> AnswerFile | None:
    """Return a file that was handed in for a quiz; None when there is none."""
    return AnswerFile.objects.filter(public_id=public_id, answer__attempt__quiz=quiz).first()
