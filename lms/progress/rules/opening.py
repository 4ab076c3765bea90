"""When may something be opened, and when may a lesson be marked as done?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from lms.progress.rules.outline import leaves, missing
from lms.progress.rules.values import Lock, Version


def locks(
    version: Version,
    place: int,
    *,
    done: Collection[int],
    completed: Collection[int],
    started_on: dt.date,
    today: dt.date,
) -> list[Lock]:
    """Return why a part of an outline is not open to somebody; nothing when it is. What is done stays open.

    Args:
        version: the outline in force.
        place: of the part in it.
        done: ids of the activities that are done.
        completed: ids of the prerequisites that are completed.
        started_on: date on which the run started, in the zone that dates are meant in.
        today: today's date in that zone.
    """
    if version.items[place].activity_id in done:
        return []
    found = []
    before_all = tuple(each for each in version.prerequisites if each not in completed)
    if before_all:
        found.append(Lock("prerequisite", before_all))
    path = _path(version, place)
    opens_on = max(
        (day for each in path for day in _opening(version.items[each].rule, started_on)), default=None
    )
    if opens_on is not None and today < opens_on:
        found.append(Lock("date", opens_on=opens_on))
    first = _to_do_first(version, path, done) if version.sequential else ()
    if first:
        found.append(Lock("before", first))
    return found


def seconds_to_wait(rule: Mapping[str, Any], *, opened_at: dt.datetime | None, now: dt.datetime) -> int:
    """Return for how many seconds longer a lesson cannot be marked as done; 0 when it can.

    Args:
        rule: of the lesson; ``min_minutes`` is the least time between opening and marking.
        opened_at: when the learner opened it for the first time; None: not yet.
        now: the server's time.
    """
    wanted = 60 * rule.get("min_minutes", 0)
    if not wanted:
        return 0
    passed = 0 if opened_at is None else int((now - opened_at).total_seconds())
    return max(0, wanted - max(0, passed))


def _path(version: Version, place: int) -> list[int]:
    """Return the places from the top down to a part."""
    path = [place]
    while (parent := version.items[path[0]].parent) is not None:
        path.insert(0, parent)
    return path


def _opening(rule: Mapping[str, Any], started_on: dt.date) -> Iterator[dt.date]:
    if "opens_on" in rule:
        yield dt.date.fromisoformat(rule["opens_on"])
    if "opens_after_days" in rule:
        yield started_on + dt.timedelta(days=rule["opens_after_days"])


def _to_do_first(version: Version, path: Sequence[int], done: Collection[int]) -> tuple[int, ...]:
    """Return what is undone in the first part before this one, in order, that still lacks something.

    Parts of a group of which only some are needed may be taken in any order.
    """
    parent: int | None = None
    for place in path:
        siblings = version.below.get(parent, ())
        in_order = version.choice(parent) == len(siblings)
        for sibling in siblings:
            if in_order and sibling < place and missing(version, sibling, done):
                ids = (version.items[leaf].activity_id for leaf in leaves(version, sibling))
                return tuple(each for each in ids if each not in done)
        parent = place
    return ()
