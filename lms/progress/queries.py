"""Reads of the ledger and its projections. Other areas come here and to ``services``, never to the models."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from lms.catalogue.models import OutlineVersion
from lms.progress import rules
from lms.progress.models import ActivityProgress, Completion, Enrolment, LearningRecord, Watching


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one run stands: percent of the whole, when completed, and which activities are done."""

    enrolment: Enrolment
    percent: int
    completed_at: Any
    done: Mapping[int, Any]


#: Fingerprint of an outline → its parts. A version is never edited and its fingerprint says all that it consists of, so
#: what was read once is true for ever, in every process; only few outlines are in use at a time.
_parts_of_fingerprint: OrderedDict[str, tuple[rules.Item, ...]] = OrderedDict()
_KEPT_OUTLINES = 500


def outline_as_rules(activity_id: int) -> list[rules.Version]:
    """Return all versions of an outline as the pure rules want them, oldest first.

    One query; one more when this process reads one of them for the first time.
    """
    return with_parts(OutlineVersion.objects.filter(activity_id=activity_id).order_by("number"))


def outline_in_force(activity_id: int) -> rules.Version | None:
    """Return the outline that is in force now, or None when there is none: as many queries as ``current_outlines``."""
    return current_outlines([activity_id]).get(activity_id)


def current_outlines(activity_ids: Iterable[int]) -> dict[int, rules.Version]:
    """Return activity id → the outline in force, for many activities.

    One query; one more when this process reads one of them for the first time.
    """
    versions = list(OutlineVersion.objects.filter(activity_id__in=list(activity_ids), ended_at=None))
    return dict(zip((version.activity_id for version in versions), with_parts(versions), strict=True))


def with_parts(versions: Iterable[OutlineVersion]) -> list[rules.Version]:
    """Return outlines as the pure rules want them: one query for all whose parts this process has not read yet."""
    versions = list(versions)
    if unread := [each for each in versions if each.fingerprint not in _parts_of_fingerprint]:
        prefetch_related_objects(unread, "items")
        _parts_of_fingerprint.update({each.fingerprint: tuple(as_rules(each).items) for each in unread})
    found = []
    for version in versions:
        # Another thread may just have made room.
        parts = _parts_of_fingerprint.get(version.fingerprint)
        found.append(_version(version, as_rules(version).items if parts is None else parts))
    while len(_parts_of_fingerprint) > _KEPT_OUTLINES:
        _parts_of_fingerprint.popitem(last=False)
    return found


def as_rules(version: OutlineVersion) -> rules.Version:
    """Return an outline as the pure rules want it; no query when its parts were prefetched."""
    items = sorted(version.items.all(), key=lambda item: item.position)
    place = {item.pk: number for number, item in enumerate(items)}
    return _version(
        version,
        [
            rules.Item(
                activity_id=item.activity_id,
                required=item.required,
                group=item.group,
                parent=place[item.parent_id] if item.parent_id else None,
                rule=item.rule,
            )
            for item in items
        ],
    )


def _version(version: OutlineVersion, items: Sequence[rules.Item]) -> rules.Version:
    return rules.Version(
        id=version.pk,
        items=items,
        started_at=version.started_at,
        ended_at=version.ended_at,
        needed=version.rules.get("needed"),
        sequential=version.rules.get("order") == "sequential",
    )


def evidence_of(
    *, activity_ids: Iterable[int], learner_ids: Sequence[int]
) -> dict[int, dict[int, list[rules.Evidence]]]:
    """Return learner id → activity id → unvoided evidence: two queries.

    A completion of something that has an outline itself (a series in a course) is evidence too.
    """
    activity_ids = list(activity_ids)
    found: dict[int, dict[int, list[rules.Evidence]]] = defaultdict(lambda: defaultdict(list))
    # By verb and not by ``voids``: SQLite without statistics would walk the index of everything that voids nothing.
    records = (
        LearningRecord.objects.filter(
            learner_id__in=learner_ids, activity_id__in=activity_ids, voided_by=None
        )
        .exclude(verb=LearningRecord.Verb.VOIDED)
        .values_list("learner_id", "activity_id", "verb", "occurred_at", "duration_seconds", "score_scaled")
    )
    for learner_id, activity_id, verb, occurred_at, duration, score in records:
        scaled = None if score is None else float(score)
        found[learner_id][activity_id].append(rules.Evidence(verb, occurred_at, duration, scaled))
    completions = Completion.objects.filter(
        enrolment__learner_id__in=learner_ids, enrolment__activity_id__in=activity_ids
    ).values_list("enrolment__learner_id", "enrolment__activity_id", "completed_at")
    for learner_id, activity_id, completed_at in completions:
        found[learner_id][activity_id].append(rules.Evidence("completed", completed_at))
    return found


def enrolments_of(learner_id: int) -> QuerySet[Enrolment]:
    """Return a learner's runs, newest first, with their activities."""
    return (
        Enrolment.objects.filter(learner_id=learner_id)
        .select_related("activity", "completion")
        .order_by("-started_at", "-id")
    )


def standing(*, learner_id: int, activity_id: int) -> Standing | None:
    """Return where a learner's latest run of an activity stands, or None when there is no run: two queries."""
    enrolment = (
        Enrolment.objects.filter(learner_id=learner_id, activity_id=activity_id)
        .select_related("completion")
        .order_by("-run")
        .first()
    )
    if enrolment is None:
        return None
    return standings([enrolment])[enrolment.pk]


def standings(enrolments: Sequence[Enrolment]) -> dict[int, Standing]:
    """Return enrolment id → where it stands, for many runs: two queries; one where each came with its ``completion``."""
    ids = [enrolment.pk for enrolment in enrolments]
    percents: dict[int, int] = {}
    done: dict[int, dict[int, Any]] = defaultdict(dict)
    whole = {enrolment.pk: enrolment.activity_id for enrolment in enrolments}
    for row in ActivityProgress.objects.filter(enrolment_id__in=ids):
        if row.activity_id == whole[row.enrolment_id]:
            percents[row.enrolment_id] = row.percent
        elif row.completed_at:
            done[row.enrolment_id][row.activity_id] = row.completed_at
    if all(Enrolment.completion.is_cached(each) for each in enrolments):
        held = {each.pk: getattr(each, "completion", None) for each in enrolments}
        completed = {pk: row.completed_at for pk, row in held.items() if row is not None}
    else:
        completed = dict(
            Completion.objects.filter(enrolment_id__in=ids).values_list("enrolment_id", "completed_at")
        )
    return {
        enrolment.pk: Standing(
            enrolment, percents.get(enrolment.pk, 0), completed.get(enrolment.pk), done.get(enrolment.pk, {})
        )
        for enrolment in enrolments
    }


def completions(ids: Iterable[int]) -> QuerySet[Completion]:
    """Return completions by id with their run, learner and activity."""
    return Completion.objects.filter(pk__in=list(ids)).select_related(
        "enrolment__learner", "enrolment__activity"
    )


def is_completed(*, learner_id: int, activity_id: int, run: int) -> bool:
    """Say whether a run is complete now and its learner has not withdrawn."""
    return Completion.objects.filter(
        enrolment__learner_id=learner_id,
        enrolment__activity_id=activity_id,
        enrolment__run=run,
        enrolment__state=Enrolment.State.ACTIVE,
    ).exists()


def history(*, learner_id: int, activity_ids: Iterable[int] | None = None) -> QuerySet[LearningRecord]:
    """Return a learner's unvoided records, newest first; their reasons become words in ``lms.learner``."""
    records = LearningRecord.objects.filter(learner_id=learner_id, voids=None, voided_by=None)
    if activity_ids is not None:
        records = records.filter(activity_id__in=list(activity_ids))
    return records.select_related("activity").order_by("-occurred_at", "-id")


def count_enrolments(activity_id: int) -> int:
    """Return how many learners are in an activity (runs that are active)."""
    return Enrolment.objects.filter(activity_id=activity_id, state=Enrolment.State.ACTIVE).count()


def watched_by(*, learner_id: int, activity_id: int) -> int:
    """Return how many seconds of a lesson's recording a learner has seen: one query."""
    rows = Watching.objects.filter(learner_id=learner_id, activity_id=activity_id)
    return rows.values_list("seconds", flat=True).first() or 0
