"""Where a page stands: above it, beside it in other languages, and the colour of its curriculum."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Length, Substr
from django.http import HttpRequest
from wagtail.models import AbstractPage, PageViewRestriction, Site

from lms.core.base_page import base_page
from lms.core.languages import own_name


@dataclass(frozen=True, slots=True)
class Crumb:
    """A page above this one."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Translation:
    """Where the same, or what comes closest to it, stands in a language. ``exact`` is False for a page above.

    ``address`` is the full one, as search engines want it.
    """

    language: str
    name: str
    url: str
    exact: bool
    current: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What surrounds a page."""

    crumbs: list[Crumb]
    translations: list[Translation]
    accent: str
    address: str


def place_of(page: AbstractPage, request: HttpRequest) -> Place:
    """Return what surrounds a page: at most three queries, however deep it stands and however much there is.

    Args:
        page: saved, or a draft that is being previewed.
        request: its site and its cached root paths are used.
    """
    above = pages_above(page)
    roots = {each.root_path for each in Site.get_site_root_paths()}
    crumbs = [
        Crumb(each.title, url)
        for each in above
        if each.live and each.url_path not in roots and (url := each.get_url(request))
    ]
    return Place(
        crumbs=crumbs,
        translations=_translations(page, above, request),
        accent=_accent(page, above),
        address=page.get_full_url(request) or "",
    )


def pages_above(page: AbstractPage) -> list[AbstractPage]:
    """Return the pages above a page, from the top down, with their languages; one query at most, the first time."""
    known = getattr(page, "_lms_above", None)
    if known is None or known[0] != page.path:
        step = page.steplen
        # The root of all pages (depth 1) is nobody's place.
        paths = [page.path[:length] for length in range(2 * step, len(page.path), step)]
        found = base_page().objects.filter(path__in=paths).select_related("locale").order_by("depth")
        known = page._lms_above = (page.path, list(found))
        locale = next((each.locale for each in known[1] if each.locale_id == page.locale_id), None)
        if locale is not None:
            page.locale = locale  # saves asking for it again
    return known[1]


def behind_a_restriction() -> Exists:
    """Return the condition that a page or one above it has a view restriction, as ``public()`` has it, without its own query."""
    above = PageViewRestriction.objects.alias(start=Substr(OuterRef("path"), 1, Length("page__path")))
    return Exists(above.filter(page__path=F("start")))


def _translations(page: AbstractPage, above: list[AbstractPage], request: HttpRequest) -> list[Translation]:
    languages = dict(settings.LANGUAGES)
    own = page.locale.language_code
    line = [*above, page]
    place = {each.translation_key: number for number, each in enumerate(line)}
    found = {}
    if len(languages) > 1:
        candidates = (
            base_page()
            .objects.filter(translation_key__in=place, live=True)
            .exclude(locale_id=page.locale_id)
            .filter(~behind_a_restriction())
            .select_related("locale")
        )
        for each in sorted(candidates, key=lambda each: place[each.translation_key]):
            found[each.locale.language_code] = each
    translations = []
    for code in languages:
        target = page if code == own else found.get(code)
        url = target.get_url(request) if target else None
        if target is not None and url:
            translations.append(
                Translation(
                    language=code,
                    name=own_name(code),
                    url=url,
                    exact=target.translation_key == page.translation_key,
                    current=code == own,
                    address=target.get_full_url(request) or "",
                )
            )
    return translations


def _accent(page: AbstractPage, above: list[AbstractPage]) -> str:
    curriculum = apps.get_model("lms_pages", "CurriculumPage")
    if isinstance(page, curriculum):
        return str(page.accent)
    nearest = [each for each in above if each.specific_class is curriculum]
    if not nearest:
        return ""
    if isinstance(nearest[-1], curriculum):  # known from the way to the page
        return str(nearest[-1].accent)
    return curriculum.objects.filter(pk=nearest[-1].pk).values_list("accent", flat=True).first() or ""
