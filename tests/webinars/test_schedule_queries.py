"""Reads of the schedule: what is public, what belongs where, and that numbers of rows cost no queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from lms.catalogue.models import Activity
from lms.catalogue.queries import page_in, title_in
from lms.core import clock
from lms.pages.models import CoursePage, CurriculumPage
from lms.people.models import Learner
from lms.webinars.models import (
    Attendance,
    AttendanceImport,
    Occurrence,
    Registration,
    ScheduleChange,
    SeriesRegistration,
    WebinarSeries,
)
from lms.webinars.queries import schedule as queries

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2027, 2, 20, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    def set_now(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_now(NOW)
    return set_now


@pytest.fixture
def publish(make_series, django_capture_on_commit_callbacks):
    def publish(**fields):
        with django_capture_on_commit_callbacks(execute=True):
            page = make_series(**fields)
        return WebinarSeries.objects.get(activity__translation_key=page.translation_key)

    return publish


@pytest.fixture
def add(home, django_capture_on_commit_callbacks):
    def add(page, parent=None):
        with django_capture_on_commit_callbacks(execute=True):
            Page.objects.get(pk=(parent or home).pk).add_child(instance=page)
        return Page.objects.get(pk=page.pk)

    return add


def bulk(number, *, public=True):
    """Rows as compiling would leave them, many series with one session each, without pages."""
    activities = Activity.objects.bulk_create(
        Activity(kind="webinar_series", title=f"Seri {index}", live=True, public=public)
        for index in range(number)
    )
    series = WebinarSeries.objects.bulk_create(
        WebinarSeries(
            activity=activity,
            start_date=dt.date(2027, 3, 2),
            start_time=dt.time(6),
            duration_minutes=90,
            zone="Asia/Jakarta",
            rule="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8",
        )
        for activity in activities
    )
    own = Activity.objects.bulk_create(
        Activity(kind="occurrence", title=f"Sesi {index}", live=True, public=public)
        for index in range(number)
    )
    return Occurrence.objects.bulk_create(
        Occurrence(
            series=each,
            activity=activity,
            original_date=dt.date(2027, 3, 2),
            starts_at=NOW + dt.timedelta(days=10, minutes=index),
            ends_at=NOW + dt.timedelta(days=10, minutes=index + 90),
            revised_at=NOW,
        )
        for index, (each, activity) in enumerate(zip(series, own, strict=True))
    )


# ── upcoming ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_upcoming_is_public_scheduled_not_over_and_in_order(publish, now):
    series = publish()
    sessions = list(queries.occurrences_of(series))
    Occurrence.objects.filter(pk=sessions[3].pk).update(status=Occurrence.Status.CANCELLED)
    now(sessions[1].starts_at + HOUR)
    assert list(queries.upcoming()) == [sessions[1], sessions[2], *sessions[4:]], "One is on right now."
    now(sessions[1].ends_at)
    assert queries.upcoming().first() == sessions[2]
    assert queries.next_occurrence(series) == sessions[2]


def test_private_and_unpublished_series_are_not_upcoming(publish, django_capture_on_commit_callbacks):
    series = publish()
    page = series.activity.pages.get().page
    with django_capture_on_commit_callbacks(execute=True):
        restriction = PageViewRestriction.objects.create(
            page=page, restriction_type=PageViewRestriction.LOGIN
        )
    assert not queries.upcoming().exists()
    with django_capture_on_commit_callbacks(execute=True):
        restriction.delete()
    assert queries.upcoming().count() == 8
    with django_capture_on_commit_callbacks(execute=True):
        page.specific.unpublish()
    assert not queries.upcoming().exists()


def test_upcoming_of_a_curriculum_reaches_through_its_courses(publish, add):
    curriculum = add(CurriculumPage(title="Pemasaran digital", slug="pemasaran"))
    course = add(CoursePage(title="Kursus", slug="kursus"), curriculum)
    inside = publish(parent=Page.objects.get(pk=course.pk), title="Di dalam", slug="di-dalam")
    beside = publish(parent=Page.objects.get(pk=curriculum.pk), title="Di samping", slug="di-samping")
    elsewhere = publish(title="Lain", slug="lain")

    def of(activity):
        return {one.series for one in queries.upcoming(activity=activity)}

    assert of(Activity.objects.get(kind="curriculum")) == {inside, beside}
    assert of(Activity.objects.get(kind="course")) == {inside}
    assert of(elsewhere.activity) == {elsewhere}
    assert of(None) == {inside, beside, elsewhere}


def test_an_unpublished_series_is_in_no_course(publish, add, django_capture_on_commit_callbacks):
    course = add(CoursePage(title="Kursus", slug="kursus"))
    series = publish(parent=course, title="Seri", slug="seri")
    with django_capture_on_commit_callbacks(execute=True):
        series.activity.pages.get().page.specific.unpublish()
    assert not queries.upcoming(activity=Activity.objects.get(kind="course")).exists()


@pytest.mark.parametrize("number", [10, 1000])
def test_upcoming_costs_two_queries_however_many(django_assert_num_queries, number):
    bulk(number)
    with django_assert_num_queries(2):
        for one in queries.upcoming():
            assert one.series.zone and title_in(one.series.activity, "id")


def test_upcoming_brings_titles_and_pages_along(publish, django_assert_num_queries):
    publish()
    with django_assert_num_queries(2):
        found = list(queries.upcoming())
        assert {one.series.activity.title for one in found} == {"Jualan lewat WhatsApp"}
        assert {title_in(one.series.activity, "en") for one in found} == {"Jualan lewat WhatsApp"}
    assert "rule" in found[0].series.get_deferred_fields()
    assert page_in(found[0].series.activity, "en").page.url


# ── for staff ────────────────────────────────────────────────────────────────────────────────────────────────────


def seat(occurrence, learner, state=Registration.State.REGISTERED):
    return Registration.objects.create(
        occurrence=occurrence, learner=learner, state=state, queued_at=clock.now()
    )


def test_figures_of_a_series_count_each_thing_once(publish, now):
    series = publish()
    first, second, third = queries.occurrences_of(series)[:3]
    sari, wati, budi = (Learner.objects.create(name=name) for name in ("Sari", "Wati", "Budi"))
    for occurrence in (first, second):
        seat(occurrence, sari)
    seat(first, wati, Registration.State.WAITLISTED)
    seat(second, budi, Registration.State.CANCELLED)
    SeriesRegistration.objects.create(series=series, learner=sari, registered_at=NOW)
    SeriesRegistration.objects.create(series=series, learner=budi, registered_at=NOW)
    for occurrence in (first, second, third):
        ScheduleChange.objects.create(occurrence=occurrence, kind="cancel")
    Occurrence.objects.filter(pk=third.pk).update(status=Occurrence.Status.CANCELLED)
    now(first.starts_at)
    row = queries.series_overview(within=WebinarSeries.objects.all()).get()
    assert row.next_starts_at == second.starts_at
    assert (row.sessions, row.coming) == (7, 6)
    assert row.people == 3, "Sari counts once, Wati waits, Budi wants every session."
    assert row.waiting == 1, "One has begun, one is cancelled."
    (change,) = queries.waiting_changes(within=WebinarSeries.objects.all())
    assert (change.occurrence, change.registered, change.waitlisted) == (second, 1, 0)


def test_figures_of_sessions(publish, now):
    series = publish()
    first, second = queries.occurrences_of(series)[:2]
    sari, wati = (Learner.objects.create(name=name) for name in ("Sari", "Wati"))
    seat(first, sari)
    seat(first, wati, Registration.State.WAITLISTED)
    for learner, seconds, attended in ((sari, 5400, True), (wati, 60, False)):
        Attendance.objects.create(
            occurrence=first, learner=learner, seconds=seconds, window_seconds=5400, attended=attended
        )
    for state, moment in (("applied", NOW), ("undone", NOW + HOUR), ("previewed", NOW + 2 * HOUR)):
        now(moment)
        AttendanceImport.objects.create(
            occurrence=first,
            state=state,
            file_name="laporan.csv",
            sha256=state,
            zone="Asia/Jakarta",
            applied_at=NOW,
        )
    rows = {one.pk: one for one in queries.session_overview(series)}
    row = rows[first.pk]
    assert (row.registered, row.waitlisted, row.present, row.attended) == (1, 1, 2, 1)
    assert row.report_state == "applied"
    assert rows[second.pk].report_state is None
    assert rows[second.pk].registered == 0


def test_staff_reads_see_only_what_is_within(publish):
    mine, other = publish(), publish(title="Lain", slug="lain")
    for series in (mine, other):
        ScheduleChange.objects.create(occurrence=queries.occurrences_of(series)[0], kind="cancel")
    within = WebinarSeries.objects.filter(pk=mine.pk)
    assert [row.pk for row in queries.series_overview(within=within)] == [mine.pk]
    assert {change.occurrence.series for change in queries.waiting_changes(within=within)} == {mine}


@pytest.mark.parametrize("number", [10, 1000])
def test_lists_for_staff_cost_one_query_however_many(django_assert_num_queries, number):
    occurrences = bulk(number)
    ScheduleChange.objects.bulk_create(
        ScheduleChange(occurrence=occurrence, kind="cancel") for occurrence in occurrences
    )
    with django_assert_num_queries(1):
        assert {row.activity.title for row in queries.series_overview(within=WebinarSeries.objects.all())}
    with django_assert_num_queries(1):
        changes = queries.waiting_changes(within=WebinarSeries.objects.all())
        assert {change.occurrence.series.activity.title for change in changes}


@pytest.mark.parametrize("number", [10, 1000])
def test_sessions_of_a_series_cost_one_query_however_many(django_assert_num_queries, number):
    occurrences = bulk(number)
    series = occurrences[0].series
    for ordinal, occurrence in enumerate(occurrences):
        occurrence.series, occurrence.ordinal = series, ordinal
    Occurrence.objects.bulk_update(occurrences, ["series", "ordinal"], batch_size=100)
    with django_assert_num_queries(1):
        assert len([row.activity.title for row in queries.session_overview(series)]) == number
