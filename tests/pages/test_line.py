"""The way from an address to its page: one query below the first page of ours, and in all else what Wagtail does."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpResponse
from django.test.utils import CaptureQueriesContext
from wagtail.models import AbstractPage, Page, PageViewRestriction
from wagtail.url_routing import RouteResult

from lms.pages.context import pages_above
from lms.pages.line import joined
from lms.pages.models import CoursePage, CurriculumPage, LessonPage, ModulePage
from tests.testapp.models import HostLessonPage

pytestmark = pytest.mark.django_db

DEEP = ["first-sales", "preparing", "photos"]


def arrive(page, request, components):
    """Return where our way leads, after finding that Wagtail's leads to the same place."""
    try:
        theirs = AbstractPage.route(page, request, components)
    except Http404:
        with pytest.raises(Http404):
            page.route(request, components)
        return None
    ours = page.route(request, components)
    assert (ours.page.pk, type(ours.page), ours.args, ours.kwargs) == (
        theirs.page.pk,
        type(theirs.page),
        theirs.args,
        theirs.kwargs,
    )
    fields = [field.attname for field in theirs.page._meta.concrete_fields]
    assert {name: getattr(ours.page, name) for name in fields} == {
        name: getattr(theirs.page, name) for name in fields
    }
    assert ours.page.get_parent() == theirs.page.get_parent()
    assert set(ours.page.get_view_restrictions()) == set(theirs.page.get_view_restrictions())
    return ours.page


@pytest.mark.parametrize(
    ("components", "model"),
    [
        ([], CurriculumPage),
        (DEEP[:1], CoursePage),
        (DEEP[:2], ModulePage),
        (DEEP, LessonPage),
        (["first-sales", "catalogue"], LessonPage),
        (["first-sales", "photos"], None),  # it stands one level deeper
        (["preparing"], None),
        ([*DEEP, "more"], None),
        (["nothing", "photos"], None),
        (["First-Sales"], None),
        (["first-sales", "%"], None),
        (["first-sales", "_reparing"], None),
    ],
)
def test_it_leads_where_wagtail_leads(components, model, course, request_for):
    found = arrive(course["curriculum"], request_for(), components)
    assert type(found) is (model or type(None))


def test_the_line_is_one_query_however_long(course, request_for):
    request = request_for()
    course["curriculum"].route(request, DEEP)  # content types are known from now on
    for length in (1, 2, 3):
        with CaptureQueriesContext(connection) as captured:
            page = course["curriculum"].route(request, DEEP[:length]).page
            assert page.get_parent() and not page.get_view_restrictions().exists() and page.locale
            above = pages_above(page)
        assert len(captured) == 1
        assert [each.pk for each in above] == [each.pk for each in page.get_ancestors()[1:]]


def test_a_page_that_is_not_published_is_not_there_and_one_below_it_is(course, request_for):
    request, curriculum = request_for(), course["curriculum"]
    course["module"].unpublish()
    assert arrive(curriculum, request, DEEP[:2]) is None
    assert arrive(curriculum, request, DEEP) == course["first"]  # as Wagtail has it
    course["first"].unpublish()
    assert arrive(curriculum, request, DEEP) is None


@pytest.mark.parametrize("restricted", ["home", "curriculum", "course", "module", "first", "second"])
def test_a_restriction_anywhere_above_holds_on_the_next_request(restricted, course, home, client):
    path = course["first"].get_url()
    assert client.get(path).status_code == 200
    page = home if restricted == "home" else course[restricted]
    PageViewRestriction.objects.create(page=Page.objects.get(pk=page.pk), restriction_type="login")
    cache.clear()  # the page cache has tests of its own
    answer = client.get(path)
    assert answer.status_code == (200 if restricted == "second" else 302)
    assert ("Switch off the lamp" in answer.content.decode()) == (restricted == "second")


def test_a_password_is_asked_for_and_opens(course, client):
    PageViewRestriction.objects.create(
        page=Page.objects.get(pk=course["course"].pk), restriction_type="password", password="kelas"
    )
    path = course["first"].get_url()
    answer = client.get(path)
    assert "Switch off the lamp" not in answer.content.decode()
    form = answer.context["form"]
    client.post(
        answer.context["action_url"], {"password": "kelas", "return_url": path} | {"restriction": form}
    )
    assert "Switch off the lamp" in client.get(path).content.decode()


def test_an_alias_is_found_and_keeps_the_restrictions_of_its_source(course, add, home, request_for):
    other = add(home, CurriculumPage, "Payments")
    alias = course["course"].create_alias(parent=other, recursive=True)
    request = request_for()
    found = arrive(CurriculumPage.objects.get(pk=other.pk), request, DEEP)
    assert found.alias_of_id == course["first"].pk
    assert not found.get_view_restrictions().exists()
    PageViewRestriction.objects.create(
        page=Page.objects.get(pk=course["module"].pk), restriction_type="login"
    )
    found = arrive(CurriculumPage.objects.get(pk=other.pk), request, DEEP)
    assert found.get_view_restrictions().exists() and alias.slug == "first-sales"


def test_a_hosts_page_that_decides_by_itself_is_asked(course, add, request_for, monkeypatch):
    hosts = add(course["module"], HostLessonPage, "Own way", mood="calm")
    asked = []

    def route(self, request, components):
        asked.append((type(self), self.mood, components))
        return RouteResult(self, kwargs={"rest": components})

    monkeypatch.setattr(HostLessonPage, "route", route)
    found = course["curriculum"].route(request_for(), ["first-sales", "preparing", "own-way", "page", "2"])
    assert found.page == hosts and found.kwargs == {"rest": ["page", "2"]}
    assert asked == [(HostLessonPage, "calm", ["page", "2"])]


def test_a_hosts_page_without_a_way_of_its_own_is_found_as_its_own_type(course, add, request_for):
    hosts = add(course["module"], HostLessonPage, "Plain", mood="calm")
    found = arrive(course["curriculum"], request_for(), ["first-sales", "preparing", "plain"])
    assert type(found) is HostLessonPage and found == hosts and found.mood == "calm"


def test_a_hosts_subclass_of_ours_may_add_a_way(course, request_for, monkeypatch):
    """What Wagtail documents: look at the components, else leave it to ``super``."""

    def route(self, request, components):
        if components[:1] == ["print"]:
            return RouteResult(self, kwargs={"print": True})
        return super(CoursePage, self).route(request, components)

    monkeypatch.setattr(CoursePage, "route", route, raising=False)
    request, curriculum = request_for(), course["curriculum"]
    printed = curriculum.route(request, ["first-sales", "print"])
    assert printed.page == course["course"] and printed.kwargs == {"print": True}
    assert curriculum.route(request, DEEP).page == course["first"]


def test_hooks_of_the_host_are_asked_as_before(course, client, monkeypatch):
    from wagtail import hooks

    seen = []

    def before(page, request, args, kwargs):
        seen.append(type(page))
        return HttpResponse("host") if request.GET.get("host") else None

    with hooks.register_temporarily("before_serve_page", before):
        assert client.get(course["first"].get_url() + "?host=1").content == b"host"
        assert client.get(course["first"].get_url() + "?x=1").status_code == 200
    assert seen == [LessonPage, LessonPage]


def test_page_types_that_come_along_are_all_of_ours():
    assert set(joined().values()) >= {CurriculumPage, CoursePage, ModulePage, LessonPage}
    assert HostLessonPage not in joined().values()
