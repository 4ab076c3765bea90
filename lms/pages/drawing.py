"""Pictures are drawn in all their sizes when a page is published, not while its first visitor waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail.fields import StreamField

from lms.core.base_page import base_page

#: Blocks that show pictures.
DRAWN = frozenset({"picture", "video", "speaker"})


def streams_with_pictures(page: Any) -> Iterator[Any]:
    """Yield the streams of a page in which something is drawn.

    Args:
        page: of whatever type, as its own class.
    """
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            stream = getattr(page, field.name)
            if any(block["type"] in DRAWN for block in stream.raw_data):
                yield stream


def draw(page_id: int) -> int:
    """Draw what a live page shows, by rendering it once; return how many streams were rendered.

    Args:
        page_id: of a page; one that is gone or taken down meanwhile has nothing to draw.
    """
    page = base_page().objects.filter(pk=page_id, live=True).first()
    if page is None:
        return 0
    page = page.specific
    drawn = 0
    for stream in streams_with_pictures(page):
        stream.render_as_block({"page": page, "page_language": page.locale.language_code})
        drawn += 1
    return drawn
