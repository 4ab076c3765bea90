"""Dates of the demo: deterministic for a moment, some behind and some ahead, whatever the day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.home.demo import schedule
from lms.webinars.recurrence import parse, session_dates
from lms.webinars.recurrence.text import write

RULE = "RRULE:FREQ=WEEKLY;COUNT=9;BYDAY=TU\nEXDATE:20260414"
START = dt.date(2026, 3, 3)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)))
def test_five_of_eight_sessions_are_over_on_any_day(over):
    dates = list(session_dates(RULE, start_date=START, zone="Asia/Jakarta").sessions)
    days = schedule.days_to_now(dates, over)
    assert days % 7 == 0
    moved = list(
        session_dates(
            write(schedule.shifted(parse(RULE), days)),
            start_date=START + dt.timedelta(days=days),
            zone="Asia/Jakarta",
        ).sessions
    )
    assert [date.weekday() for date in moved] == [1] * 8
    assert sum(date <= over for date in moved) == 5
    # The date that is left out moves along.
    assert (moved[6] - moved[5]).days == 14


@pytest.mark.django_db
def test_setting_dates_again_changes_nothing():
    assert schedule.set_dates(meeting_url="http://127.0.0.1:8001/room/") == 0


@pytest.mark.django_db
def test_a_demo_that_was_left_alone_for_months_gets_more_sessions_and_keeps_the_old_ones(
    monkeypatch, django_capture_on_commit_callbacks
):
    from lms.core import clock
    from lms.webinars.models import Occurrence

    before = list(Occurrence.objects.order_by("starts_at").values_list("public_id", flat=True))
    later = clock.now() + dt.timedelta(days=60)
    monkeypatch.setattr(clock, "now", lambda: later)
    # The rule ends before; one long enough reaches beyond today.
    published = 0
    while not Occurrence.objects.filter(starts_at__gt=later).exists():
        with django_capture_on_commit_callbacks(execute=True):
            published += schedule.set_dates(meeting_url="http://127.0.0.1:8001/room/")
        assert published < 5
    after = list(Occurrence.objects.order_by("starts_at").values_list("public_id", flat=True))
    assert after[: len(before)] == before
    assert schedule.set_dates(meeting_url="http://127.0.0.1:8001/room/") == 0
