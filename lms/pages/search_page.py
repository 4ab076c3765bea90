"""Search: what everybody may read, by Wagtail's search backend, with the words marked that were looked for."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy
from wagtail.models import Locale, Page, Site

from lms.catalogue import kinds
from lms.catalogue.models import Activity, ActivityPage, OutlineItem
from lms.pages.listing import CurriculumName, curriculum_names
from lms.progress.access import open_to_all

#: Shortest word that is looked for, longest text, most results that are looked at, results on one page.
LEAST, MOST, REACH, PER_PAGE = 2, 100, 60, 10
#: Characters of a result's text.
EXCERPT = 200
#: Kinds whose words may be for learners only.
GATED = ("lesson", "quiz")
KIND_NAMES = {
    "curriculum": gettext_lazy("Curriculum"),
    "course": gettext_lazy("Course"),
    "module": gettext_lazy("Module"),
    "lesson": gettext_lazy("Lesson"),
    "quiz": gettext_lazy("Quiz"),
    "webinar_series": gettext_lazy("Webinar series"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """A page that fits."""

    title: SafeString
    text: SafeString
    url: str
    kind: str
    kind_name: str
    curriculum: CurriculumName | None


@dataclass(slots=True)
class Results:
    """What was found. ``some`` says that no page has all the words, so these have some of them."""

    query: str
    words: list[str]
    shown: list[Result] = field(default_factory=list)
    found: int = 0
    some: bool = False
    page: int = 1
    pages: int = 1

    @property
    def too_short(self) -> bool:
        """Say whether there is text, and no word in it that is long enough."""
        return bool(self.query) and not self.words


def tidy(text: str) -> str:
    """Return what somebody typed without control characters and without too much of anything.

    Args:
        text: as an address brings it.
    """
    kept = "".join(each if unicodedata.category(each)[0] != "C" else " " for each in text[: MOST * 4])
    return " ".join(kept.split())[:MOST].strip()


def words_of(query: str) -> list[str]:
    """Return the words of a query that are long enough to be looked for, each once, in lower case.

    Args:
        query: as ``tidy`` returns it.
    """
    found = re.findall(r"\w+", query.casefold())
    return list(dict.fromkeys(word for word in found if len(word) >= LEAST))


def marked(text: str, words: Iterable[str]) -> SafeString:
    """Return text as HTML in which words that begin like those looked for are marked.

    Args:
        text: plain.
        words: in lower case.
    """
    pattern = _pattern(words)
    if pattern is None:
        return escape(text)
    pieces, at = [], 0
    for match in pattern.finditer(text):
        pieces += [escape(text[at : match.start()]), "<mark>", escape(match.group()), "</mark>"]
        at = match.end()
    return mark_safe("".join([*pieces, escape(text[at:])]))


def excerpt(texts: Sequence[str], words: Sequence[str]) -> str:
    """Return the piece of some texts in which the words stand; else the beginning of the first text.

    Args:
        texts: the one that is preferred first.
        words: in lower case.
    """
    pattern = _pattern(words)
    for text in texts:
        match = pattern.search(text) if pattern else None
        if match is None:
            continue
        start = max(match.start() - EXCERPT // 3, 0)
        return _cut(text, start)
    return _cut(texts[0], 0) if texts else ""


def search_pages(
    query: str, *, language: str, request: HttpRequest, site: Site | None, page: int = 1
) -> Results:
    """Return public pages of a language that fit, best first: the same number of queries for one and for sixty.

    Words of a lesson or quiz that is not open to everybody find nothing: only its title and summary are public.

    Args:
        query: what somebody typed.
        language: of the pages.
        request: for addresses.
        site: only its pages.
        page: from 1.
    """
    query = tidy(query)
    results = Results(query, words_of(query))
    locale = Locale.objects.filter(language_code=language).first()
    if not results.words or locale is None:
        return results
    pages = Page.objects.live().public().filter(locale=locale)
    if site is not None:
        root = Page.objects.filter(translation_key=site.root_page.translation_key, locale=locale).first()
        pages = pages.filter(path__startswith=(root or site.root_page).path)
    text = " ".join(results.words)
    rows = _visible(pages.search(text, operator="and")[:REACH], results.words, every=True)
    if not rows and len(results.words) > 1:
        results.some = True
        rows = _visible(pages.search(text, operator="or")[:REACH], results.words, every=False)
    results.found = len(rows)
    results.pages = max(-(-len(rows) // PER_PAGE), 1)
    results.page = min(max(page, 1), results.pages)
    shown = rows[(results.page - 1) * PER_PAGE : results.page * PER_PAGE]
    curricula = _curricula(shown, language=language, request=request)
    results.shown = [_result(each, results.words, curricula, request) for each in shown]
    return results


@dataclass(slots=True)
class _Row:
    """A page that fits, with its own type, and whether all its words are for everybody."""

    page: Any
    kind: str
    open: bool


def _visible(found: Iterable[Page], words: Sequence[str], *, every: bool) -> list[_Row]:
    """Return what may be shown: nothing that is not compiled as public, nothing found by words for learners only."""
    pages = list(found)
    rows = {
        row.page_id: row
        for row in ActivityPage.objects.filter(page_id__in=[each.pk for each in pages]).select_related(
            "activity"
        )
    }
    specific: dict[int, Any] = {}
    by_type: dict[type, list[int]] = {}
    for each in pages:
        by_type.setdefault(each.specific_class or Page, []).append(each.pk)
    for model, ids in by_type.items():
        specific |= model.objects.select_related("locale").in_bulk(ids)  # type: ignore[attr-defined]
    open_ones = _open([row.activity_id for row in rows.values() if row.activity.kind in GATED])
    live = _live([each.path for each in pages])
    shown = []
    for each in pages:
        page, row = specific.get(each.pk), rows.get(each.pk)
        if not all(path in live for path in _above(each.path)):
            continue  # below something that was taken back
        kind = row.activity.kind if row else ""
        if page is None or (kinds.kind_of(page) is not None and (row is None or not row.public)):
            continue
        is_open = kind not in GATED or (row is not None and row.activity_id in open_ones)
        if not is_open and not _said_openly(page, words, every=every):
            continue
        shown.append(_Row(page, kind, is_open))
    return shown


def _above(path: str) -> list[str]:
    """Return the paths of the pages above one, without the root of all."""
    return [path[:length] for length in range(2 * Page.steplen, len(path), Page.steplen)]


def _live(paths: Sequence[str]) -> set[str]:
    """Return which of the pages above some are live: one query."""
    above = {each for path in paths for each in _above(path)}
    return set(Page.objects.live().filter(path__in=above).values_list("path", flat=True))


def _open(ids: Sequence[int]) -> set[int]:
    """Return the lessons that everybody may read: every course that they stand in is open to all; three queries."""
    items = list(
        OutlineItem.objects.filter(activity_id__in=ids, version__ended_at=None).values_list(
            "activity_id", "version__activity_id", "rule", "parent__rule"
        )
    )
    free = open_to_all({owner for _, owner, _, _ in items})
    closed = {
        pk
        for pk, owner, rule, above in items
        if owner not in free
        or any(name in (rule | (above or {})) for name in ("opens_on", "opens_after_days"))
    }
    return set(ids) - closed


def _said_openly(page: Any, words: Sequence[str], *, every: bool) -> bool:
    """Say whether title and summary, which everybody may read, have every word, or some: words of the content tell nothing."""
    text = f"{page.title} {getattr(page, 'summary', '')}"
    said = [bool(pattern and pattern.search(text)) for pattern in (_pattern([word]) for word in words)]
    return all(said) if every else any(said)


def _result(
    row: _Row, words: Sequence[str], curricula: dict[str, CurriculumName], request: HttpRequest
) -> Result:
    page = row.page
    texts = [getattr(page, "summary", "") or getattr(page, "intro", "") or page.search_description]
    if row.open:
        texts += _body(page)
    above = next((name for path, name in curricula.items() if page.path.startswith(path)), None)
    return Result(
        title=marked(page.title, words),
        text=marked(excerpt([each for each in texts if each], words), words),
        url=page.get_url(request) or "",
        kind=row.kind,
        kind_name=str(KIND_NAMES.get(row.kind, gettext("Page"))),
        curriculum=above if row.kind != "curriculum" else None,
    )


def _body(page: Any) -> list[str]:
    """Return the sentences of a page's content, as they are stored: blocks would ask for each picture by itself."""
    stream = page.__dict__.get("body")
    found: list[str] = []
    waiting: list[Any] = [block["value"] for block in stream.raw_data] if stream is not None else []
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, dict):
            waiting = [*value.values(), *waiting]
        elif isinstance(value, list):
            waiting = [*value, *waiting]
        elif isinstance(value, str) and " " in value:
            found.append(html.unescape(strip_tags(value.replace("</li>", " · ").replace("<", " <"))))
    return [" ".join(each.split()) for each in found]


def _curricula(rows: Sequence[_Row], *, language: str, request: HttpRequest) -> dict[str, CurriculumName]:
    """Return path in the tree → public curriculum above it."""
    if not rows:
        return {}
    steps = Page.steplen
    paths = {row.page.path[:length] for row in rows for length in range(steps, len(row.page.path), steps)}
    found = ActivityPage.objects.filter(
        page__path__in=paths, public=True, activity__kind="curriculum"
    ).select_related("page")
    by_activity = {row.activity_id: row.page.path for row in found if row.page}
    names = curriculum_names(Activity.objects.filter(pk__in=by_activity), language=language, request=request)
    return {path: names[pk] for pk, path in by_activity.items() if pk in names}


def _pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    alternatives = "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True))
    return re.compile(rf"\b(?:{alternatives})\w*", re.IGNORECASE) if alternatives else None


def _cut(text: str, start: int) -> str:
    piece = " ".join(text[start : start + EXCERPT].split())
    if start:
        piece = "… " + piece.partition(" ")[2]
    if start + EXCERPT < len(text):
        piece = piece.rpartition(" ")[0] + " …"
    return piece
