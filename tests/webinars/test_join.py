"""The way into a session: open when it should be, recorded, and the provider's address stands nowhere else."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Site

from lms.core import clock, links
from lms.webinars.models import JoinClick, Occurrence, Registration
from lms.webinars.services import seats
from tests.seating import HIDDEN, add_session, make_learner, make_offer

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2027, 3, 2, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def seat(*, starts_in=5, learner=None, **fields):
    """A seat at a session that starts in some minutes and lasts 90."""
    series = make_offer(sessions=1, first=NOW + dt.timedelta(minutes=starts_in), **fields)
    learner = learner or make_learner(language="en", zone="Asia/Makassar")
    occurrence = series.occurrences.get()
    registration, _ = Registration.objects.get_or_create(
        occurrence=occurrence, learner=learner, defaults={"state": "registered", "queued_at": NOW}
    )
    return registration


def way_in(registration, **more):
    values = {"purpose": "join", "public_id": registration.public_id, "version": registration.link_version}
    return reverse("lms_public:join", args=[links.sign(**(values | more))])


def kinds(captured):
    """What was asked of the database, without the page cache's look at its generation."""
    return [query["sql"].split()[0] for query in captured if "pagecachegeneration" not in query["sql"]]


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_link_is_recorded_and_leads_in(client):
    registration = seat()
    answer = client.get(way_in(registration))
    assert answer.status_code == 302 and answer["Location"] == HIDDEN
    assert answer["Referrer-Policy"] == "no-referrer" and "no-store" in answer["Cache-Control"]
    click = JoinClick.objects.get()
    assert click.registration == registration and click.clicked_at == NOW


def test_a_session_may_have_a_room_of_its_own(client):
    registration = seat()
    Occurrence.objects.update(join_url="https://meet.example/other")
    assert client.get(way_in(registration))["Location"] == "https://meet.example/other"


@pytest.mark.parametrize(
    ("starts_in", "opens"),
    [(31, False), (30, True), (0, True), (-90, True), (-120, True), (-121, False), (60 * 24, False)],
)
def test_when_the_door_is_open(client, starts_in, opens):
    answer = client.get(way_in(seat(starts_in=starts_in)))
    assert (answer.status_code == 302) is opens
    assert JoinClick.objects.count() == opens
    if not opens:
        assert HIDDEN not in answer.content.decode()


def test_the_hours_of_the_door_are_a_setting(client, settings):
    registration = seat(starts_in=50)
    assert client.get(way_in(registration)).status_code == 200
    settings.LMS = {"JOIN_OPENS_MINUTES": 60}
    assert client.get(way_in(registration)).status_code == 302


def test_too_early_says_when_in_the_learners_own_time(client):
    page = text(client.get(way_in(seat(starts_in=120))))
    # 12:00 UTC is 20:00 in Makassar and 19:00 in Jakarta; the door opens half an hour before.
    assert "You are early" in page and "at 19:30 WITA" in page
    assert "20:00–21:30 WITA" in page and "19:00–20:30 WIB" in page


def test_too_late_says_where_to_look(client):
    assert "This session is over." in text(client.get(way_in(seat(starts_in=-300))))


def test_a_cancelled_session_says_so(client):
    registration = seat()
    Occurrence.objects.update(status="cancelled")
    assert "does not take place" in text(client.get(way_in(registration)))


@pytest.mark.parametrize(
    ("state", "says"),
    [("waitlisted", "You are on the waiting list."), ("cancelled", "You have given back your place")],
)
def test_without_a_seat_nobody_comes_in(client, state, says):
    registration = seat()
    Registration.objects.update(state=state)
    answer = client.get(way_in(registration))
    assert answer.status_code == 200 and says in text(answer)
    assert not JoinClick.objects.exists() and HIDDEN not in answer.content.decode()


def test_a_room_that_nobody_has_opened_yet(client):
    registration = seat()
    registration.occurrence.series.join_url = ""
    registration.occurrence.series.save()
    answer = client.get(way_in(registration))
    assert answer.status_code == 200 and "not open yet" in text(answer) and not JoinClick.objects.exists()


def test_the_page_speaks_the_learners_language(client):
    learner = make_learner(language="id", zone="Asia/Jayapura")
    assert '<html lang="id">' in client.get(way_in(seat(starts_in=300, learner=learner))).content.decode()
    asked = client.get(way_in(seat(starts_in=300, learner=learner)) + "?lang=en")
    assert '<html lang="en">' in asked.content.decode()


# ── links that are none ──────────────────────────────────────────────────────────────────────────────────────────


def test_forged_cut_and_foreign_links_open_nothing(client):
    registration = seat()
    good = way_in(registration)
    token = good.rpartition("/")[2]
    bad = [
        token[:-1],
        token[:-4] + "AAAA",
        token.replace(".1.", ".2."),
        token.partition(".")[0],
        links.sign(purpose="person", public_id=registration.public_id, version=1),
        links.sign(purpose="join", public_id=registration.learner.public_id, version=1) + "x",
        "x" * 2000,
        "%00",
        "é🙂",
    ]
    for each in bad:
        answer = client.get(f"/j/{each}")
        assert answer.status_code == 404 and "This link does not work." in text(answer), each
        assert HIDDEN not in answer.content.decode()
    assert not JoinClick.objects.exists()
    assert client.get(good).status_code == 302


def test_a_genuine_link_to_nothing_was_replaced(client):
    token = links.sign(purpose="join", public_id=make_learner().public_id, version=1)
    assert client.get(f"/j/{token}").status_code == 410


def test_a_revoked_link_says_so(client):
    registration = seat()
    old = way_in(registration)
    seats.revoke_join_links(learner=registration.learner)
    answer = client.get(old)
    assert answer.status_code == 410 and "replaced by a newer one" in text(answer)
    registration.refresh_from_db()
    assert client.get(way_in(registration)).status_code == 302


# ── who only looks ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"User-Agent": "WhatsApp/2.23.20.0 A"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "TelegramBot (like TwitterBot)"},
    ],
)
def test_programs_that_look_ahead_are_not_people(client, headers):
    answer = client.get(way_in(seat()), headers=headers)
    assert answer.status_code == 200 and not JoinClick.objects.exists()
    assert HIDDEN not in answer.content.decode() and "Join now" in text(answer)


def test_head_records_nothing_and_tells_nothing(client):
    answer = client.head(way_in(seat()))
    assert answer.status_code == 200 and "Location" not in answer and not JoinClick.objects.exists()


def test_a_phone_whose_name_ends_in_bot_is_a_person(client):
    agent = "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/91.0 Mobile Safari/537.36"
    assert client.get(way_in(seat()), headers={"User-Agent": agent}).status_code == 302


def test_nothing_can_be_posted(client):
    assert client.post(way_in(seat())).status_code == 405


# ── cost, proof, silence ─────────────────────────────────────────────────────────────────────────────────────────


def test_one_query_and_one_insert(client):
    learner = make_learner(verified=True)
    path = way_in(seat(learner=learner))
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    assert kinds(captured) == ["SELECT", "INSERT"] and len(captured) <= 3


def test_following_it_proves_the_address_once(client):
    registration = seat()
    path = way_in(registration)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    assert kinds(captured) == ["SELECT", "INSERT", "UPDATE"]
    assert registration.learner.addresses.get().verified_at


def test_every_press_counts_as_one(client):
    path = way_in(seat())
    for _ in range(3):
        client.get(path)
    assert JoinClick.objects.count() == 3


def test_the_provider_stands_in_no_page_that_anybody_can_read(client, home):
    """The canary: searched for in everything that is public or personal."""
    registration = seat(title="Jualan")
    series = registration.occurrence.series
    series.activity.site = Site.objects.get()
    series.activity.save()
    add_session(series, NOW + dt.timedelta(days=7), join_url="https://meet.example/rahasia-canary-own")
    token = links.sign(purpose="person", public_id=registration.learner.public_id, version=1)
    paths = [
        reverse("lms_public:session", args=[registration.occurrence.public_id]),
        reverse("lms_public:session_ics", args=[registration.occurrence.public_id]),
        reverse("lms_public:feed_series", args=[series.activity.key]),
        reverse("lms:register", args=[series.activity.key]),
        reverse("lms:registered", args=[series.activity.key]),
        reverse("lms_public:person", args=[token]),
        reverse("lms_public:person_cancel", args=[token, registration.public_id]),
    ]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        content = content.replace(b"\r\n ", b"")  # lines of calendars are folded
        assert b"rahasia-canary" not in content and "rahasia-canary" not in str(dict(answer.items())), path


def test_it_works_without_cookies_and_sets_none():
    answer = Client().get(way_in(seat()))
    assert answer.status_code == 302 and not answer.cookies
