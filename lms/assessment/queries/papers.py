"""The paper of an attempt as a learner sees it while answering. Nothing here says what is right."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from wagtail.images import get_image_model

from lms.assessment import grading
from lms.assessment.models import Answer, AnswerFile, Attempt
from lms.core import clock

#: How a level of a criterion begins, at the start, after a semicolon, or on a line of its own.
LEVEL = re.compile(r"(?:^|[;\n])\s*([0-9]+(?:[.,][0-9]+)?)\s*:\s+")

PICTURE = "max-800x600|format-webp"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose, to match or to put in its place."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a grader looks at, and what it earns at most."""

    id: str
    title: str
    text: str
    points: Decimal

    @property
    def levels(self) -> list[tuple[str, str]]:
        """Return (points, what earns them) where the text lists levels: "4: all of it; 2: half of it"; else nothing."""
        _, *parts = LEVEL.split(self.text)
        found = list(zip(parts[::2], (words.strip(" ;\n") for words in parts[1::2]), strict=True))
        return found if len(found) > 1 and LEVEL.match(self.text) else []


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a question."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file that was handed in."""

    public_id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question as it is put to a learner.

    ``kind``: single, multiple, true_false, number, short_text, matching, ordering, written_task. ``options``: answers to
    choose (single, multiple), left-hand sides (matching), shuffled steps (ordering). ``targets``: right-hand sides.
    ``response`` and ``revision``: what is saved, see ``services.save_answer``. ``answer_with``: text, files, both.
    """

    key: str
    number: int
    kind: str
    points: Decimal
    stem: SafeString
    picture: Picture | None
    options: list[Choice]
    targets: list[Choice]
    unit: str
    rubric: list[Criterion]
    answer_with: str
    response: Any
    revision: int
    saved_at: dt.datetime | None
    files: list[HandedIn]

    @property
    def answered(self) -> bool:
        """Whether something is saved."""
        return not grading.is_empty(self.response) or bool(self.files)

    @property
    def unit_before(self) -> bool:
        """Whether the unit is written before the number, as that of money is."""
        return grading.stands_before(self.unit)


@dataclass(frozen=True, slots=True)
class Paper:
    """All questions of an attempt, in order. ``seconds_left`` is None without a time limit, else never below 0."""

    attempt: Attempt
    questions: list[PaperQuestion]
    seconds_left: int | None

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(question.answered for question in self.questions)

    @property
    def only_tasks(self) -> bool:
        """Whether nothing but written tasks is asked, so that people call it a task and not a quiz."""
        return all(each.kind == "written_task" for each in self.questions)

    def question(self, key: str) -> PaperQuestion | None:
        """Return one question by its key."""
        return next((each for each in self.questions if each.key == key), None)


def paper_of(attempt: Attempt) -> Paper:
    """Return what an attempt asks, with what is saved: two queries, and two more when there are pictures."""
    asked = attempt.paper["questions"]
    answers = {
        answer.question_id: answer
        for answer in Answer.objects.filter(attempt=attempt).prefetch_related("files")
    }
    pictures = pictures_of(asked)
    left = None
    if attempt.deadline_at is not None:
        left = max(0, int((attempt.deadline_at - clock.now()).total_seconds()))
    return Paper(
        attempt,
        [
            question_shown(one, answers[one["question"]], number, pictures)
            for number, one in enumerate(asked, start=1)
        ],
        left,
    )


def question_shown(
    asked: Mapping[str, Any], answer: Answer, number: int, pictures: Mapping[int, Any]
) -> PaperQuestion:
    """Return one question of a paper for the screen. See ``paper_of``."""
    return PaperQuestion(
        key=asked["key"],
        number=number,
        kind=asked["kind"],
        points=Decimal(asked["points"]),
        stem=mark_safe(asked["stem"]),
        picture=_picture(asked["picture"], pictures),
        options=[Choice(each["id"], each["text"]) for each in asked["options"]],
        targets=[Choice(each["id"], each["text"]) for each in asked["targets"]],
        unit=asked.get("unit", ""),
        rubric=[
            Criterion(each["id"], each["title"], each["text"], Decimal(each["points"]))
            for each in asked.get("rubric", ())
        ],
        answer_with=asked.get("answer_with", "text"),
        response=answer.response,
        revision=answer.revision,
        saved_at=answer.saved_at,
        files=[file_shown(each) for each in answer.files.all()],
    )


def file_shown(file: AnswerFile) -> HandedIn:
    """Return a file for the screen."""
    return HandedIn(file.public_id, file.name, file.size)


def pictures_of(asked: Iterable[Mapping[str, Any]]) -> dict[int, Any]:
    """Return the pictures of questions by id, with what is needed to show them; one that was deleted is left out."""
    wanted = {each["picture"]["image"] for each in asked if each["picture"]}
    if not wanted:
        return {}
    images = get_image_model().objects.filter(pk__in=wanted).prefetch_renditions(PICTURE)
    return {image.pk: image for image in images}


def _picture(stored: Mapping[str, Any] | None, pictures: Mapping[int, Any]) -> Picture | None:
    image = pictures.get(stored["image"]) if stored else None
    if image is None or stored is None:
        return None
    rendition = image.get_rendition(PICTURE)
    return Picture(rendition.url, rendition.width, rendition.height, stored["alt"])
