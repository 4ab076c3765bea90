"""Blocks made of words: headings, text, callouts, definitions, tables."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from lms.pages.blocks.base import RICH_TEXT_FEATURES, WORDS, TeachingBlock, paragraph, rich_text

#: More columns than this cannot be read on a phone.
COLUMNS = 6


class HeadingBlock(blocks.CharBlock):
    """Where a new part of the lesson begins."""

    class Meta:
        form_classname = "title"
        icon = "title"
        label = _("Heading")
        group = WORDS
        description = _("Begins a new part of the lesson.")
        template = "lms/blocks/heading.html"
        preview_template = "lms/blocks/preview.html"

    def get_preview_value(self) -> str:
        """Show an example."""
        return gettext("Take the photo by a window")


class TextBlock(blocks.RichTextBlock):
    """Words with emphasis, links, lists and small headings."""

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        group = WORDS
        description = _("Paragraphs with emphasis, links, lists and small headings.")
        preview_template = "lms/blocks/preview.html"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": ["h3", *RICH_TEXT_FEATURES]} | kwargs)

    def get_preview_value(self) -> Any:
        """Show an example."""
        return self.normalize(
            paragraph(
                gettext(
                    "Switch off the lamp and move the table to the window. <b>Soft light</b> shows the colour of "
                    "the cloth as it is."
                )
            )
        )


class CalloutBlock(TeachingBlock):
    """Something set apart from the text: a tip, a warning, or what is worth remembering."""

    kind = blocks.ChoiceBlock(
        label=_("kind"),
        choices=[("tip", _("Tip")), ("warning", _("Warning")), ("remember", _("Remember"))],
        default="tip",
    )
    title = blocks.CharBlock(label=_("title"), required=False, help_text=_("Empty: the name of the kind."))
    text = rich_text(_("text"))

    class Meta:
        icon = "help"
        label = _("Callout")
        label_format = "{title}"
        group = WORDS
        description = _("A tip, a warning or something to remember, set apart from the text.")
        template = "lms/blocks/callout.html"

    def example(self) -> dict[str, Any]:
        """A warning."""
        return {
            "kind": "warning",
            "text": paragraph(gettext("No bank ever asks for your PIN or code by telephone.")),
        }


class DefinitionBlock(blocks.StructBlock):
    """A term and what it means."""

    term = blocks.CharBlock(label=_("term"))
    meaning = rich_text(_("meaning"))

    class Meta:
        icon = "bookmark"
        label = _("Term")
        label_format = "{term}"


class DefinitionsBlock(TeachingBlock):
    """New terms and what they mean."""

    terms = blocks.ListBlock(DefinitionBlock(), label=_("terms"))

    class Meta:
        icon = "openquote"
        label = _("Terms explained")
        group = WORDS
        description = _("New terms, each with its meaning in plain words.")
        template = "lms/blocks/definitions.html"

    def example(self) -> dict[str, Any]:
        """Two terms."""
        return {
            "terms": [
                {
                    "term": "QRIS",
                    "meaning": paragraph(
                        gettext("One QR code that takes payments from every bank and wallet.")
                    ),
                },
                {
                    "term": gettext("Settlement"),
                    "meaning": paragraph(gettext("The moment at which the money arrives in your account.")),
                },
            ]
        }


class TableValue(blocks.StructValue):
    """A table as its template reads it."""

    @property
    def table(self) -> list[list[str]]:
        """The rows, each as a list of cells."""
        return cells(self.get("rows") or "")

    @property
    def head(self) -> list[str]:
        """The row of headings, if there is one."""
        return self.table[0] if self.get("header_row") and self.table else []

    @property
    def body(self) -> list[list[str]]:
        """The rows below the headings."""
        return self.table[1 if self.get("header_row") else 0 :]


class TableBlock(TeachingBlock):
    """A table, typed or pasted from a spreadsheet."""

    caption = blocks.CharBlock(label=_("caption"), help_text=_("What the table is about, in a few words."))
    rows = blocks.TextBlock(
        label=_("rows"),
        rows=6,
        help_text=_(
            "One row a line, cells separated by | (or paste from a spreadsheet). At most 6 columns: it must fit a phone."
        ),
    )
    header_row = blocks.BooleanBlock(label=_("The first row holds headings"), required=False, default=True)
    header_column = blocks.BooleanBlock(
        label=_("The first column holds headings"), required=False, default=True
    )

    class Meta:
        icon = "table"
        label = _("Table")
        label_format = "{caption}"
        group = WORDS
        description = _("Rows and columns with a caption. Can be pasted from a spreadsheet.")
        template = "lms/blocks/table.html"
        value_class = TableValue

    def clean(self, value: Any) -> Any:
        """Refuse a table whose rows differ in length, saying which."""
        cleaned = super().clean(value)
        problem = (
            "" if self.is_deferred_validation else _problem(cells(cleaned["rows"]), cleaned["header_row"])
        )
        if problem:
            raise StructBlockValidationError(block_errors={"rows": ValidationError(problem)})
        return cleaned

    def example(self) -> dict[str, Any]:
        """A small comparison."""
        return {
            "caption": gettext("What a payment costs"),
            "rows": gettext("Way | Fee | Money arrives\nCash | none | at once\nQRIS | 0.3% | next day"),
            "header_row": True,
            "header_column": True,
        }


def cells(text: str) -> list[list[str]]:
    """Return the cells of each line. A line with tabs was pasted from a spreadsheet; otherwise | separates.

    Args:
        text: one row a line; empty lines mean nothing. A | on both ends of a line is a frame and separates nothing.
    """
    rows = []
    for line in text.splitlines():
        if not line.strip():
            continue
        if "\t" in line:
            parts = line.split("\t")
        else:
            line = line.strip()
            if line.startswith("|") and line.endswith("|") and len(line) > 1:
                line = line[1:-1]
            parts = line.split("|")
        rows.append([part.strip() for part in parts])
    return rows


def _problem(rows: list[list[str]], header_row: bool) -> str:
    if len(rows) < 1 + bool(header_row):
        return gettext("Write at least one row below the headings.")
    width = len(rows[0])
    if width > COLUMNS:
        return gettext("There are %(count)s columns; at most %(most)s can be read on a phone.") % {
            "count": width,
            "most": COLUMNS,
        }
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            return ngettext(
                "Row %(number)s has %(count)s cell, but the first row has %(wanted)s.",
                "Row %(number)s has %(count)s cells, but the first row has %(wanted)s.",
                len(row),
            ) % {"number": number, "count": len(row), "wanted": width}
    return ""


# Migrations name Wagtail's classes, so that ours can be moved and changed.
DECONSTRUCT_ALIASES = {
    HeadingBlock: "wagtail.blocks.CharBlock",
    TextBlock: "wagtail.blocks.RichTextBlock",
}
