"""A course at a glance, and its edit form: topics and levels are rows, rules are said in words."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, PageViewRestriction

from lms.catalogue.compile import compile_all
from lms.catalogue.models import Activity, Level, Topic
from lms.catalogue.queries import activity_of
from lms.pages.context import course_context
from lms.pages.models import CoursePage, LessonPage, ModulePage
from lms.progress.access import open_to_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms():
    return {
        "payments": Topic.objects.create(slug="payments", titles={"en": "Payments", "id": "Pembayaran"}),
        "photos": Topic.objects.create(slug="photos", titles={"id": "Foto"}, position=1),
        "beginners": Level.objects.create(slug="beginners", titles={"en": "For beginners", "id": "Pemula"}),
    }


def change(page, **fields):
    """Publish a page with other values, compile everything, and return it as the next request fetches it."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    list(compile_all())
    return type(page).objects.get(pk=page.pk)


# ── topics and levels ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_term_has_a_title_in_each_language_and_falls_back(terms):
    assert terms["payments"].title_in("id") == "Pembayaran"
    assert terms["payments"].title_in("fr") == "Payments"  # the site's language
    assert terms["photos"].title_in("en") == "Foto"  # any
    assert Topic(slug="bare").title_in("en") == "bare"
    with translation.override("id"):
        assert str(terms["beginners"]) == "Pemula"
    assert Topic.objects.get_by_natural_key("payments") == terms["payments"]
    assert terms["payments"].natural_key() == ("payments",)


def test_what_a_course_is_found_by_is_compiled_into_its_activity(course, terms):
    page = change(course["course"], topics=[terms["payments"]], level=terms["beginners"], hours="4.5")
    activity = activity_of(page)
    assert (activity.level, str(activity.hours)) == (terms["beginners"], "4.5")
    assert list(activity.topics.all()) == [terms["payments"]]
    assert list(Activity.objects.filter(topics__slug="payments")) == [activity]
    assert [done.changes for _, done in compile_all() if done.changes] == []
    page = change(page, topics=[], level=None, hours=None)
    activity = activity_of(page)
    assert (activity.level, activity.hours, activity.topics.count()) == (None, None, 0)


def test_a_level_that_goes_takes_nothing_along(course, terms):
    page = change(course["course"], level=terms["beginners"])
    terms["beginners"].delete()
    assert activity_of(page).level is None
    assert CoursePage.objects.get(pk=page.pk).level is None


@pytest.mark.django_db(transaction=True)
def test_a_new_title_shows_on_kept_pages(course, client, terms):
    page = change(course["course"], topics=[terms["payments"]])
    assert "Payments" in client.get(page.get_url()).content.decode()
    terms["payments"].titles = {"en": "Being paid"}
    terms["payments"].save()
    assert "Being paid" in client.get(page.get_url()).content.decode()


def test_an_editor_makes_a_topic_in_all_languages(admin_client):
    page = admin_client.get(reverse("lms_topics:add")).content.decode()
    assert re.search(
        r'<label for="id_titles">[^<]+</label> <input type="text" id="id_titles" name="titles_id"', page
    )
    assert 'name="titles_en"' in page
    values = {"titles_id": " Pembayaran ", "titles_en": "", "slug": "payments", "position": "0"}
    refused = admin_client.post(reverse("lms_topics:add"), values).content.decode()
    assert "Write a title in English." in refused and "Pembayaran" in refused
    response = admin_client.post(reverse("lms_topics:add"), values | {"titles_en": "Payments"})
    assert response.status_code == 302
    topic = Topic.objects.get()
    assert topic.titles == {"id": "Pembayaran", "en": "Payments"}
    edit = reverse("lms_topics:edit", args=[topic.pk])
    assert 'value="Pembayaran"' in admin_client.get(edit).content.decode()
    too_long = admin_client.post(edit, values | {"titles_en": "x" * 101}).content.decode()
    assert "too long" in too_long
    assert "Payments" in admin_client.get(reverse("lms_topics:index")).content.decode()


def test_titles_are_words_and_not_markup(admin_client, course, client):
    topic = Topic.objects.create(slug="evil", titles={"en": "<script>alert(1)</script>"})
    page = change(course["course"], topics=[topic])
    for text in (
        client.get(page.get_url()).content.decode(),
        admin_client.get(reverse("lms_topics:edit", args=[topic.pk])).content.decode(),
        admin_client.get(reverse("lms_topics:index")).content.decode(),
        admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode(),
    ):
        assert "<script>alert" not in text


# ── at a glance ──────────────────────────────────────────────────────────────────────────────────────────────────


def facts(client, page):
    text = client.get(page.get_url()).content.decode()
    found = re.search(r'<dl class="facts">(.*?)</dl>', text, re.S)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]).split() if found else []


def test_a_course_says_what_it_is(course, client, terms):
    page = change(
        course["course"],
        topics=[terms["payments"], terms["photos"]],
        level=terms["beginners"],
        hours="1.5",
        audience=[("person", "You sell at a market.")],
        enrolment_mode="approval",
    )
    words = " ".join(facts(client, page))
    assert words == (
        "For whom You sell at a market. Level For beginners Time it takes about 1.5 hours Topics Payments, Foto "
        "Taking part You ask to take part, and the organiser answers."
    )
    assert "Ask to take part" in client.get(page.get_url()).content.decode()


def test_a_plain_course_says_no_more_than_it_knows(course, client):
    assert facts(client, course["course"]) == []


def test_what_comes_before_is_named_where_everybody_may_know_it(course, add, client, home):
    first = add(home, CoursePage, "Photos first", slug="photos-first")
    page = change(course["course"], prerequisites=[("page", Page.objects.get(pk=first.pk))])
    text = client.get(page.get_url()).content.decode()
    assert '<dt>What you need before</dt><dd><a href="/en/photos-first/">Photos first</a></dd>' in text
    PageViewRestriction.objects.create(page=first, restriction_type=PageViewRestriction.LOGIN)
    list(compile_all())
    from django.core.cache import cache

    cache.clear()
    text = client.get(page.get_url()).content.decode()
    assert "Photos first" not in text and "a part that is not public" in text


@pytest.mark.parametrize(
    ("fields", "readable"),
    [
        ({}, True),
        ({"sequential": True}, False),
        ({"enrolment_mode": "closed"}, False),
        ({"enrolment_mode": "cohorts"}, False),
        ({"needed": 1, "valid_months": 12}, True),
    ],
)
def test_only_a_course_that_is_open_to_all_leads_to_its_first_lesson(course, request_for, fields, readable):
    page = change(course["course"], **fields)
    context = course_context(page, request_for())
    activity = activity_of(page)
    assert bool(context["first"]) == readable == (activity.pk in open_to_all([activity.pk]))
    assert bool(context["enrol_url"]) == (fields.get("enrolment_mode") != "closed")


def test_parts_say_when_they_open_and_how_long_they_take(course, client):
    change(course["first"], opens_on=dt.date(2027, 3, 2), min_minutes=10)
    change(course["module"], opens_after_days=7)
    text = client.get(course["course"].get_url()).content.decode()
    for words in ("Opens on Tuesday, 2 March 2027", "At least 10 minutes", "Opens 7 days after you start"):
        assert f'<span class="badge">{words}</span>' in text
    assert "Some parts open later: the list of parts says when." in text


def test_every_rule_is_said_on_the_course(course, add, client):
    module = add(course["course"], ModulePage, "Ways to sell", needed=1)
    add(module, LessonPage, "Market")
    add(module, LessonPage, "Chat", recording_minutes=45, watch_percent=70)
    page = change(course["course"], sequential=True, valid_months=12)
    text = client.get(page.get_url()).content.decode()
    for words in (
        "Of “Ways to sell”, any one of these 2 is enough:",
        "Read “Market” and mark it as done.",
        "Watch at least 32 minutes of the recording in “Chat”.",
        "Take the parts in this order: each one opens when what stands before it is done.",
        "It counts for 12 months from your start; then the course is taken again.",
    ):
        assert words in text


# ── the edit form ────────────────────────────────────────────────────────────────────────────────────────────────


def form(client, page):
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def test_the_form_says_the_rules_of_the_draft_and_that_learners_wait_for_them(course, admin_client, client):
    page = course["course"]
    assert "Any 2 of these 4" not in form(admin_client, page)
    page.needed, page.sequential = 2, True
    page.save_revision()
    text = form(admin_client, page)
    # A module, a lesson and a series count; the optional lesson does not.
    assert "Any 2 of these 3 are enough:" in text
    assert "Take the parts in this order" in text
    assert "for learners the published rules hold until then" in text
    assert "Any 2 of these 3" not in client.get(page.get_url()).content.decode()
    page.save_revision().publish()
    list(compile_all())
    assert "for learners the published rules hold until then" not in form(admin_client, page)


def test_the_form_of_a_part_says_how_it_is_done(course, admin_client):
    lesson = course["first"]
    lesson.recording_minutes, lesson.watch_percent, lesson.opens_after_days = 10, 100, 3
    lesson.save_revision()
    text = form(admin_client, lesson)
    assert "Watch at least 10 minutes of the recording in “Photos”." in text
    assert "Opens 3 days after you start" in text
    assert "Read the lesson and mark it as done" in form(admin_client, course["module"])


def test_the_form_of_a_series_says_its_draft(course, admin_client, before_the_series):
    series = course["series"]
    series.needed, series.attend_percent = 1, 50
    series.save_revision()
    text = form(admin_client, series)
    assert "Attend at least 1 of the 3 sessions." in text and "at least 30 of its 60 minutes" in text


def test_a_part_that_was_never_published_says_what_to_do(course, admin_client):
    draft = Page.objects.get(pk=course["course"].pk).add_child(instance=LessonPage(title="New", live=False))
    assert "Publish this page first; then it says here how it is done." in form(admin_client, draft)
