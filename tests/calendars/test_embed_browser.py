"""The agenda on a partner's page of another origin, in a real Chromium, under the strictest policy that still frames it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright

from lms.webinars.models import Occurrence
from tests.calendars import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()
TUESDAY = dt.datetime(2027, 3, 2, 6, 0)
ISOLATED = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin"}


class PartnerSite:
    """A partner's web site: one page, on an address of its own."""

    def __init__(self) -> None:
        self.html, self.headers = "", {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, site: PartnerSite, *args: object) -> None:
        self.site = site
        super().__init__(*args)

    def do_GET(self) -> None:
        self.send_response(200)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **self.site.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.site.html.encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's loop runs in this thread; the tests read the database from it between the steps.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(chromium):
    """Open an address; keyword arguments go to the browser context. No page may complain in its console."""
    contexts, complaints = [], []

    def visit(address: str, *, quiet: bool = True, **options: object) -> Page:
        context = chromium.new_context(
            **{"viewport": {"width": 360, "height": 800}, "locale": "id-ID", "timezone_id": "Asia/Makassar"}
            | options
        )
        contexts.append(context)
        page = context.new_page()
        if quiet:
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda message: complaints.append(message.text))
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def bank() -> Iterator[PartnerSite]:
    site = PartnerSite()
    yield site
    site.close()


@pytest.fixture
def calendar(home, at, bank):
    series = make.series(
        {"id": "Jualan lewat WhatsApp: dari katalog sampai kirim", "en": "Selling on WhatsApp"}
    )
    sessions = make.sessions(series, make.weekly(TUESDAY, 8))
    Occurrence.objects.filter(pk=sessions[1].pk).update(status="cancelled")
    return make.partner_calendar(allowed_hosts=[bank.origin])


def framed(bank: PartnerSite, live_server, calendar, *, script: bool = True, **headers: str) -> str:
    """Put the snippet of the admin on the bank's page, under a policy that allows nothing else."""
    agenda = f"{live_server.url}{reverse('lms_public:embed_agenda', args=[calendar.public_id])}"
    grow = (
        f'<script async src="{live_server.url}{reverse("lms_public:embed_script")}"></script>'
        if script
        else ""
    )
    bank.html = (
        '<!doctype html><html lang="id"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Bank Contoh</title>'
        f'<h1>Bank Contoh</h1><iframe src="{agenda}" title="Kelas" width="100%" height="640" frameborder="0" '
        f'loading="lazy"></iframe>{grow}'
    )
    allowed = live_server.url
    bank.headers = {
        "Content-Security-Policy": f"default-src 'none'; img-src data:; frame-src {allowed}; script-src {allowed}"
    } | headers
    return bank.origin


def agenda_of(page: Page):
    return page.frame_locator("iframe")


def height_of(page: Page) -> float:
    return page.locator("iframe").bounding_box()["height"]


def until(page: Page, truth: Callable[[], bool]) -> None:
    """Wait until something is true; the page's own policy forbids Playwright to wait inside it."""
    for _turn in range(100):
        if truth():
            return
        page.wait_for_timeout(50)
    pytest.fail("It never became true.")


def grown(page: Page) -> bool:
    return page.evaluate("document.querySelector('iframe').style.height") != ""


@pytest.mark.parametrize("headers", [{}, ISOLATED], ids=["strict", "isolated"])
def test_it_shows_and_grows_on_a_page_of_another_origin(visit, live_server, bank, calendar, headers):
    page = visit(framed(bank, live_server, calendar, **headers))
    agenda = agenda_of(page)
    expect(agenda.get_by_role("heading", level=1)).to_have_text("Kelas untuk nasabah")
    expect(agenda.get_by_role("listitem")).to_have_count(8)
    until(page, lambda: grown(page))
    inside = page.frames[1].evaluate("document.body.getBoundingClientRect().height")
    assert abs(height_of(page) - inside) <= 1
    assert height_of(page) > 640
    # Opening the subscription makes it longer, and so does the frame; closing it makes it shorter again.
    before = height_of(page)
    agenda.locator("summary").click()
    until(page, lambda: height_of(page) > before + 10)
    agenda.locator("summary").click()
    until(page, lambda: height_of(page) <= before + 1)
    assert page.context.cookies() == []


def test_a_zone_is_chosen_inside_the_frame_which_keeps_growing(visit, live_server, bank, calendar):
    page = visit(framed(bank, live_server, calendar))
    agenda = agenda_of(page)
    expect(agenda.get_by_role("listitem").first).to_contain_text("WITA")
    agenda.get_by_role("link", name="WIT", exact=True).click()
    expect(agenda.get_by_role("listitem").first).to_contain_text("08.00–09.30 WIT")
    assert page.url.startswith(bank.origin)
    page.evaluate("document.querySelector('iframe').style.height = '100px'")
    agenda.get_by_role("link", name="WIB", exact=True).click()
    expect(agenda.get_by_role("listitem").first).to_contain_text("06.00–07.30 WIB")
    until(page, lambda: height_of(page) > 640)


def test_a_session_opens_in_the_whole_window_with_the_partners_name(visit, live_server, bank, calendar):
    page = visit(framed(bank, live_server, calendar), quiet=False)
    first = Occurrence.objects.order_by("starts_at")[0]
    agenda_of(page).get_by_role("listitem").first.get_by_role("link").click()
    page.wait_for_url(f"{live_server.url}/s/{first.public_id}**")
    assert "partner=bank-contoh" in page.url
    assert len(page.frames) == 1


def test_another_host_may_not_frame_it(visit, live_server, bank, calendar):
    thief = PartnerSite()
    try:
        framed(bank, live_server, calendar)
        thief.html = bank.html
        page = visit(thief.origin, quiet=False)
        page.wait_for_load_state("networkidle")
        expect(agenda_of(page).get_by_role("listitem")).to_have_count(0)
        assert page.frames[1].url.startswith("chrome-error:")
    finally:
        thief.close()


def test_a_message_from_elsewhere_moves_nothing(visit, live_server, bank, calendar):
    page = visit(framed(bank, live_server, calendar))
    until(page, lambda: grown(page))
    before = height_of(page)
    page.evaluate("window.postMessage({kelas: 'height', height: 5000}, '*')")
    page.wait_for_timeout(100)
    assert height_of(page) == before


def test_it_works_without_any_script(visit, live_server, bank, calendar):
    page = visit(framed(bank, live_server, calendar), java_script_enabled=False)
    agenda = agenda_of(page)
    expect(agenda.get_by_role("listitem")).to_have_count(8)
    assert height_of(page) == 640
    agenda.get_by_role("link", name="WIB", exact=True).click()
    expect(agenda.get_by_role("listitem").first).to_contain_text("06.00–07.30 WIB")
    agenda.locator("summary").click()
    expect(agenda.get_by_role("link", name=".ics")).to_be_visible()


def test_the_first_visit_takes_three_requests_and_ten_kilobytes(chromium, live_server, bank, calendar):
    context = chromium.new_context()
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    bytes_seen = []
    network.on("Network.loadingFinished", lambda event: bytes_seen.append(event["encodedDataLength"]))
    address = f"{live_server.url}{reverse('lms_public:embed_agenda', args=[calendar.public_id])}"
    page.goto(address, wait_until="networkidle")
    asked = [
        entry
        for entry in page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
        if "favicon" not in entry
    ]
    assert len(asked) + 1 == 3
    assert sum(bytes_seen) <= 10_000
    context.close()


@pytest.mark.parametrize(
    ("scheme", "accent"), [("light", "#1d4ed8"), ("light", "#ffe600"), ("dark", "#1d4ed8")]
)
def test_everybody_can_read_it(visit, live_server, calendar, scheme, accent):
    calendar.accent = accent
    calendar.save()
    address = f"{live_server.url}{reverse('lms_public:embed_agenda', args=[calendar.public_id])}"
    page = visit(address, color_scheme=scheme, quiet=False)
    page.locator("summary").click()
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": rules}})
    assert found.violations_count == 0, found.generate_report()
    for width in (320, 360, 800, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        small = page.evaluate(
            """() => [...document.querySelectorAll("a, summary")].map((e) => e.getBoundingClientRect())
                 .filter((r) => r.width && (r.width < 24 || r.height < 24)).length"""
        )
        assert small == 0, width


def test_a_theme_can_be_fixed_against_the_device(visit, live_server, calendar):
    path = reverse("lms_public:embed_agenda", args=[calendar.public_id])
    paper = "getComputedStyle(document.body).backgroundColor"
    light = visit(f"{live_server.url}{path}?theme=light", color_scheme="dark", quiet=False)
    assert light.evaluate(paper) == "rgb(255, 255, 255)"
    dark = visit(f"{live_server.url}{path}?theme=dark", color_scheme="light", quiet=False)
    assert dark.evaluate(paper) == "rgb(22, 24, 28)"


def test_the_keyboard_reaches_everything(visit, live_server, calendar):
    page = visit(
        f"{live_server.url}{reverse('lms_public:embed_agenda', args=[calendar.public_id])}", quiet=False
    )
    reached = []
    for _step in range(13):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim().split('\\n')[0]"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", reached
    assert reached[:3] == ["WIB", "WITA", "WIT"]
    assert len([each for each in reached if each.startswith(("Sel", "Tue"))]) == 8
