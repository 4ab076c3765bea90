"""The content of the demo: plain fixtures, complete in both languages, that an editor can change and save again."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from wagtail.models import Page

from academy.home.demo.fixtures import FOLDER, files

pytestmark = pytest.mark.django_db


def test_saving_what_was_loaded_gives_the_same_files(workshop):
    saved = workshop / "saved"
    if not saved.exists():
        pytest.fail("This database was loaded in an earlier run: run with --create-db.")
    for path in files():
        assert (saved / path.name).read_text() == path.read_text(), path.name
    assert {path.name for path in saved.iterdir()} == {path.name for path in files()}


def test_rows_name_each_other_by_natural_keys():
    for path in files():
        for row in json.loads(path.read_text()):
            if row["model"] == "wagtailcore.page" or row["model"].endswith("page"):
                assert "pk" not in row
            if "content_type" in row["fields"]:
                assert isinstance(row["fields"]["content_type"], list)


def test_every_page_is_there_in_both_languages():
    keys = {}
    for page in Page.objects.filter(depth__gte=2).select_related("locale"):
        keys.setdefault(page.translation_key, set()).add(page.locale.language_code)
    assert all(languages == {"id", "en"} for languages in keys.values())


def test_the_tree_is_whole():
    assert Page.find_problems() == ([], [], [], [], [])


def test_pictures_are_drawings_of_our_own_and_hold_no_code():
    pictures = [path for path in (FOLDER / "media" / "original_images").rglob("*") if path.is_file()]
    assert pictures
    for path in pictures:
        text = path.read_text().lower()
        assert path.suffix == ".svg"
        assert "<script" not in text and "href" not in text and "onload" not in text
        assert path.stat().st_size < 6_000


def test_files_to_keep_are_small_documents_of_our_own():
    files = [
        path
        for path in (FOLDER / "media").rglob("*")
        if path.is_file() and path.parent.name != "original_images"
    ]
    assert files
    most = {".pdf": 20_000, ".ogg": 20_000, ".mp4": 100_000}
    begins = {".pdf": b"%PDF-", ".ogg": b"OggS", ".mp4": b"\x00\x00\x00 ftyp"}
    for path in files:
        assert path.parent.name == "documents"
        assert path.read_bytes().startswith(begins[path.suffix]) and path.stat().st_size < most[path.suffix]


def test_a_video_and_a_sound_say_how_long_and_how_large_they_are_and_give_pieces(client):
    """They lie in the repository; nothing is fetched from elsewhere, and a browser may skip to any moment."""
    for slug, kind, title in (
        ("foto-produk", "video", "Ulang dalam satu menit"),
        ("product-photos", "video", "Again in one minute"),
        ("otp-dan-petugas-palsu", "audio", "Latihan: berhenti satu menit"),
        ("otp-and-false-officers", "audio", "Exercise: stop for a minute"),
    ):
        lesson = Page.objects.get(slug=slug).specific
        value = lesson.body.first_block_by_name(kind).value
        text = client.get(lesson.get_url()).content.decode()
        assert title in text and value["transcript"].source in text
        size = value["document"].file.size
        address = value["document"].url
        assert address in text and re.search(f"{size / 1024:.1f}".replace(".", "[.,]"), text)
        piece = client.get(address, headers={"range": "bytes=100-199"})
        assert piece.status_code == 206 and len(piece.content) == 100


def test_content_points_at_pages_whatever_their_ids_are(client):
    lesson = Page.objects.get(slug="foto-produk").specific
    pointing = lesson.body.first_block_by_name("webinar").value["page"]
    assert pointing.slug == "sarapan-digital"
    text = client.get(lesson.get_url()).content.decode()
    assert "Bawa lima foto Anda" in text and pointing.get_url() in text


def test_lessons_use_every_kind_of_block():
    from lms.pages.blocks import lesson_blocks
    from lms.pages.models import LessonPage

    for language in ("id", "en"):
        lessons = LessonPage.objects.filter(locale__language_code=language)
        used = {child.block_type for lesson in lessons for child in lesson.body}
        assert used == {name for name, _ in lesson_blocks()}


def test_everybody_in_the_demo_is_visibly_invented():
    from academy.home.demo.people import everybody

    people = everybody()
    assert len({person.email for person in people}) == len(people) == 48
    assert all("Contoh" in person.name and person.email.endswith("@contoh.example") for person in people)
    for path in files():
        assert "@gmail" not in path.read_text()


def test_the_editor_may_edit_every_page_and_the_coordinator_sees_the_series(django_user_model):
    from lms.wagtailadmin.scope import series_for

    editor = django_user_model.objects.get(username="editor")
    for page in Page.objects.filter(depth__gte=3):
        assert page.permissions_for_user(editor).can_publish()
    coordinator = django_user_model.objects.get(username="koordinator")
    assert series_for(coordinator).count() == 4
    assert not coordinator.is_superuser and not editor.is_superuser


def test_nothing_that_is_published_would_be_refused_if_it_were_published_again():
    from lms.catalogue.kinds import kind_of
    from lms.wagtailadmin.checks.reading import read_facts
    from lms.wagtailadmin.checks.rules import findings
    from lms.wagtailadmin.checks.values import Level

    stops = {
        (page.slug, each.code)
        for page in Page.objects.live().specific()
        if kind_of(page)
        for each in findings(read_facts(page))
        if each.level == Level.STOP
    }
    assert stops == set()


def test_the_editor_copies_a_course_into_the_other_language(client, django_user_model):
    from lms.pages.models import CoursePage

    page = CoursePage.objects.filter(locale__language_code="id").first()
    english = page.get_translations().get(locale__language_code="en")
    english.delete()
    client.force_login(django_user_model.objects.get(username="editor"))
    path = f"/admin/translation/submit/page/{page.pk}/"
    assert path in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert client.get(path).status_code == 200
    answer = client.post(path, {"locales": [english.locale_id], "include_subtree": "on"})
    assert answer.status_code == 302
    copy = page.get_translations().get(locale__language_code="en")
    assert copy.translation_key == page.translation_key and not copy.live
    assert copy.get_descendants().count() == page.get_descendants().count()


def test_logins_work_in_the_admin(client):
    from academy.home.demo.roles import LOGINS, PASSWORD

    for login in LOGINS:
        assert client.login(username=login.username, password=PASSWORD)
        assert client.get("/admin/").status_code == 200
        client.logout()
    assert settings.DEMO
