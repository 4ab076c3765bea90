"""A course of real pages that is not open to all, for the tests of the learner's doors."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Collection, Page

from lms.assessment.services import start_attempt
from lms.catalogue.compile import compile_all
from lms.catalogue.models import Activity
from lms.catalogue.queries import activity_of
from lms.pages.models import CoursePage, LessonPage, ModulePage, QuizPage
from lms.people.queries import personal_token
from tests.assessment.quizzing import make_question

SECRET = "Sampaikan rahasia dagang 4711."
FILE = b"%PDF-1.4 rahasia 4711"


def add(parent: Any, model: Any, title: str, **fields: Any) -> Any:
    """Add a live page below another."""
    page = Page.objects.get(pk=parent.pk).add_child(instance=model(title=title, **fields))
    page.save_revision().publish()
    return model.objects.get(pk=page.pk)


def change(page: Any, **fields: Any) -> Any:
    """Change a page and publish it."""
    fresh = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.save_revision().publish()
    compiled()
    return type(page).objects.get(pk=page.pk)


def compiled() -> None:
    """Compile everything, as the signals of publishing do after a commit."""
    assert [done.error for _, done in compile_all() if done.error] == []


def make_document(title: str = "Daftar harga", content: bytes = FILE, name: str = "daftar-harga.pdf") -> Any:
    if Collection.get_first_root_node() is None:  # a test flushed the database
        Collection.add_root(name="Root")
    document = get_document_model()(title=title)
    document.file.save(name, ContentFile(content))
    document.save()
    return document


class World:
    """A course: a first lesson, a module with the lesson and the quiz that the tests try to open; and another course."""

    def __init__(self, home: Any, **fields: Any) -> None:
        self.document = make_document()
        self.basics = add(home, CoursePage, "Basics", enrolment_mode="open")
        self.basics_lesson = add(self.basics, LessonPage, "How to begin")
        self.course = add(home, CoursePage, "Own shop", **({"enrolment_mode": "approval"} | fields))
        self.first = add(self.course, LessonPage, "A first look")
        self.module = add(self.course, ModulePage, "Selling")
        self.lesson = add(
            self.module,
            LessonPage,
            "Prices",
            summary="What things cost.",
            recording_minutes=10,
            body=[
                ("paragraph", f"<p>{SECRET}</p>"),
                ("download", {"document": self.document, "title": "Daftar harga", "text": ""}),
            ],
        )
        question = make_question("single")
        self.quiz = add(
            self.module, QuizPage, "Test yourself", questions=[("question", question)], cooling_minutes=0
        )
        compiled()

    def activity(self, page: Any) -> Activity:
        found = activity_of(page)
        assert found is not None
        return found

    @property
    def course_id(self) -> int:
        return self.activity(self.course).pk


class Doors:
    """What one learner knocks at. Each returns status and what was said."""

    def __init__(self, client: Any, world: World, learner: Any) -> None:
        self.client, self.world, self.learner = client, world, learner
        self.lesson, self.quiz = world.activity(world.lesson), world.activity(world.quiz)

    def address(self, name: str, *arguments: Any) -> str:
        return reverse(f"lms_public:{name}", args=[personal_token(self.learner), *arguments])

    def prepare(self) -> None:
        """Begin an attempt, by the service, which does not ask about access."""
        self.attempt = start_attempt(learner_id=self.learner.pk, activity_id=self.quiz.pk, language="en")

    def page(self) -> Any:
        return self.client.get(Page.objects.get(pk=self.world.lesson.pk).url)

    def plain_document(self) -> Any:
        return self.client.get(self.world.document.url)

    def read(self) -> Any:
        return self.client.get(self.address("person_lesson", self.lesson.key))

    def document(self) -> Any:
        return self.client.get(self.address("person_document", self.lesson.key, self.world.document.pk))

    def mark(self) -> Any:
        return self.client.post(self.address("person_lesson", self.lesson.key), {"done": "1"})

    def watch(self) -> Any:
        return self.client.post(
            self.address("person_watched", self.lesson.key),
            json.dumps({"spans": [[0, 30]]}),
            content_type="application/json",
        )

    def quiz_rules(self) -> Any:
        return self.client.get(self.address("person_quiz", self.quiz.key))

    def quiz_start(self) -> Any:
        return self.client.post(self.address("person_quiz", self.quiz.key))

    def questions(self) -> Any:
        return self.client.get(self.address("person_attempt", self.attempt.public_id))

    def answer(self) -> Any:
        key = self.attempt.paper["questions"][0]["key"]
        return self.client.post(
            self.address("person_answers", self.attempt.public_id),
            json.dumps({"question": key, "response": "qris"}),
            content_type="application/json",
        )

    def submit(self) -> Any:
        key = self.attempt.paper["questions"][0]["key"]
        return self.client.post(
            self.address("person_attempt", self.attempt.public_id),
            {f"r-{key}": "0", f"q-{key}": "qris", "do": "submit"},
        )


def pass_quiz(learner: Any, quiz: Activity, at: dt.datetime) -> None:
    """Let the ledger say that somebody passed a quiz."""
    from lms.progress.services import Statement, record

    record(
        [
            Statement(
                cause=f"attempt:test:{quiz.pk}:{learner.pk}",
                learner_id=learner.pk,
                activity_id=quiz.pk,
                verb="passed",
                occurred_at=at,
                score_scaled=float(Decimal(1)),
                reason="quiz.attempt",
            )
        ]
    )
