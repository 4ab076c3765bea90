"""The shelf of a stream: what its blocks point at is fetched together, and never mixed up or made up."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from lms.pages.blocks.shelf import DrawnImageChooserBlock, ShelvedDocumentChooserBlock, chosen, shelf_for

pytestmark = pytest.mark.django_db

NESTED = blocks.StreamBlock(
    [
        ("picture", blocks.StructBlock([("image", DrawnImageChooserBlock(required=False))])),
        ("pictures", blocks.ListBlock(DrawnImageChooserBlock())),
        ("box", blocks.StreamBlock([("file", ShelvedDocumentChooserBlock()), ("words", blocks.CharBlock())])),
        ("words", blocks.CharBlock()),
    ]
)


def image(title="Cloth"):
    return get_image_model().objects.create(title=title, file=get_test_image_file(size=(60, 40)))


def stream(*parts):
    return StreamValue(NESTED, [{"type": kind, "value": value} for kind, value in parts], is_lazy=True)


def test_it_finds_choosers_however_deep_and_rows_of_long_ago():
    value = stream(
        ("picture", {"image": 1}),
        ("picture", {"image": None}),
        ("pictures", [{"type": "item", "value": 2, "id": "x"}, 3]),
        (
            "box",
            [{"type": "file", "value": 4}, {"type": "words", "value": "5"}, {"type": "gone", "value": 6}],
        ),
        ("words", "7"),
    )
    found = {kind: keys for kind, (_, keys) in chosen(value).items()}
    assert found == {DrawnImageChooserBlock: {1, 2, 3}, ShelvedDocumentChooserBlock: {4}}


def test_one_query_for_all_pictures_and_one_for_all_files(django_assert_num_queries):
    pictures = [image(str(number)) for number in range(4)]
    for each in pictures:
        each.get_rendition("width-20")
        each.get_rendition("width-30")
    file = get_document_model().objects.create(title="f", file=ContentFile(b"x", name="f.pdf"))
    value = stream(
        ("picture", {"image": pictures[3].pk}),
        ("pictures", [each.pk for each in pictures]),
        ("box", [{"type": "file", "value": file.pk}]),
    )
    with django_assert_num_queries(2), shelf_for(value):
        read = list(value)
    with django_assert_num_queries(0):
        assert read[0].value["image"] == pictures[3]
        assert list(read[1].value) == pictures
        assert read[2].value[0].value == file
        for each in read[1].value:
            assert each.get_rendition("width-20").width == 20
            assert each.get_rendition("width-30").image == each


def test_what_is_gone_is_none_and_what_was_never_drawn_is_drawn_once():
    fresh = image()
    value = stream(("picture", {"image": fresh.pk}), ("picture", {"image": fresh.pk + 1000}))
    with shelf_for(value):
        read = list(value)
    assert read[1].value["image"] is None
    assert read[0].value["image"].get_rendition("width-20").width == 20
    assert fresh.renditions.count() == 1


def test_a_stream_read_without_a_shelf_asks_by_itself(django_assert_num_queries):
    fresh = image()
    fresh.get_rendition("width-20")
    value = stream(("picture", {"image": fresh.pk}))
    with django_assert_num_queries(1):
        assert value[0].value["image"] == fresh


def test_a_shelf_is_closed_after_an_error():
    fresh = image()
    value = stream(("picture", {"image": fresh.pk}))
    with pytest.raises(RuntimeError), shelf_for(value):
        raise RuntimeError
    get_image_model().objects.all().delete()
    assert value[0].value["image"] is None
