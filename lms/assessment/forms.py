"""Reading a page of answers as a browser posts it, with or without JavaScript.

Names of fields, for a question with the key K: ``r-K`` holds the revision that the page showed, and says that the question
was on the page. ``q-K``: a choice, ticks, ``true``/``false``, a number, words. ``q-K-L``: the right-hand side for the
left-hand side L (matching), or the place from 1 of the step L (ordering).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from lms.assessment.queries import Paper, PaperQuestion
from lms.assessment.refusals import Refused


class Posted(Protocol):
    """What is needed of ``request.POST``."""

    def get(self, name: str, default: str = "") -> str | None:
        """Return the last value of a field."""

    def getlist(self, name: str) -> list[str]:
        """Return all values of a field."""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer to be saved: the arguments of ``services.save_answer``."""

    question_key: str
    response: Any
    revision: int | None


def read_answers(paper: Paper, posted: Posted) -> Iterator[tuple[PaperQuestion, Given | Refused]]:
    """Return what a page of answers says of each question that was on it: an answer, or why it cannot be one.

    Args:
        paper: of the attempt; a question that the page did not have is left out.
        posted: the fields.
    """
    for question in paper.questions:
        shown = posted.get(f"r-{question.key}", "")
        if not shown:
            continue
        revision = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else None
        try:
            yield question, Given(question.key, read_answer(question, posted), revision)
        except Refused as refused:
            yield question, refused


def read_answer(question: PaperQuestion, posted: Posted) -> Any:
    """Return the answer to one question as ``services.save_answer`` takes it.

    Raises:
        Refused: ``places``: two steps were given one place, or one none.
    """
    name = f"q-{question.key}"
    if question.kind == "multiple":
        return posted.getlist(name)
    if question.kind == "matching":
        return {left.id: posted.get(f"{name}-{left.id}", "") for left in question.options}
    if question.kind == "ordering":
        return _order(
            question, {step.id: posted.get(f"{name}-{step.id}", "") or "" for step in question.options}
        )
    return posted.get(name, "")


def _order(question: PaperQuestion, places: dict[str, str]) -> list[str] | None:
    if not any(place.strip() for place in places.values()):
        return None
    at = {place.strip(): step for step, place in places.items()}
    wanted = [str(number) for number in range(1, len(question.options) + 1)]
    if sorted(at) != sorted(wanted):
        given = [place.strip() for place in places.values()]
        twice = next((place for place in wanted if given.count(place) > 1), "")
        raise Refused("places", {"count": len(wanted), "twice": twice})
    return [at[place] for place in wanted]
