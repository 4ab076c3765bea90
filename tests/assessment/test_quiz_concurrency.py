"""Many clicks at once, on SQLite in a file and on PostgreSQL: one attempt, one result, no answer lost."""

from __future__ import annotations

import time
from functools import partial

import pytest
from django.db import connection, transaction

from lms.assessment import queries, services
from lms.assessment.models import Answer, Attempt
from lms.assessment.refusals import Refused
from lms.core import clock
from lms.progress import queries as records
from tests.assessment.quizzing import make_question, make_quiz, right_response
from tests.seating import make_learner
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def start(quiz, learner):
    return services.start_attempt(learner_id=learner.pk, activity_id=quiz.activity_id, language="id")


def answer_all(attempt):
    for asked in attempt.paper["questions"]:
        services.save_answer(
            attempt_id=attempt.pk, question_key=asked["key"], response=right_response(asked["kind"], asked)
        )


def test_twenty_starts_at_once_are_one_attempt():
    quiz, learner = make_quiz(attempts_allowed=3), make_learner()
    started, errors = at_once([partial(start, quiz, learner)] * 20)
    assert errors == []
    assert len({attempt.pk for attempt in started}) == 1
    assert Attempt.objects.count() == 1 and Answer.objects.count() == 2


@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="SQLite runs one writing transaction at a time, so this race cannot be shown there",
)
def test_the_race_is_real_where_attempts_are_counted_and_then_made():
    """The control: what everybody writes first starts more attempts than are allowed. It is why the learner is locked."""
    quiz, learner = make_quiz(attempts_allowed=1), make_learner()
    numbers = iter(range(1, 100))

    @transaction.atomic
    def naive():
        if Attempt.objects.filter(quiz=quiz, learner=learner).count() < 1:
            time.sleep(0.05)
            # Handed in at once, so that the constraint on attempts in progress does not hide the race.
            now = clock.now()
            Attempt.objects.create(
                quiz=quiz,
                learner=learner,
                number=next(numbers),
                language="id",
                state="to_grade",
                started_at=now,
                submitted_at=now,
                pass_mark=70,
                points_possible=1,
            )

    _, errors = at_once([naive] * 20)
    assert errors == []
    assert Attempt.objects.count() > 1


def test_twenty_people_who_try_again_and_again_never_exceed_what_is_allowed():
    quiz, learner = make_quiz(attempts_allowed=2), make_learner()

    def again():
        for _ in range(3):
            try:
                services.submit(attempt_id=start(quiz, learner).pk)
            except Refused as refused:
                assert refused.code == "attempts"

    _, errors = at_once([again] * 8)
    assert errors == []
    assert list(Attempt.objects.order_by("number").values_list("number", "state")) == [
        (1, "graded"),
        (2, "graded"),
    ]


def test_handing_in_twenty_times_at_once_is_one_result_and_one_record():
    quiz, learner = make_quiz(), make_learner()
    attempt = start(quiz, learner)
    answer_all(attempt)
    done, errors = at_once([partial(services.submit, attempt_id=attempt.pk)] * 20)
    assert errors == [] and {one.state for one in done} == {"graded"}
    assert records.history(learner_id=learner.pk).count() == 1
    assert len({one.submitted_at for one in done}) == 1


def test_answers_that_arrive_with_the_handing_in_are_kept_or_refused_and_never_marked_otherwise():
    """What is marked is what is stored, whoever comes first."""
    for _ in range(4):
        questions = [make_question("true_false") for _ in range(4)]
        quiz, learner = make_quiz(questions), make_learner()
        attempt = start(quiz, learner)
        jobs = [
            partial(services.save_answer, attempt_id=attempt.pk, question_key=one.key, response="true")
            for one in questions
        ]
        jobs.insert(2, partial(services.submit, attempt_id=attempt.pk))
        _, errors = at_once(jobs)
        assert all(isinstance(error, Refused) and error.code == "submitted" for error in errors)
        attempt.refresh_from_db()
        stored = Answer.objects.filter(attempt=attempt, response=True).count()
        assert attempt.points == stored == 4 - len(errors)


def test_twenty_tabs_saving_at_once_are_twenty_revisions_and_the_last_stands():
    quiz, learner = make_quiz([make_question("short_text")]), make_learner()
    attempt = start(quiz, learner)
    key = attempt.paper["questions"][0]["key"]
    saved, errors = at_once(
        partial(
            services.save_answer,
            attempt_id=attempt.pk,
            question_key=key,
            response=f"tab {number}",
            revision=0,
        )
        for number in range(20)
    )
    assert errors == []
    assert sorted(one.revision for one in saved) == list(range(1, 21))
    assert sum(not one.stale for one in saved) == 1
    answer = Answer.objects.get()
    assert answer.revision == 20 and len(answer.replaced) == 10
    last = max(saved, key=lambda one: one.revision)
    assert last.replaced == answer.replaced[-1]["response"] != answer.response


def test_the_clock_and_the_learner_hand_in_at_once(monkeypatch):
    import datetime as dt

    quiz, learner = make_quiz(time_limit_minutes=5, attempts_allowed=1), make_learner()
    attempt = start(quiz, learner)
    answer_all(attempt)
    late = clock.now() + dt.timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    jobs = [services.close_overdue, partial(services.submit, attempt_id=attempt.pk)] * 6
    _, errors = at_once(jobs)
    assert errors == []
    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at) == ("graded", attempt.deadline_at)
    assert records.history(learner_id=learner.pk).count() == 1


def test_two_graders_at_once_leave_one_grade_and_one_record():
    from decimal import Decimal

    quiz, learner = make_quiz([make_question("written_task")]), make_learner()
    attempt = start(quiz, learner)
    answer_all(attempt)
    services.submit(attempt_id=attempt.pk)
    answer = Answer.objects.get()
    jobs = [
        partial(services.grade_task, answer_id=answer.pk, points={"isi": Decimal(n), "bahasa": Decimal(4)})
        for n in (1, 2, 3, 4, 5, 6)
    ]
    _, errors = at_once(jobs)
    assert errors == []
    attempt.refresh_from_db()
    answer.refresh_from_db()
    assert attempt.points == answer.points == answer.grade.points
    row = records.history(learner_id=learner.pk).get()
    assert row.reason_params["points"] == f"{attempt.points.normalize():f}"


def test_a_class_of_twenty_starts_answers_and_hands_in_at_once():
    quiz = make_quiz([make_question(kind) for kind in ("single", "multiple", "number", "ordering")])
    people = [make_learner(f"Peserta {number}") for number in range(20)]

    def sit(learner):
        attempt = start(quiz, learner)
        answer_all(attempt)
        return services.submit(attempt_id=attempt.pk)

    done, errors = at_once(partial(sit, one) for one in people)
    assert errors == [] and all(one.passed for one in done)
    assert all(len(queries.attempts_of(one.pk, quiz.activity_id)) == 1 for one in people)
