"""What the content of a page needs around it when it is shown, on its own page or in a learner's room."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.models import AbstractPage

from lms.pages.blocks.shelf import SeriesChooserBlock, chosen, shelf_for
from lms.pages.line import whole
from lms.pages.webinar_cards import cards_for, pages_of_series

#: Blocks that lms/js/lesson.js makes handier.
SCRIPTED = frozenset({"video", "checklist"})


def body_context(page: AbstractPage, request: HttpRequest | None) -> dict[str, Any]:
    """Return the series that the content points at, and which scripts it is better with; read the content's blocks.

    At most one query each for pictures, files, series and their next sessions; none where the content is withheld.

    Args:
        page: with a stream ``body``.
        request: for addresses.
    """
    language = page.locale.language_code
    if page.__dict__.get("lms_withheld"):
        return {"page_language": language}
    named = chosen(page.body).get(SeriesChooserBlock)
    rows = pages_of_series(named[1]) if named else []
    pages = {row.page_id: whole(row.page) for row in rows if row.page_id and row.page}
    with shelf_for(page.body, {SeriesChooserBlock: pages}):
        names = {child.block_type for child in page.body}
    return {
        "page_language": language,
        "webinar_cards": cards_for(rows, language=language, request=request),
        "body_scripted": bool(names & SCRIPTED),
        "body_has_sessions": named is not None,
    }
