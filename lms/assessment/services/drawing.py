"""Making the paper of an attempt: which questions, in which order, with their options shuffled."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

from lms.assessment import contents
from lms.assessment.models import Answer, Question, Quiz, QuizPart

#: Not to be foretold.
_chance = random.SystemRandom()


def draw_questions(quiz: Quiz, *, learner_ids: Iterable[int]) -> list[Question]:
    """Return the questions of a new attempt: those that are named, and for each draw some that were asked least.

    A question is asked once in an attempt. A bank that has too few gives what it has. Four queries at most.

    Args:
        quiz: compiled.
        learner_ids: of the one person; what they were asked before is drawn last.
    """
    parts = list(QuizPart.objects.filter(quiz=quiz).order_by("position").select_related("question"))
    taken = {part.question_id for part in parts if part.question_id}
    banks = {part.bank_id for part in parts if part.bank_id}
    if not banks:
        return [part.question for part in parts if part.question]
    offered = list(
        Question.objects.filter(bank__in=banks, archived=False)
        .order_by("pk")
        .values_list("pk", "bank_id", "difficulty")
    )
    asked = Counter(
        Answer.objects.filter(attempt__quiz=quiz, attempt__learner__in=list(learner_ids)).values_list(
            "question_id", flat=True
        )
    )
    _chance.shuffle(offered)
    offered.sort(key=lambda row: asked[row[0]])
    chosen: list[int] = []
    for part in parts:
        if part.question_id:
            chosen.append(part.question_id)
            continue
        fitting = [
            pk
            for pk, bank, difficulty in offered
            if bank == part.bank_id and pk not in taken and part.difficulty in (None, difficulty)
        ][: part.how_many]
        # Those asked least came first to be chosen; among themselves they stand in any order.
        _chance.shuffle(fitting)
        taken.update(fitting)
        chosen += fitting
    # Only those that are asked are read: a bank may hold thousands.
    found = Question.objects.in_bulk(chosen)
    return [found[pk] for pk in chosen]


def paper_of_questions(
    questions: Iterable[Question], *, language: str, shuffle_options: bool
) -> dict[str, Any]:
    """Return the frozen paper: see ``lms.assessment.contents``.

    Steps to be ordered and right-hand sides are always shuffled, and steps never stand in the right order.
    """
    asked = []
    for question in questions:
        one = contents.frozen(question, language)
        _chance.shuffle(one["targets"])
        if one["kind"] == "ordering":
            _disorder(one["options"])
        elif shuffle_options:
            _chance.shuffle(one["options"])
        asked.append(one)
    return {"questions": asked}


def _disorder(steps: list[Any]) -> None:
    right = list(steps)
    while steps == right and len(steps) > 1:
        _chance.shuffle(steps)
