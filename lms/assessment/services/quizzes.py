"""Compiling a quiz: from its published page to rows."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from lms.assessment.models import Quiz, QuizPart
from lms.assessment.services.regrading import ask_recount
from lms.catalogue.models import Activity

#: Fields of the page that the quiz repeats as they are.
COPIED = (
    "pass_mark",
    "attempts_allowed",
    "cooling_minutes",
    "time_limit_minutes",
    "grace_seconds",
    "counted_attempt",
    "shuffle_options",
    "show_results",
    "show_right_answers",
)


@transaction.atomic
def compile_quiz(*, activity: Activity, page: Any | None) -> int:
    """Bring a quiz to what its published page says. Doing it again changes nothing.

    A quiz whose pages are all unpublished or gone keeps its rows: attempts stay, and one in progress may be finished.

    Args:
        activity: of the kind ``quiz``; its row is locked by the caller.
        page: the owner page (on ``QuizMixin``), or None when no page is live.

    Returns:
        How many rows were written.
    """
    if page is None:
        return 0
    values = {name: getattr(page, name) for name in COPIED}
    quiz = Quiz.objects.filter(activity=activity).first()
    count = 0
    if quiz is None:
        quiz, count = Quiz.objects.create(activity=activity, **values), 1
    different = [name for name, value in values.items() if getattr(quiz, name) != value]
    if different:
        for name in different:
            setattr(quiz, name, values[name])
        quiz.save(update_fields=[*different, "updated_at"])
        count = 1
        if "counted_attempt" in different:
            ask_recount(quiz_id=quiz.pk)
    return count + _write_parts(quiz, page)


def _write_parts(quiz: Quiz, page: Any) -> int:
    wanted = parts_of(page)
    there = list(
        QuizPart.objects.filter(quiz=quiz)
        .order_by("position")
        .values_list("question_id", "bank_id", "difficulty", "how_many")
    )
    if wanted == there:
        return 0
    # Parts are replaced as a whole: attempts do not point at them.
    QuizPart.objects.filter(quiz=quiz).delete()
    QuizPart.objects.bulk_create(
        QuizPart(
            quiz=quiz,
            position=position,
            question_id=question,
            bank_id=bank,
            difficulty=difficulty,
            how_many=how_many,
        )
        for position, (question, bank, difficulty, how_many) in enumerate(wanted)
    )
    return max(len(wanted), len(there))


def parts_of(page: Any) -> list[tuple[int | None, int | None, int | None, int]]:
    """Return what a page asks, as (question id, bank id, difficulty, how many); what was deleted is left out.

    A question that is named twice is asked once.
    """
    found: list[tuple[int | None, int | None, int | None, int]] = []
    named: set[int] = set()
    for block in page.questions:
        if block.value is None:
            continue
        if block.block_type == "question":
            if block.value.pk not in named:
                named.add(block.value.pk)
                found.append((block.value.pk, None, None, 1))
        elif block.value["bank"] is not None:
            difficulty = block.value["difficulty"]
            found.append(
                (
                    None,
                    block.value["bank"].pk,
                    int(difficulty) if difficulty else None,
                    block.value["how_many"],
                )
            )
    return found
