"""The schedule elsewhere in the admin: menu, dashboard, page menus, the edit form; and what the screens cost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import RequestFactory
from django.urls import reverse
from wagtail.blocks import StreamValue

from lms.catalogue.compile import compile_safely
from lms.catalogue.models import Activity
from lms.core import clock
from lms.pages.models import WebinarSeriesPage
from lms.people.models import Learner
from lms.wagtailadmin.schedule_panels import tell_after_publishing
from lms.webinars.models import (
    Occurrence,
    Registration,
    ScheduleChange,
    WebinarSeries,
)
from tests.wagtailadmin.schedule_world import NOW, key_of, occurrences, said, seat, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# ── menu, dashboard, page menus, after publishing ────────────────────────────────────────────────────────────────


def test_the_menu_and_the_dashboard_count_what_waits(client, pages, publish, coordinator, stranger):
    seat(occurrences(pages[0])[0])
    publish(pages[0], start_time=dt.time(7))
    client.force_login(coordinator)
    response = client.get(reverse("wagtailadmin_home"))
    assert "Webinars (1)" in response.content.decode()
    words = text_of(response)
    assert "One change of a session with people waits for a decision." in words
    assert "Decide for Seri Pemasaran digital" in words
    coming = words.partition("What is next")[2].partition("What changed")[0]
    assert coming.count("Seri Pemasaran digital") == 5, "Five sessions, and how many more there are."
    assert "and 3 more sessions" in coming
    client.force_login(stranger)
    response = client.get(reverse("wagtailadmin_home"))
    assert "Webinars (1)" not in response.content.decode()
    assert "waits for a decision" not in text_of(response)


def test_a_page_leads_to_its_sessions(client, pages, curricula, coordinator):
    client.force_login(coordinator)
    address = reverse("lms_sessions_of_page", args=[pages[0].pk])
    for screen in (
        reverse("wagtailadmin_pages:edit", args=[pages[0].pk]),
        reverse("wagtailadmin_explore", args=[curricula[0].pk]),
    ):
        assert address in client.get(screen).content.decode()
    response = client.get(address)
    assert response.url == reverse("lms_sessions", args=[key_of(pages[0])])


def edit_in_admin(client, page, callbacks, action="action-publish", **changes):
    """Load a page's edit form and post it as a browser would, with these changes."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = client.get(address).context["form"]
    posted = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, StreamValue):
            posted[f"{bound.name}-count"] = "0"
            continue
        if value is None or value is False:
            continue
        if hasattr(bound.field.widget, "format_value"):
            value = bound.field.widget.format_value(value)
        posted[bound.html_name] = "on" if value is True else ("" if value is None else value)
    for formset in form.formsets.values():
        posted |= {f"{formset.prefix}-TOTAL_FORMS": "0", f"{formset.prefix}-INITIAL_FORMS": "0"}
    with callbacks(execute=True):
        return client.post(address, posted | changes | {action: "1"}, follow=True)


@pytest.mark.django_db(transaction=True)
def test_after_publishing_the_editor_hears_what_became_of_the_sessions(
    client, make_series, admin_user, django_capture_on_commit_callbacks
):
    page = make_series()
    client.force_login(admin_user)
    callbacks = django_capture_on_commit_callbacks
    response = edit_in_admin(client, page, callbacks)
    assert any("8 sessions are to come." in message for message in said(response))
    seat(occurrences(page)[0])
    response = edit_in_admin(client, page, callbacks, start_time="07:00")
    (warning,) = [message for message in said(response) if "waits for a decision" in message]
    assert reverse("lms_sessions", args=[key_of(page)]) in warning
    WebinarSeriesPage.objects.update(duration_minutes=0)  # past every form
    compile_safely(page.translation_key)
    request = RequestFactory().get("/")
    request.session, request._messages = {}, SimpleMessages()
    tell_after_publishing(request, WebinarSeriesPage.objects.get())
    assert "could not be brought up to date" in request._messages.said[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["unpublish", "delete"])
def test_taking_a_page_down_says_that_people_still_have_places(client, make_series, admin_user, name):
    page = make_series()
    seat(occurrences(page)[0])
    client.force_login(admin_user)
    address = reverse("lms_sessions", args=[key_of(page)])
    response = client.post(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]), follow=True)
    (warning,) = [
        message for message in said(response) if "People still have places at one session" in message
    ]
    assert address in warning
    assert client.get(address).status_code == 200


class SimpleMessages:
    """Django's message storage, as much as is needed to read what was said."""

    def __init__(self):
        self.said = []

    def add(self, level, message, extra_tags=""):
        self.said.append(str(message))


CASES = [
    (zone, start, dt.time(6), weekday)
    for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
    for start, weekday in ((dt.date(2027, 3, 1), "MO"), (dt.date(2027, 3, 2), "TU"))
] + [
    ("Europe/Berlin", dt.date(2027, 3, 9), dt.time(9), "TU"),
    ("Europe/Berlin", dt.date(2027, 10, 18), dt.time(9), "MO"),
]


@pytest.mark.parametrize("zone, start, time, weekday", CASES)
def test_editing_in_the_admin_keeps_weekday_hour_and_number(
    client, admin_user, publish, django_capture_on_commit_callbacks, zone, start, time, weekday
):
    page = publish(
        zone=zone,
        start_date=start,
        start_time=time,
        recurrence=f"RRULE:FREQ=WEEKLY;BYDAY={weekday};COUNT=8",
    )
    client.force_login(admin_user)
    before = list(
        Occurrence.objects.order_by("pk").values("starts_at", "ends_at", "sequence", "original_date")
    )
    for title in ("Satu", "Dua"):
        edit_in_admin(client, page, django_capture_on_commit_callbacks, title=title)
        page = WebinarSeriesPage.objects.get(pk=page.pk)
        assert page.title == title, "The form was refused."
        found = list(
            Occurrence.objects.order_by("pk").values("starts_at", "ends_at", "sequence", "original_date")
        )
        assert found == before
    walls = [clock.wall_clock(each["starts_at"], zone) for each in before]
    assert [wall.date() for wall in walls] == [start + dt.timedelta(weeks=week) for week in range(8)]
    assert {wall.time() for wall in walls} == {time}
    edit_in_admin(client, page, django_capture_on_commit_callbacks, start_time="08:15")
    walls = [clock.wall_clock(one.starts_at, zone) for one in Occurrence.objects.order_by("starts_at")]
    assert {wall.time() for wall in walls} == {dt.time(8, 15)}
    assert len(walls) == 8


# ── what it costs ────────────────────────────────────────────────────────────────────────────────────────────────


def queries_of(client, address, django_assert_max_num_queries):
    client.get(address)  # the first request fills caches of Wagtail's own
    with django_assert_max_num_queries(60) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def grow(series, number):
    """Give a series so many sessions, each with a person and a waiting change."""
    own = Activity.objects.bulk_create(
        Activity(kind="occurrence", title=f"Sesi {index}", live=True, public=True) for index in range(number)
    )
    start = NOW + dt.timedelta(days=100)
    made = Occurrence.objects.bulk_create(
        Occurrence(
            series=series,
            activity=activity,
            original_date=(start + dt.timedelta(days=index)).date(),
            starts_at=start + dt.timedelta(days=index),
            ends_at=start + dt.timedelta(days=index, hours=1),
            revised_at=NOW,
        )
        for index, activity in enumerate(own)
    )
    learner = Learner.objects.create(name="Wati")
    Registration.objects.bulk_create(
        Registration(occurrence=one, learner=learner, state="registered", queued_at=NOW) for one in made
    )
    ScheduleChange.objects.bulk_create(ScheduleChange(occurrence=one, kind="cancel") for one in made)


def test_the_list_of_series_costs_the_same_for_10_and_1000(
    client, admin_user, publish, django_assert_max_num_queries
):
    publish()
    client.force_login(admin_user)

    def more(number):
        activities = Activity.objects.bulk_create(
            Activity(kind="webinar_series", title=f"Seri {index}", live=True) for index in range(number)
        )
        WebinarSeries.objects.bulk_create(
            WebinarSeries(
                activity=activity,
                start_date=dt.date(2027, 3, 2),
                start_time=dt.time(6),
                duration_minutes=90,
                zone="Asia/Jakarta",
            )
            for activity in activities
        )
        return queries_of(client, reverse("lms_schedule"), django_assert_max_num_queries)

    assert more(9) == more(990)


def test_the_list_of_sessions_costs_the_same_for_10_and_1000(
    client, admin_user, publish, django_assert_max_num_queries
):
    page = publish(recurrence="")
    series = WebinarSeries.objects.get()
    client.force_login(admin_user)
    address = reverse("lms_sessions", args=[key_of(page)])
    grow(series, 9)
    few = queries_of(client, address, django_assert_max_num_queries)
    home = queries_of(client, reverse("wagtailadmin_home"), django_assert_max_num_queries)
    ScheduleChange.objects.all().delete()
    Registration.objects.all().delete()
    Occurrence.objects.exclude(original_date=dt.date(2027, 3, 2)).delete()
    grow(series, 990)
    assert queries_of(client, address, django_assert_max_num_queries) == few
    assert queries_of(client, reverse("wagtailadmin_home"), django_assert_max_num_queries) == home
