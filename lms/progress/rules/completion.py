"""When is something done, and a whole completed?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from lms.progress.rules.outline import steps
from lms.progress.rules.values import Evidence, Item, Verdict, Version


def satisfies(rule: Mapping[str, Any], evidence: Evidence) -> bool:
    """Say whether one record is enough for a rule.

    An empty rule is satisfied by ``completed`` and ``passed``. ``min_seconds`` asks for ``attended`` with at least that
    duration, ``min_watched`` for ``watched`` with at least that, ``min_score`` for a scaled score of at least that much.
    ``waived`` (an exemption with a reason) satisfies every rule.
    """
    if evidence.verb == "waived":
        return True
    if "min_seconds" in rule:
        return evidence.verb == "attended" and (evidence.duration_seconds or 0) >= rule["min_seconds"]
    if "min_watched" in rule:
        return evidence.verb == "watched" and (evidence.duration_seconds or 0) >= rule["min_watched"]
    if "min_score" in rule:
        return evidence.score_scaled is not None and evidence.score_scaled >= rule["min_score"]
    return evidence.verb in ("completed", "passed")


def done_at(
    item: Item, evidence: Iterable[Evidence], *, before: dt.datetime | None = None
) -> dt.datetime | None:
    """Return when an item was first done, or None.

    Args:
        item: what is asked for.
        evidence: unvoided records of the item's activity.
        before: count only what occurred before this moment (the end of a version); None counts everything.
    """
    moments = [
        each.occurred_at
        for each in evidence
        if (before is None or each.occurred_at < before) and satisfies(item.rule, each)
    ]
    return min(moments, default=None)


def judge(
    versions: Sequence[Version],
    evidence: Mapping[int, Sequence[Evidence]],
    *,
    owner_id: int | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> Verdict:
    """Judge one run of one learner against all versions of an outline.

    Args:
        versions: oldest first; the last one gives the percent.
        evidence: activity id → unvoided records.
        owner_id: the activity whose outline it is; an exemption from it as a whole completes it.
        since: a later run counts only what occurred at or after its start; None for the first run.
        until: a run that ended counts only what occurred before its end; None while it has no end.

    Returns:
        The earliest completion over all versions; percent of the current version, 100 exactly when completed.
    """
    if since is not None or until is not None:
        evidence = {
            key: [each for each in records if _within(each.occurred_at, since, until)]
            for key, records in evidence.items()
        }
    found: list[tuple[dt.datetime, int]] = []
    for place, version in enumerate(versions):
        moment = _completed_at(version, evidence, first=place == 0)
        if moment is not None:
            found.append((moment, version.id))
    if owner_id is not None:
        found += _exempted(versions, evidence.get(owner_id, ()))
    # The earliest; of two at the same moment the older version, which stands first.
    best = min(found, key=lambda each: each[0], default=None)
    done: dict[int, dt.datetime] = {}
    percent = 0
    if versions:
        current = versions[-1]
        for item in current.items:
            moment = None if item.group else done_at(item, evidence.get(item.activity_id, ()))
            if moment is not None:
                done[item.activity_id] = moment
        reached, needed = steps(current, done)
        percent = 100 * reached // needed if needed else 0
    if best is None:
        return Verdict(percent=min(percent, 99), done=done)
    return Verdict(percent=100, completed_at=best[0], version_id=best[1], done=done)


def _within(moment: dt.datetime, since: dt.datetime | None, until: dt.datetime | None) -> bool:
    return (since is None or moment >= since) and (until is None or moment < until)


def _completed_at(
    version: Version, evidence: Mapping[int, Sequence[Evidence]], *, first: bool
) -> dt.datetime | None:
    def of_item(item: Item) -> dt.datetime | None:
        return done_at(item, evidence.get(item.activity_id, ()), before=version.ended_at)

    moment = _moment(version, None, of_item)
    if moment is None or first:
        return moment
    # A later version that asks for less completes people at its start, not before it existed.
    return max(moment, version.started_at)


def _moment(
    version: Version, place: int | None, of_item: Callable[[Item], dt.datetime | None]
) -> dt.datetime | None:
    """Return when as many parts of a group as are needed were done; None for a group that nothing is needed in."""
    needed = version.choice(place)
    if not needed:
        return None  # an empty course is not complete
    moments = []
    for child in version.below[place]:
        item = version.items[child]
        moment = _moment(version, child, of_item) if item.group else of_item(item)
        if moment is not None:
            moments.append(moment)
    return sorted(moments)[needed - 1] if len(moments) >= needed else None


def _exempted(versions: Sequence[Version], own: Iterable[Evidence]) -> list[tuple[dt.datetime, int]]:
    """Return the completion that an exemption from the whole makes, by the version that was in force then."""
    moments = [each.occurred_at for each in own if each.verb == "waived"]
    if not moments:
        return []
    moment = min(moments)
    asking = [version for version in versions if version.choice(None)]
    in_force = [version for version in asking if version.started_at <= moment] or asking[:1]
    return [(moment, version.id) for version in in_force[-1:]]
