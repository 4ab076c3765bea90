"""Learning: people take courses, mark lessons, answer quizzes; some of it right. The same every time."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from academy.home.demo.earlier import as_if
from academy.home.demo.people import Person, everybody
from lms.assessment import services as assessment
from lms.assessment.models import Attempt
from lms.catalogue.models import Activity
from lms.core import clock
from lms.learner.services import MARKED
from lms.people.models import Learner
from lms.progress import queries as progress
from lms.progress import services

#: From this zeal on somebody takes courses at all, and answers a quiz.
TAKES, ANSWERS = 0.25, 0.9
#: Words that a few hand in as their task, waiting for somebody who grades.
TASK = "Tugas saya: fotonya saya kirim menyusul, keterangan dan balasan cepat sudah saya tulis di buku toko."


def take_courses() -> Iterator[int]:
    """Have people take two courses each and come as far as their zeal goes. Yield how many people are done.

    Twice changes nothing: the ledger keeps each statement once, and who has answered a quiz is passed over.
    """
    courses = list(Activity.objects.filter(kind="course", live=True).order_by("pk"))
    for done, person in enumerate(everybody(), start=1):
        if courses and person.zeal > TAKES:
            learner = Learner.objects.filter(addresses__value=person.email).earliest("pk")
            for course in _chosen(person, courses):
                _learn(person, learner, course)
        yield done


def _chosen(person: Person, courses: list[Activity]) -> list[Activity]:
    places = {person.number % len(courses), (3 * person.number + 1) % len(courses)}
    return [courses[place] for place in sorted(places)]


def _learn(person: Person, learner: Learner, course: Activity) -> None:
    outline = progress.outline_in_force(course.pk)
    if outline is None:
        return
    began = clock.now() - dt.timedelta(days=40 - person.number % 20, minutes=11 * person.number)
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk, at=began)
    activities = Activity.objects.in_bulk([item.activity_id for item in outline.items])
    lessons = [each for item in outline.items if (each := activities[item.activity_id]).kind == "lesson"]
    read = lessons[: round(person.zeal * len(lessons) + 0.4)]
    services.record(
        [
            services.Statement(
                cause=f"lesson:{lesson.key}:{learner.public_id}:0",
                learner_id=learner.pk,
                activity_id=lesson.pk,
                verb="completed",
                occurred_at=began + dt.timedelta(days=1 + 3 * place, hours=person.number % 9),
                reason=MARKED,
            )
            for place, lesson in enumerate(read)
        ]
    )
    if person.zeal < ANSWERS or len(read) < len(lessons):
        return
    for item in outline.items:
        activity = activities[item.activity_id]
        # A quiz that is needed is answered; a task that is offered is handed in by one in four.
        if activity.kind == "quiz" and (item.required or person.number % 4 == 0):
            with as_if(began + dt.timedelta(days=20)):
                _answer(person, learner, activity)


def _answer(person: Person, learner: Learner, quiz: Activity) -> None:
    if Attempt.objects.filter(learner=learner, quiz__activity=quiz).exists():
        return
    attempt = assessment.start_attempt(learner_id=learner.pk, activity_id=quiz.pk, language="id")
    dice = random.Random(f"kelas {quiz.key} {person.number}")  # noqa: S311 -- the same answers every time
    for question in attempt.paper["questions"]:
        response = _response(question, right=dice.random() < person.zeal - 0.1, dice=dice)
        assessment.save_answer(attempt_id=attempt.pk, question_key=question["key"], response=response)
    assessment.submit(attempt_id=attempt.pk)


def _response(question: dict[str, Any], *, right: bool, dice: random.Random) -> Any:
    """Return an answer of the right shape: the right one, or one of the others."""
    key, ids = question["right"], [option["id"] for option in question["options"]]
    match question["kind"]:
        case "single":
            return key["right"][0] if right else dice.choice(ids)
        case "multiple":
            return key["right"] if right else [dice.choice(ids)]
        case "true_false":
            return key["right"] if right else not key["right"]
        case "number":
            return key["value"] if right else str(dice.randint(1, 9) * 1000)
        case "short_text":
            return key["accepted"][0] if right else "entahlah"
        case "matching":
            pairs = list(key["pairs"].items())
            if right:
                return dict(pairs)
            return dict(
                zip([left for left, _ in pairs], [other for _, other in pairs[1:] + pairs[:1]], strict=True)
            )
        case "ordering":
            return key["order"] if right else ids
        case _:
            return TASK
