"""The screens of the schedule: who sees what, what happens on POST only, what it costs, what it says."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from lms.catalogue.models import Activity
from lms.pages.models import CoursePage, LessonPage, WebinarSeriesPage
from lms.webinars.models import (
    Attendance,
    AttendanceImport,
    Occurrence,
    Registration,
    ScheduleChange,
)
from tests.wagtailadmin.schedule_world import NOW, State, key_of, member, occurrences, said, seat, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# ── who sees what ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_shows_what_a_person_manages(client, pages, coordinator, stranger):
    for user, mine, other in (
        (coordinator, "Seri Pemasaran digital", "Seri Keuangan digital"),
        (stranger, "Seri Keuangan digital", "Seri Pemasaran digital"),
    ):
        client.force_login(user)
        words = text_of(client.get(reverse("lms_schedule")))
        assert mine in words
        assert other not in words
        assert "Tuesday, 2 March 2027" in words
        assert "06:00 WIB" in words
        assert "8 of 8" in words


def test_who_may_add_a_series_finds_the_way_in_the_list(client, home, editor, coordinator, curricula):
    adding = reverse("wagtailadmin_pages:choose_parent", args=["lms_pages", "webinarseriespage"])
    client.force_login(editor)
    page = client.get(reverse("lms_schedule"))
    assert f'href="{adding}"' in page.content.decode()
    assert "Add webinar series" in text_of(page)
    # With a single parent nobody is asked.
    add = reverse("wagtailadmin_pages:add", args=["lms_pages", "webinarseriespage", curricula[0].pk])
    assert client.get(adding).url == add
    assert client.get(add).status_code == 200
    client.force_login(coordinator)
    assert adding not in client.get(reverse("lms_schedule")).content.decode()


def test_whoever_may_only_add_where_no_series_can_stand_is_not_sent_there(client, curricula):
    lesson = below(curricula[0], CoursePage(title="Kursus"), LessonPage(title="Pelajaran"))
    client.force_login(member("penulis", lesson, "add", "change"))
    assert "choose_parent" not in client.get(reverse("lms_schedule")).content.decode()


def below(parent, *pages):
    """Add pages, each below the one before; return the last one."""
    for page in pages:
        parent = Page.objects.get(pk=parent.pk).add_child(instance=page)
    return parent


def addresses(page):
    key, occurrence = key_of(page), occurrences(page)[0]
    return [
        reverse("lms_sessions", args=[key]),
        reverse("lms_changes_confirm", args=[key]),
        reverse("lms_changes_dismiss", args=[key]),
        reverse("lms_session_move", args=[key, occurrence.public_id]),
        reverse("lms_session_cancel", args=[key, occurrence.public_id]),
        reverse("lms_sessions_of_page", args=[page.pk]),
    ]


def test_a_series_of_others_does_not_exist(client, pages, stranger):
    client.force_login(stranger)
    for address in addresses(pages[0]):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code in (404, 405)
    assert occurrences(pages[0])[0].status == Occurrence.Status.SCHEDULED


def test_a_session_is_reached_through_its_own_series_only(client, pages, coordinator):
    client.force_login(coordinator)
    foreign = occurrences(pages[1])[0]
    for name in ("lms_session_move", "lms_session_cancel"):
        address = reverse(name, args=[key_of(pages[0]), foreign.public_id])
        assert client.post(address).status_code == 404
    change = ScheduleChange.objects.create(occurrence=foreign, kind="cancel")
    client.post(reverse("lms_changes_confirm", args=[key_of(pages[0])]), {"change": change.public_id})
    foreign.refresh_from_db()
    assert foreign.status == Occurrence.Status.SCHEDULED


def test_visitors_are_sent_to_the_login(client, pages):
    for address in [reverse("lms_schedule"), *addresses(pages[0])]:
        response = client.get(address)
        assert response.status_code == 302
        assert reverse("wagtailadmin_login") in response.url


def test_who_may_not_publish_sees_and_does_not_decide(client, pages, publish, editor):
    occurrence = occurrences(pages[0])[0]
    seat(occurrence)
    publish(pages[0], start_time=dt.time(7))
    client.force_login(editor)
    response = client.get(reverse("lms_sessions", args=[key_of(pages[0])]))
    words = text_of(response)
    assert "One change waits" in words
    assert "Somebody who may publish this page has to decide." in words
    assert "<form" not in response.content.decode().partition('id="lms-changes')[2].partition("</section>")[0]
    for address in addresses(pages[0])[1:5]:
        assert client.get(address).status_code == 302
        assert client.post(address).status_code == 302
    occurrence.refresh_from_db()
    assert occurrence.sequence == 0


def test_nothing_happens_by_get(client, pages, publish, coordinator):
    seat(occurrences(pages[0])[0])
    publish(pages[0], start_time=dt.time(7))
    client.force_login(coordinator)
    before = list(Occurrence.objects.order_by("pk").values())
    for address in addresses(pages[0]):
        client.get(address)
    assert list(Occurrence.objects.order_by("pk").values()) == before
    assert ScheduleChange.objects.get().state == State.PROPOSED


def test_posting_without_the_token_is_refused(pages, coordinator, client):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(coordinator)
    address = reverse("lms_session_cancel", args=[key_of(pages[0]), occurrences(pages[0])[0].public_id])
    assert strict.post(address).status_code == 403
    assert occurrences(pages[0])[0].status == Occurrence.Status.SCHEDULED


# ── what is said and done ────────────────────────────────────────────────────────────────────────────────────────


def test_sessions_are_listed_with_date_zone_people_and_attendance(client, pages, coordinator, now):
    first, second, third = occurrences(pages[0])[:3]
    seat(first)
    wati = seat(first, "Sari").learner
    seat(first, "Budi", Registration.State.WAITLISTED)
    Occurrence.objects.filter(pk=first.pk).update(capacity=40)
    Attendance.objects.create(
        occurrence=first, learner=wati, seconds=5000, window_seconds=5400, attended=True
    )
    AttendanceImport.objects.create(
        occurrence=first,
        state="applied",
        file_name="laporan.csv",
        sha256="0" * 64,
        zone="Asia/Jakarta",
        applied_at=NOW,
    )
    now(second.starts_at + dt.timedelta(minutes=5))
    client.force_login(coordinator)
    words = text_of(client.get(reverse("lms_sessions", args=[key_of(pages[0])])))
    assert "Tuesday, 2 March 2027 over 06:00–07:30 WIB" in words
    assert "2 have a seat, 1 waits for one of 40 seats" in words
    assert "1 of 1 person attended" in words
    assert "Tuesday, 9 March 2027 on now 06:00–07:30 WIB" in words
    assert "No report yet." in words
    assert "Tuesday, 16 March 2027 to come 06:00–07:30 WIB" in words


def test_confirming_one_change(client, pages, publish, coordinator):
    occurrence = occurrences(pages[0])[0]
    seat(occurrence)
    publish(pages[0], start_time=dt.time(7))
    client.force_login(coordinator)
    address = reverse("lms_sessions", args=[key_of(pages[0])])
    words = text_of(client.get(address))
    assert "Move to Tuesday, 2 March 2027, 07:00–08:30 WIB" in words
    assert "1 has a seat" in words
    change = ScheduleChange.objects.get()
    response = client.post(
        reverse("lms_changes_confirm", args=[key_of(pages[0])]), {"change": change.public_id}, follow=True
    )
    assert response.redirect_chain[-1][0] == address
    assert said(response) == ["One change was made. People with a place are told."]
    change.refresh_from_db()
    assert (change.state, change.decided_by) == (State.CONFIRMED, coordinator)
    assert "Moved by koordinator on Saturday, 20 February 2027." in text_of(client.get(address))
    again = client.post(
        reverse("lms_changes_confirm", args=[key_of(pages[0])]), {"change": change.public_id}, follow=True
    )
    assert again.status_code == 200
    occurrence.refresh_from_db()
    assert occurrence.sequence == 1


def test_dismissing_one_change(client, pages, publish, coordinator):
    occurrence = occurrences(pages[0])[0]
    seat(occurrence)
    publish(pages[0], recurrence="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8\nEXDATE:20270302")
    client.force_login(coordinator)
    assert "Cancel: the rule no longer has this date." in text_of(
        client.get(reverse("lms_sessions", args=[key_of(pages[0])]))
    )
    change = ScheduleChange.objects.get()
    response = client.post(
        reverse("lms_changes_dismiss", args=[key_of(pages[0])]), {"change": change.public_id}, follow=True
    )
    assert said(response) == ["One session stays as it is."]
    assert "wait" not in text_of(response).partition("Session")[0]
    assert "The rule no longer has this date." in text_of(response)
    occurrence.refresh_from_db()
    assert occurrence.status == Occurrence.Status.SCHEDULED


def test_confirming_all_confirms_what_was_shown_and_nothing_that_came_later(
    client, pages, publish, coordinator
):
    first, second, third = occurrences(pages[0])[:3]
    seat(first)
    seat(second, "Sari")
    publish(pages[0], start_time=dt.time(7))
    client.force_login(coordinator)
    confirm = reverse("lms_changes_confirm", args=[key_of(pages[0])])
    asked = client.get(confirm)
    assert "2 places are touched. Their holders are told at once." in text_of(asked)
    shown = re.findall(r'name="change" value="([^"]+)"', asked.content.decode())
    assert len(shown) == 2
    later = ScheduleChange.objects.create(occurrence=third, kind="cancel")
    response = client.post(confirm, {"change": shown}, follow=True)
    assert said(response) == ["2 changes were made. People with a place are told."]
    later.refresh_from_db()
    assert later.state == State.PROPOSED


def test_a_change_that_comes_too_late_is_explained_and_stops_no_other(
    client, pages, publish, coordinator, now
):
    first, second = occurrences(pages[0])[:2]
    seat(first)
    seat(second, "Sari")
    publish(pages[0], start_time=dt.time(7))
    shown = list(ScheduleChange.objects.values_list("public_id", flat=True))
    now(first.starts_at)
    client.force_login(coordinator)
    response = client.post(
        reverse("lms_changes_confirm", args=[key_of(pages[0])]), {"change": shown}, follow=True
    )
    late, done = said(response)
    assert late == (
        "Tuesday, 2 March 2027: This session has already begun, so the proposed change comes too late."
    )
    assert done.startswith("One change was made.")


def test_cancelling_asks_first_and_says_whom_it_touches(client, pages, coordinator):
    occurrence = occurrences(pages[0])[0]
    seat(occurrence)
    client.force_login(coordinator)
    address = reverse("lms_session_cancel", args=[key_of(pages[0]), occurrence.public_id])
    words = text_of(client.get(address))
    assert "Tuesday, 2 March 2027, 06:00–07:30 WIB" in words
    assert "1 has a seat. They are told at once." in words
    response = client.post(address, follow=True)
    assert said(response) == ["The session was cancelled."]
    assert "Cancelled by koordinator on Saturday, 20 February 2027." in text_of(response)
    occurrence.refresh_from_db()
    assert occurrence.status == Occurrence.Status.CANCELLED
    assert said(client.get(address, follow=True)) == ["This session was cancelled already."]
    client.post(address)
    occurrence.refresh_from_db()
    assert occurrence.sequence == 1


def test_what_did_not_take_place_is_called_so(client, pages, coordinator, now):
    occurrence = occurrences(pages[0])[0]
    seat(occurrence)
    now(occurrence.ends_at)
    client.force_login(coordinator)
    assert "Did not take place…" in text_of(client.get(reverse("lms_sessions", args=[key_of(pages[0])])))
    address = reverse("lms_session_cancel", args=[key_of(pages[0]), occurrence.public_id])
    assert "It no longer counts for completing the series. Nobody is told." in text_of(client.get(address))


def test_moving_is_by_the_clock_of_the_series(client, pages, coordinator):
    occurrence = occurrences(pages[0])[0]
    client.force_login(coordinator)
    address = reverse("lms_session_move", args=[key_of(pages[0]), occurrence.public_id])
    asked = client.get(address)
    assert 'value="2027-03-02"' in asked.content.decode()
    assert 'value="06:00"' in asked.content.decode()
    assert "On the clock in WIB." in text_of(asked)
    response = client.post(
        address, {"date": "2027-03-03", "time": "19:30", "duration_minutes": "60"}, follow=True
    )
    assert said(response) == ["The session was moved."]
    occurrence.refresh_from_db()
    assert occurrence.starts_at == dt.datetime(2027, 3, 3, 12, 30, tzinfo=dt.UTC)
    assert occurrence.ends_at - occurrence.starts_at == dt.timedelta(hours=1)
    assert "By the rule it would be on Tuesday, 2 March 2027, 06:00." in text_of(response)


def test_moving_names_whom_it_touches_and_says_how_many_are_told(client, pages, coordinator):
    occurrence = occurrences(pages[0])[0]
    for _each in range(12):
        seat(occurrence)
    names = list(
        occurrence.registrations.order_by("state", "queued_at", "pk").values_list("learner__name", flat=True)
    )
    client.force_login(coordinator)
    address = reverse("lms_session_move", args=[key_of(pages[0]), occurrence.public_id])
    words = text_of(client.get(address))
    assert ", ".join(name or "(no name)" for name in names[:10]) + " and 2 more" in words
    posted = {"date": "2027-03-03", "time": "19:30", "duration_minutes": "60"}
    response = client.post(address, posted, follow=True)
    assert said(response) == ["The session was moved. 12 people are told."]


@pytest.mark.parametrize(
    "posted, words",
    [
        ({"date": "2027-01-05", "time": "06:00", "duration_minutes": "90"}, "This date lies in the past."),
        ({"date": "2027-02-20", "time": "06:00", "duration_minutes": "90"}, "The new time lies in the past."),
        ({"date": "20207-03-02", "time": "06:00", "duration_minutes": "90"}, "Enter a valid date."),
        ({"date": "2997-03-02", "time": "06:00", "duration_minutes": "90"}, "Check the year."),
        ({"date": "2027-03-03", "time": "25:00", "duration_minutes": "90"}, "Enter a valid time."),
        ({"date": "2027-03-03", "time": "06:00", "duration_minutes": "0"}, "greater than or equal to 5"),
        ({"date": "2027-03-03", "time": "06:00", "duration_minutes": "9" * 40}, "less than or equal to 1440"),
        ({"date": "0001-01-01", "time": "00:00", "duration_minutes": "90"}, "lies in the past"),
        ({}, "This field is required."),
    ],
)
def test_a_time_that_cannot_be_is_explained_beside_the_form(client, pages, coordinator, posted, words):
    occurrence = occurrences(pages[0])[0]
    client.force_login(coordinator)
    address = reverse("lms_session_move", args=[key_of(pages[0]), occurrence.public_id])
    response = client.post(address, posted)
    assert response.status_code == 200
    assert words in text_of(response)
    occurrence.refresh_from_db()
    assert occurrence.sequence == 0


def test_empty_states_say_what_to_do_next(client, home, coordinator, publish):
    client.force_login(coordinator)
    words = text_of(client.get(reverse("lms_schedule")))
    assert "Add a page for one and set its dates; when it is published, its sessions appear here." in words
    assert "No series has this in its title." in text_of(client.get(reverse("lms_schedule"), {"q": "batik"}))


def test_a_draft_leads_back_to_its_page_with_a_word(client, curricula, make_series, coordinator):
    page = make_series(parent=Page.objects.get(pk=curricula[0].pk), publish=False)
    client.force_login(coordinator)
    response = client.get(reverse("lms_sessions_of_page", args=[page.pk]), follow=True)
    assert response.redirect_chain[-1][0] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert said(response)[0].startswith("This series has no sessions yet.")


def test_an_unpublished_series_stays_manageable_and_says_so(
    client, pages, coordinator, stranger, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        pages[0].unpublish()
    address = reverse("lms_sessions", args=[key_of(pages[0])])
    client.force_login(coordinator)
    assert "The page of this series is not published" in text_of(client.get(address))
    assert "not published" in text_of(client.get(reverse("lms_schedule")))
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_a_series_without_pages_is_left_to_superusers(
    client, pages, coordinator, admin_user, django_capture_on_commit_callbacks
):
    address = reverse("lms_sessions", args=[key_of(pages[0])])
    with django_capture_on_commit_callbacks(execute=True):
        WebinarSeriesPage.objects.get(pk=pages[0].pk).delete()
    client.force_login(coordinator)
    assert client.get(address).status_code == 404
    client.force_login(admin_user)
    assert client.get(address).status_code == 200


def test_a_failure_to_compile_is_shown(client, pages, coordinator):
    Activity.objects.filter(key=key_of(pages[0])).update(compile_error="RuleError: The series never ends.")
    client.force_login(coordinator)
    assert "needs attention" in text_of(client.get(reverse("lms_schedule")))
    assert "could not be brought up to date" in text_of(
        client.get(reverse("lms_sessions", args=[key_of(pages[0])]))
    )


def test_a_title_cannot_inject_markup(client, pages, publish, coordinator):
    publish(pages[0], title="<script>alert(1)</script> & sons")
    seat(occurrences(pages[0])[0])
    publish(pages[0], start_time=dt.time(7))
    client.force_login(coordinator)
    for address in [reverse("lms_schedule"), reverse("wagtailadmin_home"), *addresses(pages[0])[:5]]:
        assert "<script>alert(1)" not in client.get(address).content.decode()
