"""A host's own page types on the mixins: the gate knows them by their kind, and needs none of our templates."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from lms.catalogue.queries import activity_of
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
