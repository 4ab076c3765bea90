"""Starting an attempt and handing it in. Limits are kept by the server's clock, under the lock of the learner."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db import transaction

from lms.assessment import queries
from lms.assessment.models import Answer, Attempt, Quiz
from lms.assessment.refusals import Refused
from lms.assessment.services.drawing import draw_questions, paper_of_questions
from lms.assessment.services.marking import mark_answers, settle
from lms.core import clock
from lms.progress import services as progress

logger = logging.getLogger(__name__)


def start_attempt(*, learner_id: int, activity_id: int, language: str) -> Attempt:
    """Start an attempt at a quiz, or return the one in progress. Any number of clicks at once start one.

    An attempt in progress whose time is over is handed in first, with what was saved.

    Args:
        learner_id: who; the caller has asked whether they may see the quiz.
        activity_id: of the quiz.
        language: code, in which the questions are put; frozen with the paper.

    Raises:
        Refused: no quiz, nothing to ask, no attempt left, too early for the next, the last one is still being graded.
            ``code`` and ``params`` as in ``queries.may_start``.
    """
    attempt, overdue = _start(learner_id, activity_id, language)
    if overdue is not None:
        submit(attempt_id=overdue)
        attempt, _ = _start(learner_id, activity_id, language)
    assert attempt is not None  # noqa: S101 -- an attempt that is not overdue is returned or made, or refused
    return attempt


@transaction.atomic
def _start(learner_id: int, activity_id: int, language: str) -> tuple[Attempt | None, int | None]:
    """Return the attempt, or the id of one that has to be closed first."""
    progress.lock_learners([learner_id])
    now = clock.now()
    quiz = queries.quiz_of(activity_id)
    if quiz is None:
        raise Refused("no-quiz")
    earlier = queries.attempts_of(learner_id, activity_id)
    running = next((one for one in earlier if one.state == Attempt.State.OPEN), None)
    if running is not None:
        late = running.closes_at is not None and running.closes_at <= now
        return (None, running.pk) if late else (running, None)
    refusal = queries.refusal(quiz, earlier, now=now)
    if refusal is not None:
        raise Refused(refusal.code, refusal.params)
    people = {learner_id, *(one.learner_id for one in earlier)}
    questions = draw_questions(quiz, learner_ids=people)
    if not questions:
        raise Refused("empty")
    return _make(
        quiz, questions, learner_id, language, max((one.number for one in earlier), default=0) + 1, now
    ), None


def _make(
    quiz: Quiz, questions: list[Any], learner_id: int, language: str, number: int, now: dt.datetime
) -> Attempt:
    deadline = closes = None
    if quiz.time_limit_minutes:
        deadline = now + dt.timedelta(minutes=quiz.time_limit_minutes)
        closes = deadline + dt.timedelta(seconds=quiz.grace_seconds)
    attempt = Attempt.objects.create(
        quiz=quiz,
        learner_id=learner_id,
        number=number,
        language=language,
        started_at=now,
        deadline_at=deadline,
        closes_at=closes,
        pass_mark=quiz.pass_mark,
        points_possible=sum(question.points for question in questions),
        paper=paper_of_questions(questions, language=language, shuffle_options=quiz.shuffle_options),
    )
    Answer.objects.bulk_create(
        Answer(attempt=attempt, question=question, worth=question.points) for question in questions
    )
    return attempt


@transaction.atomic
def submit(*, attempt_id: int) -> Attempt:
    """Hand in an attempt: mark what a machine can mark, and let the result count. Doing it twice changes nothing.

    After its time it is handed in as of its deadline, with what was saved until it closed.

    Args:
        attempt_id: key of the attempt.

    Returns:
        The attempt: graded, or waiting for a person to grade its tasks.

    Raises:
        Attempt.DoesNotExist: there is none.
    """
    learner_id = Attempt.objects.values_list("learner_id", flat=True).get(pk=attempt_id)
    progress.lock_learners([learner_id])
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("quiz").get(pk=attempt_id)
    if attempt.state != Attempt.State.OPEN:
        return attempt
    now = clock.now()
    late = attempt.closes_at is not None and attempt.closes_at <= now
    attempt.submitted_at = attempt.deadline_at if late else now
    attempt.timed_out = late
    waiting = mark_answers(attempt)
    attempt.state = Attempt.State.TO_GRADE
    attempt.save(update_fields=["submitted_at", "timed_out", "state", "updated_at"])
    if not waiting:
        settle(attempt)
    return attempt


def close_overdue() -> int:
    """Hand in every attempt whose time is over, with what was saved. Each is a transaction of its own.

    Returns:
        How many were handed in.
    """
    overdue = Attempt.objects.filter(state=Attempt.State.OPEN, closes_at__lte=clock.now()).order_by(
        "closes_at"
    )
    done = 0
    for pk in list(overdue.values_list("pk", flat=True)):
        try:
            submit(attempt_id=pk)
            done += 1
        except Exception:  # one attempt must not keep the others open
            logger.exception("Attempt %s could not be handed in; it is tried again next time.", pk)
    return done
