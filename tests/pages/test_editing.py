"""What Wagtail offers editors keeps working with our pages: drafts, workflow, schedule, comparison, translation."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from lms.catalogue.compile import compile_all
from lms.catalogue.models import Activity, ActivityPage, OutlineVersion
from lms.catalogue.queries import activity_of, current_outline
from lms.pages.models import CoursePage, LessonPage
from tests.architecture.tree import ROOT
from tests.pages.bodies import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(course, add):
    """A lesson with every block."""
    picture = get_image_model().objects.create(title="Cloth", file=get_test_image_file(size=(80, 50)))

    def document(name):
        return get_document_model().objects.create(title=name, file=ContentFile(b"x", name=name))

    return add(
        course["course"], LessonPage, "Everything", body=everything(picture, document, course["series"])
    )


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Run what waits for a commit, as after a request."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def rule_of(page):
    activity = activity_of(page)
    item = current_outline(Activity.objects.get(kind="course")).items.get(activity=activity)
    return item.rule


# ── drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def fields(**values):
    """Return what the edit form of a lesson posts."""
    return nested_form_data(
        {
            "title": "Photos",
            "slug": "photos",
            "summary": "",
            "body": streamfield([("paragraph", rich_text("<p>Words</p>"))]),
            "required": "on",
            "min_minutes": "",
            "recording_minutes": "",
            "watch_percent": "",
            "opens_on": "",
            "opens_after_days": "",
        }
        | values
    )


def test_a_draft_changes_nothing_and_publishing_it_does(course, admin_client, commits):
    lesson = course["first"]
    edit = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    with commits():
        assert admin_client.post(edit, fields(min_minutes="15")).status_code == 302
    assert rule_of(lesson) == {}
    assert LessonPage.objects.get(pk=lesson.pk).has_unpublished_changes
    with commits():
        answer = admin_client.post(edit, fields(min_minutes="15") | {"action-publish": "1"})
    assert answer.status_code == 302
    assert rule_of(lesson) == {"min_minutes": 15}


def test_a_draft_may_be_incomplete_and_publishing_it_says_what_is_missing(course, admin_client):
    picture = get_image_model().objects.create(title="Cloth", file=get_test_image_file(size=(80, 50)))
    body = streamfield([("picture", {"image": str(picture.pk), "alt_text": "", "caption": ""})])
    edit = reverse("wagtailadmin_pages:edit", args=[course["first"].pk])
    assert admin_client.post(edit, fields(body=body)).status_code == 302
    answer = admin_client.post(edit, fields(body=body) | {"action-publish": "1"})
    assert answer.status_code == 200
    assert "Say what the picture shows, or mark it as decoration." in answer.content.decode()


def test_the_block_chooser_and_every_block_stand_in_the_form(full, admin_client):
    text = admin_client.get(reverse("wagtailadmin_pages:edit", args=[full.pk])).content.decode()
    for words in (
        "Callout",
        "Terms explained",
        "Table",
        "Worked example",
        "Try it in your shop",
        "Checklist",
    ):
        assert words in text
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[full.pk])
    assert admin_client.get(preview).status_code in (200, 302)


# ── workflow and schedule ────────────────────────────────────────────────────────────────────────────────────────


def test_a_workflow_publishes_through_the_same_door(course, admin_user, commits):
    task = GroupApprovalTask.objects.create(name="Read once more")
    workflow = Workflow.objects.create(name="Four eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    WorkflowPage.objects.create(workflow=workflow, page=Page.objects.get(pk=course["course"].pk))
    lesson = course["first"]
    lesson.opens_after_days = 3
    lesson.save_revision(user=admin_user)
    with commits():
        state = workflow.start(lesson, admin_user)
    assert rule_of(lesson) == {}
    with commits():
        state.current_task_state.approve(user=admin_user)
    assert rule_of(lesson) == {"opens_after_days": 3}


def test_what_is_scheduled_goes_live_at_its_time(course, add, commits):
    page = course["course"]
    before = OutlineVersion.objects.filter(activity=activity_of(page)).count()
    lesson = Page.objects.get(pk=page.pk).add_child(instance=LessonPage(title="Later", live=False))
    lesson.go_live_at = timezone.now() + dt.timedelta(hours=1)
    with commits():
        lesson.save_revision().publish()
    list(compile_all())
    assert OutlineVersion.objects.filter(activity=activity_of(page)).count() == before
    LessonPage.objects.filter(pk=lesson.pk).update(go_live_at=timezone.now() - dt.timedelta(minutes=1))
    revision = lesson.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - dt.timedelta(minutes=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    with commits():
        call_command("publish_scheduled")
    assert "Later" in [item.activity.title for item in current_outline(activity_of(page)).items.all()]


def test_what_expires_leaves_the_outline(course, commits):
    lesson = course["second"]
    LessonPage.objects.filter(pk=lesson.pk).update(expire_at=timezone.now() - dt.timedelta(minutes=1))
    with commits():
        call_command("publish_scheduled")
    titles = [item.activity.title for item in current_outline(activity_of(course["course"])).items.all()]
    assert "Catalogue" not in titles


# ── comparison ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.filterwarnings("ignore::bs4.MarkupResemblesLocatorWarning")  # Wagtail reads an address as HTML.
def test_two_versions_of_every_block_can_be_compared(full, admin_client):
    first = full.get_latest_revision()
    stored = full.body.get_prep_value()
    for child in stored:
        for name in ("title", "text", "caption", "question"):
            if isinstance(child["value"], dict) and isinstance(child["value"].get(name), str):
                child["value"][name] += " anew"
    full.body = json.dumps(stored)
    full.min_minutes = 7
    second = full.save_revision()
    address = reverse("wagtailadmin_pages:revisions_compare", args=[full.pk, first.pk, second.pk])
    answer = admin_client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert '<span class="addition">' in text and "Least minutes" in text and "anew" in text


# ── translation ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_copy_for_translation_shares_the_record_and_shows_the_rules(
    course, full, admin_client, locales, home, commits
):
    full.min_minutes = 5
    full.save_revision().publish()
    list(compile_all())
    versions = OutlineVersion.objects.count()
    for page in (home, course["curriculum"], course["course"], full):
        address = reverse("simple_translation:submit_page_translation", args=[page.pk])
        with commits():
            answer = admin_client.post(address, {"locales": [locales["id"].pk], "include_subtree": ""})
        assert answer.status_code == 302
    translated = LessonPage.objects.get(locale=locales["id"])
    assert not translated.live
    assert [child.block_type for child in translated.body] == [child.block_type for child in full.body]
    for page in Page.objects.filter(locale=locales["id"]).order_by("depth"):
        with commits():
            page.specific.get_latest_revision().publish()
    list(compile_all())
    assert activity_of(LessonPage.objects.get(locale=locales["id"])) == activity_of(full)
    rows = ActivityPage.objects.filter(activity=activity_of(full)).order_by("locale__language_code")
    assert [(row.locale.language_code, row.owner) for row in rows] == [("en", True), ("id", False)]
    assert OutlineVersion.objects.count() == versions

    # The translation shows the rule, and whatever is posted does not change it.
    edit = reverse("wagtailadmin_pages:edit", args=[translated.pk])
    form = admin_client.get(edit).content.decode()
    assert "Set on the page in the main language; it holds for all translations." in form
    with commits():
        posted = fields(title="Semua", slug="semua", min_minutes="60") | {"action-publish": "1"}
        assert admin_client.post(edit, posted).status_code == 302
    translated.refresh_from_db()
    assert (translated.title, translated.min_minutes) == ("Semua", 5)
    assert rule_of(full) == {"min_minutes": 5}


def test_what_a_course_is_found_by_holds_for_its_translations(course, locales, home, client):
    from lms.catalogue.models import Topic

    page = CoursePage.objects.get(pk=course["course"].pk)
    page.topics = [Topic.objects.create(slug="payments", titles={"en": "Payments", "id": "Pembayaran"})]
    page.save_revision().publish()
    for each in (home, course["curriculum"], page):
        copy = each.copy_for_translation(locales["id"])
        copy.save_revision().publish()
    page.topics = [Topic.objects.create(slug="photos", titles={"en": "Photos", "id": "Foto produk"})]
    page.hours = 3
    page.save_revision().publish()
    list(compile_all())
    text = client.get(CoursePage.objects.get(locale=locales["id"]).get_url()).content.decode()
    assert "Foto produk" in text and "Pembayaran" not in text


def test_wagtail_localize_translates_every_block_and_carries_the_rules_over(tmp_path):
    pytest.importorskip("wagtail_localize")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.localize_settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        "LMS_LOCALIZE_DB": str(tmp_path / "localize.sqlite3"),
        "LMS_TEST_DIR": str(tmp_path),
    }

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "django", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert run("migrate", "-v", "0").returncode == 0
    told = run("shell", "-v", "0", "-c", "from tests.pages.localize_story import main; main()")
    assert told.returncode == 0, told.stderr[-3000:]
    assert told.stdout.endswith("told")
