"""Starting a course, and marking its lessons as done."""

from __future__ import annotations

import re
from functools import partial

import pytest
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale

from lms import signals
from lms.catalogue.models import Activity, ActivityPage
from lms.catalogue.outlines import Part, write_outline
from lms.core.exceptions import NotAllowed
from lms.learner.services import mark_lesson, start_course
from lms.people.models import Consent, Learner
from lms.people.queries import personal_token
from lms.progress import queries as progress
from lms.progress.services import enrol
from tests.seating import make_learner
from tests.threads import at_once

pytestmark = pytest.mark.django_db

EMAIL = "siti@contoh.example"


def activity(kind, title, **fields):
    """An activity and the row of its page in one language."""
    made = Activity.objects.create(kind=kind, title=title, **({"live": True, "public": True} | fields))
    locale = Locale.objects.get_or_create(language_code="en")[0]
    ActivityPage.objects.create(
        activity=made, locale=locale, title=title, live=made.live, public=made.public, owner=True
    )
    return made


def make_course(lessons=2):
    course = activity("course", "Pemasaran digital")
    parts = [activity("lesson", f"Pelajaran {number + 1}") for number in range(lessons)]
    write_outline(activity=course, parts=[Part(each.pk) for each in parts], rules={})
    return course, parts


@pytest.fixture
def siti():
    return make_learner("Siti Aminah", EMAIL, verified=True, language="en")


def address(course, name="enrol"):
    with translation.override("en"):
        return reverse(f"lms:{name}", args=[course.key])


def done(learner, lesson, value="1"):
    return reverse("lms_public:person_lesson", args=[personal_token(learner), lesson.key]), {"done": value}


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def fill(client, course, **typed):
    found = re.findall(
        r'<input type="hidden" name="([a-z_]+)"(?: value="([^"]*)")?',
        client.get(address(course)).content.decode(),
    )
    values = {"name": "Siti Aminah", "email": EMAIL, "consent": "on"} | typed
    return client.post(address(course), dict(found) | values)


def test_a_course_is_started_with_name_and_address(client):
    course, _ = make_course()
    heard = []

    def wanted(sender, learner_id, activity_id, **kwargs):
        heard.append((learner_id, activity_id))

    signals.link_wanted.connect(wanted)
    answer = fill(client, course)
    assert answer.status_code == 302
    learner = Learner.objects.get()
    assert progress.standing(learner_id=learner.pk, activity_id=course.pk).percent == 0
    assert Consent.objects.filter(learner=learner).exists() and heard == [(learner.pk, course.pk)]
    receipt = client.get(answer["Location"])
    assert "Siti Aminah" in text(receipt) and EMAIL in text(receipt)


def test_starting_twice_is_starting_once(client, siti):
    course, _ = make_course()
    fill(client, course)
    fill(client, course)
    assert progress.count_enrolments(course.pk) == 1 and Learner.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [{"live": False, "public": False}, {"public": False}, {"kind": "lesson"}, {"kind": "webinar_series"}],
)
def test_what_is_no_public_course_cannot_be_started(client, fields):
    other = activity(**({"kind": "course", "title": "Rahasia Perusahaan"} | fields))
    for name in ("enrol", "enrolled"):
        page = client.get(address(other, name))
        assert page.status_code == 404 and "Rahasia" not in page.content.decode()
    posted = client.post(address(other), {"name": "Siti", "email": EMAIL, "consent": "on"})
    assert posted.status_code == 404 and not Learner.objects.exists()


def test_what_is_wrong_is_said(client):
    course, _ = make_course()
    answer = fill(client, course, name="", email="siti")
    assert answer.status_code == 400 and "Please write your name." in text(answer)
    assert "not complete" in text(answer) and not Learner.objects.exists()


def test_a_course_leads_from_lesson_to_lesson(client, siti):
    """The personal page, the next lesson, the mark, the one after it, and the end."""
    course, (first, second) = make_course()
    start_course(course=course, name=siti.name, email=EMAIL)
    personal = reverse("lms_public:person", args=[personal_token(siti)])
    page = client.get(personal)
    assert "0 of 2 parts that are needed." in text(page) and "Next: Pelajaran 1" in text(page)
    path, values = done(siti, first)
    assert path in page.content.decode() and "Mark as done" in text(client.get(path))
    answer = client.post(path, values)
    assert answer.status_code == 302
    page = client.get(answer["Location"].partition("#")[0])
    assert "Well done." in text(page) and "1 of 2 parts" in text(page)
    assert done(siti, second)[0] in page.content.decode(), "the next lesson is one tap away"
    assert "Next: Pelajaran 2" in text(client.get(personal))
    client.post(*done(siti, second))
    assert progress.is_completed(learner_id=siti.pk, activity_id=course.pk, run=1)
    page = text(client.get(personal))
    assert "Completed" in page and "Next:" not in page


def test_marking_twice_is_once_and_a_mark_can_be_taken_back_and_given_again(siti):
    course, (lesson, _) = make_course()
    enrol(learner_ids=[siti.pk], activity_id=course.pk)
    mark = partial(mark_lesson, learner=siti, key=lesson.key)
    assert mark() and not mark()
    assert progress.history(learner_id=siti.pk).count() == 1
    assert mark(done=False) and not mark(done=False)
    assert progress.history(learner_id=siti.pk).count() == 0
    assert progress.standing(learner_id=siti.pk, activity_id=course.pk).percent == 0
    assert mark()
    assert progress.standing(learner_id=siti.pk, activity_id=course.pk).percent == 50


def test_marks_of_two_people_are_theirs(siti):
    course, (lesson, _) = make_course()
    budi = make_learner("Budi")
    enrol(learner_ids=[siti.pk, budi.pk], activity_id=course.pk)
    mark_lesson(learner=siti, key=lesson.key)
    assert progress.standing(learner_id=budi.pk, activity_id=course.pk).percent == 0


def hidden(**fields):
    def change(course, lesson, siti):
        Activity.objects.filter(pk=lesson.pk).update(**fields)

    return change


def taken_out(course, lesson, siti):
    write_outline(activity=course, parts=[], rules={})


def course_gone(course, lesson, siti):
    Activity.objects.filter(pk=course.pk).update(live=False, public=False)


@pytest.mark.parametrize(
    "change",
    [
        hidden(live=False, public=False),
        hidden(public=False),
        hidden(kind="quiz"),
        taken_out,
        course_gone,
    ],
)
def test_what_cannot_be_marked(client, siti, change):
    course, (lesson, _) = make_course()
    enrol(learner_ids=[siti.pk], activity_id=course.pk)
    change(course, lesson, siti)
    with pytest.raises(NotAllowed):
        mark_lesson(learner=siti, key=lesson.key)
    answer = client.post(*done(siti, lesson))
    assert answer.status_code == 404 and "not there any more" in text(answer)
    assert not progress.history(learner_id=siti.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_are_one_mark():
    siti = make_learner("Siti")
    course, (lesson, _) = make_course()
    enrol(learner_ids=[siti.pk], activity_id=course.pk)
    results, errors = at_once([partial(mark_lesson, learner=siti, key=lesson.key)] * 20)
    assert errors == [] and sorted(results) == [False] * 19 + [True]
    assert progress.history(learner_id=siti.pk).count() == 1
