"""What all teaching blocks share: a preview in our own look, and migrations that do not name our classes."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

RICH_TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]

#: Headings in the block chooser, in this order.
WORDS = _("Words")
MEDIA = _("Pictures, sound and files")
PRACTICE = _("Practice")
LIVE = _("Live")


class TeachingBlock(blocks.StructBlock):
    """Base of our blocks. ``example`` is what the preview in the block chooser shows."""

    class Meta:
        preview_template = "lms/blocks/preview.html"

    def example(self) -> dict[str, Any]:
        """Return the value that the preview shows, in the editor's language."""
        return {}

    def get_preview_value(self) -> Any:
        """Show the example."""
        return self.normalize(self.example())


def rich_text(label: str | Promise, **options: Any) -> blocks.RichTextBlock:
    """Return a field for words with emphasis, links and lists."""
    return blocks.RichTextBlock(features=RICH_TEXT_FEATURES, label=label, **options)


def paragraph(words: str) -> str:
    """Return words as rich text of one paragraph, for examples."""
    return f"<p>{words}</p>"
