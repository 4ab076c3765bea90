"""Seats: standing wishes, places at sessions, the queue."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lms import signals
from lms.core import clock
from lms.core.exceptions import Closed, KelasError
from lms.people.models import Partner
from lms.progress import queries as progress
from lms.progress.services import Statement, record
from lms.webinars.models import Occurrence, Registration, SeriesRegistration
from lms.webinars.services import places, seats
from tests.seating import add_session, make_learner, make_offer, seats_agree, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def news():
    """Everything that is told about registrations, in order."""
    heard = []

    def changed(sender, registration_ids, reason, whole_series, **kwargs):
        heard.append((reason, len(registration_ids), whole_series))

    def registered(sender, series_registration_id, registration_ids, **kwargs):
        heard.append(("series_registered", len(registration_ids)))

    def left(sender, series_registration_id, registration_ids, **kwargs):
        heard.append(("series_left", len(registration_ids)))

    pairs = [
        (signals.registration_changed, changed),
        (signals.series_registered, registered),
        (signals.series_left, left),
    ]
    for signal, receiver in pairs:
        signal.connect(receiver)
    yield heard
    for signal, receiver in pairs:
        signal.disconnect(receiver)


def test_registering_for_a_series_takes_a_seat_at_every_session_to_come(news):
    series = make_offer(sessions=3)
    past = add_session(series, clock.now() - dt.timedelta(days=3))
    off = add_session(series, clock.now() + dt.timedelta(days=40), status="cancelled")
    learner = make_learner()
    partner = Partner.objects.create(name="Bank Contoh", slug="bank")
    wish = seats.register_for_series(series=series, learner=learner, partner=partner)
    assert wish.partner == partner and wish.revision == 1
    assert Registration.objects.filter(learner=learner, state="registered").count() == 3
    assert not Registration.objects.filter(occurrence__in=[past, off]).exists()
    assert progress.standing(learner_id=learner.pk, activity_id=series.activity_id) is not None
    assert news == [("series_registered", 3), ("registered", 3, True)]


def test_a_session_that_is_on_right_now_still_takes_people():
    series = make_offer(sessions=1, first=clock.now() - dt.timedelta(minutes=10))
    seats.register_for_series(series=series, learner=make_learner())
    assert states(series.occurrences.get()) == [("Siti Aminah", "registered")]


def test_registering_twice_changes_nothing(news):
    series = make_offer()
    learner = make_learner()
    first = seats.register_for_series(series=series, learner=learner)
    before = list(Registration.objects.order_by("pk").values())
    news.clear()
    second = seats.register_for_series(series=series, learner=learner)
    assert second.pk == first.pk and second.revision == 1
    assert list(Registration.objects.order_by("pk").values()) == before
    assert news == []


def test_who_comes_too_late_waits_in_order(news):
    series = make_offer(sessions=1, capacity=2)
    session = series.occurrences.get()
    for name in ("Ani", "Budi", "Citra", "Dewi"):
        seats.register_for_series(series=series, learner=make_learner(name))
    assert states(session) == [
        ("Ani", "registered"),
        ("Budi", "registered"),
        ("Citra", "waitlisted"),
        ("Dewi", "waitlisted"),
    ]
    assert seats_agree(session)
    assert news[-1] == ("waitlisted", 1, True)


def test_a_freed_seat_goes_to_the_first_in_the_queue(news):
    series = make_offer(sessions=1, capacity=1)
    session = series.occurrences.get()
    for name in ("Ani", "Budi", "Citra"):
        seats.register_for_series(series=series, learner=make_learner(name))
    news.clear()
    assert seats.cancel_registration(registration=Registration.objects.get(learner__name="Ani"))
    assert news == [("cancelled", 1, False), ("promoted", 1, False)]
    assert dict(states(session)) == {"Ani": "cancelled", "Budi": "registered", "Citra": "waitlisted"}
    assert seats_agree(session)


def test_giving_back_twice_frees_one_seat(news):
    series = make_offer(sessions=1, capacity=1)
    for name in ("Ani", "Budi", "Citra"):
        seats.register_for_series(series=series, learner=make_learner(name))
    registration = Registration.objects.get(learner__name="Ani")
    assert seats.cancel_registration(registration=registration)
    news.clear()
    assert not seats.cancel_registration(registration=registration)
    assert news == []
    assert dict(states(series.occurrences.get()))["Citra"] == "waitlisted"


def test_who_leaves_the_queue_frees_no_seat():
    series = make_offer(sessions=1, capacity=1)
    for name in ("Ani", "Budi", "Citra"):
        seats.register_for_series(series=series, learner=make_learner(name))
    seats.cancel_registration(registration=Registration.objects.get(learner__name="Budi"))
    assert dict(states(series.occurrences.get())) == {
        "Ani": "registered",
        "Budi": "cancelled",
        "Citra": "waitlisted",
    }
    assert seats_agree(series.occurrences.get())


def test_coming_back_means_the_end_of_the_queue():
    series = make_offer(sessions=1, capacity=1)
    session = series.occurrences.get()
    ani = make_learner("Ani")
    seats.register_for_series(series=series, learner=ani)
    seats.register_for_series(series=series, learner=make_learner("Budi"))
    seats.cancel_registration(registration=Registration.objects.get(learner=ani))
    back = seats.register_for_occurrence(occurrence=session, learner=ani)
    assert back.state == "waitlisted" and back.revision == 2
    assert states(session) == [("Budi", "registered"), ("Ani", "waitlisted")]


def test_a_session_given_back_by_itself_stays_so_when_the_form_is_sent_again():
    series = make_offer()
    learner = make_learner()
    seats.register_for_series(series=series, learner=learner)
    given_back = Registration.objects.filter(learner=learner).first()
    seats.cancel_registration(registration=given_back)
    seats.register_for_series(series=series, learner=learner)
    given_back.refresh_from_db()
    assert given_back.state == "cancelled"


def test_a_wish_taken_back_and_renewed_takes_every_session_again(news):
    series = make_offer()
    learner = make_learner()
    wish = seats.register_for_series(series=series, learner=learner)
    seats.cancel_registration(registration=Registration.objects.filter(learner=learner).first())
    news.clear()
    assert seats.cancel_series_registration(series_registration=wish)
    assert news == [("cancelled", 2, True), ("series_left", 2)]
    assert not seats.cancel_series_registration(series_registration=wish)
    news.clear()
    renewed = seats.register_for_series(series=series, learner=learner)
    assert (renewed.pk, renewed.revision, renewed.cancelled_at) == (wish.pk, 2, None)
    assert Registration.objects.filter(learner=learner, state="registered", revision=2).count() == 3
    assert news == [("series_registered", 3), ("registered", 3, True)]


def test_leaving_a_series_before_it_began_ends_the_enrolment():
    series = make_offer()
    learner = make_learner()
    wish = seats.register_for_series(series=series, learner=learner)
    seats.cancel_series_registration(series_registration=wish)
    assert progress.enrolments_of(learner.pk).get().state == "withdrawn"
    seats.register_for_series(series=series, learner=learner)
    assert progress.enrolments_of(learner.pk).get().state == "active"


def test_leaving_a_series_keeps_what_was_attended(monkeypatch):
    series = make_offer(sessions=3, needed=1)
    learner = make_learner()
    wish = seats.register_for_series(series=series, learner=learner)
    first = series.occurrences.first()
    later = first.ends_at + dt.timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    record(
        [
            Statement(
                cause="attended:1",
                learner_id=learner.pk,
                activity_id=first.activity_id,
                verb="attended",
                occurred_at=first.ends_at,
                reason="attendance.report",
                duration_seconds=5400,
            )
        ]
    )
    seats.cancel_series_registration(series_registration=wish)
    assert progress.is_completed(learner_id=learner.pk, activity_id=series.activity_id, run=1)
    kept = Registration.objects.get(learner=learner, occurrence=first)
    assert kept.state == "registered", "the past is never touched"


def test_more_seats_move_the_queue_up_and_fewer_turn_nobody_away(news):
    series = make_offer(sessions=1, capacity=1)
    session = series.occurrences.get()
    for name in ("Ani", "Budi", "Citra", "Dewi"):
        seats.register_for_series(series=series, learner=make_learner(name))
    news.clear()
    series.capacity = 3
    series.save()
    assert seats.set_capacity(occurrence_ids=[session.pk], capacity=3) == 1
    assert news == [("promoted", 2, False)]
    assert dict(states(session))["Dewi"] == "waitlisted"
    series.capacity = 1
    series.save()
    seats.set_capacity(occurrence_ids=[session.pk], capacity=1)
    session.refresh_from_db()
    assert (session.capacity, session.taken) == (3, 3)
    assert seats.set_capacity(occurrence_ids=[session.pk], capacity=1) == 0, "again, nothing changes"
    seats.cancel_registration(registration=Registration.objects.get(learner__name="Ani"))
    session.refresh_from_db()
    assert (session.capacity, session.taken) == (2, 2), "a surplus seat is closed when it is freed"
    assert dict(states(session))["Dewi"] == "waitlisted"


def test_no_limit_lets_everybody_in():
    series = make_offer(sessions=1, capacity=1)
    session = series.occurrences.get()
    for name in ("Ani", "Budi", "Citra"):
        seats.register_for_series(series=series, learner=make_learner(name))
    seats.set_capacity(occurrence_ids=[session.pk], capacity=None)
    assert {state for _, state in states(session)} == {"registered"}
    assert seats_agree(session)


def test_a_seat_that_was_left_free_goes_to_who_waits_before_who_comes():
    series = make_offer(sessions=1, capacity=1)
    session = series.occurrences.get()
    for name in ("Ani", "Budi"):
        seats.register_for_series(series=series, learner=make_learner(name))
    Occurrence.objects.filter(pk=session.pk).update(capacity=2)  # as if somebody forgot to promote
    seats.register_for_series(series=series, learner=make_learner("Citra"))
    assert dict(states(session)) == {"Ani": "registered", "Budi": "registered", "Citra": "waitlisted"}


def test_promote_does_nothing_to_a_session_that_is_cancelled_or_over():
    series = make_offer(sessions=1, capacity=1)
    session = series.occurrences.get()
    for name in ("Ani", "Budi"):
        seats.register_for_series(series=series, learner=make_learner(name))
    Occurrence.objects.filter(pk=session.pk).update(capacity=2, status="cancelled")
    assert seats.promote(occurrence=session) == []
    long_ago = clock.now() - dt.timedelta(days=9)
    Occurrence.objects.filter(pk=session.pk).update(
        status="scheduled", starts_at=long_ago, ends_at=long_ago + dt.timedelta(hours=1)
    )
    assert seats.promote(occurrence=session) == []


def test_new_sessions_are_given_to_standing_wishes_first_come_first_served(news):
    series = make_offer(sessions=1, capacity=2)
    for name in ("Ani", "Budi", "Citra"):
        seats.register_for_series(series=series, learner=make_learner(name))
    gone = seats.register_for_series(series=series, learner=make_learner("Gita"))
    seats.cancel_series_registration(series_registration=gone)
    news.clear()
    new = [add_session(series, clock.now() + dt.timedelta(days=60 + day)) for day in range(2)]
    assert seats.seat_standing_wishes(occurrence_ids=[one.pk for one in new]) == 6
    for one in new:
        assert states(one) == [("Ani", "registered"), ("Budi", "registered"), ("Citra", "waitlisted")]
        assert seats_agree(one)
    assert news == [("registered", 2, False), ("waitlisted", 1, False)] * 2
    assert seats.seat_standing_wishes(occurrence_ids=[one.pk for one in new]) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "cancelled"}, "cancelled"),
        ({"starts_at": dt.timedelta(days=-3), "ends_at": dt.timedelta(days=-2)}, "over"),
    ],
)
def test_one_session_that_is_closed_says_why(change, words):
    series = make_offer(sessions=1)
    session = series.occurrences.get()
    values = {
        key: clock.now() + value if isinstance(value, dt.timedelta) else value
        for key, value in change.items()
    }
    Occurrence.objects.filter(pk=session.pk).update(**values)
    with pytest.raises(Closed, match=words):
        seats.register_for_occurrence(occurrence=session, learner=make_learner())
    assert not Registration.objects.exists()


def test_a_series_that_is_over_or_unpublished_says_so_and_leaves_no_trace():
    over = make_offer(sessions=1, first=clock.now() - dt.timedelta(days=9))
    unpublished = make_offer(live=False, public=False)
    for series, words in ((over, "over"), (unpublished, "no longer offered")):
        with pytest.raises(Closed, match=words):
            seats.register_for_series(series=series, learner=make_learner())
    assert not SeriesRegistration.objects.exists()
    with pytest.raises(Closed, match="no longer offered"):
        seats.register_for_occurrence(occurrence=unpublished.occurrences.first(), learner=make_learner())


def test_somebody_can_leave_a_series_that_was_unpublished():
    series = make_offer()
    wish = seats.register_for_series(series=series, learner=make_learner())
    series.activity.live = series.activity.public = False
    series.activity.save()
    assert seats.cancel_series_registration(series_registration=wish)


def test_a_place_at_a_session_that_is_over_cannot_be_given_back():
    series = make_offer(sessions=1)
    seats.register_for_series(series=series, learner=make_learner())
    series.occurrences.update(
        starts_at=clock.now() - dt.timedelta(hours=3), ends_at=clock.now() - dt.timedelta(hours=1)
    )
    with pytest.raises(Closed, match="over"):
        seats.cancel_registration(registration=Registration.objects.get())


def test_a_merged_learner_is_stood_for_by_the_other():
    series = make_offer(sessions=1)
    keeper = make_learner("Siti")
    merged = make_learner("Siti lama", canonical=keeper)
    seats.register_for_series(series=series, learner=merged)
    assert Registration.objects.get().learner == keeper


def test_the_database_itself_refuses_one_seat_too_many():
    series = make_offer(sessions=1, capacity=1)
    session = series.occurrences.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.filter(pk=session.pk).update(taken=2)
    with pytest.raises(KelasError, match="faster"):
        places.occupy([session.pk], 2)
    session.refresh_from_db()
    assert session.taken == 0


def test_as_many_queries_for_2_sessions_as_for_40():
    """Registering for a series and leaving it costs as many statements for 40 sessions as for 2."""

    def statements(sessions):
        series = make_offer(sessions=sessions, every=dt.timedelta(days=1), capacity=5)
        learner = make_learner()
        with CaptureQueriesContext(connection) as captured:
            wish = seats.register_for_series(series=series, learner=learner)
            seats.cancel_series_registration(series_registration=wish)
        return [query["sql"] for query in captured]

    few, many = statements(2), statements(40)
    assert len(few) == len(many), "\n".join(sql[:160] for sql in [*few, "---", *many])


def test_join_links_of_a_learner_can_be_revoked():
    series = make_offer(sessions=2)
    learner, other = make_learner("Ani"), make_learner("Budi")
    for each in (learner, other):
        seats.register_for_series(series=series, learner=each)
    assert seats.revoke_join_links(learner=learner) == 2
    assert set(Registration.objects.filter(learner=learner).values_list("link_version", flat=True)) == {2}
    assert set(Registration.objects.filter(learner=other).values_list("link_version", flat=True)) == {1}
