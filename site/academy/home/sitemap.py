"""The sitemap: every page that everybody may read, each with its other languages. Six queries, however many pages."""

from __future__ import annotations

from collections import defaultdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods
from django.views.generic import TemplateView
from wagtail.models import Page, Site

from lms.catalogue.models import ActivityPage
from lms.core.addresses import absolute
from lms.core.page_cache import mark_public
from lms.pages.speakers_page import read_speakers

#: Pages that list and are for search engines; results of a search are not.
LISTS = ("courses", "calendar", "speakers")


class RobotsView(TemplateView):
    """Which addresses are not for search engines, and where the sitemap is."""

    template_name = "robots.txt"
    content_type = "text/plain"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the full address of the sitemap."""
        site = Site.find_for_request(self.request)
        return super().get_context_data(**kwargs) | {"sitemap": absolute(reverse("sitemap"), site=site)}


@require_http_methods(["GET", "HEAD"])
def sitemap(request: HttpRequest) -> HttpResponse:
    """Answer with all addresses that search engines may know."""
    site = Site.find_for_request(request)
    entries = [*_pages(request, site), *_lists(request, site)]
    response = render(request, "sitemap.xml", {"entries": entries}, content_type="application/xml")
    return mark_public(response)


def _pages(request: HttpRequest, site: Site | None) -> list[dict[str, object]]:
    live = {path for (path,) in Page.objects.live().values_list("path")}
    # What is compiled and not public is behind a restriction, or below something that is no longer there.
    hidden = set(ActivityPage.objects.filter(public=False).values_list("page_id", flat=True))
    found = Page.objects.live().public().filter(depth__gte=2).exclude(pk__in=hidden - {None})
    groups: dict[object, list[tuple[str, str, Page]]] = defaultdict(list)
    for page in found.select_related("locale").order_by("path"):
        above = (page.path[:length] for length in range(2 * Page.steplen, len(page.path), Page.steplen))
        url = page.get_full_url(request)
        if url and all(path in live for path in above) and _belongs(page, site, request):
            groups[page.translation_key].append((page.locale.language_code, url, page))
    entries: list[dict[str, object]] = []
    for group in groups.values():
        others = [(language, url) for language, url, _ in group]
        entries += [
            {"url": url, "changed": page.last_published_at, "languages": others if len(group) > 1 else []}
            for _, url, page in group
        ]
    return entries


def _belongs(page: Page, site: Site | None, request: HttpRequest) -> bool:
    parts = page.get_url_parts(request)
    return parts is not None and (site is None or parts[0] == site.pk)


def _lists(request: HttpRequest, site: Site | None) -> list[dict[str, object]]:
    language = settings.LANGUAGE_CODE
    places: list[tuple[str, tuple[str, ...]]] = [(f"lms_pages:{name}", ()) for name in LISTS]
    places += [
        ("lms_pages:speaker", (each.slug,))
        for each in read_speakers(language=language, request=request, site=site)
    ]
    entries: list[dict[str, object]] = []
    for name, arguments in places:
        urls = []
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                urls.append((code, absolute(reverse(name, args=arguments), site=site)))
        entries += [{"url": url, "changed": None, "languages": urls} for _, url in urls]
    return entries
