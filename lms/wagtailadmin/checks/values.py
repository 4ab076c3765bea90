"""Plain facts about a page as drafted, and what is found in them."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Level(enum.StrEnum):
    """``STOP``: it cannot be published like this. ``TELL``: it can, and the editor should know."""

    STOP = "stop"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a page's content. ``words``: what stands for it; ``decorative``: it says nothing that the text lacks."""

    field: str
    block: str = ""
    words: str = ""
    decorative: bool = False


class Target(enum.StrEnum):
    """What became of a page that a link leads to."""

    LIVE = "live"
    DRAFT = "draft"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page of the same site."""

    field: str
    block: str
    target: Target
    title: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """The page in another language. ``page_id`` is None where there is none."""

    language: str
    page_id: int | None = None
    live: bool = False
    older: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Something below a page that counts towards completing it. ``opens_after``: days after the start."""

    title: str
    required: bool = True
    opens_after: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a draft. What does not concern its kind keeps its default.

    ``rules``: rules are edited on this page, so they are looked at. ``parts``: published, directly below it.
    ``valid_days``: a run through the course ends after so many. ``opens_after``: this part opens so many days after the start.
    ``sessions`` is None where the dates are unknown or the rule is refused anyway; ``to_come`` are those not over yet.
    ``accent_contrast``: of the certificate's colour on white, 1–21.
    """

    kind: str
    rules: bool = True
    live: bool = False
    summary: bool = True
    content: bool = True
    pictures: tuple[Picture, ...] = ()
    links: tuple[Link, ...] = ()
    translations: tuple[Translation, ...] = ()
    source_newer: str = ""
    parts: tuple[Part, ...] = ()
    drafts: int = 0
    needed: int | None = None
    valid_days: int | None = None
    required: bool = True
    opens_after: int = 0
    unpublished_before: tuple[str, ...] = ()
    cohorts: bool = False
    cohorts_open: int = 0
    offers_certificate: bool = True
    accent_contrast: float | None = None
    recording_minutes: int | None = None
    watch_percent: int | None = None
    questions: int = 1
    dated: bool = True
    sessions: int | None = None
    to_come: int | None = None
    join_url: bool = True
    speakers: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found: ``field`` and ``block`` say where, ``url`` leads there if it is another page."""

    code: str
    level: Level
    field: str = ""
    block: str = ""
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    page_id: int | None = None
