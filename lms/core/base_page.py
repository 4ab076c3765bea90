"""The project's base page model. Wagtail 8 lets a project swap it, so nothing of ours names ``wagtailcore.Page``."""

from __future__ import annotations

import swapper
from wagtail.models import AbstractPage


def base_page() -> type[AbstractPage]:
    """Return the model that all page types of this project inherit from (WAGTAIL_PAGE_MODEL)."""
    return swapper.load_model("wagtailcore", "Page")
