"""Public pages are the same for everybody: they set nothing, vary by nothing, come from the cache, and are never old."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction, Site

from lms.core.page_cache import generation

pytestmark = pytest.mark.django_db(transaction=True)

PATHS = [
    "/en/digital-marketing/",
    "/en/digital-marketing/first-sales/",
    "/en/digital-marketing/first-sales/preparing/",
    "/en/digital-marketing/first-sales/preparing/photos/",
    "/en/digital-marketing/first-sales/breakfast/",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_public_page_sets_no_cookie_and_is_kept(path, course, client):
    cache.clear()
    first = client.get(path)
    assert first.status_code == 200
    assert not first.cookies
    assert "cookie" not in first.get("Vary", "").lower()
    with CaptureQueriesContext(connection) as captured:
        second = client.get(path)
    assert second.content == first.content
    assert len(captured) == 1  # the generation
    assert client.get(path, HTTP_IF_NONE_MATCH=second["ETag"]).status_code == 304


@pytest.mark.parametrize("path", PATHS)
def test_a_kept_page_is_compressed_once(path, course, client):
    import gzip

    plain = client.get(path)
    small = client.get(path, HTTP_ACCEPT_ENCODING="br, gzip")
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert small["ETag"] != plain["ETag"]
    assert "Accept-Encoding" in small["Vary"] and "Accept-Encoding" in plain["Vary"]
    refused = client.get(path, HTTP_ACCEPT_ENCODING="gzip;q=0, identity")
    assert "Content-Encoding" not in refused


def test_publishing_shows_on_the_next_request(course, client):
    path = PATHS[3]
    assert "Switch off the lamp" in client.get(path).content.decode()
    lesson = course["first"]
    lesson.body = [("paragraph", "<p>Open the curtain.</p>")]
    lesson.save_revision()
    assert "Open the curtain" not in client.get(path).content.decode()  # a draft is nobody's business
    lesson.save_revision().publish()
    assert "Open the curtain" in client.get(path).content.decode()


def test_a_title_that_changes_shows_on_the_pages_around_it(course, client):
    assert "Photos" in client.get(PATHS[1]).content.decode()
    lesson = course["first"]
    lesson.title = "Pictures"
    lesson.save_revision().publish()
    text = client.get(PATHS[1]).content.decode()
    assert "Pictures" in text and "Photos" not in text


def raises(action):
    before = generation()
    action()
    return generation() > before


def test_everything_that_public_pages_show_makes_kept_pages_old(course, home):
    from wagtail.models import Page

    from lms import signals

    lesson = course["optional"]
    assert raises(lambda: lesson.unpublish())
    assert raises(lambda: lesson.save_revision().publish())
    assert raises(lambda: Page.objects.get(pk=lesson.pk).move(Page.objects.get(pk=home.pk), pos="last-child"))
    assert raises(lambda: Page.objects.get(pk=lesson.pk).delete())
    site = Site.objects.get(is_default_site=True)
    site.site_name = "Another name"
    assert raises(site.save)
    restriction = PageViewRestriction(page=course["second"], restriction_type=PageViewRestriction.LOGIN)
    assert raises(restriction.save)
    assert raises(restriction.delete)
    assert raises(lambda: signals.public_content_changed.send(sender=None))


def test_a_page_that_becomes_private_is_gone_from_the_cache_at_once(course, client):
    assert client.get(PATHS[1]).status_code == 200
    PageViewRestriction.objects.create(page=course["course"], restriction_type=PageViewRestriction.LOGIN)
    response = client.get(PATHS[1])
    assert response.status_code == 302
    assert client.get(PATHS[1]).status_code == 302


def test_the_language_switch_keeps_the_place(course, client, locales, home):
    from lms.catalogue.compile import compile_all

    indonesian = home.copy_for_translation(locales["id"])
    indonesian.save_revision().publish()
    curriculum = course["curriculum"].copy_for_translation(locales["id"], copy_parents=False)
    curriculum.title, curriculum.slug = "Pemasaran digital", "pemasaran-digital"
    curriculum.save_revision().publish()
    list(compile_all())
    text = client.get(PATHS[0]).content.decode()
    assert re.search(r'<a href="/id/pemasaran-digital/" lang="id" hreflang="id">', text)
    # Search engines pass over an alternate without a host.
    assert re.search(
        r'<link rel="alternate" hreflang="id" href="https?://[^/"]+/id/pemasaran-digital/">', text
    )
    # What is not translated leads to the nearest page above that is, and claims no translation to search engines.
    text = client.get(PATHS[1]).content.decode()
    assert re.search(r'<a href="/id/pemasaran-digital/" lang="id" hreflang="id">', text)
    assert 'rel="alternate"' not in text
    assert '<html lang="id">' in client.get("/id/pemasaran-digital/").content.decode()


def test_addresses_in_the_page_come_from_the_site_and_not_from_the_visitor(course, client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    text = client.get(PATHS[4], HTTP_HOST="evil.example").content.decode()
    assert "evil.example" not in text
    assert 'rel="canonical" href="http://testserver/en/digital-marketing/first-sales/breakfast/"' in text


def test_the_providers_address_stands_on_no_public_page(course, client):
    for path in PATHS:
        assert "meet.example" not in client.get(path).content.decode()


EVIL = '</script><script>alert(1)</script><img src=x onerror=alert(2)> & "quotes" \u2028 \' {{ 7|add:7 }}'


def test_an_evil_title_is_only_words(add, home, make_series, client):
    from wagtail.models import Page

    from lms.pages.models import CoursePage, LessonPage

    course = add(home, CoursePage, "Plain", summary=EVIL, outcomes=[("outcome", EVIL)])
    add(course, LessonPage, EVIL, slug="evil", summary=EVIL, body=[("sample", {"title": EVIL, "text": EVIL})])
    make_series(
        Page.objects.get(pk=course.pk),
        title=EVIL,
        slug="series",
        summary=EVIL,
        organiser_name=EVIL,
        start_date=dt.date(2126, 3, 2),
        speakers=[("speaker", {"name": EVIL, "role": EVIL, "text": EVIL, "image": None})],
    )
    for path in ("/en/plain/", "/en/plain/evil/", "/en/plain/series/"):
        text = client.get(path).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "14" not in re.findall(r"quotes&quot;[^<]{0,12}", text)


def test_structured_values_survive_and_cannot_leave_their_element():
    values = {"name": EVIL, "list": ["</SCRIPT>", "<!--", "]]>"]}
    text = Template("{% load lms_layout %}{% structured values %}").render(Context({"values": values}))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == values


def test_the_next_session_is_told_to_search_engines(course, client, before_the_series):
    text = client.get(PATHS[4]).content.decode()
    structure = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])
    assert structure["@type"] == "EducationEvent"
    assert structure["startDate"] == "2027-03-02T06:00:00+07:00"


def test_calendar_links_carry_the_right_moments(course, client, before_the_series):
    text = client.get(PATHS[4]).content.decode()
    assert "dates=20270301T230000Z%2F20270302T000000Z" in text
    assert re.search(r'href="webcal://testserver/cal/series/[0-9a-f-]{36}\.ics\?lang=en"', text)
    assert "https://wa.me/?text=Breakfast%0A" in text


def test_times_stand_side_by_side_and_machines_can_read_them(course, client, before_the_series):
    text = client.get(PATHS[4]).content.decode()
    for words in ("Tuesday, 2 March 2027", "06:00–07:00 WIB", "07:00–08:00 WITA", "08:00–09:00 WIT"):
        assert words in text
    assert 'datetime="2027-03-01T23:00:00+00:00"' in text
