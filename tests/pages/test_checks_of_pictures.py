"""What the checks before publishing say of pictures that really stand in a lesson."""

from __future__ import annotations

import pytest
from wagtail.blocks import StreamBlock
from wagtail.images.blocks import ImageBlock

from lms.pages.models import LessonPage
from lms.wagtailadmin.checks.content import _walk, read_content
from lms.wagtailadmin.checks.reading import read_facts
from lms.wagtailadmin.checks.rules import findings
from tests.pages.bodies import everything

pytestmark = pytest.mark.django_db


def codes(page):
    return [each.code for each in findings(read_facts(page)) if "picture" in each.code]


def lesson(course, add, picture, **words):
    body = [("picture", {"image": picture, "alt_text": "", "decorative": False, "caption": ""} | words)]
    return add(course["course"], LessonPage, "Light", body=body)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"alt_text": "Cloth in the light of a window."}, []),
        ({"decorative": True}, []),
        ({}, ["picture_without_words"]),
        (
            {"caption": "A caption is read by all; it does not stand for the picture."},
            ["picture_without_words"],
        ),
    ],
)
def test_a_picture_needs_its_words_once(course, add, picture, words, found):
    page = lesson(course, add, picture, **words)
    assert codes(LessonPage.objects.get(pk=page.pk)) == found
    assert len(read_content(LessonPage.objects.get(pk=page.pk))[0]) == 1


def test_no_picture_in_any_block_is_taken_for_one_without_words(course, add, picture, document):
    page = add(
        course["course"], LessonPage, "Everything", body=everything(picture, document, course["series"])
    )
    assert codes(LessonPage.objects.get(pk=page.pk)) == []


def test_wagtails_own_block_for_images_is_read_once(picture):
    stream = StreamBlock([("image", ImageBlock())])
    for words, decorative in (("Cloth", False), ("", True)):
        raw = {"image": picture.pk, "alt_text": words, "decorative": decorative}
        value = stream.to_python([{"type": "image", "value": raw, "id": "1"}])
        found = list(_walk("body", "1", value[0].value, value[0].block))
        assert len(found) == 1 and found[0].value.contextual_alt_text == words
