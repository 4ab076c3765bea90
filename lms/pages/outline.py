"""Outlines as a visitor sees them: from compiled rows, in the language of the page, with a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest

from lms.catalogue import kinds
from lms.catalogue.models import Activity, ActivityPage, OutlineItem, OutlineVersion
from lms.catalogue.queries import title_in
from lms.pages.opening_words import least_time, opening
from lms.progress import rules
from lms.progress.queries import as_rules


@dataclass(slots=True)
class Entry:
    """One part of an outline on screen. ``number`` counts what is to be done, not what only groups."""

    activity: Activity
    title: str
    url: str
    language: str
    summary: str
    required: bool
    group: bool
    notes: list[str] = field(default_factory=list)
    number: int = 0
    children: list[Entry] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Name of the kind, such as ``lesson``."""
        return self.activity.kind


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline in force: as a tree of what may be shown, and whole as the rules see it.

    ``titles`` has only those that may be said. ``prerequisites`` are translation keys. All empty: there is none yet.
    """

    entries: list[Entry] = field(default_factory=list)
    version: rules.Version | None = None
    activities: list[Activity] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)
    prerequisites: list[str] = field(default_factory=list)


def page_for(rows: Iterable[ActivityPage], language: str) -> ActivityPage | None:
    """Return the live page of an activity in a language, else the owner's, else any live one. No query.

    Args:
        rows: the activity's pages with locale and page.
        language: the one that is wanted.
    """
    live = [row for row in rows if row.live and row.page_id is not None]
    return min(
        live, key=lambda row: (row.locale.language_code != language, not row.owner, row.pk), default=None
    )


def read_outline(
    activity: Activity | None,
    *,
    language: str,
    request: HttpRequest,
    private: bool = False,
    summaries: bool = True,
) -> Outline:
    """Return the outline of an activity that is in force.

    Args:
        activity: a course or curriculum; None (a draft that is being previewed) has no outline yet.
        language: of the page, for titles and addresses.
        request: for addresses.
        private: also what has a view restriction, because the page that asks is behind one itself.
        summaries: fetch them, which costs a query.
    """
    version = outlines_in_force().filter(activity=activity).first() if activity else None
    return outline_from(version, language=language, request=request, private=private, summaries=summaries)


def outline_from(
    version: OutlineVersion | None,
    *,
    language: str,
    request: HttpRequest,
    private: bool = False,
    summaries: bool = True,
) -> Outline:
    """Return an outline that was read already, see ``outlines_in_force``; for the rest see ``read_outline``."""
    if version is None:
        return Outline()
    everything = list(version.items.all())
    items = [item for item in everything if private or item.group or item.activity.public]
    texts = _summaries(items, language) if summaries else {}
    entries: dict[int, Entry] = {}
    top: list[Entry] = []
    number = 0
    for item in items:
        entry = _entry(item, language, request, texts)
        if not item.group:
            number += 1
            entry.number = number
        entries[item.pk] = entry
        parent = entries.get(item.parent_id) if item.parent_id else None
        (parent.children if parent else top).append(entry)
    return Outline(
        entries=[entry for entry in top if entry.children or not entry.group],
        version=as_rules(version),
        activities=[item.activity for item in everything],
        titles={
            entry.activity.pk: entry.title for entry in entries.values() if private or entry.activity.public
        },
        prerequisites=version.rules.get("prerequisites", []),
    )


def outlines_in_force() -> QuerySet[OutlineVersion]:
    """Return outlines in force, each with whose it is, its parts, their activities and pages: three queries. Narrow it down."""
    items = OutlineItem.objects.select_related("activity").order_by("position")
    items = items.prefetch_related(Prefetch("activity__pages", _pages()))
    found = OutlineVersion.objects.filter(ended_at=None).select_related("activity")
    return found.prefetch_related(Prefetch("items", items))


def fetch_pages(version: OutlineVersion) -> None:
    """Fetch the pages of the parts of an outline that has its parts: one query."""
    prefetch_related_objects([item.activity for item in version.items.all()], Prefetch("pages", _pages()))


def _pages() -> QuerySet[ActivityPage]:
    return ActivityPage.objects.select_related("locale", "page")


def flat(entries: Sequence[Entry]) -> list[Entry]:
    """Return everything that is to be done, in order, without what only groups."""
    found = []
    for entry in entries:
        if not entry.group:
            found.append(entry)
        found += flat(entry.children)
    return found


def _entry(item: OutlineItem, language: str, request: HttpRequest, summaries: dict[int, str]) -> Entry:
    row = page_for(item.activity.pages.all(), language)
    return Entry(
        activity=item.activity,
        title=row.title if row else title_in(item.activity, language),
        url=(row.page.get_url(request) if row and row.page else "") or "",
        language=row.locale.language_code if row else language,
        summary=summaries.get(row.page_id or 0, "") if row else "",
        required=item.required,
        group=item.group,
        notes=[*opening(item.rule), *least_time(item.rule)],
    )


def _summaries(items: Iterable[OutlineItem], language: str) -> dict[int, str]:
    """Return page id → summary of what is to be done: one query for all page types of the kinds that occur."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for item in items:
        row = None if item.group else page_for(item.activity.pages.all(), language)
        if row is not None and row.page_id is not None:
            wanted[item.activity.kind].append(row.page_id)
    asked = [
        model.objects.filter(pk__in=wanted[kind]).order_by().values_list("pk", "summary")  # type: ignore[attr-defined]
        for model in kinds.page_models()
        if wanted.get(kind := getattr(model, "lms_kind", ""))
    ]
    if not asked:
        return {}
    first, *others = asked
    return dict(first.union(*others, all=True) if others else first)
