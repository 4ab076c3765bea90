"""Every budget of EXPERIENCE.md on slow 3G with a slow processor, for every page kind in both languages."""

from __future__ import annotations

import pytest

from tests.experience.addresses import LANGUAGES
from tests.experience.budgets import BUDGETS, misses, once
from tests.experience.measure import typical, warm

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUDGETS)
def test_a_page_stays_within_its_budget(academy, chromium, paths, name, language):
    """The largest paint: one visit is enough where it is in time; a machine that is busy gets the middle of three."""
    budget, path = BUDGETS[name], paths[name][language]
    warm(academy.url + path)
    seen = once(chromium, academy, name, path)
    assert not misses(budget, seen), "\n".join([*misses(budget, seen), seen.words])
    assert seen.lcp > 0.4, "Nothing was painted, or the network was not slowed down."
    visits = [seen]
    while typical(visits) > budget.lcp and len(visits) < 3:
        visits = [seen, *(once(chromium, academy, name, path) for _ in range(2))]
    assert typical(visits) <= budget.lcp, f"{[each.lcp for each in visits]}\n{seen.words}"


def test_the_network_is_as_slow_as_it_says(academy, chromium, paths):
    """Without this the budgets would hold on any page: a picture of 50 kB takes a second at 400 kbit/s."""
    path = paths["lesson in the room"]["id"]
    context = chromium.new_context()
    page = context.new_page()
    page.goto(academy.url + path)
    quick = page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")
    context.close()
    seen = once(chromium, academy, "lesson in the room", path)
    assert quick < 400 < seen.lcp * 1000


def test_a_partners_page_is_not_moved_by_the_agenda_and_asks_the_academy_only(academy, chromium):
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(academy.partner_url + "/")
    page.locator("iframe").scroll_into_view_if_needed()
    page.frame_locator("iframe").locator("h1").wait_for()
    strangers = [url for url in asked if not url.startswith((academy.partner_url, academy.url))]
    assert strangers == []
    assert not context.cookies(academy.url)
    context.close()
