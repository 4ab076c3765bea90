"""A whole attempt: start, save, hand in, and what the ledger and the learner are told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lms.assessment import queries, services
from lms.assessment.models import Answer, Attempt, Quiz, QuizPart
from lms.assessment.refusals import Refused
from lms.core import clock
from lms.progress import queries as records
from tests.assessment.quizzing import bodies, make_bank, make_question, make_quiz, right_response
from tests.seating import make_learner

pytestmark = pytest.mark.django_db


def standing(hands):
    return records.standing(learner_id=hands.learner.pk, activity_id=hands.course_id)


def history(hands):
    """What stands in the ledger: verb and number of the attempt, oldest first."""
    rows = records.history(learner_id=hands.learner.pk).order_by("occurred_at", "pk")
    return [(row.verb, row.reason_params["number"], row.score_scaled) for row in rows]


def test_a_learner_answers_one_question_of_each_kind_and_waits_for_the_task(hands):
    one = hands([make_question(kind) for kind in bodies()])
    attempt = one.start()
    assert attempt.points_possible == Decimal(17)
    paper = queries.paper_of(attempt)
    assert [each.kind for each in paper.questions] == list(bodies())
    for shown, asked in zip(paper.questions, attempt.paper["questions"], strict=True):
        saved = services.save_answer(
            attempt_id=attempt.pk,
            question_key=shown.key,
            response=right_response(shown.kind, asked),
            revision=shown.revision,
        )
        assert (saved.revision, saved.stale) == (1, False)
    assert queries.paper_of(attempt).answered == 8
    attempt = services.submit(attempt_id=attempt.pk)
    assert attempt.state == Attempt.State.TO_GRADE
    codes = list(
        Answer.objects.filter(attempt=attempt).order_by("pk").values_list("feedback_code", flat=True)
    )
    assert codes == ["right"] * 7 + ["to_grade"]
    assert history(one) == []
    assert queries.may_start(one.learner.pk, one.quiz.activity_id).code == "to-grade"
    answer = Answer.objects.get(attempt=attempt, feedback_code="to_grade")
    services.grade_task(
        answer_id=answer.pk, points={"isi": Decimal(5), "bahasa": Decimal("3.5")}, comment="Bagus."
    )
    attempt.refresh_from_db()
    assert (attempt.state, attempt.points, attempt.passed) == ("graded", Decimal("15.5"), True)
    assert history(one) == [("passed", 1, Decimal("0.91176"))]
    shown = queries.review_of(attempt).questions[-1]
    assert (shown.code, shown.points, shown.comment) == ("graded", Decimal("8.5"), "Bagus.")
    assert shown.criteria == {"isi": Decimal(5), "bahasa": Decimal("3.5")}


def test_a_quiz_that_a_machine_marks_counts_at_once_and_handing_in_twice_is_once(hands):
    one = hands()
    attempt = one.attempt(right=2)
    again = services.submit(attempt_id=attempt.pk)
    assert (again.state, again.points, again.passed, again.submitted_at) == (
        "graded",
        Decimal(2),
        True,
        attempt.submitted_at,
    )
    record = records.history(learner_id=one.learner.pk).get()
    assert (record.verb, record.score_scaled, record.reason) == ("passed", Decimal(1), "quiz.attempt")
    assert record.reason_params == {"attempt": attempt.public_id, "number": 1, "points": "2", "of": "2"}
    assert record.occurred_at == attempt.submitted_at
    assert standing(one).percent == 100


def test_a_failed_attempt_is_said_and_completes_nothing(hands):
    one = hands(pass_mark=51)
    attempt = one.attempt(right=1)
    assert (attempt.passed, attempt.points) == (False, Decimal(1))
    assert history(one) == [("failed", 1, Decimal("0.5"))]
    assert standing(one).percent == 0


def test_exactly_the_pass_mark_passes_and_completes(hands):
    one = hands(pass_mark=50)
    assert one.attempt(right=1).passed
    assert standing(one).completed_at is not None


# ── which attempt counts ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_best_counts_and_a_later_worse_one_changes_nothing(hands, later):
    one = hands(pass_mark=50, counted_attempt="best")
    one.attempt(right=1)
    done = standing(one).completed_at
    later(minutes=1)
    one.attempt(right=2)
    later(minutes=1)
    one.attempt(right=0)
    # Both that were better than all before stand: the first pass keeps its date, the better score is news.
    assert history(one) == [("passed", 1, Decimal("0.5")), ("passed", 2, Decimal(1))]
    assert standing(one).completed_at == done
    attempts = queries.attempts_of(one.learner.pk, one.quiz.activity_id)
    assert queries.result_of(attempts).number == 2


def test_the_last_counts_and_takes_back_the_one_before(hands, later):
    one = hands(pass_mark=50, counted_attempt="last")
    one.attempt(right=2)
    assert standing(one).percent == 100
    later(minutes=1)
    one.attempt(right=0)
    assert history(one) == [("failed", 2, Decimal(0))]
    assert standing(one).percent == 0
    later(minutes=1)
    one.attempt(right=1)
    assert history(one) == [("passed", 3, Decimal("0.5"))]


def test_under_last_who_passes_again_never_loses_the_completion(hands, later):
    from lms import signals

    lost = []

    def listen(sender, **kwargs):
        lost.append(kwargs)

    one = hands(pass_mark=50, counted_attempt="last")
    one.attempt(right=1)
    later(minutes=1)
    signals.completion_lost.connect(listen, weak=False)
    try:
        one.attempt(right=2)
    finally:
        signals.completion_lost.disconnect(listen)
    assert lost == [] and standing(one).percent == 100


def test_the_first_counts_whatever_comes_later(hands, later):
    one = hands(pass_mark=50, counted_attempt="first")
    one.attempt(right=0)
    later(minutes=1)
    one.attempt(right=2)
    assert history(one) == [("failed", 1, Decimal(0))]


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────


def refused(hands):
    with pytest.raises(Refused) as refusal:
        hands.start()
    told = queries.may_start(hands.learner.pk, hands.quiz.activity_id)
    assert (told.code, told.params) == (refusal.value.code, refusal.value.params)
    assert str(refusal.value) == told.words()
    return refusal.value


def test_an_attempt_in_progress_is_returned_and_counts_once(hands):
    one = hands(attempts_allowed=1)
    first = one.start()
    assert one.start() == first == one.start("en")
    assert Attempt.objects.count() == 1
    assert queries.may_start(one.learner.pk, one.quiz.activity_id) is None


def test_no_more_attempts_than_allowed(hands, later):
    one = hands(attempts_allowed=2)
    one.attempt(right=0)
    assert queries.may_start(one.learner.pk, one.quiz.activity_id) is None
    later(seconds=1)
    one.attempt(right=0)
    assert dict(refused(one).params) == {"allowed": 2}
    assert list(Attempt.objects.values_list("number", flat=True)) == [1, 2]


def test_the_next_attempt_waits_for_the_cooling_time_to_the_second(hands, later):
    one = hands(cooling_minutes=60)
    at = one.attempt(right=0).submitted_at
    later(minutes=59, seconds=59)
    assert refused(one).params["until"] == at + dt.timedelta(hours=1)
    later(seconds=1)
    assert one.start().number == 2


def test_a_quiz_without_questions_or_without_rows_is_refused(hands):
    one = hands([])
    assert refused(one).code == "empty"
    with pytest.raises(Refused) as refusal:
        services.start_attempt(learner_id=one.learner.pk, activity_id=one.course_id, language="id")
    assert refusal.value.code == "no-quiz"
    assert queries.may_start(one.learner.pk, one.course_id).code == "no-quiz"


def test_a_time_limit_closes_at_the_end_of_the_grace_and_not_before(hands, later):
    one = hands(time_limit_minutes=10, grace_seconds=30)
    attempt = one.start()
    assert attempt.deadline_at == attempt.started_at + dt.timedelta(minutes=10)
    assert attempt.closes_at == attempt.deadline_at + dt.timedelta(seconds=30)
    later(minutes=10, seconds=29)
    one.answer(attempt, right=1)
    assert services.close_overdue() == 0
    assert one.start() == attempt
    assert queries.paper_of(attempt).seconds_left == 0
    later(seconds=1)
    with pytest.raises(Refused) as refusal:
        one.answer(attempt, right=2)
    assert refusal.value.code == "time-is-up"
    assert services.close_overdue() == 1
    assert services.close_overdue() == 0
    attempt.refresh_from_db()
    assert (attempt.state, attempt.points, attempt.timed_out) == ("graded", Decimal(1), True)
    assert attempt.submitted_at == attempt.deadline_at
    assert history(one) == [("failed", 1, Decimal("0.5"))]


def test_seconds_left_are_counted_down_by_the_servers_clock(hands, later):
    one = hands(time_limit_minutes=1)
    attempt = one.start()
    assert queries.paper_of(attempt).seconds_left == 60
    later(seconds=59)
    assert queries.paper_of(attempt).seconds_left == 1
    assert queries.paper_of(hands().start()).seconds_left is None


def test_starting_after_the_time_hands_in_the_old_one_first(hands, later):
    one = hands(time_limit_minutes=10)
    first = one.start()
    one.answer(first, right=2)
    later(hours=1)
    second = one.start()
    first.refresh_from_db()
    assert (first.state, first.passed, second.number) == ("graded", True, 2)


def test_starting_after_the_time_of_the_only_attempt_hands_it_in_and_refuses(hands, later):
    one = hands(time_limit_minutes=10, attempts_allowed=1)
    first = one.start()
    later(hours=1)
    with pytest.raises(Refused) as refusal:
        one.start()
    assert refusal.value.code == "attempts"
    first.refresh_from_db()
    assert first.state == "graded"


def test_handing_in_late_is_handing_in_at_the_deadline(hands, later):
    one = hands(time_limit_minutes=10, grace_seconds=0)
    attempt = one.start()
    later(minutes=10)
    attempt = services.submit(attempt_id=attempt.pk)
    assert (attempt.submitted_at, attempt.timed_out) == (attempt.deadline_at, True)


def test_handing_in_within_the_grace_is_handing_in_now(hands, later):
    one = hands(time_limit_minutes=10, grace_seconds=30)
    attempt = one.start()
    now = later(minutes=10, seconds=10)
    attempt = services.submit(attempt_id=attempt.pk)
    assert (attempt.submitted_at, attempt.timed_out) == (now, False)


def test_attempts_from_before_a_merge_count(hands, later):
    one = hands(attempts_allowed=1)
    one.attempt(right=0)
    stays = make_learner("Siti")
    one.learner.canonical = stays
    one.learner.save()
    later(seconds=1)
    with pytest.raises(Refused) as refusal:
        services.start_attempt(learner_id=stays.pk, activity_id=one.quiz.activity_id, language="id")
    assert refusal.value.code == "attempts"
    assert [each.number for each in queries.attempts_of(stays.pk, one.quiz.activity_id)] == [1]
    assert queries.attempt_of(stays.pk, Attempt.objects.get().public_id) is not None


def test_nobody_else_gets_an_attempt_by_its_id(hands):
    one = hands()
    attempt = one.start()
    assert queries.attempt_of(one.learner.pk, attempt.public_id) == attempt
    assert queries.attempt_of(make_learner("Lain").pk, attempt.public_id) is None
    assert queries.attempt_of(one.learner.pk, "tidak-ada") is None


# ── the paper ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draw_takes_other_questions_each_time_until_all_were_asked(hands, later):
    bank = make_bank("Soal")
    easy = [make_question("true_false", bank=bank, difficulty=1) for _ in range(4)]
    make_question("true_false", bank=bank, difficulty=2)
    make_question("true_false", bank=bank, difficulty=1, archived=True)
    named = make_question("single")
    one = hands([named], draws=[{"bank": bank, "difficulty": 1, "how_many": 2}])
    asked = []
    for _ in range(2):
        attempt = one.start()
        ids = [each["question"] for each in attempt.paper["questions"]]
        assert ids[0] == named.pk and len(ids) == 3
        asked += ids[1:]
        services.submit(attempt_id=attempt.pk)
        later(seconds=1)
    assert sorted(asked) == sorted(question.pk for question in easy)
    assert len(one.start().paper["questions"]) == 3


def test_two_draws_and_a_named_question_of_one_bank_ask_nothing_twice(hands):
    bank = make_bank("Soal")
    questions = [make_question("true_false", bank=bank) for _ in range(4)]
    one = hands(
        questions[:1],
        draws=[{"bank": bank, "how_many": 2}, {"bank": bank, "difficulty": 2, "how_many": 5}],
    )
    ids = [each["question"] for each in one.start().paper["questions"]]
    assert ids[0] == questions[0].pk
    assert sorted(ids) == sorted(question.pk for question in questions)


def test_the_paper_stays_when_the_question_changes(hands):
    question = make_question("single")
    one = hands([question])
    attempt = one.start()
    before = queries.paper_of(attempt)
    raw = question.body.get_prep_value()
    raw[0]["value"]["stem"] = {"id": "<p>Lain sama sekali</p>"}
    raw[0]["value"]["options"][0]["right"] = False
    raw[0]["value"]["options"][1]["right"] = True
    question.body = raw
    question.points = 9
    question.save()
    attempt = Attempt.objects.get()
    assert queries.paper_of(attempt).questions[0].stem == before.questions[0].stem
    one.answer(attempt, right=1)
    assert services.submit(attempt_id=attempt.pk).points == Decimal(1)


def test_answers_are_shuffled_where_the_quiz_says_so_and_steps_never_stand_right(hands):
    kinds = ["single", "ordering", "matching"]
    one = hands([make_question(kind) for kind in kinds], shuffle_options=True)
    seen = {kind: set() for kind in kinds}
    targets = set()
    for _ in range(30):
        attempt = one.start()
        for asked in attempt.paper["questions"]:
            seen[asked["kind"]].add(tuple(each["id"] for each in asked["options"]))
        targets.add(tuple(each["id"] for each in attempt.paper["questions"][2]["targets"]))
        services.submit(attempt_id=attempt.pk)
    assert len(seen["single"]) > 2 and len(seen["matching"]) == 2 and len(targets) > 2
    assert tuple("abcd") not in seen["ordering"] and len(seen["ordering"]) > 5


def test_answers_stand_as_written_where_the_quiz_does_not_shuffle(hands):
    one = hands([make_question("single"), make_question("ordering")], shuffle_options=False)
    for _ in range(5):
        attempt = one.start()
        single, ordering = attempt.paper["questions"]
        assert [each["id"] for each in single["options"]] == ["qris", "bifast", "cek"]
        assert [each["id"] for each in ordering["options"]] != list("abcd")
        services.submit(attempt_id=attempt.pk)


def test_a_paper_says_nothing_of_what_is_right(hands):
    questions = [make_question(kind) for kind in bodies()]
    one = hands(questions)
    paper = repr(queries.paper_of(one.start()).questions)
    for hidden in ("right", "Sebab", "Itu transfer", "pelanggan", "1500000", questions[5].salt):
        assert hidden not in paper
    assert "QRIS" in paper


def test_words_are_put_in_the_language_of_the_attempt_or_in_one_there_is(hands):
    question = make_question("single", value=bodies()["single"] | {"stem": {"id": "<p>Hanya Indonesia</p>"}})
    one = hands([question])
    asked = queries.paper_of(one.start("en")).questions[0]
    assert asked.stem == "<p>Hanya Indonesia</p>"
    assert {each.text for each in asked.options} == {"QRIS (en)", "BI-FAST (en)", "Cek (en)"}


def test_reading_a_paper_and_a_review_costs_the_same_however_many_questions(hands, django_assert_num_queries):
    for count in (2, 12):
        one = hands([make_question("single") for _ in range(count)])
        attempt = one.start()
        with django_assert_num_queries(2):
            queries.paper_of(attempt)
        one.answer(attempt, right=count)
        services.submit(attempt_id=attempt.pk)
        attempt = queries.attempt_of(one.learner.pk, attempt.public_id)
        with django_assert_num_queries(2):
            queries.review_of(attempt)


def test_starting_saving_and_handing_in_cost_the_same_however_many_questions(hands):
    counts = []
    for many in (2, 15):
        bank = make_bank("Soal")
        drawn = [make_question("single", bank=bank) for _ in range(many)]
        one = hands(
            [make_question("written_task") for _ in range(many)], draws=[{"bank": bank, "how_many": many}]
        )
        steps = []
        with CaptureQueriesContext(connection) as found:
            attempt = one.start()
        steps.append(len(found))
        with CaptureQueriesContext(connection) as found:
            services.save_answer(attempt_id=attempt.pk, question_key=drawn[0].key, response="qris")
        steps.append(len(found))
        with CaptureQueriesContext(connection) as found:
            services.submit(attempt_id=attempt.pk)
        steps.append(len(found))
        counts.append(steps)
    assert counts[0] == counts[1]


# ── constraints ──────────────────────────────────────────────────────────────────────────────────────────────────


def broken(make, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def test_the_database_refuses_what_cannot_be(hands):
    one = hands()
    attempt = one.start()
    values = {
        "quiz": one.quiz,
        "learner": one.learner,
        "started_at": clock.now(),
        "pass_mark": 70,
        "points_possible": 2,
        "language": "id",
    }
    broken(lambda: Attempt.objects.create(number=2, **values), "lms_attempt_one_open|learner_id")
    rows = Attempt.objects.filter(pk=attempt.pk)
    broken(lambda: rows.update(number=0), "lms_attempt_number_from_one")
    broken(lambda: rows.update(state="graded"), "lms_attempt")
    broken(lambda: rows.update(submitted_at=clock.now()), "lms_attempt_open_iff_not_handed_in")
    broken(lambda: rows.update(points=1), "lms_attempt_graded_iff_points")
    services.submit(attempt_id=attempt.pk)
    broken(lambda: rows.update(points=3), "lms_attempt_points_within")
    broken(
        lambda: Attempt.objects.create(number=1, state="to_grade", submitted_at=clock.now(), **values),
        "lms_attempt_number|number",
    )
    broken(lambda: Answer.objects.filter(attempt=attempt).update(revision=1), "lms_answer_saved_iff_revision")
    broken(lambda: Answer.objects.filter(attempt=attempt).update(points=2), "lms_answer_points_within")
    broken(lambda: Answer.objects.filter(attempt=attempt).update(worth=0), "lms_answer")
    broken(lambda: Quiz.objects.update(pass_mark=101), "lms_quiz_pass_mark_percent")
    broken(lambda: Quiz.objects.update(attempts_allowed=0), "lms_quiz_some_attempt_allowed")
    broken(lambda: QuizPart.objects.update(how_many=2), "lms_quiz_part_names_or_draws")


def test_a_quiz_of_a_test_has_what_it_says():
    quiz = make_quiz()
    assert QuizPart.objects.filter(quiz=quiz).count() == 2
