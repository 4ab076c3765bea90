"""The words of a question are shown as HTML; what a hostile editor posts in place of the editor's own text stays words."""

from __future__ import annotations

import json

import pytest

from lms.assessment.blocks.words import WordsBlock

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&أهلا🙂"


def posted(**content):
    """Return what is stored of a rich text that is posted as the content state of Wagtail's editor."""
    state = {
        "blocks": [
            {
                "key": "a",
                "text": EVIL,
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [],
                "data": {},
            }
            | content.get("block", {})
        ],
        "entityMap": content.get("entities", {}),
    }
    block = WordsBlock(rich=True)
    block.set_name("stem")
    value = block.value_from_datadict({"stem-en": json.dumps(state)}, {}, "stem")
    return str(block.get_prep_value(value)["en"])


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"block": {"inlineStyleRanges": [{"offset": 0, "length": 8, "style": "BOLD"}]}},
        {"block": {"type": "ordered-list-item"}},
        {
            "block": {"entityRanges": [{"key": 0, "offset": 0, "length": 6}]},
            "entities": {
                "0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(3)"}}
            },
        },
        {
            "block": {"entityRanges": [{"key": 0, "offset": 0, "length": 6}]},
            "entities": {
                "0": {"type": "EMBED", "mutability": "IMMUTABLE", "data": {"url": "https://x.example/"}}
            },
        },
    ],
)
def test_what_is_posted_stays_words(content):
    stored = posted(**content)
    assert "alert(1)" in stored
    assert "<script" not in stored and "<img" not in stored and "javascript:" not in stored
    assert "<embed" not in stored and "<a " not in stored
    assert "أهلا🙂" in stored
