"""What is needed before a course: compiled from pages, the same for all languages, and never a loop."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.catalogue.compile import compile_all
from lms.catalogue.models import Activity
from lms.catalogue.prerequisites import find_loop, loop_through, loop_words, needs_in_force
from lms.catalogue.queries import activity_of, current_outline
from lms.pages.models import CoursePage, LessonPage, WebinarSeriesPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def courses(home):
    found = []
    for name in "ABC":
        course = home.add_child(instance=CoursePage(title=f"Kursus {name}", slug=f"kursus-{name.lower()}"))
        course.add_child(instance=LessonPage(title=f"Pelajaran {name}", slug="pelajaran"))
        found.append(course)
    for _ in compile_all():
        pass
    return found


def need(page, *others):
    page = CoursePage.objects.get(pk=page.pk)
    page.prerequisites = [("page", other) for other in others]
    page.save_revision().publish()
    return page


def needed_by(page):
    return current_outline(activity_of(page)).rules.get("prerequisites", [])


def nothing_to_compile():
    return not {key: done for key, done in compile_all() if done.changes or done.error}


def test_they_are_compiled_once_each_and_by_identity(courses, django_capture_on_commit_callbacks):
    a, b, c = courses
    with django_capture_on_commit_callbacks(execute=True):
        need(a, b, c, b)
    assert needed_by(a) == [str(b.translation_key), str(c.translation_key)]
    assert needs_in_force() == {a.translation_key: [b.translation_key, c.translation_key]}
    assert nothing_to_compile()


def test_a_page_that_is_none_of_ours_is_no_prerequisite(courses, home, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        need(courses[0], home)
    assert needed_by(courses[0]) == []


def test_a_deleted_one_is_needed_by_nobody(courses, django_capture_on_commit_callbacks):
    a, b, c = courses
    with django_capture_on_commit_callbacks(execute=True):
        need(a, b, c)
    with django_capture_on_commit_callbacks(execute=True):
        CoursePage.objects.get(pk=b.pk).delete()
    assert needed_by(a) == [str(c.translation_key)]
    assert nothing_to_compile()


def test_a_loop_is_named_and_what_closes_it_is_left_out(courses, django_capture_on_commit_callbacks):
    a, b, c = courses
    with django_capture_on_commit_callbacks(execute=True):
        need(a, b)
        need(b, c)
    page = CoursePage.objects.get(pk=c.pk)
    page.prerequisites = [("page", a)]
    words = loop_words(loop_through(page.prerequisites, page), page.title)
    assert words == (
        "These wait for each other, so nobody could ever start: "
        "“Kursus C” → “Kursus A” → “Kursus B” → “Kursus C”. Take one of them out."
    )
    with django_capture_on_commit_callbacks(execute=True):
        need(c, a)  # by a door without a form
    assert needed_by(c) == []
    assert Activity.objects.get(translation_key=c.translation_key).compile_error == words
    assert nothing_to_compile()
    with django_capture_on_commit_callbacks(execute=True):
        need(a)
    assert needed_by(c) == [str(a.translation_key)]
    assert Activity.objects.get(translation_key=c.translation_key).compile_error == ""
    assert nothing_to_compile()


def test_a_course_cannot_need_itself(courses, django_capture_on_commit_callbacks):
    a = courses[0]
    with django_capture_on_commit_callbacks(execute=True):
        need(a, a)
    assert needed_by(a) == []
    assert "“Kursus A” → “Kursus A”" in activity_of(a).compile_error


def test_a_series_may_be_needed(courses, make_series, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        series = make_series()
        need(courses[0], series)
    assert isinstance(series, WebinarSeriesPage)
    assert needed_by(courses[0]) == [str(series.translation_key)]


KEYS = [uuid.UUID(int=number) for number in range(6)]
graphs = st.dictionaries(st.sampled_from(KEYS), st.lists(st.sampled_from(KEYS), max_size=3), max_size=6)


@given(st.sampled_from(KEYS), st.lists(st.sampled_from(KEYS), max_size=3), graphs)
def test_a_loop_is_found_exactly_when_there_is_one_and_it_is_one(start, wanted, needs):
    needs = needs | {start: []}
    loop = find_loop(start, wanted, needs)
    reached, new = set(), set(wanted)
    while new:
        reached |= new
        new = {each for key in new for each in needs.get(key, ())} - reached
    assert bool(loop) == (start in reached)
    if loop:
        assert loop[0] == loop[-1] == start and len(loop) > 1
        edges = needs | {start: wanted}
        assert all(after in edges[before] for before, after in zip(loop, loop[1:], strict=False))
