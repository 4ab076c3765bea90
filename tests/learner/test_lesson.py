"""A lesson in the learner's room: opened, read, watched, marked; and what everybody sees of one that is not open to all."""

from __future__ import annotations

import datetime as dt
import html
import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from lms.core import clock
from lms.learner.services import mark_lesson
from lms.pages.models import CoursePage, LessonPage
from lms.progress import queries as progress
from lms.progress.access import access_of
from lms.progress.services import enrol, start_again, withdraw
from tests.learner.room_world import FILE, SECRET, Doors, World, add, change, compiled, make_document
from tests.seating import make_learner

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2027, 3, 2, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def later(monkeypatch):
    at = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: at["now"])

    def move(**by):
        at["now"] += dt.timedelta(**by)

    return move


@pytest.fixture
def world(home, later):
    return World(home)


@pytest.fixture
def siti(world):
    learner = make_learner("Siti", "siti@contoh.example", language="en", verified=True, zone="Asia/Makassar")
    enrol(learner_ids=[learner.pk], activity_id=world.course_id)
    return learner


@pytest.fixture
def doors(client, world, siti):
    return Doors(client, world, siti)


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def verbs(learner, lesson):
    return sorted(
        progress.history(learner_id=learner.pk, activity_ids=[lesson.pk]).values_list("verb", flat=True)
    )


# ── opened ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_opening_is_recorded_once_and_a_look_is_no_opening(client, doors, siti, later):
    path = doors.address("person_lesson", doors.lesson.key)
    client.head(path)
    client.get(path, headers={"User-Agent": "WhatsApp/2.23"})
    client.get(path, headers={"Sec-Purpose": "prefetch"})
    assert verbs(siti, doors.lesson) == []
    doors.read()
    later(hours=1)
    doors.read()
    record = progress.history(learner_id=siti.pk).get()
    assert record.verb == "experienced" and record.occurred_at == NOW


def test_the_body_is_the_pages_own_and_its_file_comes_through_the_lesson(doors, world):
    body = doors.read().content.decode()
    assert SECRET in body and world.document.url not in body
    assert doors.address("person_document", doors.lesson.key, world.document.pk) in body


def test_nothing_keeps_a_lesson_or_its_file(doors):
    for answer in (doors.read(), doors.document()):
        assert answer["Cache-Control"] == "private, no-store" and answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex" and not answer.cookies


def test_before_and_after_stand_around_it(doors, world):
    words = text(doors.read())
    assert "Part 2 of 3" in words and "Before this A first look" in words and "Next Test yourself" in words
    change(world.course, sequential=True)
    mark_lesson(learner=doors.learner, key=world.activity(world.first).key)
    answer = doors.read()
    assert "Next, not open yet Test yourself" in text(answer)
    assert doors.address("person_quiz", doors.quiz.key) not in answer.content.decode()


def test_a_lesson_of_several_courses_is_open_when_one_of_them_opens_it(doors, world, siti, home):
    """The course that the learner left, and another one with an alias of the lesson."""
    withdraw(learner_id=siti.pk, activity_id=world.course_id)
    other = add(home, CoursePage, "The same elsewhere")
    Page.objects.get(pk=world.lesson.pk).specific.create_alias(parent=other)
    compiled()
    assert doors.read().status_code == 403
    enrol(learner_ids=[siti.pk], activity_id=world.activity(other).pk)
    assert "The same elsewhere" in text(doors.read()) and doors.document().status_code == 200
    assert doors.mark().status_code == 302


# ── marked ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_least_time_is_counted_by_the_server_and_said_in_words(doors, world, siti, later):
    change(world.lesson, min_minutes=12)
    assert "This lesson asks for at least 12 minutes. You can mark it as done from 18:12 WITA." in text(
        doors.read()
    )
    later(minutes=5)
    early = doors.mark()
    assert early.status_code == 409
    assert "you can mark it as done from 18:12 WITA" in text(early)
    assert verbs(siti, doors.lesson) == ["experienced"]
    later(minutes=7)
    assert "asks for at least" not in text(doors.read())
    assert doors.mark().status_code == 302 and verbs(siti, doors.lesson) == ["completed", "experienced"]


def test_a_mark_without_having_opened_it_waits_too(doors, world):
    change(world.lesson, min_minutes=12)
    assert doors.mark().status_code == 409


def test_a_further_run_is_marked_anew_and_the_old_one_keeps_its_mark(doors, world, siti, later):
    change(world.course, valid_months=1, enrolment_mode="open")
    course = world.course_id
    for page in (world.first, world.lesson):
        mark_lesson(learner=siti, key=world.activity(page).key)
    before = access_of(learner_id=siti.pk, activity_id=course)
    assert before.reached == 2
    later(hours=1)
    start_again(learner_id=siti.pk, activity_id=course, after_run=1, end_now=True)
    later(days=1)
    now = access_of(learner_id=siti.pk, activity_id=course)
    assert now.enrolment.run == 2 and now.reached == 0
    assert doors.mark().status_code == 302
    assert access_of(learner_id=siti.pk, activity_id=course).reached == 1
    assert doors.mark().status_code == 302, "twice is once"
    assert verbs(siti, doors.lesson) == ["completed", "completed"]
    doors.client.post(doors.address("person_lesson", doors.lesson.key), {"done": "0"})
    assert verbs(siti, doors.lesson) == ["completed"], "only the mark of this run is taken back"
    old = progress.standings([before.enrolment])[before.enrolment.pk]
    assert doors.lesson.pk in old.done


# ── watched ──────────────────────────────────────────────────────────────────────────────────────────────────────


def report(doors, spans):
    return doors.client.post(
        doors.address("person_watched", doors.lesson.key),
        json.dumps({"spans": spans}),
        content_type="application/json",
    )


def test_enough_of_the_recording_makes_it_done(doors, world, siti, later):
    change(world.lesson, watch_percent=50)
    page = doors.read()
    assert "You have watched 0 minutes of 10 minutes. 5 minutes are needed" in text(page)
    assert "Mark as done" not in text(page) and "runs no scripts" in text(page)
    assert doors.mark().status_code == 409, "a mark is no way around it"
    later(minutes=3)
    said = report(doors, [[0, 100], [90, 180]]).json()
    assert said["seconds"] == 180 and not said["done"]
    later(minutes=3)
    said = report(doors, [[170, 320.7]]).json()
    assert said["seconds"] == 320 and said["done"] and "That is enough" in said["words"]
    assert said["next"]["words"] == "Next: Test yourself" and doors.quiz.key.hex in said["next"][
        "url"
    ].replace("-", "")
    assert access_of(learner_id=siti.pk, activity_id=world.course_id).part(doors.lesson.pk).done_at


def test_more_than_time_has_passed_for_is_refused(doors, world, siti):
    change(world.lesson, watch_percent=50)
    doors.read()
    said = report(doors, [[0, 600]])
    assert said.status_code == 409 and "cannot have been watched" in said.json()["error"]
    assert verbs(siti, doors.lesson) == ["experienced"]


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "x",
        "[]",
        "{}",
        '{"spans": 1}',
        '{"spans": [[1]]}',
        '{"spans": [["a", "b"]]}',
        '{"spans": [[5, 1]]}',
    ],
)
def test_what_is_no_report_is_refused_in_words(doors, sent):
    answer = doors.client.post(
        doors.address("person_watched", doors.lesson.key), sent, content_type="application/json"
    )
    assert answer.status_code == 400 and "pairs of seconds" in answer.json()["error"]


def test_a_lesson_without_a_recording_counts_nothing(doors, world):
    change(world.lesson, recording_minutes=None)
    assert doors.watch().status_code == 404 and "data-watch" not in doors.read().content.decode()


# ── what everybody sees ──────────────────────────────────────────────────────────────────────────────────────────


def public(world, client=None, page=None):
    return (client or Client()).get(Page.objects.get(pk=(page or world.lesson).pk).url)


def test_title_summary_and_a_way_in_are_all_that_everybody_sees(world):
    answer = public(world)
    words = text(answer)
    assert answer.status_code == 200 and SECRET not in words
    assert "Prices" in words and "What things cost." in words and "for learners of the course" in words
    assert "/en/me/" in answer.content.decode() and f"/en/enrol/{world.activity(world.course).key}/" in (
        answer.content.decode()
    )
    assert "rahasia" not in answer.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"enrolment_mode": "closed"},
        {"enrolment_mode": "cohorts"},
        {"enrolment_mode": "open", "sequential": True},
    ],
)
def test_what_makes_a_course_not_open_to_all(world, fields):
    change(world.course, **fields)
    assert SECRET not in text(public(world))


def test_a_prerequisite_closes_the_page_too(world):
    change(world.course, enrolment_mode="open", prerequisites=[("page", world.basics)])
    assert SECRET not in text(public(world))


def test_a_lesson_of_an_open_course_is_open_and_so_is_its_file(world):
    change(world.course, enrolment_mode="open")
    assert SECRET in text(public(world))
    answer = Client().get(world.document.url)
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == FILE


def test_a_lesson_that_stands_in_an_open_course_as_well_is_open(world, home):
    """An alias of it, in another course."""
    other = add(home, CoursePage, "Open to all")
    Page.objects.get(pk=world.lesson.pk).specific.create_alias(parent=other)
    compiled()
    assert SECRET in text(public(world))


def test_the_page_opens_on_its_day_and_no_cache_keeps_it_closed(world, later):
    """Closed until midnight in Jakarta: the page cache forgets it then, though nothing was published."""
    change(world.course, enrolment_mode="open")
    change(world.module, opens_on=dt.date(2027, 3, 3))
    answer = public(world)
    assert "Opens on Wednesday, 3 March 2027." in text(answer) and SECRET not in text(answer)
    assert public(world).content == answer.content
    later(hours=6, minutes=59)
    assert SECRET not in text(public(world))
    later(minutes=1, seconds=1)
    cache.clear()  # it forgets by itself after the seconds that it was told, see below
    assert SECRET in text(public(world))


@pytest.mark.parametrize(("before_midnight", "kept"), [(200, 200), (1000, 300), (0, 0)])
def test_the_page_cache_keeps_a_closed_page_only_until_it_opens(
    world, later, monkeypatch, before_midnight, kept
):
    change(world.course, enrolment_mode="open")
    change(world.lesson, opens_on=dt.date(2027, 3, 3))
    later(hours=7, seconds=-before_midnight)
    lifetimes = []
    monkeypatch.setattr(cache, "set", lambda key, value, seconds=None, **more: lifetimes.append(seconds))
    public(world)
    if before_midnight:
        assert lifetimes == [kept]
    else:
        assert lifetimes == [300], "it is open"


def test_a_restriction_of_wagtail_is_asked_first(world):
    PageViewRestriction.objects.create(page=Page.objects.get(pk=world.lesson.pk), restriction_type="login")
    compiled()
    answer = public(world)
    assert answer.status_code == 302 and "login" in answer["Location"], "not even the title is told"


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_plain_address_says_where_the_file_is(world):
    answer = Client().get(world.document.url)
    assert answer.status_code == 403 and FILE not in answer.content
    assert "This file belongs to a lesson." in text(answer) and "Prices" in text(answer)
    assert answer["Cache-Control"] == "private, no-store"


def test_a_file_that_an_open_page_uses_too_stays_public(world):
    body = [("download", {"document": world.document, "title": "", "text": ""})]
    page = add(world.basics, LessonPage, "Also here", body=body)
    compiled()
    assert Client().get(world.document.url).status_code == 200
    Page.objects.get(pk=page.pk).specific.unpublish()
    compiled()
    assert Client().get(world.document.url).status_code == 403, "what is not published opens nothing"


def test_a_file_of_no_lesson_is_not_our_business(world):
    assert Client().get(make_document("Umum", b"%PDF umum").url).status_code == 200


def test_a_link_in_the_text_counts_as_use(world, home):
    document = make_document("Lampiran", b"%PDF lampiran")
    words = f'<p><a linktype="document" id="{document.pk}">Lampiran</a></p>'
    change(world.first, body=[("paragraph", words)])
    assert Client().get(document.url).status_code == 403


def test_a_link_in_the_text_leads_through_the_room(doors, world):
    document = make_document("Lampiran", b"%PDF lampiran")
    words = f'<p><a linktype="document" id="{document.pk}">Lampiran</a></p>'
    change(world.first, body=[("paragraph", words)])
    first = world.activity(world.first)
    body = doors.client.get(doors.address("person_lesson", first.key)).content.decode()
    path = doors.address("person_document", first.key, document.pk)
    assert document.url not in body and f'<a href="{path}">Lampiran</a>' in body
    assert doors.client.get(path).status_code == 200


def test_a_course_that_is_taken_down_does_not_open_its_lessons(world):
    Page.objects.get(pk=world.course.pk).specific.unpublish()
    compiled()
    assert SECRET not in text(public(world)) and Client().get(world.document.url).status_code == 403


def test_a_lesson_is_closed_from_the_moment_at_which_it_is_published(world):
    """Before anything was compiled: the course above it decides."""
    page = Page.objects.get(pk=world.module.pk).add_child(
        instance=LessonPage(title="New", slug="new", body=[("paragraph", f"<p>{SECRET}</p>")])
    )
    from lms.catalogue.queries import activity_of

    assert activity_of(page) is None
    assert SECRET not in text(public(world, page=page))


def test_who_manages_files_sees_them(world):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ayu", "ayu@academy.example", "rahasia"))
    assert client.get(world.document.url).status_code == 200
    client.force_login(get_user_model().objects.create_user("budi", password="rahasia"))
    assert client.get(world.document.url).status_code == 403


def test_the_privacy_of_a_collection_still_counts(doors, world):
    collection = Collection.get_first_root_node().add_child(name="Staf")
    world.document.collection = collection
    world.document.save()
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    answer = doors.document()
    assert answer.status_code == 302 and "login" in answer["Location"]


def test_only_the_lessons_own_files_come_through_it(doors, world):
    other = make_document("Lain", b"%PDF lain")
    for pk in (other.pk, 999_999):
        assert doors.client.get(doors.address("person_document", doors.lesson.key, pk)).status_code == 404
    first = world.activity(world.first)
    answer = doors.client.get(doors.address("person_document", first.key, world.document.pk))
    assert answer.status_code == 404, "each lesson gives out its own"


def test_a_part_of_a_file_can_be_asked_for(doors, world):
    """Players on telephones ask for parts, and go on where the network went away."""
    path = doors.address("person_document", doors.lesson.key, world.document.pk)
    whole = doors.client.get(path)
    assert whole["Accept-Ranges"] == "bytes"
    for asked, start, end in (
        ("bytes=0-3", 0, 4),
        ("bytes=5-", 5, len(FILE)),
        ("bytes=-4", len(FILE) - 4, len(FILE)),
        ("bytes=3-999999", 3, len(FILE)),
    ):
        answer = doors.client.get(path, headers={"Range": asked})
        assert answer.status_code == 206 and b"".join(answer.streaming_content) == FILE[start:end]
        assert answer["Content-Range"] == f"bytes {start}-{end - 1}/{len(FILE)}"
        assert answer["Content-Length"] == str(end - start) and answer["Cache-Control"] == "private, no-store"
    assert doors.client.get(path, headers={"Range": "bytes=999999-"}).status_code == 416
    for nonsense in ("bytes=x-", "lines=0-1", "bytes=0-1,4-5", "bytes=-", "bytes=4-2"):
        assert doors.client.get(path, headers={"Range": nonsense}).status_code == 200


def test_a_part_of_a_closed_file_is_closed(doors, world, siti):
    withdraw(learner_id=siti.pk, activity_id=world.course_id)
    path = doors.address("person_document", doors.lesson.key, world.document.pk)
    assert doors.client.get(path, headers={"Range": "bytes=0-3"}).status_code == 403
