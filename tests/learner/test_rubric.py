"""What is graded stands before a written task, so that it can be read on a phone."""

from __future__ import annotations

import pytest

from lms.progress.services import enrol
from tests.assessment.quizzing import bodies, make_question, make_quiz
from tests.learner.test_quiz import start
from tests.seating import make_learner

pytestmark = pytest.mark.django_db


def test_the_rubric_is_a_list_with_a_line_for_each_level(client):
    siti = make_learner("Siti Aminah", language="en")
    value = bodies()["written_task"]
    value["rubric"][0]["value"]["text"] = {"id": "4: Ya; 0: Tidak", "en": "4: Yes <all>; 0: No"}
    quiz = make_quiz([make_question("written_task", value=value)], course=True)
    enrol(learner_ids=[siti.pk], activity_id=quiz.course_id_for_tests)
    path, _ = start(client, siti, quiz)
    page = client.get(path).content.decode()
    assert "<li>4 points: Yes &lt;all&gt;</li><li>0 points: No</li>" in page
