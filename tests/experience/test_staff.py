"""What coordinators do in the admin of the demo, on a telephone: find a person, and see what points add up to."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def admin(academy, chromium):
    context = chromium.new_context(**PHONE)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{academy.url}/admin/")
    page.fill("[name=username]", "koordinator")
    page.fill("[name=password]", "naik-kelas")
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/admin/$"))
    yield page
    context.close()
    assert complaints == []


def test_a_person_is_found_from_the_home_and_leads_to_their_course(admin, academy):
    admin.goto(f"{academy.url}/admin/")
    admin.fill("#lms-find", "budi contoh")
    admin.press("#lms-find", "Enter")
    found = admin.locator(".lms-found tbody tr")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Bapak Contoh Budi")
    assert admin.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    found.locator("a[href*='/courses/']").first.click()
    expect(admin.locator("main")).to_contain_text("Bapak Contoh Budi")
    admin.go_back()
    expect(found).to_have_count(1)


def test_the_sum_follows_what_is_typed_and_what_is_no_number_counts_nothing(admin, academy):
    admin.goto(f"{academy.url}/admin/quizzes/grading/")
    admin.locator("main a.button").first.click()
    fields = admin.locator('input[name^="points-"]')
    most = [float(each.get_attribute("max")) for each in fields.all()]
    box = admin.locator("[data-lms-sum]")
    passes, fails = box.locator("[data-lms-passes]"), box.locator("[data-lms-fails]")
    expect(fails).to_be_visible()
    for each, points in zip(fields.all(), most, strict=True):
        each.fill(f"{points:g}")
    expect(box.locator("output")).to_have_text(f"{sum(most):g}")
    expect(passes).to_be_visible()
    expect(fails).to_be_hidden()
    fields.first.fill(f"{most[0] + 1:g}")  # more than there are
    expect(box.locator("output")).to_have_text(f"{sum(most[1:]):g}")
    fields.first.fill("-1")
    expect(box.locator("output")).to_have_text(f"{sum(most[1:]):g}")
