"""Dates and times of a series. The oracle for dates is dateutil; for times it is the clock on the wall."""

from __future__ import annotations

import datetime as dt
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.webinars.recurrence import HORIZON_YEARS, MAX_SESSIONS, RuleError, expand, normalise, session_dates
from lms.webinars.recurrence import expansion as expansion_module

ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "America/New_York"]
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
starts = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
few = st.integers(1, 40)


def dates_of(text: str, start: dt.date, zone: str = "Asia/Jakarta") -> list[dt.date]:
    return list(session_dates(text, start_date=start, zone=zone).sessions)


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, dt.date]:
    """A rule that names days in one of the ways that RFC 5545 allows for its frequency, and a first date."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    parts.append(f"INTERVAL={draw(st.integers(1, 3))}")
    numbers = {"MONTHLY": [1, 2, 3, 4, 5, -1, -2, -5], "YEARLY": [1, 2, 10, 20, 53, -1, -20]}.get(
        frequency, []
    )
    if draw(st.booleans()):
        count = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True)
        # dateutil finds nothing for a mixture such as MO,1TU, so all of them are numbered, or none.
        prefixes = st.sampled_from(list(map(str, numbers)) if numbers and draw(st.booleans()) else [""])
        parts.append("BYDAY=" + ",".join(draw(prefixes) + day for day in draw(count)))
    if frequency != "WEEKLY" and draw(st.booleans()):
        days = st.lists(st.integers(-31, 31).filter(bool), min_size=1, max_size=4, unique=True)
        parts.append("BYMONTHDAY=" + ",".join(map(str, draw(days))))
    # dateutil fails with an IndexError where a numbered weekday lies beyond the year that BYMONTH cuts short.
    if not (frequency == "YEARLY" and "BYDAY" in parts[-1] + parts[-2]) and draw(st.booleans()):
        months = st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True)
        parts.append("BYMONTH=" + ",".join(map(str, draw(months))))
    # dateutil cuts the first week off at the first date before it counts positions; the standard does not.
    if frequency in ("MONTHLY", "YEARLY") and len(parts) > 2 and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from([1, 2, 3, -1, -2]))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(WEEKDAYS))}")
    return ";".join(parts), draw(starts)


@settings(max_examples=400, deadline=None)
@given(rules(), few, st.booleans())
def test_dates_are_those_of_dateutil(rule: tuple[str, dt.date], count: int, by_until: bool) -> None:
    text, start = rule
    ten_years_on = start.year + HORIZON_YEARS
    horizon = dt.date(ten_years_on, start.month, 28 if f"{start:%m%d}" == "0229" else start.day)
    week = "" if "WKST" in text else ";WKST=MO"
    expected = []
    # Where nothing matches dateutil walks on to the last year that Python has; let that be a near one.
    with mock.patch.object(dt, "MAXYEAR", horizon.year + 1):
        for moment in rrulestr(text + week, dtstart=dt.datetime.combine(start, dt.time(6))):
            if moment.date() > horizon or len(expected) == count:
                break
            expected.append(moment.date())
    if by_until:
        end = expected[-1] if expected else horizon
        text = f"RRULE:{text};UNTIL={end:%Y%m%d}"
    else:
        text = f"RRULE:{text};COUNT={count}"
    try:
        found = dates_of(text, start)
    except RuleError as error:
        assert error.code == ("too_far" if expected else "no_sessions")
        assert len(expected) < count
    else:
        assert found == expected


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(ZONES),
    starts,
    st.sampled_from(range(7)),
    st.integers(1, MAX_SESSIONS),
    st.integers(1, 300),
)
def test_weekday_wall_time_count_and_duration_hold_in_every_zone(
    zone: str, start: dt.date, weekday: int, count: int, minutes: int
) -> None:
    clock = dt.time(9) if "/" in zone and not zone.startswith("Asia/") else dt.time(6)
    text = f"RRULE:FREQ=WEEKLY;BYDAY={WEEKDAYS[weekday]};COUNT={count}"
    slots = expand(text, start_date=start, start_time=clock, duration_minutes=minutes, zone=zone)
    assert len(slots) == count
    assert {slot.starts_at.weekday() for slot in slots} == {weekday}
    assert {slot.starts_at.time() for slot in slots} == {clock}
    assert {str(slot.starts_at.tzinfo) for slot in slots} == {zone}
    assert {slot.original_date for slot in slots} == {slot.starts_at.date() for slot in slots}
    for slot in slots:
        real = slot.ends_at.astimezone(dt.UTC) - slot.starts_at.astimezone(dt.UTC)
        assert real == dt.timedelta(minutes=minutes)


@settings(max_examples=100, deadline=None)
@given(starts, st.integers(2, 60), st.data())
def test_an_exclusion_removes_exactly_that_date(start: dt.date, count: int, data: st.DataObject) -> None:
    text = f"RRULE:FREQ=WEEKLY;COUNT={count}"
    before = dates_of(text, start)
    gone = data.draw(st.sampled_from(before))
    result = session_dates(f"{text}\nEXDATE:{gone:%Y%m%d}", start_date=start, zone="Asia/Jayapura")
    assert list(result.sessions) == [date for date in before if date != gone]
    assert result.excluded == (gone,)
    missed = gone + dt.timedelta(days=1)
    result = session_dates(f"{text}\nEXDATE:{missed:%Y%m%d}", start_date=start, zone="Asia/Jayapura")
    assert list(result.sessions) == before
    assert result.unused == (missed,)


@settings(max_examples=100, deadline=None)
@given(rules(), st.integers(1, 30), st.lists(st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)), max_size=5))
def test_expansion_is_sorted_unique_and_the_same_after_normalising(
    rule: tuple[str, dt.date], count: int, others: list[dt.date]
) -> None:
    text, start = rule
    lines = [f"RRULE:{text};COUNT={count}"]
    lines += [f"EXDATE:{date:%Y%m%d}" for date in others[:2]]
    lines += [f"RDATE:{date:%Y%m%d}T235900" for date in others[2:] if date >= start]
    raw = "\n".join(lines)
    once = normalise(raw, "Asia/Jakarta")
    assert normalise(once, "Asia/Jakarta") == once == normalise(once)
    try:
        found = dates_of(raw, start)
    except RuleError as error:
        with pytest.raises(RuleError) as again:
            dates_of(once, start)
        assert again.value.code == error.code
    else:
        assert found == sorted(set(found)) == dates_of(once, start)


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
@pytest.mark.parametrize("day", ["MO", "TU"])
def test_six_in_the_morning_stays_on_its_weekday(zone: str, day: str) -> None:
    """django-recurrence converts to UTC and keeps BYDAY: Monday 06:00 comes back as Tuesday."""
    text = f"RRULE:FREQ=WEEKLY;BYDAY={day};COUNT=8"
    slots = expand(
        text, start_date=dt.date(2026, 11, 30), start_time=dt.time(6), duration_minutes=90, zone=zone
    )
    first = dt.date(2026, 11, 30) + dt.timedelta(days=WEEKDAYS.index(day))
    assert [slot.original_date for slot in slots] == [first + dt.timedelta(weeks=n) for n in range(8)]
    assert {slot.starts_at.strftime("%a %H:%M") for slot in slots} == {f"{first:%a} 06:00"}


@pytest.mark.parametrize(
    ("zone", "start", "offsets"),
    [
        ("Europe/Berlin", dt.date(2026, 10, 20), {2, 1}),
        ("Europe/Berlin", dt.date(2027, 3, 23), {1, 2}),
        ("America/New_York", dt.date(2026, 10, 27), {-4, -5}),
        ("America/New_York", dt.date(2027, 3, 9), {-5, -4}),
    ],
)
def test_nine_o_clock_stays_nine_across_summer_time(zone: str, start: dt.date, offsets: set[int]) -> None:
    slots = expand(
        "RRULE:FREQ=WEEKLY;COUNT=3", start_date=start, start_time=dt.time(9), duration_minutes=60, zone=zone
    )
    assert [slot.starts_at.strftime("%H:%M–") + slot.ends_at.strftime("%H:%M") for slot in slots] == [
        "09:00–10:00"
    ] * 3
    assert {slot.starts_at.utcoffset() / dt.timedelta(hours=1) for slot in slots} == offsets


def test_a_time_that_summer_time_skips_starts_an_hour_later_on_the_clock() -> None:
    """Berlin, 28 March 2027: there is no 02:30. RFC 5545 3.3.5: use the offset before the gap."""
    [slot] = expand(
        "",
        start_date=dt.date(2027, 3, 28),
        start_time=dt.time(2, 30),
        duration_minutes=45,
        zone="Europe/Berlin",
    )
    assert slot.starts_at.isoformat() == "2027-03-28T03:30:00+02:00"
    assert slot.ends_at.isoformat() == "2027-03-28T04:15:00+02:00"
    assert slot.original_date == dt.date(2027, 3, 28)


def test_a_time_that_comes_twice_is_the_first_one() -> None:
    """Berlin, 25 October 2026: 02:30 comes twice. 45 real minutes are 02:30 to 02:15 on the clock."""
    [slot] = expand(
        "",
        start_date=dt.date(2026, 10, 25),
        start_time=dt.time(2, 30, fold=1),
        duration_minutes=45,
        zone="Europe/Berlin",
    )
    assert slot.starts_at.isoformat() == "2026-10-25T02:30:00+02:00"
    assert slot.ends_at.isoformat() == "2026-10-25T02:15:00+01:00"
    assert (slot.ends_at.astimezone(dt.UTC) - slot.starts_at.astimezone(dt.UTC)).seconds == 45 * 60


def test_a_session_may_run_past_midnight() -> None:
    [slot] = expand(
        "",
        start_date=dt.date(2026, 12, 31),
        start_time=dt.time(23),
        duration_minutes=120,
        zone="Asia/Jakarta",
    )
    assert (slot.starts_at.date(), slot.ends_at.date()) == (dt.date(2026, 12, 31), dt.date(2027, 1, 1))


TUESDAY = dt.date(2027, 8, 3)


@pytest.mark.parametrize(
    "written",
    ["20270817", "20270817T000000", "20270817T235959", "20270816T170000Z", "20270817T165959Z"],
)
def test_a_date_means_the_day_in_the_zone_of_the_series_whatever_time_was_stored(written: str) -> None:
    """django-recurrence's widget writes midnight of the browser's zone and matches to the second."""
    rule = "RRULE:FREQ=WEEKLY;BYDAY=TU"
    expected = [dt.date(2027, 8, day) for day in (3, 10, 24, 31)]
    assert dates_of(f"{rule};COUNT=5\nEXDATE:{written}", TUESDAY) == expected
    assert dates_of(f"{rule};UNTIL={written}", TUESDAY)[-1] == dt.date(2027, 8, 17)
    assert dates_of(f"RDATE:{written}", TUESDAY) == [TUESDAY, dt.date(2027, 8, 17)]


def test_a_zone_written_with_a_date_is_honoured() -> None:
    text = "RRULE:FREQ=DAILY;COUNT=5\nEXDATE;TZID=America/New_York:20270804T190000"
    assert dt.date(2027, 8, 5) not in dates_of(text, TUESDAY)
    assert dt.date(2027, 8, 4) in dates_of(text, TUESDAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["0803"]),
        ("RDATE:20270901,20270810", ["0803", "0810", "0901"]),
        ("EXDATE:20270803\nRDATE:20270901", ["0901"]),
        ("RRULE:FREQ=WEEKLY;COUNT=2", ["0803", "0810"]),
        ("RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=2", ["0804", "0811"]),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3", ["0803", "0805", "0810"]),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", ["0831", "0930"]),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-5;COUNT=2", ["0827", "0926"]),
        ("RRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=2", ["0810", "0914"]),
        ("RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", ["0831", "0930"]),
        ("RRULE:FREQ=WEEKLY;COUNT=2\nRRULE:FREQ=MONTHLY;BYDAY=1SA;COUNT=1", ["0803", "0807", "0810"]),
        ("RRULE:FREQ=DAILY;COUNT=2\nRDATE:20270804", ["0803", "0804"]),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU;COUNT=2", ["0815", "0829"]),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;COUNT=2", ["0808", "0822"]),
        # The set of a week is the whole week: its first day lies before the first date and is passed over.
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1;COUNT=2", ["0809", "0816"]),
        ("rrule:freq=weekly;count=2\r\nexdate;value=date:20270810", ["0803"]),
        ("RRULE:FREQ=WEEK\r\n LY;COUNT=2", ["0803", "0810"]),
    ],
)
def test_dates_by_hand(text: str, expected: list[str]) -> None:
    assert [f"{date:%m%d}" for date in dates_of(text, TUESDAY)] == expected


def test_count_counts_what_the_rule_gives_and_exclusions_come_after() -> None:
    """RFC 5545 3.8.5.3. To an editor who asks for eight sessions the admin's widget gives a higher COUNT."""
    text = "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8\nEXDATE:20270817"
    assert len(dates_of(text, TUESDAY)) == 7
    assert len(dates_of(text.replace("COUNT=8", "COUNT=9"), TUESDAY)) == 8


def test_what_an_editor_should_be_told() -> None:
    def told(text: str, start: dt.date = TUESDAY):
        return session_dates(text, start_date=start, zone="Asia/Jakarta")

    assert told("RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=2").first_date_unused
    assert not told("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=2").first_date_unused
    assert not told("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=2\nEXDATE:20270803").first_date_unused
    assert told("RRULE:FREQ=WEEKLY;COUNT=2\nRDATE:20270810,20270811").extra == (dt.date(2027, 8, 11),)
    last_of_month = dt.date(2027, 8, 31)
    assert told("RRULE:FREQ=MONTHLY;COUNT=3", last_of_month).missing_day == 31
    assert told("RRULE:FREQ=MONTHLY;COUNT=1", last_of_month).missing_day is None
    assert told("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", last_of_month).missing_day is None
    assert told("RRULE:FREQ=MONTHLY;INTERVAL=2;COUNT=3", last_of_month).missing_day is None
    assert told("RRULE:FREQ=YEARLY;COUNT=2", dt.date(2028, 2, 29)).missing_day == 29
    assert told("RRULE:FREQ=YEARLY;COUNT=2", last_of_month).missing_day is None


BOMBS = [
    "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=8",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;UNTIL=20370101",
    "RRULE:FREQ=YEARLY;INTERVAL=10;BYMONTH=2;BYMONTHDAY=29;COUNT=200",
    "RRULE:FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4,6,9,11;COUNT=1",
    "RRULE:FREQ=DAILY;BYDAY=MO;BYMONTHDAY=13;BYMONTH=2;COUNT=200",
    "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366;COUNT=200",
    "RRULE:FREQ=WEEKLY;BYMONTH=2;BYSETPOS=7;BYDAY=MO;COUNT=200",
    "\n".join(["RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=8"] * 5),
    "RRULE:FREQ=DAILY;COUNT=566\n"
    + "\n".join(f"EXDATE:20280{m}{d:02}" for m in (1, 2, 3) for d in range(1, 29)),
]


@pytest.mark.parametrize("text", BOMBS)
def test_no_rule_makes_it_look_at_more_days_than_ten_years_have(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = 0
    test_of = expansion_module._day_test

    def counting(rule, start):
        fits = test_of(rule, start)

        def count_and_fit(day):
            nonlocal looked_at
            looked_at += 1
            return fits(day)

        return count_and_fit

    monkeypatch.setattr(expansion_module, "_day_test", counting)
    with pytest.raises(RuleError):
        dates_of(text, TUESDAY)
    assert looked_at <= (HORIZON_YEARS + 1) * 366


def test_the_first_date_and_the_zone_have_bounds() -> None:
    for start in (dt.date.min, dt.date(9999, 12, 31)):
        with pytest.raises(RuleError) as error:
            dates_of("RRULE:FREQ=WEEKLY;COUNT=8", start)
        assert error.value.code == "date_out_of_range"
    for zone in ("", "Mars/Olympus", "../../etc/passwd", "Asia", "x" * 5000, "\0", None):
        with pytest.raises(RuleError) as error:
            dates_of("", TUESDAY, zone=zone)
        assert error.value.code == "unknown_zone"
    with pytest.raises(RuleError) as error:
        expand("", start_date=TUESDAY, start_time=dt.time(6), duration_minutes=0, zone="Asia/Jakarta")
    assert error.value.code == "bad_duration"


def test_leap_day_starts() -> None:
    leap = dt.date(2028, 2, 29)
    assert dates_of("RRULE:FREQ=YEARLY;COUNT=2", leap) == [leap, dt.date(2032, 2, 29)]
    assert dates_of("RRULE:FREQ=MONTHLY;COUNT=2", leap) == [leap, dt.date(2028, 3, 29)]


def test_zoneinfo_is_the_zone_of_the_result() -> None:
    [slot] = expand("", start_date=TUESDAY, start_time=dt.time(6), duration_minutes=60, zone="Asia/Jayapura")
    assert slot.starts_at == dt.datetime(2027, 8, 3, 6, tzinfo=ZoneInfo("Asia/Jayapura"))
    assert slot.ordinal == 0
