"""A wrong key was corrected: results change, the ledger says so, and the paper still holds what was asked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lms.assessment import contents, services
from lms.assessment.models import Answer, Attempt, RegradeDue
from lms.assessment.tasks import sweep_assessment
from lms.progress import queries as records
from tests.assessment.quizzing import bodies, both, listed, make_question, option

pytestmark = pytest.mark.django_db


def rewrite(question, kind=None, **changes):
    raw = question.body.get_prep_value()
    raw[0]["value"] |= changes
    if kind:
        raw[0]["type"] = kind
    question.body = raw
    question.save()
    question.refresh_from_db()


def told(one):
    rows = records.history(learner_id=one.learner.pk).order_by("pk")
    return [(row.verb, row.reason_params["number"], row.reason_params["points"]) for row in rows]


@pytest.fixture
def wrong_key(hands, monkeypatch):
    """Somebody answered "bifast", which was right all along; the key said "qris"."""
    monkeypatch.setattr("lms.core.work.import_string", lambda path: (_ for _ in ()).throw(ConnectionError))
    question = make_question("single")
    one = hands([question], pass_mark=50)
    one.question = question
    attempt = one.start()
    services.save_answer(attempt_id=attempt.pk, question_key=question.key, response="bifast")
    one.handed_in = services.submit(attempt_id=attempt.pk)
    return one


def correct(one):
    rewrite(
        one.question,
        options=listed([option("QRIS"), option("BI-FAST", True), option("Cek")], ["qris", "bifast", "cek"]),
    )


def test_a_corrected_key_turns_a_failed_attempt_into_a_passed_one(wrong_key):
    assert told(wrong_key) == [("failed", 1, "0")]
    correct(wrong_key)
    services.ask_regrade(question_id=wrong_key.question.pk)
    assert told(wrong_key) == [("failed", 1, "0")]
    assert services.regrade(question_id=wrong_key.question.pk) == 1
    assert told(wrong_key) == [("passed", 1, "1")]
    attempt = Attempt.objects.get()
    assert (attempt.points, attempt.passed) == (Decimal(1), True)
    asked = attempt.paper["questions"][0]
    assert (asked["right"], asked["corrected"]) == ({"right": ["qris"]}, {"right": ["bifast"]})
    assert not RegradeDue.objects.exists()
    assert records.standing(learner_id=wrong_key.learner.pk, activity_id=wrong_key.course_id).percent == 100


def test_grading_anew_twice_changes_nothing_more(wrong_key):
    correct(wrong_key)
    for _ in range(2):
        services.ask_regrade(question_id=wrong_key.question.pk)
        sweep_assessment()
    assert told(wrong_key) == [("passed", 1, "1")]
    assert Attempt.objects.get().times_said == 2
    assert services.regrade(question_id=wrong_key.question.pk) == 0


def test_there_and_back_again_is_said_three_times(wrong_key):
    for options in (("bifast", True), ("qris", False), ("bifast", True)):
        right = options[0]
        rewrite(
            wrong_key.question,
            options=listed(
                [option("QRIS", right == "qris"), option("BI-FAST", right == "bifast"), option("Cek")],
                ["qris", "bifast", "cek"],
            ),
        )
        services.ask_regrade(question_id=wrong_key.question.pk)
        assert services.regrade(question_id=wrong_key.question.pk) == 1
    assert told(wrong_key) == [("passed", 1, "1")]
    assert Attempt.objects.get().times_said == 4


def test_a_correction_that_took_a_pass_away_is_said_too(hands):
    question = make_question("single")
    one = hands([question])
    one.attempt(right=1)
    one.question = question
    correct(one)
    services.ask_regrade(question_id=question.pk)
    services.regrade(question_id=question.pk)
    assert told(one) == [("failed", 1, "0")]
    assert records.standing(learner_id=one.learner.pk, activity_id=one.course_id).percent == 0


def test_an_attempt_in_progress_is_marked_by_the_corrected_key_when_it_is_handed_in(wrong_key, later):
    later(seconds=1)
    running = wrong_key.start()
    services.save_answer(attempt_id=running.pk, question_key=wrong_key.question.key, response="bifast")
    correct(wrong_key)
    services.ask_regrade(question_id=wrong_key.question.pk)
    assert services.regrade(question_id=wrong_key.question.pk) == 2
    assert Answer.objects.get(attempt=running).feedback_code == ""
    assert services.submit(attempt_id=running.pk).passed


def test_an_attempt_that_waits_for_a_grader_goes_on_waiting(hands):
    question = make_question("single")
    one = hands([question, make_question("written_task")])
    attempt = one.start()
    one.question = question
    services.save_answer(attempt_id=attempt.pk, question_key=question.key, response="bifast")
    services.save_answer(
        attempt_id=attempt.pk, question_key=attempt.paper["questions"][1]["key"], response="Tulisan"
    )
    services.submit(attempt_id=attempt.pk)
    correct(one)
    services.ask_regrade(question_id=question.pk)
    assert services.regrade(question_id=question.pk) == 1
    assert Attempt.objects.get().state == "to_grade" and told(one) == []
    assert Answer.objects.get(question=question).feedback_code == "right"
    task = Answer.objects.get(feedback_code="to_grade")
    services.grade_task(answer_id=task.pk, points={"isi": Decimal(6), "bahasa": Decimal(4)})
    assert told(one) == [("passed", 1, "11")]


def test_what_a_person_graded_stays(hands):
    task, question = make_question("written_task"), make_question("single")
    one = hands([task, question], pass_mark=90)
    attempt = one.start()
    one.question = question
    services.save_answer(attempt_id=attempt.pk, question_key=task.key, response="Tulisan")
    services.save_answer(attempt_id=attempt.pk, question_key=question.key, response="bifast")
    services.submit(attempt_id=attempt.pk)
    services.grade_task(
        answer_id=Answer.objects.get(question=task).pk, points={"isi": Decimal(6), "bahasa": Decimal(4)}
    )
    correct(one)
    services.ask_regrade(question_id=question.pk)
    services.regrade(question_id=question.pk)
    assert told(one) == [("passed", 1, "11")]


# ── what can be applied to a paper ───────────────────────────────────────────────────────────────────────────────


def asked(kind):
    question = make_question(kind)
    question.refresh_from_db()
    return question, contents.frozen(question, "id")


def test_swapped_words_are_recognised_as_well_as_a_moved_tick():
    question, paper = asked("single")
    rewrite(
        question,
        options=listed([option("BI-FAST", True), option("QRIS"), option("Cek")], ["qris", "bifast", "cek"]),
    )
    assert contents.corrected(paper, question, "id") == {"right": ["bifast"]}


def test_a_mended_spelling_changes_nothing():
    question, paper = asked("single")
    rewrite(
        question,
        options=listed(
            [option("Q.R.I.S.", True), option("BI-FAST"), option("Cek")], ["qris", "bifast", "cek"]
        ),
    )
    assert contents.corrected(paper, question, "id") == {"right": ["qris"]}


def test_a_right_answer_that_was_not_offered_cannot_be_applied():
    question, paper = asked("single")
    rewrite(question, options=listed([option("Baru", True), option("QRIS")], ["baru", "qris"]))
    assert contents.corrected(paper, question, "id") is None
    question, paper = asked("multiple")
    rewrite(
        question,
        options=listed([option("Foto", True), option("Baru", True), option("PIN")], ["foto", "baru", "pin"]),
    )
    assert contents.corrected(paper, question, "id") is None


def test_another_kind_cannot_be_applied():
    question, paper = asked("true_false")
    rewrite(question, kind="short_text", accepted=listed(["ya"]))
    assert contents.corrected(paper, question, "id") is None


def test_true_or_false_numbers_and_words_take_what_is_right_now():
    question, paper = asked("true_false")
    rewrite(question, answer="false")
    assert contents.corrected(paper, question, "id") == {"right": False}
    question, paper = asked("number")
    rewrite(question, value="7")
    assert contents.corrected(paper, question, "id")["value"] == "7"
    question, paper = asked("short_text")
    rewrite(question, accepted=listed(["pembeli"]))
    assert contents.corrected(paper, question, "id")["accepted"] == ["pembeli"]


def test_steps_are_put_in_another_order_by_moving_or_by_rewriting():
    question, paper = asked("ordering")
    rewrite(
        question, steps=listed([both("Periksa"), both("Pindai"), both("Bayar"), both("Simpan")], list("bacd"))
    )
    assert contents.corrected(paper, question, "id") == {"order": list("bacd")}
    rewrite(
        question, steps=listed([both("Periksa"), both("Pindai"), both("Bayar"), both("Simpan")], list("abcd"))
    )
    assert contents.corrected(paper, question, "id") == {"order": list("bacd")}
    rewrite(question, steps=listed([both("Pindai"), both("Bayar")], list("ac")))
    assert contents.corrected(paper, question, "id") is None


def test_right_hand_sides_that_were_swapped_are_recognised():
    question, paper = asked("matching")
    before = paper["right"]["pairs"]
    rewrite(
        question,
        pairs=listed(
            [
                {"left": both("QRIS"), "right": both("rahasia", "secret")},
                {"left": both("PIN"), "right": both("kode gambar", "picture code")},
            ],
            ["l-qris", "l-pin"],
        ),
    )
    assert contents.corrected(paper, question, "id") == {
        "pairs": {"l-qris": before["l-pin"], "l-pin": before["l-qris"]}
    }
    rewrite(question, pairs=listed([{"left": both("QRIS"), "right": both("kode gambar")}], ["l-qris"]))
    assert contents.corrected(paper, question, "id") is None


def test_nothing_of_the_kinds_is_forgotten():
    for kind in bodies():
        question, paper = asked(kind)
        assert contents.corrected(paper, question, "id") == paper["right"]
