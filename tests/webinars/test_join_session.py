"""A session's own page: an address that never moves, the same for everybody."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.core import clock
from lms.core.page_cache import MARK
from lms.webinars.models import Occurrence
from tests.seating import HIDDEN, make_offer

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2027, 3, 2, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def session():
    return make_offer(first=NOW + dt.timedelta(days=3, hours=13)).occurrences.first()


def address(session, lang="en"):
    path = reverse("lms_public:session", args=[session.public_id])
    return f"{path}?lang={lang}" if lang else path


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_what_when_in_every_zone_and_the_way_in(client, session):
    page = client.get(address(session))
    words = text(page)
    assert page.status_code == 200 and "Jualan lewat WhatsApp" in words
    # 23:00 UTC on the 5th is the morning of the 6th all over the country.
    assert "Saturday, 6 March 2027" in words
    assert all(clock in words for clock in ("06:00–07:30 WIB", "07:00–08:30 WITA", "08:00–09:30 WIT"))
    assert f"/en/register/{session.series.activity.key}/?session={session.public_id}" in page.content.decode()
    assert "Akademi Contoh" in words


def test_the_language_stands_in_the_query(client, session):
    page = client.get(address(session, "id")).content.decode()
    assert '<html lang="id">' in page and "Sabtu, 6 Maret 2027" in page and "/id/register/" in page
    assert '<html lang="en">' in client.get(address(session, "en")).content.decode()
    assert client.get(address(session, "xx")).status_code == 200


def test_the_page_is_the_same_for_everybody_and_may_be_kept(client, session):
    page = client.get(address(session, ""))
    assert getattr(page, MARK) and not page.cookies and "Cookie" not in page.get("Vary", "")
    assert "csrf" not in page.content.decode()
    assert page.content == client.get(address(session, "")).content


def test_a_cancelled_session_says_so_and_offers_no_seat(client, session):
    Occurrence.objects.filter(pk=session.pk).update(status="cancelled")
    page = client.get(address(session))
    assert "does not take place" in text(page) and "/register/" not in page.content.decode()


def test_a_moved_session_says_from_when(client, session):
    later = session.starts_at + dt.timedelta(days=2)
    Occurrence.objects.filter(pk=session.pk).update(starts_at=later, ends_at=later + dt.timedelta(hours=1))
    words = text(client.get(address(session)))
    assert "planned for Saturday, 6 March 2027 first" in words and "Monday, 8 March 2027" in words


def test_a_session_that_is_over_or_on_says_so(client, session):
    Occurrence.objects.filter(pk=session.pk).update(
        starts_at=NOW - dt.timedelta(hours=1), ends_at=NOW + dt.timedelta(hours=1)
    )
    assert "On right now" in text(client.get(address(session)))
    Occurrence.objects.filter(pk=session.pk).update(ends_at=NOW - dt.timedelta(minutes=1))
    page = client.get(address(session))
    assert "This session is over." in text(page) and "/register/" not in page.content.decode()


def test_a_full_session_offers_the_waiting_list(client, session):
    Occurrence.objects.filter(pk=session.pk).update(capacity=1, taken=1)
    assert "Join the waiting list" in text(client.get(address(session)))


@pytest.mark.parametrize("flags", [{"live": False, "public": False}, {"public": False}])
def test_what_is_not_public_is_not_there(client, flags):
    hidden = make_offer(title="Rahasia Perusahaan", **flags).occurrences.first()
    page, unknown = client.get(address(hidden)), client.get("/s/AAAAAAAAAAAAAAAAAAAAAA?lang=en")
    assert page.status_code == unknown.status_code == 404
    assert page.content.replace(hidden.public_id.encode(), b"A" * 22) == unknown.content
    assert not getattr(page, MARK, False)


@pytest.mark.parametrize("public_id", ["x", "%00", "é🙂", "x" * 3000, "..%2F..%2Fetc"])
def test_addresses_that_are_none(client, public_id):
    assert client.get(f"/s/{public_id}").status_code == 404


def test_constant_queries_and_no_secret(client, session):
    client.get(address(session))
    with CaptureQueriesContext(connection) as captured:
        page = client.get(address(session))
    assert len(captured) <= 6
    assert HIDDEN not in page.content.decode()
    assert not any("join_url" in query["sql"] for query in captured), "the secret is not even read"
