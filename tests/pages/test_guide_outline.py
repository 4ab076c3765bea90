"""Reading a typed outline: pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.pages.guide.outline import LONGEST, MOST_LINES, Lesson, Module, OutlineError, read_outline


def test_lines_are_lessons_and_a_colon_begins_a_module():
    assert read_outline("Welcome\n\nPreparing:\n Light \nA clean background\nSelling :\nA price") == (
        Lesson("Welcome"),
        Module("Preparing", (Lesson("Light"), Lesson("A clean background"))),
        Module("Selling", (Lesson("A price"),)),
    )


@pytest.mark.parametrize(
    "line", ["1. Light", "12) Light", "- Light", "• Light", "*  Light", "\t– Light", "Light"]
)
def test_signs_of_pasted_lists_are_taken_away(line):
    assert read_outline(line) == (Lesson("Light"),)


def test_numbers_that_belong_to_a_title_stay():
    assert read_outline("3 photos a day\n2027: what is new") == (
        Lesson("3 photos a day"),
        Lesson("2027: what is new"),
    )


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty", 0),
        (" \n\t\n- \n", "empty", 0),
        ("A\n" * (MOST_LINES + 1), "too_many", MOST_LINES + 1),
        ("A\n\n" + "x" * (LONGEST + 1), "too_long", 3),
        ("A module:\n", "no_lesson", 0),
        ("One:\nTwo:\nA", "no_lesson", 0),
    ],
)
def test_what_cannot_become_a_course_is_refused_with_its_line(text, code, line):
    with pytest.raises(OutlineError) as refusal:
        read_outline(text)
    assert (refusal.value.code, refusal.value.line) == (code, line)


def test_as_many_lines_and_letters_as_are_allowed():
    assert len(read_outline("A\n" * MOST_LINES)) == MOST_LINES
    assert read_outline("x" * LONGEST) == (Lesson("x" * LONGEST),)
    assert read_outline(f"{'x' * LONGEST}:\nA") == (Module("x" * LONGEST, (Lesson("A"),)),)


@given(st.text(max_size=400))
def test_whatever_is_typed_becomes_titles_of_a_page_or_is_refused(text):
    try:
        found = read_outline(text)
    except OutlineError as refusal:
        assert refusal.code in ("empty", "too_many", "too_long", "no_lesson")
        return
    titles = [each.title for each in found] + [
        lesson.title for each in found if isinstance(each, Module) for lesson in each.lessons
    ]
    assert titles
    assert all(0 < len(title) <= LONGEST and title == " ".join(title.split()) for title in titles)


words = st.text("abc xyz", min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)


@given(
    st.lists(st.tuples(words, st.lists(words, min_size=1, max_size=4)), min_size=1, max_size=5),
    st.lists(words, max_size=3),
)
def test_what_is_written_as_an_outline_is_read_as_it_was_meant(modules, first):
    lines = [*first, *(line for title, lessons in modules for line in (f"{title}:", *lessons))]
    expected = (
        *(Lesson(title) for title in first),
        *(Module(title, tuple(Lesson(each) for each in lessons)) for title, lessons in modules),
    )
    assert read_outline("\r\n".join(lines)) == expected
