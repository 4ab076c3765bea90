"""Saving one answer. The last write wins by the server's order, and who overwrites unknowingly is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from lms.assessment import grading
from lms.assessment.models import Answer, Attempt
from lms.assessment.refusals import Refused
from lms.core import clock

#: Overwritten answers that are kept of one question.
KEPT = 10


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did.

    ``revision`` is sent with the next change. ``stale``: something else had been saved in the meantime (another tab, or
    the page from before); it is in ``replaced`` and stays in the record.
    """

    revision: int
    saved_at: dt.datetime
    stale: bool = False
    replaced: Any = None


@transaction.atomic
def save_answer(*, attempt_id: int, question_key: str, response: Any, revision: int | None = None) -> Saved:
    """Save an answer as it was given. Sending the same again changes nothing.

    Args:
        attempt_id: key of an attempt in progress.
        question_key: of a question in its paper.
        response: see ``grading.clean``; nothing takes the answer back.
        revision: of the answer that the sender had before them; None when the sender cannot know (a form without
            JavaScript sends it too).

    Raises:
        Refused: handed in already (``submitted``), too late (``time-is-up``; the caller calls ``submit`` then), no such
            question (``question``), or it cannot be an answer (``shape``, ``option``, ``long``, ``characters``).
        Attempt.DoesNotExist: there is none.
    """
    attempt, asked = open_question(attempt_id, question_key)
    try:
        given = grading.clean(asked, response)
    except grading.BadResponse as bad:
        raise Refused(bad.code) from None
    if given is not None and asked["kind"] == "written_task" and asked["answer_with"] == "files":
        raise Refused("no-words")
    answer = Answer.objects.get(attempt=attempt, question=asked["question"])
    if answer.response == given and answer.saved_at is not None:
        return Saved(answer.revision, answer.saved_at)
    stale = revision is not None and revision != answer.revision
    before, kept = answer.response, answer.replaced
    if stale and before is not None:
        kept = [*kept, {"response": before, "revision": answer.revision}][-KEPT:]
    now = clock.now()
    answer.response, answer.replaced = given, kept
    answer.revision += 1
    answer.saved_at = now
    answer.save(update_fields=["response", "replaced", "revision", "saved_at", "updated_at"])
    return Saved(answer.revision, now, stale=stale, replaced=before if stale else None)


def open_question(attempt_id: int, question_key: str) -> tuple[Attempt, dict[str, Any]]:
    """Lock an attempt in which answers may still change, and return it with one of its questions.

    Raises:
        Refused: ``submitted``, ``time-is-up``, ``question``.
    """
    attempt = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt_id)
    if attempt.state != Attempt.State.OPEN:
        raise Refused("submitted")
    if attempt.closes_at is not None and attempt.closes_at <= clock.now():
        raise Refused("time-is-up")
    for asked in attempt.paper["questions"]:
        if asked["key"] == question_key:
            return attempt, asked
    raise Refused("question")
