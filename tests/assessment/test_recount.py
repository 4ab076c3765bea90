"""An editor lets another attempt count: the record follows for everybody, also when the worker dies in between."""

from __future__ import annotations

import pytest
from wagtail.models import Page

from lms.assessment import services
from lms.assessment.models import Quiz, RecountDue
from lms.assessment.tasks import sweep_assessment
from lms.pages.models import CoursePage, QuizPage
from lms.progress import queries as records
from tests.assessment.conftest import Hands
from tests.assessment.quizzing import make_question
from tests.seating import make_learner

pytestmark = pytest.mark.django_db


def told(learner):
    rows = records.history(learner_id=learner.pk).order_by("occurred_at", "pk")
    return [(row.verb, row.reason_params["number"]) for row in rows]


def several(one, later, *rights):
    for right in rights:
        one.attempt(right=right)
        later(minutes=1)


def test_from_the_best_to_the_last_and_back_for_everybody(hands, later, monkeypatch):
    monkeypatch.setattr("lms.core.work.import_string", lambda path: (_ for _ in ()).throw(ConnectionError))
    one = hands(pass_mark=50)
    other = Hands(one.quiz, make_learner("Lain"))
    several(one, later, 1, 2, 0)
    several(other, later, 0)
    running = other.start()
    assert told(one.learner) == [("passed", 1), ("passed", 2)]
    assert told(other.learner) == [("failed", 1)]
    for rule, expected in (
        ("last", [("failed", 3)]),
        ("first", [("passed", 1)]),
        ("best", [("passed", 1), ("passed", 2)]),
    ):
        Quiz.objects.update(counted_attempt=rule)
        services.ask_recount(quiz_id=one.quiz.pk)
        sweep_assessment()
        assert told(one.learner) == expected
        assert told(other.learner) == [("failed", 1)]
        assert sweep_assessment() == 0 and not RecountDue.objects.exists()
    running.refresh_from_db()
    assert running.state == "open"


def test_counting_anew_where_nothing_changes_says_nothing(hands, later):
    one = hands()
    several(one, later, 1, 2)
    services.ask_recount(quiz_id=one.quiz.pk)
    assert services.recount(quiz_id=one.quiz.pk) == 0


def test_a_worker_that_begins_again_goes_on_after_whom_it_reached(hands, later, monkeypatch):
    monkeypatch.setattr("lms.core.work.import_string", lambda path: (_ for _ in ()).throw(ConnectionError))
    one = hands(pass_mark=50)
    several(one, later, 2, 0)
    Quiz.objects.update(counted_attempt="last")
    services.ask_recount(quiz_id=one.quiz.pk)
    RecountDue.objects.update(reached_learner=one.learner.pk)
    assert services.recount(quiz_id=one.quiz.pk) == 0
    assert told(one.learner) == [("passed", 1)]


def test_publishing_another_rule_has_everybody_counted_anew(home, later, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        course = Page.objects.get(pk=home.pk).add_child(instance=CoursePage(title="Kursus"))
        page = course.add_child(
            instance=QuizPage(title="Kuis", pass_mark=50, questions=[("question", make_question("single"))])
        )
        page.save_revision().publish()
    one = Hands(Quiz.objects.get(), make_learner())
    several(one, later, 1, 0)
    assert told(one.learner) == [("passed", 1)]
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        page = QuizPage.objects.get(pk=page.pk)
        page.counted_attempt = "last"
        page.save_revision().publish()
    assert callbacks
    sweep_assessment()
    assert told(one.learner) == [("failed", 2)]
