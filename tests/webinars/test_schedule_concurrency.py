"""Publishing, deciding and registering at the same time: nothing is done twice, nobody waits for ever.

Runs on SQLite, and on PostgreSQL with LMS_TEST_POSTGRES=1.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Count, Q

from lms.catalogue.compile import compile_all, compile_safely
from lms.core import clock
from lms.core.exceptions import Closed
from lms.pages.models import WebinarSeriesPage
from lms.people.models import Learner
from lms.webinars.models import Occurrence, Registration, ScheduleChange, WebinarSeries
from lms.webinars.services.schedule import cancel_occurrence, confirm_change, dismiss_change, move_occurrence
from lms.webinars.services.seats import register_for_series

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _content_types():
    ContentType.objects.clear_cache()
    yield
    ContentType.objects.clear_cache()


@pytest.fixture
def series_page(make_series):
    start = clock.now().date() + dt.timedelta(days=30)
    return make_series(start_date=start, recurrence="RRULE:FREQ=WEEKLY;COUNT=4", capacity=20)


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run jobs in threads that start together; return what each returned or raised."""
    start, found = threading.Barrier(len(jobs)), [None] * len(jobs)

    def work(place: int, job: Callable[[], object]) -> None:
        try:
            start.wait()
            found[place] = job()
        except Exception as error:  # what a thread raises is for the test to judge
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def waiting_move(page) -> ScheduleChange:
    occurrence = Occurrence.objects.order_by("starts_at").first()
    Registration.objects.create(
        occurrence=occurrence,
        learner=Learner.objects.create(name="Wati"),
        state=Registration.State.REGISTERED,
        queued_at=clock.now(),
    )
    Occurrence.objects.filter(pk=occurrence.pk).update(taken=1)
    page.start_time = dt.time(8)
    page.save_revision().publish()
    return ScheduleChange.objects.get()


def test_confirming_many_times_at_once_moves_once(series_page):
    change = waiting_move(series_page)
    found = at_once(*[lambda: confirm_change(change=change, user=None)] * 8)
    assert not [each for each in found if isinstance(each, Exception)]
    assert change.occurrence.sequence == 0
    change.occurrence.refresh_from_db()
    assert change.occurrence.sequence == 1


def test_of_confirm_and_dismiss_exactly_one_wins(series_page):
    change = waiting_move(series_page)
    found = at_once(
        *[lambda: confirm_change(change=change, user=None), lambda: dismiss_change(change=change, user=None)]
        * 4
    )
    refused = [each for each in found if isinstance(each, Exception)]
    assert len(refused) == 4
    assert all(isinstance(each, Closed) for each in refused), refused
    change.refresh_from_db()
    change.occurrence.refresh_from_db()
    assert change.occurrence.sequence == (1 if change.state == ScheduleChange.State.CONFIRMED else 0)


def test_cancelling_and_moving_at_once_leaves_one_history(series_page):
    occurrence = Occurrence.objects.order_by("starts_at").first()
    later = occurrence.starts_at + dt.timedelta(hours=3)
    found = at_once(
        *[
            lambda: cancel_occurrence(occurrence=occurrence, user=None),
            lambda: move_occurrence(
                occurrence=occurrence, starts_at=later, ends_at=later + dt.timedelta(hours=1), user=None
            ),
        ]
        * 3
    )
    assert all(isinstance(each, (Closed, Occurrence)) for each in found), found
    occurrence.refresh_from_db()
    assert occurrence.status == Occurrence.Status.CANCELLED
    assert occurrence.sequence == ScheduleChange.objects.filter(state="confirmed").count()


def test_publishing_while_people_register(series_page):
    series = WebinarSeries.objects.get()
    learners = [Learner.objects.create(name=f"Peserta {number}") for number in range(12)]

    def publish(hour: int, count: int) -> None:
        page = WebinarSeriesPage.objects.get(pk=series_page.pk)
        page.start_time = dt.time(hour)
        page.recurrence = f"RRULE:FREQ=WEEKLY;COUNT={count}"
        page.save(clean=False)
        assert not compile_safely(page.translation_key).error

    found = at_once(
        *[
            lambda learner=learner: register_for_series(series=series, learner=learner)
            for learner in learners
        ],
        lambda: publish(7, 5),
        lambda: publish(8, 6),
    )
    assert not [each for each in found if isinstance(each, Exception)], found
    list(compile_all())
    assert not [done for _, done in compile_all() if done.changes or done.error]
    seated = Count("registrations", filter=Q(registrations__state=Registration.State.REGISTERED))
    for one in Occurrence.objects.annotate(seated=seated).order_by("starts_at"):
        assert one.taken == one.seated
        if one.status == Occurrence.Status.SCHEDULED:
            assert one.registrations.count() == 12, "Everybody wants every session, also the added ones."
        if (one.starts_at, one.ends_at) != (one.slot_starts_at, one.slot_ends_at):
            assert one.changes.filter(state=ScheduleChange.State.PROPOSED).exists()
