"""Whom a change of rules would touch, and how, before it is published. Nothing is written."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lms.catalogue.outlines import Part, differs
from lms.core import clock
from lms.progress import rules
from lms.progress.access import day_of, prerequisites_by_key, prerequisites_in_force
from lms.progress.derive import BATCH, batches
from lms.progress.models import Completion, Enrolment
from lms.progress.queries import evidence_of, outline_as_rules

#: Runs that are judged at most, newest first: an editor waits for the answer.
MOST = 4 * BATCH


@dataclass(slots=True)
class Impact:
    """What publishing would do to people: counts of runs among those looked at.

    ``total``: runs that go on; ``looked_at``: how many of them were judged. ``completing``: complete the course at once;
    ``gaining`` and ``losing``: see a higher or lower percent; ``closing``: lose the way into a part that is open to them
    now; ``opening``: gain one.
    """

    total: int = 0
    looked_at: int = 0
    completing: int = 0
    gaining: int = 0
    losing: int = 0
    closing: int = 0
    opening: int = 0

    @property
    def touched(self) -> bool:
        """Say whether anybody would notice."""
        return bool(self.completing or self.gaining or self.losing or self.closing or self.opening)


def impact_of(
    *, activity_id: int, parts: Sequence[Part], outline_rules: Mapping[str, object]
) -> Impact | None:
    """Judge everybody in a course by the outline that would be, and compare.

    Args:
        activity_id: the course, curriculum or series.
        parts: of the outline that would be.
        outline_rules: its rules, as ``OutlineVersion.rules``.

    Returns:
        None when the outline would stay as it is. The number of queries grows only with batches of 500 runs.
    """
    if not differs(activity_id=activity_id, parts=parts, rules=dict(outline_rules)):
        return None
    now = clock.now()
    before = outline_as_rules(activity_id)
    if before:
        before[-1] = replace(before[-1], prerequisites=prerequisites_in_force(activity_id))
    after = [
        *(replace(each, ended_at=each.ended_at or now) for each in before),
        _to_be(parts, outline_rules, now),
    ]
    runs = Enrolment.objects.filter(activity_id=activity_id, state=Enrolment.State.ACTIVE)
    found = Impact(total=runs.count())
    items = {item.activity_id for version in after for item in version.items if item.activity_id > 0}
    needs = {each for version in after[-2:] for each in version.prerequisites}
    for batch in batches(list(runs.order_by("-pk")[:MOST])):
        learner_ids = sorted({run.learner_id for run in batch})
        evidence = evidence_of(activity_ids=items | {activity_id}, learner_ids=learner_ids)
        completed = _completed(learner_ids, needs)
        for run in batch:
            found.looked_at += 1
            judged = evidence.get(run.learner_id, {})
            mine = completed.get(run.learner_id, set())
            _compare(found, _judge(run, before, judged, mine, now), _judge(run, after, judged, mine, now))
    return found


@dataclass(frozen=True, slots=True)
class _Sight:
    """What one learner sees: how far, whether complete, which parts there are, and which of them are open."""

    percent: int
    complete: bool
    parts: frozenset[int]
    open: frozenset[int]


def _judge(
    run: Enrolment,
    versions: Sequence[rules.Version],
    evidence: Mapping[int, Sequence[rules.Evidence]],
    completed: set[int],
    now: dt.datetime,
) -> _Sight:
    since = None if run.run == 1 else run.started_at
    verdict = rules.judge(versions, evidence, owner_id=run.activity_id, since=since, until=run.ends_at)
    if not versions:
        return _Sight(0, False, frozenset(), frozenset())
    version = versions[-1]
    ways = frozenset(
        item.activity_id
        for place, item in enumerate(version.items)
        if not item.group
        and not rules.locks(
            version,
            place,
            done=verdict.done,
            completed=completed,
            started_on=day_of(run.started_at),
            today=day_of(now),
        )
    )
    parts = frozenset(item.activity_id for item in version.items if not item.group)
    return _Sight(verdict.percent, verdict.completed_at is not None, parts, ways)


def _compare(found: Impact, before: _Sight, after: _Sight) -> None:
    found.completing += after.complete and not before.complete
    found.gaining += after.percent > before.percent
    found.losing += after.percent < before.percent
    found.closing += bool((before.open & after.parts) - after.open)
    found.opening += bool((after.open & before.parts) - before.open)


def _to_be(parts: Sequence[Part], outline_rules: Mapping[str, object], now: dt.datetime) -> rules.Version:
    needed, keys = outline_rules.get("needed"), outline_rules.get("prerequisites")
    return rules.Version(
        id=0,
        items=[
            rules.Item(part.activity_id, part.required, part.group, part.parent, part.rule) for part in parts
        ],
        started_at=now,
        needed=needed if isinstance(needed, int) else None,
        sequential=outline_rules.get("order") == "sequential",
        prerequisites=prerequisites_by_key(keys if isinstance(keys, list) else ()),
    )


def _completed(learner_ids: Sequence[int], activity_ids: set[int]) -> dict[int, set[int]]:
    """Return learner id → which of some activities they completed."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Completion.objects.filter(
        enrolment__learner_id__in=learner_ids, enrolment__activity_id__in=activity_ids
    )
    for learner_id, activity_id in rows.values_list("enrolment__learner_id", "enrolment__activity_id"):
        found[learner_id].add(activity_id)
    return found
