"""A host's own page types on the mixins: the gate knows them by their kind, and needs none of our templates."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import format_html
from hypothesis import given
from hypothesis import strategies as st
from wagtail import blocks
from wagtail.models import Page

from lms.catalogue.queries import activity_of
from lms.learner.views.lesson import _plain_body, through_the_room
from lms.people.queries import personal_token
from lms.progress.services import enrol
from tests.learner.room_world import add, compiled
from tests.seating import make_learner
from tests.testapp.models import HostCoursePage, HostLessonPage

pytestmark = pytest.mark.django_db


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.fixture
def lesson(home):
    course = add(home, HostCoursePage, "A host's course", sequential=True)
    page = add(
        course, HostLessonPage, "A host's lesson", summary="What it is about.", mood="secret mood 4711"
    )
    compiled()
    return page


def test_a_hosts_lesson_is_closed_to_everybody_as_well(lesson):
    answer = Client().get(Page.objects.get(pk=lesson.pk).url)
    assert answer.status_code == 200
    words = text(answer)
    assert "A host's lesson" in words and "What it is about." in words and "4711" not in words


def test_a_hosts_lesson_opens_in_the_room(lesson, client):
    siti = make_learner("Siti", language="en", verified=True)
    course = activity_of(lesson.get_parent().specific)
    enrol(learner_ids=[siti.pk], activity_id=course.pk)
    path = reverse("lms_public:person_lesson", args=[personal_token(siti), activity_of(lesson).key])
    page = client.get(path)
    assert page.status_code == 200 and "Mark as done" in text(page)
    assert client.post(path, {"done": "1"}).status_code == 302


@given(st.text(alphabet="\"'=<>&/ documents:.http0123456789", max_size=80))
def test_leading_files_through_the_room_never_makes_markup_of_words(words):
    """Only whole addresses of files change; what was escaped stays escaped."""
    attack = f'="/documents/7/x" onload="{words}"><script>alert(1)</script>'
    content = format_html('<p title="{}">{}</p>', attack, attack)
    assert through_the_room(content, lambda pk: f"/room/{pk}/") == content
    link = format_html('<a href="/documents/7/x">{}</a>', attack)
    assert through_the_room(link, lambda pk: f"/room/{pk}/") == link.replace("/documents/7/x", "/room/7/", 1)


def test_a_plain_body_of_a_host_may_be_a_stream_rich_text_or_nothing():
    assert _plain_body(SimpleNamespace(body=None)) == _plain_body(SimpleNamespace()) == ""
    assert _plain_body(SimpleNamespace(body=["<script>"])) == ""  # what is neither is not shown
    block = blocks.StreamBlock([("words", blocks.CharBlock())])
    stream = blocks.StreamValue(block, [("words", "<script>alert(1)</script>")])
    assert "<script>" not in _plain_body(SimpleNamespace(body=stream))
    assert "<p>Halo</p>" in _plain_body(SimpleNamespace(body="<p>Halo</p>"))
