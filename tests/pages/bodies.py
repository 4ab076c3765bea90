"""A body with every teaching block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def everything(picture: Any, document: Callable[[str], Any], series: Any) -> list[tuple[str, Any]]:
    """Return a body with every block.

    Args:
        picture: an image.
        document: makes a file of that name.
        series: the page of a webinar series.
    """
    text = "<p>Words</p>"
    return [
        ("heading", "Heading"),
        ("paragraph", text),
        ("callout", {"kind": "warning", "title": "", "text": text}),
        ("definitions", {"terms": [{"term": "QRIS", "meaning": text}]}),
        ("table", {"caption": "Fees", "rows": "a|b\nc|d", "header_row": True, "header_column": True}),
        ("picture", {"image": picture, "alt_text": "Cloth", "decorative": False, "caption": ""}),
        (
            "video",
            {
                "title": "Film",
                "minutes": 4,
                "document": document("f.mp4"),
                "poster": picture,
                "transcript": text,
            },
        ),
        ("video", {"title": "Film", "minutes": 4, "link": "https://video.example/1", "megabytes": 8}),
        ("audio", {"title": "Talk", "minutes": 6, "document": document("t.mp3"), "transcript": text}),
        ("download", {"document": document("p.pdf"), "title": "", "text": ""}),
        ("steps", {"title": "Steps", "steps": [text, text]}),
        ("example", {"title": "Price", "situation": text, "steps": [text], "result": text}),
        ("question", {"question": text, "answer": text}),
        ("task", {"title": "Try", "text": text, "minutes": 10, "result": "Done"}),
        ("checklist", {"title": "Ticks", "items": ["One", "Two"]}),
        ("sample", {"title": "Reply", "text": "Good morning"}),
        ("webinar", {"page": series.page_ptr, "text": "Come"}),
    ]
