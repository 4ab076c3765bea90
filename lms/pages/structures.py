"""What pages say to search engines, in schema.org's words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from wagtail.models import Site

from lms.core.addresses import absolute

if TYPE_CHECKING:
    from lms.pages.speakers_page import Speaker

CONTEXT = "https://schema.org"


def crumbs_structure(crumbs: Sequence[tuple[str, str]], site: Site | None) -> dict[str, Any]:
    """Return the way to a page.

    Args:
        crumbs: title and address of what is above, then of the page itself.
        site: whose addresses they are.
    """
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": title, "item": _full(url, site)}
            for place, (title, url) in enumerate(crumbs, start=1)
        ],
    }


def list_structure(entries: Sequence[tuple[str, str]], site: Site | None) -> dict[str, Any]:
    """Return a list of pages.

    Args:
        entries: title and address of each.
        site: whose addresses they are.
    """
    return {
        "@context": CONTEXT,
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": title, "url": _full(url, site)}
            for place, (title, url) in enumerate(entries, start=1)
        ],
    }


def course_structure(
    *, title: str, summary: str, url: str, language: str, hours: Decimal | None, provider: str
) -> dict[str, Any]:
    """Return a course that is taken online, for free, at any time.

    Args:
        title: of the course.
        summary: one or two sentences.
        url: full address of its page.
        language: of the page.
        hours: how long it takes, if somebody said.
        provider: who offers it.
    """
    instance: dict[str, Any] = {"@type": "CourseInstance", "courseMode": "Online"}
    if hours:
        minutes = int(hours * 60)
        instance["courseWorkload"] = (
            f"PT{minutes // 60}H{minutes % 60}M" if minutes % 60 else f"PT{minutes // 60}H"
        )
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Course",
        "name": title,
        "url": url,
        "inLanguage": language,
        "isAccessibleForFree": True,
        "offers": {"@type": "Offer", "category": "Free", "price": 0, "priceCurrency": "IDR"},
        "hasCourseInstance": instance,
    }
    if summary:
        found["description"] = summary
    if provider:
        found["provider"] = {"@type": "Organization", "name": provider}
    return found


def person_structure(speaker: Speaker, url: str, site: Site | None) -> dict[str, Any]:
    """Return somebody who speaks.

    Args:
        speaker: who.
        url: full address of their page.
        site: for the name of the organisation.
    """
    found: dict[str, Any] = {"@context": CONTEXT, "@type": "Person", "name": speaker.name, "url": url}
    if speaker.role:
        found["jobTitle"] = speaker.role
    if speaker.text:
        found["description"] = speaker.text
    return found


def _full(url: str, site: Site | None) -> str:
    return absolute(url, site=site) if url.startswith("/") else url
