"""Quizzes and attempts of one learner: what there is, what counts, and whether another may start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q

from lms.assessment import grading
from lms.assessment.models import Attempt, Quiz, QuizPart
from lms.assessment.outcomes import outcome_of
from lms.assessment.refusals import Refusal
from lms.core import clock
from lms.people.handlers import everybody_behind
from lms.people.models import Learner


def quiz_of(activity_id: int) -> Quiz | None:
    """Return the quiz of an activity with its activity, or None when it was never published: one query."""
    return Quiz.objects.select_related("activity").filter(activity=activity_id).first()


def people_behind(learner_id: int) -> list[int]:
    """Return the ids of everybody who is this one person after merges: one query for somebody who was never merged."""
    found = list(Learner.objects.filter(Q(pk=learner_id) | Q(canonical_id=learner_id)))
    if len(found) == 1 and found[0].canonical_id is None:
        return [learner_id]
    return [one.pk for one in everybody_behind(Learner.objects.get(pk=learner_id))]


def attempts_of(learner_id: int, activity_id: int) -> list[Attempt]:
    """Return a person's attempts at a quiz, oldest first, also from before a merge; with their quiz: two queries."""
    return list(
        Attempt.objects.filter(quiz__activity=activity_id, learner__in=people_behind(learner_id))
        .select_related("quiz")
        .order_by("started_at", "number", "pk")
    )


def attempt_of(learner_id: int, public_id: str) -> Attempt | None:
    """Return one attempt of a person by its public id, with quiz and activity; None when it is nobody's or another's."""
    return (
        Attempt.objects.filter(public_id=public_id, learner__in=people_behind(learner_id))
        .select_related("quiz__activity")
        .first()
    )


def result_of(attempts: Sequence[Attempt]) -> Attempt | None:
    """Return which of a person's attempts at one quiz is their result, as its quiz says; None while there is none."""
    handed_in = [one for one in attempts if one.state != Attempt.State.OPEN]
    if not handed_in:
        return None
    number = grading.result([outcome_of(one) for one in handed_in], handed_in[0].quiz.counted_attempt)
    return next((one for one in handed_in if one.number == number), None)


def may_start(learner_id: int, activity_id: int) -> Refusal | None:
    """Say why a person may not start another attempt now; None when they may, or when one is in progress.

    Codes: ``no-quiz``; ``attempts`` (params ``allowed``); ``cooling`` (``until``, aware); ``to-grade``; ``empty``.
    ``Refusal.words(zone)`` says it. Access to the quiz is another question, asked by ``lms.learner``.
    """
    quiz = quiz_of(activity_id)
    if quiz is None:
        return Refusal("no-quiz")
    attempts = attempts_of(learner_id, activity_id)
    return may_start_after(quiz, attempts, parts=list(quiz.parts.all()))


def may_start_after(quiz: Quiz, attempts: Sequence[Attempt], *, parts: Sequence[QuizPart]) -> Refusal | None:
    """Say the same as ``may_start`` of a quiz whose attempts by this person and parts are known. No query."""
    if any(one.state == Attempt.State.OPEN for one in attempts):
        return None
    if not parts:
        return Refusal("empty")
    return refusal(quiz, attempts, now=clock.now())


def refusal(quiz: Quiz, attempts: Sequence[Attempt], *, now: dt.datetime) -> Refusal | None:
    """Judge a quiz's limits against earlier attempts, none of which is in progress. See ``may_start``."""
    if any(one.state == Attempt.State.TO_GRADE for one in attempts):
        return Refusal("to-grade")
    if quiz.attempts_allowed is not None and len(attempts) >= quiz.attempts_allowed:
        return Refusal("attempts", {"allowed": quiz.attempts_allowed})
    moments = [one.submitted_at for one in attempts if one.submitted_at]
    if moments and quiz.cooling_minutes:
        until = max(moments) + dt.timedelta(minutes=quiz.cooling_minutes)
        if now < until:
            return Refusal("cooling", {"until": until})
    return None
