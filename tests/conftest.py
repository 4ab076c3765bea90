"""Fixtures that many tests share: a site with two languages and a small tree."""

from __future__ import annotations

import datetime as dt
import os
import shutil

import pytest
from django.conf import settings
from django.core.cache import cache
from hypothesis import settings as hypothesis_settings
from wagtail.models import Collection, Locale, Page, Site

# Machines that are shared are slow at times; a slow example is no failure.
hypothesis_settings.register_profile("kelas", deadline=None)
hypothesis_settings.load_profile("kelas")


def missing(item: pytest.Item) -> str:
    """Say what a test needs and this machine lacks, in words for whoever runs it."""
    if item.get_closest_marker("browser") and not (os.environ.get("CHROMIUM") or shutil.which("chromium")):
        return "needs Chromium: install Debian's chromium, or set CHROMIUM to its path"
    postgresql = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    if item.get_closest_marker("postgres") and not postgresql:
        return "needs PostgreSQL: set LMS_TEST_POSTGRES=1 (and PGHOST, PGPORT, PGUSER)"
    return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what cannot run here. With CI=true a browser must be there; PostgreSQL has a run of its own."""
    if why := missing(item):
        if os.environ.get("CI") == "true" and item.get_closest_marker("browser"):
            pytest.fail(why)
        pytest.skip(why)


@pytest.fixture(autouse=True)
def _clean_cache():
    """Each test begins cold: what an earlier one left in memory would change how many queries the next one counts."""
    from lms.progress import queries as progress

    cache.clear()
    progress._parts_of_fingerprint.clear()
    yield


@pytest.fixture(autouse=True)
def _root_collection(request):
    """Wagtail's migrations make a collection for files; a test that flushed the database took it away."""
    if {"db", "transactional_db", "_django_db_helper"} & set(request.fixturenames) and (
        request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(request.fixturenames)
    ):
        request.getfixturevalue("_django_db_helper")
        if Collection.get_first_root_node() is None:
            Collection.add_root(name="Root")
    yield


@pytest.fixture
def locales(db):
    """Indonesian (the default here is the settings' LANGUAGE_CODE, English) and English."""
    return {code: Locale.objects.get_or_create(language_code=code)[0] for code in ("en", "id")}


@pytest.fixture
def home(locales):
    """The root page of the default site, built anew where a test flushed the database."""
    return build_home()


def build_home() -> Page:
    from django.contrib.contenttypes.models import ContentType

    Locale.objects.get_or_create(language_code="en")
    root = Page.objects.filter(depth=1).first()
    if root is None:
        ContentType.objects.clear_cache()
        root = Page.add_root(title="Root", slug="root", content_type=ContentType.objects.get_for_model(Page))
    site = Site.objects.filter(is_default_site=True).first()
    home = Page.objects.filter(depth=2, slug="beranda").first()
    if home is None:
        home = root.add_child(instance=Page(title="Beranda", slug="beranda"))
    if site is None:
        Site.objects.create(hostname="testserver", root_page=home, is_default_site=True, site_name="Kelas")
    else:
        site.root_page, site.hostname = home, "testserver"
        site.save()
    return Page.objects.get(pk=home.pk)


@pytest.fixture
def make_series(home):
    """Make and publish a webinar series page; fields may be overridden."""
    from lms.pages.models import WebinarSeriesPage

    def make(parent=None, publish=True, **fields):
        parent = parent or Page.objects.get(pk=home.pk)
        values = {
            "title": "Jualan lewat WhatsApp",
            "start_date": dt.date(2027, 3, 2),
            "start_time": dt.time(6, 0),
            "duration_minutes": 90,
            "zone": "Asia/Jakarta",
            "recurrence": "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=8",
            "join_url": "https://meet.example/rahasia-123",
            "organiser_name": "Akademi Contoh",
            "organiser_email": "halo@academy.example",
        }
        page = parent.add_child(instance=WebinarSeriesPage(**(values | fields), live=False))
        if publish:
            page.save_revision().publish()
        return WebinarSeriesPage.objects.get(pk=page.pk)

    return make
