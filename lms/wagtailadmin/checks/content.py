"""What the content of a page holds that readers may stumble over: pictures without words, links that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.blocks import ListBlock, PageChooserBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import AbstractPage
from wagtail.rich_text import RichText

from lms.core.base_page import base_page
from lms.wagtailadmin.checks.values import Link, Picture, Target

INTERNAL = re.compile(r"<a\b[^>]*\blinktype=\"page\"[^>]*>", re.I)
PAGE_ID = re.compile(r"\bid=\"(\d+)\"", re.I)


@dataclass(frozen=True, slots=True)
class Found:
    """One value in a stream: the field it belongs to, the block that an editor can be led to, and what it is."""

    field: str
    block: str
    value: Any
    definition: Any


def read_content(page: AbstractPage) -> tuple[tuple[Picture, ...], tuple[Link, ...]]:
    """Return the pictures and the links to pages in all streams of a page: one query for what links lead to.

    Args:
        page: as drafted.
    """
    pictures: list[Picture] = []
    wanted: list[tuple[str, str, int | None]] = []
    for each in _walk_page(page):
        if isinstance(each.definition, ImageBlock):
            # Wagtail's own block for images with words: its value is the image, which carries the words.
            if each.value is not None:
                words = each.value.contextual_alt_text or ""
                pictures.append(Picture(each.field, each.block, words, bool(each.value.decorative)))
        elif isinstance(each.definition, StructBlock) and _wants_words(each.definition):
            value = each.value
            if value is not None and value.get("image") is not None:
                words, decorative = value.get("alt_text") or "", bool(value.get("decorative"))
                pictures.append(Picture(each.field, each.block, words, decorative))
        elif isinstance(each.value, RichText):
            wanted += [(each.field, each.block, pk) for pk in linked_pages(each.value.source)]
        elif isinstance(each.definition, PageChooserBlock) and each.field != "prerequisites" and each.value:
            wanted.append((each.field, each.block, each.value.pk))
    return tuple(pictures), tuple(_links(wanted))


def linked_pages(source: str) -> list[int]:
    """Return the ids of the pages that rich text links to, in order."""
    found = []
    for tag in INTERNAL.findall(source or ""):
        number = PAGE_ID.search(tag)
        if number:
            found.append(int(number.group(1)))
    return found


def _wants_words(definition: StructBlock) -> bool:
    return {"image", "alt_text", "decorative"} <= set(definition.child_blocks)


def _links(wanted: list[tuple[str, str, int | None]]) -> Iterator[Link]:
    ids = {pk for _, _, pk in wanted if pk is not None}
    rows = base_page().objects.filter(pk__in=ids).values_list("pk", "live", "draft_title") if ids else ()
    pages = {pk: (live, title) for pk, live, title in rows}
    for field, block, pk in wanted:
        if pk not in pages:
            yield Link(field, block, Target.GONE)
            continue
        live, title = pages[pk]
        yield Link(field, block, Target.LIVE if live else Target.DRAFT, title)


def _walk_page(page: AbstractPage) -> Iterator[Found]:
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            stream = getattr(page, field.name)
            for child in stream or ():
                yield from _walk(field.name, child.id or "", child.value, child.block)


def _walk(field: str, block: str, value: Any, definition: Any) -> Iterator[Found]:
    """Yield a value and everything inside it; ``block`` stays that of the outermost one, which the editor shows."""
    yield Found(field, block, value, definition)
    if value is None or isinstance(definition, ImageBlock):
        return
    if isinstance(definition, StructBlock):
        for name, child in definition.child_blocks.items():
            yield from _walk(field, block, value.get(name), child)
    elif isinstance(definition, ListBlock):
        for each in value:
            yield from _walk(field, block, each, definition.child_block)
    elif isinstance(definition, StreamBlock):
        for child in value:
            yield from _walk(field, block, child.value, child.block)
