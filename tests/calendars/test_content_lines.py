"""Escaping and folding: whatever a title holds, it comes back, and it never becomes a line of its own."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.calendars import content_lines as cl
from tests.calendars.parsing import lines

NASTY = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.text(alphabet='\\;,:"^nN\r\n\t \x00\x0b\x0c\x1c\x1e\x7f\x85\u2028\u2029\ud800', max_size=20),
        st.sampled_from(
            [
                "\r\nBEGIN:VALARM\r\n",
                "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
                "👩🏽\u200d🚀" * 12,
                "عربي",
                "é" * 100,
                "C:\\Network\\new",
                "a" * 10_000,
            ]
        ),
    ),
    max_size=6,
).map("".join)


def unescaped(value: str) -> str:
    """Undo RFC 5545 3.3.11 in one pass."""
    return re.sub(r"\\([\\;,nN])", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)


@settings(deadline=None)
@given(NASTY)
def test_any_text_is_one_line_and_comes_back(value):
    body = cl.text("SUMMARY", value)
    (line,) = lines(body)
    assert unescaped(line.removeprefix("SUMMARY:")) == cl.clean(value)


@settings(deadline=None)
@given(NASTY)
def test_no_line_is_longer_than_75_octets_or_holds_a_control_character(value):
    body = cl.text("X-KELAS-LONG-NAME", value)
    for physical in body.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(physical) <= 75
        physical.decode()  # no fold inside a character
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", physical)


@settings(deadline=None)
@given(NASTY)
def test_a_fold_never_splits_an_escape(value):
    for physical in cl.text("SUMMARY", value).removesuffix(b"\r\n").split(b"\r\n")[:-1]:
        trailing = len(physical) - len(physical.rstrip(b"\\"))
        assert trailing % 2 == 0


@settings(deadline=None)
@given(NASTY)
def test_one_line_text_holds_no_break_and_no_outer_space(value):
    said = cl.one_line(value)
    assert said == said.strip()
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", said)
    assert cl.one_line(said) == said


def parameter(line: str) -> str:
    """Read CN by the letter of RFC 5545 3.2 and RFC 6868."""
    bare, quoted = re.match(r'ORGANIZER(?:;CN=(?:"([^"]*)"|([^",;:]*)))?:mailto:', line).group(2, 1)
    codes = {"n": "\n", "^": "^", "'": '"'}
    return re.sub(r"\^([n^'])", lambda found: codes[found[1]], quoted if quoted is not None else bare or "")


@settings(deadline=None)
@given(NASTY)
def test_any_name_is_a_parameter_that_comes_back(name):
    said = cl.one_line(name)
    body = cl.uri("ORGANIZER", "mailto:halo@academy.example", CN=said)
    (line,) = lines(body)
    assert parameter(line) == said
    if "\\" not in said:  # icalendar takes a backslash in a parameter for an escape, which it is not
        from icalendar.parser import Contentline

        _name, parameters, value = Contentline.from_ical(body.removesuffix(b"\r\n")).parts()
        assert (parameters.get("CN", ""), value) == (said, "mailto:halo@academy.example")


@pytest.mark.parametrize("value", ["", "https://a.example/x y", "https://a.example/\r\nBEGIN:VALARM", "\x7f"])
def test_what_is_no_address_is_refused(value):
    with pytest.raises(ValueError, match="URL needs an address"):
        cl.uri("URL", value)


def test_an_empty_list_of_texts_is_no_line():
    assert cl.texts("CATEGORIES", ()) == b""
    assert cl.texts("CATEGORIES", (" ", "\r\n")) == b""
    assert (
        cl.texts("CATEGORIES", ("Pemasaran, digital", "UMKM")) == b"CATEGORIES:Pemasaran\\, digital,UMKM\r\n"
    )


def test_moments_are_said_on_the_wall_clock():
    moment = dt.datetime(2027, 3, 1, 23, 0, tzinfo=dt.UTC)
    assert cl.moment_in("DTSTART", moment, "Asia/Jakarta") == b"DTSTART;TZID=Asia/Jakarta:20270302T060000\r\n"
    assert cl.moment_in("DTSTART", moment, None) == b"DTSTART:20270301T230000Z\r\n"


def test_the_second_of_two_equal_hours_is_said_in_utc():
    berlin = ZoneInfo("Europe/Berlin")
    first = dt.datetime(2027, 10, 31, 2, 30, tzinfo=berlin)
    second = first.replace(fold=1)
    assert (
        cl.moment_in("DTSTART", first, "Europe/Berlin") == b"DTSTART;TZID=Europe/Berlin:20271031T023000\r\n"
    )
    assert cl.moment_in("DTSTART", second, "Europe/Berlin") == b"DTSTART:20271031T013000Z\r\n"


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="zone"):
        cl.utc(dt.datetime(2027, 3, 1))
