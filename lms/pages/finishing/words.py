"""Sentences about what is needed. Each carries the activities it speaks of, so that a test can hold it to its word."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext, ngettext

from lms.pages.finishing.tree import Choice, Leaf, Option


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence. Done when all ``activity_ids`` are, and ``needed`` of the ``parts`` below it (None: all of them)."""

    text: str
    activity_ids: tuple[int, ...] = ()
    needed: int | None = None
    parts: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Names:
    """What sentences need to know of activities: their kind, their title where it may be said, what a series asks."""

    kinds: Mapping[int, str]
    titles: Mapping[int, str]
    series: Mapping[int, Callable[[], str]] = field(default_factory=dict)

    def title(self, activity_id: int) -> str:
        """Return a title in quotation marks, or words that give nothing away."""
        title = self.titles.get(activity_id)
        return gettext("“%(title)s”") % {"title": title} if title else gettext("a part that is not public")


def sentences(wants: Sequence[Leaf | Choice], names: Names) -> list[Step]:
    """Return what is needed: lessons that are only read in one sentence, then everything else in the outline's order.

    Beside a choice lessons are named one by one: nobody could tell which “the 2 lessons” are.

    Args:
        wants: all of it is needed.
        names: of the activities in it.
    """
    plain = tuple(each.activity_id for each in wants if isinstance(each, Leaf) and _is_read(each, names))
    if any(isinstance(each, Choice) for each in wants) and all(names.titles.get(each) for each in plain):
        return [_named(each, names) for each in wants]
    steps = [_read(plain)] if plain else []
    for each in wants:
        if isinstance(each, Choice):
            steps.append(_choice(each, names))
        elif not _is_read(each, names):
            steps.append(_leaf(each, names))
    return steps


def still_to_come(*, sessions: int, needed: int, remaining: int, certificate: bool) -> list[str]:
    """Return what somebody who starts now has to know of a series that is partly over.

    Args:
        sessions: that count, over or not.
        needed: of them.
        remaining: still to come, or going on.
        certificate: whether one follows.
    """
    if not 0 < remaining < sessions:
        return []
    said = ngettext(
        "%(count)s session is still to come.", "%(count)s sessions are still to come.", remaining
    ) % {"count": remaining}
    if remaining >= needed:
        return [said]
    if certificate:
        late = gettext(
            "Who starts now can no longer reach the certificate this time, and is welcome to join all the same."
        )
    else:
        late = gettext(
            "Who starts now can no longer complete the series this time, and is welcome to join all the same."
        )
    return [said, late]


def _is_read(leaf: Leaf, names: Names) -> bool:
    return names.kinds.get(leaf.activity_id) == "lesson" and "min_watched" not in leaf.rule


def _read(activity_ids: tuple[int, ...]) -> Step:
    if len(activity_ids) == 1:
        # Languages without a plural still say one differently from “each of them”.
        return Step(gettext("Read the lesson and mark it as done on your personal page."), activity_ids)
    text = ngettext(
        "Read %(count)s lesson and mark it as done on your personal page.",
        "Read the %(count)s lessons and mark each one as done on your personal page.",
        len(activity_ids),
    )
    return Step(text % {"count": len(activity_ids)}, activity_ids)


def _choice(choice: Choice, names: Names) -> Step:
    values: dict[str, object] = {"needed": choice.needed, "count": len(choice.options)}
    if choice.group is not None:
        values["title"] = names.title(choice.group)
        if choice.needed == 1:
            text = gettext("Of %(title)s, any one of these %(count)s is enough:")
        else:
            text = gettext("Of %(title)s, any %(needed)s of these %(count)s are enough:")
    elif choice.needed == 1:
        text = gettext("Any one of these %(count)s is enough:")
    else:
        text = gettext("Any %(needed)s of these %(count)s are enough:")
    parts = tuple(_option(option, names) for option in choice.options)
    return Step(text % values, needed=choice.needed, parts=parts)


def _option(option: Option, names: Names) -> Step:
    parts = tuple(_named(each, names) for each in option.wants)
    if option.group is None or (len(parts) == 1 and parts[0].parts):
        return parts[0] if len(parts) == 1 else Step(gettext("All of this:"), parts=parts)
    return Step(gettext("All of %(title)s:") % {"title": names.title(option.group)}, parts=parts)


def _named(want: Leaf | Choice, names: Names) -> Step:
    """Return a sentence that names a lesson, where lessons are not told together."""
    if isinstance(want, Choice):
        return _choice(want, names)
    if _is_read(want, names):
        text = gettext("Read %(title)s and mark it as done.") % {"title": names.title(want.activity_id)}
        return Step(text, (want.activity_id,))
    return _leaf(want, names)


def _leaf(leaf: Leaf, names: Names) -> Step:
    kind = names.kinds.get(leaf.activity_id)
    values: dict[str, object] = {"title": names.title(leaf.activity_id)}
    if leaf.activity_id in names.series:
        return Step(names.series[leaf.activity_id](), (leaf.activity_id,))
    if "min_watched" in leaf.rule:
        minutes = math.ceil(leaf.rule["min_watched"] / 60)
        text = ngettext(
            "Watch at least %(minutes)s minute of the recording in %(title)s.",
            "Watch at least %(minutes)s minutes of the recording in %(title)s.",
            minutes,
        )
        return Step(text % (values | {"minutes": minutes}), (leaf.activity_id,))
    if kind == "quiz" and leaf.rule.get("min_score"):
        # Rounded up, so that who reaches it has passed: 0.665 is said as 67 %.
        values["percent"] = math.ceil(round(leaf.rule["min_score"] * 100, 6))
        return Step(
            gettext("Pass the quiz %(title)s with at least %(percent)s%%.") % values, (leaf.activity_id,)
        )
    if kind == "quiz":
        return Step(gettext("Pass the quiz %(title)s.") % values, (leaf.activity_id,))
    return Step(gettext("Complete %(title)s.") % values, (leaf.activity_id,))
