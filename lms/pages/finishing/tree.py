"""What an outline asks for, as parts that can be said one after the other. Pure: no database, no words.

It says exactly what ``lms.progress.rules`` asks: a property test compares both for every choice of what is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.progress.rules import Version


@dataclass(frozen=True, slots=True)
class Leaf:
    """One thing to do."""

    activity_id: int
    rule: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """``needed`` of these ``options``, each a list of things that are all needed. ``group``: what holds them, or the top."""

    needed: int
    options: tuple[Option, ...]
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One of the options of a choice; ``group`` is set where it is a whole group and not one thing."""

    wants: tuple[Leaf | Choice, ...]
    group: int | None = None


def wants(version: Version, place: int | None = None) -> tuple[Leaf | Choice, ...]:
    """Return what is needed of a group, all of it: a group of which everything is needed is told as its parts.

    Args:
        version: the outline.
        place: of the group in it; None for the whole.
    """
    below = version.below.get(place, ())
    needed = version.choice(place)
    if needed == len(below):
        return tuple(each for child in below for each in _part(version, child))
    if not needed:
        return ()
    options = tuple(
        Option(
            _part(version, child), version.items[child].activity_id if version.items[child].group else None
        )
        for child in below
    )
    group = None if place is None else version.items[place].activity_id
    return (Choice(needed, options, group),)


def part_wants(version: Version, activity_id: int) -> tuple[Leaf | Choice, ...]:
    """Return what one part of an outline asks for, whether or not it counts towards the whole.

    Args:
        version: the outline.
        activity_id: of the part; nothing is asked of what does not stand in it.
    """
    place = next((at for at, item in enumerate(version.items) if item.activity_id == activity_id), None)
    return () if place is None else _part(version, place)


def activity_ids(found: tuple[Leaf | Choice, ...]) -> set[int]:
    """Return the activities of everything to do in it, options that are not needed included."""
    ids: set[int] = set()
    for each in found:
        if isinstance(each, Leaf):
            ids.add(each.activity_id)
        else:
            for option in each.options:
                ids |= activity_ids(option.wants)
    return ids


def _part(version: Version, place: int) -> tuple[Leaf | Choice, ...]:
    item = version.items[place]
    return wants(version, place) if item.group else (Leaf(item.activity_id, item.rule),)
