"""Cohorts: seats, dates, changing from one to another, and what a visitor is offered."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from lms.core import clock
from lms.core.exceptions import Closed, KelasError
from lms.progress import services
from lms.progress.access import access_of
from lms.progress.models import ActivityProgress, Cohort, Enrolment, LearningRecord
from lms.progress.offers import offer_of
from tests.progress.people import done, make_course, make_person, rebuild_agrees, runs, seats_are_true

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
ZONE = ZoneInfo("Asia/Jakarta")


def today():
    return clock.now().astimezone(ZONE).date()


def make_cohort(course, *, title="Maret", starts=3, ends=30, **fields):
    return services.save_cohort(
        activity_id=course.pk,
        title=title,
        starts_on=today() + starts * DAY,
        ends_on=None if ends is None else today() + ends * DAY,
        **fields,
    )


@pytest.fixture
def course():
    return make_course("cohorts")


@pytest.fixture
def siti():
    return make_person()


def midnight(day):
    return dt.datetime.combine(day, dt.time(), ZONE)


def test_a_seat_is_taken_once_and_given_back_once(course, siti):
    cohort = make_cohort(course, capacity=1)
    for _ in range(2):
        services.join(learner_id=siti.pk, activity_id=course.pk, cohort_key=cohort.public_id)
    cohort.refresh_from_db()
    assert cohort.taken == 1 and seats_are_true()
    run = Enrolment.objects.get()
    assert run.started_at == midnight(cohort.starts_on)
    assert run.ends_at == midnight(cohort.ends_on + DAY)
    budi = make_person("Budi")
    with pytest.raises(services.Full, match="Maret"):
        services.join(learner_id=budi.pk, activity_id=course.pk, cohort_key=cohort.public_id)
    assert runs(budi, course) == []
    for _ in range(2):
        services.withdraw(learner_id=siti.pk, activity_id=course.pk)
    assert seats_are_true()
    services.join(learner_id=budi.pk, activity_id=course.pk, cohort_key=cohort.public_id)
    with pytest.raises(services.Full):
        services.join(learner_id=siti.pk, activity_id=course.pk, cohort_key=cohort.public_id)
    assert runs(siti, course) == [(1, "withdrawn")] and seats_are_true()


def test_nothing_opens_before_the_first_day(course, siti):
    cohort = make_cohort(course)
    services.join(learner_id=siti.pk, activity_id=course.pk, cohort_key=cohort.public_id)
    locks = [
        lock for part in access_of(learner_id=siti.pk, activity_id=course.pk).parts for lock in part.locks
    ]
    assert {(lock.code, lock.opens_on) for lock in locks} == {("date", cohort.starts_on)}


def test_many_are_enrolled_together_or_nobody_is(course):
    people = [make_person(f"Peserta {number}") for number in range(4)]
    cohort = make_cohort(course, capacity=3)
    with pytest.raises(services.Full, match=r"3 .* 4 "):
        services.enrol_in_cohort(learner_ids=[one.pk for one in people], cohort_id=cohort.pk)
    assert not Enrolment.objects.exists() and seats_are_true()
    ids = [one.pk for one in people[:3]]
    assert services.enrol_in_cohort(learner_ids=ids, cohort_id=cohort.pk) == 3
    assert services.enrol_in_cohort(learner_ids=ids, cohort_id=cohort.pk) == 0
    assert seats_are_true()


def test_changing_the_cohort_is_for_staff_and_moves_the_seat_and_the_dates(course, siti):
    first, second = make_cohort(course, capacity=1), make_cohort(course, title="April", starts=40, ends=70)
    services.join(learner_id=siti.pk, activity_id=course.pk, cohort_key=first.public_id)
    done(siti, course.lessons[0])
    with pytest.raises(services.Elsewhere):
        services.join(learner_id=siti.pk, activity_id=course.pk, cohort_key=second.public_id)
    assert services.enrol_in_cohort(learner_ids=[siti.pk], cohort_id=second.pk, by_staff=True) == 1
    assert services.enrol_in_cohort(learner_ids=[siti.pk], cohort_id=second.pk, by_staff=True) == 0
    run = Enrolment.objects.get()
    assert (run.cohort, run.ends_at) == (second, midnight(second.ends_on + DAY))
    assert seats_are_true() and Cohort.objects.get(pk=first.pk).taken == 0
    assert rebuild_agrees()


def test_enrolment_ends_with_its_day_except_for_staff(course, siti):
    cohort = make_cohort(course, starts=-5, closes_on=today() - DAY)
    with pytest.raises(Closed) as refusal:
        services.join(learner_id=siti.pk, activity_id=course.pk, cohort_key=cohort.public_id)
    assert refusal.value.code == "cohort-closed"
    services.enrol_in_cohort(learner_ids=[siti.pk], cohort_id=cohort.pk, by_staff=True)
    # Whoever is in already is told nothing else by a second click.
    assert services.join(learner_id=siti.pk, activity_id=course.pk, cohort_key=cohort.public_id).run == 1


@pytest.mark.parametrize("key", ["", "kosong", None])
def test_a_cohort_is_to_be_chosen_and_of_this_course(course, siti, key):
    other = make_cohort(make_course("cohorts"))
    with pytest.raises(KelasError) as refusal:
        services.join(
            learner_id=siti.pk, activity_id=course.pk, cohort_key=other.public_id if key is None else key
        )
    assert refusal.value.code == "choose-cohort" and not Enrolment.objects.exists()


def test_a_later_cohort_is_a_further_run(course, siti):
    first = make_cohort(course, starts=-60, ends=-10)
    services.enrol_in_cohort(
        learner_ids=[siti.pk], cohort_id=first.pk, by_staff=True, at=clock.now() - 60 * DAY
    )
    done(siti, course.lessons[0], clock.now() - 20 * DAY)
    second = make_cohort(course, title="April", starts=0)
    services.join(learner_id=siti.pk, activity_id=course.pk, cohort_key=second.public_id)
    assert runs(siti, course) == [(1, "active"), (2, "active")] and seats_are_true()
    rows = Enrolment.objects.order_by("run")
    assert [row.progress.get(activity=course).percent for row in rows] == [33, 0]
    assert rebuild_agrees()


def test_runs_follow_the_dates_of_their_cohort(course, siti):
    cohort = make_cohort(course, starts=-10, ends=30)
    services.enrol_in_cohort(learner_ids=[siti.pk], cohort_id=cohort.pk, at=clock.now() - 8 * DAY)
    done(siti, course.lessons[0], clock.now() - DAY)
    started = Enrolment.objects.get().started_at

    def change(starts, ends=None):
        services.save_cohort(
            activity_id=course.pk,
            cohort_id=cohort.pk,
            title="Maret",
            starts_on=today() + starts * DAY,
            ends_on=None if ends is None else today() + ends * DAY,
        )
        run = Enrolment.objects.get()
        assert rebuild_agrees()
        return run.started_at, run.ends_at, run.progress.get(activity=course).percent

    assert change(-10, -2) == (started, midnight(today() - DAY), 0)
    assert change(5) == (midnight(today() + 5 * DAY), None, 33)
    assert change(-5) == (Enrolment.objects.get().created_at, None, 33)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "  "}, "title"),
        ({"ends_on": dt.date(2027, 2, 28)}, "ends_on"),
        ({"ends_on": dt.date(2027, 4, 1), "closes_on": dt.date(2027, 4, 2)}, "closes_on"),
    ],
)
def test_dates_that_do_not_fit_are_refused_with_the_field(course, fields, field):
    values = {"title": "Maret", "starts_on": dt.date(2027, 3, 1)} | fields
    with pytest.raises(services.BadCohort) as refusal:
        services.save_cohort(activity_id=course.pk, **values)
    assert refusal.value.field == field and not Cohort.objects.exists()


def test_nobody_loses_a_seat_by_fewer_seats_and_a_used_cohort_stays(course, siti):
    cohort = make_cohort(course, capacity=5)
    services.enrol_in_cohort(learner_ids=[siti.pk], cohort_id=cohort.pk)
    about = {"activity_id": course.pk, "cohort_id": cohort.pk, "title": "M", "starts_on": cohort.starts_on}
    with pytest.raises(services.BadCohort) as refusal:
        services.save_cohort(**about, capacity=0)
    assert refusal.value.field == "capacity"
    services.save_cohort(**about, capacity=1)
    services.withdraw(learner_id=siti.pk, activity_id=course.pk)
    with pytest.raises(Closed):
        services.delete_cohort(cohort_id=cohort.pk)
    unused = make_cohort(course, title="Mei")
    assert services.delete_cohort(cohort_id=unused.pk)
    assert not services.delete_cohort(cohort_id=unused.pk)


def test_the_database_refuses_a_seat_too_many(course):
    cohort = make_cohort(course, capacity=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(taken=2)


def test_a_visitor_is_offered_what_the_course_says(course, django_assert_max_num_queries):
    make_cohort(course, title="Penuh", starts=1, capacity=0)
    make_cohort(course, title="Tutup", starts=-3, closes_on=today() - DAY)
    make_cohort(course, title="Lewat", starts=-30, ends=-1)
    make_cohort(course, title="Hari terakhir", starts=-2, closes_on=today(), capacity=4)
    make_cohort(course, title="Tanpa batas", starts=5, ends=None)
    with django_assert_max_num_queries(2):
        offer = offer_of(course.pk)
    said = [(each.cohort.title, each.code, each.seats_left) for each in offer.cohorts]
    assert said == [
        ("Tutup", "closed", None),
        ("Hari terakhir", "", 4),
        ("Penuh", "full", 0),
        ("Tanpa batas", "", None),
    ]
    assert (offer.mode, offer.open) == ("cohorts", True)


@pytest.mark.parametrize(("mode", "is_open"), [("open", True), ("approval", True), ("closed", False)])
def test_other_rules_offer_no_cohorts(mode, is_open):
    offer = offer_of(make_course(mode, months=6 if mode != "open" else None).pk)
    assert (offer.mode, offer.open, list(offer.cohorts)) == (mode, is_open, [])


def test_the_last_day_is_one_of_the_default_zone(course):
    cohort = make_cohort(course, starts=0, ends=0)
    end = midnight(cohort.ends_on + DAY)
    assert offer_of(course.pk, now=end - dt.timedelta(seconds=1)).open
    assert not offer_of(course.pk, now=end).open


# ── killed at any statement ──────────────────────────────────────────────────────────────────────────────────────


class Killed(BaseException):
    """The process is gone."""


def killed_at(number, act):
    """Do something whose so-manieth statement dies. Returns whether it died."""
    left = number

    def dies(execute, sql, params, many, context):
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed
        return execute(sql, params, many, context)

    try:
        with transaction.atomic(), connection.execute_wrapper(dies):
            act()
    except Killed:
        return True
    return False


def everything():
    return (
        sorted(Enrolment.objects.values_list("learner_id", "run", "state", "cohort_id", "ends_at")),
        sorted(Cohort.objects.values_list("title", "taken")),
        sorted(LearningRecord.objects.values_list("verb", "activity_id")),
        sorted(ActivityProgress.objects.values_list("enrolment_id", "activity_id", "percent")),
    )


@pytest.mark.parametrize("act", ["join", "move", "withdraw", "approve", "again", "waive", "dates"])
@pytest.mark.django_db(transaction=True)
def test_killed_at_any_statement_it_is_before_or_after_and_a_retry_completes(act):
    course = make_course("approval" if act == "approve" else "cohorts", months=3)
    siti = make_person()
    first, second = make_cohort(course, capacity=2), make_cohort(course, title="April", capacity=2)
    if act in ("move", "withdraw", "dates"):
        services.enrol_in_cohort(learner_ids=[siti.pk], cohort_id=first.pk)
    if act == "approve":
        services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
        services.withdraw(learner_id=siti.pk, activity_id=course.pk)
        request = services.request_enrolment(learner_id=siti.pk, activity_id=course.pk)
    if act in ("again", "waive"):
        services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
    acts = {
        "join": lambda: services.join(learner_id=siti.pk, activity_id=course.pk, cohort_key=first.public_id),
        "move": lambda: services.enrol_in_cohort(learner_ids=[siti.pk], cohort_id=second.pk, by_staff=True),
        "withdraw": lambda: services.withdraw(learner_id=siti.pk, activity_id=course.pk),
        "approve": lambda: services.approve(enrolment_ids=[request.pk]),
        "waive": lambda: services.waive(
            learner_id=siti.pk,
            course_id=course.pk,
            activity_id=course.lessons[0].pk,
            reason="Sudah mahir",
            by="K",
        ),
        "dates": lambda: services.save_cohort(
            activity_id=course.pk, cohort_id=first.pk, title="Mei", starts_on=today() + 9 * DAY
        ),
        "again": lambda: services.start_again(
            learner_id=siti.pk, activity_id=course.pk, after_run=1, end_now=True
        ),
    }
    before, number = everything(), 1
    while killed_at(number, acts[act]):
        assert everything() == before and seats_are_true(), number
        number += 1
    after = everything()
    assert number > 4 and after != before and seats_are_true()
    acts[act]()
    assert everything() == after and rebuild_agrees()
