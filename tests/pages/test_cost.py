"""Cost: the number of queries does not grow with lessons, sessions or courses; bytes stay within the budgets."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, Site

from lms.catalogue.compile import compile_all
from lms.catalogue.models import Activity, ActivityPage, Level, OutlineItem, Topic
from lms.catalogue.queries import activity_of, current_outline
from lms.pages.line import InOneLine
from lms.pages.models import CoursePage, LessonPage, ModulePage
from lms.webinars.models import Occurrence, WebinarSeries
from tests.pages.bodies import everything

pytestmark = pytest.mark.django_db

CSS = Path(__file__).resolve().parents[2] / "lms" / "static" / "lms" / "css" / "kelas.css"
SCRIPT = CSS.parents[1] / "js" / "own_time.js"
LESSON_SCRIPT = CSS.parents[1] / "js" / "lesson.js"


def more_lessons(page, lesson, count):
    """Add parts to an outline. They share one page, because only rows cost queries."""
    version = current_outline(activity_of(page))
    row = ActivityPage.objects.filter(page_id=lesson.pk).earliest("pk")
    activities = Activity.objects.bulk_create(
        [Activity(kind="lesson", title=f"Lesson {number}", live=True, public=True) for number in range(count)]
    )
    ActivityPage.objects.bulk_create(
        [
            ActivityPage(
                activity=activity,
                locale=row.locale,
                page_id=lesson.pk,
                title=activity.title,
                live=True,
                public=True,
                owner=True,
            )
            for activity in activities
        ]
    )
    last = version.items.count()
    OutlineItem.objects.bulk_create(
        [
            OutlineItem(version=version, activity=activity, position=last + place)
            for place, activity in enumerate(activities)
        ]
    )


def more_sessions(count):
    series = WebinarSeries.objects.get()
    start = dt.datetime(2027, 4, 1, 23, 0, tzinfo=dt.UTC)
    activities = Activity.objects.bulk_create(
        [Activity(kind="occurrence", title="Breakfast", live=True, public=True) for _ in range(count)]
    )
    Occurrence.objects.bulk_create(
        [
            Occurrence(
                series=series,
                activity=activity,
                original_date=(start + dt.timedelta(days=day)).date(),
                starts_at=start + dt.timedelta(days=day),
                ends_at=start + dt.timedelta(days=day, hours=1),
                revised_at=start,
            )
            for day, activity in enumerate(activities)
        ]
    )


def queries_of(client, path):
    """Return how many queries an answer costs that the page cache does not have: all of them, with Wagtail's own.

    Warm: content types, and the paths of sites that Wagtail keeps in Django's cache for an hour (one query).
    """
    client.get(path)
    cache.clear()
    Site.get_site_root_paths()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200
    return len(captured)


PATHS = {
    "curriculum": "/en/digital-marketing/",
    "course": "/en/digital-marketing/first-sales/",
    "module": "/en/digital-marketing/first-sales/preparing/",
    "lesson": "/en/digital-marketing/first-sales/catalogue/",
    "lesson of a module": "/en/digital-marketing/first-sales/preparing/photos/",
    "series": "/en/digital-marketing/first-sales/breakfast/",
}


#: So many queries, with those of Wagtail itself and that of the page cache.
MOST = {
    "curriculum": 19,
    "course": 14,
    "module": 11,
    "lesson": 9,
    "lesson of a module": 9,
    "series": 12,
}


@pytest.mark.parametrize("name", PATHS)
def test_a_thousand_cost_as_many_queries_as_ten(name, course, client, before_the_series):
    more_lessons(course["course"], course["first"], 10)
    more_lessons(course["curriculum"], course["first"], 10)
    more_sessions(10)
    few = queries_of(client, PATHS[name])
    more_lessons(course["course"], course["first"], 990)
    more_lessons(course["curriculum"], course["first"], 990)
    Occurrence.objects.filter(starts_at__gte=dt.datetime(2027, 4, 1, tzinfo=dt.UTC)).delete()
    more_sessions(1000)
    assert queries_of(client, PATHS[name]) == few == MOST[name]


@pytest.mark.parametrize("count", [5, 100])
def test_a_course_with_every_rule_costs_as_much_with_five_parts_as_with_a_hundred(count, course, client, add):
    page = course["course"]
    module = add(page, ModulePage, "Choose", needed=1)
    add(module, LessonPage, "Market", opens_on=dt.date(2126, 3, 2))
    other = add(course["curriculum"], CoursePage, "Before all")
    page.refresh_from_db()
    page.sequential, page.needed, page.enrolment_mode, page.valid_months = True, 2, "approval", 12
    page.level = Level.objects.create(slug="beginners", titles={"en": "For beginners"})
    page.topics = [Topic.objects.create(slug=f"topic-{n}", titles={"en": f"Topic {n}"}) for n in range(count)]
    page.prerequisites = [("page", other.page_ptr)]
    page.save_revision().publish()
    list(compile_all())
    more_lessons(page, course["first"], count)
    assert queries_of(client, PATHS["course"]) == MOST["course"] + 1  # what comes before


def test_pictures_of_a_lesson_cost_the_same_however_many(course, client, add):
    def lesson(count):
        pictures = [
            get_image_model().objects.create(title=str(number), file=get_test_image_file(size=(60, 40)))
            for number in range(count)
        ]
        body = [("picture", {"image": each, "alt_text": "A", "decorative": False}) for each in pictures]
        return add(course["course"], LessonPage, f"Pictures {count}", slug=f"pictures-{count}", body=body)

    few, many = lesson(2), lesson(12)
    list(compile_all())
    # The pictures with what was drawn of them.
    assert queries_of(client, few.get_url()) == queries_of(client, many.get_url()) == MOST["lesson"] + 1


@pytest.mark.parametrize("times", [1, 8])
def test_a_lesson_with_every_block_costs_four_more_however_often(
    times, course, client, add, picture, document, before_the_series
):
    body = everything(picture, document, course["series"]) * times
    lesson = add(course["course"], LessonPage, "Everything", body=body)
    list(compile_all())
    # Pictures, files, series, their next sessions.
    assert queries_of(client, lesson.get_url()) == MOST["lesson"] + 4


def test_below_a_home_page_in_one_line_such_a_lesson_costs_eleven(
    course, client, add, picture, document, before_the_series, monkeypatch
):
    """A home page of another type than ours costs a query more, a plain one two."""
    body = everything(picture, document, course["series"])
    lesson = add(course["course"], LessonPage, "Everything", body=body)
    list(compile_all())
    monkeypatch.setattr(Page, "route", InOneLine.route)
    assert queries_of(client, lesson.get_url()) == 11


def test_the_style_sheet_and_the_script_keep_to_their_budgets():
    assert len(gzip.compress(CSS.read_bytes(), 9)) <= 6_000
    assert len(gzip.compress(SCRIPT.read_bytes(), 9)) <= 1_500
    assert len(gzip.compress(LESSON_SCRIPT.read_bytes(), 9)) <= 1_200


@pytest.mark.parametrize("name", PATHS)
def test_a_page_and_its_style_arrive_in_the_first_flight(name, course, client, before_the_series):
    page = client.get(PATHS[name]).content
    assert len(gzip.compress(page, 9)) + len(gzip.compress(CSS.read_bytes(), 9)) <= 14_600


@pytest.mark.parametrize("name", PATHS)
def test_a_page_asks_only_its_own_site_and_only_a_few_times(name, course, client, before_the_series):
    text = client.get(PATHS[name]).content.decode()
    loaded = re.findall(r'<(?:script|img|iframe|source)[^>]*\bsrc(?:set)?="([^"]+)"', text)
    loaded += re.findall(r'<link rel="(?:stylesheet|icon|preload)"[^>]*href="([^"]+)"', text)
    assert all(address.startswith("/") for address in loaded), loaded
    assert 1 + len(loaded) <= 6


# ── colours ──────────────────────────────────────────────────────────────────────────────────────────────────────


def luminance(colour):
    digits = colour.lstrip("#")
    digits = "".join(each * 2 for each in digits) if len(digits) == 3 else digits
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def palettes():
    """Return scheme and accent → colours, as the style sheet sets them."""
    text = CSS.read_text()
    night = text.index("(prefers-color-scheme: dark)")
    end = text.index("/* ── ground")
    found = {}
    for scheme, part in (("light", text[:night]), ("dark", text[night:end])):
        blocks = dict(re.findall(r"(:root|\.accent-\w+) \{([^}]*)\}", part))
        root = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", blocks.pop(":root")))
        found[scheme, "leaf"] = root
        for name, block in blocks.items():
            found[scheme, name.removeprefix(".accent-")] = root | dict(
                re.findall(r"--([\w-]+): (#[0-9a-f]+)", block)
            )
    return found


def test_every_accent_of_a_curriculum_is_drawn_for_light_and_dark():
    from lms.pages.models import Accent

    assert set(palettes()) == {(scheme, accent) for scheme in ("light", "dark") for accent in Accent.values}


@pytest.mark.parametrize("key", palettes(), ids="-".join)
def test_words_can_be_read_on_every_ground(key):
    colours = palettes()[key]
    for ground in ("paper", "card", "tint"):
        for ink in ("ink", "accent"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for ground in ("paper", "card"):
        assert contrast(colours["soft"], colours[ground]) >= 4.5
        assert contrast(colours["bad"], colours[ground]) >= 4.5
    assert contrast(colours["soft"], colours["tint"]) >= 4.5
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    assert contrast(colours["bad"], colours["bad-tint"]) >= 4.5
