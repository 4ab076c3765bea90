"""Kinds of activity. Each area registers its own from ``ready()``; the catalogue asks here and knows no area above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """How activities of one kind behave.

    ``outline_from_pages``: its outline is compiled from the live pages below it (curriculum, course).
    ``groups``: it only groups what is below it, inside the outline of something else (module).
    ``level``: owners with a lower level are contained in owners with a higher one; roll-ups go upwards.
    """

    name: str
    label: str | Promise
    outline_from_pages: bool = False
    groups: bool = False
    level: int = 0


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known. Registering the same name again replaces it."""
    _kinds[kind.name] = kind


def get(name: str) -> Kind:
    """Return the kind of that name; ``KeyError`` when no area registered it."""
    return _kinds[name]


def all_kinds() -> list[Kind]:
    """Return every registered kind, lowest level first."""
    return sorted(_kinds.values(), key=lambda kind: (kind.level, kind.name))


def kind_of(page: Any) -> Kind | None:
    """Return the kind of a page object or page class, or None when it is not on one of our mixins."""
    return _kinds.get(getattr(page, "lms_kind", ""))


def page_models() -> list[type]:
    """Return the concrete page types of this project that are on one of our mixins."""
    return [model for model in apps.get_models() if kind_of(model) is not None]
