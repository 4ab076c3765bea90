"""The gallery shows every part in all its states; paper gets what paper needs; style sheets stay small."""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

import lms

pytestmark = pytest.mark.browser

GALLERIES = ("/id/rancangan/", "/en/design/")
COURSE = "/id/pemasaran-digital/jualan-pertama/"
LESSON = COURSE + "toko-di-dalam-ponsel/foto-produk/"
COMPONENTS = Path(lms.__file__).parent / "templates" / "lms" / "components"


@pytest.fixture
def visit(academy, chromium):
    """Return a function that opens a path in a fresh browser; what it opened is closed in the end."""
    opened = []

    def open_page(path, **options):
        context = chromium.new_context(**{"viewport": {"width": 360, "height": 740}} | options)
        opened.append(context)
        page = context.new_page()
        assert page.goto(academy.url + path).status == 200
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_any_state_of_any_part(visit, width, scheme):
    for path in GALLERIES:
        page = visit(path, viewport={"width": width, "height": 900}, color_scheme=scheme)
        found = Axe().run(
            page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
        )
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


def test_nothing_is_wider_than_a_narrow_phone(visit):
    for path in GALLERIES:
        page = visit(path, viewport={"width": 320, "height": 700})
        wide = page.evaluate(
            """[...document.querySelectorAll('main *')].filter(each => each.getBoundingClientRect().right > 320.5)
            .map(each => each.outerHTML.slice(0, 120))"""
        )
        assert page.evaluate("document.documentElement.scrollWidth") == 320, wide[:5]


def test_every_icon_and_every_teaching_block_is_shown(visit):
    page = visit("/en/design/")
    icons = sorted(path.stem for path in (COMPONENTS / "icons").glob("*.html"))
    assert page.locator(".icon-list li").all_inner_texts() == icons
    assert page.locator(".icon-list svg").count() == len(icons)
    assert page.locator("#blocks ~ .prose").count() == 16
    assert all(text.strip() for text in page.locator("#blocks ~ .prose").all_inner_texts())
    links = page.locator("[aria-label='With mistakes'] .errors a")
    assert links.count() == 3
    for place in range(3):
        name = links.nth(place).get_attribute("href")
        assert page.locator(name).get_attribute("aria-invalid") == "true"


def test_style_sheets_of_a_page_stay_under_six_kilobytes():
    folder = Path(lms.__file__).parent / "static" / "lms" / "css"
    size = {path.stem: len(gzip.compress(path.read_bytes(), 9)) for path in folder.glob("*.css")}
    assert set(size) == {"kelas", "listing", "room"}
    assert size["kelas"] + max(size["listing"], size["room"]) <= 6_000


def colours(page):
    return page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.documentElement).colorScheme]"
    )


@pytest.mark.parametrize("path", [COURSE, LESSON, "/c/", "/id/kalender/"])
def test_paper_is_light_and_has_no_menus(visit, path):
    page = visit(path, color_scheme="dark", viewport={"width": 720, "height": 1000})
    dark = colours(page)
    page.emulate_media(media="print", color_scheme="dark")
    assert colours(page) == ["rgb(36, 29, 21)", "light"] and dark != colours(page)
    for selector in (".site-header nav", ".site-footer", ".pager", ".links", ".button", "form"):
        assert page.locator(f"{selector}:visible").count() == 0, selector
    assert page.evaluate("document.documentElement.scrollWidth") <= 720


def test_answers_are_printed_though_they_open_on_a_tap(visit):
    page = visit(LESSON)
    answer = page.locator("details").first
    hidden = answer.locator(":scope > *:not(summary)").first.text_content()
    assert not answer.locator(":scope > *:not(summary)").first.is_visible()
    pages = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    words = re.sub(r"\W+", "", "".join(each.extract_text() for each in pages))
    assert re.sub(r"\W+", "", hidden)[:40] in words
