"""The calendar: agenda and month, zones and filters, at a constant cost."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.cache import cache

from lms.core import clock
from lms.pages.calendar_days import day_in, month_in
from lms.webinars.models import Occurrence
from tests.academy.listing import more_sessions, queries

pytestmark = pytest.mark.django_db


def page(client, query="", language="id"):
    path = {"id": "/id/kalender/", "en": "/en/calendar/"}[language]
    response = client.get(path + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_agenda_has_every_session_to_come_once(client):
    text = page(client)
    coming = Occurrence.objects.filter(ends_at__gt=clock.now())
    assert text.count('<time class="clock"') == coming.count() > 5
    for each in coming:
        assert f"/s/{each.public_id}?lang=id" in text
    for label in ("WIB", "WITA", "WIT"):
        assert label in text


def test_a_zone_moves_days_and_clocks(client):
    # 23:30 in Jakarta is half past one of the next day in Jayapura.
    start = dt.datetime(2031, 5, 6, 16, 30, tzinfo=dt.UTC)
    more_sessions(1, start)
    assert 'id="day-20310506"' in page(client, "?month=2031-05")
    text = page(client, "?month=2031-05&zone=wit")
    assert 'id="day-20310507"' in text and "01.30" in text and "01.30–02.30 WIT" in text


def test_a_month_is_a_table_with_caption_and_heads_and_today(client):
    text = page(client, "?view=month")
    assert re.search(r'<table class="month"><caption>\w+ \d{4}, jam dalam WIB</caption>', text)
    assert text.count('<th scope="col"') == 7
    today = clock.wall_clock(clock.now(), "Asia/Jakarta").date()
    cell = re.search(r'<td class=" today" aria-current="date">(.*?)</td>', text, re.S)[1]
    assert f'<time datetime="{today}">' in cell and "hari ini" in cell
    month = clock.wall_clock(clock.now(), "Asia/Jakarta").strftime("%Y-%m")
    assert text.count('<time datetime="') == text.count(f'<time datetime="{month}-')


def test_months_lead_on_only_where_something_is(client):
    text = page(client, "?view=month&month=2045-01")
    assert 'rel="next"' not in text and 'rel="prev"' in text
    assert "Tidak ada sesi: Januari 2045" in text and "Lihat sesinya" in text


def test_filters_and_the_switch_of_language_keep_everything(client):
    text = page(client, "?view=month&zone=wita&curriculum=pembayaran-digital")
    assert "/en/calendar/?view=month&amp;zone=wita&amp;curriculum=pembayaran-digital" in text
    assert '<input type="hidden" name="zone" value="wita">' in text
    assert "zone=wit&" in text or "zone=wit" in text
    titles = set(
        re.findall(
            r'<p class="title"><a href="[^"]+">([^<]+)', page(client, "?curriculum=pembayaran-digital")
        )
    )
    assert len(titles) == 1


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=0001-01", "day=2026-02-30", "zone=mars", "series=x", "month=%00"]
)
def test_what_is_not_known_is_said_and_passed_over(client, query):
    text = page(client, f"?{query}")
    assert '<time class="clock"' in text
    assert ("tidak dikenal" in text) == ("%00" not in query)


@pytest.mark.parametrize(
    "text", ["", "2026-1", "2026-00", "2026-01-01", "20260-1", "２０２６-01", "1999-12", "2101-01"]
)
def test_months_are_read_strictly(text):
    assert month_in(text) is None


def test_days_are_read_strictly():
    assert day_in("20260302") is None and day_in("2026-03-02") == dt.date(2026, 3, 2)


def test_a_cancelled_session_stays_and_says_so(client):
    first = Occurrence.objects.filter(starts_at__gt=clock.now()).earliest("starts_at")
    Occurrence.objects.filter(pk=first.pk).update(status=Occurrence.Status.CANCELLED)
    cache.clear()
    assert "Tidak diadakan" in page(client) or "Tidak jadi" in page(client) or "cancelled" in page(client)


@pytest.mark.parametrize("query", ["", "?month=2031-05", "?view=month&month=2031-05&zone=wita"])
def test_five_hundred_sessions_cost_as_many_queries_as_twenty(client, query):
    start = dt.datetime(2031, 5, 1, 0, 0, tzinfo=dt.UTC)
    more_sessions(20, start)
    few = queries(client, f"/id/kalender/{query}")
    more_sessions(480, start + dt.timedelta(days=1, minutes=1))
    assert queries(client, f"/id/kalender/{query}") == few <= 26


def test_many_sessions_of_one_day_lead_to_the_list_of_that_day(client):
    more_sessions(9, dt.datetime(2031, 5, 6, 1, 0, tzinfo=dt.UTC))
    text = page(client, "?view=month&month=2031-05")
    assert "<b>+6</b>" in text and "day=2031-05-06" in text
    assert page(client, "?day=2031-05-06").count('<time class="clock"') == 9
