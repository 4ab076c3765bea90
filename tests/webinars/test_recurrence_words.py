"""The sentences: what an editor and a learner read about a rule."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.webinars import recurrence_words as words
from lms.webinars.recurrence import MESSAGES, RuleError, check_rule, expand, session_dates

TUESDAY = dt.date(2027, 8, 3)
SIX = dt.time(6)


def say(rule: str, start: dt.date = TUESDAY, zone: str = "Asia/Jakarta", time: dt.time = SIX) -> str:
    return words.describe(rule, start_date=start, start_time=time, zone=zone)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("", "On Tuesday, 3 August 2027 at 06:00 WIB."),
        ("RDATE:20270901", "On 3 August 2027 and 1 September 2027 at 06:00 WIB, 2 sessions."),
        (
            "RDATE:20270901,20270902,20270903,20270904,20270905",
            "On 6 dates at 06:00 WIB, 6 sessions.",
        ),
        ("RRULE:FREQ=DAILY;COUNT=8", "Every day at 06:00 WIB, 8 sessions."),
        ("RRULE:FREQ=DAILY;INTERVAL=3;COUNT=8", "Every 3 days at 06:00 WIB, 8 sessions."),
        ("RRULE:FREQ=WEEKLY;COUNT=8", "Every Tuesday at 06:00 WIB, 8 sessions."),
        ("RRULE:FREQ=WEEKLY;COUNT=1", "Every Tuesday at 06:00 WIB, 1 session."),
        (
            "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=9\nEXDATE:20270817",
            "Every Tuesday at 06:00 WIB, 8 sessions, except 17 August 2027.",
        ),
        # An exclusion that takes nothing away is not told as if it did.
        ("RRULE:FREQ=WEEKLY;COUNT=8\nEXDATE:20270818", "Every Tuesday at 06:00 WIB, 8 sessions."),
        (
            "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH,SA;UNTIL=20270821\nRDATE:20271225",
            "Every 2 weeks on Tuesday, Thursday and Saturday at 06:00 WIB until 21 August 2027, 7 sessions, "
            "also on 25 December 2027.",
        ),
        (
            "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=8",
            "Every weekday from Monday to Friday at 06:00 WIB, 8 sessions.",
        ),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=8", "Every day at 06:00 WIB, 8 sessions."),
        ("RRULE:FREQ=MONTHLY;COUNT=3", "On day 3 of every month at 06:00 WIB, 3 sessions."),
        (
            "RRULE:FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,-1,-5;COUNT=3",
            "On day 1, day 5 from the end and the last day of every 2 months at 06:00 WIB, 3 sessions.",
        ),
        (
            "RRULE:FREQ=MONTHLY;BYDAY=2TU,-1FR;COUNT=3",
            "On the second Tuesday and the last Friday of every month at 06:00 WIB, 3 sessions.",
        ),
        ("RRULE:FREQ=MONTHLY;BYDAY=TU;COUNT=3", "Every Tuesday at 06:00 WIB, 3 sessions."),
        (
            "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3",
            "On the last weekday from Monday to Friday of every month at 06:00 WIB, 3 sessions.",
        ),
        ("RRULE:FREQ=YEARLY;COUNT=3", "Every year on 3 August at 06:00 WIB, 3 sessions."),
        (
            "RRULE:FREQ=YEARLY;INTERVAL=2;BYMONTH=8;BYMONTHDAY=17;COUNT=3",
            "Every 2 years on 17 August at 06:00 WIB, 3 sessions.",
        ),
        (
            "RRULE:FREQ=YEARLY;BYMONTH=8,10;BYDAY=2TU;COUNT=3",
            "Every year on the second Tuesday of August and October at 06:00 WIB, 3 sessions.",
        ),
        (
            "RRULE:FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR;COUNT=3",
            "On the dates of a special rule at 06:00 WIB, 3 sessions.",
        ),
        (
            "RRULE:FREQ=WEEKLY;COUNT=2\nRRULE:FREQ=MONTHLY;BYDAY=1SA;COUNT=1",
            "Every Tuesday and on the first Saturday of every month at 06:00 WIB, 3 sessions.",
        ),
        (
            "RRULE:FREQ=WEEKLY;COUNT=2\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;UNTIL=20280101",
            "Every Tuesday and every year on day 30 of February at 06:00 WIB, 2 sessions.",
        ),
    ],
)
def test_sentences(rule: str, sentence: str) -> None:
    assert say(rule) == sentence


@pytest.mark.parametrize(
    ("zone", "start", "label"),
    [
        ("Asia/Jakarta", TUESDAY, "WIB"),
        ("Asia/Pontianak", TUESDAY, "WIB"),
        ("Asia/Makassar", TUESDAY, "WITA"),
        ("Asia/Jayapura", TUESDAY, "WIT"),
        ("Europe/Berlin", TUESDAY, "CEST"),
        # The clocks change during the series: one abbreviation would be wrong for half of it.
        ("Europe/Berlin", dt.date(2027, 10, 19), "Berlin time"),
        ("America/New_York", dt.date(2027, 10, 19), "New York time"),
        ("Asia/Singapore", TUESDAY, "Singapore time"),
        ("UTC", TUESDAY, "UTC"),
    ],
)
def test_zones_have_the_names_that_people_use(zone: str, start: dt.date, label: str) -> None:
    assert (
        say("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=6", start, zone)
        == f"Every Tuesday at 06:00 {label}, 6 sessions."
    )


def test_weekdays_and_months_are_in_the_readers_language() -> None:
    with translation.override("id"):
        sentence = say("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=9\nEXDATE:20270817")
    assert "Selasa" in sentence and "17 Agustus 2027" in sentence and "WIB" in sentence


def remarks(
    rule: str, start: dt.date = TUESDAY, zone: str = "Asia/Jakarta", time: dt.time = SIX
) -> list[str]:
    dates = session_dates(rule, start_date=start, zone=zone)
    slots = expand(rule, start_date=start, start_time=time, duration_minutes=60, zone=zone)
    return words.remarks(dates, start_date=start, start_time=time, slots=slots)


def test_what_may_surprise_is_said() -> None:
    assert remarks("RRULE:FREQ=WEEKLY;COUNT=8\nEXDATE:20270817") == []
    assert remarks("RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=8") == [
        "Tuesday, 3 August 2027 is not a day of this rule: the first session is on Wednesday, 4 August 2027."
    ]
    assert remarks("RRULE:FREQ=WEEKLY;COUNT=8\nEXDATE:20270818,20270819") == [
        "There is no session on Wednesday, 18 August 2027 and Thursday, 19 August 2027 anyway: "
        "excluding them changes nothing."
    ]
    assert remarks("RRULE:FREQ=MONTHLY;COUNT=3", dt.date(2027, 8, 31)) == [
        "Where a month has no day 31 there is no session. "
        "Choose the last day of the month to have one every time."
    ]
    assert remarks("RRULE:FREQ=DAILY;COUNT=3", dt.date(2027, 3, 27), "Europe/Berlin", dt.time(2, 30)) == [
        "The clocks go forward on 28 March 2027: that session starts at 03:30."
    ]


def test_an_error_is_a_sentence_with_dates_in_words() -> None:
    with pytest.raises(RuleError) as error:
        check_rule("RRULE:FREQ=WEEKLY;UNTIL=20270802", start_date=TUESDAY)
    assert words.explain(error.value) == (
        "The series ends on 2 August 2027, before its first date 3 August 2027. Choose a later end."
    )
    with translation.override("id"):
        assert "2 Agustus 2027" in words.explain(error.value)
    assert all(sentence.endswith(".") for sentence in MESSAGES.values())


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
            st.integers(1, 3),
            st.sampled_from(["COUNT=3", "COUNT=1", "UNTIL=20291231", "UNTIL=20271231"]),
            st.sampled_from(["", ";BYDAY=TU", ";BYDAY=MO,TU,WE,TH,FR", ";BYDAY=-1FR,53MO", ";BYDAY=5TU,MO"]),
            st.sampled_from(["", ";BYMONTHDAY=30", ";BYMONTHDAY=-1,-31,13", ";BYMONTHDAY=31"]),
            st.sampled_from(["", ";BYMONTH=2", ";BYMONTH=2,8"]),
            st.sampled_from(["", ";BYSETPOS=1", ";BYSETPOS=-1,2", ";BYSETPOS=-5"]),
        ),
        min_size=1,
        max_size=2,
    ),
    st.sampled_from([TUESDAY, dt.date(2028, 2, 29), dt.date(2027, 8, 31)]),
    st.sampled_from(["Asia/Jakarta", "Europe/Berlin", "Asia/Kathmandu"]),
    st.sampled_from(["en", "id", "de", "pl", "ar"]),
)
def test_every_rule_that_is_accepted_can_be_said(rules, start: dt.date, zone: str, language: str) -> None:
    text = "\n".join(f"RRULE:FREQ={freq};INTERVAL={n};{end}" + "".join(rest) for freq, n, end, *rest in rules)
    try:
        dates = session_dates(text, start_date=start, zone=zone)
    except RuleError:
        return
    with translation.override(language):
        sentence = say(text, start, zone)
        assert sentence.endswith(".") and "%(" not in sentence and "None" not in sentence
        assert sentence == words.describe(text, start_date=start, start_time=SIX, zone=zone, dates=dates)
