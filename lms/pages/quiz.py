"""What a quiz page tells everybody before they begin: how much is asked, what passes, how often and how long."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.pages.context import lesson_context


def quiz_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """Return the place of a quiz in its course, and its rules as sentences. A draft says what it would ask."""
    return lesson_context(page, request) | {
        "rules": quiz_rules(page),
        "only_tasks": only_tasks(page),
    }


def quiz_rules(page: Any) -> list[str]:
    """Return the rules of a quiz page, a sentence each, in the reader's language."""
    count = questions_of(page)
    if only_tasks(page):
        asked = ngettext("%(count)d task.", "%(count)d tasks.", count)
    else:
        asked = ngettext("%(count)d question.", "%(count)d questions.", count)
    words = [asked % {"count": count}]
    if page.pass_mark:
        words.append(_("You pass with %(percent)s%% of the points.") % {"percent": page.pass_mark})
    else:
        words.append(_("You pass when you hand in your answers."))
    if page.attempts_allowed is None:
        words.append(_("You may try as often as you like."))
    else:
        words.append(
            ngettext("You may try once.", "You may try %(count)d times.", page.attempts_allowed)
            % {"count": page.attempts_allowed}
        )
    if page.time_limit_minutes:
        words.append(
            ngettext(
                "Once you begin you have %(count)d minute.",
                "Once you begin you have %(count)d minutes.",
                page.time_limit_minutes,
            )
            % {"count": page.time_limit_minutes}
        )
    else:
        words.append(_("There is no time limit; what you answer is kept."))
    return words


def only_tasks(page: Any) -> bool:
    """Say whether a quiz names nothing but written tasks, so that people call it an assignment."""
    blocks = [block for block in page.questions if block.value is not None]
    return bool(blocks) and all(
        block.block_type == "question" and block.value.kind == "written_task" for block in blocks
    )


def questions_of(page: Any) -> int:
    """Return how many questions an attempt has; one query, since a stream of choosers is read at once."""
    return sum(
        1 if block.block_type == "question" else block.value["how_many"] or 0
        for block in page.questions
        if block.value is not None
    )
