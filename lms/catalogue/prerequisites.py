"""What is to be completed before a course opens, and that no chain of it leads back to where it began."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage, ReferenceIndex

from lms.catalogue import kinds
from lms.catalogue.models import Activity, OutlineVersion
from lms.catalogue.tree import identity
from lms.core.base_page import base_page


def find_loop(
    start: uuid.UUID, wanted: Iterable[uuid.UUID], needs: Mapping[uuid.UUID, Sequence[uuid.UUID]]
) -> list[uuid.UUID]:
    """Return the loop that new prerequisites would close, from ``start`` back to it; nothing when there is none.

    Args:
        start: the course that is to need something.
        wanted: what it is to need.
        needs: what everything else needs already.
    """
    trails = [[start, each] for each in wanted]
    seen: set[uuid.UUID] = set()
    while trails:
        trail = trails.pop(0)
        if trail[-1] == start:
            return trail
        if trail[-1] not in seen:
            seen.add(trail[-1])
            trails += [[*trail, each] for each in needs.get(trail[-1], ())]
    return []


def loop_words(loop: Sequence[uuid.UUID], title: str) -> str:
    """Return a sentence that names a loop; empty for no loop.

    Args:
        loop: from a course back to itself.
        title: of that course, which may have no row yet.
    """
    if not loop:
        return ""
    titles = dict(Activity.objects.filter(translation_key__in=loop).values_list("translation_key", "title"))
    titles[loop[0]] = title
    names = [f"“{titles[key]}”" for key in loop if key in titles]
    return _("These wait for each other, so nobody could ever start: %(loop)s. Take one of them out.") % {
        "loop": " → ".join(names)
    }


def needs_in_force() -> dict[uuid.UUID, list[uuid.UUID]]:
    """Return translation key → what is needed before it, of all outlines in force: one query."""
    rows = OutlineVersion.objects.filter(ended_at=None, rules__has_key="prerequisites", activity__live=True)
    return {
        key: [uuid.UUID(each) for each in rules["prerequisites"]]
        for key, rules in rows.values_list("activity__translation_key", "rules")
        if key is not None
    }


def keys_of(chosen: Iterable[Any]) -> list[uuid.UUID]:
    """Return the identities of the pages in a value of ``prerequisites``, each once, in order."""
    keys = [
        identity(block.value)
        for block in chosen
        if block.value is not None and kinds.kind_of(block.value.specific_class)
    ]
    return list(dict.fromkeys(keys))


def loop_through(chosen: Iterable[Any], page: AbstractPage) -> list[uuid.UUID]:
    """Return the loop that a page's prerequisites would close; nothing when they are fine.

    Args:
        chosen: the value of ``prerequisites``, as edited.
        page: the page that is to need them; a new one has no row yet and can be in no loop.
    """
    key = page.translation_key
    if page.pk is None or key is None:
        return []
    return find_loop(key, keys_of(chosen), needs_in_force() | {key: []})


def prerequisites_of(owner: AbstractPage, key: uuid.UUID) -> tuple[list[uuid.UUID], str]:
    """Return what an owner page names as needed before, without what would close a loop, and words about that.

    A loop is refused in the edit form. One that came in by another door (a scheduled page, a restored copy) must not trap
    anybody either: what would close it is left out, and the activity carries the reason.
    """
    kept: list[uuid.UUID] = []
    refused = ""
    wanted = keys_of(getattr(owner, "prerequisites", None) or ())
    needs = needs_in_force() | {key: []} if wanted else {}
    for each in wanted:
        loop = find_loop(key, [each], needs)
        if loop:
            refused = refused or loop_words(loop, owner.title)
        else:
            kept.append(each)
    return kept, refused


def keys_needing(page: AbstractPage) -> list[uuid.UUID]:
    """Return the identities of pages that name this page as needed before, by Wagtail's index of references."""
    rows = ReferenceIndex.get_references_to(page).filter(
        base_content_type=ContentType.objects.get_for_model(base_page()),
        model_path__startswith="prerequisites",
    )
    ids = [int(each) for each in rows.values_list("object_id", flat=True).distinct()]
    return [identity(each) for each in base_page().objects.filter(pk__in=ids)]
