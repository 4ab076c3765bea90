"""Pictures are drawn when a page is published."""

from __future__ import annotations

import pytest

from lms.pages import drawing
from lms.pages.models import LessonPage

pytestmark = pytest.mark.django_db


def drawn(picture):
    return set(picture.renditions.values_list("filter_spec", flat=True))


def test_publishing_draws_every_size_so_that_no_visitor_waits(
    course, add, picture, client, django_capture_on_commit_callbacks
):
    body = [("picture", {"image": picture, "alt_text": "Cloth", "decorative": False})]
    with django_capture_on_commit_callbacks(execute=True):
        lesson = add(course["course"], LessonPage, "Cloth", body=body)
    before = drawn(picture)
    assert len(before) == 6  # three formats, two sizes
    client.get(lesson.get_url())
    assert drawn(picture) == before


def test_a_draft_draws_nothing(course, add, picture, django_capture_on_commit_callbacks):
    lesson = course["first"]
    lesson.body = [("picture", {"image": picture, "alt_text": "Cloth", "decorative": False})]
    with django_capture_on_commit_callbacks(execute=True):
        lesson.save_revision()
    assert drawn(picture) == set()


def test_a_page_without_pictures_wakes_nobody(course, monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr("lms.core.work.wake", lambda task, **values: woken.append(task))
    with django_capture_on_commit_callbacks(execute=True):
        course["first"].save_revision().publish()
    assert "lms.pages.tasks.draw_pictures" not in woken


def test_a_page_that_is_gone_meanwhile_is_passed_over(course):
    assert drawing.draw(999_999) == 0
    course["first"].unpublish()
    assert drawing.draw(course["first"].pk) == 0
