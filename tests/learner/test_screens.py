"""Every screen of the learner's room in both languages: sound HTML, one heading, fields with labels, the first flight."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from lms.assessment.models import Kind
from lms.assessment.services import start_attempt, submit
from lms.learner.services import mark_lesson
from lms.progress.services import enrol
from tests.assessment.quizzing import make_question
from tests.learner.room_world import Doors, World, change
from tests.pages.test_blocks import check
from tests.seating import make_learner

pytestmark = pytest.mark.django_db

STATIC = Path(__file__).resolve().parents[2] / "lms" / "static" / "lms"
SCREENS = (
    "person",
    "course",
    "leave",
    "lesson",
    "recording",
    "closed",
    "quiz",
    "attempt",
    "check",
    "result",
    "locked",
    "gone",
)


@pytest.fixture
def world(home):
    made = World(home)
    questions = [("question", make_question(kind)) for kind in Kind.values]
    made.quiz = change(made.quiz, questions=questions)
    return made


def screen(name, doors, world):
    """Return the answer of a screen; something of everything stands on it."""
    course = world.activity(world.course)
    address = doors.address
    if name in ("attempt", "check"):
        doors.prepare()
        query = "?check=1" if name == "check" else ""
        return doors.client.get(address("person_attempt", doors.attempt.public_id) + query)
    if name == "result":
        doors.prepare()
        submit(attempt_id=doors.attempt.pk)
        return doors.questions()
    if name == "locked":
        return doors.page()
    if name == "closed":
        change(world.course, sequential=True)
        return doors.client.get(address("person_lesson", doors.lesson.key))
    if name == "lesson":
        change(world.first, min_minutes=5)
        return doors.client.get(address("person_lesson", world.activity(world.first).key))
    if name == "gone":
        return doors.client.get(address("person_lesson", course.key))
    if name == "quiz":
        submit(
            attempt_id=start_attempt(learner_id=doors.learner.pk, activity_id=doors.quiz.pk, language="en").pk
        )
    path = {
        "person": ["person"],
        "course": ["person_course", course.key],
        "leave": ["person_leave_course", course.key],
        "recording": ["person_lesson", doors.lesson.key],
        "quiz": ["person_quiz", doors.quiz.key],
    }[name]
    if name == "course":
        mark_lesson(learner=doors.learner, key=doors.lesson.key)
    return doors.client.get(address(*path))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_sound(client, world, name, language):
    siti = make_learner("Siti <b>& co", "siti@contoh.example", language=language, verified=True)
    enrol(learner_ids=[siti.pk], activity_id=world.course_id)
    answer = screen(name, Doors(client, world, siti), world)
    text = answer.content.decode()
    body = re.search(r"<body.*</body>", text, re.S)[0]
    check(body)
    assert body.count("<h1") == 1 and "Siti <b>" not in text
    ids = re.findall(r'\bid="([^"]+)"', body)
    assert len(ids) == len(set(ids))
    for named in re.findall(r'\b(?:for|aria-labelledby|aria-describedby)="([^"]+)"', body):
        assert named in ids, named
    if name != "locked":
        assert f'<html lang="{language}">' in text and 'content="noindex"' in text
        assert not answer.cookies
    loaded = re.findall(r'<(?:script|img|iframe|source)[^>]*\bsrc(?:set)?="([^"]+)"', text)
    assert all(each.startswith("/") for each in loaded) and len(loaded) <= 3
    styles = sum(
        len(gzip.compress((STATIC / "css" / each).read_bytes(), 9)) for each in ("kelas.css", "room.css")
    )
    assert len(gzip.compress(text.encode(), 9)) + styles <= 14_600


def test_another_language_of_the_lesson_is_marked_as_such(client, world):
    siti = make_learner("Siti", language="id", verified=True)
    enrol(learner_ids=[siti.pk], activity_id=world.course_id)
    assert '<div lang="en"><div class="prose">' in Doors(client, world, siti).read().content.decode()
