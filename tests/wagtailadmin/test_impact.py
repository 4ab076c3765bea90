"""Before a change of rules is published: whom it touches, asked once, and nothing is lost by the question."""

from __future__ import annotations

import html

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from wagtail.fields import StreamField
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from lms.catalogue.compile import compile_all
from lms.catalogue.parts import outlines_with
from lms.catalogue.queries import activity_of, current_outline
from lms.core import clock
from lms.pages.models import CoursePage, LessonPage, ModulePage
from lms.people.models import Learner
from lms.progress import derive, impact, services, tasks
from lms.progress.models import ActivityProgress, Completion, LearningRecord
from tests.wagtailadmin.schedule_world import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(home):
    """A course of two modules with two lessons each."""
    course = home.add_child(instance=CoursePage(title="Kursus", slug="kursus"))
    for number in "12":
        module = course.add_child(instance=ModulePage(title=f"Modul {number}", slug=f"modul-{number}"))
        for letter in "ab":
            module.add_child(instance=LessonPage(title=f"Pelajaran {number}{letter}", slug=letter))
    for _ in compile_all():
        pass
    return course


def lesson(title):
    return LessonPage.objects.get(title=title)


def take_part(course, *titles, name="Ibu Contoh"):
    learner = Learner.objects.create(name=name)
    services.enrol(learner_ids=[learner.pk], activity_id=activity_of(course).pk)
    services.record(
        [
            services.Statement(
                cause=f"{title}:{learner.pk}",
                learner_id=learner.pk,
                activity_id=activity_of(lesson(title)).pk,
                verb="completed",
                occurred_at=clock.now(),
                reason="lesson.marked",
            )
            for title in titles
        ]
    )
    return learner


def counts(page):
    outlines = outlines_with(page)
    assert len(outlines) == 1
    found = impact.impact_of(
        activity_id=outlines[0].activity.pk, parts=outlines[0].parts, outline_rules=outlines[0].rules
    )
    return found and (found.completing, found.gaining, found.losing, found.closing, found.opening)


# ── what would happen ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_that_changes_no_rule_touches_nobody(course):
    take_part(course, "Pelajaran 1a")
    page = CoursePage.objects.get()
    page.title += "!"
    assert counts(page) is None


def test_asking_for_less_completes_and_moves_people(course):
    take_part(course, "Pelajaran 1a", "Pelajaran 1b")
    take_part(course, "Pelajaran 1a")
    take_part(course)
    page = CoursePage.objects.get()
    page.needed = 1
    assert counts(page) == (1, 2, 0, 0, 0)


def test_a_module_and_a_lesson_change_the_course_above_them(course):
    take_part(course, "Pelajaran 1a")
    module = ModulePage.objects.get(title="Modul 1")
    module.needed = 1
    assert counts(module) == (0, 1, 0, 0, 0)
    page = lesson("Pelajaran 1a")
    page.required = False
    assert counts(page) == (0, 0, 1, 0, 0)


def test_an_order_closes_what_is_open(course):
    take_part(course, "Pelajaran 1a")
    take_part(course, "Pelajaran 1a", "Pelajaran 1b", "Pelajaran 2a")
    page = CoursePage.objects.get()
    page.sequential = True
    assert counts(page) == (0, 0, 0, 1, 0)
    page.save_revision().publish()
    for _ in compile_all():
        pass
    page.sequential = False
    assert counts(page) == (0, 0, 0, 0, 1)


def test_a_new_lesson_is_more_to_do_and_never_takes_a_completion_away(course):
    done = ["Pelajaran 1a", "Pelajaran 1b", "Pelajaran 2a", "Pelajaran 2b"]
    take_part(course, *done)
    take_part(course, *done[:2])
    module = ModulePage.objects.get(title="Modul 1")
    page = module.add_child(instance=LessonPage(title="Baru", slug="baru", live=False))
    assert counts(page) == (0, 0, 1, 0, 0)


def test_what_is_foretold_is_what_happens(course):
    for number in range(6):
        take_part(course, *["Pelajaran 1a", "Pelajaran 1b", "Pelajaran 2a"][: number % 4], name=f"P{number}")
    before = dict(
        ActivityProgress.objects.filter(activity__kind="course").values_list("enrolment", "percent")
    )
    page = CoursePage.objects.get()
    page.needed = 1
    completing, gaining, losing, _, _ = counts(page)
    page.save_revision().publish()
    for _ in compile_all():
        pass
    tasks.sweep()
    after = dict(ActivityProgress.objects.filter(activity__kind="course").values_list("enrolment", "percent"))
    assert completing == Completion.objects.count() > 0
    assert gaining == sum(after[key] > before[key] for key in after) > 0
    assert losing == sum(after[key] < before[key] for key in after)
    assert derive.rebuild() == 0


def test_a_translation_changes_no_outline(course, locales):
    copy = course.copy_for_translation(locales["id"], copy_parents=True)
    copy.needed = 1
    copy.live = True
    assert outlines_with(copy) == []


def test_nothing_is_written_by_looking(course):
    take_part(course, "Pelajaran 1a")
    page = lesson("Pelajaran 1a")
    page.required = False
    module = ModulePage.objects.get(title="Modul 1")
    new = module.add_child(instance=LessonPage(title="Baru", slug="baru", live=False))
    rows = [LearningRecord.objects.count(), activity_of(course).outline_versions.count(), activity_of(new)]
    with CaptureQueriesContext(connection) as queries:
        counts(page), counts(new)
    written = [each["sql"] for each in queries if each["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert written == []
    assert rows == [LearningRecord.objects.count(), activity_of(course).outline_versions.count(), None]


def test_the_number_of_queries_is_the_same_for_10_and_400_learners(course):
    page = CoursePage.objects.get()
    page.needed = 1
    found = []
    for count in (10, 390):
        people = Learner.objects.bulk_create([Learner(name=f"P{count}{number}") for number in range(count)])
        services.enrol(learner_ids=[each.pk for each in people], activity_id=activity_of(course).pk)
        with CaptureQueriesContext(connection) as queries:
            counts(page)
        found.append(len(queries))
    assert found[0] == found[1]


def test_only_the_latest_are_looked_at_when_there_are_very_many(course, monkeypatch):
    monkeypatch.setattr(impact, "MOST", 3)
    for number in range(5):
        take_part(course, name=f"P{number}")
    page = CoursePage.objects.get()
    page.needed = 1
    outline = outlines_with(page)[0]
    found = impact.impact_of(
        activity_id=outline.activity.pk, parts=outline.parts, outline_rules=outline.rules
    )
    assert (found.total, found.looked_at) == (5, 3)


# ── the screen ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def admin(client):
    user = get_user_model().objects.create_superuser("admin")
    client.force_login(user)
    return user


def publish(client, page, callbacks, **changes):
    """Open the edit form, change something, press Publish."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    posted = querydict_from_html(client.get(address).content.decode(), form_id="page-edit-form").dict()
    # What is in them is drawn by JavaScript; the form itself has none of it.
    streams = {field.name: streamfield([]) for field in page._meta.fields if isinstance(field, StreamField)}
    with callbacks(execute=True):
        return client.post(address, posted | nested_form_data(streams | changes) | {"action-publish": "1"})


def words(response):
    text = html.unescape(response.content.decode())
    return " ".join(text.split())


def test_publishing_asks_once_and_the_answer_publishes(
    client, admin, course, django_capture_on_commit_callbacks
):
    take_part(course, "Pelajaran 1a", "Pelajaran 1b")
    take_part(course, "Pelajaran 1a")
    page = CoursePage.objects.get()
    response = publish(client, page, django_capture_on_commit_callbacks, needed="1")
    page = CoursePage.objects.get()
    revision = page.get_latest_revision()
    address = reverse("lms_impact", args=[page.pk, revision.pk])
    assert response.url == address
    assert CoursePage.objects.get().needed is None, "Not published yet."
    assert revision.as_object().needed == 1, "And nothing is lost."
    said = words(client.get(address))
    assert "1 learner completes it at once." in said
    assert "2 learners are further along than before." in said
    assert "2 learners are in it." in said
    assert "is saved as a draft and not published yet" in said
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address)
    assert response.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert CoursePage.objects.get().needed == 1
    assert current_outline(activity_of(page)).rules == {"needed": 1}


def test_nothing_is_asked_when_nobody_is_touched(client, admin, course, django_capture_on_commit_callbacks):
    page = CoursePage.objects.get()
    publish(client, page, django_capture_on_commit_callbacks, needed="1")
    assert CoursePage.objects.get().needed == 1


def test_an_older_draft_or_anothers_page_cannot_be_published_here(
    client, course, home, django_capture_on_commit_callbacks
):
    take_part(course, "Pelajaran 1a")
    page = CoursePage.objects.get()
    page.needed = 1
    first = page.save_revision()
    page.needed = 2
    second = page.save_revision()
    other = home.add_child(instance=CoursePage(title="Lain", slug="lain"))
    editor = member("penyunting", course, "add", "change")
    boss = member("penerbit", course, "add", "change", "publish")
    for user, page_id, revision, status in (
        (boss, page.pk, first.pk, 404),
        (boss, page.pk, second.pk, 200),
        (boss, other.pk, second.pk, 404),
        (editor, page.pk, second.pk, 404),
        (boss, page.pk, 0, 404),
    ):
        client.force_login(user)
        with override("en"):
            address = reverse("lms_impact", args=[page_id, revision])
            assert client.get(address, follow=True).status_code == status
            if status == 404:
                client.post(address)
    assert CoursePage.objects.get(pk=page.pk).needed is None


def test_a_loop_is_refused_in_the_form_and_named(
    client, admin, course, home, django_capture_on_commit_callbacks
):
    other = home.add_child(instance=CoursePage(title="Dasar", slug="dasar"))
    other.prerequisites = [("page", course)]
    with django_capture_on_commit_callbacks(execute=True):
        other.save_revision().publish()
    chosen = streamfield([("page", str(other.pk))])
    response = publish(
        client, CoursePage.objects.get(pk=course.pk), django_capture_on_commit_callbacks, prerequisites=chosen
    )
    assert response.status_code == 200
    refusal = "nobody could ever start: “Kursus” → “Dasar” → “Kursus”. Take one of them out."
    assert refusal in str(response.context["form"].errors["prerequisites"])


def test_what_cannot_be_completed_is_no_prerequisite(
    client, admin, course, django_capture_on_commit_callbacks
):
    page = CoursePage.objects.get(pk=course.pk)
    for chosen in (ModulePage.objects.first(), lesson("Pelajaran 1a")):
        response = publish(
            client,
            page,
            django_capture_on_commit_callbacks,
            prerequisites=streamfield([("page", str(chosen.pk))]),
        )
        errors = response.context["form"].errors["prerequisites"]
        assert f"“{chosen.title}” cannot be completed." in str(errors)
