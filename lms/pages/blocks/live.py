"""Blocks that lead to people: a webinar series, and who speaks in it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from lms.pages.blocks.base import LIVE, TeachingBlock
from lms.pages.blocks.shelf import DrawnImageChooserBlock, SeriesChooserBlock
from lms.pages.webinar_cards import card_for


class WebinarBlock(TeachingBlock):
    """A way to one of our webinar series, with its next date."""

    page = SeriesChooserBlock(label=_("webinar series"), page_type="lms_pages.WebinarSeriesPage")
    text = blocks.CharBlock(
        label=_("why it helps here"),
        required=False,
        help_text=_("One sentence, such as: “Bring your first three photos.”"),
    )

    class Meta:
        icon = "group"
        label = _("Webinar")
        group = LIVE
        description = _("A webinar series with its next date, kept up to date by itself.")
        template = "lms/blocks/webinar.html"
        preview_template = "lms/blocks/preview_webinar.html"

    def example(self) -> dict[str, Any]:
        """Words only: the preview draws the date."""
        return {"page": None, "text": gettext("Bring your first three photos.")}

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the series as a visitor may see it: found with the page's others at once, else by itself."""
        context = super().get_context(value, parent_context)
        page = value.get("page")
        context["card"] = card_for(page, context) if page else None
        return context


class SpeakerBlock(TeachingBlock):
    """Somebody who speaks in a session, and why it is worth listening."""

    name = blocks.CharBlock(label=_("name"))
    role = blocks.CharBlock(label=_("what they do"), required=False)
    text = blocks.TextBlock(label=_("about them"), required=False, rows=3)
    image = DrawnImageChooserBlock(label=_("portrait"), required=False)

    class Meta:
        icon = "user"
        label = _("Speaker")
        label_format = "{name}"
        description = _("Somebody who speaks, and why it is worth listening.")
        template = "lms/blocks/speaker.html"

    def example(self) -> dict[str, Any]:
        """Somebody invented."""
        return {
            "name": "Ibu Contoh Sari",
            "role": gettext("Sells batik in Makassar"),
            "text": gettext("Began with one photo a day, and now ships to eleven provinces."),
        }
