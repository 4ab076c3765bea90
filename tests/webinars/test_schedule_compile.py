"""From a published page to sessions: what is written, what stays, what is only proposed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from lms import signals
from lms.catalogue.compile import compile_activity, compile_all
from lms.catalogue.models import Activity
from lms.core import clock
from lms.pages.models import CoursePage, WebinarSeriesPage
from lms.people.models import Learner
from lms.webinars.models import (
    Occurrence,
    Registration,
    ScheduleChange,
    SeriesRegistration,
    WebinarSeries,
)
from lms.webinars.recurrence import normalise

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2027, 2, 20, 12, 0, tzinfo=dt.UTC)
State = ScheduleChange.State


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """It is 20 February 2027 unless a test says otherwise; returns the function that says so."""

    def set_now(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_now(NOW)
    return set_now


@pytest.fixture
def publish(make_series, django_capture_on_commit_callbacks):
    """Make and publish a series, or publish an edited one again; return its page."""

    def publish(page=None, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            if page is None:
                page = make_series(**fields)
            else:
                page = WebinarSeriesPage.objects.get(pk=page.pk)
                for name, value in fields.items():
                    setattr(page, name, value)
                page.save_revision().publish()
        return WebinarSeriesPage.objects.get(pk=page.pk)

    return publish


@pytest.fixture
def news():
    """What ``occurrences_changed`` said, in order."""
    heard = []

    def hear(sender, occurrence_ids, significant, **kwargs):
        heard.append((list(occurrence_ids), list(significant)))

    signals.occurrences_changed.connect(hear)
    yield heard
    signals.occurrences_changed.disconnect(hear)


def seat(occurrence, name="Sari", state=Registration.State.REGISTERED):
    learner = Learner.objects.create(name=name)
    return Registration.objects.create(
        occurrence=occurrence, learner=learner, state=state, queued_at=clock.now()
    )


def occurrences(**lookup):
    return list(Occurrence.objects.filter(**lookup).order_by("original_date", "ordinal"))


def row(occurrence):
    return Occurrence.objects.filter(pk=occurrence.pk).values().get()


def nothing_left():
    return sum(done.changes for _, done in compile_all()) == 0


# ── the first publication ────────────────────────────────────────────────────────────────────────────────────────


def test_publishing_makes_the_sessions_of_the_rule(publish):
    publish(recurrence="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8\nEXDATE:20270330")
    sessions = occurrences()
    assert [one.original_date for one in sessions] == [
        dt.date(2027, 3, 2) + dt.timedelta(weeks=week) for week in (0, 1, 2, 3, 5, 6, 7)
    ]
    jakarta = ZoneInfo("Asia/Jakarta")
    assert {one.starts_at.astimezone(jakarta).time() for one in sessions} == {dt.time(6, 0)}
    assert {one.ends_at - one.starts_at for one in sessions} == {dt.timedelta(minutes=90)}
    assert {one.sequence for one in sessions} == {0}
    assert {one.revised_at for one in sessions} == {NOW}
    assert len({one.uid for one in sessions}) == 7


def test_a_draft_makes_nothing(publish):
    publish(publish=False)
    assert not Occurrence.objects.exists()
    assert not WebinarSeries.objects.exists()


def test_a_series_without_a_rule_is_one_session(publish):
    publish(recurrence="", start_date=dt.date(2027, 8, 16))
    (only,) = occurrences()
    assert only.original_date == dt.date(2027, 8, 16)


def test_the_series_repeats_what_the_page_says(publish):
    publish(capacity=40, needed=5, attend_percent=80, zone="Asia/Makassar")
    series = WebinarSeries.objects.get()
    assert (series.capacity, series.needed, series.attend_percent) == (40, 5, 80)
    assert (series.zone, series.start_time) == ("Asia/Makassar", dt.time(6))
    assert series.rule == normalise("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8")
    assert series.join_url == "https://meet.example/rahasia-123"
    assert series.organiser_email == "halo@academy.example"
    assert {one.capacity for one in occurrences()} == {40}


def test_each_session_is_an_activity_in_step_with_its_series(publish):
    publish()
    series = Activity.objects.get(kind="webinar_series")
    session = Activity.objects.filter(kind="occurrence").order_by("title").first()
    assert session.title == "Jualan lewat WhatsApp · 2027-03-02"
    assert (session.live, session.public, session.site) == (True, True, series.site)
    assert session.translation_key is None


def test_a_long_title_still_fits(publish):
    publish(title="x" * 255, slug="panjang")
    assert {len(one.activity.title) for one in occurrences()} == {255}
    assert occurrences()[0].activity.title.endswith("x · 2027-03-02")


def test_the_outline_asks_for_presence_at_every_session(publish):
    publish(attend_percent=70, needed=6)
    version = Activity.objects.get(kind="webinar_series").outline_versions.get()
    items = list(version.items.select_related("activity__occurrence"))
    assert version.rules == {"needed": 6}
    assert [item.activity.occurrence for item in items] == occurrences()
    assert {item.rule["min_seconds"] for item in items} == {3780}


def test_the_series_stands_in_the_outline_of_its_course(publish, home, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        course = Page.objects.get(pk=home.pk).add_child(instance=CoursePage(title="Kursus"))
    publish(parent=Page.objects.get(pk=course.pk))
    outline = Activity.objects.get(kind="course").outline_versions.get(ended_at=None)
    assert [item.activity.kind for item in outline.items.all()] == ["webinar_series"]


def test_a_series_that_has_begun_keeps_its_past_sessions(publish, now):
    now(dt.datetime(2027, 3, 12, tzinfo=dt.UTC))
    publish()
    assert len(occurrences()) == 8


# ── publishing again ─────────────────────────────────────────────────────────────────────────────────────────────


def test_publishing_again_unchanged_changes_nothing(publish, news):
    page = publish()
    news.clear()
    before = list(Occurrence.objects.order_by("pk").values())
    assert compile_activity(page.translation_key).changes == 0
    publish(page)
    assert nothing_left()
    assert list(Occurrence.objects.order_by("pk").values()) == before
    assert Activity.objects.get(kind="webinar_series").outline_versions.count() == 1
    assert news == []


def test_another_hour_moves_what_nobody_has_a_seat_at(publish, news, now):
    page = publish()
    first = occurrences()[0]
    news.clear()
    later = NOW + dt.timedelta(hours=1)
    now(later)
    publish(page, start_time=dt.time(7))
    moved = Occurrence.objects.get(pk=first.pk)
    assert moved.starts_at == first.starts_at + dt.timedelta(hours=1)
    assert (moved.original_date, moved.uid) == (first.original_date, first.uid)
    assert (moved.sequence, moved.revised_at) == (1, later)
    ids = sorted(one.pk for one in occurrences())
    assert news == [(ids, ids)]
    assert not ScheduleChange.objects.exists()
    assert nothing_left()


def test_with_people_the_move_is_proposed_and_the_session_stays(publish, news):
    page = publish()
    first, second = occurrences()[:2]
    registration = seat(first)
    news.clear()
    before = row(first)
    publish(page, start_time=dt.time(7))
    after = row(first)
    assert after.pop("slot_starts_at") == first.starts_at + dt.timedelta(hours=1)
    untouched = ("starts_at", "ends_at", "status", "sequence", "revised_at", "uid", "public_id")
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}
    change = ScheduleChange.objects.get()
    assert (change.occurrence, change.kind, change.state) == (first, "move", State.PROPOSED)
    assert change.new_starts_at == first.starts_at + dt.timedelta(hours=1)
    registration.refresh_from_db()
    assert registration.occurrence == first
    assert Occurrence.objects.get(pk=second.pk).sequence == 1
    assert first.pk not in news[0][0], "Nothing happened to it yet."
    assert nothing_left()


@pytest.mark.parametrize("state", [Registration.State.REGISTERED, Registration.State.WAITLISTED])
def test_who_waits_counts_as_people_too(publish, state):
    page = publish()
    first = occurrences()[0]
    seat(first, state=state)
    publish(page, recurrence="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8\nEXDATE:20270302")
    first.refresh_from_db()
    assert first.status == Occurrence.Status.SCHEDULED
    assert ScheduleChange.objects.get().kind == "cancel"


def test_who_left_does_not(publish):
    page = publish()
    first = occurrences()[0]
    seat(first, state=Registration.State.CANCELLED)
    publish(page, recurrence="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8\nEXDATE:20270302")
    first.refresh_from_db()
    assert first.status == Occurrence.Status.CANCELLED
    assert first.sequence == 1


def test_a_changed_mind_makes_the_proposal_obsolete_and_another_replaces_it(publish):
    page = publish()
    seat(occurrences()[0])
    publish(page, start_time=dt.time(7))
    publish(page, start_time=dt.time(8))
    states = list(ScheduleChange.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.OBSOLETE, State.PROPOSED]
    publish(page, start_time=dt.time(6))
    states = list(ScheduleChange.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.OBSOLETE, State.OBSOLETE]
    assert nothing_left()


def test_a_removed_date_leaves_the_outline_and_the_calendar_keeps_it(publish, news):
    page = publish()
    news.clear()
    publish(page, recurrence="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=7")
    *_, last = occurrences()
    assert last.status == Occurrence.Status.CANCELLED
    assert news == [([last.pk], [last.pk])]
    outline = Activity.objects.get(kind="webinar_series").outline_versions.get(ended_at=None)
    assert outline.items.count() == 7


def test_a_date_that_comes_back_is_a_new_session_and_the_old_one_stays_cancelled(publish):
    page = publish()
    publish(page, recurrence="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=7")
    publish(page, recurrence="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8")
    old, new = occurrences(original_date=dt.date(2027, 4, 20))
    assert (old.status, new.status) == (Occurrence.Status.CANCELLED, Occurrence.Status.SCHEDULED)
    assert (old.ordinal, new.ordinal) == (0, 1)
    assert old.uid != new.uid
    assert nothing_left()


def test_changing_the_weekday_there_and_back_leaves_one_session_a_week(publish):
    page = publish()
    publish(page, recurrence="RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=8")
    publish(page, recurrence="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8")
    takes_place = occurrences(status=Occurrence.Status.SCHEDULED)
    assert [one.original_date for one in takes_place] == [
        dt.date(2027, 3, 2) + dt.timedelta(weeks=week) for week in range(8)
    ]


def test_the_past_does_not_change(publish, now):
    page = publish()
    past = [row(one) for one in occurrences()[:3]]
    now(dt.datetime(2027, 3, 16, 0, 0, tzinfo=dt.UTC))  # the third session is on
    publish(
        page, start_time=dt.time(9), recurrence="RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=8", zone="Asia/Jayapura"
    )
    assert [row(one) for one in occurrences(pk__in=[each["id"] for each in past])] == past
    added = Occurrence.objects.filter(original_date__week_day=5)
    assert min(added.values_list("starts_at", flat=True)) > timezone.now()
    assert nothing_left()


def test_new_dates_seat_those_who_want_every_session(publish, monkeypatch):
    page = publish()
    series = WebinarSeries.objects.get()
    SeriesRegistration.objects.create(
        series=series, learner=Learner.objects.create(name="Wati"), registered_at=NOW
    )
    publish(page, recurrence="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=9")
    new = occurrences()[-1]
    assert Registration.objects.get(occurrence=new).learner.name == "Wati"


def test_a_new_title_is_news_but_not_a_revision_of_the_calendar(publish, news, now):
    page = publish()
    news.clear()
    later = NOW + dt.timedelta(hours=1)
    now(later)
    publish(page, title="Jualan lewat WhatsApp Business")
    ids = [one.pk for one in occurrences()]
    assert news == [(ids, [])]
    assert {one.sequence for one in occurrences()} == {0}
    assert {one.revised_at for one in occurrences()} == {later}
    assert occurrences()[0].activity.title == "Jualan lewat WhatsApp Business · 2027-03-02"
    assert nothing_left()


def test_other_words_on_the_page_are_no_news(publish, news):
    page = publish()
    news.clear()
    publish(page, summary="Satu jam yang berguna.", join_url="https://meet.example/lain")
    assert news == []
    assert WebinarSeries.objects.get().join_url == "https://meet.example/lain"


def test_fewer_seats_turn_nobody_away(publish):
    page = publish(capacity=40)
    first, second = occurrences()[:2]
    Occurrence.objects.filter(pk=first.pk).update(taken=30)
    publish(page, capacity=20)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.capacity, second.capacity) == (30, 20)
    publish(page, capacity=None)
    first.refresh_from_db()
    assert first.capacity is None
    assert nothing_left()


# ── unpublished, private, deleted, broken ────────────────────────────────────────────────────────────────────────


def test_unpublishing_keeps_sessions_and_people_and_hides_them(
    publish, news, django_capture_on_commit_callbacks
):
    page = publish()
    registration = seat(occurrences()[0])
    news.clear()
    before = list(Occurrence.objects.order_by("pk").values())
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert list(Occurrence.objects.order_by("pk").values()) == before
    registration.refresh_from_db()
    assert registration.state == Registration.State.REGISTERED
    assert not Activity.objects.filter(public=True).exists()
    assert not Activity.objects.filter(live=True).exists()
    assert news == [], "Nobody is told anything."
    assert nothing_left()
    publish(page)
    assert Activity.objects.filter(kind="occurrence", public=True).count() == 8


def test_a_view_restriction_makes_sessions_private(publish, django_capture_on_commit_callbacks):
    page = publish()
    with django_capture_on_commit_callbacks(execute=True):
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert not Activity.objects.filter(public=True).exists()
    assert Activity.objects.filter(kind="occurrence", live=True).count() == 8
    assert nothing_left()


def test_deleting_the_page_keeps_everything(publish, django_capture_on_commit_callbacks):
    page = publish()
    seat(occurrences()[0])
    with django_capture_on_commit_callbacks(execute=True):
        page.delete()
    assert Occurrence.objects.count() == 8
    assert Registration.objects.count() == 1
    assert not Activity.objects.filter(live=True).exists()
    assert Activity.objects.filter(retired_at=None).count() == 0
    assert nothing_left()


def test_a_copy_is_a_series_of_its_own(publish, django_capture_on_commit_callbacks):
    page = publish()
    seat(occurrences()[0])
    with django_capture_on_commit_callbacks(execute=True):
        copy = page.copy(update_attrs={"title": "Salinan", "slug": "salinan"}, keep_live=True)
    other = WebinarSeries.objects.get(activity__translation_key=copy.translation_key)
    assert other.occurrences.count() == 8
    assert not Registration.objects.filter(occurrence__series=other).exists()
    assert not set(other.occurrences.values_list("uid", flat=True)) & set(
        Occurrence.objects.exclude(series=other).values_list("uid", flat=True)
    )


def test_a_rule_that_cannot_be_expanded_is_stored_as_an_error_and_changes_nothing(
    publish, django_capture_on_commit_callbacks
):
    page = publish()
    before = list(Occurrence.objects.order_by("pk").values())
    with django_capture_on_commit_callbacks(execute=True):
        broken = WebinarSeriesPage.objects.get(pk=page.pk)
        broken.recurrence = "RRULE:FREQ=SECONDLY"
        broken.save(clean=False)  # past every form
    activity = Activity.objects.get(kind="webinar_series")
    assert "daily, weekly, monthly or yearly" in activity.compile_error
    assert list(Occurrence.objects.order_by("pk").values()) == before
    publish(page, recurrence="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8")
    activity.refresh_from_db()
    assert activity.compile_error == ""
    assert nothing_left()


# ── the same weekday, hour and number everywhere ─────────────────────────────────────────────────────────────────

CASES = [
    (zone, start, dt.time(6), weekday)
    for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
    for start, weekday in ((dt.date(2027, 3, 1), "MO"), (dt.date(2027, 3, 2), "TU"))
] + [
    ("Europe/Berlin", dt.date(2027, 3, 9), dt.time(9), "TU"),  # summer time begins on 28 March 2027
    ("Europe/Berlin", dt.date(2027, 10, 18), dt.time(9), "MO"),  # and ends on 31 October
]


@pytest.mark.parametrize("zone, start, time, weekday", CASES)
def test_weekday_hour_and_number_survive_saving_reloading_copying_and_publishing(
    publish, django_capture_on_commit_callbacks, zone, start, time, weekday
):
    page = publish(
        zone=zone,
        start_date=start,
        start_time=time,
        recurrence=f"RRULE:FREQ=WEEKLY;BYDAY={weekday};COUNT=8",
    )
    expected = [(start + dt.timedelta(weeks=week), time, weekday) for week in range(8)]

    def wall(series):
        local = [one.starts_at.astimezone(ZoneInfo(zone)) for one in series.occurrences.order_by("starts_at")]
        return [
            (each.date(), each.time(), ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[each.weekday()])
            for each in local
        ]

    series = WebinarSeries.objects.get()
    assert wall(series) == expected
    for _ in range(2):  # load, save, publish what was loaded
        page = publish(page)
        assert wall(series) == expected
        assert nothing_left()
    with django_capture_on_commit_callbacks(execute=True):
        copy = page.copy(update_attrs={"title": "Salinan", "slug": "salinan"}, copy_revisions=True)
        copy.specific.save_revision().publish()
    other = WebinarSeries.objects.get(activity__translation_key=copy.translation_key)
    assert wall(other) == expected
    page = publish(page, title="Judul lain")
    assert wall(series) == expected
    assert {one.sequence for one in series.occurrences.all()} == {0}
    assert not ScheduleChange.objects.exists()
