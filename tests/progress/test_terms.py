"""From when to when a run counts: pure, for any date and zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.progress.rules import add_months, ends_at, first_moment, starts_at

JAKARTA = "Asia/Jakarta"
zones = st.sampled_from([JAKARTA, "Asia/Jayapura", "Europe/Berlin", "America/New_York", "Pacific/Apia"])
days = st.dates(dt.date(2020, 1, 1), dt.date(2080, 12, 31))
moments = st.datetimes(dt.datetime(2020, 1, 2), dt.datetime(2080, 12, 31), timezones=st.just(dt.UTC))
months = st.integers(1, 240)


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2027-11-15", 14, "2029-01-15"),
        ("2028-02-29", 12, "2029-02-28"),
    ],
)
def test_months_are_those_of_the_calendar(day, count, result):
    assert add_months(dt.date.fromisoformat(day), count) == dt.date.fromisoformat(result)


def test_a_year_from_the_morning_of_a_day_ends_with_that_day_a_year_later():
    started = dt.datetime(2027, 3, 1, 23, 30, tzinfo=ZoneInfo(JAKARTA))
    end = ends_at(started, months=12, last_day=None, zone=JAKARTA)
    assert end == dt.datetime(2028, 3, 2, tzinfo=ZoneInfo(JAKARTA))


def test_the_day_on_which_a_run_began_is_that_of_the_zone():
    # Half past eleven at night in Jakarta is the next day in Jayapura, and still the same day in London.
    started = dt.datetime(2027, 3, 1, 23, 30, tzinfo=ZoneInfo(JAKARTA))
    for zone, last in (("Asia/Jayapura", dt.date(2027, 4, 2)), ("Europe/London", dt.date(2027, 4, 1))):
        after = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
        assert ends_at(started, months=1, last_day=None, zone=zone) == after


def test_the_cohorts_last_day_wins_when_it_is_earlier():
    started = dt.datetime(2027, 3, 1, 8, tzinfo=ZoneInfo(JAKARTA))
    last = dt.date(2027, 4, 30)
    expected = dt.datetime(2027, 5, 1, tzinfo=ZoneInfo(JAKARTA))
    assert ends_at(started, months=12, last_day=last, zone=JAKARTA) == expected
    assert ends_at(started, months=None, last_day=last, zone=JAKARTA) == expected
    assert ends_at(started, months=1, last_day=last, zone=JAKARTA) == dt.datetime(
        2027, 4, 2, tzinfo=ZoneInfo(JAKARTA)
    )


@given(moments, st.none() | months, st.none() | days, zones)
def test_an_end_never_lies_before_the_start_and_lasts_whole_days(started, count, last_day, zone):
    end = ends_at(started, months=count, last_day=last_day, zone=zone)
    assert (end is None) == (count is None and last_day is None)
    if end is None:
        return
    assert end >= started
    if end > started and zone != "Pacific/Apia":
        local = end.astimezone(ZoneInfo(zone))
        assert (local.hour, local.minute) == (0, 0)
        assert last_day is None or local.date() <= last_day + dt.timedelta(days=1)


@given(days, months, st.integers(1, 240))
def test_more_months_are_never_earlier(day, count, further):
    assert day < add_months(day, count) <= add_months(day, count + further)


@given(moments, st.none() | days, zones)
def test_a_run_starts_with_its_cohort_or_later(moment, first_day, zone):
    started = starts_at(moment, first_day=first_day, zone=zone)
    assert started >= moment and (first_day is None or started >= first_moment(first_day, zone))
    assert started in (moment, first_day and first_moment(first_day, zone))


def test_the_start_is_dated_in_the_zone_and_the_end_is_told_in_utc():
    # 20:00 UTC on 31 January is 03:00 on 1 February in Jakarta: a month later is 1 March, whose last moment is meant.
    started = dt.datetime(2027, 1, 31, 20, tzinfo=dt.UTC)
    ends = ends_at(started_at=started, zone=JAKARTA, months=1, last_day=None)
    assert ends == dt.datetime(2027, 3, 1, 17, tzinfo=dt.UTC)
    assert ends.tzinfo is dt.UTC
    assert first_moment(dt.date(2027, 3, 2), JAKARTA).tzinfo is dt.UTC
