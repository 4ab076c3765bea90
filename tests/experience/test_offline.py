"""Without a network: what was read is there, marked as a copy; the rest says so; nothing personal is kept."""

from __future__ import annotations

import gzip
import re
import urllib.request

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LESSON = "/id/pemasaran-digital/jualan-pertama/"
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  return found;
}"""


@pytest.fixture
def browser_page(chromium):
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    page = context.new_page()
    problems = []
    page.on(
        "console",
        lambda message: problems.append(message.text) if "Content Security" in message.text else None,
    )
    yield page
    assert problems == []
    context.close()


def visit(page, address):
    """Open a page, and wait until the worker stands behind it."""
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def get(address):
    with urllib.request.urlopen(address) as answer:  # noqa: S310 -- our own server
        return answer.read()


def test_what_was_read_is_there_and_the_rest_says_so(academy, browser_page):
    page = browser_page
    visit(page, academy.url + LESSON)
    page.goto(academy.url + "/en/")
    page.wait_for_function(f"async () => (await ({KEPT})()).length >= 5")
    page.context.set_offline(True)

    page.goto(academy.url + LESSON)
    note = page.get_by_role("status")
    expect(note).to_contain_text("Tidak ada jaringan. Ini salinan di perangkat Anda dari")
    assert re.search(r"20\d\d", note.inner_text()), "the copy says from when it is"
    expect(page.get_by_role("heading", level=1)).to_have_text("Jualan Pertama lewat WhatsApp")
    assert page.evaluate("getComputedStyle(document.querySelector('.callout')).display") == "flex"
    page.goto(academy.url + "/en/")
    expect(page.get_by_role("status")).to_contain_text("No network. This is the copy on your device from")

    for path in ("/id/keuangan-digital/", "/id/kursus/?level=pemula", "/c/", "/id/me/"):
        page.goto(academy.url + path)
        expect(page.get_by_role("heading", level=1)).to_have_text("Tidak ada jaringan")
        expect(page.locator("[lang=en] h2")).to_have_text("No network")
        assert page.evaluate("getComputedStyle(document.querySelector('.button')).display") == "inline-flex"

    page.context.set_offline(False)
    page.get_by_role("link", name="Coba lagi").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Tidak ada jaringan")


def test_nothing_personal_is_kept_and_no_more_than_twenty_pages(academy, browser_page):
    page = browser_page
    visit(page, academy.url + "/id/")
    link = re.search(r"http://\S+/p/\S+", academy.mail("/p/"))[0]
    serial = "/c/"
    for address in (
        link,
        academy.url + serial,
        academy.url + "/id/kursus/?level=pemula",
        academy.url + "/id/tidak-ada/",
    ):
        page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(academy.url + "/id/")
    page.wait_for_function(f"async () => (await ({KEPT})()).includes('/id/')")
    kept = page.evaluate(KEPT)
    assert {re.sub(r"\.[0-9a-f]{12}\.", ".", path) for path in kept} == {
        "/id/",
        "/offline/",
        "/static/lms/css/kelas.css",
        "/static/academy/icon.svg",
    }
    pages = re.findall(r"<loc>([^<]+)</loc>", get(academy.url + "/sitemap.xml").decode())[:24]
    for address in pages:
        page.goto(address)
    page.wait_for_function(
        f"async (last) => (await ({KEPT})()).includes(last)", arg=re.sub(r"^https?://[^/]+", "", pages[-1])
    )
    assert len(page.evaluate(KEPT)) <= 20 + 3


@pytest.mark.parametrize("gone", ["/id/tidak-ada/", "/id/account/email/"])
def test_what_was_taken_down_or_closed_goes_from_the_device_too(academy, browser_page, gone):
    """The first is not there; the second sends on to signing in, as a page does that became private."""
    page = browser_page
    visit(page, academy.url + "/id/")
    page.evaluate(
        """async (gone) => (await caches.open("kelas-read")).put(gone, new Response("<main id=main>lama</main>"))""",
        gone,
    )
    assert gone in page.evaluate(KEPT)
    page.goto(academy.url + gone)
    page.wait_for_function(f"async (gone) => !(await ({KEPT})()).includes(gone)", arg=gone)


def test_the_admin_and_pages_without_scripts_are_left_alone(academy, browser_page):
    page = browser_page
    visit(page, academy.url + "/id/")
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(academy.url + "/admin/login/")
    for path in ("/c/", "/id/kursus/", "/id/me/"):
        assert b"offline.js" not in get(academy.url + path)


def test_the_worker_is_small(academy):
    worker = get(academy.url + "/offline.js")
    assert len(gzip.compress(worker)) <= 1_500
    name = re.search(r'src="([^"]+/offline\.[^"]+js)"', get(academy.url + "/id/").decode())[1]
    assert len(get(academy.url + name)) <= 300
