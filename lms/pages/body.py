"""What the content of a page needs around it when it is shown, on its own page or in a learner's room."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.models import AbstractPage

from lms.pages.webinar_cards import cards_for

#: Blocks that lms/js/lesson.js makes handier.
SCRIPTED = frozenset({"video", "checklist"})


def body_context(page: AbstractPage, request: HttpRequest | None) -> dict[str, Any]:
    """Return the series that the content points at, and which scripts it is better with.

    Args:
        page: with a stream ``body``.
        request: for addresses.
    """
    names = {child.block_type for child in page.body}
    language = page.locale.language_code
    series = (
        [child.value["page"] for child in page.body.blocks_by_name("webinar")] if "webinar" in names else []
    )
    return {
        "page_language": language,
        "webinar_cards": cards_for([each for each in series if each], language=language, request=request),
        "body_scripted": bool(names & SCRIPTED),
        "body_has_sessions": bool(series),
    }
