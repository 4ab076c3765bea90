"""For everybody: axe finds nothing, in light and dark; a narrow phone, a finger, a keyboard and paper are enough."""

from __future__ import annotations

import io

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.experience.addresses import LANGUAGES
from tests.experience.budgets import BUDGETS

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
#: WCAG 2.2, 2.5.8: 24 px, or so far from others that a circle of 24 px around each touches none; links within a sentence
#: are as high as their line. Fields of a form are not excused by the distance.
SMALL_TARGETS = """() => {
  const seen = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.matches('.skip, .visually-hidden'))
    .filter((each) => !(each.matches('a') && each.parentElement.matches('p, li, dd, td, span, strong') &&
                        getComputedStyle(each).display === 'inline' &&
                        each.parentElement.textContent.trim() !== each.textContent.trim()))
    .map((each) => ({each, box: each.getBoundingClientRect()}));
  const far = ({each, box}) => seen.every(({each: other, box: b}) => other === each || other.contains(each) || each.contains(other) ||
    Math.hypot((box.x + box.width / 2) - Math.max(b.left, Math.min(box.x + box.width / 2, b.right)),
               (box.y + box.height / 2) - Math.max(b.top, Math.min(box.y + box.height / 2, b.bottom))) >= 12);
  return seen.filter(({each, box}) => (box.width < 23.9 || box.height < 23.9) && (each.matches('input, select, button, summary') || !far({each, box})))
    .map(({each, box}) => `${each.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`);
}"""
#: Primary actions: what is drawn as a button.
SMALL_BUTTONS = """() => [...document.querySelectorAll('main .button, main button[type=submit]')]
  .map((each) => [each.textContent.trim(), each.getBoundingClientRect()])
  .filter(([, box]) => box.width && box.height < 44).map(([text]) => text)"""


@pytest.fixture(scope="module")
def tab(chromium):
    """One tab for all pages; each is looked at in both schemes without being asked for twice."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES)
    return [
        f"{each['id']}: {each['help']}\n      {each['nodes'][0]['html'][:160]}\n      {each['nodes'][0].get('failureSummary', '')}"
        for each in found.response["violations"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_kind_is_for_everybody(academy, paths, tab, language):
    """Axe in light and dark (colours do not depend on the language: dark in one), reflow at 320 px, targets."""
    wrong = []
    for name, both in paths.items():
        tab.set_viewport_size({"width": 320, "height": 640})
        tab.emulate_media(color_scheme="light")
        tab.goto(academy.url + both[language])
        if (width := tab.evaluate("document.documentElement.scrollWidth")) > 320:
            wrong.append(f"{name}: {width} px wide on a phone of 320 px")
        wrong += [f"{name}: too small: {each}" for each in tab.evaluate(SMALL_TARGETS)]
        wrong += [f"{name}: a button lower than 44 px: {each}" for each in tab.evaluate(SMALL_BUTTONS)]
        wrong += [f"{name}, light: {each}" for each in violations(tab)]
        if language == LANGUAGES[0]:
            tab.emulate_media(color_scheme="dark")
            wrong += [f"{name}, dark: {each}" for each in violations(tab)]
    assert not wrong, "\n".join(wrong)


def test_axe_and_the_measures_see_what_is_wrong(tab):
    tab.set_viewport_size({"width": 320, "height": 640})
    tab.goto("about:blank")  # a page of ours would forbid the styles
    tab.set_content(
        "<!doctype html><title>x</title><main><h1>x</h1><img src=x><input>"
        "<button type=submit style='font-size:5px;padding:0'>a</button><div style='width:900px'>x</div></main>"
    )
    assert len(violations(tab)) >= 3
    assert len(tab.evaluate(SMALL_TARGETS)) >= 1 and tab.evaluate(SMALL_BUTTONS) == ["a"]
    assert tab.evaluate("document.documentElement.scrollWidth") > 320


def test_somebody_registers_with_the_keyboard_alone(academy, chromium, paths):
    """From the page of the series to the thanks, with Tab, Space and Enter; the place of the focus is always seen."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(academy.url + paths["series"]["id"])
    focused = "document.activeElement"

    def tab_to(condition: str, most: int = 60) -> None:
        for _ in range(most):
            page.keyboard.press("Tab")
            assert page.evaluate(
                f"getComputedStyle({focused}).outlineStyle !== 'none' || {focused}.matches('summary')"
            ), page.evaluate(f"{focused}.outerHTML")
            if page.evaluate(f"(each => {condition})({focused})"):
                return
        raise AssertionError(f"Tab never came to: {condition}")

    tab_to("each.textContent.includes('Daftar gratis')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/register/**")
    tab_to("each.name === 'name'")
    page.keyboard.type("Ibu Contoh Kibor")
    tab_to("each.name === 'email'", 2)
    page.keyboard.type("kibor@contoh.example")
    tab_to("each.name === 'consent'", 3)
    page.keyboard.press("Space")
    tab_to("each.matches('[type=submit]')", 3)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Ibu Contoh Kibor")
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_can_be_printed(academy, tab, paths, language):
    """On paper: everything that is said, nothing that can only be clicked, on not more sheets than it needs."""
    for name in BUDGETS:
        tab.emulate_media(media="print")
        tab.goto(academy.url + paths[name][language])
        title = tab.locator("h1").inner_text()
        assert not tab.locator(".site-header nav, .skip, .button").filter(visible=True).count(), name
        printed = pypdf.PdfReader(io.BytesIO(tab.pdf(format="A4")))
        text = " ".join(" ".join(sheet.extract_text() for sheet in printed.pages).split())
        assert " ".join(title.split()) in text, (name, text[:300])
        assert 1 <= len(printed.pages) <= 8, (name, len(printed.pages))
        assert all(sheet.extract_text().strip() for sheet in printed.pages), f"{name}: an empty sheet"
    tab.emulate_media(media="screen")


def test_without_javascript_everything_is_there(academy, chromium, paths):
    """The same words, links and fields as with scripts: nothing is made by a script that cannot be done without."""
    counts = []
    for scripts in (True, False):
        context = chromium.new_context(
            java_script_enabled=scripts, service_workers="block", timezone_id="Asia/Jakarta"
        )
        page = context.new_page()
        seen = {}
        for name in BUDGETS:
            page.goto(academy.url + paths[name]["id"])
            seen[name] = (
                page.locator("h1").inner_text(),
                page.locator("a[href]").count(),
                page.locator("input, select, button").count(),
            )
        counts.append(seen)
        context.close()
    assert counts[0] == counts[1]
