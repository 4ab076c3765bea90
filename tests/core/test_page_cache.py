"""The page cache keeps what is the same for everybody, and nothing else; publishing shows on the next request."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from lms.core.models import PageCacheGeneration
from lms.core.page_cache import PageCacheMiddleware, generation, mark_public, raise_generation

pytestmark = pytest.mark.django_db(transaction=True)


class Site:
    """A view that counts how often it was asked."""

    def __init__(self, make=lambda: mark_public(HttpResponse("halo"))):
        self.asked = 0
        self.make = make
        self.cache = PageCacheMiddleware(self)

    def __call__(self, request):
        self.asked += 1
        return self.make()

    def get(self, path="/", method="get", cookies=None, **headers):
        request = getattr(RequestFactory(), method)(path, **headers)
        request.COOKIES.update(cookies or {})
        return self.cache(request)


def test_a_public_page_is_made_once():
    site = Site()
    assert site.get().content == site.get().content == b"halo"
    assert site.asked == 1


def test_the_second_answer_says_unchanged_when_nothing_changed():
    site = Site()
    etag = site.get()["ETag"]
    response = site.get(HTTP_IF_NONE_MATCH=etag)
    assert (response.status_code, response.content, site.asked) == (304, b"", 1)


def test_a_raised_generation_shows_on_the_next_request():
    site = Site()
    site.get()
    raise_generation()
    site.get()
    assert site.asked == 2


def test_the_generation_rises_once_per_transaction_and_only_if_it_commits():
    from django.db import transaction

    before = generation()
    with transaction.atomic():
        raise_generation()
        raise_generation()
        assert generation() == before
    assert generation() == before + 1
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise_generation()
        raise ZeroDivisionError
    assert generation() == before + 1
    assert PageCacheGeneration.objects.count() == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: HttpResponse("not marked"),
        lambda: mark_public(HttpResponse("error", status=404)),
        lambda: mark_public(HttpResponse("varies", headers={"Vary": "Accept, Cookie"})),
        lambda: _with_cookie(mark_public(HttpResponse("cookie"))),
    ],
)
def test_what_may_differ_between_people_is_not_kept(make):
    site = Site(make)
    site.get()
    site.get()
    assert site.asked == 2


def _with_cookie(response):
    response.set_cookie("a", "b")
    return response


def test_queries_posts_and_sessions_pass_by():
    site = Site()
    site.get()
    site.get("/?lang=en")
    site.get(method="post")
    site.get(cookies={"sessionid": "x"})
    assert site.asked == 4


def test_hosts_paths_and_languages_are_kept_apart():
    site = Site()
    site.get()
    site.get("/other")
    site.get(HTTP_HOST="other.example")
    site.get(HTTP_ACCEPT_LANGUAGE="en")
    assert site.asked == 4


def test_zero_seconds_turn_it_off():
    site = Site()
    with override_settings(LMS={"PAGE_CACHE_SECONDS": 0}):
        site.get()
        site.get()
    assert site.asked == 2


def test_a_page_is_kept_and_its_next_version_shows_at_once(make_series, django_assert_num_queries):
    page = make_series()
    client = Client()
    first = client.get(page.url)
    assert first.status_code == 200 and "Jualan lewat WhatsApp" in first.content.decode()
    assert not first.cookies and "cookie" not in first.get("Vary", "").lower()
    with django_assert_num_queries(1):
        assert client.get(page.url).content == first.content
    page.title = "Judul baru"
    page.save_revision().publish()
    assert "Judul baru" in client.get(page.url).content.decode()


def test_a_private_page_is_never_kept(make_series):
    from wagtail.models import PageViewRestriction

    page = make_series()
    client = Client()
    assert client.get(page.url).status_code == 200
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert client.get(page.url).status_code == 302
    get_user_model().objects.create_superuser("ayu", "ayu@academy.example", "rahasia")
    client.login(username="ayu", password="rahasia")
    assert client.get(page.url).status_code == 200
    assert Client().get(page.url).status_code == 302


@pytest.mark.parametrize("path", ["/p/abc", "/p/abc/lessons/1/", "/j/abc"])
def test_a_persons_own_address_is_passed_over_without_asking(path, django_assert_num_queries):
    site = Site()  # even if a view marked its answer by mistake
    with django_assert_num_queries(0):
        site.get(path)
        site.get(path)
    assert site.asked == 2


def test_addresses_that_only_begin_alike_are_kept():
    site = Site()
    site.get("/photos/")
    site.get("/photos/")
    assert site.asked == 1
