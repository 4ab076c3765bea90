"""Spellings of a moment, and the one decision about day and month."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.webinars.imports import AmbiguousDates, ConflictingDates, read_report
from lms.webinars.imports.timestamps import (
    BLANK,
    MASK,
    SHIFT,
    UNREADABLE,
    Timestamps,
    clock_only,
    days_of,
    instant,
    moment_of,
    read_date,
)

from . import evening

HEADER = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)"


def meeting(*stays: tuple[str, str], header: str = HEADER, before: str = "") -> bytes:
    """A meeting report with one person for each pair of printed times."""
    rows = [
        f'Guest {place},g{place}@usaha.example,"{join}","{leave}",'
        for place, (join, leave) in enumerate(stays)
    ]
    return (before + "\n".join([header, *rows]) + "\n").encode()


def moment(cell: str, order: str | None = None) -> datetime | None:
    """Read one cell, in an order if it needs one."""
    stamps = Timestamps()
    mark = stamps[cell]
    if mark < 0:
        return None
    day = days_of(stamps.parts, order)[mark >> SHIFT]
    return None if day is None else moment_of(day + (mark & MASK))


# ── spellings ──

AT = datetime(2025, 3, 4, 19, 1, 5)


@pytest.mark.parametrize(
    ("cell", "order", "expected"),
    [
        ("03/04/2025 07:01:05 PM", "mdy", AT),
        ("3/4/2025 7:01:05 PM", "mdy", AT),
        ("3/4/2025, 7:01:05 PM", "mdy", AT),
        ("3/4/2025, 7:01:05\u202fPM", "mdy", AT),
        ("3/4/2025, 7:01:05\xa0PM", "mdy", AT),
        ("4/3/25, 7:01:05 pm", "dmy", AT),
        ("4/3/25, 7:01:05 p. m.", "dmy", AT),
        ("4/3/25, 7:01:05 p.m.", "dmy", AT),
        ("04/03/2025 19:01:05", "dmy", AT),
        ("04/03/2025 19.01.05", "dmy", AT),
        ("04-03-2025 19:01:05", "dmy", AT),
        ("04.03.25, 19:01:05", "dmy", AT),
        ("04/03/2025  19:01", "dmy", AT.replace(second=0)),
        ("04/03/2025 19.01", "dmy", AT.replace(second=0)),
        ("04.03.2025 19:01", "dmy", AT.replace(second=0)),
        (" 04/03/2025 19:01:05 ", "dmy", AT),
        ("\u200e04/03/2025\u200e 19:01:05", "dmy", AT),
        ("２０２５/３/４ １９:０１:０５", None, AT),
        ("2025/3/4 19:01", None, AT.replace(second=0)),
        ("2025-03-04 19:01:05", None, AT),
        ("2025-03-04T19:01:05", None, AT),
        ("2025-03-04T19:01:05Z", None, AT),
        ("2025-03-04 19:01:05.123", None, AT),
        ("2025-03-04T19:01:05.123456+07:00", None, AT),
        ("2025年3月4日 19:01:05", None, AT),
        ("2025/3/4 午後 7:01:05", None, AT),
        ("2025. 3. 4. 오후 7:01:05", None, AT),
        ("Mar 04, 2025 19:01:05", None, AT),
        ("Mar 4, 2025 7:01 PM", None, AT.replace(second=0)),
        ("March 4, 2025, 7:01:05 PM", None, AT),
        ("4 Mar 2025 19:01:05", None, AT),
        ("4-Mar-25 19:01:05", None, AT),
        ("4 Maret 2025 19.01.05", None, AT),
        ("4 de marzo de 2025 19:01:05", None, AT),
        ("4 mar. 2025 19:01:05", None, AT),
        ("4. März 2025 19:01:05", None, AT),
        ("25/03/04 19:01:05", "ymd", AT),
    ],
)
def test_spellings_of_one_moment(cell, order, expected):
    assert moment(cell, order) == expected


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("12:00:00 AM", (0, 0, 0)),
        ("12:59:59 AM", (0, 59, 59)),
        ("01:00:00 AM", (1, 0, 0)),
        ("11:59:59 AM", (11, 59, 59)),
        ("12:00:00 PM", (12, 0, 0)),
        ("12:30:00 pm", (12, 30, 0)),
        ("01:00:00 PM", (13, 0, 0)),
        ("11:59:59 PM", (23, 59, 59)),
        ("13:05:00 PM", (13, 5, 0)),
        ("00:20:00 AM", (0, 20, 0)),
        ("00:00", (0, 0, 0)),
        ("23:59:59", (23, 59, 59)),
        ("9:05", (9, 5, 0)),
        ("午前 9:05", (9, 5, 0)),
        ("午前 12:05", (0, 5, 0)),
        ("午後 12:05", (12, 5, 0)),
        ("오전 9:05", (9, 5, 0)),
    ],
)
def test_clocks_of_twelve_and_of_twenty_four_hours(clock, expected):
    hours, minutes, seconds = expected
    assert moment(f"2025-03-04 {clock}") == datetime(2025, 3, 4, hours, minutes, seconds)
    assert clock_only(clock) == hours * 3600 + minutes * 60 + seconds


@pytest.mark.parametrize("cell", ["", " ", "-", "--", "NA", "n/a", "N/A", "None", "null", "–", "\u202f"])
def test_blanks(cell):
    assert Timestamps()[cell] == BLANK


@pytest.mark.parametrize(
    "cell",
    [
        "yesterday", "19:01:05", "03/04/2025", "2025-03-04", "03/04/2025 24:00:00", "03/04/2025 23:60:00",
        "03/04/2025 23:59:60", "00/00/2025 10:00", "13/13/2025 10:00", "31/02/2025 10:00", "02/30/2025 10:00",
        "2025-02-29 10:00", "2025/13/01 10:00", "2025/00/01 10:00", "Foo 4, 2025 10:00", "4 Foo 2025 10:00",
        "Feb 30, 2025 10:00", "03/04/1999 10:00", "03/04/2100 10:00", "1999-03-04 10:00", "2100-03-04 10:00",
        "03/04/202 10:00", "03/04/20255 10:00", "123/04/2025 10:00", "45720.79", "Join Time", "03/04 10:00",
        "1/2/3/2025 10:00", "03/04/2025 10", "03/04/2025 1:5", "x" * 4000, "=1+1", "١٩:٠١",
    ],
)  # fmt: skip
def test_what_is_no_moment(cell):
    assert Timestamps()[cell] == UNREADABLE


@pytest.mark.parametrize("year", [2000, 2099])
def test_the_first_and_the_last_year(year):
    assert moment(f"{year}-03-04 10:00") == datetime(year, 3, 4, 10)


def test_clock_only_refuses_dates_and_nonsense():
    assert clock_only("11:02:00 AM") == 11 * 3600 + 120
    for cell in ("03/04/2025 11:02", "", "soon", "25:00", "11"):
        assert clock_only(cell) is None


def test_the_zone_that_a_file_states():
    for cell, zone in [("2025-03-04T10:00:00Z", "UTC"), ("2025-03-04 10:00 UTC", "UTC"), ("2025-03-04 10:00 GMT", "UTC"),
                       ("2025-03-04T10:00:00+07:00", "+07:00"), ("2025-03-04 10:00", None)]:  # fmt: skip
        stamps = Timestamps()
        assert stamps[cell] >= 0
        assert stamps.zone == zone


def test_an_offset_is_told_with_its_colon_and_only_where_all_times_have_it():
    report = read_report(meeting(("2025-03-04 19:00 +0700", "2025-03-04 20:00 +07:00")))
    assert (report.zone, report.warnings) == ("+07:00", [])
    assert report.people[0].first_join == datetime(2025, 3, 4, 19)
    report = read_report(meeting(("2025-03-04 19:00Z", "2025-03-04 20:00"), ("2025-03-04 19:00Z", "")))
    assert report.zone is None
    assert [(remark.code, remark.params) for remark in report.warnings][-1] == (
        "zones_mixed",
        {"zones": "UTC, –"},
    )


def test_a_spelling_is_read_once_and_a_date_part_once():
    stamps = Timestamps()
    marks = [stamps[f"03/04/2025 0{hour}:00:00 PM"] for hour in range(1, 10)]
    assert len(set(marks)) == 9
    assert len(stamps.parts) == 1
    assert stamps["03/04/2025 01:00:00 PM"] == marks[0]
    assert len(stamps) == 9


def test_memory_for_spellings_is_bounded(monkeypatch):
    monkeypatch.setattr("lms.webinars.imports.timestamps.REMEMBERED", 3)
    stamps = Timestamps()
    cells = [f"{day:02}/03/2025 10:00" for day in range(1, 29)]
    marks = [stamps[cell] for cell in cells]
    days = days_of(stamps.parts, "dmy")
    assert [moment_of(days[mark >> SHIFT] + (mark & MASK)) for mark in marks] == [
        datetime(2025, 3, day, 10) for day in range(1, 29)
    ]
    assert len(stamps) == 3


@settings(deadline=None)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31, 23, 59, 59)))
def test_what_is_printed_is_read_back(at):
    at = at.replace(microsecond=0)
    assert moment(evening.us_12h(at), "mdy") == at
    assert moment(evening.us_short(at), "mdy") == at
    assert moment(evening.us_narrow_space(at), "mdy") == at
    assert moment(evening.day_first(at), "dmy") == at
    assert moment(evening.day_first_short_year(at), "dmy") == at
    assert moment(evening.day_first_small_pm(at), "dmy") == at
    assert moment(evening.month_name(at)) == at
    assert moment(at.isoformat()) == at
    whole_minute = at.replace(second=0)
    assert moment(evening.day_first_minutes(at), "dmy") == whole_minute
    assert moment(evening.day_first_dots(at), "dmy") == whole_minute
    assert moment(evening.year_first(at)) == whole_minute
    assert moment(evening.month_name_12h(at)) == whole_minute
    assert moment_of(instant(at)) == at


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_numeric_date_proves_an_order_only_if_the_other_is_no_date(day):
    part = read_date(day.strftime("%m/%d/%Y"))
    assert part.mdy == day
    assert part.proves == ("mdy" if day.day > 12 else None)
    part = read_date(day.strftime("%d/%m/%Y"))
    assert part.dmy == day
    assert part.proves == ("dmy" if day.day > 12 else None)
    assert read_date(day.isoformat()).proves is None


# ── the decision ──

AMBIGUOUS = ("03/04/2025 19:00:00", "03/04/2025 20:00:00")


def test_a_component_above_twelve_decides_for_all_dates():
    for proof, order in [("03/13/2025 10:00", "mdy"), ("13/03/2025 10:00", "dmy")]:
        report = read_report(meeting(AMBIGUOUS, (proof, proof)))
        assert report.date_order == order
        expected = date(2025, 3, 4) if order == "mdy" else date(2025, 4, 3)
        assert report.people[0].first_join.date() == expected


def test_twelve_does_not_decide():
    with pytest.raises(AmbiguousDates):
        read_report(meeting(("12/11/2025 10:00", "12/11/2025 11:00")))


def test_a_time_of_leaving_decides_as_well():
    assert read_report(meeting(("03/12/2025 23:50", "03/13/2025 00:10"))).date_order == "mdy"


def test_dates_elsewhere_in_the_file_decide_if_the_times_do_not():
    summary = "Topic,ID,Start time,End time\nKelas,1,{0},{0}\n\n"
    assert read_report(meeting(AMBIGUOUS, before=summary.format("03/13/2025 10:00"))).date_order == "mdy"
    assert read_report(meeting(AMBIGUOUS, before=summary.format("13/03/2025 10:00"))).date_order == "dmy"
    # The times themselves are the better witness.
    report = read_report(
        meeting(("03/13/2025 10:00", "03/13/2025 11:00"), before=summary.format("14/03/2025 10:00"))
    )
    assert report.date_order == "mdy"
    with pytest.raises(AmbiguousDates):
        read_report(meeting(AMBIGUOUS, before=summary.format("03/04/2025 10:00")))


def test_times_of_registration_decide_if_nothing_else_does():
    header = (
        "Attended,First Name,Last Name,Email,Registration Time,Join Time,Leave Time,Time in Session (minutes)"
    )
    row = "Yes,Budi,Lubis,budi@usaha.example,{},03/04/2025 07:00:00 PM,03/04/2025 08:00:00 PM,60"
    for registered, order in [("02/27/2025 09:00:00 AM", "mdy"), ("27/02/2025 09:00:00", "dmy")]:
        source = "\n".join(["Attendee Details,", header, row.format(registered)]).encode()
        assert read_report(source).date_order == order
    contradicting = [row.format("02/27/2025 09:00:00 AM"), row.format("27/02/2025 09:00:00")]
    with pytest.raises(AmbiguousDates):
        read_report("\n".join(["Attendee Details,", header, *contradicting]).encode())


@pytest.mark.parametrize(
    ("session_start", "order"),
    [
        (datetime(2025, 3, 4, 19), "mdy"),
        (datetime(2025, 4, 3, 19), "dmy"),
        (datetime(2025, 3, 6, 7), "mdy"),
        (datetime(2025, 3, 3, 7), "mdy"),
    ],
)
def test_the_session_decides_within_thirty_six_hours(session_start, order):
    assert read_report(meeting(AMBIGUOUS), session_start=session_start).date_order == order


@pytest.mark.parametrize("session_start", [datetime(2025, 3, 6, 7, 0, 1), datetime(2025, 3, 3, 6, 59, 59)])
def test_a_second_more_than_thirty_six_hours_away_does_not(session_start):
    with pytest.raises(AmbiguousDates) as question:
        read_report(meeting(AMBIGUOUS), session_start=session_start)
    assert question.value.code == "ambiguous_dates_far"


def test_every_start_has_to_be_near_the_session():
    stays = [AMBIGUOUS, ("05/04/2025 19:00:00", "05/04/2025 20:00:00")]
    with pytest.raises(AmbiguousDates):
        read_report(meeting(*stays), session_start=datetime(2025, 3, 4, 19))


def test_only_starts_have_to_be_near_if_they_decide():
    """A row that was never closed properly, here open for three days, does not stand in the way."""
    stay = ("03/04/2025 19:00:00", "03/07/2025 19:00:00")
    assert read_report(meeting(stay), session_start=datetime(2025, 3, 4, 19)).date_order == "mdy"
    steps = "Full Name,User Action,Timestamp\nBudi,Joined,03/04/2025 19:00\nBudi,Left,03/07/2025 19:00\n"
    assert read_report(steps.encode(), session_start=datetime(2025, 3, 4, 19)).date_order == "mdy"


def test_starts_of_every_row_of_a_person_count():
    rows = [f"Budi,,{join},03/04/2025 20:00," for join in ("03/04/2025 19:00", "05/04/2025 19:00")]
    with pytest.raises(AmbiguousDates):
        read_report("\n".join([HEADER, *rows]).encode(), session_start=datetime(2025, 3, 4, 19))


def test_where_the_starts_read_the_same_in_both_orders_the_ends_decide():
    source = meeting(("03/03/2025 23:50:00", "03/04/2025 00:20:00"))
    report = read_report(source, session_start=datetime(2025, 3, 3, 23, 50))
    assert report.date_order == "mdy"
    assert report.people[0].merged_seconds == 1800
    source = meeting(("03/03/2025 23:50:00", "04/03/2025 00:20:00"))
    assert read_report(source, session_start=datetime(2025, 3, 3, 23, 50)).date_order == "dmy"


def test_dates_that_read_the_same_in_both_orders_need_no_decision():
    report = read_report(meeting(("03/03/2025 19:00", "03/03/2025 20:00")))
    assert report.people[0].first_join == datetime(2025, 3, 3, 19)


def test_the_question_shows_both_readings_of_the_first_doubtful_date():
    source = meeting(("03/03/2025 19:00", "03/03/2025 20:00"), AMBIGUOUS)
    with pytest.raises(AmbiguousDates) as question:
        read_report(source)
    assert question.value.readings == {"mdy": date(2025, 3, 4), "dmy": date(2025, 4, 3)}
    assert question.value.params == {"example": "03/04/2025", "mdy": "4 March 2025", "dmy": "3 April 2025"}
    assert "“03/04/2025” is 4 March 2025 if the month comes first, or 3 April 2025" in str(question.value)


def test_dates_that_contradict_each_other_are_refused_and_an_answer_settles_them():
    source = meeting(("03/13/2025 10:00", "03/13/2025 11:00"), ("13/03/2025 10:00", "13/03/2025 11:00"))
    with pytest.raises(ConflictingDates) as conflict:
        read_report(source)
    assert conflict.value.code == "mixed_dates"
    assert conflict.value.params == {"month_first": "03/13/2025", "day_first": "13/03/2025"}
    report = read_report(source, date_order="mdy")
    assert [len(person.intervals) for person in report.people] == [1, 0]
    assert [(remark.code, remark.row) for remark in report.warnings] == [("impossible_date", 3)]
    assert report.people[1].flags == ("nothing_counted",)


def test_a_row_with_one_impossible_date_says_so():
    possible, impossible = "03/13/2025 10:00", "13/03/2025 11:00"
    source = meeting((possible, possible), (possible, impossible), (impossible, possible), (impossible, ""))
    report = read_report(source, date_order="mdy")
    assert [(remark.code, remark.row) for remark in report.warnings] == [
        ("impossible_date", 3),
        ("impossible_date", 4),
        ("leave_missing", 5),
    ]
    assert [len(person.intervals) for person in report.people] == [1, 0, 0, 0]
    assert report.people[3].open_joins == ()


def test_an_answer_that_the_dates_contradict_is_refused():
    for proof, wrong in [
        ("03/13/2025 10:00", "dmy"),
        ("13/03/2025 10:00", "mdy"),
        ("03/04/2025 10:00", "ymd"),
    ]:
        with pytest.raises(ConflictingDates) as conflict:
            read_report(meeting(AMBIGUOUS, (proof, proof)), date_order=wrong)
        assert conflict.value.code == "date_order_contradicted"


def test_an_answer_does_not_matter_where_the_dates_say_their_order():
    for order in ("mdy", "dmy", "ymd"):
        assert (
            read_report(meeting(("2025/3/4 19:00", "2025/3/4 20:00")), date_order=order).date_order == "ymd"
        )
        assert (
            read_report(meeting(("Mar 4, 2025 19:00", "Mar 4, 2025 20:00")), date_order=order).date_order
            == "mdy"
        )
    assert read_report(meeting(("4 Mar 2025 19:00", "4 Mar 2025 20:00"))).date_order == "dmy"


def test_the_year_first_with_two_digits_only_on_request():
    source = meeting(("25/03/04 19:00", "25/03/04 20:00"))
    report = read_report(source, date_order="ymd")
    assert report.people[0].first_join == datetime(2025, 3, 4, 19)
    assert report.date_order == "ymd"


def test_far_away_starts_are_reported():
    near, far = ("2025-03-06 07:00:00", "2025-03-06 07:30"), ("2025-03-06 07:00:01", "2025-03-06 07:30")
    report = read_report(meeting(near, far), session_start=datetime(2025, 3, 4, 19))
    (remark,) = report.warnings
    assert (remark.code, remark.params) == ("far_from_session", {"count": 1, "total": 2, "day": "2025-03-06"})
    assert read_report(meeting(near), session_start=datetime(2025, 3, 4, 19)).warnings == []
    later, open_end = ("2025-03-09 07:00", "2025-03-09 08:00"), ("2025-03-08 07:00", "")
    report = read_report(meeting(near, later, open_end), session_start=datetime(2025, 3, 4, 19))
    assert report.warnings[-1].params == {"count": 2, "total": 3, "day": "2025-03-08"}


@pytest.mark.parametrize("session_start", [datetime(2025, 3, 4, 19, tzinfo=UTC)])
def test_a_start_with_a_zone_is_a_mistake_of_the_caller(session_start):
    with pytest.raises(ValueError, match="naive"):
        read_report(meeting(AMBIGUOUS), session_start=session_start)


def test_an_unknown_order_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="date_order"):
        read_report(meeting(AMBIGUOUS), date_order="ydm")


@settings(deadline=None)
@given(
    st.lists(st.datetimes(datetime(2025, 1, 1), datetime(2025, 12, 31)), min_size=1, max_size=5),
    st.sampled_from(["mdy", "dmy"]),
)
def test_a_wrong_order_is_never_chosen_silently(moments, order):
    """Print in one order without a schedule: the answer is that order, a question, or dates equal in both."""
    spell = evening.us_12h if order == "mdy" else evening.day_first
    moments = [at.replace(microsecond=0) for at in moments]
    stays = [(spell(at), spell(at + timedelta(minutes=5))) for at in moments]
    try:
        report = read_report(meeting(*stays))
    except AmbiguousDates:
        assert all(max(at.day, (at + timedelta(minutes=5)).day) <= 12 for at in moments)
    else:
        assert [person.first_join for person in report.people] == moments
