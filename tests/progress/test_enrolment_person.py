"""Somebody who is erased: seats to come are free again, requests go, what staff wrote goes, and totals stay."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.core import clock
from lms.people.handlers import erase_person, export_person
from lms.progress import services
from lms.progress.models import Enrolment, LearningRecord
from tests.progress.people import make_course, make_person, runs, seats_are_true

pytestmark = pytest.mark.django_db


def test_a_seat_to_come_is_free_and_one_that_has_begun_stays_counted():
    siti = make_person()
    today = clock.now().date()
    courses = [make_course("cohorts") for _ in range(2)]
    for course, days in zip(courses, (10, -10), strict=True):
        cohort = services.save_cohort(
            activity_id=course.pk, title="Maret", starts_on=today + dt.timedelta(days=days), capacity=1
        )
        services.enrol_in_cohort(learner_ids=[siti.pk], cohort_id=cohort.pk)
    erase_person(learner=siti)
    assert runs(siti, courses[0]) == [(1, "withdrawn")] and runs(siti, courses[1]) == [(1, "active")]
    assert seats_are_true()


def test_a_request_goes_and_so_does_what_staff_wrote():
    siti = make_person("Siti Aminah")
    asked, declined = make_course("approval"), make_course("approval")
    services.request_enrolment(learner_id=siti.pk, activity_id=asked.pk)
    request = services.request_enrolment(learner_id=siti.pk, activity_id=declined.pk)
    services.decline(enrolment_ids=[request.pk], reason="Khusus mitra")
    done = make_course()
    services.enrol(learner_ids=[siti.pk], activity_id=done.pk)
    services.waive(
        learner_id=siti.pk,
        course_id=done.pk,
        activity_id=done.lessons[0].pk,
        reason="Siti Aminah sudah mahir",
        by="Koordinator",
    )
    told = export_person(siti)
    assert "Khusus mitra" in [row["note"] for row in told["lms.Enrolment"]]
    assert told["lms.LearningRecord"][0]["reason_params"]["reason"] == "Siti Aminah sudah mahir"
    erase_person(learner=siti)
    assert runs(siti, asked) == [] and runs(siti, declined) == [(1, "declined")]
    assert not Enrolment.objects.exclude(note="").exists()
    assert LearningRecord.objects.get().reason_params == {"reason": "", "by": "Koordinator"}
