"""The public site as a whole: nothing leaks, nothing personal, frames and addresses are right, pages stand without a database."""

from __future__ import annotations

import gzip
import json
import re
import xml.etree.ElementTree as ET

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from academy.home.models import PlainPage, SharePicture
from lms.core import clock
from lms.pages.models import LessonPage
from lms.pages.speakers_page import read_speakers
from tests.academy.listing import CANARY, plant_canaries, queries

pytestmark = pytest.mark.django_db

LISTS = [
    "/id/kursus/",
    "/id/kalender/",
    "/id/cari/",
    "/id/pembicara/",
    "/en/courses/",
    "/en/calendar/",
    "/en/search/",
    "/en/speakers/",
]
SHOWN = [
    "/id/",
    *LISTS,
    "/id/kalender/?view=month",
    "/id/kalender/?view=month&zone=wita",
    f"/id/cari/?q={CANARY}",
    f"/en/search/?q={CANARY}",
    "/id/cari/?q=digital",
    "/sitemap.xml",
    "/id/pemasaran-digital/",
]


def structures(text):
    return [
        json.loads(each)
        for each in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    ]


def test_drafts_restricted_and_unpublished_things_are_seen_nowhere(client):
    made = plant_canaries()
    assert len(made) == 9
    cache.clear()
    addresses = {page.slug for page in Page.objects.filter(title__startswith=CANARY)}
    for path in SHOWN:
        text = client.get(path).content.decode().replace(f"“{CANARY}”", "").replace(f'value="{CANARY}"', "")
        text = text.replace(f"q={CANARY}", "").replace(f"Cari: {CANARY}", "").replace(f"Search: {CANARY}", "")
        assert CANARY not in text, path
        assert not any(slug in text for slug in addresses), path
    assert client.get(f"/id/pembicara/ibu-{CANARY.lower()}/").status_code == 404
    assert client.get(f"/id/kursus/?q=1&curriculum={CANARY}").status_code == 200


def test_lists_are_the_same_for_everybody_and_lists_without_choices_are_kept(
    client, django_assert_num_queries
):
    for path in LISTS:
        first = client.get(path)
        assert not first.cookies and "cookie" not in first.get("Vary", "").lower(), path
        text = first.content.decode()
        assert (
            "csrf" not in text and "<style" not in text and " style=" not in text and " onclick" not in text
        )
        assert not re.findall(r'(?:src|href)="https?://(?!testserver|wa\.me)[^"]*\.(?:js|css)', text)
        assert len(re.findall(r"<h1[ >]", text)) == 1
        with django_assert_num_queries(1):
            assert client.get(path).content == first.content


def test_each_list_names_itself_and_its_other_language(client):
    text = client.get("/id/kursus/").content.decode()
    assert '<link rel="canonical" href="http://testserver/id/kursus/">' in text
    assert '<link rel="alternate" hreflang="en" href="http://testserver/en/courses/">' in text
    assert 'property="og:image"' in text
    assert "noindex" not in text and "noindex" in client.get("/id/kursus/?level=pemula").content.decode()


def test_speakers_have_pages_in_both_languages(client):
    text = client.get("/id/pembicara/").content.decode()
    links = re.findall(r'class="whole" href="(/id/pembicara/[^"]+)"', text)
    assert links
    for link in links:
        page = client.get(link).content.decode()
        assert [each["@type"] for each in structures(page)] == ["Person", "BreadcrumbList"]
        other = re.search(r'<a href="([^"]+)" lang="en"', page)[1]
        assert client.get(other).status_code == 200
    assert queries(client, "/id/pembicara/") <= 20


def test_speakers_of_several_series_are_one_person(rf):
    from wagtail.models import Site

    from lms.pages.models import WebinarSeriesPage

    site = Site.objects.get(is_default_site=True)
    for page in WebinarSeriesPage.objects.filter(locale__language_code="id"):
        WebinarSeriesPage.objects.filter(pk=page.pk).update(speakers=[("speaker", {"name": "Ibu Satu"})])
    request = rf.get("/id/")
    found = read_speakers(language="id", request=request, site=site)
    assert [each.slug for each in found if each.slug == "ibu-satu"] == ["ibu-satu"]
    assert len(next(each for each in found if each.slug == "ibu-satu").series) == 4


def test_courses_say_to_search_engines_what_they_are(client):
    text = client.get("/id/pemasaran-digital/jualan-pertama/").content.decode()
    found = {each["@type"]: each for each in structures(text)}
    assert found["Course"]["name"] == "Jualan Pertama lewat WhatsApp"
    assert found["Course"]["provider"]["name"] == "Akademi Naik Kelas"
    assert found["Course"]["hasCourseInstance"]["courseWorkload"].startswith("PT")
    crumbs = found["BreadcrumbList"]["itemListElement"]
    assert [each["name"] for each in crumbs] == ["Pemasaran Digital", "Jualan Pertama lewat WhatsApp"]
    assert all(each["item"].startswith("http://testserver/id/") for each in crumbs)
    assert "https://wa.me/" in text


def test_the_sitemap_has_every_public_page_with_its_languages(client):
    response = client.get("/sitemap.xml")
    tree = ET.fromstring(response.content)  # noqa: S314 -- our own
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    urls = {}
    for each in tree.findall("s:url", space):
        links = {link.get("hreflang"): link.get("href") for link in each.findall("x:link", space)}
        urls[each.find("s:loc", space).text] = links
    for page in Page.objects.live().public().filter(depth__gte=2):
        assert page.full_url in urls
    assert urls["http://testserver/id/kursus/"] == {
        "id": "http://testserver/id/kursus/",
        "en": "http://testserver/en/courses/",
    }
    for url, languages in urls.items():
        for other in languages.values():
            assert urls[other] == languages, url
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()
    assert queries(client, "/sitemap.xml") <= 20


@pytest.mark.parametrize("path", ["/id/tidak-ada/", "/id/pembicara/tidak-ada/", "/s/tidak-ada", "/tidak-ada"])
def test_what_is_not_there_offers_a_way_on(client, path):
    response = client.get(path, follow=True)
    assert response.status_code == 404
    assert "<h1>" in response.content.decode()


@pytest.mark.parametrize("name", ["500.html", "maintenance.html"])
def test_what_is_said_in_trouble_needs_no_database(name):
    with connection.execute_wrapper(_no_database):
        text = render_to_string(name)
    assert '<html lang="id">' in text and 'lang="en"' in text and "kelas.css" in text and "<style" not in text


def test_maintenance_answers_everything_without_a_database():
    with override_settings(MAINTENANCE=True), connection.execute_wrapper(_no_database):
        response = Client().get("/id/kursus/")
    assert response.status_code == 503
    assert response["Retry-After"] == "600"
    assert "berbenah" in response.content.decode()


def _no_database(execute, sql, params, many, context):
    pytest.fail(f"asked the database: {sql[:80]}")


def test_help_is_there_in_both_languages_and_in_the_menu(client):
    text = client.get("/id/").content.decode()
    assert 'href="/id/bantuan/"' in text
    page = client.get("/id/bantuan/").content.decode()
    assert "Tautan pribadi hilang?" in page and '<a href="/en/help/" lang="en"' in page


def test_lists_stay_within_their_bytes(client):
    css = sum(
        len(gzip.compress(open(finders.find(f"lms/css/{name}.css"), "rb").read(), 9))
        for name in ("kelas", "listing")
    )
    assert css <= 6_000 and settings.LANGUAGE_CODE == "id"
    for path in LISTS:
        response = client.get(path)
        assert len(gzip.compress(response.content, 9)) <= 12_000, path
        assert (
            len(
                re.findall(
                    r"<(?:script src|link rel=\"stylesheet\"|link rel=\"icon\")", response.content.decode()
                )
            )
            <= 4
        )


def test_home_says_what_for_whom_and_when(client):
    text = client.get("/id/").content.decode()
    start = text.index("<h1>")
    first = re.sub(r"<[^>]+>", " ", text[start : text.index("</header>", start)])
    for words in ("UMKM", "gratis", "WIB", "WITA", "Semua kursus"):
        assert words in first
    assert text.count('class="card accent-') == 3


# ── what of the frame is kept ────────────────────────────────────────────────────────────────────────────────────


def test_a_page_published_for_the_menu_is_there_on_the_next_request(
    client, django_capture_on_commit_callbacks
):
    path, title = "/id/pemasaran-digital/", "Tentang kami semua"
    assert title not in client.get(path).content.decode()
    home = Page.objects.get(depth=2, locale__language_code="id")
    with django_capture_on_commit_callbacks(execute=True):
        page = home.add_child(instance=PlainPage(title=title, show_in_menus=True))
        page.save_revision().publish()
    assert title in client.get("/id/kursus/").content.decode()
    assert title in client.get(path).content.decode()
    connection.run_on_commit.clear()  # as after a commit: they ran
    with django_capture_on_commit_callbacks(execute=True):
        Page.objects.get(pk=page.pk).specific.unpublish()
    assert title not in client.get(path).content.decode()


def test_the_menu_costs_nothing_on_the_second_page_and_somebody_signed_in_sees_the_present(
    client, admin_client
):
    def menu_queries(one, path):
        with CaptureQueriesContext(connection) as captured:
            text = one.get(path).content.decode()
        assert "/id/bantuan/" in text
        return sum('"show_in_menus"' in each["sql"].partition("WHERE")[2] for each in captured)

    assert menu_queries(client, "/id/pemasaran-digital/") == 1
    assert menu_queries(client, "/id/pembayaran-digital/") == 0
    assert menu_queries(admin_client, "/id/pembayaran-digital/") == 1


def test_lessons_cost_twelve_queries_at_most_but_for_one_in_english(client):
    """The first visitor after a publication, on a page whose frame earlier pages left: menu, picture for messengers."""
    lessons = list(LessonPage.objects.live().order_by("pk"))
    SharePicture.objects.bulk_create(
        [SharePicture(page=each, file="share/x.png", digest="x", drawn_at=clock.now()) for each in lessons]
    )
    Site.get_site_root_paths()
    found = {}
    for each in lessons:
        path = each.get_url()
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            # The page cache keeps answers by this header; addresses with a language do not look at it.
            assert client.get(path, headers={"accept-language": "su"}).status_code == 200
        found[path] = len(captured)
    # Wagtail asks once more for the home page in every language but the site's first.
    most = {
        code: max(cost for path, cost in found.items() if path.startswith(f"/{code}/"))
        for code in ("id", "en")
    }
    assert most == {"id": 12, "en": 13}
    assert sum(cost > 12 for cost in found.values()) == 1  # the one with every block, in English
    assert len(found) >= 80
