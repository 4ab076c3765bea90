"""Enrolling a list of people: who is known, who is new, once only, all or nobody."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.core import clock
from lms.people.handlers import erase_person
from lms.people.models import Address, Learner
from lms.people.services import BadAddress
from lms.progress import services
from lms.progress.models import Enrolment
from lms.reports.people_list import Person
from lms.reports.services import enrol_people, known_people
from tests.progress.people import make_course, make_person, runs
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def person(name="Siti Aminah", email="siti@toko.example", row=2, **fields):
    return Person(row, name, email, **fields)


def test_doing_it_twice_changes_nothing():
    course = make_course("closed")
    people = [person(language="en", zone="Asia/Makassar"), person("Budi", "budi@toko.example", 3)]
    done = enrol_people(activity_id=course.pk, people=people)
    assert (done.people, done.new, done.enrolled) == (2, 2, 2)
    done = enrol_people(activity_id=course.pk, people=people)
    assert (done.people, done.new, done.enrolled) == (2, 0, 0)
    siti = Learner.objects.get(name="Siti Aminah")
    assert (siti.language, siti.zone) == ("en", "Asia/Makassar")
    assert (Learner.objects.count(), Address.objects.count(), Enrolment.objects.count()) == (2, 2, 2)


def test_one_list_for_two_courses_is_the_same_people():
    for course in (make_course(), make_course()):
        enrol_people(activity_id=course.pk, people=[person(), person("SITI  aminah", row=3)])
    assert Learner.objects.count() == 1 and Enrolment.objects.count() == 2


def test_who_proved_the_address_comes_first_and_a_shared_one_is_told_apart_by_name():
    make_person("Budi", "kami@toko.example")
    doubtful = make_person("Siti Aminah", "kami@toko.example")
    Address.objects.create(learner=doubtful, value="lain@toko.example")
    assert known_people([person(email="kami@toko.example")]) == {}
    proven = make_person("Siti AMINAH", "kami@toko.example")
    Address.objects.filter(learner=proven).update(verified_at=clock.now())
    assert known_people([person(email="kami@toko.example")]) == {0: proven}
    assert known_people([person(email="lain2@toko.example")]) == {}


def test_an_address_that_somebody_added_to_their_own_is_not_proof():
    """Whoever gave another person's address must not be enrolled in that person's place."""
    stranger = make_person("Siti Aminah", "penyusup@toko.example")
    Address.objects.create(learner=stranger, value="siti@toko.example")
    course = make_course()
    enrol_people(activity_id=course.pk, people=[person()])
    assert runs(stranger, course) == [] and Learner.objects.count() == 2


def test_somebody_who_was_merged_is_stood_for_by_the_other():
    first, other = make_person("Siti Aminah", "siti@toko.example"), make_person("Siti A.")
    first.canonical = other
    first.save()
    course = make_course()
    enrol_people(activity_id=course.pk, people=[person()])
    assert runs(other, course) == [(1, "active")] and runs(first, course) == []


def test_who_was_erased_is_new():
    course = make_course()
    enrol_people(activity_id=course.pk, people=[person()])
    erase_person(learner=Learner.objects.get())
    assert enrol_people(activity_id=course.pk, people=[person()]).new == 1


def test_a_cohort_takes_all_or_nobody_and_bad_rows_undo_everything():
    course = make_course("cohorts")
    cohort = services.save_cohort(
        activity_id=course.pk, title="Maret", starts_on=clock.now().date(), capacity=1
    )
    two = [person(), person("Budi", "budi@toko.example")]
    with pytest.raises(services.Full):
        enrol_people(activity_id=course.pk, people=two, cohort_id=cohort.pk)
    with pytest.raises(BadAddress):
        enrol_people(activity_id=course.pk, people=[*two, person("Wati", "bukan alamat")])
    assert not Learner.objects.exists() and not Enrolment.objects.exists()


def test_a_list_costs_little_for_those_who_are_known():
    course = make_course()
    people = [person(f"Peserta {n:c}", f"{n:c}@toko.example") for n in range(97, 117)]
    enrol_people(activity_id=course.pk, people=people)

    def cost(count):
        other = make_course()
        with CaptureQueriesContext(connection) as queries:
            enrol_people(activity_id=other.pk, people=people[:count], send_links=False)
        return len(queries)

    # Fifteen people more cost no query each; an INSERT of many rows may be cut into pieces.
    assert cost(20) <= cost(5) + 2


@pytest.mark.django_db(transaction=True)
def test_one_button_pressed_ten_times_at_once():
    course = make_course()
    people = [person(), person("Budi", "budi@toko.example", 3)]
    answers, errors = at_once([partial(enrol_people, activity_id=course.pk, people=people)] * 10)
    assert errors == [] and sorted(each.enrolled for each in answers) == [0] * 9 + [2]
    assert (Learner.objects.count(), Enrolment.objects.count()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_two_courses_at_once_make_one_learner():
    courses = [make_course(), make_course()]
    _, errors = at_once(
        [partial(enrol_people, activity_id=course.pk, people=[person()]) for course in courses] * 4
    )
    assert errors == [] and Learner.objects.count() == 1 and Enrolment.objects.count() == 2
