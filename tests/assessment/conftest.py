"""A learner in a course with a quiz, and a clock that a test moves."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.assessment import services
from lms.core import clock
from lms.progress import services as progress
from tests.assessment.quizzing import make_quiz, right_response
from tests.seating import make_learner


class Hands:
    """What a learner does, step by step."""

    def __init__(self, quiz, learner):
        self.quiz, self.learner = quiz, learner

    def start(self, language="id"):
        return services.start_attempt(
            learner_id=self.learner.pk, activity_id=self.quiz.activity_id, language=language
        )

    def answer(self, attempt, right=1, of_all=None):
        """Answer the first ``right`` questions right, and leave the others."""
        for asked in attempt.paper["questions"][:right]:
            services.save_answer(
                attempt_id=attempt.pk,
                question_key=asked["key"],
                response=right_response(asked["kind"], asked),
            )

    def attempt(self, right):
        """A whole attempt with so many right answers."""
        attempt = self.start()
        self.answer(attempt, right)
        return services.submit(attempt_id=attempt.pk)


@pytest.fixture
def hands(db):
    """Make a learner who is enrolled in a course with a quiz; fields of the quiz may be given."""

    def make(questions=None, **fields) -> Hands:
        quiz = make_quiz(questions, course=True, **fields)
        learner = make_learner()
        made = Hands(quiz, learner)
        made.course_id = quiz.course_id_for_tests
        progress.enrol(learner_ids=[learner.pk], activity_id=made.course_id)
        return made

    return make


@pytest.fixture
def later(monkeypatch):
    """Move the server's clock forward: ``later(minutes=5)``."""
    start = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)
    now = {"at": start}
    monkeypatch.setattr(clock, "now", lambda: now["at"])

    def move(**by):
        now["at"] += dt.timedelta(**by)
        return now["at"]

    return move
