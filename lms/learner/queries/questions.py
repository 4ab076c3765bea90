"""Questions on the screen: each with its fields as they are filled in, or with what was right. No queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lms.assessment.queries import Choice, Paper, PaperQuestion, ReviewedQuestion
from lms.learner.words import number_words


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in: an option to choose, a left-hand side to match, a step to place, or the words themselves.

    ``name`` as ``lms.assessment.forms`` reads it; ``chosen``: this option is, or this choice of ``choices``.
    """

    id: str
    name: str
    value: str
    text: str
    chosen: bool = False
    choices: Sequence[tuple[str, str, bool]] = ()


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with its fields, and what stands against the answer that was sent."""

    question: PaperQuestion
    fields: Sequence[Field]
    error: str
    points: str


def fields_of(
    paper: Paper, *, errors: Mapping[str, str], typed: Mapping[str, Any] | None = None
) -> list[AskedQuestion]:
    """Return the questions of a paper with their fields, filled with what is saved.

    Args:
        paper: of the attempt.
        errors: question key → why the answer that was sent was refused.
        typed: the fields as they were sent; they are shown again where an answer was refused.
    """
    return [
        AskedQuestion(
            question=each,
            fields=_fields(each, typed if each.key in errors else None),
            error=errors.get(each.key, ""),
            points=number_words(each.points),
        )
        for each in paper.questions
    ]


def _fields(question: PaperQuestion, typed: Any) -> list[Field]:
    name, response = f"q-{question.key}", question.response
    if question.kind == "true_false":
        truth = [("true", _("True"), True), ("false", _("Not true"), False)]
        return [Field(value, name, value, text, response is which) for value, text, which in truth]
    if question.kind in ("single", "multiple"):
        chosen = response if isinstance(response, list) else [response]
        return [Field(each.id, name, each.id, each.text, each.id in chosen) for each in question.options]
    if question.kind == "matching":
        pairs = response or {}
        return [
            Field(
                each.id,
                f"{name}-{each.id}",
                pairs.get(each.id, ""),
                each.text,
                choices=[(to.id, to.text, pairs.get(each.id) == to.id) for to in question.targets],
            )
            for each in question.options
        ]
    if question.kind == "ordering":
        return [_step(question, each, typed) for each in question.options]
    return [Field(question.key, name, (typed.get(name, "") if typed else None) or response or "", "")]


def _step(question: PaperQuestion, step: Choice, typed: Any) -> Field:
    name = f"q-{question.key}-{step.id}"
    order = question.response or []
    value = str(order.index(step.id) + 1) if step.id in order else ""
    if typed:
        value = typed.get(name, "")
    places = [str(number + 1) for number in range(len(question.options))]
    return Field(
        step.id, name, value, step.text, choices=[(place, place, place == value) for place in places]
    )


# ── results ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer as it was given. ``right``: it belongs to what is right; None where that is not told."""

    text: str
    chosen: bool = False
    right: bool | None = None
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A question with what was answered, what it was worth, and what would have been right."""

    reviewed: ReviewedQuestion
    lines: Sequence[Line]
    verdict: str
    points: str
    right_words: str
    criteria: Sequence[tuple[str, str, str]]
    order: Sequence[str]


VERDICTS = {
    "right": lambda: _("Right"),
    "partial": lambda: _("Partly right"),
    "wrong": lambda: _("Not right"),
    "unit": lambda: _("The number is right, the unit is not"),
    "unreadable": lambda: _("This could not be read as a number"),
    "empty": lambda: _("Not answered"),
    "to_grade": lambda: _("Waits to be graded"),
    "graded": lambda: _("Graded"),
}


def reviewed(one: ReviewedQuestion) -> Result:
    """Return one question of a result for the screen."""
    question = one.question
    possible = number_words(question.points)
    points = (
        _("%(points)s of %(of)s points.") % {"points": number_words(one.points), "of": possible}
        if one.points is not None
        else ""
    )
    return Result(
        reviewed=one,
        lines=_lines(one),
        verdict=str(VERDICTS[one.code]()) if one.code in VERDICTS else "",
        points=points,
        right_words=", ".join(one.right.texts) if one.right else "",
        criteria=[
            (each.title, number_words(one.criteria[each.id]), number_words(each.points))
            for each in question.rubric
            if each.id in one.criteria
        ],
        order=_right_order(one) if question.kind == "ordering" and one.code != "right" else [],
    )


def _lines(one: ReviewedQuestion) -> list[Line]:
    question, right, response = one.question, one.right, one.question.response
    if question.kind == "true_false":
        truth = [(True, _("True")), (False, _("Not true"))]
        return [
            Line(text, response is value, None if right is None else right.truth is value)
            for value, text in truth
        ]
    if question.kind in ("single", "multiple"):
        chosen = response if isinstance(response, list) else [response]
        return [
            Line(
                each.text,
                each.id in chosen,
                None if right is None else each.id in right.ids,
                one.feedback.get(each.id, ""),
            )
            for each in question.options
        ]
    texts = {each.id: each.text for each in (*question.options, *question.targets)}
    if question.kind == "matching":
        pairs = response or {}
        return [
            Line(
                f"{each.text} → {texts.get(pairs.get(each.id, ''), '–')}",
                each.id in pairs,
                None if right is None else pairs.get(each.id) == right.pairs.get(each.id),
                ""
                if right is None or pairs.get(each.id) == right.pairs.get(each.id)
                else f"{each.text} → {texts.get(right.pairs.get(each.id, ''), '')}",
            )
            for each in question.options
        ]
    if question.kind == "ordering":
        order = response or []
        wanted = right.ids if right else []
        return [
            Line(
                f"{place + 1}. {texts.get(step, '')}",
                True,
                None if right is None else wanted[place : place + 1] == [step],
            )
            for place, step in enumerate(order)
        ]
    return [Line(str(response), True)] if response else []


def _right_order(one: ReviewedQuestion) -> list[str]:
    """Return the steps of an ordering in their right order, where the quiz shows it."""
    texts = {each.id: each.text for each in one.question.options}
    return [texts[each] for each in one.right.ids if each in texts] if one.right else []
