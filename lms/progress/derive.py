"""Deriving: from the ledger and the outlines to progress and completion. Incremental and rebuild are the same function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from lms import signals
from lms.catalogue import kinds
from lms.catalogue.models import Activity
from lms.catalogue.queries import owners_containing
from lms.progress import rules
from lms.progress.models import ActivityProgress, Completion, Enrolment, StaleOutline
from lms.progress.queries import evidence_of, outline_as_rules

#: Learners handled at a time: within SQLite's limit of variables, and little memory.
BATCH = 500

T = TypeVar("T")


def batches(things: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """Cut a sequence into pieces of at most ``size``."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


# Inside a caller's transaction no savepoint is needed: what fails here fails the whole.
@transaction.atomic(savepoint=False)
def derive(*, activity_ids: Iterable[int], learner_ids: Sequence[int]) -> int:
    """Derive anew what these learners' evidence on these activities leads to, upwards: series, course, curriculum.

    Args:
        activity_ids: where evidence or rules changed.
        learner_ids: whose.

    Returns:
        How many rows of the projections were written, changed or removed; 0 means that all agreed already.
    """
    if not learner_ids:
        return 0
    learner_ids = list(learner_ids)
    asked = set(activity_ids)
    waiting = {owner.pk: owner for owner in Activity.objects.filter(pk__in=asked).only("kind")}
    waiting |= {owner.pk: owner for owner in owners_containing(asked)}
    written = 0
    # From the lowest level upwards. What stands above hears of a completion and of nothing else.
    while waiting:
        owner = min(waiting.values(), key=_level)
        del waiting[owner.pk]
        kind = kinds.get(owner.kind)
        if not (kind.level or kind.outline_from_pages):
            continue  # something to do; it has no outline
        rows, completions = 0, 0
        for batch in batches(learner_ids):
            changed = _derive_owner(owner, batch)
            rows, completions = rows + changed.rows, completions + changed.completions
        written += rows
        if completions:
            waiting |= {above.pk: above for above in owners_containing([owner.pk])}
    return written


@dataclass(frozen=True, slots=True)
class _Changed:
    """How many rows of the projections were written, changed or removed, and how many of them say that all is complete."""

    rows: int = 0
    completions: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of the projections that was not what the ledger leads to.

    ``activity_id``: the part; None: the completion of the whole. ``before`` and ``after``: percent and moment of
    completion; None: no such row.
    """

    learner_id: int
    owner_id: int
    run: int
    activity_id: int | None
    before: tuple[Any, ...] | None
    after: tuple[Any, ...] | None


#: Hears of each difference that a derivation finds.
Tell = Callable[[Difference], None]


def count_runs(*, activity_id: int | None = None, learner_id: int | None = None) -> int:
    """Return how many runs a rebuild looks at, for a progress bar."""
    return _runs(activity_id, learner_id).count()


def rebuild(
    *,
    activity_id: int | None = None,
    learner_id: int | None = None,
    tell: Tell | None = None,
    looked_at: Callable[[int], None] | None = None,
) -> int:
    """Derive progress anew from the ledger, in batches that are each a transaction.

    Args:
        activity_id: only of this course, series or curriculum; None: of all, from the lowest level upwards.
        learner_id: only of this learner.
        tell: hears of each row that differed.
        looked_at: hears how many runs a batch held, after it.

    Returns:
        How many rows differed. 0 is right.
    """
    runs = _runs(activity_id, learner_id)
    owners = Activity.objects.filter(pk__in=runs.values("activity_id"))
    differences = 0
    for owner in sorted(owners, key=_level):
        mine = runs.filter(activity=owner).order_by("learner_id")
        for batch in batches(list(mine.values_list("learner_id", flat=True).distinct())):
            differences += _derive_owner(owner, batch, tell).rows
            if looked_at is not None:
                looked_at(mine.filter(learner_id__in=batch).count())
    return differences


def _runs(activity_id: int | None, learner_id: int | None) -> QuerySet[Enrolment]:
    only = {
        key: value
        for key, value in {"activity_id": activity_id, "learner_id": learner_id}.items()
        if value is not None
    }
    return Enrolment.objects.filter(**only)


def refresh_outline(*, activity_id: int) -> int:
    """Work off one changed outline in batches, each its own transaction; killed in between, it goes on where it was.

    Returns:
        How many runs were derived.
    """
    count = 0
    while True:
        with transaction.atomic():
            stale = StaleOutline.objects.select_for_update().filter(activity_id=activity_id).first()
            if stale is None:
                return count
            batch = list(
                Enrolment.objects.filter(activity_id=activity_id, pk__gt=stale.reached_enrolment)
                .order_by("pk")
                .values_list("pk", "learner_id")[:BATCH]
            )
            if not batch:
                stale.delete()
                return count
            derive(activity_ids=[activity_id], learner_ids=[learner_id for _, learner_id in batch])
            StaleOutline.objects.filter(pk=stale.pk).update(reached_enrolment=batch[-1][0])
            count += len(batch)


def _level(activity: Activity) -> tuple[int, int]:
    return kinds.get(activity.kind).level, activity.pk


def _derive_owner(owner: Activity, learner_ids: Sequence[int], tell: Tell | None = None) -> _Changed:
    with transaction.atomic(savepoint=False):
        runs = list(
            Enrolment.objects.select_for_update()
            .filter(activity=owner, learner_id__in=learner_ids, state__in=Enrolment.JUDGED)
            .order_by("learner_id", "run")  # the order of the index, and the same for everybody who locks
        )
        if not runs:
            return _Changed()
        versions = outline_as_rules(owner.pk)
        items = {item.activity_id for version in versions for item in version.items} | {owner.pk}
        evidence = evidence_of(activity_ids=items, learner_ids=sorted({run.learner_id for run in runs}))
        verdicts = {
            run.pk: rules.judge(
                versions,
                evidence.get(run.learner_id, {}),
                owner_id=owner.pk,
                since=None if run.run == 1 else run.started_at,
                until=run.ends_at,
            )
            for run in runs
        }
        by_run = {run.pk: run for run in runs}
        progress = _write_progress(owner, by_run, verdicts, tell)
        completions = _write_completions(by_run, verdicts, tell)
        return _Changed(progress + completions, completions)


def _write_progress(
    owner: Activity, by_run: dict[int, Enrolment], verdicts: dict[int, rules.Verdict], tell: Tell | None
) -> int:
    wanted: dict[tuple[int, int], tuple[int, Any]] = {}
    for run_id, verdict in verdicts.items():
        wanted[run_id, owner.pk] = (verdict.percent, verdict.completed_at)
        for activity_id, moment in verdict.done.items():
            wanted[run_id, activity_id] = (100, moment)
    gone = []
    before: dict[tuple[int, int], tuple[Any, ...]] = {}
    there = ActivityProgress.objects.filter(enrolment_id__in=verdicts)
    for pk, run_id, activity_id, *values in there.values_list(
        "pk", "enrolment_id", "activity_id", "percent", "completed_at"
    ):
        target = wanted.get((run_id, activity_id))
        if target == tuple(values):
            del wanted[run_id, activity_id]
            continue
        before[run_id, activity_id] = tuple(values)
        if target is None:
            gone.append(pk)
    if tell is not None:
        for key in sorted(before.keys() | wanted.keys()):
            run = by_run[key[0]]
            tell(Difference(run.learner_id, owner.pk, run.run, key[1], before.get(key), wanted.get(key)))
    if gone:
        ActivityProgress.objects.filter(pk__in=gone).delete()
    # New and changed rows in one kind of statement; bulk_update would cost several times as much.
    ActivityProgress.objects.bulk_create(
        [
            ActivityProgress(
                enrolment_id=run_id, activity_id=activity_id, percent=percent, completed_at=moment
            )
            for (run_id, activity_id), (percent, moment) in wanted.items()
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["enrolment", "activity"],
        update_fields=["percent", "completed_at"],
    )
    return len(gone) + len(wanted)


def _write_completions(
    by_run: dict[int, Enrolment], verdicts: dict[int, rules.Verdict], tell: Tell | None
) -> int:
    there = {row.enrolment_id: row for row in Completion.objects.filter(enrolment_id__in=verdicts)}
    lost = [row for run_id, row in there.items() if verdicts[run_id].completed_at is None]
    changed, fresh = [], []
    for run_id, verdict in verdicts.items():
        row = there.get(run_id)
        _tell_completion(by_run[run_id], row, verdict, tell)
        if verdict.completed_at is None or verdict.version_id is None:
            continue
        if row is None:
            fresh.append(
                Completion(
                    enrolment_id=run_id, version_id=verdict.version_id, completed_at=verdict.completed_at
                )
            )
        elif (row.version_id, row.completed_at) != (verdict.version_id, verdict.completed_at):
            row.version_id, row.completed_at = verdict.version_id, verdict.completed_at
            changed.append(row)
    if lost:
        Completion.objects.filter(pk__in=[row.pk for row in lost]).delete()
        signals.completion_lost.send(
            sender=Completion,
            lost=[
                (run.learner_id, run.activity_id, run.run)
                for run in (by_run[row.enrolment_id] for row in lost)
            ],
        )
    Completion.objects.bulk_update(changed, ["version", "completed_at"], batch_size=BATCH)
    if fresh:
        Completion.objects.bulk_create(fresh, batch_size=BATCH)
        signals.completed.send(sender=Completion, completion_ids=[row.pk for row in fresh])
    return len(lost) + len(changed) + len(fresh)


def _tell_completion(
    run: Enrolment, row: Completion | None, verdict: rules.Verdict, tell: Tell | None
) -> None:
    before = (100, row.completed_at) if row else None
    after = (100, verdict.completed_at) if verdict.completed_at else None
    if tell is not None and before != after:
        tell(Difference(run.learner_id, run.activity_id, run.run, None, before, after))
