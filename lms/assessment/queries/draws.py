"""Whether banks offer what quizzes draw."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext


def draws_that_lack(questions: Any) -> list[str]:
    """Return what is wrong with draws, a sentence each: banks that offer too few questions. A query for each draw.

    Args:
        questions: the stream of a quiz page.
    """
    found = []
    for block in questions:
        if block.block_type != "draw" or block.value is None or block.value["bank"] is None:
            continue
        bank, wanted = block.value["bank"], block.value["how_many"] or 0
        offered = bank.questions.filter(archived=False)
        if block.value["difficulty"]:
            offered = offered.filter(difficulty=block.value["difficulty"])
        count = offered.count()
        if count < wanted:
            found.append(
                ngettext(
                    "“%(bank)s” offers %(count)d question for this draw, and %(wanted)d are asked for.",
                    "“%(bank)s” offers %(count)d questions for this draw, and %(wanted)d are asked for.",
                    count,
                )
                % {"bank": bank.title, "count": count, "wanted": wanted}
            )
    return found
