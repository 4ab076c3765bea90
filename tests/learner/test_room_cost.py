"""Cost: screens of the learner's room ask the database as often for five parts as for a hundred, for ten people as for a thousand."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from lms.catalogue.models import Activity, ActivityPage, OutlineItem
from lms.catalogue.queries import current_outline
from lms.core import clock
from lms.learner.services import mark_lesson
from lms.pages.models import LessonPage, WebinarSeriesPage
from lms.people.models import Learner
from lms.people.queries import personal_token
from lms.progress.models import Completion, Enrolment
from lms.progress.services import enrol
from tests.learner.room_world import Doors, World, add, compiled, make_document
from tests.pages.bodies import everything
from tests.seating import make_learner

pytestmark = pytest.mark.django_db

STATIC = Path(__file__).resolve().parents[2] / "lms" / "static" / "lms"


@pytest.fixture
def world(home):
    return World(home)


@pytest.fixture
def siti(world):
    learner = make_learner("Siti", "siti@contoh.example", language="en", verified=True)
    enrol(learner_ids=[learner.pk], activity_id=world.course_id)
    return learner


def more_parts(world, count):
    """Add lessons to the course. They share one page, because only rows cost queries."""
    course = world.activity(world.course)
    version = current_outline(course)
    row = ActivityPage.objects.get(activity=world.activity(world.first))
    activities = Activity.objects.bulk_create(
        [Activity(kind="lesson", title=f"Lesson {number}", live=True, public=True) for number in range(count)]
    )
    ActivityPage.objects.bulk_create(
        [
            ActivityPage(
                activity=each,
                locale=row.locale,
                page_id=row.page_id,
                title=each.title,
                live=True,
                public=True,
                owner=True,
            )
            for each in activities
        ]
    )
    last = version.items.count()
    OutlineItem.objects.bulk_create(
        [
            OutlineItem(version=version, activity=each, position=last + place)
            for place, each in enumerate(activities)
        ]
    )
    version.fingerprint = (
        f"{version.fingerprint[:-4]}{count:04}"  # an outline with other parts is another outline
    )
    version.save(update_fields=["fingerprint"])
    return activities


def queries(client, path):
    client.get(path)  # content types and addresses of sites are known from now on
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def paths(world, learner):
    """Screen → address, and how many queries it costs: all of a request, with those of Wagtail."""
    doors = Doors(None, world, learner)
    text_lesson = world.activity(world.first)
    return {
        "lesson": (doors.address("person_lesson", text_lesson.key), 8),
        # A recording costs one, its file another.
        "recording": (doors.address("person_lesson", doors.lesson.key), 10),
        "course": (doors.address("person_course", world.activity(world.course).key), 11),
        "quiz": (doors.address("person_quiz", doors.quiz.key), 12),
        "personal page": (reverse("lms_public:person", args=[personal_token(learner)]), 10),
    }


@pytest.mark.parametrize("screen", ["lesson", "recording", "course", "quiz", "personal page"])
def test_more_parts_and_more_people_cost_no_more_queries(client, world, siti, screen):
    path, exactly = paths(world, siti)[screen]
    mark_lesson(learner=siti, key=world.activity(world.first).key)
    few = queries(client, path)
    for each in more_parts(world, 95)[:40]:
        mark_lesson(learner=siti, key=each.key)
    others = Learner.objects.bulk_create([Learner(name=f"L{number}") for number in range(1000)])
    enrol(learner_ids=[each.pk for each in others], activity_id=world.course_id)
    many = queries(client, path)
    assert many == few == exactly


def test_a_lesson_with_every_block_costs_twelve(client, world, siti):
    """Beyond a plain lesson: pictures, files, series, their next sessions."""
    series = add(
        world.course,
        WebinarSeriesPage,
        "Breakfast",
        start_date=dt.date(2126, 3, 5),
        start_time=dt.time(6, 0),
        recurrence="RRULE:FREQ=WEEKLY;COUNT=4",
    )
    picture = get_image_model().objects.create(title="Cloth", file=get_test_image_file(size=(80, 50)))
    body = everything(picture, lambda name: make_document(name, name=name), series)
    lesson = add(world.course, LessonPage, "Everything", body=body)
    compiled()
    path = Doors(None, world, siti).address("person_lesson", world.activity(lesson).key)
    assert queries(client, path) == 12
    for each in (world.first, world.lesson, lesson):
        mark_lesson(learner=siti, key=world.activity(each).key)
    run, version = Enrolment.objects.get(), current_outline(world.activity(world.course))
    Completion.objects.create(enrolment=run, version=version, completed_at=clock.now())
    assert (
        queries(client, path) == 12
    )  # the certificate is asked for once, when the course has just been finished
    assert 12 < queries(client, f"{path}?done=marked") <= 14


def test_scripts_and_style_sheets_keep_to_their_budgets():
    def small(*names):
        return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)

    assert small("css/kelas.css", "css/room.css") <= 6_000
    assert small("js/quiz.js", "js/watch.js", "js/lesson.js") <= 15_000
