"""Background work of quizzes. Thin: a task calls a service, and the sweep does what no task did."""

from __future__ import annotations

from django_tasks import task

from lms.assessment.services import attempts, files, regrading


@task()
def regrade(question_id: int) -> int:
    """Grade anew what was asked a corrected question."""
    return regrading.regrade(question_id=question_id)


@task()
def recount(quiz_id: int) -> int:
    """Tell the ledger anew which attempts at a quiz count."""
    return regrading.recount(quiz_id=quiz_id)


def sweep_assessment() -> int:
    """Hand in what is overdue, grade and count anew what waits for it, delete files without a row. Returns how much was done."""
    done = attempts.close_overdue() + regrading.regrade_due() + regrading.recount_due()
    return done + files.forget_orphans()
