"""A small course in two languages, and a request for it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.test import RequestFactory
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, Site

from lms.catalogue.compile import compile_all


@pytest.fixture
def request_for(home):
    """Return a function that makes a request on the default site."""

    def make(path="/en/"):
        request = RequestFactory().get(path, HTTP_HOST="testserver")
        request._wagtail_site = Site.objects.get(is_default_site=True)
        return request

    return make


@pytest.fixture
def add(home):
    """Return a function that adds a live page below another."""

    def make(parent, model, title, **fields):
        parent = Page.objects.get(pk=parent.pk)
        page = parent.add_child(instance=model(title=title, **fields))
        page.save_revision().publish()
        return model.objects.get(pk=page.pk)

    return make


@pytest.fixture
def course(add, home, make_series):
    """A curriculum with a course: a module of one lesson, two lessons, and a series of three sessions, two of them needed."""
    from lms.pages.models import CoursePage, CurriculumPage, LessonPage, ModulePage

    curriculum = add(
        home, CurriculumPage, "Digital marketing", accent="clay", summary="Selling with a phone."
    )
    course = add(
        curriculum,
        CoursePage,
        "First sales",
        summary="Two lessons and some mornings.",
        outcomes=[("outcome", "Take a photo by a window")],
    )
    module = add(course, ModulePage, "Preparing")
    first = add(
        module,
        LessonPage,
        "Photos",
        summary="By a window.",
        body=[("paragraph", "<p>Switch off the lamp.</p>")],
    )
    second = add(course, LessonPage, "Catalogue")
    optional = add(course, LessonPage, "Further reading", required=False)
    series = make_series(
        Page.objects.get(pk=course.pk),
        title="Breakfast",
        start_date=dt.date(2027, 3, 2),
        duration_minutes=60,
        recurrence="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3",
        needed=2,
    )
    assert [done.error for _, done in compile_all() if done.error] == []
    made = {
        "curriculum": curriculum,
        "course": course,
        "module": module,
        "first": first,
        "second": second,
        "optional": optional,
        "series": series,
    }
    return {name: type(page).objects.get(pk=page.pk) for name, page in made.items()}


@pytest.fixture
def before_the_series(monkeypatch):
    """Let it be the day before the first session."""
    from lms.core import clock

    moment = dt.datetime(2027, 3, 1, 3, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


@pytest.fixture
def picture():
    return get_image_model().objects.create(title="Cloth", file=get_test_image_file(size=(800, 500)))


@pytest.fixture
def document():
    def make(name, size=120_000):
        return get_document_model().objects.create(title=name, file=ContentFile(b"x" * size, name=name))

    return make
