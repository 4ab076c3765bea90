"""Any sequence of registering, giving back and changed capacities against a queue written down in twelve lines."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.webinars.models import Registration, WebinarSeries
from lms.webinars.services import seats
from tests.seating import make_learner, make_offer, seats_agree

PEOPLE = 5
steps = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("go"), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("seats"), st.one_of(st.none(), st.integers(0, PEOPLE))),
    ),
    max_size=14,
)


class Queue:
    """The specification: a list in the order of arrival, and how many of its head may sit."""

    def __init__(self, capacity):
        self.wanted, self.seated, self.waiting = capacity, [], []

    def fill(self):
        while self.waiting and (self.wanted is None or len(self.seated) < self.wanted):
            self.seated.append(self.waiting.pop(0))

    def step(self, act, value):
        if act == "come" and value not in self.seated + self.waiting:
            self.waiting.append(value)
        elif act == "go":
            self.seated = [one for one in self.seated if one != value]
            self.waiting = [one for one in self.waiting if one != value]
        elif act == "seats":
            self.wanted = value
        self.fill()


@pytest.mark.django_db
@given(capacity=st.one_of(st.none(), st.integers(0, 3)), steps=steps)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_seats_are_the_head_of_the_queue(capacity, steps):
    with transaction.atomic():
        series = make_offer(sessions=1, capacity=capacity)
        session = series.occurrences.get()
        people = [make_learner(f"Peserta {number}") for number in range(PEOPLE)]
        queue = Queue(capacity)
        for act, value in steps:
            queue.step(act, value)
            if act == "come":
                seats.register_for_occurrence(occurrence=session, learner=people[value])
            elif act == "go":
                for row in Registration.objects.filter(learner=people[value]):
                    seats.cancel_registration(registration=row)
            else:
                WebinarSeries.objects.filter(pk=series.pk).update(capacity=value)
                seats.set_capacity(occurrence_ids=[session.pk], capacity=value)
            rows = Registration.objects.filter(occurrence=session)
            seated = set(rows.filter(state="registered").values_list("learner_id", flat=True))
            waiting = rows.filter(state="waitlisted").order_by("queued_at", "pk")
            assert seated == {people[one].pk for one in queue.seated}
            assert list(waiting.values_list("learner_id", flat=True)) == [
                people[one].pk for one in queue.waiting
            ]
            assert seats_agree(session)
        transaction.set_rollback(True)
