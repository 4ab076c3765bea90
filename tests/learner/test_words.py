"""Sentences about attendance: what was counted, what is needed, why. They never contradict themselves."""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lms.learner.words import absence_words, attendance_words, duration, reason_words
from lms.webinars.rules import seconds_needed


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def say(seconds, *, needed=3780, whole=5400, attended=None, percent=70, params=None):
    attended = seconds >= needed if attended is None else attended
    return attendance_words(
        seconds=seconds,
        of_seconds=whole,
        needed_seconds=needed,
        percent=percent,
        attended=attended,
        params=params,
    )


def test_enough():
    words = say(83 * 60)
    assert words.counts is True
    assert words.sentences == [
        "You attended 83 of 90 minutes.",
        "63 minutes (70%) are needed, so this session counts.",
    ]


def test_not_enough():
    assert say(40 * 60).sentences[1] == "63 minutes (70%) are needed, so this session does not count."


def test_where_minutes_hide_the_difference_the_seconds_are_shown():
    words = say(58 * 60 + 40, needed=58 * 60 + 30, percent=65)
    assert words.sentences[0].startswith("You attended 58 min 40 s of 90 minutes")
    assert "58 min 30 s (65%)" in words.sentences[1]


def test_a_second_short_never_reads_as_enough():
    assert say(3779).sentences[0].startswith("You attended 62 of 90 minutes")


def test_an_older_rule_may_have_been_kinder():
    words = say(40 * 60, attended=True)
    assert words.counts is True and "rule that was in force then" in words.sentences[1]


def test_the_source_and_the_devices():
    words = say(83 * 60, params={"devices": 2, "report_date": "2027-03-02", "minutes": 83})
    assert words.sentences[0] == "You attended 83 of 90 minutes: two devices, report of 2 March 2027."
    assert words.sentences[2:] == ["Time on several devices at once counts once."]
    assert len(say(83 * 60, params={"devices": 1}).sentences) == 2
    assert say(83 * 60, params={"devices": 3}).sentences[0] == "You attended 83 of 90 minutes: 3 devices."


def test_the_ledger_alone_says_the_same_in_both_languages():
    params = {"minutes": 83, "of_minutes": 90, "devices": 2, "report_date": "2027-03-04"}
    assert reason_words("attendance.report", params)[0] == (
        "You attended 83 of 90 minutes: two devices, report of 4 March 2027."
    )
    with translation.override("id"):
        assert reason_words("attendance.report", params)[0] == (
            "Anda hadir 83 dari 90 menit: dua perangkat, laporan 4 Maret 2027."
        )
    del params["of_minutes"]
    assert reason_words("attendance.report", params)[0].startswith("You attended 83 minutes: two devices")
    assert reason_words("attendance.report", {}) == []


@pytest.mark.parametrize(
    "params", [{"report_date": "gestern"}, {"report_date": None}, {"devices": "many"}, {}]
)
def test_a_record_of_long_ago_says_less_and_breaks_nothing(params):
    assert say(83 * 60, params=params).counts is True


def test_codes_that_nobody_knows_say_nothing():
    assert reason_words("from.the.future", {"x": 1}) == []
    assert reason_words("lesson.marked", {}) == ["You marked it as done."]


@given(
    percent=st.integers(1, 100),
    minutes=st.integers(5, 240),
    share=st.floats(0, 1),
)
def test_the_numbers_and_the_verdict_agree(percent, minutes, share):
    import datetime as dt

    whole = minutes * 60
    needed = seconds_needed(dt.timedelta(minutes=minutes), percent=percent)
    seconds = round(share * whole)
    with translation.override("en"):
        words = say(seconds, needed=needed, whole=whole, percent=percent)
    # “You attended 5 of 90 minutes.”: what was counted is the first number.
    there = re.sub(r"(\d+) of \d+ minutes?", r"\1 minutes", words.sentences[0])
    shown = [_seconds(text) for text in (there, words.sentences[1])]
    assert words.counts == (seconds >= needed)
    assert (shown[0] >= shown[1]) == words.counts, words.sentences
    assert "does not count" in words.sentences[1] or words.counts


def _seconds(sentence):
    found = re.search(r"(\d+) min (\d+) s|(\d+) minute", sentence)
    return int(found[1]) * 60 + int(found[2]) if found[1] else int(found[3]) * 60


@pytest.mark.parametrize(
    ("flags", "counts", "says"),
    [
        ({"reported": False}, None, "as soon as the organiser's report"),
        ({"reported": True}, False, "does not list you"),
        ({"reported": False, "waitlisted": True}, None, "waiting list"),
        ({"reported": True, "cancelled": True}, None, "did not take place"),
    ],
)
def test_why_nothing_is_counted(flags, counts, says):
    words = absence_words(**flags)
    assert words.counts is counts and says in words.sentences[0]


def test_durations():
    assert duration(60) == "1 minute" and duration(119) == "1 minute" and duration(61, up=True) == "2 minutes"
    assert duration(90, exact=True) == "1 min 30 s" and duration(120, exact=True) == "2 minutes"
