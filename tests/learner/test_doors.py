"""States × doors: what every door answers to a learner in every state. Every cell is asserted."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest

from lms.assessment.models import Answer, Attempt
from lms.core import clock
from lms.learner.services import mark_lesson
from lms.progress import queries as progress
from lms.progress import services
from lms.progress.services import Statement, record
from tests.learner.room_world import FILE, SECRET, Doors, World, change, pass_quiz
from tests.seating import make_learner

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2027, 3, 2, 10, 0, tzinfo=dt.UTC)
TODAY = dt.date(2027, 3, 2)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def world(home):
    return World(home)


@pytest.fixture
def siti():
    return make_learner("Siti", "siti@contoh.example", language="en", verified=True)


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def enrolled(world, learner):
    services.enrol(learner_ids=[learner.pk], activity_id=world.course_id, at=NOW - dt.timedelta(days=3))


def is_enrolled_nowhere(world, learner):
    pass


def has_asked(world, learner):
    services.request_enrolment(learner_id=learner.pk, activity_id=world.course_id)


def was_declined(world, learner):
    run = services.request_enrolment(learner_id=learner.pk, activity_id=world.course_id)
    services.decline(enrolment_ids=[run.pk], reason="The course is for shops with a stall.")


def has_left(world, learner):
    enrolled(world, learner)
    services.withdraw(learner_id=learner.pk, activity_id=world.course_id)


def has_ended(world, learner):
    change(world.course, valid_months=1)
    services.enrol(learner_ids=[learner.pk], activity_id=world.course_id, at=NOW - dt.timedelta(days=90))


def begins_later(world, learner):
    cohort = services.save_cohort(
        activity_id=world.course_id, title="April", starts_on=TODAY + dt.timedelta(days=30)
    )
    services.enrol_in_cohort(learner_ids=[learner.pk], cohort_id=cohort.pk, by_staff=True)


def opens_later(world, learner):
    change(world.module, opens_on=TODAY + dt.timedelta(days=2))
    enrolled(world, learner)


def opens_days_after_the_start(world, learner):
    change(world.module, opens_after_days=4)
    enrolled(world, learner)


def lacks_what_comes_before(world, learner):
    change(world.course, sequential=True)
    enrolled(world, learner)


def lacks_a_prerequisite(world, learner):
    change(world.course, prerequisites=[("page", world.basics)])
    enrolled(world, learner)


def may(world, learner):
    enrolled(world, learner)


def has_done_what_comes_before(world, learner):
    change(world.course, sequential=True, prerequisites=[("page", world.basics)])
    services.enrol(learner_ids=[learner.pk], activity_id=world.activity(world.basics).pk)
    enrolled(world, learner)
    mark_lesson(learner=learner, key=world.activity(world.basics_lesson).key)
    mark_lesson(learner=learner, key=world.activity(world.first).key)
    # The quiz stands after the lesson, and is asked for as well.
    mark_lesson(learner=learner, key=world.activity(world.lesson).key)


def has_done_it(world, learner):
    enrolled(world, learner)
    mark_lesson(learner=learner, key=world.activity(world.lesson).key)
    pass_quiz(learner, world.activity(world.quiz), NOW - dt.timedelta(hours=1))


def was_exempted(world, learner):
    """Exempted from the lesson and the quiz: they are done, so they are open whatever comes before."""
    change(world.course, sequential=True)
    enrolled(world, learner)
    for page in (world.lesson, world.quiz):
        services.waive(
            learner_id=learner.pk,
            course_id=world.course_id,
            activity_id=world.activity(page).pk,
            reason="Taught it herself.",
            by="Koordinator",
        )


#: State → what is said, for those in which every door is closed.
CLOSED = {
    is_enrolled_nowhere: "You are not in this course.",
    has_asked: "Your request to take this course waits for an answer.",
    was_declined: "Your request to take this course was declined.",
    has_left: "You have left this course.",
    has_ended: "Your time in this course has ended.",
    begins_later: "Opens on Thursday, 1 April 2027.",
    opens_later: "Opens on Thursday, 4 March 2027.",
    opens_days_after_the_start: "Opens on Wednesday, 3 March 2027.",
    lacks_what_comes_before: "First do: A first look",
    lacks_a_prerequisite: "Complete this first: Basics",
}
OPEN = (may, has_done_what_comes_before, has_done_it, was_exempted)

#: Door → what an open one answers. Those that everybody may knock at answer alike in every state.
ANSWERS = {
    "page": 200,
    "plain_document": 403,
    "read": 200,
    "document": 200,
    "mark": 302,
    "watch": 200,
    "quiz_rules": 200,
    "questions": 200,
    "answer": 200,
    "submit": 302,
    "quiz_start": 302,
}
FOR_EVERYBODY = ("page", "plain_document")


@pytest.mark.parametrize("state", CLOSED, ids=lambda state: state.__name__)
def test_a_closed_door_stays_closed_and_says_why(client, world, siti, state):
    state(world, siti)
    before = progress.history(learner_id=siti.pk).count()
    doors = Doors(client, world, siti)
    doors.prepare()
    found = {}
    for door in ANSWERS:
        answer = getattr(doors, door)()
        assert SECRET.encode() not in answer.content and FILE not in answer.content, door
        found[door] = answer.status_code
        if door not in FOR_EVERYBODY:
            said = answer.json()["code"] if door in ("watch", "answer") else text(answer)
            assert CLOSED[state] in said or said == "not-open", (door, said)
    assert found == {door: ANSWERS[door] if door in FOR_EVERYBODY else 403 for door in ANSWERS}
    assert progress.history(learner_id=siti.pk).count() == before
    assert Attempt.objects.get().state == "open" and not Answer.objects.exclude(saved_at=None).exists()


@pytest.mark.parametrize("state", OPEN, ids=lambda state: state.__name__)
def test_an_open_door_opens(client, world, siti, state):
    state(world, siti)
    doors = Doors(client, world, siti)
    doors.prepare()
    found = {}
    for door in ANSWERS:
        answer = getattr(doors, door)()
        found[door] = answer.status_code
        if door in FOR_EVERYBODY:
            assert SECRET.encode() not in answer.content, door
        elif door == "read":
            assert SECRET in text(answer)
        elif door == "document":
            assert b"".join(answer.streaming_content) == FILE
    assert found == ANSWERS
    assert [each.state for each in Attempt.objects.order_by("pk")] == ["graded", "open"]


def test_the_page_is_the_same_for_everybody_in_every_state(client, world, siti):
    """The page cache may keep it: nothing in it depends on who asks."""
    doors = Doors(client, world, siti)
    pages = set()
    for state in (is_enrolled_nowhere, has_asked):
        state(world, siti)
        answer = doors.page()
        pages.add(answer.content)
        assert getattr(answer, "lms_public", False) and not answer.cookies
    assert len(pages) == 1


def test_what_was_recorded_elsewhere_opens_nothing(client, world, siti):
    """Evidence without a run is no way in."""
    record(
        [
            Statement(
                cause="x",
                learner_id=siti.pk,
                activity_id=world.activity(world.lesson).pk,
                verb="completed",
                occurred_at=NOW,
                reason="lesson.marked",
            )
        ]
    )
    assert Doors(client, world, siti).read().status_code == 403
