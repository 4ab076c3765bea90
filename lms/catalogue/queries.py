"""Reads of the catalogue: activities and their pages, outlines and their history."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from wagtail.models import AbstractPage, Locale

from lms.catalogue.models import Activity, ActivityPage, OutlineItem, OutlineVersion
from lms.catalogue.tree import identity


def activity_of(page: AbstractPage) -> Activity | None:
    """Return the activity that a page belongs to, in whatever language; None before its first compilation."""
    return Activity.objects.filter(translation_key=identity(page)).first()


def owner_page_of(activity: Activity) -> AbstractPage | None:
    """Return the page that holds an activity's rules and schedule, as its specific type."""
    row = activity.pages.filter(owner=True, page__isnull=False).select_related("page").first()
    return row.page.specific if row and row.page else None


def page_in(activity: Activity, language: str) -> ActivityPage | None:
    """Return the live page of an activity in a language, else the owner's, else any live one."""
    rows = [
        row for row in activity.pages.select_related("locale", "page") if row.live and row.page_id is not None
    ]
    return min(
        rows, key=lambda row: (row.locale.language_code != language, not row.owner, row.pk), default=None
    )


def title_in(activity: Activity, language: str) -> str:
    """Return the title of an activity in a language, else its owner's title. Uses prefetched pages."""
    for row in activity.pages.all():
        if row.locale.language_code == language and row.live:
            return row.title
    return activity.title


def public_title_in(activity: Activity, language: str) -> str:
    """Return a title that everybody may read: in the language, else the owner's, else the oldest public page's.

    Uses prefetched pages.
    """
    return public_title(activity.pages.all(), language)


def public_url_in(activity: Activity, language: str, request: Any = None) -> str:
    """Return the address of the page that everybody may read: in the language, else the owner's, else the oldest one's.

    Args:
        activity: with its pages prefetched.
        language: code.
        request: for an address relative to its site.

    Returns:
        Nothing when there is no such page.
    """
    return public_url(activity.pages.all(), language, request)


def public_title(pages: Iterable[ActivityPage], language: str) -> str:
    """Return the same as ``public_title_in`` from the pages of an activity, with their languages."""
    chosen = _nearest((row for row in pages if row.public), language)
    return chosen.title if chosen else ""


def public_url(pages: Iterable[ActivityPage], language: str, request: Any = None) -> str:
    """Return the same as ``public_url_in`` from the pages of an activity, with their languages and Wagtail's pages."""
    row = _nearest((row for row in pages if row.public and row.page is not None), language)
    return (row.page.get_url(request) if row and row.page else None) or ""


def _nearest(rows: Iterable[ActivityPage], language: str) -> ActivityPage | None:
    return min(
        rows, key=lambda row: (row.locale.language_code != language, not row.owner, row.pk), default=None
    )


def with_titles(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """Prefetch what ``title_in`` needs: constant queries however many activities."""
    return activities.prefetch_related(
        Prefetch("pages", ActivityPage.objects.select_related("locale", "page"))
    )


def current_outline(activity: Activity) -> OutlineVersion | None:
    """Return the outline in force, or None when the activity never had one."""
    return activity.outline_versions.filter(ended_at=None).first()


def remember_outline(page: AbstractPage, version: OutlineVersion, items: list[OutlineItem]) -> None:
    """Keep on a page, for the rest of a request, an outline in force that it stands in.

    Args:
        page: which.
        version: with its activity.
        items: all its parts in order, each with its activity. They become its ``items``, as prefetching would do it.
    """
    known = version.items.all()
    known._result_cache, known._prefetch_done = items, True  # type: ignore[attr-defined]
    version.__dict__.setdefault("_prefetched_objects_cache", {})["items"] = known
    page.__dict__.setdefault("_lms_outlines", {})[version.activity.translation_key] = version


def remembered_outline(page: AbstractPage, key: uuid.UUID) -> OutlineVersion | None:
    """Return the outline in force of an activity, with its parts, if it was remembered on a page. No query."""
    found: OutlineVersion | None = page.__dict__.get("_lms_outlines", {}).get(key)
    return found


def outline_items(version: OutlineVersion) -> QuerySet[OutlineItem]:
    """Return the parts of an outline in order, with their activities and titles."""
    return (
        version.items.select_related("activity")
        .prefetch_related(Prefetch("activity__pages", ActivityPage.objects.select_related("locale", "page")))
        .order_by("position")
    )


def versions_with_items(activity_id: int) -> list[OutlineVersion]:
    """Return all versions of an outline, oldest first, with their parts: two queries."""
    return list(
        OutlineVersion.objects.filter(activity_id=activity_id).order_by("number").prefetch_related("items")
    )


def owners_containing(activity_ids: Iterable[int]) -> list[Activity]:
    """Return the activities in whose outline, in any version, one of these stands; id and kind only."""
    return list(
        Activity.objects.filter(outline_versions__items__activity_id__in=list(activity_ids))
        .only("kind")
        .distinct()
    )


def holds_rules(page: AbstractPage) -> bool:
    """Say whether rules and schedule are edited on this page: it is the owner, or nobody is yet and it is the source.

    Args:
        page: a page on one of our mixins, saved or new.
    """
    if page.pk is None or page.alias_of_id:
        return page.pk is None
    owner = ActivityPage.objects.filter(activity__translation_key=page.translation_key, owner=True).first()
    if owner is not None and owner.page_id is not None:
        return owner.page_id == page.pk
    siblings = type(page).objects.filter(translation_key=page.translation_key).values_list("pk", "locale_id")
    default = Locale.get_default().pk
    first = min(siblings, key=lambda row: (row[1] != default, row[0]), default=(page.pk, 0))
    return first[0] == page.pk
