"""The public site of the demo in a real browser: keyboard, no JavaScript, few requests. (Axe: tests/experience.)"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PATHS = [
    "/id/",
    "/id/kursus/",
    "/id/kursus/?curriculum=pembayaran-digital&level=x",
    "/id/kalender/",
    "/id/kalender/?view=month&zone=wita",
    "/id/cari/?q=foto+produk",
    "/id/cari/?q=xyzzyq",
    "/id/pembicara/",
    "/id/pembicara/ibu-contoh-sari/",
    "/id/bantuan/",
    "/en/courses/",
    "/en/calendar/?view=month",
    "/id/tidak-ada/",
]


@pytest.fixture
def visit(academy, chromium):
    """Return a function that opens a path in a fresh browser; what it opened is closed in the end."""
    opened = []

    def open_page(path, **options):
        context = chromium.new_context(
            **{"viewport": {"width": 360, "height": 740}, "service_workers": "block"} | options
        )
        opened.append(context)
        page = context.new_page()
        page.goto(academy.url + path)
        return page

    yield open_page
    for context in opened:
        context.close()


def test_everything_is_ours_and_few(visit, academy):
    for path in PATHS:
        page = visit("/id/")
        asked = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(academy.url + path)
        assert {urlsplit(url).netloc for url in asked} == {urlsplit(academy.url).netloc}, path
        pictures = [url for url in asked if "/media/" in url]
        assert len(asked) - len(pictures) <= 6, (path, asked)


def test_a_list_is_narrowed_without_javascript(visit):
    page = visit("/id/kursus/", java_script_enabled=False)
    page.get_by_label("Kurikulum").select_option("pembayaran-digital")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.get_by_role("heading", name=re.compile(r"3 dari \d+ kursus"))).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name=re.compile(r"3 of \d+ courses"))).to_be_visible()
    page.get_by_role("link", name="Digital Payments (take away)").click()
    expect(page.get_by_role("heading", name=re.compile(r"^\d+ courses$"))).to_be_visible()


def test_the_calendar_is_used_by_keyboard(visit):
    page = visit("/id/kalender/", viewport={"width": 1280, "height": 900})
    page.keyboard.press("Tab")
    expect(page.get_by_text("Langsung ke isi")).to_be_focused()
    page.get_by_role("link", name="Bulan", exact=True).press("Enter")
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_role("columnheader")).to_have_count(7)
    page.get_by_role("link", name="WITA").press("Enter")
    expect(page.get_by_role("caption")).to_contain_text("WITA")
    expect(page.get_by_role("link", name="WITA")).to_have_attribute("aria-current", "true")


def test_a_search_begins_in_the_head_of_every_page(visit):
    page = visit("/id/", java_script_enabled=False)
    page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Cari").click()
    page.get_by_label("Apa yang Anda cari?").fill("qris")
    page.get_by_role("button", name="Cari").click()
    expect(page.locator("mark").first).to_be_visible()
