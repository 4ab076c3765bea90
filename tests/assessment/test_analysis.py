"""What answers say about questions, counted by the database as by hand, at a constant number of queries."""

from __future__ import annotations

import pytest

from lms.assessment import queries, services
from lms.assessment.statistics import LEAST, correlation
from tests.assessment.quizzing import make_question, make_quiz
from tests.assessment.test_statistics import sums
from tests.seating import make_learner

pytestmark = pytest.mark.django_db


def sit(quiz, responses):
    """One learner's attempt: question → response."""
    learner = make_learner()
    attempt = services.start_attempt(learner_id=learner.pk, activity_id=quiz.activity_id, language="id")
    for question, response in responses.items():
        services.save_answer(attempt_id=attempt.pk, question_key=question.key, response=response)
    return learner, services.submit(attempt_id=attempt.pk)


@pytest.fixture
def quiz():
    one = make_quiz([make_question("single"), make_question("true_false"), make_question("short_text")])
    one.single, one.truth, one.text = (part.question for part in one.parts.order_by("position"))
    return one


def figures(quiz):
    analysis = queries.analysis_of(quiz, "id")
    return analysis, {each.question.pk: each for each in analysis.questions}


def test_counts_difficulty_and_discrimination_are_those_counted_by_hand(quiz):
    people = [
        ("qris", "true", "pelanggan"),
        ("qris", "true", "pelanggan"),
        ("qris", "true", "teman"),
        ("qris", "false", "teman"),
        ("bifast", "true", "pelanggan"),
        ("bifast", "false", "teman"),
        ("cek", "false", "toko"),
        (None, None, None),
    ]
    for single, truth, text in people:
        sit(quiz, {quiz.single: single, quiz.truth: truth, quiz.text: text})
    analysis, by_question = figures(quiz)
    scores = [(s == "qris", t == "true", w == "pelanggan") for s, t, w in people]
    assert (analysis.people, analysis.passed) == (8, 2)
    assert analysis.mean == pytest.approx(sum(sum(each) for each in scores) / 24)
    single = by_question[quiz.single.pk]
    assert (single.n, single.unanswered, single.difficulty) == (8, 1, 0.5)
    assert [(each.text, each.count, each.right) for each in single.options] == [
        ("QRIS", 4, True),
        ("BI-FAST", 2, False),
        ("Cek", 1, False),
    ]
    assert [each.share for each in single.options] == [0.5, 0.25, 0.125]
    for place, question in enumerate((quiz.single, quiz.truth, quiz.text)):
        pairs = [(int(each[place]), (sum(each) - each[place]) / 2) for each in scores]
        assert by_question[question.pk].discrimination == pytest.approx(correlation(sums(pairs)))
    truth = by_question[quiz.truth.pk]
    assert [(each.truth, each.count, each.right) for each in truth.options] == [
        (True, 4, True),
        (False, 3, False),
    ]
    # What only one person typed is not shown: it might say who.
    assert by_question[quiz.text.pk].wrong == [("teman", 3)]
    assert by_question[quiz.text.pk].options == []


def test_several_choices_are_counted_each(quiz):
    question = make_question("multiple")
    one = make_quiz([question])
    sit(one, {question: ["foto", "harga"]})
    sit(one, {question: ["harga", "pin"]})
    sit(one, {question: []})
    _, by_question = figures(one)
    found = by_question[question.pk]
    assert {each.text: each.count for each in found.options} == {"Foto": 1, "Harga": 2, "Sandi": 0, "PIN": 1}
    assert found.discrimination is None  # there is no rest
    assert found.difficulty == pytest.approx((1 + 0 + 0) / 3)


def test_only_first_and_graded_attempts_count(quiz, later):
    learner, _ = sit(quiz, {quiz.single: "cek"})
    later(seconds=1)
    again = services.start_attempt(learner_id=learner.pk, activity_id=quiz.activity_id, language="id")
    services.save_answer(attempt_id=again.pk, question_key=quiz.single.key, response="qris")
    services.submit(attempt_id=again.pk)
    services.start_attempt(learner_id=make_learner().pk, activity_id=quiz.activity_id, language="id")
    analysis, by_question = figures(quiz)
    assert analysis.people == 1 and by_question[quiz.single.pk].difficulty == 0


def test_a_quiz_that_nobody_finished_has_no_figures(quiz):
    analysis, _ = figures(quiz)
    assert (analysis.people, analysis.mean, analysis.questions) == (0, None, [])


def test_figures_are_enough_from_the_least_number_on(quiz):
    for number in range(LEAST):
        analysis, by_question = figures(quiz)
        assert not any(each.enough for each in by_question.values()), number
        sit(quiz, {quiz.single: "qris"})
    _, by_question = figures(quiz)
    assert by_question[quiz.single.pk].enough


def test_partial_points_are_shares(quiz):
    question = make_question("ordering", points=4)
    one = make_quiz([question, make_question("single")])
    sit(one, {question: list("bcda")})
    _, by_question = figures(one)
    assert by_question[question.pk].difficulty == pytest.approx(2.67 / 4)


def test_the_analysis_costs_five_queries_however_many(django_assert_num_queries):
    for many in (2, 8):
        one = make_quiz([make_question("single") for _ in range(many)] + [make_question("number")])
        for _ in range(many):
            sit(one, {part.question: "qris" for part in one.parts.filter(question__kind="single")})
        with django_assert_num_queries(5):
            queries.analysis_of(one, "id")
