"""Who is told about a course: whom staff let in, enrolled or declined, once, and only while it is true."""

from __future__ import annotations

import pytest
from django.core import mail

from lms.notifications.models import OutboxMessage
from lms.notifications.services import send_due
from lms.progress import services
from lms.progress.models import Enrolment
from tests.progress.people import make_course, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(home):
    return make_course("approval")


@pytest.fixture
def siti():
    learner = make_person("Siti Aminah", "siti@toko.example")
    learner.language = "en"
    learner.save()
    return learner


@pytest.fixture
def request_of_siti(course, siti):
    return services.request_enrolment(learner_id=siti.pk, activity_id=course.pk)


def test_whoever_is_let_in_gets_their_link_once(course, siti, request_of_siti):
    for _ in range(2):
        services.approve(enrolment_ids=[request_of_siti.pk])
        send_due()
    (message,) = mail.outbox
    assert message.subject == "You take part: Foto produk" and "siti@toko.example" in message.to[0]
    assert "/p/" in message.body and "Siti Aminah" in message.body
    assert f"/courses/{course.key}/\n" in message.body


def test_whoever_is_declined_reads_the_reason(course, siti, request_of_siti):
    services.decline(enrolment_ids=[request_of_siti.pk], reason="Khusus mitra <kami>")
    send_due()
    (message,) = mail.outbox
    assert "Khusus mitra <kami>" in message.body and "Foto produk" in message.subject


def test_what_is_no_longer_true_is_not_sent(course, siti, request_of_siti):
    services.decline(enrolment_ids=[request_of_siti.pk], reason="Khusus mitra")
    services.approve(enrolment_ids=[request_of_siti.pk])
    services.withdraw(learner_id=siti.pk, activity_id=course.pk)
    send_due()
    assert mail.outbox == []
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"skipped"}


def test_nobody_is_told_of_what_they_did_themselves(course, siti):
    services.join(learner_id=siti.pk, activity_id=make_course().pk)
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
    services.withdraw(learner_id=siti.pk, activity_id=course.pk)
    assert Enrolment.objects.count() == 2 and not OutboxMessage.objects.exists()


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_cohort_that_begins_later_says_when(course, siti, language):
    from lms.core import clock

    siti.language = language
    siti.save()
    cohort = services.save_cohort(
        activity_id=course.pk, title="Juni", starts_on=clock.now().date().replace(year=2031, month=6, day=2)
    )
    services.enrol_in_cohort(learner_ids=[siti.pk], cohort_id=cohort.pk, by_staff=True, tell=True)
    send_due()
    assert "2 June 2031" in mail.outbox[0].body or "2 Juni 2031" in mail.outbox[0].body
