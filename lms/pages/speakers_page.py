"""People who speak: read from the webinar series that everybody may see, so that there is nothing else to keep right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.utils.text import slugify
from wagtail.images import get_image_model
from wagtail.models import Site

from lms.catalogue.models import Activity
from lms.core import clock
from lms.pages.agenda import Session, sessions
from lms.pages.listing import public_page, with_public_pages
from lms.webinars.queries.schedule import upcoming

#: Forms in which the portrait's template draws a picture, so that they are fetched at once.
PORTRAITS = ("fill-96x96", "fill-96x96|format-webp")


@dataclass(slots=True)
class SpokenSeries:
    """A series in which somebody speaks."""

    title: str
    url: str
    activity_id: int


@dataclass(slots=True)
class Speaker:
    """Somebody who speaks. ``slug`` is made of the name, so it is the same in every language."""

    slug: str
    name: str
    role: str = ""
    text: str = ""
    image: Any = None
    series: list[SpokenSeries] = field(default_factory=list)


def read_speakers(*, language: str, request: HttpRequest, site: Site | None) -> list[Speaker]:
    """Return everybody who speaks in a public series, by name: seven queries, however many there are.

    Who is named in several series is one person. What is said of them in the language counts, where they are there.

    Args:
        language: for words, titles and addresses.
        request: for addresses.
        site: only series that belong to it.
    """
    found = Activity.objects.filter(kind="webinar_series", public=True)
    if site is not None:
        found = found.filter(site=site)
    chosen = {each.pk: public_page(each, language) for each in with_public_pages(found)}
    rows = [row for row in chosen.values() if row is not None and row.page is not None]
    rows.sort(key=lambda row: (row.locale.language_code != language, row.page.path))  # type: ignore[union-attr]
    model = apps.get_model("lms_pages", "WebinarSeriesPage")
    pages = model.objects.in_bulk([row.page_id for row in rows])
    speakers: dict[str, Speaker] = {}
    images: dict[str, int] = {}
    for row in rows:
        page = pages.get(row.page_id)
        for value in _people(page):
            slug = slugify(value.get("name", ""))
            if not slug:
                continue
            speaker = speakers.setdefault(slug, Speaker(slug, value["name"].strip()))
            speaker.role = speaker.role or value.get("role") or ""
            speaker.text = speaker.text or value.get("text") or ""
            if value.get("image"):
                images.setdefault(slug, value["image"])
            speaker.series.append(
                SpokenSeries(row.title, row.page.get_url(request) or "", row.activity_id)  # type: ignore[union-attr]
            )
    pictures = (
        get_image_model().objects.filter(pk__in=images.values()).prefetch_renditions(*PORTRAITS).in_bulk()
    )
    for slug, pk in images.items():
        speakers[slug].image = pictures.get(pk)
    return sorted(speakers.values(), key=lambda each: each.name.casefold())


def sessions_of(speaker: Speaker, *, language: str, request: HttpRequest, count: int = 6) -> list[Session]:
    """Return the next public sessions of the series in which somebody speaks.

    Args:
        speaker: who.
        language: for titles and addresses.
        request: for addresses.
        count: at most so many.
    """
    ids = [each.activity_id for each in speaker.series]
    coming = upcoming(now=clock.now()).filter(series__activity_id__in=ids)
    return sessions(coming[:count], language=language, request=request)


def _people(page: Any) -> list[dict[str, Any]]:
    """Return what is written about speakers on a page, as it is stored: blocks would ask for each picture by itself."""
    stream = page.speakers.raw_data if page is not None else ()
    return [block["value"] for block in stream if block["type"] == "speaker"]
