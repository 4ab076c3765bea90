"""A process that dies at any SQL statement leaves what was before or what is after, and trying again completes it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from lms.assessment import services
from lms.assessment.models import Answer, AnswerFile, Attempt, RegradeDue, TaskGrade
from lms.progress import queries as records
from lms.progress import services as progress
from tests.assessment.quizzing import make_question, make_quiz
from tests.assessment.test_regrade import correct
from tests.seating import make_learner

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process is gone."""


def dying_at_each_statement(act, state):
    """Run ``act`` again and again, dying at the first, second … statement; yield until it goes through.

    After each death the state is what it was before or what it is after.
    """
    before = state()
    seen = []
    statement = 0
    while True:
        statement += 1
        left = statement

        def dies(execute, sql, params, many, context):
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(dies):
                act()
        except Killed:
            seen.append(state())
            continue
        break
    after = state()
    assert before != after
    return statement, before, after, seen


@pytest.fixture
def one(db):
    """A quiz in a course, and somebody who is in it."""
    quiz = make_quiz([make_question("single"), make_question("written_task")], course=True, pass_mark=50)
    quiz.learner = make_learner()
    progress.enrol(learner_ids=[quiz.learner.pk], activity_id=quiz.course_id_for_tests)
    return quiz


def said(quiz):
    return [
        (row.verb, row.reason_params["points"])
        for row in records.history(learner_id=quiz.learner.pk).order_by("pk")
    ]


def start(quiz):
    return services.start_attempt(learner_id=quiz.learner.pk, activity_id=quiz.activity_id, language="id")


def handed_in(quiz, response="qris"):
    attempt = start(quiz)
    single, task = attempt.paper["questions"]
    services.save_answer(attempt_id=attempt.pk, question_key=single["key"], response=response)
    services.save_answer(attempt_id=attempt.pk, question_key=task["key"], response="Tulisan.")
    return services.submit(attempt_id=attempt.pk)


def test_starting(one):
    statements, before, after, seen = dying_at_each_statement(
        lambda: start(one), lambda: (Attempt.objects.count(), Answer.objects.count())
    )
    assert (before, after) == ((0, 0), (1, 2))
    assert statements >= 8 and set(seen) <= {before, after}


def test_saving(one):
    attempt = start(one)
    key = attempt.paper["questions"][0]["key"]
    statements, before, after, seen = dying_at_each_statement(
        lambda: services.save_answer(attempt_id=attempt.pk, question_key=key, response="qris", revision=0),
        lambda: Answer.objects.filter(question__key=key).values_list("response", "revision").get(),
    )
    assert (before, after) == ((None, 0), ("qris", 1))
    assert statements >= 3 and set(seen) <= {before, after}


def test_handing_in_what_a_machine_marks(one):
    one.parts.filter(question__kind="written_task").delete()
    attempt = start(one)
    services.save_answer(
        attempt_id=attempt.pk, question_key=attempt.paper["questions"][0]["key"], response="qris"
    )

    def state():
        attempt.refresh_from_db()
        standing = records.standing(learner_id=one.learner.pk, activity_id=one.course_id_for_tests)
        return attempt.state, attempt.points, tuple(said(one)), standing.percent

    statements, before, after, seen = dying_at_each_statement(
        lambda: services.submit(attempt_id=attempt.pk), state
    )
    assert before == ("open", None, (), 0)
    assert after == ("graded", Decimal(1), (("passed", "1"),), 100)
    assert statements > 20 and set(seen) <= {before, after}


def test_grading_a_task_and_grading_it_otherwise(one):
    attempt = handed_in(one)
    answer = Answer.objects.get(feedback_code="to_grade")

    def state():
        attempt.refresh_from_db()
        return attempt.state, attempt.points, TaskGrade.objects.count(), tuple(said(one))

    def grade(isi):
        services.grade_task(answer_id=answer.pk, points={"isi": Decimal(isi), "bahasa": Decimal(4)})

    statements, before, after, seen = dying_at_each_statement(lambda: grade(6), state)
    assert before == ("to_grade", None, 0, ())
    assert after == ("graded", Decimal(11), 1, (("passed", "11"),))
    assert statements > 20 and set(seen) <= {before, after}
    statements, before, after, seen = dying_at_each_statement(lambda: grade(0), state)
    assert after == ("graded", Decimal(5), 1, (("failed", "5"),))
    assert set(seen) <= {before, after}


def test_grading_anew_goes_on_where_it_was(one, monkeypatch):
    monkeypatch.setattr("lms.core.work.import_string", lambda path: (_ for _ in ()).throw(ConnectionError))
    question = one.parts.get(question__kind="single").question
    one.parts.filter(question__kind="written_task").delete()
    one.question = question
    people = [make_learner(f"Peserta {number}") for number in range(3)]
    for person in people:
        one.learner = person
        attempt = start(one)
        services.save_answer(attempt_id=attempt.pk, question_key=question.key, response="bifast")
        services.submit(attempt_id=attempt.pk)
    correct(one)
    services.ask_regrade(question_id=question.pk)

    def state():
        results = []
        for person in people:
            one.learner = person
            results.append((Attempt.objects.get(learner=person).passed, tuple(said(one))))
        return tuple(results), RegradeDue.objects.count()

    failed, passed = (False, (("failed", "0"),)), (True, (("passed", "1"),))
    statements, before, after, seen = dying_at_each_statement(
        lambda: services.regrade(question_id=question.pk), state
    )
    assert (before, after) == (((failed,) * 3, 1), ((passed,) * 3, 0))
    # Each attempt is before or after, in order; dying in between loses none of those that are done.
    steps = [((passed,) * done + (failed,) * (3 - done), 1) for done in range(4)] + [((passed,) * 3, 0)]
    assert set(seen) <= set(steps)
    assert [steps.index(each) for each in seen] == sorted(steps.index(each) for each in seen)
    assert statements > 5


def test_handing_in_a_file(one):
    from django.core.files.uploadedfile import SimpleUploadedFile

    attempt = start(one)
    key = attempt.paper["questions"][1]["key"]

    def hand_in():
        services.hand_in_file(
            attempt_id=attempt.pk, question_key=key, upload=SimpleUploadedFile("a.txt", b"isi")
        )

    _, before, after, seen = dying_at_each_statement(hand_in, AnswerFile.objects.count)
    assert (before, after) == (0, 1) and set(seen) <= {0, 1}
