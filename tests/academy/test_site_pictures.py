"""Pictures for messengers: drawn by the sweep, named by the page, thrown away with what is no longer public."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from PIL import Image
from wagtail.models import Page, PageViewRestriction

from academy.home import share
from academy.home.models import SharePicture
from lms.core import clock
from lms.pages.models import CoursePage, LessonPage, WebinarSeriesPage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def draw_all():
    """Sweep until nothing is due, and return how many were drawn."""
    drawn = 0
    while more := share.sweep():
        drawn += more
    return drawn


def picture_of(client, url):
    cache.clear()
    return re.search(r'property="og:image" content="([^"]+)"', client.get(url).content.decode())[1]


def test_sweeps_draw_every_page_once_and_what_is_shared_most_first():
    drawn = share.sweep()
    assert drawn == SharePicture.objects.count() == share.BATCH
    assert not SharePicture.objects.filter(page__content_type__model="lessonpage").exclude(
        page__depth__lte=SharePicture.objects.latest("pk").page.depth
    )
    drawn += draw_all()
    assert drawn == SharePicture.objects.count() > 100
    assert set(LessonPage.objects.live().public()) == set(
        LessonPage.objects.filter(share_picture__isnull=False)
    )
    row = SharePicture.objects.first()
    with default_storage.open(row.file) as file:
        content = file.read()
    assert Image.open(io.BytesIO(content)).size == (1200, 630)
    assert len(content) < 250_000


def test_a_page_names_its_picture_and_the_academys_until_it_is_drawn(client):
    page = CoursePage.objects.live().filter(locale__language_code="id").first()
    assert picture_of(client, page.url) == "http://testserver/static/academy/share.png"
    draw_all()
    row = SharePicture.objects.get(page=page)
    assert picture_of(client, page.url) == f"http://testserver/media/{row.file}"


def test_a_lesson_says_of_which_course_and_curriculum_it_is():
    page = LessonPage.objects.live().get(slug="foto-produk")
    card = share.wanted(page, clock.now()).card
    assert (card.title, card.eyebrow, card.note, card.accent) == (
        page.title,
        "Pelajaran · Pemasaran Digital",
        "Jualan Pertama lewat WhatsApp",
        "#a3401a",
    )


def test_a_new_title_is_drawn_anew_and_the_old_file_goes(client, django_capture_on_commit_callbacks):
    draw_all()
    page = CoursePage.objects.live().first()
    before = SharePicture.objects.get(page=page)
    page.title = "Judul yang baru"
    page.save_revision().publish()
    lessons = LessonPage.objects.descendant_of(page).live().count()
    assert draw_all() == 1 + lessons > 1, "the lessons name their course"
    after = SharePicture.objects.get(page=page)
    assert after.digest != before.digest and not default_storage.exists(before.file)


def test_a_date_that_has_passed_is_drawn_anew(monkeypatch):
    draw_all()
    page = WebinarSeriesPage.objects.live().first()
    row = SharePicture.objects.get(page=page)
    assert row.good_until is not None
    later = clock.now() + dt.timedelta(days=15)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert share.sweep() >= 4
    assert SharePicture.objects.get(page=page).digest != row.digest


def test_what_is_no_longer_public_has_no_picture():
    draw_all()
    one, two = CoursePage.objects.live()[:2]
    files = [SharePicture.objects.get(page=page).file for page in (one, two)]
    PageViewRestriction.objects.create(page=Page.objects.get(pk=one.pk), restriction_type="login")
    two.unpublish()
    assert share.sweep() >= 2
    assert not SharePicture.objects.filter(page__in=[one, two]).exists()
    assert not any(default_storage.exists(file) for file in files)


def test_a_title_that_no_font_shows_leaves_the_academys_picture(client):
    page = CoursePage.objects.live().first()
    Page.objects.filter(pk=page.pk).update(title="漢字")
    draw_all()
    assert SharePicture.objects.get(page=page).file == ""
    assert picture_of(client, page.url).endswith("/static/academy/share.png")
    assert share.sweep() == 0


def test_no_request_draws(client, monkeypatch):
    def drawn(card):
        pytest.fail("drawn in a request")

    monkeypatch.setattr(share, "render_share_card", drawn)
    for url in ("/id/", "/id/pemasaran-digital/jualan-pertama/", "/id/kursus/"):
        assert client.get(url).status_code == 200
