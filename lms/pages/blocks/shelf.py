"""What a stream points at, fetched at once: one query for its pictures, one for its files, however many kinds of blocks.

Wagtail asks for each kind of block by itself, and for what was drawn of pictures once more. A page that is about to show
a stream opens a shelf for it (``shelf_for``); while it is open, our choosers take from it and ask only for what is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

#: Chooser class → key → what it stands for.
type_of_shelf = dict[type, dict[int, Any]]
_open: ContextVar[type_of_shelf | None] = ContextVar("lms_shelf", default=None)


class FromShelf:
    """Mixin for chooser blocks: what was fetched with the rest of the stream is taken from there."""

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        """Return what the keys stand for, None for what is not there."""
        values = list(values)
        wanted = {each for each in values if each}
        found = dict((_open.get() or {}).get(type(self), {}))
        if missing := wanted - found.keys():
            found |= self.fetch(missing)
        return [found.get(each) for each in values]

    def fetch(self, keys: Iterable[int]) -> dict[int, Any]:
        """Return key → what it stands for: one query."""
        return self.model_class.objects.in_bulk(list(keys))  # type: ignore[attr-defined,no-any-return]


class DrawnImageChooserBlock(FromShelf, ImageChooserBlock):
    """An image with its renditions: one query, however many images, and one more when some were never drawn."""

    def fetch(self, keys: Iterable[int]) -> dict[int, Any]:
        """Return key → image, each with what was drawn of it."""
        keys = set(keys)
        drawn = self.model_class.get_rendition_model().objects.filter(image__in=keys)
        found: dict[int, Any] = {}
        for rendition in drawn.select_related("image").order_by("pk"):
            image = found.setdefault(rendition.image_id, rendition.image)
            rendition.image = image
            # As prefetch_renditions() has it: Wagtail looks there before it asks, and adds what it draws.
            image.__dict__.setdefault("prefetched_renditions", []).append(rendition)
        if never := keys - found.keys():
            for key, image in self.model_class.objects.in_bulk(never).items():
                image.prefetched_renditions = []
                found[key] = image
        return found


class ShelvedDocumentChooserBlock(FromShelf, DocumentChooserBlock):
    """A file, fetched with the other files of the stream."""


class SeriesChooserBlock(FromShelf, blocks.PageChooserBlock):
    """A page, from the rows that a body was given, or fetched by itself."""


@contextmanager
def shelf_for(stream: StreamValue, given: Mapping[type, Mapping[int, Any]] | None = None) -> Iterator[None]:
    """Fetch what a stream points at and is not given; blocks that are read inside take it from there.

    Args:
        stream: whose blocks were not read yet; those that were keep what they have.
        given: chooser class → key → what is known already.
    """
    shelf: type_of_shelf = {kind: dict(known) for kind, known in (given or {}).items()}
    for chooser, keys in chosen(stream).values():
        known = shelf.setdefault(type(chooser), {})
        if missing := keys - known.keys():
            known |= chooser.fetch(missing)
    token = _open.set(shelf)
    try:
        yield
    finally:
        _open.reset(token)


def chosen(stream: StreamValue) -> dict[type, tuple[Any, set[int]]]:
    """Return chooser class → (one of its choosers, keys that the stream names). No query."""
    found: dict[type, tuple[Any, set[int]]] = {}
    for chooser, key in _walk(stream.stream_block, list(stream.raw_data)):
        found.setdefault(type(chooser), (chooser, set()))[1].add(key)
    return found


def _walk(block: Any, value: Any) -> Iterator[tuple[Any, int]]:
    """Yield the choosers of ours below a block, each with a key it has in a stored value."""
    if isinstance(block, FromShelf):
        if isinstance(value, int):
            yield block, value
    elif isinstance(block, blocks.StructBlock) and isinstance(value, Mapping):
        for name, child in block.child_blocks.items():
            yield from _walk(child, value.get(name))
    elif isinstance(block, blocks.ListBlock) and isinstance(value, Sequence):
        for each in value:  # rows of today are wrapped, those of long ago are bare
            wrapped = isinstance(each, Mapping) and each.get("type") == "item"
            yield from _walk(block.child_block, each["value"] if wrapped else each)
    elif isinstance(block, blocks.StreamBlock) and isinstance(value, Sequence):
        by_name: dict[str, Any] = defaultdict(lambda: None, block.child_blocks)
        for each in value:
            if isinstance(each, Mapping):
                yield from _walk(by_name[each.get("type", "")], each.get("value"))


# Migrations name Wagtail's classes, so that ours can be moved and changed.
DECONSTRUCT_ALIASES = {
    DrawnImageChooserBlock: "wagtail.images.blocks.ImageChooserBlock",
    ShelvedDocumentChooserBlock: "wagtail.documents.blocks.DocumentChooserBlock",
    SeriesChooserBlock: "wagtail.blocks.PageChooserBlock",
}
