"""Teaching blocks: what editors are told, what readers get, what is refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction

from lms.catalogue.compile import compile_all
from lms.pages.blocks import lesson_blocks
from lms.pages.blocks.words import cells
from lms.pages.models import LessonPage
from tests.architecture.tree import ROOT
from tests.pages.bodies import everything

pytestmark = pytest.mark.django_db

BLOCKS = {
    name: LessonPage._meta.get_field("body").stream_block.child_blocks[name] for name, _ in lesson_blocks()
}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "path", "rect", "circle"}


class Balance(HTMLParser):
    """Fails on a tag that closes nothing, is never closed, or stands where HTML does not allow it."""

    def __init__(self):
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says {names}"
        if tag in {"p", "div", "ul", "ol", "section", "figure", "aside", "table", "h2", "h3"}:
            assert "p" not in self.open, f"<{tag}> in <p>"
        assert not (tag == "a" and "a" in self.open), "a link in a link"
        if tag == "li":
            assert self.open[-1] in ("ul", "ol")
        if tag in ("dt", "dd"):
            assert self.open[-1] == "dl"
        if tag == "img":
            assert "alt" in names
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open and self.open.pop() == tag, tag


def check(html: str) -> str:
    """Return HTML that is balanced, without inline script or style, and asks nobody else for anything."""
    parser = Balance()
    parser.feed(html)
    assert parser.open == []
    assert " style=" not in html and not re.search(r"\son\w+=", html)
    assert not re.search(r'<script(?![^>]*\ssrc="/)', html)
    assert not re.search(
        r'<(?:img|source|video|audio|iframe|link)[^>]*(?:src|srcset|href)="(?:https?:)?//', html
    )
    return html


def render(name, value, **context):
    block = BLOCKS[name]
    with translation.override("en"):
        return check(block.render(block.normalize(value) if isinstance(value, dict) else value, context))


# ── editors ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", BLOCKS)
def test_each_block_tells_editors_what_it_is_for(name, admin_client):
    from wagtail.admin.icons import get_icons

    block = BLOCKS[name]
    assert block.meta.icon in {
        icon.partition("-")[2] or icon for icon in re.findall(r'id="([\w-]+)"', get_icons())
    }
    assert all([str(block.label), str(block.meta.group), str(block.get_description())])


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("name", BLOCKS)
def test_each_block_has_a_preview_in_our_look(name, language, admin_client, admin_user):
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(admin_user)
    profile.preferred_language = language
    profile.save()
    block = BLOCKS[name]
    assert block.is_previewable
    response = admin_client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    text = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in text and "lms/css/kelas.css" in text
    body = re.search(r'<div class="prose">(.*)</div></main>', text, re.S)[1]
    assert len(re.sub(r"<[^>]+>|\s", "", check(body))) > 10


def test_blocks_are_grouped_in_the_chooser():
    grouped = [(str(group), [block.name for block in found]) for group, found in _groups()]
    assert [len(found) for _, found in grouped] == [5, 4, 6, 1]
    assert grouped[3] == ("Live", ["webinar"])


def _groups():
    return [
        (group, list(found))
        for group, found in LessonPage._meta.get_field("body").stream_block.grouped_child_blocks()
    ]


def test_migrations_name_none_of_our_blocks():
    from pathlib import Path

    import lms.pages.migrations as migrations

    text = (Path(migrations.__file__).parent / "0001_initial.py").read_text()
    assert "lms.pages.blocks" not in text


def test_a_host_without_our_page_types_has_all_blocks_but_webinars(tmp_path):
    code = "from lms.pages.blocks import lesson_blocks as b; print(*[name for name, _ in b()])"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.swapped_settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        "LMS_TEST_DIR": str(tmp_path),
    }
    told = subprocess.run(
        [sys.executable, "-m", "django", "shell", "-v", "0", "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-2000:]
    assert told.stdout.split() == [name for name in BLOCKS if name != "webinar"]


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────


def refused(name, value):
    """Return field → words of what a block refuses."""
    block = BLOCKS[name]
    with pytest.raises(ValidationError) as caught, translation.override("en"):
        block.clean(block.normalize(value))
    return {field: error.messages[0] for field, error in caught.value.block_errors.items()}


def accepted(name, value):
    block = BLOCKS[name]
    return block.clean(block.normalize(value))


def test_a_picture_has_words_or_is_decoration(picture):
    value = {"image": picture, "alt_text": "", "decorative": False, "caption": ""}
    assert refused("picture", value) == {"alt_text": "Say what the picture shows, or mark it as decoration."}
    assert accepted("picture", value | {"alt_text": "Cloth"})
    assert accepted("picture", value | {"decorative": True})
    assert "decorative" in refused("picture", value | {"alt_text": "Cloth", "decorative": True})


def test_a_draft_may_be_saved_before_its_picture_has_words(picture):
    block = BLOCKS["picture"]
    value = block.normalize({"image": picture, "alt_text": "", "decorative": False, "caption": ""})
    assert block.clean_deferred(value)["image"] == picture


def test_a_video_is_one_file_or_one_link(document):
    film, paper = document("film.mp4"), document("paper.pdf")
    value = {"title": "Stall", "minutes": 4, "document": None, "link": "", "poster": None, "megabytes": None}
    assert refused("video", value) == {"document": "Choose a video file, or give a link."}
    assert "link" in refused("video", value | {"document": film, "link": "https://video.example/1"})
    assert "not a video" in refused("video", value | {"document": paper})["document"]
    assert accepted("video", value | {"document": film})
    assert accepted("video", value | {"link": "https://video.example/1"})
    assert "link" in refused("video", value | {"link": "javascript:alert(1)"})


def test_audio_is_a_sound_file(document):
    value = {"title": "Talk", "minutes": 6}
    assert "not a sound file" in refused("audio", value | {"document": document("talk.pdf")})["document"]
    assert accepted("audio", value | {"document": document("talk.mp3")})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("a | b\nc", "Row 2 has 1 cell, but the first row has 2."),
        ("a | b\n\nc | d | e", "Row 2 has 3 cells, but the first row has 2."),
        ("only | headings", "Write at least one row below the headings."),
        ("a|b|c|d|e|f|g\n1|2|3|4|5|6|7", "There are 7 columns; at most 6 can be read on a phone."),
    ],
)
def test_a_crooked_table_is_refused_in_words(rows, said):
    value = {"caption": "Fees", "rows": rows, "header_row": True, "header_column": False}
    assert refused("table", value) == {"rows": said}


def test_a_table_is_typed_or_pasted():
    assert cells("a | b\n| c | d |\n") == [["a", "b"], ["c", "d"]]
    assert cells("Way\tFee | tax\r\nCash\t0\r\n") == [["Way", "Fee | tax"], ["Cash", "0"]]
    assert cells(" \n") == []
    assert cells("a\t\nb\tc") == [["a", ""], ["b", "c"]]
    assert cells(" | Fee\n|\n||") == [["", "Fee"], ["", ""], [""]]


# ── readers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_comes_in_three_formats_and_two_sizes(picture):
    html = render("picture", {"image": picture, "alt_text": "A cloth", "caption": "Blue"})
    assert re.findall(r'type="(image/\w+)"', html) == ["image/avif", "image/webp"]
    assert html.count(" 360w") == html.count(" 720w") == 3
    assert 'sizes="' in html and 'alt="A cloth"' in html and 'loading="lazy"' in html
    assert re.search(r'<img[^>]* width="720"', html) or re.search(r'<img[^>]* height="\d+"', html)
    assert "<figcaption>Blue</figcaption>" in html


def test_a_picture_whose_file_is_gone_leaves_no_hole():
    assert render("picture", {"image": None, "alt_text": "A cloth"}).strip() == ""


def test_a_video_of_ours_is_a_link_that_says_minutes_and_size(document):
    film = document("film.mp4", 2_500_000)
    html = render("video", {"title": "Stall", "minutes": 4, "document": film, "link": ""})
    assert f'href="{film.url}"' in html and 'data-video="video/mp4"' in html
    assert "<video" not in html and "<iframe" not in html
    assert "4 minutes" in html and "2.4\xa0MB" in html
    assert film.url not in html.replace(f'href="{film.url}"', "")


def test_a_video_elsewhere_is_a_plain_link(picture):
    link = "https://www.video.example/watch?v=1&t=2"
    html = render("video", {"title": "Stall", "minutes": 1, "megabytes": 12, "link": link, "poster": picture})
    assert 'href="https://www.video.example/watch?v=1&amp;t=2" rel="noopener noreferrer"' in html
    assert "data-video" not in html and "Watch on www.video.example" in html
    assert "1 minute," in html and "12 MB" in html


def test_sound_loads_when_it_is_played(document):
    talk = document("talk.mp3")
    html = render("audio", {"title": "Talk", "minutes": 6, "document": talk, "transcript": "<p>Hello</p>"})
    assert f'<audio controls preload="none" src="{talk.url}"' in html
    assert "117.2\xa0KB" in html and "Read what is said" in html
    assert "<details>" not in render("audio", {"title": "Talk", "minutes": 6, "document": talk})


def test_a_download_says_type_and_size(document):
    html = render("download", {"document": document("prices.pdf"), "title": "", "text": "To fill in"})
    assert "prices.pdf" in html and "(PDF, 117.2\xa0KB)" in html and " download>" in html


def offering(name, file):
    """Return a value that offers a file."""
    value = {"title": "A", "document": file}
    return value if name == "download" else value | {"minutes": 1}


@pytest.mark.parametrize("name", ["video", "audio", "download"])
def test_files_of_a_lesson_are_fetched_where_the_room_says(name, document):
    file = document("film.mp4")
    html = render(name, offering(name, file), document_url=lambda each: f"/p/token/{each.pk}/")
    assert f'"/p/token/{file.pk}/"' in html and file.url not in html


@pytest.mark.parametrize("name", ["video", "audio", "download"])
def test_a_file_that_is_gone_is_passed_over(name, document):
    assert render(name, offering(name, None)).strip() == ""
    gone = document("film.mp4")
    gone.file.storage.delete(gone.file.name)
    get_document_model().objects.filter(pk=gone.pk).update(file_size=None)
    html = render(name, offering(name, get_document_model().objects.get(pk=gone.pk)))
    assert "KB" not in html and gone.url in html


def test_kinds_of_callout_have_a_name_of_their_own():
    for kind, name in (("tip", "Tip"), ("warning", "Warning"), ("remember", "Remember")):
        html = render("callout", {"kind": kind, "title": "", "text": "<p>x</p>"})
        assert f'class="callout {kind}"' in html and f">{name}</p>" in html
    assert ">Mine</p>" in render("callout", {"kind": "tip", "title": "Mine", "text": "<p>x</p>"})


def test_a_table_names_its_rows_and_columns():
    value = {
        "caption": "Fees",
        "rows": " | Fee\nCash | 0\nQRIS | <b>",
        "header_row": True,
        "header_column": True,
    }
    html = render("table", value)
    assert "<caption>Fees</caption>" in html and '<th scope="col">Fee</th>' in html
    assert '<th scope="row">QRIS</th><td>&lt;b&gt;</td>' in html
    assert "<thead><tr><td></td>" in html  # an empty corner is no heading
    plain = render("table", value | {"header_row": False, "header_column": False})
    assert "<th" not in plain and plain.count("<tr>") == 3


def test_the_answer_to_a_question_waits():
    html = render("question", {"question": "<p>Why?</p>", "answer": "<p>Because.</p>"})
    assert re.search(
        r"<p>Why\?</p><details><summary>Show the answer</summary><p>Because\.</p></details>", html
    )


def test_a_checklist_works_as_plain_html():
    html = render("checklist", {"title": "Before", "items": ["One", "Two"]})
    assert html.count('<label><input type="checkbox"') == 2
    assert "<legend>Before</legend>" in html and "form" not in html and "name=" not in html


# ── webinars ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def inviting(course, add):
    """A lesson that points at the series of the course."""
    lesson = add(
        course["course"],
        LessonPage,
        "Invitation",
        body=[
            ("webinar", {"page": course["series"].page_ptr, "text": "Bring photos."}),
            ("paragraph", "<p>x</p>"),
        ],
    )
    list(compile_all())
    return lesson


def test_a_lesson_shows_the_next_date_of_a_series(inviting, client, before_the_series):
    text = client.get(inviting.get_url()).content.decode()
    assert "Bring photos." in text and "Tuesday, 2 March 2027" in text
    assert re.search(r'<a href="/en/digital-marketing/first-sales/breakfast/">Breakfast</a>', text)
    assert text.count("own_time.js") == 1


def test_a_series_that_is_private_or_a_draft_is_passed_over(
    inviting, course, client, before_the_series, settings
):
    settings.LMS = {"PAGE_CACHE_SECONDS": 0}
    PageViewRestriction.objects.create(page=course["series"], restriction_type=PageViewRestriction.LOGIN)
    list(compile_all())
    assert "Breakfast" not in _body(client, inviting)
    PageViewRestriction.objects.all().delete()
    list(compile_all())
    assert "Breakfast" in _body(client, inviting)
    Page.objects.get(pk=course["series"].pk).specific.unpublish()
    list(compile_all())
    assert "Breakfast" not in _body(client, inviting)


def _body(client, page):
    return re.search(r'<div class="prose">(.*?)<section', client.get(page.get_url()).content.decode(), re.S)[
        1
    ]


def test_a_series_without_dates_says_so(inviting, client, monkeypatch):
    import datetime as dt

    from lms.core import clock

    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2028, 1, 1, tzinfo=dt.UTC))
    with translation.override("en"):
        assert "The next date is not fixed yet." in _body(client, inviting)


# ── together ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_block_stands_on_one_page_as_valid_html(course, add, picture, document, client):
    body = everything(picture, document, course["series"])
    assert {name for name, _ in body} == set(BLOCKS)
    lesson = add(course["course"], LessonPage, "Everything", body=body)
    text = client.get(lesson.get_url()).content.decode()
    check(re.search(r"<body.*</body>", text, re.S)[0])
    assert text.count("lesson.js") == 1
    assert len(set(re.findall(r'\bid="([^"]+)"', text))) == len(re.findall(r'\bid="([^"]+)"', text))
    # A plain lesson carries no script at all; the crumbs told to search engines are no script, they are never run.
    plain = client.get(course["second"].get_url()).content.decode()
    assert set(re.findall(r"<script[^>]*>", plain)) == {'<script type="application/ld+json">'}


def test_the_room_gets_the_content_without_a_frame(course, add, picture, document, request_for):
    body = everything(picture, document, course["series"])
    lesson = add(course["course"], LessonPage, "Everything", body=body)
    html = check(lesson.lms_lesson_html(request_for(), document_url=lambda each: f"/room/{each.pk}/"))
    assert "<h1" not in html and "<html" not in html
    assert html.count('"/room/') == 4  # video, sound twice (to play, to keep), download
    assert "/documents/" not in html
    assert isinstance(lesson.body.stream_block, blocks.StreamBlock)
