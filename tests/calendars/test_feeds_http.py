"""Feeds over HTTP: languages, headers, validators, compression, freshness, and what they cost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms import signals
from lms.calendars import queries, services
from lms.calendars.models import CachedEvent
from lms.webinars.models import Occurrence
from tests.calendars import factories as make
from tests.calendars.expected import CANCELLED, mark, rows, series_path
from tests.calendars.parsing import by_ical, by_recurring_ical_events, events, lines

pytestmark = pytest.mark.django_db
TUESDAY = dt.datetime(2027, 3, 2, 6, 0)


# ── language and unknown parameters ──────────────────────────────────────────────────────────────────────────────


def test_words_come_in_the_language_asked_for(home, at, fetch):
    series = make.series({"id": "Jualan", "en": "Selling"})
    (session,) = make.sessions(series, [TUESDAY])
    Occurrence.objects.filter(pk=session.pk).update(status=CANCELLED)
    for language, title in (("id", "Jualan"), ("en", "Selling")):
        response = fetch(series_path(series, f"?lang={language}"))
        (event,) = events(response.content)
        assert str(event["SUMMARY"]) == f"{mark(language)} {title}"
        assert response["Content-Language"] == language
        assert f"NAME:{title}" in lines(response.content)
    assert (mark("id"), mark("en")) == ("[DIBATALKAN]", "[CANCELLED]")


def test_a_missing_translation_falls_back_to_the_owner(home, at, fetch):
    series = make.series({"id": "Hanya Indonesia"})
    make.sessions(series, [TUESDAY])
    (event,) = events(fetch(series_path(series, "?lang=en")).content)
    assert str(event["SUMMARY"]) == "Hanya Indonesia"


def test_a_partner_has_its_own_language(home, at, fetch):
    make.sessions(make.series({"id": "Jualan", "en": "Selling"}), [TUESDAY])
    path = reverse("lms_public:feed_partner", args=[make.partner_calendar(language="id").public_id])
    assert b"SUMMARY:Jualan" in fetch(path).content
    assert b"SUMMARY:Selling" in fetch(f"{path}?lang=en", fresh=False).content
    assert b"SUMMARY:Jualan" in fetch(f"{path}?lang=tlh", fresh=False).content
    assert b"SUMMARY:Selling" in fetch(f"{path}?lang=en", fresh=False).content


@pytest.mark.parametrize(
    "query", ["?utm_source=mail", "?lang=tlh", "?lang=", "?tz=Mars", "?lang=%00&tz=%F0&x", "?lang=e&lang="]
)
def test_unknown_parameters_change_nothing(home, at, fetch, query):
    series = make.series()
    make.sessions(series, make.weekly(TUESDAY, 2))
    assert fetch(series_path(series, query)).content == fetch(series_path(series)).content


# ── HTTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_answer_is_one_that_anybody_may_keep(home, at, fetch):
    series = make.series({"id": "Jualan lewat WhatsApp!"})
    make.sessions(series, make.weekly(TUESDAY, 2))
    response = fetch(series_path(series))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="jualan-lewat-whatsapp.ics"'
    assert response["Cache-Control"] == "public, max-age=300"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Cookie" not in response.get("Vary", "")
    assert not response["ETag"].startswith("W/")
    assert response["Last-Modified"]
    assert response.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert response.content.endswith(b"END:VCALENDAR\r\n")


def test_a_browser_of_another_origin_may_ask_with_a_validator(home, at, client):
    series = make.series()
    response = client.options(series_path(series), headers={"origin": "https://www.bank.example"})
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in response["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_feed_is_only_read(home, at, client, method):
    assert getattr(client, method)(series_path(make.series())).status_code == 405


def test_the_head_alone_may_be_asked_for(home, at, client, fetch):
    series = make.series()
    make.sessions(series, make.weekly(TUESDAY, 2))
    whole = fetch(series_path(series))
    head = client.head(series_path(series))
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])


def test_who_has_it_already_is_told_so_in_two_queries(home, at, fetch):
    series = make.series()
    make.sessions(series, make.weekly(TUESDAY, 30))
    for query in ("", "?lang=id", "?tz=utc"):
        path = series_path(series, query)
        first = fetch(path)
        for validators in (
            {"if-none-match": first["ETag"]},
            {"if-none-match": f'"other", W/{first["ETag"]}'},  # a proxy compressed it and weakened the tag
            {"if-modified-since": first["Last-Modified"]},
        ):
            with CaptureQueriesContext(connection) as asked:
                response = fetch(path, fresh=False, status=304, **validators)
            assert len(asked) <= 2
            assert response.content == b""
            assert response["ETag"] == first["ETag"]
            assert response["Cache-Control"] == "public, max-age=300"
            assert response["Access-Control-Allow-Origin"] == "*"
        assert fetch(path, fresh=False, **{"if-none-match": '"older"'}).content == first.content


def test_nothing_kept_is_as_right_and_still_304(home, at, fetch, settings):
    settings.LMS = {"PAGE_CACHE_SECONDS": 0}
    series = make.series()
    make.sessions(series, make.weekly(TUESDAY, 3))
    first = fetch(series_path(series))
    fetch(series_path(series), status=304, **{"if-none-match": first["ETag"]})
    Occurrence.objects.update(sequence=1)
    assert fetch(series_path(series), **{"if-none-match": first["ETag"]}).content != first.content


def test_it_is_compressed_once_and_the_tag_says_so(home, at, fetch):
    import gzip

    series = make.series()
    make.sessions(series, make.weekly(TUESDAY, 50))
    plain = fetch(series_path(series))
    zipped = fetch(series_path(series), fresh=False, **{"accept-encoding": "br;q=1, gzip;q=0.8"})
    assert zipped["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert len(zipped.content) < len(plain.content) / 5
    assert zipped["ETag"] != plain["ETag"]
    assert "Accept-Encoding" in zipped["Vary"] and "Accept-Encoding" in plain["Vary"]
    again = fetch(series_path(series), fresh=False, **{"accept-encoding": "gzip"})
    assert again.content == zipped.content
    refused = fetch(series_path(series), fresh=False, **{"accept-encoding": "gzip;q=0"})
    assert not refused.has_header("Content-Encoding")
    headers = {"accept-encoding": "gzip", "if-none-match": zipped["ETag"]}
    fetch(series_path(series), fresh=False, status=304, **headers)


def test_a_hundred_events_take_at_most_twelve_kilobytes_on_the_way(home, at, fetch):
    series = make.series({"id": "Jualan lewat WhatsApp: dari katalog sampai kirim"})
    make.sessions(series, [TUESDAY + dt.timedelta(days=3 * day) for day in range(100)])
    assert len(fetch(series_path(series), **{"accept-encoding": "gzip"}).content) <= 12_000


@pytest.mark.django_db(transaction=True)
def test_a_change_shows_on_the_next_request(home, at, fetch):
    series = make.series()
    sessions = make.sessions(series, make.weekly(TUESDAY, 3))
    calendar = make.partner_calendar()
    agenda = reverse("lms_public:embed_agenda", args=[calendar.public_id])
    first, page = fetch(series_path(series)), fetch(agenda, fresh=False)
    assert fetch(series_path(series), fresh=False)["ETag"] == first["ETag"]
    Occurrence.objects.filter(pk=sessions[0].pk).update(status=CANCELLED, sequence=1)
    signals.occurrences_changed.send(
        sender=Occurrence, occurrence_ids=[sessions[0].pk], significant=[sessions[0].pk]
    )
    again = fetch(series_path(series), fresh=False, **{"if-none-match": first["ETag"]})
    assert again["ETag"] != first["ETag"]
    assert b"STATUS:CANCELLED" in again.content
    assert fetch(agenda, fresh=False).content != page.content


@pytest.mark.django_db(transaction=True)
def test_publishing_and_unpublishing_show_on_the_next_request(home, at, fetch, make_series):
    page = make_series(start_date=dt.date(2027, 3, 9))
    calendar = make.partner_calendar()
    path = reverse("lms_public:feed_partner", args=[calendar.public_id])
    first = fetch(path)
    assert len(events(first.content)) == 8

    at.forward(minutes=5)
    page.title = "Judul baru"
    page.save_revision().publish()
    renamed = fetch(path, fresh=False, **{"if-modified-since": first["Last-Modified"]})
    assert {str(event["SUMMARY"]) for event in events(renamed.content)} == {"Judul baru"}

    at.forward(minutes=5)
    type(page).objects.get(pk=page.pk).unpublish()
    # Nothing is left in the feed whose time could tell; still nobody is told that it did not change.
    gone = fetch(path, fresh=False, **{"if-modified-since": renamed["Last-Modified"]})
    assert events(gone.content) == []
    series = Occurrence.objects.first().series
    fetch(series_path(series), fresh=False, status=404)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["calendar", "filter", "partner"])
def test_a_changed_calendar_shows_on_the_next_request(home, at, fetch, change):
    one, two = make.series("Satu"), make.series("Dua")
    for each in (one, two):
        make.sessions(each, [TUESDAY])
    calendar = make.partner_calendar()
    agenda = reverse("lms_public:embed_agenda", args=[calendar.public_id])
    first = fetch(agenda)
    if change == "calendar":
        calendar.name = "Nama baru"
        calendar.save()
    elif change == "filter":
        calendar.activities.set([one.activity])
    else:
        calendar.partner.accent = "#b91c1c"
        calendar.partner.save()
    assert fetch(agenda, fresh=False).content != first.content


# ── cost ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kept", [False, True])
def test_queries_do_not_grow_with_sessions_or_series(home, at, fetch, kept):
    def counted(series_count, each_count):
        course = make.activity({"id": f"Kursus {series_count}"}, kind="course")
        series = [make.series(f"Seri {number}") for number in range(series_count)]
        for one in series:
            make.sessions(one, [TUESDAY + dt.timedelta(hours=2 * place) for place in range(each_count)])
        make.outline(course, *(one.activity for one in series))
        calendar = make.partner_calendar(activities=[course])
        costs = {}
        for name, key in (("feed_activity", course.key), ("feed_partner", calendar.public_id)):
            path = reverse(f"lms_public:{name}", args=[key])
            if kept:
                fetch(path)
            with CaptureQueriesContext(connection) as asked:
                body = fetch(path).content
            assert body.count(b"BEGIN:VEVENT") == series_count * each_count
            costs[name] = len(asked)
        return costs

    few, many = counted(2, 5), counted(20, 50)
    if kept:
        assert few == many
    else:
        # What is made for the first time is read and written in batches, not one by one.
        assert all(cost - few[name] <= 1000 / 100 for name, cost in many.items())


def test_words_for_mails_cost_two_queries_and_keep_the_order(home, at, django_assert_num_queries):
    one, two = make.series({"id": "Satu", "en": "One"}), make.series("Dua", public=False)
    sessions = [*make.sessions(one, make.weekly(TUESDAY, 5)), *make.sessions(two, make.weekly(TUESDAY, 5))]
    asked = list(Occurrence.objects.filter(pk__in=[each.pk for each in sessions]).order_by("-pk"))
    with django_assert_num_queries(2):
        facts = queries.event_facts(asked, language="en")
    assert [each.uid for each in facts] == [each.uid for each in asked]
    # Somebody who takes part in a private series has a seat there and may read its title.
    assert [each.summary for each in facts] == ["Dua"] * 5 + ["One"] * 5
    assert queries.event_facts([], language="en") == []


def test_past_events_are_forgotten_by_the_sweep(home, at, fetch):
    series = make.series()
    make.sessions(series, [at.moment + dt.timedelta(days=day) for day in (-20, 5)])
    fetch(series_path(series))
    assert CachedEvent.objects.count() == 2
    assert services.forget_past_events() == 0
    at.forward(days=30)
    assert services.forget_past_events() == 1
    assert CachedEvent.objects.get().occurrence.starts_at > at.moment - dt.timedelta(days=30)


def test_one_session_is_a_file_of_its_own(home, at, fetch):
    series = make.series({"id": "Jualan", "en": "Selling"})
    first, _second = make.sessions(series, [at.moment - dt.timedelta(days=300), at.moment])
    response = fetch(reverse("lms_public:session_ics", args=[first.public_id]) + "?lang=id")
    assert by_ical(response.content) == by_recurring_ical_events(response.content) == rows(pk=first.pk)
    # With a name, some programs would make a calendar of it.
    assert not [line for line in lines(response.content) if line.startswith(("X-WR", "NAME", "METHOD"))]
    assert response["Content-Disposition"] == 'inline; filename="sesi.ics"'
    # A person taps it, so without a word it is in the language of their browser; a feed never is.
    for language, title in (("id", "Jualan"), ("en", "Selling")):
        tapped = fetch(
            reverse("lms_public:session_ics", args=[first.public_id]), **{"accept-language": language}
        )
        assert [each.summary for each in by_ical(tapped.content)] == [title]
        assert (
            fetch(series_path(series), **{"accept-language": language}).content
            == fetch(series_path(series)).content
        )
