"""The agenda that a partner embeds: small, strict, without cookies, and only on the partner's own hosts."""

from __future__ import annotations

import datetime as dt
import gzip
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.calendars import queries
from lms.webinars.models import Occurrence
from tests.calendars import factories as make

pytestmark = pytest.mark.django_db
TUESDAY = dt.datetime(2027, 3, 2, 6, 0)
BANK = "https://www.bank.example"


def agenda_path(calendar, query=""):
    return reverse("lms_public:embed_agenda", args=[calendar.public_id]) + query


@pytest.fixture
def calendar(home, at):
    make.sessions(
        make.series({"id": "Jualan lewat WhatsApp", "en": "Selling on WhatsApp"}), make.weekly(TUESDAY, 8)
    )
    return make.partner_calendar(allowed_hosts=[BANK, "https://*.bank.example"])


def test_only_the_partners_hosts_may_frame_it(calendar, fetch):
    for query in ("", "?lang=en"):
        response = fetch(agenda_path(calendar, query))
        policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
        assert policy["frame-ancestors"] == f"{BANK} https://*.bank.example"
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert not response.has_header("X-Frame-Options")


@pytest.mark.parametrize(
    "hosts", [[], ["nonsense; script-src *"], ["https://x.example\r\nX: y"], None, "https://x.example"]
)
def test_without_hosts_nobody_may_frame_it(home, at, fetch, hosts):
    calendar = make.partner_calendar(allowed_hosts=hosts if hosts is not None else {})
    response = fetch(agenda_path(calendar))
    assert "frame-ancestors 'none';" in response["Content-Security-Policy"]
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert not response.has_header("X")


def test_it_holds_no_cookie_no_form_nothing_inline(calendar, fetch):
    response = fetch(agenda_path(calendar))
    html = response.content.decode()
    assert "Set-Cookie" not in response and "cookie" not in response.get("Vary", "").lower()
    assert response["Cache-Control"] == "public, max-age=300"
    assert "csrf" not in html and "<form" not in html
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html)
    assert re.findall(r"<script([^>]*)>(.*?)</script>", html, re.S) == [
        (' src="/static/lms/embed/frame.js" defer', "")
    ]
    assert "http" not in re.sub(r'href="https?://(testserver|calendar\.google\.com)', "", html).replace(
        "https%3A", ""
    )


def test_links_lead_out_of_the_frame_and_name_the_partner(calendar, fetch):
    html = fetch(agenda_path(calendar)).content.decode()
    links = re.findall(r'<a href="(/s/[^"]+)" target="([^"]+)"', html)
    assert len(links) == 8
    for href, target in links:
        assert target == "_top"
        assert href.endswith("?partner=bank-contoh&amp;lang=id")
    inside = re.findall(r'<a href="\?[^"]*" target="([^"]+)"', html)
    assert set(inside) == {"_self"}
    assert len(re.findall(r"<a ", html)) == len(re.findall(r"<a [^>]*target=", html))


def test_times_are_in_the_calendars_zone_with_its_name(calendar, fetch):
    html = fetch(agenda_path(calendar)).content.decode()
    assert html.count("07.00–08.30 WITA") == 8
    assert '<abbr title="Selasa">Sel</abbr> <b>2</b>' in html
    assert '<time datetime="2027-03-01T23:00:00+00:00">' in html
    assert "<h2>Maret 2027</h2>" in html and "<h2>April 2027</h2>" in html
    assert re.search(r'title="Asia/Makassar" aria-current="true">WITA</a>', html)


def test_a_visitor_chooses_a_zone_without_a_script(calendar, fetch):
    html = fetch(agenda_path(calendar)).content.decode()
    (link,) = re.findall(r'href="(\?[^"]*)"[^>]*>WIT</a>', html)
    chosen = fetch(agenda_path(calendar, link)).content.decode()
    assert chosen.count("08.00–09.30 WIT<") == 8
    assert re.search(r'title="Asia/Jayapura" aria-current="true">WIT</a>', chosen)
    night = fetch(agenda_path(calendar, "?zone=America/Los_Angeles")).content.decode()
    # There it is still Monday; the zone in use can be seen and left.
    assert '<abbr title="Senin">Sen</abbr> <b>1</b>' in night
    assert re.search(r'title="America/Los_Angeles" aria-current="true">PST</a>', night)


@pytest.mark.parametrize(
    "query",
    [
        "?zone=Mars/Olympus",
        "?theme=purple",
        "?page=0",
        "?page=-1",
        "?page=x",
        "?page=" + "9" * 4000,
        "?lang=tlh",
        "?a=b",
        "?page=%D9%A3",
    ],
)
def test_nonsense_in_the_query_changes_nothing_that_matters(calendar, fetch, query):
    html = fetch(agenda_path(calendar, query)).content.decode()
    if "999" not in query:
        assert html == fetch(agenda_path(calendar)).content.decode()


def test_language_and_theme_stay_when_the_zone_changes(calendar, fetch):
    html = fetch(agenda_path(calendar, "?lang=en&theme=dark")).content.decode()
    assert '<html lang="en" class="dark">' in html
    assert "Selling on WhatsApp" in html and "07:00–08:30 WITA" in html
    assert 'href="?lang=en&amp;zone=Asia%2FJayapura&amp;theme=dark"' in html
    assert "&amp;lang=en" in re.findall(r'href="/s/[^"]+"', html)[0]


def test_cancelled_and_running_sessions_say_so(home, at, fetch):
    series = make.series()
    now, later, over = make.sessions(
        series,
        [
            at.moment - dt.timedelta(minutes=10),
            at.moment + dt.timedelta(days=1),
            at.moment - dt.timedelta(hours=2),
        ],
    )
    Occurrence.objects.filter(pk=later.pk).update(status="cancelled")
    html = fetch(agenda_path(make.partner_calendar(language="en"))).content.decode()
    assert now.public_id in html and later.public_id in html and over.public_id not in html
    assert html.count('<li class="off">') == 1
    assert html.count("<em>Cancelled</em>") == 1 and html.count("<em>On now</em>") == 1


def test_an_empty_agenda_says_what_to_do(home, at, fetch):
    html = fetch(agenda_path(make.partner_calendar(language="en"))).content.decode()
    assert "No sessions are planned at the moment." in html
    assert 'href="webcal://testserver/cal/partner/' in html
    assert "<ol>" not in html


def test_pages_hold_twelve_and_lead_on(home, at, fetch):
    make.sessions(make.series(), [TUESDAY + dt.timedelta(days=day) for day in range(30)])
    calendar = make.partner_calendar(language="en")
    seen = []
    query = ""
    for _page in range(3):
        html = fetch(agenda_path(calendar, query)).content.decode()
        seen += re.findall(r'href="/s/([\w-]{22})', html)
        forward = re.findall(r'href="(\?[^"]*)"[^>]*rel="next"', html)
        query = forward[0].replace("&amp;", "&") if forward else ""
    assert query == ""
    assert len(seen) == len(set(seen)) == 30
    assert seen == list(Occurrence.objects.order_by("starts_at").values_list("public_id", flat=True))
    back = re.findall(r'href="(\?[^"]*)"[^>]*rel="prev"', html)
    assert back == ["?page=2"]


def test_it_is_small(home, at, fetch):
    """The budget of a partner's iframe: 10 kB, 3 requests, 1 kB of script."""
    title = "Memasarkan kerajinan tangan lewat WhatsApp Business dan katalog digital"
    make.sessions(make.series(title), [TUESDAY + dt.timedelta(days=day) for day in range(30)])
    calendar = make.partner_calendar(allowed_hosts=[BANK])
    page = fetch(agenda_path(calendar, "?page=2"))
    html = page.content.decode()
    assert len(page.content) <= 10_000
    style = fetch(agenda_path(calendar) + re.findall(r'href="(style\.css[^"]*)"', html)[0])
    from django.contrib.staticfiles import finders

    with open(finders.find("lms/embed/frame.js"), "rb") as file:
        script = file.read()
    assert len(script) <= 1000
    assert len(fetch(reverse("lms_public:embed_script")).content) <= 1000
    assert sum(len(gzip.compress(part)) for part in (page.content, style.content, script)) <= 5_000
    assert len(re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=", html)) + 1 == 3


def test_the_style_carries_the_accent_and_may_be_kept_for_ever(calendar, fetch):
    html = fetch(agenda_path(calendar)).content.decode()
    (link,) = re.findall(r'href="(style\.css[^"]*)"', html)
    style = fetch(agenda_path(calendar) + link)
    assert style["Content-Type"] == "text/css; charset=utf-8"
    assert style["Cache-Control"] == "public, max-age=31536000"
    assert b":root{--accent:#1d4ed8;--on-accent:#ffffff}" in style.content
    without = fetch(reverse("lms_public:embed_style", args=[calendar.public_id]))
    assert without["Cache-Control"] == "public, max-age=300"
    assert fetch(agenda_path(calendar) + "style.css?v=00000000")["Cache-Control"] == "public, max-age=300"
    calendar.accent = "#ffe600"  # too light to read on white
    calendar.save()
    changed = fetch(agenda_path(calendar)).content.decode()
    assert link not in changed
    assert (
        b"--accent:#ffe600;--on-accent:#000000"
        in fetch(reverse("lms_public:embed_style", args=[calendar.public_id])).content
    )


def test_a_title_is_text_and_nothing_else(home, at, fetch):
    title = '"><script src=//evil.example></script><b onclick=x>'
    make.sessions(make.series({"id": title}), [TUESDAY])
    calendar = make.partner_calendar(name=title)
    html = fetch(agenda_path(calendar)).content.decode()
    assert "<script src=//evil" not in html and "<b onclick" not in html
    assert html.count("&lt;script src=//evil.example&gt;") == 3


def test_queries_do_not_grow_with_sessions(home, at, fetch):
    costs = []
    for number, count in ((1, 10), (2, 1000)):
        course = make.activity({"id": f"Kursus {number}"}, kind="course")
        series = [make.series(f"Seri {number}.{place}") for place in range(10)]
        for one in series:
            make.sessions(one, [TUESDAY + dt.timedelta(hours=2 * place) for place in range(count // 10)])
        make.outline(course, *(one.activity for one in series))
        calendar = make.partner_calendar(activities=[course])
        with CaptureQueriesContext(connection) as asked:
            fetch(agenda_path(calendar, "?lang=id"))
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 12


def test_who_has_it_already_is_told_so_in_two_queries(calendar, fetch):
    for query in ("", "?zone=Asia/Jayapura"):
        first = fetch(agenda_path(calendar, query))
        with CaptureQueriesContext(connection) as asked:
            again = fetch(
                agenda_path(calendar, query), fresh=False, status=304, **{"if-none-match": first["ETag"]}
            )
        assert len(asked) <= 2
        assert again["ETag"] == first["ETag"]


def test_the_page_cache_keeps_it_with_its_own_policy(calendar, fetch, client):
    fetch(agenda_path(calendar))
    with CaptureQueriesContext(connection) as asked:
        kept = client.get(agenda_path(calendar))
    assert len(asked) == 1  # the generation
    assert f"frame-ancestors {BANK}" in kept["Content-Security-Policy"]
    assert not kept.has_header("X-Frame-Options")
    zipped = client.get(agenda_path(calendar), headers={"accept-encoding": "gzip"})
    assert gzip.decompress(zipped.content) == kept.content


def test_what_is_not_there_is_not_found(home, at, fetch):
    off = make.partner_calendar(active=False)
    fetch(agenda_path(off), status=404)
    fetch(reverse("lms_public:embed_style", args=[off.public_id]), status=404)
    fetch(reverse("lms_public:embed_agenda", args=["A" * 22]), status=404)


def test_addresses_for_subscribing(calendar):
    feed = queries.partner_feed_addresses(calendar, site=None)
    path = reverse("lms_public:feed_partner", args=[calendar.public_id])
    assert feed.ics == f"http://testserver{path}"
    assert feed.webcal == f"webcal://testserver{path}"
    assert (
        feed.google
        == f"https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Ftestserver{path.replace('/', '%2F')}"
    )
