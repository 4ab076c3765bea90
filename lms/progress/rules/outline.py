"""What an outline asks for, and how much of it is left."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lms.progress.rules.values import Item, Version


def asked(version: Version) -> tuple[list[Item], int]:
    """Return the items that count towards completion, in order, and how many of them are needed at least.

    Groups only group; an item counts when it and everything that groups it is required. What is needed never exceeds
    what there is, so that nobody is trapped by a session that was cancelled.
    """
    return [version.items[place] for place in leaves(version, None)], missing(version, None, ())


def steps(version: Version, done: Collection[int]) -> tuple[int, int]:
    """Return how far somebody is: how many steps of how many. The rest is the least that is still to do.

    Args:
        version: the outline.
        done: ids of the activities that are done.
    """
    needed = missing(version, None, ())
    return needed - missing(version, None, done), needed


def leaves(version: Version, place: int | None) -> Iterator[int]:
    """Yield the places of what is to be done and counts in a part (None: in the whole), in order."""
    if place is not None and not version.items[place].group:
        yield place
    for child in version.below.get(place, ()):
        yield from leaves(version, child)


def missing(version: Version, place: int | None, done: Collection[int]) -> int:
    """Count the least that is still to do in a part (None: in the whole): its cheapest parts, as many as are needed."""
    if place is not None and not version.items[place].group:
        return int(version.items[place].activity_id not in done)
    costs = sorted(missing(version, child, done) for child in version.below.get(place, ()))
    return sum(costs[: version.choice(place)])
