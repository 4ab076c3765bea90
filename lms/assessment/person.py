"""A person's attempts, answers and files. Points and dates stay for the totals; what they wrote and handed in goes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from lms.assessment.models import Answer, AnswerFile, TaskGrade
from lms.core import clock
from lms.people.handlers import Traces, keep, register
from lms.people.models import Learner

WRITTEN = ("written_task", "short_text", "number")


def connect() -> None:
    """Register the handlers of this area."""
    # The paper holds what is right, which is not the person's; what they were asked stands beside their answers.
    register(
        "lms.Attempt",
        "learner",
        erase=keep,
        also={"quiz": "quiz__activity__title"},
        hidden=["paper", "times_said"],
    )
    asked = {"quiz": "attempt__quiz__activity__title", "question": "question__label"}
    register("lms.Answer", "attempt__learner", erase=_erase_answers, also=asked)
    register(
        "lms.AnswerFile",
        "answer__attempt__learner",
        erase=_erase_files,
        also={"question": "answer__question__label"},
    )
    register(
        "lms.TaskGrade",
        "answer__attempt__learner",
        erase=_erase_comments,
        also={"question": "answer__question__label"},
    )
    # What somebody graded, through their account.
    register("lms.TaskGrade", "graded_by__lms_learners", erase=_let_go, hidden=["comment", "criteria"])


def _erase_answers(ids: Sequence[int], traces: Traces) -> int:
    """Take out what they typed; which options they chose says nothing of who they are, and is counted."""
    count = 0
    typed = Answer.objects.filter(attempt__learner__in=ids, question__kind__in=WRITTEN)
    for answer in typed.exclude(response__isnull=True, replaced=[]):
        count += Answer.objects.filter(pk=answer.pk).update(
            response=None, replaced=[], updated_at=clock.now()
        )
    return count


def _erase_files(ids: Sequence[int], traces: Traces) -> int:
    """Delete what they handed in, the file after the commit: it cannot be brought back when that is undone."""
    rows = list(AnswerFile.objects.filter(answer__attempt__learner__in=ids))
    for row in rows:
        if row.file.name:
            transaction.on_commit(partial(row.file.storage.delete, row.file.name))
    AnswerFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _erase_comments(ids: Sequence[int], traces: Traces) -> int:
    """Blank what was said to them; their points stay."""
    rows = TaskGrade.objects.filter(answer__attempt__learner__in=ids).exclude(comment="")
    return rows.update(comment="", updated_at=clock.now())


def _let_go(ids: Sequence[int], traces: Traces) -> int:
    accounts = Learner.objects.filter(pk__in=ids).exclude(user=None).values_list("user_id", flat=True)
    return TaskGrade.objects.filter(graded_by__in=list(accounts)).update(graded_by=None)
