"""One visit on slow 3G with a slow processor, and what it cost: bytes, requests, the largest paint, shifts.

Chromium shapes the traffic itself (400 kbit/s, 400 ms for every request) and runs scripts four times slower. It does not
shape the connection's own hand-shakes. kB are 1000 bytes as they came over the wire, compressed, with their headers. The
cache is empty; the server is warm, as it is for everybody but the first visitor of a minute.
"""

from __future__ import annotations

import statistics
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.browser.conftest import PHONE

SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
SLOWER = 4
#: How long a page may do nothing more until it counts as loaded.
QUIET_MS = 400
WATCH = """
window.__seen = {lcp: 0, what: "", cls: 0, shifted: []};
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) {
    window.__seen.lcp = each.startTime;
    window.__seen.what = each.element ? each.element.localName : "";
  }
}).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) {
    window.__seen.cls += each.value;
    for (const source of each.sources) window.__seen.shifted.push(source.node && (source.node.className || source.node.localName));
  }
}).observe({type: "layout-shift", buffered: true});
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its address, what kind the browser calls it, and the bytes of its answer."""

    url: str
    kind: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit cost."""

    host: str
    at_once: tuple[Asked, ...]
    later: tuple[Asked, ...]
    lcp: float
    largest: str
    cls: float
    shifted: tuple[str, ...]

    @property
    def asked(self) -> tuple[Asked, ...]:
        """All requests, those of pictures further down included."""
        return self.at_once + self.later

    def kilobytes(self, *kinds: str, without: str = "") -> float:
        """Return the kB of all requests, or of some kinds, or of all kinds but one."""
        found = [
            each.bytes
            for each in self.asked
            if (not kinds or each.kind in kinds) and not is_picture(each, without)
        ]
        return sum(found) / 1000

    def requests(self, *, without: str = "") -> int:
        """Return how many requests were made before anybody reads on, all or all of kinds but one."""
        return sum(not is_picture(each, without) for each in self.at_once)

    @property
    def first_flight(self) -> float:
        """Return the kB of the page itself and the styles in its head."""
        return self.kilobytes("Document", "Stylesheet")

    @property
    def strangers(self) -> set[str]:
        """Return the hosts of others that were asked for anything."""
        return {urlsplit(each.url).netloc for each in self.asked} - {self.host, ""}

    @property
    def words(self) -> str:
        """Return every request on a line of its own, for the message of a test that fails."""
        lines = [f"  {each.bytes:>7} {each.kind:<11} {each.url}" for each in self.asked]
        return "\n".join([*lines, f"  largest: <{self.largest}>, shifted: {self.shifted}"])


def is_picture(each: Asked, without: str = "pictures") -> bool:
    """Say whether a request is one for a picture of the content; the small icon of the tab is none."""
    return without == "pictures" and each.kind == "Image" and "/static/" not in each.url


def warm(url: str) -> None:
    """Ask once as a browser does, so that the server has its compressed copy."""
    request = urllib.request.Request(  # noqa: S310 -- our own server
        url, headers={"Accept-Encoding": "gzip, deflate, br", "Accept-Language": "id-ID,id;q=0.9"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        answer.read()


def visit(chromium: Any, url: str, *, framed_at: str = "") -> Visit:
    """Open an address on a slow phone that was never here, read to the end of the page, and say what that cost.

    Args:
        chromium: the browser.
        url: what is opened.
        framed_at: a page with a frame, in which the address is then shown; only what the frame asks for counts.
    """
    context = chromium.new_context(**PHONE)
    try:
        page = context.new_page()
        page.add_init_script(WATCH)
        session = context.new_cdp_session(page)
        if framed_at:
            # The partner's own page is theirs to answer for: it is there before the network becomes slow.
            page.goto(framed_at, wait_until="networkidle")
            page.locator("iframe").scroll_into_view_if_needed()
            session.send("Network.clearBrowserCache")
            top = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
            wire = _Wire(session, leave_out=top)
            page.evaluate("url => { document.querySelector('iframe').src = url; }", url)
            page.wait_for_timeout(1000)
        else:
            wire = _Wire(session)
            page.goto(url, wait_until="load", timeout=90_000)
        wire.settle(page)
        place = page.frames[-1]
        seen = place.evaluate("window.__seen")
        at_once = wire.taken()
        # Pictures further down come when somebody reads on.
        place.evaluate(
            """async () => { for (let y = 0; y < document.documentElement.scrollHeight; y += 600) {
                 scrollTo(0, y); await new Promise((done) => setTimeout(done, 60)); } }"""
        )
        wire.settle(page)
        return Visit(
            host=urlsplit(url).netloc,
            at_once=at_once,
            later=wire.taken()[len(at_once) :],
            lcp=seen["lcp"] / 1000,
            largest=seen["what"],
            cls=place.evaluate("window.__seen.cls"),
            shifted=tuple(str(each) for each in seen["shifted"]),
        )
    finally:
        context.close()


def typical(visits: list[Visit]) -> float:
    """Return the middle one of the largest paints, in seconds."""
    return statistics.median(each.lcp for each in visits)


class _Wire:
    """What goes over the wire of one tab, as Chromium's own network panel counts it."""

    def __init__(self, session: Any, *, leave_out: str = "") -> None:
        self.leave_out = leave_out
        self.kinds: dict[str, tuple[str, str]] = {}
        self.ended: dict[str, int] = {}
        session.on("Network.requestWillBeSent", self._begun)
        session.on("Network.loadingFinished", self._done)
        session.on("Network.loadingFailed", self._failed)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": False})
        session.send("Network.emulateNetworkConditions", SLOW_3G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def _begun(self, event: dict[str, Any]) -> None:
        if event.get("frameId") != (self.leave_out or None) and not event["request"]["url"].startswith(
            "data:"
        ):
            self.kinds[event["requestId"]] = (event["request"]["url"], event.get("type", "Other"))

    def _done(self, event: dict[str, Any]) -> None:
        self.ended[event["requestId"]] = int(event["encodedDataLength"])

    def _failed(self, event: dict[str, Any]) -> None:
        self.ended[event["requestId"]] = 0

    def settle(self, page: Any) -> None:
        """Wait until nothing is on its way, for a moment."""
        waited, quiet = 0, 0
        while quiet < QUIET_MS and waited < 60_000:
            page.wait_for_timeout(100)
            waited += 100
            quiet = 0 if set(self.kinds) - set(self.ended) else quiet + 100

    def taken(self) -> tuple[Asked, ...]:
        """Return all requests that have been answered, in their order."""
        return tuple(
            Asked(url, kind, self.ended[number])
            for number, (url, kind) in self.kinds.items()
            if number in self.ended
        )
