"""Who wrote something is told when a person has graded it: once, with the way to the result."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import mail

from lms.assessment import services
from lms.assessment.models import Answer
from lms.notifications.services import send_due
from lms.people.models import Address
from tests.assessment.conftest import hands  # noqa: F401 -- a fixture
from tests.assessment.quizzing import make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed_in(hands):  # noqa: F811 -- the fixture
    one = hands([make_question("written_task"), make_question("true_false")], pass_mark=0)
    attempt = one.start()
    learner = attempt.learner
    learner.language = "en"
    learner.save()
    Address.objects.get_or_create(learner=learner, value="siti@toko.example")
    key = attempt.paper["questions"][0]["key"]
    services.save_answer(attempt_id=attempt.pk, question_key=key, response="Rencana saya.", revision=0)
    services.submit(attempt_id=attempt.pk)
    return attempt


def grade(attempt, points):
    answer = Answer.objects.get(attempt=attempt, feedback_code__in=("to_grade", "graded"))
    criteria = {each["id"]: Decimal(points) for each in attempt.paper["questions"][0]["rubric"]}
    services.grade_task(answer_id=answer.pk, points=criteria)


def test_handing_in_sends_nothing_and_grading_one_mail(handed_in):
    send_due()
    assert mail.outbox == []
    for points in (1, 2):  # the grade is changed once more
        grade(handed_in, points)
        send_due()
    [sent] = mail.outbox
    assert sent.subject.startswith("Graded: ")
    assert f"/attempts/{handed_in.public_id}/" in sent.body and "/p/" in sent.body


def test_a_quiz_that_a_machine_marks_sends_no_mail(hands):  # noqa: F811 -- the fixture
    one = hands([make_question("true_false")], pass_mark=0)
    attempt = one.start()
    services.submit(attempt_id=attempt.pk)
    send_due()
    assert mail.outbox == []
