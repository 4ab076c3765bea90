"""A published quiz page becomes rows; publishing again finds nothing to change."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from lms.assessment.models import Quiz, QuizPart
from lms.catalogue.compile import compile_all
from lms.catalogue.models import Activity, OutlineItem
from lms.pages.models import CoursePage, QuizPage
from tests.assessment.quizzing import make_bank, make_question
from tests.testapp.models import HostCoursePage, HostQuizPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def publish(home, django_capture_on_commit_callbacks):
    """Publish a quiz below a course."""

    def make(model=QuizPage, course_model=CoursePage, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            course = Page.objects.get(pk=home.pk).add_child(instance=course_model(title="Kursus"))
            page = course.add_child(instance=model(title="Kuis", **fields))
            page.save_revision().publish()
        return model.objects.get(pk=page.pk)

    return make


@pytest.fixture
def again(django_capture_on_commit_callbacks):
    """Change a page and publish it."""

    def change(page, **fields):
        page = type(page).objects.get(pk=page.pk)
        for name, value in fields.items():
            setattr(page, name, value)
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()

    return change


def parts():
    return list(QuizPart.objects.values_list("question_id", "bank_id", "difficulty", "how_many"))


@pytest.mark.parametrize(("model", "course_model"), [(QuizPage, CoursePage), (HostQuizPage, HostCoursePage)])
def test_publishing_makes_a_quiz_that_stands_in_its_course_with_its_pass_mark(publish, model, course_model):
    bank = make_bank()
    question = make_question(bank=bank)
    publish(
        model,
        course_model,
        pass_mark=65,
        attempts_allowed=3,
        questions=[("question", question), ("draw", {"bank": bank, "difficulty": "2", "how_many": 4})],
    )
    quiz = Quiz.objects.get()
    assert (quiz.pass_mark, quiz.attempts_allowed, quiz.counted_attempt) == (65, 3, "best")
    assert parts() == [(question.pk, None, None, 1), (None, bank.pk, 2, 4)]
    item = OutlineItem.objects.get(activity=quiz.activity)
    assert item.rule["min_score"] == 0.65 and item.required
    assert Activity.objects.get(kind="quiz").title == "Kuis"


def test_compiling_again_changes_nothing(publish):
    bank = make_bank()
    publish(questions=[("question", make_question(bank=bank)), ("draw", {"bank": bank, "how_many": 2})])
    before = list(QuizPart.objects.values_list("pk", flat=True))
    assert {key: done for key, done in compile_all() if done.changes or done.error} == {}
    assert list(QuizPart.objects.values_list("pk", flat=True)) == before


def test_a_change_is_compiled_and_only_that(publish, again):
    first, second = make_question(), make_question()
    page = publish(questions=[("question", first), ("question", second)])
    quiz = Quiz.objects.get()
    again(page, pass_mark=40, time_limit_minutes=15)
    quiz.refresh_from_db()
    assert (quiz.pass_mark, quiz.time_limit_minutes) == (40, 15)
    again(page, questions=[("question", second), ("question", first)])
    assert parts() == [(second.pk, None, None, 1), (first.pk, None, None, 1)]
    again(page, questions=[("question", first)])
    assert parts() == [(first.pk, None, None, 1)]


def test_a_question_that_is_named_twice_is_asked_once(publish):
    question = make_question()
    publish(questions=[("question", question), ("question", question)])
    assert parts() == [(question.pk, None, None, 1)]


def test_a_question_that_was_deleted_is_left_out(publish):
    question, other = make_question(), make_question()
    publish(questions=[("question", question), ("question", other)])
    QuizPart.objects.filter(question=question).delete()
    question.delete()
    assert [done.error for _, done in compile_all() if done.error] == []
    assert parts() == [(other.pk, None, None, 1)]


def test_unpublishing_keeps_the_quiz_and_its_attempts(publish, django_capture_on_commit_callbacks):
    page = publish(questions=[("question", make_question())])
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert Quiz.objects.count() == 1 and len(parts()) == 1
    assert not Activity.objects.get(kind="quiz").live


def test_the_page_says_what_it_asks_and_shows_no_question(publish, client):
    bank = make_bank()
    page = publish(
        pass_mark=65,
        attempts_allowed=3,
        time_limit_minutes=20,
        questions=[("question", make_question(bank=bank)), ("draw", {"bank": bank, "how_many": 4})],
    )
    text = client.get(page.url).content.decode()
    for words in ("5 questions.", "65%", "You may try 3 times.", "you have 20 minutes."):
        assert words in text
    assert "QRIS" not in text


def test_the_page_costs_the_same_for_few_and_many_questions(publish, client):
    counts = []
    for many in (2, 15):
        page = publish(questions=[("question", make_question()) for _ in range(many)])
        cache.clear()
        client.get(page.url)  # what a process reads once: site, locales
        cache.clear()
        with CaptureQueriesContext(connection) as found:
            assert client.get(page.url).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]
