"""Writes of the ledger. Every record derives its projections and sends its news in the same transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from lms import signals
from lms.core import clock
from lms.people.models import Learner
from lms.progress.derive import BATCH, batches, derive
from lms.progress.models import LearningRecord

#: Namespace of statement ids that are made from what caused a record.
STATEMENTS = uuid.UUID("6f0f7b5e-5f0c-4a55-9b0e-6f1d4a0c2e11")


@dataclass(frozen=True, slots=True)
class Statement:
    """One record to be: who did what with which activity, when, and why we say so.

    ``cause`` names what caused it ("lesson:12:34"); the same cause never makes a second record.
    """

    cause: str
    learner_id: int
    activity_id: int
    verb: str
    occurred_at: dt.datetime
    reason: str
    reason_params: Mapping[str, Any] = field(default_factory=dict)
    duration_seconds: int | None = None
    score_scaled: float | None = None

    @property
    def statement_id(self) -> uuid.UUID:
        """The id that the cause leads to, always the same."""
        return uuid.uuid5(STATEMENTS, self.cause)


@transaction.atomic
def record(statements: Sequence[Statement]) -> list[int]:
    """Add statements to the ledger, derive what follows, and tell others. Saying one twice adds nothing.

    Args:
        statements: any number; learners are locked, so that parallel sayings of one statement make one record.

    Returns:
        Ids of the records that are new.
    """
    new: list[int] = []
    for batch in batches(statements):
        lock_learners(sorted({each.learner_id for each in batch}))
        by_id = {each.statement_id: each for each in batch}
        known = set(
            LearningRecord.objects.filter(statement_id__in=by_id).values_list("statement_id", flat=True)
        )
        rows = [
            LearningRecord(
                statement_id=key,
                learner_id=each.learner_id,
                activity_id=each.activity_id,
                verb=each.verb,
                occurred_at=each.occurred_at,
                duration_seconds=each.duration_seconds,
                score_scaled=each.score_scaled,
                reason=each.reason,
                reason_params=dict(each.reason_params),
            )
            for key, each in by_id.items()
            if key not in known
        ]
        new += _store(rows)
    return new


@transaction.atomic
def void(
    *, record_ids: Iterable[int], reason: str, reason_params: Mapping[str, Any] | None = None
) -> list[int]:
    """Take records back by adding voiding records (xAPI: voided). One that is voided already stays as it is.

    Returns:
        Ids of the voiding records.
    """
    new: list[int] = []
    for batch in batches(sorted(set(record_ids))):
        targets = list(LearningRecord.objects.filter(pk__in=batch, voids=None).order_by("pk"))
        lock_learners(sorted({target.learner_id for target in targets}))
        voided = set(LearningRecord.objects.filter(voids_id__in=batch).values_list("voids_id", flat=True))
        rows = [
            LearningRecord(
                statement_id=uuid.uuid5(STATEMENTS, f"void:{target.statement_id}"),
                learner_id=target.learner_id,
                activity_id=target.activity_id,
                verb=LearningRecord.Verb.VOIDED,
                occurred_at=clock.now(),
                reason=reason,
                reason_params=dict(reason_params or {}),
                voids=target,
            )
            for target in targets
            if target.pk not in voided
        ]
        new += _store(rows)
    return new


@transaction.atomic
def replace_evidence(
    *, activity_id: int, verb: str, learner_ids: Iterable[int], wanted: Mapping[int, Statement], reason: str
) -> int:
    """Make the ledger say exactly this about an activity: void what differs, add what is missing, leave what agrees.

    Used where evidence is computed as a whole (attendance from all applied reports). The statements' ``cause`` gets
    a counter, because the same words may be said, taken back and said again.

    Args:
        activity_id: what it is about.
        verb: only records with this verb are compared.
        learner_ids: whose records may change; learners without a wanted statement end with none.
        wanted: learner id → the statement that should stand.
        reason: code of the reason that voiding records carry.

    Returns:
        How many records were added.
    """
    added = 0
    for batch in batches(sorted(set(learner_ids))):
        lock_learners(batch)
        rows = LearningRecord.objects.filter(activity_id=activity_id, verb=verb, learner_id__in=batch)
        counts: dict[int, int] = {}
        standing: dict[int, LearningRecord] = {}
        for row in rows.select_related("voided_by"):
            counts[row.learner_id] = counts.get(row.learner_id, 0) + 1
            if not hasattr(row, "voided_by"):
                standing[row.learner_id] = row
        wrong = [row.pk for key, row in standing.items() if not _agrees(row, wanted.get(key))]
        missing = [
            _numbered(wanted[key], counts.get(key, 0))
            for key in batch
            if key in wanted and (key not in standing or standing[key].pk in wrong)
        ]
        added += len(void(record_ids=wrong, reason=reason)) + len(record(missing))
    return added


def _agrees(row: LearningRecord, statement: Statement | None) -> bool:
    return (
        statement is not None
        and row.occurred_at == statement.occurred_at
        and row.duration_seconds == statement.duration_seconds
        and row.reason == statement.reason
        and row.reason_params == dict(statement.reason_params)
    )


def _numbered(statement: Statement, count: int) -> Statement:
    return Statement(
        cause=f"{statement.cause}:{count}",
        learner_id=statement.learner_id,
        activity_id=statement.activity_id,
        verb=statement.verb,
        occurred_at=statement.occurred_at,
        reason=statement.reason,
        reason_params=statement.reason_params,
        duration_seconds=statement.duration_seconds,
        score_scaled=statement.score_scaled,
    )


def lock_learners(learner_ids: Sequence[int]) -> None:
    """Lock the rows of these learners until the transaction ends: what is said of one of them waits its turn."""
    # In order of id, so that two transactions never wait for each other; and not the key, because both may already have
    # written a row that points at the learner.
    list(
        Learner.objects.select_for_update(no_key=True)
        .filter(pk__in=learner_ids)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _store(rows: list[LearningRecord]) -> list[int]:
    if not rows:
        return []
    LearningRecord.objects.bulk_create(rows, batch_size=BATCH)
    ids = [row.pk for row in rows]
    by_activity: dict[int, set[int]] = {}
    for row in rows:
        by_activity.setdefault(row.activity_id, set()).add(row.learner_id)
    for activity_id, learner_ids in by_activity.items():
        derive(activity_ids=[activity_id], learner_ids=sorted(learner_ids))
    signals.recorded.send(sender=LearningRecord, record_ids=ids)
    return ids
