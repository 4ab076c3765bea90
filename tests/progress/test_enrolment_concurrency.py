"""Many people at once, on SQLite in a file and on PostgreSQL: never a seat too many, never an error, one run each."""

from __future__ import annotations

import datetime as dt
import random
import time
from functools import partial

import pytest
from django.db import connection, transaction

from lms.core import clock
from lms.progress import services
from lms.progress.models import Cohort, Enrolment
from tests.progress.people import make_course, make_person, rebuild_agrees, seats_are_true
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def make_cohort(course, capacity, title="Maret"):
    return services.save_cohort(
        activity_id=course.pk,
        title=title,
        starts_on=clock.now().date() - dt.timedelta(days=2),
        capacity=capacity,
    )


def test_thirty_people_for_ten_seats():
    course = make_course("cohorts")
    cohort = make_cohort(course, 10)
    people = [make_person(f"Peserta {number}") for number in range(30)]
    _, errors = at_once(
        partial(services.join, learner_id=one.pk, activity_id=course.pk, cohort_key=cohort.public_id)
        for one in people
    )
    assert [type(error) for error in errors] == [services.Full] * 20
    assert Enrolment.objects.filter(cohort=cohort, state="active").count() == 10
    assert seats_are_true()


@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="SQLite runs one writing transaction at a time, so this race cannot be shown there",
)
def test_the_race_is_real_where_seats_are_counted_and_then_taken():
    """The control: what everybody writes first lets too many in. It is why seats are taken by a conditional UPDATE."""
    course = make_course("cohorts")
    cohort = make_cohort(course, 10)
    people = [make_person(f"Peserta {number}") for number in range(30)]

    @transaction.atomic
    def naive(learner):
        if Enrolment.objects.filter(cohort=cohort, state="active").count() < cohort.capacity:
            time.sleep(0.01)
            Enrolment.objects.create(learner=learner, activity=course, cohort=cohort, started_at=clock.now())

    _, errors = at_once(partial(naive, one) for one in people)
    assert errors == []
    assert Enrolment.objects.filter(cohort=cohort, state="active").count() > 10


def test_joining_leaving_changing_and_more_or_fewer_seats_all_at_once():
    course = make_course("cohorts")
    cohorts = [make_cohort(course, 6), make_cohort(course, 6, "April")]
    people = [make_person(f"Peserta {number}") for number in range(12)]
    refusals = (services.Full, services.Elsewhere, services.BadCohort)
    dice = random.Random(5)

    def tried(act):
        try:
            act()
        except refusals:
            pass

    def visitor(learner, acts):
        for act, cohort in acts:
            if act == "leave":
                tried(partial(services.withdraw, learner_id=learner.pk, activity_id=course.pk))
            elif act == "join":
                tried(
                    partial(
                        services.join,
                        learner_id=learner.pk,
                        activity_id=course.pk,
                        cohort_key=cohort.public_id,
                    )
                )
            else:
                tried(
                    partial(
                        services.enrol_in_cohort,
                        learner_ids=[learner.pk],
                        cohort_id=cohort.pk,
                        by_staff=True,
                    )
                )

    def organiser():
        for capacity in (3, 9, 4, 7):
            for cohort in cohorts:
                tried(
                    partial(
                        services.save_cohort,
                        activity_id=course.pk,
                        cohort_id=cohort.pk,
                        title=cohort.title,
                        starts_on=cohort.starts_on,
                        ends_on=clock.now().date() + dt.timedelta(days=capacity),
                        capacity=capacity,
                    )
                )

    plans = [
        [(dice.choice(["join", "leave", "move"]), dice.choice(cohorts)) for _ in range(4)] for _ in people
    ]
    jobs = [partial(visitor, one, plan) for one, plan in zip(people, plans, strict=True)]
    _, errors = at_once([*jobs, organiser])
    assert errors == []
    assert seats_are_true() and rebuild_agrees()
    assert Enrolment.objects.filter(run__gt=1).count() == 0
    ends = {cohort.pk: cohort.ends_on for cohort in Cohort.objects.all()}
    for row in Enrolment.objects.filter(state="active"):
        last = (row.ends_at - dt.timedelta(seconds=1)).astimezone().date()
        assert ends[row.cohort_id] is None or abs((last - ends[row.cohort_id]).days) <= 1


def test_twenty_clicks_of_one_person_are_one_request_and_one_run():
    course = make_course("approval")
    learner = make_person()
    ask = partial(services.join, learner_id=learner.pk, activity_id=course.pk)
    _, errors = at_once([ask] * 20)
    assert errors == [] and Enrolment.objects.count() == 1
    ids = list(Enrolment.objects.values_list("pk", flat=True))
    answers, errors = at_once([partial(services.approve, enrolment_ids=ids)] * 10)
    assert errors == [] and sorted(answers) == [0] * 9 + [1]
    assert list(Enrolment.objects.values_list("run", "state")) == [(1, "active")]


def test_a_request_is_let_in_or_taken_back_and_never_both():
    course = make_course("approval")
    for _ in range(4):
        learner = make_person()
        request = services.join(learner_id=learner.pk, activity_id=course.pk)
        _, errors = at_once(
            [
                partial(services.approve, enrolment_ids=[request.pk]),
                partial(services.decline, enrolment_ids=[request.pk], reason="Penuh"),
                partial(services.withdraw, learner_id=learner.pk, activity_id=course.pk),
            ]
        )
        assert errors == []
        assert list(Enrolment.objects.filter(learner=learner).values_list("state", flat=True)) in (
            [],
            ["active"],
            ["withdrawn"],
            ["declined"],
        )
    assert rebuild_agrees()


def test_one_further_run_for_ten_clicks():
    course = make_course()
    learner = make_person()
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk)
    again = partial(
        services.start_again, learner_id=learner.pk, activity_id=course.pk, after_run=1, end_now=True
    )
    _, errors = at_once([again] * 10)
    assert errors == [] and list(Enrolment.objects.order_by("run").values_list("run", flat=True)) == [1, 2]


def test_twenty_exemptions_are_one():
    course = make_course()
    learner = make_person()
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk)
    waive = partial(
        services.waive,
        learner_id=learner.pk,
        course_id=course.pk,
        activity_id=course.lessons[0].pk,
        reason="Mahir",
        by="K",
    )
    answers, errors = at_once([waive] * 20)
    assert errors == [] and sum(answers) == 1
