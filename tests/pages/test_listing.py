"""Lists on a host's own pages: search on each database, filters on made rows, addresses that keep what was chosen."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Page, PageViewRestriction

from lms.catalogue.compile import compile_all
from lms.pages.listing_choices import Choice, Filter, address_with, chips, number_in
from lms.pages.models import LessonPage

pytestmark = pytest.mark.django_db


def found(client, words):
    response = client.get("/en/search/", {"q": words})
    assert response.status_code == 200
    text = response.content.decode()
    return text[text.index('<main id="main"') :]


def test_words_of_open_lessons_are_found(client, course):
    text = found(client, "lamp")
    assert "/first-sales/preparing/photos/" in text and "Switch off the <mark>lamp</mark>." in text


@pytest.mark.parametrize("rule", [{"sequential": True}, {"enrolment_mode": "approval"}])
def test_words_of_lessons_for_learners_find_nothing_but_their_titles_do(client, course, rule):
    page = course["course"]
    for name, value in rule.items():
        setattr(page, name, value)
    page.save_revision().publish()
    assert [done.error for _, done in compile_all() if done.error] == []
    assert "Nothing was found" in found(client, "lamp")
    assert "Nothing was found" in found(client, "photos lamp") or "some of them" in found(
        client, "photos lamp"
    )
    text = found(client, "photos")
    assert "<mark>Photos</mark>" in text and "lamp" not in text


def test_a_lesson_that_opens_later_is_found_by_its_title_only(client, course):
    lesson = course["first"]
    lesson.opens_on = dt.date(2099, 1, 1)
    lesson.save_revision().publish()
    assert [done.error for _, done in compile_all() if done.error] == []
    assert "Nothing was found" in found(client, "lamp")


def test_drafts_and_what_stands_below_something_private_are_not_found(client, course):
    assert "/first-sales/" in found(client, "photos")
    PageViewRestriction.objects.create(
        page=Page.objects.get(pk=course["course"].pk), restriction_type="login"
    )
    assert [done.error for _, done in compile_all() if done.error] == []
    assert "Nothing was found" in found(client, "photos")


def test_an_unpublished_course_hides_its_lessons(client, course):
    course["course"].unpublish()
    assert LessonPage.objects.get(pk=course["first"].pk).live
    assert "Nothing was found" in found(client, "photos")


@pytest.mark.parametrize(
    "words", ["\0", "'", '"', "a & | ! b", "lamp:*", "<->", "\\", "ﬁ", "%%", "🙂🙂", "--"]
)
def test_no_words_break_a_database(client, course, words):
    found(client, words)


def test_a_list_is_only_read(client, course):
    for path in ("/en/courses/", "/en/calendar/", "/en/search/", "/en/speakers/"):
        assert client.post(path).status_code == 405
        assert client.head(path).status_code == 200


def test_a_course_and_its_sessions_are_listed(client, course, before_the_series):
    assert "First sales" in client.get("/en/courses/").content.decode()
    text = client.get("/en/calendar/").content.decode()
    assert text.count('<time class="clock"') == 3 and "Digital marketing" in text
    text = client.get("/en/calendar/?view=month&month=2027-03&curriculum=digital-marketing").content.decode()
    assert text.count('class="sitting accent-clay') == 3


@given(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(min_size=1, max_size=9)), st.text(max_size=9)
)
def test_an_address_keeps_what_was_chosen(asked, value):
    from django.http import QueryDict

    _, _, query = address_with("/list/", asked, b=value).partition("?")
    expected = {name: each for name, each in (asked | {"b": value}).items() if each}
    try:
        assert QueryDict(query).dict() == expected
    except UnicodeEncodeError:
        pytest.fail("an address that is none")


def test_a_chip_takes_its_own_choice_away_only():
    filters = [
        Filter("a", "A", [Choice("1", "One", 3, chosen=True)]),
        Filter("b", "B", [Choice("2", "Two", 0)]),
    ]
    assert [(chip.title, chip.url) for chip in chips("/x/", {"a": "1", "b": "2"}, filters)] == [
        ("One", "/x/?b=2")
    ]
    assert filters[1].offered == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 1), ("3", 3), ("-1", 1), ("٣", 1), ("99999999", 1000), ("9" * 99, 1), ("0", 0), ("x", 1)],
)
def test_numbers_of_pages_are_read_strictly(text, number):
    assert number_in(text) == number
