"""Many people at once, on SQLite in a file and on PostgreSQL: never a seat too many, never an error, always in order."""

from __future__ import annotations

import datetime as dt
import random
import time
from functools import partial

import pytest
from django.db import connection, transaction

from lms.core import clock
from lms.people.models import Address, Learner
from lms.people.services import find_or_create_learner
from lms.progress import queries as progress
from lms.webinars.models import Occurrence, Registration, SeriesRegistration
from lms.webinars.services import seats
from lms.webinars.services.registration import register_visitor
from tests.seating import add_session, make_learner, make_offer, seats_agree
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def in_order(occurrence) -> bool:
    """Nobody waits who came before somebody with a seat."""
    rows = Registration.objects.filter(occurrence=occurrence)
    seated = [(row.queued_at, row.pk) for row in rows.filter(state="registered")]
    waiting = [(row.queued_at, row.pk) for row in rows.filter(state="waitlisted")]
    return not seated or not waiting or max(seated) < min(waiting)


def test_forty_people_for_the_last_ten_seats():
    series = make_offer(sessions=2, capacity=15)
    for number in range(5):
        seats.register_for_series(series=series, learner=make_learner(f"Lebih dulu {number}"))
    people = [make_learner(f"Peserta {number}") for number in range(40)]
    _, errors = at_once(partial(seats.register_for_series, series=series, learner=one) for one in people)
    assert errors == []
    for session in series.occurrences.all():
        got = Registration.objects.filter(occurrence=session, learner__in=people)
        assert got.filter(state="registered").count() == 10
        assert got.filter(state="waitlisted").count() == 30
        assert seats_agree(session) and in_order(session)


@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="SQLite runs one writing transaction at a time, so this race cannot be shown there",
)
def test_the_race_is_real_where_seats_are_counted_and_then_taken():
    """The control: what everybody writes first lets too many in. It is why the service locks and updates conditionally."""
    series = make_offer(sessions=1, capacity=10)
    session = series.occurrences.get()
    people = [make_learner(f"Peserta {number}") for number in range(40)]

    @transaction.atomic
    def naive(learner):
        if Registration.objects.filter(occurrence=session, state="registered").count() < session.capacity:
            time.sleep(0.01)
            Registration.objects.create(
                occurrence=session, learner=learner, state="registered", queued_at=clock.now()
            )

    _, errors = at_once(partial(naive, one) for one in people)
    assert errors == []
    assert Registration.objects.filter(occurrence=session, state="registered").count() > 10


def test_registering_giving_back_and_more_or_fewer_seats_all_at_once():
    series = make_offer(sessions=2, capacity=6)
    sessions = list(series.occurrences.all())
    people = [make_learner(f"Peserta {number}") for number in range(16)]
    dice = random.Random(11)

    def visitor(learner):
        for _ in range(4):
            act = dice.choice(["series", "session", "leave", "give back"])
            if act == "series":
                seats.register_for_series(series=series, learner=learner)
            elif act == "session":
                seats.register_for_occurrence(occurrence=dice.choice(sessions), learner=learner)
            elif act == "leave":
                for wish in SeriesRegistration.objects.filter(learner=learner):
                    seats.cancel_series_registration(series_registration=wish)
            else:
                for row in Registration.objects.filter(learner=learner)[:1]:
                    seats.cancel_registration(registration=row)

    def organiser():
        for capacity in (3, 9, 4, 7, 5):
            with transaction.atomic():
                series.__class__.objects.filter(pk=series.pk).update(capacity=capacity)
                seats.set_capacity(occurrence_ids=[one.pk for one in sessions], capacity=capacity)

    _, errors = at_once([*(partial(visitor, one) for one in people), organiser, organiser])
    assert errors == []
    for session in sessions:
        assert seats_agree(session) and in_order(session)
        assert session.capacity == max(5, session.taken)


def test_sessions_that_are_added_while_people_register_are_everybodys():
    """Publishing holds the lock of the series' activity, as a compilation does."""
    from lms.catalogue.models import Activity

    series = make_offer(sessions=1)
    people = [make_learner(f"Peserta {number}") for number in range(12)]

    @transaction.atomic
    def publish(day):
        Activity.objects.select_for_update().get(pk=series.activity_id)
        new = add_session(series, clock.now() + dt.timedelta(days=30 + day))
        time.sleep(0.02)
        seats.seat_standing_wishes(occurrence_ids=[new.pk])

    jobs = [partial(seats.register_for_series, series=series, learner=one) for one in people]
    _, errors = at_once([*jobs[:6], *(partial(publish, day) for day in range(3)), *jobs[6:]])
    assert errors == []
    for session in series.occurrences.all():
        assert Registration.objects.filter(occurrence=session, state="registered").count() == 12
        assert seats_agree(session)


def test_twenty_clicks_of_one_person_are_one_registration():
    series = make_offer(sessions=3)
    learner = make_learner()
    _, errors = at_once([partial(seats.register_for_series, series=series, learner=learner)] * 20)
    assert errors == []
    assert SeriesRegistration.objects.count() == 1
    assert Registration.objects.count() == 3
    assert progress.enrolments_of(learner.pk).count() == 1
    assert all(seats_agree(one) for one in series.occurrences.all())


def test_one_form_sent_by_twenty_clicks_makes_one_learner():
    series = make_offer(sessions=2)
    send = partial(
        register_visitor, series=series, name="Siti Aminah", email="siti@contoh.example", attempt="a" * 22
    )
    _, errors = at_once([send] * 20)
    assert errors == []
    assert (Learner.objects.count(), Address.objects.count(), Registration.objects.count()) == (1, 1, 2)


def test_twenty_forms_with_one_name_and_address_are_twenty_strangers():
    people, errors = at_once(
        partial(find_or_create_learner, name="Siti", email="siti@contoh.example", attempt=f"{number:022d}")
        for number in range(20)
    )
    assert errors == [] and len({one.pk for one in people}) == 20


def test_one_person_in_many_series_at_once_waits_for_nobody():
    """Rows that point at a learner are written before the learner is locked; the lock must not exclude them."""
    offers = [make_offer(sessions=2, title=f"Seri {number}") for number in range(8)]
    learner = make_learner()
    _, errors = at_once(
        [partial(seats.register_for_series, series=series, learner=learner) for series in offers] * 2
    )
    assert errors == []
    assert Registration.objects.filter(learner=learner, state="registered").count() == 16


def test_a_freed_seat_and_a_newcomer_never_miss_each_other():
    """Whoever joins the queue while a seat is freed gets it, or somebody who came before does."""
    for _ in range(5):
        series = make_offer(sessions=1, capacity=1)
        holder = make_learner("Pemegang")
        seats.register_for_series(series=series, learner=holder)
        place = Registration.objects.get(learner=holder, occurrence__series=series)
        people = [make_learner(f"Peserta {number}") for number in range(6)]
        jobs = [partial(seats.register_for_series, series=series, learner=one) for one in people]
        jobs.insert(3, partial(seats.cancel_registration, registration=place))
        _, errors = at_once(jobs)
        assert errors == []
        session = Occurrence.objects.get(series=series)
        assert seats_agree(session) and in_order(session) and session.taken == 1
