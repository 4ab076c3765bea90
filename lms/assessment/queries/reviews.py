"""What a learner sees of an attempt that was handed in, as far as the quiz allows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from lms.assessment import grading
from lms.assessment.models import Answer, Attempt, ShowResults
from lms.assessment.queries.papers import PaperQuestion, pictures_of, question_shown


@dataclass(frozen=True, slots=True)
class RightAnswer:
    """What is right, for the screen.

    ``ids``: right options, or steps in order. ``pairs``: left id → right id. ``truth``: of a statement. ``texts``: the
    number with its unit, or the first accepted words.
    """

    ids: list[str]
    pairs: dict[str, str]
    truth: bool | None
    texts: list[str]


@dataclass(frozen=True, slots=True)
class ReviewedQuestion:
    """One question with what it was worth.

    ``code``: right, partial, wrong, unit, unreadable, empty, to_grade, graded (see ``Answer.Code``). ``feedback``: what is
    said to who chose an option: option id → text. ``read_as``: how a number was read. ``right`` is None where the quiz
    does not show it. ``criteria``: criterion id → points that a grader gave, with ``comment``.
    """

    question: PaperQuestion
    points: Decimal | None
    code: str
    feedback: dict[str, str]
    explanation: SafeString
    read_as: str
    right: RightAnswer | None
    criteria: dict[str, Decimal]
    comment: str


@dataclass(frozen=True, slots=True)
class Review:
    """The result of an attempt. ``questions`` is empty where the quiz shows only the result, or not yet.

    ``hidden``: why there are none: "" (shown), ``open`` (in progress), ``passed`` (shown after passing), ``never``.
    """

    attempt: Attempt
    hidden: str
    questions: list[ReviewedQuestion]


def review_of(attempt: Attempt) -> Review:
    """Return an attempt with its results, as far as the quiz's rules allow.

    Args:
        attempt: with its quiz. One in progress shows nothing; one that waits for a grader shows what is marked already.

    Returns:
        Three queries, and two more when there are pictures.
    """
    hidden = _hidden(attempt)
    if hidden:
        return Review(attempt, hidden, [])
    asked = attempt.paper["questions"]
    answers = {
        answer.question_id: answer
        for answer in Answer.objects.filter(attempt=attempt).select_related("grade").prefetch_related("files")
    }
    pictures = pictures_of(asked)
    return Review(
        attempt,
        "",
        [
            _reviewed(one, answers[one["question"]], number, pictures, attempt)
            for number, one in enumerate(asked, start=1)
        ],
    )


def _hidden(attempt: Attempt) -> str:
    if attempt.state == Attempt.State.OPEN:
        return "open"
    rule = attempt.quiz.show_results
    if rule == ShowResults.NEVER:
        return "never"
    return "passed" if rule == ShowResults.PASSED and not attempt.passed else ""


def _reviewed(
    asked: dict[str, Any], answer: Answer, number: int, pictures: dict[int, Any], attempt: Attempt
) -> ReviewedQuestion:
    key = asked.get("corrected") or asked["right"]
    response = answer.response
    chosen = response if isinstance(response, list) else [response]
    grade = getattr(answer, "grade", None)
    return ReviewedQuestion(
        question=question_shown(asked, answer, number, pictures),
        points=answer.points,
        code=answer.feedback_code,
        feedback={
            each["id"]: each["feedback"]
            for each in asked["options"]
            if each.get("feedback") and each["id"] in chosen
        },
        explanation=mark_safe(asked["explanation"]),
        read_as=_read_as(asked, key, response, attempt.language),
        right=_right(asked, key) if attempt.quiz.show_right_answers else None,
        criteria={pk: Decimal(points) for pk, points in grade.criteria.items()} if grade else {},
        comment=grade.comment if grade else "",
    )


def _read_as(asked: dict[str, Any], key: dict[str, Any], response: Any, language: str) -> str:
    """Return how a number was read, as the reader's language writes it; nothing where it was not one."""
    if asked["kind"] != "number":
        return ""
    value = grading.number_read(key, response, language=language)
    return "" if value is None else in_digits(Decimal(value.numerator) / value.denominator)


def in_digits(value: Decimal) -> str:
    """Return a number as the reader's language writes it: 1.500.000 or 1,500,000."""
    return number_format(f"{value.normalize():f}", use_l10n=True, force_grouping=True)


def _right(asked: dict[str, Any], key: dict[str, Any]) -> RightAnswer | None:
    kind = asked["kind"]
    if kind == "written_task":
        return None
    texts: list[str] = []
    if kind == "number":
        digits = in_digits(Decimal(key["value"]))
        texts = [grading.with_unit(digits, asked.get("unit", ""), get_language() or "")]
    elif kind == "short_text":
        texts = key["accepted"][:1]
    ids = key["order"] if kind == "ordering" else key["right"] if kind in ("single", "multiple") else []
    return RightAnswer(
        ids=list(ids),
        pairs=dict(key.get("pairs", {})),
        truth=key["right"] if kind == "true_false" else None,
        texts=texts,
    )
