"""What people decide: move, cancel, confirm, dismiss. Each once, each kept, none silently."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from lms import signals
from lms.catalogue.compile import compile_all
from lms.catalogue.models import Activity
from lms.core.exceptions import Closed, KelasError
from lms.pages.models import WebinarSeriesPage
from lms.people.models import Learner
from lms.webinars.models import Attendance, Occurrence, Registration, ScheduleChange
from lms.webinars.services.schedule import (
    cancel_occurrence,
    confirm_change,
    confirm_changes,
    dismiss_change,
    move_occurrence,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2027, 2, 20, 12, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
State = ScheduleChange.State
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def now(monkeypatch):
    """It is 20 February 2027 unless a test says otherwise; returns the function that says so."""

    def set_now(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_now(NOW)
    return set_now


@pytest.fixture
def publish(now, make_series, django_capture_on_commit_callbacks):
    def publish(page=None, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            if page is None:
                return make_series(**fields)
            page = WebinarSeriesPage.objects.get(pk=page.pk)
            for name, value in fields.items():
                setattr(page, name, value)
            page.save_revision().publish()
        return page

    return publish


@pytest.fixture
def series_page(publish):
    return publish()


@pytest.fixture
def sari(db):
    return get_user_model().objects.create_user("sari", email="sari@academy.example")


@pytest.fixture
def news(series_page):
    heard = []

    def hear(sender, occurrence_ids, significant, **kwargs):
        heard.append((list(occurrence_ids), list(significant)))

    signals.occurrences_changed.connect(hear)
    yield heard
    signals.occurrences_changed.disconnect(hear)


def first():
    return Occurrence.objects.order_by("original_date", "ordinal").first()


def seat(occurrence):
    return Registration.objects.create(
        occurrence=occurrence,
        learner=Learner.objects.create(name="Wati"),
        state=Registration.State.REGISTERED,
        queued_at=NOW,
    )


def proposed_move(publish, page):
    """A session with one seat that the published rule wants an hour later."""
    registration = seat(first())
    publish(page, start_time=dt.time(7))
    return ScheduleChange.objects.get(), registration


def proposed_cancellation(publish, page):
    registration = seat(first())
    publish(page, recurrence="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8\nEXDATE:20270302")
    return ScheduleChange.objects.get(), registration


def nothing_left():
    return sum(done.changes for _, done in compile_all()) == 0


def test_confirming_a_move_moves_once_and_keeps_the_people(publish, series_page, sari, news, now):
    change, registration = proposed_move(publish, series_page)
    before = first()
    news.clear()
    now(LATER)
    confirm_change(change=change, user=sari)
    after = first()
    assert after.starts_at == before.starts_at + HOUR
    assert (after.sequence, after.revised_at, after.uid) == (1, LATER, before.uid)
    assert news == [([after.pk], [after.pk])]
    change.refresh_from_db()
    assert (change.state, change.decided_by, change.decided_at) == (State.CONFIRMED, sari, LATER)
    registration.refresh_from_db()
    assert (registration.occurrence_id, registration.state) == (after.pk, Registration.State.REGISTERED)
    confirm_change(change=change, user=sari)
    assert first().sequence == 1
    assert len(news) == 1
    assert nothing_left()


def test_confirming_many_is_one_piece_of_news_and_one_outline(publish, series_page, sari, news, now):
    for occurrence in Occurrence.objects.order_by("starts_at")[:3]:
        seat(occurrence)
    publish(series_page, start_time=dt.time(7), duration_minutes=60)
    changes = list(ScheduleChange.objects.select_related("occurrence"))
    versions = Activity.objects.get(kind="webinar_series").outline_versions
    before = versions.count()
    news.clear()
    now(changes[0].occurrence.starts_at)  # the first one is on by now
    refused = confirm_changes(changes=changes, user=sari)
    assert list(refused) == [changes[0].pk]
    ids = [changes[1].occurrence_id, changes[2].occurrence_id]
    assert news == [(ids, ids)]
    assert versions.count() == before + 1
    assert confirm_changes(changes=changes[1:], user=sari) == {}
    assert len(news) == 1
    assert nothing_left()


def test_confirming_a_cancellation_frees_nobody_silently(publish, series_page, sari, news):
    change, registration = proposed_cancellation(publish, series_page)
    news.clear()
    confirm_change(change=change, user=sari)
    cancelled = first()
    assert (cancelled.status, cancelled.sequence) == (Occurrence.Status.CANCELLED, 1)
    registration.refresh_from_db()
    assert registration.state == Registration.State.REGISTERED, "They are told; their row says whom to tell."
    assert news == [([cancelled.pk], [cancelled.pk])]
    outline = Activity.objects.get(kind="webinar_series").outline_versions.get(ended_at=None)
    assert cancelled.activity_id not in outline.items.values_list("activity_id", flat=True)
    assert nothing_left()


def test_dismissing_keeps_the_session_and_the_same_change_does_not_come_again(
    publish, series_page, sari, news
):
    change, _ = proposed_move(publish, series_page)
    before = first()
    news.clear()
    dismiss_change(change=change, user=sari)
    dismiss_change(change=change, user=sari)
    assert first().starts_at == before.starts_at
    assert news == []
    publish(series_page)
    assert nothing_left()
    assert ScheduleChange.objects.get().state == State.DISMISSED
    publish(series_page, start_time=dt.time(8))
    assert ScheduleChange.objects.filter(state=State.PROPOSED).count() == 1


def test_what_was_decided_cannot_be_decided_otherwise(publish, series_page, sari):
    change, _ = proposed_move(publish, series_page)
    dismiss_change(change=change, user=sari)
    with pytest.raises(Closed, match="already decided"):
        confirm_change(change=change, user=sari)
    publish(series_page, start_time=dt.time(8))
    second = ScheduleChange.objects.get(state=State.PROPOSED)
    confirm_change(change=second, user=sari)
    with pytest.raises(Closed, match="already decided"):
        dismiss_change(change=second, user=sari)


def test_an_obsolete_change_cannot_be_confirmed_from_an_old_screen(publish, series_page, sari):
    change, _ = proposed_move(publish, series_page)
    publish(series_page, start_time=dt.time(6))
    with pytest.raises(Closed, match="no longer wanted"):
        confirm_change(change=change, user=sari)
    assert first().sequence == 0


def test_a_change_of_a_session_that_has_begun_comes_too_late(publish, series_page, sari, now):
    change, _ = proposed_cancellation(publish, series_page)
    now(first().starts_at)
    with pytest.raises(Closed, match="too late"):
        confirm_change(change=change, user=sari)
    assert first().status == Occurrence.Status.SCHEDULED


def test_cancelling_once_is_for_ever(publish, series_page, sari, news):
    news.clear()
    occurrence = cancel_occurrence(occurrence=first(), user=sari)
    cancel_occurrence(occurrence=occurrence, user=sari)
    assert (occurrence.status, first().sequence) == (Occurrence.Status.CANCELLED, 1)
    assert news == [([occurrence.pk], [occurrence.pk])]
    kept = ScheduleChange.objects.get()
    assert (kept.kind, kept.state, kept.decided_by) == ("cancel", State.CONFIRMED, sari)
    for fields in (
        {"start_time": dt.time(9)},
        {"recurrence": "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=8"},
        {"recurrence": "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8"},
    ):
        publish(series_page, **fields)
        on_date = Occurrence.objects.filter(original_date=occurrence.original_date)
        assert [one.status for one in on_date] == [Occurrence.Status.CANCELLED]


def test_cancelling_decides_a_waiting_proposal(publish, series_page, sari):
    change, _ = proposed_move(publish, series_page)
    cancel_occurrence(occurrence=first(), user=sari)
    change.refresh_from_db()
    assert change.state == State.OBSOLETE


def test_cancelling_what_is_proposed_to_be_cancelled_confirms_it(publish, series_page, sari):
    change, _ = proposed_cancellation(publish, series_page)
    cancel_occurrence(occurrence=first(), user=sari)
    change.refresh_from_db()
    assert (change.state, change.decided_by) == (State.CONFIRMED, sari)
    assert ScheduleChange.objects.count() == 1


def test_a_past_session_that_nobody_attended_can_be_cancelled_and_nobody_is_told(
    series_page, sari, now, news
):
    now(first().ends_at + HOUR)
    news.clear()
    assert cancel_occurrence(occurrence=first(), user=sari).status == Occurrence.Status.CANCELLED
    assert news == [([first().pk], [])]


def test_a_session_that_people_attended_took_place(series_page, sari, now):
    occurrence = first()
    now(occurrence.ends_at + HOUR)
    Attendance.objects.create(
        occurrence=occurrence, learner=Learner.objects.create(name="Wati"), seconds=60, window_seconds=5400
    )
    with pytest.raises(Closed, match="took place"):
        cancel_occurrence(occurrence=occurrence, user=sari)
    assert first().status == Occurrence.Status.SCHEDULED


def test_moving_keeps_identity_people_and_uid(series_page, sari, news, now):
    before = first()
    registration = seat(before)
    news.clear()
    now(LATER)
    starts_at = before.starts_at + dt.timedelta(days=1, hours=13)
    moved = move_occurrence(occurrence=before, starts_at=starts_at, ends_at=starts_at + 2 * HOUR, user=sari)
    assert (moved.starts_at, moved.ends_at) == (starts_at, starts_at + 2 * HOUR)
    assert (moved.original_date, moved.ordinal, moved.uid) == (before.original_date, 0, before.uid)
    assert (moved.sequence, moved.revised_at) == (1, LATER)
    assert news == [([moved.pk], [moved.pk])]
    registration.refresh_from_db()
    assert registration.occurrence_id == moved.pk
    move_occurrence(occurrence=moved, starts_at=starts_at, ends_at=starts_at + 2 * HOUR, user=sari)
    assert first().sequence == 1
    moved.activity.refresh_from_db()
    assert moved.activity.title.endswith("2027-03-03")
    outline = Activity.objects.get(kind="webinar_series").outline_versions.get(ended_at=None)
    assert outline.items.get(activity=moved.activity).rule == {"min_seconds": 5040}
    assert nothing_left()


def test_publishing_again_does_not_move_it_back(publish, series_page, sari):
    starts_at = first().starts_at + dt.timedelta(days=1)
    move_occurrence(occurrence=first(), starts_at=starts_at, ends_at=starts_at + HOUR, user=sari)
    publish(series_page)
    publish(series_page, title="Judul lain")
    assert first().starts_at == starts_at
    publish(series_page, start_time=dt.time(7))
    assert first().starts_at == starts_at
    assert ScheduleChange.objects.get(state=State.PROPOSED).new_starts_at == (
        starts_at - dt.timedelta(days=1) + HOUR
    )


def test_moving_to_what_is_proposed_confirms_it_and_elsewhere_dismisses_it(publish, series_page, sari):
    change, _ = proposed_move(publish, series_page)
    move_occurrence(occurrence=first(), starts_at=change.new_starts_at, ends_at=change.new_ends_at, user=sari)
    change.refresh_from_db()
    assert change.state == State.CONFIRMED
    publish(series_page, start_time=dt.time(8))
    other = ScheduleChange.objects.get(state=State.PROPOSED)
    starts_at = first().starts_at + dt.timedelta(days=2)
    move_occurrence(occurrence=first(), starts_at=starts_at, ends_at=starts_at + HOUR, user=sari)
    other.refresh_from_db()
    assert other.state == State.DISMISSED


@pytest.mark.parametrize(
    "start, length, code",
    [
        (-dt.timedelta(days=60), HOUR, "in-the-past"),
        (HOUR, -HOUR, "ends-before-start"),
        (HOUR, dt.timedelta(0), "ends-before-start"),
        (HOUR, dt.timedelta(hours=25), "too-long"),
    ],
)
def test_times_that_cannot_be_are_refused_in_words(series_page, sari, start, length, code):
    starts_at = first().starts_at + start
    with pytest.raises(KelasError) as refused:
        move_occurrence(occurrence=first(), starts_at=starts_at, ends_at=starts_at + length, user=sari)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")
    assert first().sequence == 0


def test_neither_a_cancelled_session_nor_one_that_has_begun_is_moved(series_page, sari, now):
    starts_at = first().starts_at + dt.timedelta(days=1)
    now(first().starts_at)
    with pytest.raises(Closed, match="already begun"):
        move_occurrence(occurrence=first(), starts_at=starts_at, ends_at=starts_at + HOUR, user=sari)
    now(NOW)
    cancel_occurrence(occurrence=first(), user=sari)
    with pytest.raises(Closed, match="cancelled"):
        move_occurrence(occurrence=first(), starts_at=starts_at, ends_at=starts_at + HOUR, user=sari)


def test_a_failure_leaves_nothing_half_done(series_page, sari, news):
    def refuse(sender, **kwargs):
        raise RuntimeError("The last receiver failed.")

    signals.occurrences_changed.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            cancel_occurrence(occurrence=first(), user=sari)
    finally:
        signals.occurrences_changed.disconnect(refuse)
    assert first().status == Occurrence.Status.SCHEDULED
    assert not ScheduleChange.objects.exists()
