"""A person takes their attempts along, and leaves: what they wrote goes, what is counted stays."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.assessment import services
from lms.assessment.models import Answer, AnswerFile, Attempt, TaskGrade
from lms.core.files import private_storage
from lms.people.handlers import erase_person, export_person
from tests.assessment.quizzing import make_question
from tests.seating import make_learner

pytestmark = pytest.mark.django_db

MARK = "canary-7391"


@pytest.fixture
def somebody(hands):
    """A learner with an answer of every telling kind, a file, a grade, and an answer that a tab overwrote."""
    one = hands([make_question(kind) for kind in ("written_task", "short_text", "number", "single")])
    attempt = one.start()
    keys = [asked["key"] for asked in attempt.paper["questions"]]
    for place, response in enumerate([f"Saya {MARK}", MARK, f"5 {MARK}", "qris"]):
        services.save_answer(attempt_id=attempt.pk, question_key=keys[place], response=response, revision=0)
    services.save_answer(attempt_id=attempt.pk, question_key=keys[1], response=f"lagi {MARK}", revision=0)
    one.file = services.hand_in_file(
        attempt_id=attempt.pk,
        question_key=keys[0],
        upload=SimpleUploadedFile(f"{MARK}.txt", MARK.encode()),
    )
    services.submit(attempt_id=attempt.pk)
    one.grader = get_user_model().objects.create_user("penilai")
    services.grade_task(
        answer_id=Answer.objects.get(question__kind="written_task").pk,
        points={"isi": Decimal(1), "bahasa": Decimal(1)},
        comment=f"Terima kasih, {MARK}",
        graded_by_id=one.grader.pk,
    )
    return one


def everything_said() -> str:
    models = (Attempt, Answer, AnswerFile, TaskGrade)
    return json.dumps([list(model.objects.values()) for model in models], default=str)


def test_the_export_holds_attempts_answers_files_and_grades_and_nobody_elses(somebody, hands):
    other = hands([make_question("short_text")])
    attempt = other.start()
    services.save_answer(
        attempt_id=attempt.pk, question_key=attempt.paper["questions"][0]["key"], response="milik orang lain"
    )
    told = export_person(somebody.learner)
    assert {
        label: len(told[label]) for label in ("lms.Attempt", "lms.Answer", "lms.AnswerFile", "lms.TaskGrade")
    } == {
        "lms.Attempt": 1,
        "lms.Answer": 4,
        "lms.AnswerFile": 1,
        "lms.TaskGrade": 1,
    }
    said = json.dumps(told)
    assert f"Saya {MARK}" in said and f"Terima kasih, {MARK}" in said and "Kuis QRIS" in said
    assert "milik orang lain" not in said
    # What is right is nobody's own: whoever takes their rows along does not take the key to the quiz.
    assert "pelanggan" not in said and '"explanation"' not in said


def test_erasing_leaves_points_and_no_word_of_theirs(somebody, django_capture_on_commit_callbacks):
    before = list(Attempt.objects.values_list("points", "passed", "number"))
    with django_capture_on_commit_callbacks(execute=True):
        counts = erase_person(learner=somebody.learner)
    assert MARK not in everything_said()
    assert not private_storage().exists(somebody.file.file.name)
    assert (counts["lms.Answer"], counts["lms.AnswerFile"], counts["lms.TaskGrade"]) == (3, 1, 1)
    assert list(Attempt.objects.values_list("points", "passed", "number")) == before
    # Which option was chosen is counted in the analysis and says nothing of who it was.
    assert Answer.objects.get(question__kind="single").response == "qris"
    assert "lms.Answer" not in erase_person(learner=somebody.learner)


def test_erasing_a_grader_keeps_the_grade_and_lets_the_account_go(somebody):
    grader = make_learner("Penilai")
    grader.user = somebody.grader
    grader.save()
    assert len(export_person(grader)["lms.TaskGrade"]) == 1
    assert MARK not in json.dumps(export_person(grader))
    erase_person(learner=grader)
    assert TaskGrade.objects.get().graded_by is None and TaskGrade.objects.get().points == 2


def test_an_attempt_in_progress_is_erased_too(hands):
    one = hands([make_question("short_text")])
    attempt = one.start()
    services.save_answer(
        attempt_id=attempt.pk, question_key=attempt.paper["questions"][0]["key"], response=MARK
    )
    erase_person(learner=one.learner)
    assert MARK not in everything_said()
