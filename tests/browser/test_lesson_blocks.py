"""A lesson with every teaching block in a real Chromium: what a tap does, what stays, what is never fetched."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection
from wagtail.models import Page as WagtailPage

from lms.pages.models import CoursePage, LessonPage
from tests.browser.conftest import PHONE
from tests.pages.bodies import everything

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lesson(home, make_series):
    # These tests flush the database, and the root of all collections with it.
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    picture = get_image_model().objects.create(title="Cloth", file=get_test_image_file(size=(800, 500)))

    def document(name):
        return get_document_model().objects.create(title=name, file=ContentFile(b"x" * 5000, name=name))

    def add(parent, page):
        WagtailPage.objects.get(pk=parent.pk).add_child(instance=page)
        page.save_revision().publish()
        return page

    course = add(home, CoursePage(title="Course", slug="course"))
    series = make_series(WagtailPage.objects.get(pk=course.pk))
    return add(course, LessonPage(title="Everything", slug="all", body=everything(picture, document, series)))


@pytest.fixture
def visit(chromium, live_server, lesson):
    """Open the lesson; what it asks others for is a failure."""
    contexts = []
    asked: list[str] = []

    def open_page(**options: object) -> Page:
        context = chromium.new_context(**PHONE | options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{live_server.url}{lesson.get_url()}")
        page.wait_for_load_state("networkidle")
        page.asked = asked
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_a_video_loads_on_a_tap_and_not_before(visit):
    page = visit()
    assert not any(".mp4" in url or ".mp3" in url for url in page.asked)
    expect(page.locator("video")).to_have_count(0)
    # The film of this test is no film: the poster comes back, so that the link is not lost.
    page.route("**/*.mp4", lambda route: None)
    poster = page.get_by_role("link", name="Play the video")
    address = poster.get_attribute("href")
    poster.click()
    video = page.locator("video")
    expect(video).to_have_attribute("src", page.url.split("/en/")[0] + address)
    expect(video).to_have_attribute("aria-label", "Film")
    expect(video).to_be_focused()


def test_a_video_that_cannot_be_played_gives_the_link_back(visit):
    page = visit()
    page.get_by_role("link", name="Play the video").click()
    expect(page.get_by_role("link", name="Play the video")).to_be_visible()
    expect(page.locator("video")).to_have_count(0)


def test_a_video_elsewhere_is_left_to_the_browser(visit):
    page = visit()
    page.route("https://video.example/**", lambda route: route.fulfill(body="there"))
    link = page.get_by_role("link", name="Watch on video.example")
    assert link.get_attribute("href") == "https://video.example/1"
    assert link.get_attribute("data-video") is None


def test_ticks_stay_on_the_device(visit):
    page = visit()
    page.get_by_label("One").check()
    page.reload()
    expect(page.get_by_label("One")).to_be_checked()
    expect(page.get_by_label("Two")).not_to_be_checked()
    page.get_by_label("One").uncheck()
    page.reload()
    expect(page.get_by_label("One")).not_to_be_checked()


def test_everything_works_without_javascript(visit):
    page = visit(java_script_enabled=False)
    assert page.get_by_role("link", name="Play the video").get_attribute("href").endswith(".mp4")
    page.get_by_label("One").check()
    expect(page.get_by_label("One")).to_be_checked()
    page.get_by_text("Show the answer").click()
    expect(page.get_by_text("Words").last).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(visit, width, scheme):
    page = visit(
        viewport={"width": width, "height": 900}, color_scheme=scheme, is_mobile=False, has_touch=False
    )
    for details in page.locator("details").all():
        details.evaluate("each => each.open = true")
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert found.violations_count == 0, found.generate_report()


def test_nothing_is_wider_than_a_narrow_phone(visit):
    page = visit(viewport={"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_what_is_tapped_is_large_enough(visit):
    page = visit()
    small = page.evaluate(
        """() => [...document.querySelectorAll('.prose a.poster .button, .prose label, .prose summary, .prose .download a')]
             .map(each => each.getBoundingClientRect()).filter(box => box.height < 44).length"""
    )
    assert small == 0
