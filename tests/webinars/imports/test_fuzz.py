"""Whatever the bytes are: a report, or an error of our family. Never another exception, never a wrong sum."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lms.webinars.imports import Report, ReportError, preview, read_report

from .evening import seconds_covered
from .generate import CASES

SOURCES = [case.source for case in CASES]
which = st.integers(0, len(SOURCES) - 1)
PIECES = [
    b",", b";", b"\t", b'"', b"\n", b"\r", b"\r\n", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3", b"--", b"NA", b"Yes",
    b"Join Time", b"Leave Time", b"Attendee Details,", b"Host Details,", b"Other Attended,", b"2. Participants",
    b"3. In-Meeting Activities", b"Topic,Meeting ID,Start Time", b"12:20:00 AM", b"13/13/2025", b"2025-03-04T10:00Z",
    b"Name (Original Name)", b"Total Duration (Minutes)", b"Joined before", b"Left", "…".encode(), "名前".encode(),
]  # fmt: skip


def survives(source: bytes, **options) -> None:
    """Read, and check what holds for every report and every error."""
    try:
        report = read_report(source, **options)
    except ReportError as error:
        assert str(error)
        assert error.message % error.params if error.params else error.message
        return
    assert isinstance(report, Report)
    assert report.people
    for person in report.people:
        assert person.intervals == sorted(person.intervals)
        if person.merged_seconds is not None:
            assert person.merged_seconds == covered(person.intervals)
        assert (person.role == "no-show") == ("no_show" in person.flags)
        assert person.flag_texts is not None
    assert "\n" not in "".join(preview.as_lines(report))
    assert preview.as_json(report)["people_count"] == len(report.people)
    assert all(remark.text for remark in (*report.warnings, *report.notes))


def covered(spans: list[tuple[datetime, datetime]]) -> int:
    """Count covered seconds; by the set of seconds unless a damaged date made a stay of years."""
    if all((left - joined).days < 2 for joined, left in spans):
        return seconds_covered(spans)
    total, reached = 0.0, datetime(1, 1, 1)
    for joined, left in sorted(spans):
        begin = max(joined, reached)
        if left > begin:
            total += (left - begin).total_seconds()
            reached = left
    return int(total)


options = st.fixed_dictionaries(
    {},
    optional={
        "session_start": st.sampled_from(
            [datetime(2025, 3, 4, 19), datetime(2025, 4, 3, 19), datetime(2025, 3, 14, 19)]
        ),
        "date_order": st.sampled_from(["mdy", "dmy", "ymd"]),
        "filename": st.text(max_size=20),
    },
)


@settings(deadline=None)
@given(st.binary(max_size=400), options)
@example(b"\xff\xfe\xff", {})
@example(b"\xff\xfe\x00\xd8", {})
@example(b'"', {})
@example(b"\xef\xbb\xbf\xff", {})
def test_any_bytes(source, chosen):
    survives(source, **chosen)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), options)
def test_any_mixture_of_the_words_of_reports(pieces, chosen):
    survives(b"".join(pieces), **chosen)


edits = st.lists(
    st.tuples(
        st.sampled_from(["replace", "delete", "insert", "repeat", "cut", "swap"]),
        st.floats(0, 1, exclude_max=True),
        st.integers(1, 60),
        st.sampled_from(PIECES) | st.binary(min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=6,
)


def edited(source: bytes, changes) -> bytes:
    for kind, where, length, piece in changes:
        place = int(where * len(source))
        if kind == "replace":
            source = source[:place] + piece + source[place + len(piece) :]
        elif kind == "delete":
            source = source[:place] + source[place + length :]
        elif kind == "insert":
            source = source[:place] + piece + source[place:]
        elif kind == "repeat":
            source = source[:place] + source[place : place + length] * 3 + source[place + length :]
        elif kind == "cut":
            source = source[:place]
        else:
            lines = source.split(b"\n")
            first, second = place % len(lines), length % len(lines)
            lines[first], lines[second] = lines[second], lines[first]
            source = b"\n".join(lines)
    return source


@settings(max_examples=400, deadline=None)
@given(which, edits, options)
def test_damaged_reports(place, changes, chosen):
    survives(edited(SOURCES[place], changes), **chosen)


@settings(max_examples=150, deadline=None)
@given(which, which, st.floats(0, 1), st.floats(0, 1), options)
def test_two_reports_grown_together(one_place, other_place, first, second, chosen):
    one, other = SOURCES[one_place], SOURCES[other_place]
    survives(one[: int(first * len(one))] + other[int(second * len(other)) :], **chosen)


cells = st.text(max_size=12) | st.sampled_from(
    ["03/14/2025 07:00:00 PM", "2025-03-14 20:00", "14/03/25, 19:00", "Yes", "No", "--", "Join Time", "Budi", "b@x.example"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.lists(cells, max_size=8), max_size=8), st.sampled_from([",", ";", "\t"]))
def test_any_rows_below_column_names(rows, delimiter):
    header = [
        "Name (Original Name)",
        "User Email",
        "Join Time",
        "Leave Time",
        "Duration (Minutes)",
        "In Waiting Room",
    ]
    text = "\n".join(delimiter.join(row) for row in [header, *rows])
    survives(text.encode("utf-8", "replace"))


@pytest.mark.parametrize("source", SOURCES, ids=[case.label for case in CASES])
def test_every_beginning_of_a_report(source):
    """A file whose transfer broke off, at places that fall into every kind of cell."""
    for end in range(0, len(source), 97):
        survives(source[:end])


def test_a_person_with_very_many_rows_takes_no_more_than_linear_time():
    """Each of these took minutes in a first, careless version; now they take no time to speak of."""
    day = "2025-03-14"
    steps = "".join(f"Budi\t{'Joined' if n % 2 else 'Left'}\t{day} 10:00:00\n" for n in range(20_000))
    survives(("Full Name\tUser Action\tTimestamp\n" + steps).encode())
    names = "".join(f"Name {n},b@usaha.example,{day} 10:00,{day} 10:01,1\n" for n in range(20_000))
    survives(("Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n" + names).encode())
    opens = "".join(f"Budi,b@usaha.example,{day} 10:00,,\n" for _ in range(20_000))
    survives(("Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n" + opens).encode())
