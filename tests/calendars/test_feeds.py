"""Feeds equal the rows, are pure, show only what is public, and cost what they should."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from wagtail.models import Site

from lms.calendars import ical, queries, services
from lms.calendars.models import CachedEvent
from lms.webinars.models import Occurrence
from tests.calendars import factories as make
from tests.calendars.expected import CANCELLED, mark, rows, series_path
from tests.calendars.parsing import by_ical, by_recurring_ical_events, events, lines

pytestmark = pytest.mark.django_db
TUESDAY = dt.datetime(2027, 3, 2, 6, 0)


# ── the bytes equal the rows ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Asia/Jakarta", dt.datetime(2027, 3, 1, 6, 0)),
        ("Asia/Jakarta", dt.datetime(2027, 3, 2, 6, 0)),
        ("Asia/Makassar", dt.datetime(2027, 3, 1, 6, 0)),
        ("Asia/Jayapura", dt.datetime(2027, 3, 2, 6, 0)),
        ("Europe/Berlin", dt.datetime(2027, 3, 2, 9, 0)),  # summer time begins on 28 March
        ("Europe/Berlin", dt.datetime(2027, 10, 5, 9, 0)),  # and ends on 31 October
    ],
)
@pytest.mark.parametrize("query", ["", "?tz=utc"])
def test_a_feed_read_by_two_parsers_equals_the_rows(home, at, fetch, zone, first, query):
    series = make.series(zone=zone)
    sessions = make.sessions(series, make.weekly(first, 8))
    Occurrence.objects.filter(pk=sessions[2].pk).update(status=CANCELLED, sequence=1)
    body = fetch(series_path(series, query)).content
    expected = rows(mark=mark("en"))
    assert len(expected) == 8
    assert by_recurring_ical_events(body) == expected
    assert by_ical(body) == expected
    if not query:
        # On the wall clock it is the same time on the same weekday, on both sides of a change of the clock.
        walls = [event["DTSTART"].dt.replace(tzinfo=None) for event in events(body)]
        assert walls == make.weekly(first, 8)


def test_several_zones_are_each_declared_once(home, at, fetch):
    for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "Asia/Jakarta"):
        make.sessions(make.series(f"Seri {zone}", zone=zone), make.weekly(TUESDAY, 3))
    body = fetch(reverse("lms_public:feed_partner", args=[make.partner_calendar().public_id])).content
    assert by_recurring_ical_events(body) == by_ical(body) == rows()
    declared = [line for line in lines(body) if line.startswith("TZID:")]
    assert declared == ["TZID:Asia/Jakarta", "TZID:Asia/Jayapura", "TZID:Asia/Makassar", "TZID:Europe/Berlin"]


def test_an_event_leads_to_its_public_page_and_says_the_hours_of_every_zone(home, at, fetch):
    series = make.series({"id": "Jualan"})
    (session,) = make.sessions(series, [dt.datetime(2027, 3, 2, 23, 30)])
    said = lines(fetch(series_path(series, "?lang=id")).content)
    address = f"http://testserver{reverse('lms_public:session', args=[session.public_id])}"
    assert f"URL:{address}" in said
    assert f"LOCATION:{address}" in said
    (description,) = [line for line in said if line.startswith("DESCRIPTION")]
    assert description.startswith(rf"DESCRIPTION:{address}\n\n")
    assert (
        "23.30–01.00 WIB (3 Maret) · 3 Maret\\, 00.30–02.00 WITA · 3 Maret\\, 01.30–03.00 WIT" in description
    )
    assert "Akademi Contoh" in description


def test_the_provider_stands_nowhere(home, at, fetch):
    series = make.series(organiser_name="Akademi")
    (session, *_rest) = make.sessions(series, make.weekly(TUESDAY, 3))
    calendar = make.partner_calendar()
    paths = [
        series_path(series),
        series_path(series, "?lang=id&tz=utc"),
        reverse("lms_public:feed_activity", args=[series.activity.key]),
        reverse("lms_public:feed_partner", args=[calendar.public_id]),
        reverse("lms_public:session_ics", args=[session.public_id]),
        reverse("lms_public:embed_agenda", args=[calendar.public_id]),
    ]
    for path in paths:
        response = fetch(path)
        assert session.public_id.encode() in response.content
        assert make.SECRET.encode() not in response.content
        assert b"meet.example" not in response.content
    assert CachedEvent.objects.exists()
    for event in CachedEvent.objects.all():
        assert make.SECRET.encode() not in bytes(event.ics)


# ── purity ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_bytes_are_the_same_a_second_and_a_day_later(home, at, fetch):
    series = make.series()
    make.sessions(series, make.weekly(TUESDAY, 8))
    first = fetch(series_path(series))
    for span in ({"seconds": 1}, {"hours": 5}, {"days": 1}):
        at.forward(**span)
        again = fetch(series_path(series))
        assert again.content == first.content
        assert again["ETag"] == first["ETag"]
    CachedEvent.objects.all().delete()
    assert fetch(series_path(series)).content == first.content


def test_moving_the_page_or_the_hour_keeps_the_uids(
    home, at, fetch, make_series, django_capture_on_commit_callbacks
):
    from wagtail.models import Page

    with django_capture_on_commit_callbacks(execute=True):
        page = make_series(start_date=dt.date(2027, 3, 9))
    occurrences = Occurrence.objects.order_by("starts_at")
    key = occurrences[0].series.activity.key
    path = reverse("lms_public:feed_series", args=[key])
    before = {str(event["UID"]): event for event in events(fetch(path).content)}
    assert len(before) == 8

    with django_capture_on_commit_callbacks(execute=True):
        folder = Page.objects.get(pk=home.pk).add_child(instance=Page(title="Rak", slug="rak"))
        type(page).objects.get(pk=page.pk).move(folder, pos="last-child")
    moved = {str(event["UID"]): event for event in events(fetch(path).content)}
    assert moved.keys() == before.keys()
    assert {uid: event["SEQUENCE"] for uid, event in moved.items()} == dict.fromkeys(before, 0)

    with django_capture_on_commit_callbacks(execute=True):
        page = type(page).objects.get(pk=page.pk)
        page.title = "Jualan lewat WhatsApp, edisi baru"
        page.save_revision().publish()
    renamed = {str(event["UID"]): event for event in events(fetch(path).content)}
    assert renamed.keys() == before.keys()
    assert {str(event["SUMMARY"]) for event in renamed.values()} == {"Jualan lewat WhatsApp, edisi baru"}
    assert {event["SEQUENCE"] for event in renamed.values()} == {0}

    with django_capture_on_commit_callbacks(execute=True):
        page = type(page).objects.get(pk=page.pk)
        page.start_time = dt.time(7, 0)
        page.save_revision().publish()
    later = {str(event["UID"]): event for event in events(fetch(path).content)}
    assert later.keys() == before.keys()
    assert {event["SEQUENCE"] for event in later.values()} == {1}
    assert {event["DTSTART"].dt.hour for event in later.values()} == {7}


def test_a_change_of_one_session_makes_one_event_anew(home, at):
    series = make.series()
    sessions = make.sessions(series, make.weekly(TUESDAY, 20))
    site = Site.objects.get(is_default_site=True)

    def build():
        feed = queries.series_feed(series.activity.key, site=site, language="id")
        return services.feed_bytes(feed=feed, site=site, language="id")

    assert build().made == 20
    assert build().made == 0
    Occurrence.objects.filter(pk=sessions[7].pk).update(status=CANCELLED, sequence=1)
    changed = build()
    assert changed.made == 1
    assert changed.body.count(b"STATUS:CANCELLED") == 1
    assert build() == services.FeedBytes(changed.body, events=20, made=0, left_out=0)
    assert CachedEvent.objects.count() == 20


def test_a_title_in_one_language_changes_only_the_bytes_of_that_language(home, at, fetch):
    series = make.series({"id": "Jualan", "en": "Selling"})
    make.sessions(series, make.weekly(TUESDAY, 3))
    before = {code: fetch(series_path(series, f"?lang={code}")).content for code in ("id", "en")}
    kept = dict(CachedEvent.objects.filter(language="id").values_list("pk", "fingerprint"))
    series.activity.pages.filter(locale__language_code="en").update(title="Selling by message")
    after = {code: fetch(series_path(series, f"?lang={code}")).content for code in ("id", "en")}
    assert after["id"] == before["id"]
    assert dict(CachedEvent.objects.filter(language="id").values_list("pk", "fingerprint")) == kept
    assert after["en"] != before["en"]
    assert {str(event["SUMMARY"]) for event in events(after["en"])} == {"Selling by message"}
    assert [event["UID"] for event in events(after["en"])] == [event["UID"] for event in events(before["id"])]


def test_a_new_address_of_the_site_reaches_every_event(home, at, fetch):
    series = make.series()
    make.sessions(series, make.weekly(TUESDAY, 3))
    assert b"URL:http://testserver/s/" in fetch(series_path(series)).content
    Site.objects.update(hostname="academy.example", port=443)
    Site.clear_site_root_paths_cache()
    body = fetch(series_path(series)).content
    assert body.count(b"URL:https://academy.example/s/") == 3
    assert b"testserver" not in body


# ── one bad session ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_session_that_cannot_be_written_is_left_out_logged_and_seen(home, at, fetch, caplog):
    good, bad = make.series("Jualan"), make.series("Zona rusak")
    make.sessions(good, make.weekly(TUESDAY, 3))
    (broken,) = make.sessions(bad, [TUESDAY])
    type(bad).objects.filter(pk=bad.pk).update(zone="Mars/Olympus_Mons")
    calendar = make.partner_calendar()
    path = reverse("lms_public:feed_partner", args=[calendar.public_id])
    body = fetch(path).content
    assert by_ical(body) == rows(series=good)
    assert "Mars" not in body.decode()
    assert "left out of calendars" in caplog.text and broken.public_id in caplog.text
    (seen,) = queries.left_out()
    assert seen.occurrence == broken
    assert "Mars/Olympus_Mons" in seen.error
    # It is tried again at each reading, and written to the log once.
    caplog.clear()
    fetch(path)
    assert caplog.text == ""
    fetch(reverse("lms_public:session_ics", args=[broken.public_id]), status=404)
    # Corrected, it comes back by itself.
    type(bad).objects.filter(pk=bad.pk).update(zone="Asia/Jayapura")
    assert by_ical(fetch(path).content) == rows()
    assert not queries.left_out()


def test_the_worst_title_breaks_nothing(home, at, fetch):
    nasty = "a\r\nEND:VEVENT\r\nBEGIN:VALARM\x08\x0b 👩🏽‍🚀; C:\\New, " + "é" * 100
    series = make.series({"id": nasty[:255]})
    make.sessions(series, make.weekly(TUESDAY, 2))
    body = fetch(series_path(series)).content
    said = {each.summary for each in by_recurring_ical_events(body)}
    assert said == {each.summary for each in by_ical(body)} == {ical.one_line(nasty[:255])}
    assert "BEGIN:VALARM" not in lines(body)


def test_a_database_that_cannot_be_written_to_still_answers(home, at, fetch, monkeypatch):
    from django.db import OperationalError

    series = make.series()
    make.sessions(series, make.weekly(TUESDAY, 3))

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(CachedEvent.objects, "bulk_create", full)
    assert len(events(fetch(series_path(series)).content)) == 3
    assert not CachedEvent.objects.exists()


# ── what belongs in ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_window_keeps_thirty_days_of_past_and_cancelled_sessions(home, at, fetch, settings):
    settings.LMS = {"FEED_PAST_DAYS": 3, "FEED_AHEAD_DAYS": 60}
    series = make.series()
    days = (-40, -32, -29, -1, 1, 59, 70)
    sessions = make.sessions(series, [at.moment + dt.timedelta(days=day) for day in days])
    Occurrence.objects.filter(pk=sessions[2].pk).update(status=CANCELLED)
    shown = {str(event["UID"]) for event in events(fetch(series_path(series)).content)}
    assert shown == {each.uid for each in sessions[2:6]}


def test_what_is_not_public_is_not_there(home, at, fetch):
    public, private, gone = make.series("Umum"), make.series("Pribadi", public=False), make.series("Hilang")
    for each in (public, private, gone):
        make.sessions(each, make.weekly(TUESDAY, 2))
    type(gone.activity).objects.filter(pk=gone.activity.pk).update(live=False, public=False)
    for each in (private, gone):
        fetch(series_path(each), status=404)
        fetch(reverse("lms_public:feed_activity", args=[each.activity.key]), status=404)
        fetch(reverse("lms_public:session_ics", args=[each.occurrences.first().public_id]), status=404)
    body = fetch(reverse("lms_public:feed_partner", args=[make.partner_calendar().public_id])).content
    assert by_ical(body) == rows(series=public)
    fetch(reverse("lms_public:feed_series", args=[uuid.uuid4()]), status=404)
    fetch(reverse("lms_public:feed_partner", args=["A" * 22]), status=404)
    fetch(reverse("lms_public:session_ics", args=["A" * 22]), status=404)


def test_a_private_translation_lends_its_title_to_no_feed(home, at, fetch):
    series = make.series({"id": "Rahasia dapur", "en": "Open kitchen"}, private=("id",))
    make.sessions(series, make.weekly(TUESDAY, 2))
    calendar = make.partner_calendar()
    for path in (
        series_path(series, "?lang=id"),
        reverse("lms_public:feed_partner", args=[calendar.public_id]),
        reverse("lms_public:embed_agenda", args=[calendar.public_id]),
    ):
        body = fetch(path).content
        assert b"Open kitchen" in body
        assert b"Rahasia dapur" not in body


def test_a_feed_keeps_to_the_site_it_is_asked_on(home, at, fetch):
    from wagtail.models import Page

    root = Page.objects.get(pk=home.pk).add_child(instance=Page(title="Lain", slug="lain"))
    other_site = Site.objects.create(hostname="lain.example", root_page=root, site_name="Lain")
    here, there = make.series("Di sini"), make.series("Di sana", site=other_site)
    for each in (here, there):
        make.sessions(each, make.weekly(TUESDAY, 2))
    calendar = make.partner_calendar()
    path = reverse("lms_public:feed_partner", args=[calendar.public_id])
    assert by_ical(fetch(path).content) == rows(series=here)
    assert by_ical(fetch(path, host="lain.example").content) == rows(series=there)
    fetch(series_path(there), status=404)
    assert len(events(fetch(series_path(there), host="lain.example").content)) == 2
    tied = make.partner_calendar(site=other_site)
    fetch(reverse("lms_public:feed_partner", args=[tied.public_id]), status=404)
    fetch(reverse("lms_public:embed_agenda", args=[tied.public_id]), status=404)


def test_a_course_and_a_curriculum_hold_the_series_below_them(home, at, fetch):
    one, two, three = make.series("Satu"), make.series("Dua"), make.series("Tiga")
    hidden = make.series("Tersembunyi", public=False)
    for each in (one, two, three, hidden):
        make.sessions(each, make.weekly(TUESDAY, 2))
    lesson = make.activity({"id": "Pelajaran"}, kind="lesson")
    course = make.activity({"id": "Kursus"}, kind="course")
    curriculum = make.activity({"id": "Kurikulum"}, kind="curriculum")
    make.outline(course, lesson, one.activity, hidden.activity)
    make.outline(curriculum, course, two.activity)

    def shown(activity):
        return by_ical(fetch(reverse("lms_public:feed_activity", args=[activity.key])).content)

    assert shown(course) == rows(series=one)
    assert shown(curriculum) == rows(series__in=[one, two])
    assert shown(three.activity) == rows(series=three)
    fetch(series_path(type("Any", (), {"activity": course})), status=404)


def test_a_partner_shows_what_it_chose_and_never_more(home, at, fetch):
    one, two = make.series("Satu"), make.series("Dua")
    course = make.activity({"id": "Kursus"}, kind="course")
    make.outline(course, one.activity)
    for each in (one, two):
        make.sessions(each, make.weekly(TUESDAY, 2))

    def shown(calendar):
        return by_ical(fetch(reverse("lms_public:feed_partner", args=[calendar.public_id])).content)

    assert shown(make.partner_calendar()) == rows()
    assert shown(make.partner_calendar(activities=[two.activity])) == rows(series=two)
    chosen = make.partner_calendar(activities=[course])
    assert shown(chosen) == rows(series=one)
    # All that it chose has become private: it shows nothing, not everything.
    type(course).objects.filter(pk=course.pk).update(public=False)
    assert shown(chosen) == []
    chosen.active = False
    chosen.save()
    fetch(reverse("lms_public:feed_partner", args=[chosen.public_id]), status=404)
