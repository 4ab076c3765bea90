"""Reading the page tree: which activity a page is, and whose outline a place belongs to. Nothing is written here."""

from __future__ import annotations

import uuid

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from wagtail.models import AbstractPage
from wagtail.query import PageQuerySet

from lms.catalogue import kinds
from lms.core.base_page import base_page


def identity(page: AbstractPage) -> uuid.UUID:
    """Return the translation key at the end of a page's alias chain: an alias is never an activity of its own."""
    while page.alias_of_id:
        try:
            page = page.alias_of
        except ObjectDoesNotExist:  # the source is being deleted: the alias stands for itself from now on
            break
    return page.translation_key


def keys_around(page: AbstractPage, *, below: bool = False) -> list[uuid.UUID]:
    """Return the identities that a change at a page's place touches, lowest first.

    Args:
        page: any page, ours or not; only its path, type and identity are read.
        below: also everything of ours underneath it (after a move, or a new view restriction).
    """
    found: list[uuid.UUID] = []
    if below:
        found += [
            identity(each)
            for each in ours(base_page().objects.filter(path__startswith=page.path)).order_by("-depth")
        ]
    if kinds.kind_of(page.specific_class):
        found.append(identity(page))
        found += _pointing_here(page)
    found += keys_above(page.path)
    return list(dict.fromkeys(found))


def keys_above(path: str) -> list[uuid.UUID]:
    """Return the identities of the outline owners above a place in the tree, nearest first."""
    steps = [path[:length] for length in range(AbstractPage.steplen, len(path), AbstractPage.steplen)]
    above = ours(base_page().objects.filter(path__in=steps)).order_by("-depth")
    return [identity(each) for each in above if kinds.kind_of(each.specific_class).outline_from_pages]  # type: ignore[union-attr]


def _pointing_here(page: AbstractPage) -> list[uuid.UUID]:
    """Return what depends on aliases of this page: outlines they stand in, and themselves once the page is gone."""
    return [
        key
        for alias in base_page().objects.filter(alias_of_id=page.pk)
        for key in (alias.translation_key, *keys_above(alias.path))
    ]


def ours(pages: PageQuerySet) -> PageQuerySet:
    """Keep the pages that are on one of our mixins, whatever their concrete type."""
    types = ContentType.objects.get_for_models(*kinds.page_models()).values() if kinds.page_models() else []
    return pages.filter(content_type__in=[each.pk for each in types])
