"""An editor makes a course step by step in a real browser, is led to what is missing, and publishes it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP

pytestmark = pytest.mark.browser

OUTLINE = "Selamat datang\nPersiapan:\n1. Mencari cahaya\n2. Latar yang bersih"


@pytest.fixture(scope="module")
def admin(chromium, academy):
    """The admin in Indonesian, as somebody who may do everything."""
    context = chromium.new_context(**DESKTOP)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{academy.url}/admin/login/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", "naik-kelas")
    page.click("button[type=submit]")
    page.wait_for_url(re.compile(r"/admin/$"))
    yield page
    context.close()
    assert errors == []


def test_from_the_home_to_drafts_to_the_missing_field_to_the_published_course(admin, academy):
    page = admin
    for panel in ("lms-duties", "lms-coming", "lms-changed", "lms-guide"):
        assert page.locator(f"#{panel}-section").is_visible()
    page.click("#lms-guide-section a.button")
    page.fill("#id_title", "Jualan pertama dari ponsel")
    page.fill("#id_outline", OUTLINE)
    page.click("form.lms-guide button")
    page.wait_for_url(re.compile(r"/admin/courses/new/\d+/$"))
    steps = page.url
    expect(page.locator(".lms-guide__step")).to_have_count(6)
    expect(page.locator("[aria-current=step]")).to_have_count(1)

    # Publishing stops at the quiz, and leads there.
    page.click(".lms-guide__step:last-child button")
    refused = page.locator(".lms-guide__refused a")
    expect(refused).to_have_count(1, timeout=30_000)
    refused.click()
    stop = page.locator(".lms-checks__heading--stop + ul [data-lms-check=questions]")
    stop.wait_for()
    stop.click()
    field = page.locator("[data-contentpath=questions]").first
    expect(field).to_be_in_viewport()
    page.wait_for_function("document.activeElement.closest('[data-contentpath=questions]') !== null")

    # On the course a check leads to a field in the other tab.
    page.goto(steps)
    page.click(".lms-guide__step:nth-child(2) a")
    check = page.locator("[data-lms-check=certificate_design]")
    check.wait_for()
    chooser = page.locator("[data-contentpath=certificate_design]").first
    expect(chooser).not_to_be_visible()
    check.click()
    expect(chooser).to_be_visible()

    # Without the quiz it is published, all of it.
    page.goto(steps)
    quiz = page.locator(".lms-guide__step:nth-child(4) .lms-guide__ways a").get_attribute("href")
    page.goto(f"{academy.url}{quiz.replace('/edit/', '/delete/')}")
    page.locator("main form button[type=submit], main form input[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/admin/pages/\d+/$"))
    page.goto(steps)
    page.click(".lms-guide__step:last-child button")
    page.wait_for_load_state()
    look = page.locator(".lms-guide > p a")
    look.wait_for()
    look.click()
    expect(page.locator("h1")).to_have_text("Jualan pertama dari ponsel")
    expect(page.get_by_text("Mencari cahaya").first).to_be_visible()
