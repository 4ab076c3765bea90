"""Whoever has just completed a course is told of the certificate, on the screen on which they finished it."""

from __future__ import annotations

import pytest

from lms.credentials.models import CertificateDesign, CertificateOffer, Issuer
from lms.learner.services import start_course
from lms.progress.services import enrol
from tests.assessment.quizzing import make_question, make_quiz
from tests.learner import test_quiz
from tests.learner.test_course import EMAIL, done, make_course
from tests.learner.test_person import certificate_of
from tests.learner.test_quiz import right_fields, text
from tests.seating import make_learner

pytestmark = pytest.mark.django_db

MADE = "Your certificate is being made."


@pytest.fixture
def siti():
    return make_learner("Siti Aminah", EMAIL, verified=True, language="en")


def offer(activity_id):
    issuer = Issuer.objects.create(name="Akademi Contoh")
    design = CertificateDesign.objects.create(name="Klasik", issuer=issuer, language="en")
    CertificateOffer.objects.create(activity_id=activity_id, design=design)


@pytest.mark.parametrize("offered", [True, False])
def test_the_last_mark_leads_to_the_certificate(client, siti, offered):
    course, lessons = make_course()
    if offered:
        offer(course.pk)
    start_course(course=course, name=siti.name, email=EMAIL)
    for lesson in lessons:
        path, values = done(siti, lesson)
        page = client.get(client.post(path, values)["Location"].partition("#")[0])
        assert (MADE in text(page)) is (offered and lesson == lessons[-1])
    assert "You have completed the whole course." in text(page)
    if offered:
        certificate_of(siti, activity_id=course.pk, run=1)
        page = client.get(f"{path}?done=marked")
        assert "/certificate/0123456789ABC/" in page.content.decode() and MADE not in text(page)
    later = client.get(path)  # that it is completed stands there; the certificate is on the course's page
    assert (
        "You have completed the whole course." in text(later)
        and "/certificate/" not in later.content.decode()
    )


def test_the_last_quiz_leads_to_the_certificate(client, siti):
    quiz = make_quiz([make_question("single")], course=True)
    enrol(learner_ids=[siti.pk], activity_id=quiz.course_id_for_tests)
    offer(quiz.course_id_for_tests)
    path, attempt = test_quiz.start(client, siti, quiz)
    client.post(path, right_fields(attempt) | {"do": "submit"})
    result = text(client.get(path))
    assert "Passed. Well done!" in result and "You have completed the whole course." in result
    assert MADE in result
    certificate_of(siti, activity_id=quiz.course_id_for_tests, run=1)
    assert "/certificate/0123456789ABC/" in client.get(path).content.decode()
