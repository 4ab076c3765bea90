"""The checks before publishing, in the page editor: what is listed, what stops, and that nobody is stopped for nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from lms.catalogue.queries import activity_of
from lms.credentials.models import CertificateDesign, Issuer
from lms.pages.models import CoursePage, LessonPage, ModulePage, QuizPage
from lms.progress.services import save_cohort
from lms.wagtailadmin.checks.reading import read_facts
from lms.wagtailadmin.checks.rules import findings
from tests.wagtailadmin.schedule_world import text_of

pytestmark = pytest.mark.django_db


def codes(page):
    page = type(page).objects.get(pk=page.pk)
    return {each.code for each in findings(read_facts(page.get_latest_revision_as_object()))}


def edit(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def listed(client, page):
    words = text_of(client.get(edit(page)))
    return words.partition("Before publishing")[2].partition("load it again to look through it anew")[0]


def course_fields(**values):
    return nested_form_data(
        {
            "title": "First sales",
            "slug": "first-sales",
            "summary": "x",
            "outcomes": streamfield([]),
            "audience": streamfield([]),
            "body": streamfield([]),
            "hours": "",
            "level": "",
            "topics": [],
            "required": "on",
            "needed": "",
            "enrolment_mode": "open",
            "valid_months": "",
            "certificate_design": "",
            "prerequisites": streamfield([]),
        }
        | values
    )


# ── what is listed ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_editor_reads_what_is_missing_and_finds_the_field(course, admin_client):
    response = admin_client.get(edit(course["series"]))
    words = listed(admin_client, course["series"])
    assert "It can be published. Good to know:" in words
    assert "Nobody is named who speaks. Say who, so that people know why it is worth their time." in words
    assert "The summary is missing." in words
    assert 'data-lms-check="speakers"' in response.content.decode()
    assert "checks.js" in response.content.decode()


def test_a_page_that_lacks_nothing_says_so(course, admin_client, locales):
    lesson = course["first"]
    for locale in locales.values():
        if locale.pk != lesson.locale_id:
            for page in (course["curriculum"], course["course"], course["module"], lesson):
                page.refresh_from_db()
                page.copy_for_translation(locale, copy_parents=True).save_revision().publish()
    assert codes(lesson) == set()
    assert "Nothing is missing." in listed(admin_client, lesson)


def test_a_new_page_has_nothing_to_look_through(course, admin_client):
    address = reverse("wagtailadmin_pages:add", args=["lms_pages", "lessonpage", course["course"].pk])
    response = admin_client.get(address)
    assert response.status_code == 200
    assert "Before publishing" not in text_of(response)


def test_parts_of_a_course_are_counted(course, add):
    assert codes(course["course"]) == {"no_certificate", "no_translation"}
    course["course"].refresh_from_db()
    draft = Page.objects.get(pk=course["course"].pk).add_child(instance=LessonPage(title="Later", live=False))
    assert "some_drafts" in codes(course["course"])
    draft.delete()
    LessonPage.objects.update(required=False)
    ModulePage.objects.update(required=False)
    type(course["series"]).objects.update(required=False)
    assert "nothing_needed" in codes(course["course"])
    assert "empty" in codes(add(course["curriculum"], CoursePage, "Empty"))


def test_links_are_followed_to_pages_that_are_gone_or_drafts(course):
    draft = Page.objects.get(pk=course["course"].pk).add_child(instance=LessonPage(title="Plan", live=False))
    lesson = course["first"]
    lesson.body = [
        ("paragraph", f'<p><a linktype="page" id="{draft.pk}">x</a></p>'),
        ("steps", {"title": "", "steps": ['<p><a linktype="page" id="999999">y</a></p>']}),
        ("webinar", {"page": Page.objects.get(pk=course["series"].pk), "text": ""}),
    ]
    lesson.save_revision()
    found = {each.code: each for each in findings(read_facts(lesson.get_latest_revision_as_object()))}
    assert {"link_gone", "link_to_draft"} <= found.keys()
    assert found["link_to_draft"].params == {"title": "Plan"}
    assert found["link_to_draft"].block != found["link_gone"].block != ""
    type(course["series"]).objects.update(live=False)
    assert len([each for each in findings(read_facts(lesson)) if each.code == "link_to_draft"]) == 2


def test_cohorts_certificate_and_colour_are_looked_at(course):
    page = course["course"]
    issuer = Issuer.objects.create(name="Akademi Contoh")
    page.certificate_design = CertificateDesign.objects.create(name="Pale", issuer=issuer, accent="#ffee88")
    page.enrolment_mode = "cohorts"
    page.save_revision().publish()
    assert {"pale_colour", "no_cohort"} <= codes(page)
    save_cohort(
        activity_id=activity_of(page).pk, title="March", starts_on=timezone.localdate() + dt.timedelta(days=9)
    )
    CertificateDesign.objects.update(accent="#0b6e4f")
    assert not {"pale_colour", "no_cohort", "no_certificate"} & codes(page)


def test_a_translation_is_told_when_its_source_went_on(course, locales):
    lesson = course["first"]
    other = next(locale for locale in locales.values() if locale.pk != lesson.locale_id)
    for page in (course["curriculum"], course["course"], course["module"]):
        page.refresh_from_db()
        page.copy_for_translation(other, copy_parents=True).save_revision().publish()
    translated = lesson.copy_for_translation(other)
    assert "translation_draft" in codes(lesson)
    translated.save_revision().publish()
    assert codes(lesson) == set()
    assert "source_newer" not in codes(translated)
    later = timezone.now() + dt.timedelta(hours=2)
    LessonPage.objects.filter(pk=lesson.pk).update(last_published_at=later)
    assert "translation_older" in codes(LessonPage.objects.get(pk=lesson.pk))
    assert codes(translated) == {"source_newer"}
    LessonPage.objects.filter(pk=translated.pk).update(
        last_published_at=later, latest_revision_created_at=later
    )


# ── what stops publishing ────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_needed_before_must_be_published_before(course, add, admin_client):
    other = add(course["curriculum"], CoursePage, "Basics")
    other.unpublish()
    fields = course_fields(prerequisites=streamfield([("page", str(other.pk))]))
    assert admin_client.post(edit(course["course"]), fields).status_code == 302, "A draft may."
    assert "is needed before and is not published" in listed(admin_client, course["course"])
    answer = admin_client.post(edit(course["course"]), fields | {"action-publish": "1"})
    assert answer.status_code == 200
    assert (
        "“Basics” is needed before and is not published, so nobody could ever start. Publish it first"
        in text_of(answer)
    )
    other.save_revision().publish()
    assert admin_client.post(edit(course["course"]), fields | {"action-publish": "1"}).status_code == 302


def test_a_course_that_ends_before_a_part_opens_is_stopped_on_either_page(course, admin_client):
    fields = course_fields(valid_months="2")
    assert admin_client.post(edit(course["course"]), fields | {"action-publish": "1"}).status_code == 302
    lesson = nested_form_data(
        {
            "title": "Catalogue",
            "slug": "catalogue",
            "summary": "x",
            "body": streamfield([("paragraph", rich_text("<p>Words</p>"))]),
            "required": "on",
            "min_minutes": "",
            "recording_minutes": "",
            "watch_percent": "",
            "opens_on": "",
            "opens_after_days": "56",
            "action-publish": "1",
        }
    )
    answer = admin_client.post(edit(course["second"]), lesson)
    assert "It opens on day 56, but the course ends for a learner on day 56" in text_of(answer)
    assert admin_client.post(edit(course["second"]), lesson | {"opens_after_days": "55"}).status_code == 302
    answer = admin_client.post(
        edit(course["course"]), course_fields(valid_months="1") | {"action-publish": "1"}
    )
    assert "“Catalogue” opens on day 55, but the course ends for a learner on day 28" in text_of(answer)


def test_a_new_lesson_below_such_a_course_is_stopped_too(course, admin_client):
    CoursePage.objects.update(valid_months=1)
    address = reverse("wagtailadmin_pages:add", args=["lms_pages", "lessonpage", course["course"].pk])
    fields = nested_form_data(
        {
            "title": "New",
            "slug": "new",
            "summary": "",
            "body": streamfield([]),
            "required": "on",
            "opens_after_days": "30",
            "action-publish": "1",
        }
    )
    answer = admin_client.post(address, fields)
    assert "It opens on day 30, but the course ends for a learner on day 28" in text_of(answer)
    assert not LessonPage.objects.filter(title="New").exists()


def test_a_quiz_without_questions_is_told_and_stopped(course, add, admin_client):
    quiz = add(course["course"], QuizPage, "Quiz", summary="x")
    assert "The quiz has no questions. Add a question" in listed(admin_client, quiz)
    assert codes(quiz) >= {"no_questions"}


def test_a_picture_without_words_is_listed_while_it_is_a_draft(course, admin_client):
    image = get_image_model().objects.create(title="Cloth", file=get_test_image_file(size=(80, 50)))
    lesson = course["first"]
    lesson.body = [("picture", {"image": image, "alt_text": "", "decorative": False, "caption": ""})]
    lesson.save_revision()
    words = listed(admin_client, lesson)
    assert "It cannot be published like this" in words
    assert "A picture has no words that stand for it. Say what it shows, or mark it as decoration." in words


def test_what_is_so_in_several_blocks_is_said_once_with_a_number(course, admin_client):
    image = get_image_model().objects.create(title="Cloth", file=get_test_image_file(size=(80, 50)))
    lesson = course["first"]
    bare = ("picture", {"image": image, "alt_text": "", "decorative": False, "caption": ""})
    lesson.body = [bare, bare, ("paragraph", "<p>Words</p>")]
    lesson.save_revision()
    words = listed(admin_client, lesson)
    assert words.count("A picture has no words that stand for it.") == 1
    assert "2 times on this page; the link leads to the first." in words


# ── what it costs ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_course_of_1000_lessons_is_looked_through_with_as_many_queries_as_one_of_10(course, locales):
    page = course["course"]

    def cost(number):
        parent = Page.objects.get(pk=page.pk)
        steps = parent.numchild
        for each in range(steps, number):
            # As treebeard makes paths, without a thousand saves.
            step = LessonPage._int2str(each + 1).rjust(LessonPage.steplen, "0")
            LessonPage.objects.create(
                title=f"L{each}", draft_title=f"L{each}", slug=f"l{each}", path=parent.path + step,
                depth=parent.depth + 1, locale=page.locale,
            )  # fmt: skip
        Page.objects.filter(pk=page.pk).update(numchild=number)
        fresh = CoursePage.objects.get(pk=page.pk)
        with CaptureQueriesContext(connection) as captured:
            facts = read_facts(fresh)
        assert len(facts.parts) == number
        return len(captured)

    few = cost(10)
    assert cost(1000) == few
