"""The parts of an outline, read from the live pages below its owner page; or as they would be with one page as drafted."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.models import AbstractPage

from lms.catalogue import kinds
from lms.catalogue.models import Activity
from lms.catalogue.outlines import Part
from lms.catalogue.prerequisites import prerequisites_of
from lms.catalogue.queries import holds_rules, owner_page_of
from lms.catalogue.tree import identity, keys_above, ours
from lms.core.base_page import base_page


def parts_of(
    owner: AbstractPage,
    *,
    compile_missing: Callable[[uuid.UUID], Activity | None],
    draft: AbstractPage | None = None,
) -> list[Part]:
    """Read the outline of a course or curriculum from the live pages below its owner page, in the tree's order.

    Args:
        owner: the owner page.
        compile_missing: is asked for the activity of a page that has none yet.
        draft: a page that is read as this object has it, and as if it were live.
    """
    parts: list[Part] = []
    taken: set[int] = set()
    places: dict[str, int] = {}  # path of a grouping page → its place in the outline
    below = base_page().objects.descendant_of(owner)
    found = ours(below).select_related("alias_of").order_by("path").defer_streamfields().specific()
    pages = _belonging(found, draft)
    activities = {
        activity.translation_key: activity
        for activity in Activity.objects.filter(translation_key__in=[identity(page) for page in pages])
    }
    for page in pages:
        key = identity(page)
        activity = activities.get(key) or compile_missing(key)
        if activity is None or activity.pk in taken:
            continue
        taken.add(activity.pk)
        groups = kinds.kind_of(page).groups  # type: ignore[union-attr]
        parent = next((places[path] for path in _ancestors(page.path) if path in places), None)
        if groups:
            places[page.path] = len(parts)
        parts.append(
            Part(
                activity.pk,
                required=getattr(page, "required", True),
                group=groups,
                parent=parent,
                rule=page.outline_rule(),
            )
        )
    return parts


@dataclass(frozen=True, slots=True)
class OutlineToBe:
    """What an outline would be if a draft were published now."""

    activity: Activity
    parts: list[Part]
    rules: dict[str, Any]


def outlines_with(draft: Any) -> list[OutlineToBe]:
    """Return the outlines that publishing a draft would write: its own, and that of the course above it. Nothing is written.

    Args:
        draft: a page on one of our mixins, as edited. A translation changes no outline: its owner page holds the rules.
    """
    kind = kinds.kind_of(draft)
    if kind is None or draft.alias_of_id or not holds_rules(draft):
        return []
    found = []
    own = Activity.objects.filter(translation_key=identity(draft)).first()
    if kind.outline_from_pages and own is not None:
        found.append(_to_be(own, draft, draft))
    above = Activity.objects.filter(translation_key__in=keys_above(draft.path)[:1], live=True).first()
    page = owner_page_of(above) if above else None
    # Below a translation of the course, what is drafted stands in no outline.
    if above is not None and page is not None and draft.path.startswith(page.path):
        found.append(_to_be(above, page, draft))
    return found


def _to_be(activity: Activity, owner: Any, draft: Any) -> OutlineToBe:
    parts = parts_of(owner, compile_missing=_nobody_did_it_yet(), draft=draft)
    rules = owner.outline_rules()
    needs, _refused = prerequisites_of(owner, identity(owner))
    if needs:
        rules["prerequisites"] = [str(each) for each in needs]
    return OutlineToBe(activity, parts, rules)


def _nobody_did_it_yet() -> Callable[[uuid.UUID], Activity | None]:
    """Return a maker of activities that are in no table, each with a number that no evidence names."""
    made: dict[uuid.UUID, Activity] = {}

    def make(key: uuid.UUID) -> Activity:
        return made.setdefault(key, Activity(pk=-1 - len(made), translation_key=key))

    return make


def _belonging(pages: Iterable[AbstractPage], draft: AbstractPage | None) -> list[AbstractPage]:
    """Return the live ones of pages in tree order, without those below a draft or below what has its own outline."""
    found = []
    closed: list[str] = []  # paths below which nothing belongs to this outline
    for page in pages:
        if any(page.path.startswith(path) for path in closed):
            continue
        drafted = draft is not None and page.pk == draft.pk
        live = page.live or drafted
        if live:
            found.append(draft if drafted and draft is not None else page)
        if not live or not kinds.kind_of(page).groups:  # type: ignore[union-attr]
            closed.append(page.path)
    return found


def _ancestors(path: str) -> list[str]:
    """Return the paths of a page's ancestors, nearest first."""
    return [path[:length] for length in range(len(path) - AbstractPage.steplen, 0, -AbstractPage.steplen)]
