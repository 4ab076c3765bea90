"""Every invented report, read exactly: people, times, seconds, encoding, separator, date order, remarks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.webinars.imports import AmbiguousDates, read_report

from .evening import Case, Expected
from .generate import CASES

ALL = pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)


def read(case: Case):
    return read_report(case.source, session_start=case.session_start)


def as_expected(person) -> Expected:
    return Expected(
        person.name,
        person.email,
        person.role,
        person.first_join,
        person.last_leave,
        len(person.intervals),
        person.merged_seconds,
        person.duration_only_minutes,
    )


@ALL
def test_people_and_their_time(case):
    people = [as_expected(person) for person in read(case).people]
    assert people == list(case.people)


@ALL
def test_the_file(case):
    report = read(case)
    assert report.format_id == case.format_id
    assert report.format_id.startswith(report.platform)
    assert (report.encoding, report.delimiter) == (case.encoding, case.delimiter)
    assert report.date_order == case.date_order
    assert report.meeting.topic == case.topic


@ALL
def test_remarks(case):
    report = read(case)
    assert sorted(remark.code for remark in report.warnings) == sorted(case.warnings)
    assert sorted(remark.code for remark in report.notes) == sorted(case.notes)
    assert all(remark.text for remark in (*report.warnings, *report.notes))


@ALL
def test_the_order_of_the_first_appearance_is_kept_and_reading_twice_gives_the_same(case):
    assert read(case) == read(case)


@ALL
def test_intervals_are_sorted_and_lie_between_first_and_last(case):
    for person in read(case).people:
        assert person.intervals == sorted(person.intervals)
        for joined, left in person.intervals:
            assert person.first_join <= joined <= left <= person.last_leave
        sum_of_rows = sum((left - joined for joined, left in person.intervals), timedelta())
        assert person.summed_seconds == sum_of_rows.total_seconds()
        assert (person.merged_seconds or 0) <= person.summed_seconds


@pytest.mark.parametrize("case", [case for case in CASES if case.session_start], ids=lambda case: case.label)
def test_only_the_schedule_settles_these_dates(case):
    with pytest.raises(AmbiguousDates) as question:
        read_report(case.source)
    assert question.value.code == "ambiguous_dates"
    wrong = {"mdy": "dmy", "dmy": "mdy"}[case.date_order]
    evening = case.session_start.date()
    assert question.value.readings[case.date_order] in (evening, evening + timedelta(days=1))
    # A person's answer is taken, right or wrong.
    right = read_report(case.source, date_order=case.date_order)
    assert [as_expected(person) for person in right.people] == list(case.people)
    assert read_report(case.source, date_order=wrong).people[0] != right.people[0]


def test_every_label_is_used_once():
    labels = [case.label for case in CASES]
    assert len(labels) == len(set(labels))
