"""What a visitor of the academy meets, in both languages."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from wagtail.models import Page

pytestmark = pytest.mark.django_db

OUTSIDE = ("/media/", "/static/", "/demo/", "/favicon.ico")


def public_pages():
    return [page.get_url() for page in Page.objects.live().public().filter(depth__gte=2)]


def links(text):
    """Return the paths inside the site that a page links to."""
    found = set()
    for address in re.findall(r'href="([^"]+)"', text):
        parts = urlsplit(address.replace("&amp;", "&"))
        if parts.scheme in ("", "http", "https") and parts.netloc in ("", "testserver") and parts.path:
            if not parts.path.startswith(OUTSIDE):
                found.add(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return found


def test_the_bare_address_leads_to_the_main_language_whatever_the_browser_speaks(client):
    response = client.get("/", HTTP_ACCEPT_LANGUAGE="en")
    assert (response.status_code, response["Location"]) == (302, "/id/")


def test_every_page_can_be_reached_in_its_language(client):
    urls = public_pages()
    assert len(urls) > 200
    for url in urls:
        response = client.get(url)
        text = response.content.decode()
        assert response.status_code == 200, url
        assert f'<html lang="{url[1:3]}">' in text, url
        assert len(re.findall(r"<h1[ >]", text)) == 1, url
        assert '<meta name="description"' in text, url
        assert 'property="og:image" content="http://testserver/static/academy/share.png"' in text, url


def test_every_page_is_the_same_for_everybody_and_comes_from_the_cache(client, django_assert_num_queries):
    for url in public_pages():
        first = client.get(url)
        assert not first.cookies, url
        assert "cookie" not in first.get("Vary", "").lower(), url
        with django_assert_num_queries(1):
            assert client.get(url).content == first.content


def test_no_link_of_the_academy_leads_nowhere(client):
    waiting, seen = {"/id/", "/en/"}, set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        response = client.get(path, follow=True)
        assert response.status_code == 200, path
        if response["Content-Type"].startswith("text/html"):
            waiting |= links(response.content.decode()) - seen
    assert len(seen) > 30


def test_the_switch_of_language_keeps_the_place(client):
    text = client.get(Page.objects.get(slug="foto-produk").get_url()).content.decode()
    english = Page.objects.get(slug="product-photos").get_url()
    assert f'<a href="{english}" lang="en" hreflang="en">' in text


def test_both_languages_share_one_activity():
    from lms.catalogue.models import Activity

    assert set(
        Activity.objects.filter(kind="lesson").values_list("pages__locale__language_code", flat=True)
    ) == {"id", "en"}
    lessons = Activity.objects.filter(kind="lesson").distinct()
    assert lessons.count() == Page.objects.filter(content_type__model="lessonpage").count() / 2 > 40


def test_whenever_the_demo_is_loaded_there_are_sessions_behind_and_ahead():
    from lms.core import clock
    from lms.webinars.models import Occurrence, WebinarSeries

    now = clock.now()
    for series in WebinarSeries.objects.all():
        assert Occurrence.objects.filter(series=series, ends_at__lt=now).count() >= 3
        assert Occurrence.objects.filter(series=series, starts_at__gt=now).count() >= 2


def test_home_page_costs_as_many_queries_with_more_sessions(client, settings, django_assert_max_num_queries):
    settings.LMS = settings.LMS | {"PAGE_CACHE_SECONDS": 0}
    client.get("/id/")
    with django_assert_max_num_queries(30):
        client.get("/id/")


def test_what_is_not_there_is_said_kindly(client):
    response = client.get("/id/tidak-ada/")
    assert response.status_code == 404
    assert "Halaman ini tidak ada" in response.content.decode()


def test_robots_and_sitemap_name_only_public_pages(client):
    assert "Disallow: /p/" in client.get("/robots.txt").content.decode()
    text = client.get("/sitemap.xml").content.decode()
    assert text.count("<loc>") >= 8
    assert "/p/" not in text and "/admin/" not in text


def test_words_of_the_academy_are_indonesian(client):
    text = client.get("/id/").content.decode()
    for words in ("Sesi langsung berikutnya", "Yang bisa Anda pelajari", "Begini caranya", "WITA"):
        assert words in text
