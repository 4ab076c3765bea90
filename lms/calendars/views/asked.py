"""What somebody asks for in a query string. Unknown names and values are tolerated: subscribed addresses live for years."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.translation import get_supported_language_variant
from wagtail.models import Site

from lms.calendars import ical
from lms.core.clock import zone_names

#: Nobody has this many sessions ahead; it bounds what a made-up page number can cost.
MAX_PAGE = 100
THEMES = ("light", "dark")


def site(request: HttpRequest) -> Site:
    """Return the site that the request's host belongs to; ``Http404`` when there is none."""
    found = Site.find_for_request(request)
    if found is None:
        raise Http404("No site answers to this host.")
    return found


def language(request: HttpRequest, preset: str = "") -> str:
    """Return the language of ``?lang=``, else the preset, else the project's; always one that the project has."""
    return explicit_language(request) or _supported(preset) or settings.LANGUAGE_CODE


def explicit_language(request: HttpRequest) -> str:
    """Return the language of ``?lang=``, or nothing when none is asked for that the project has."""
    return _supported(request.GET.get("lang", ""))


def _supported(code: str) -> str:
    try:
        return get_supported_language_variant(code)
    except LookupError:
        return ""


def variant(request: HttpRequest) -> str:
    """Return how times are written: ``?tz=utc`` for programs in a browser, else on the wall clock."""
    return ical.UTC if request.GET.get("tz", "").lower() == "utc" else ical.ZONED


def zone(request: HttpRequest, preset: str) -> str:
    """Return the IANA zone of ``?zone=``, else the preset."""
    asked = request.GET.get("zone", "")
    return asked if asked in zone_names() else preset


def theme(request: HttpRequest) -> str:
    """Return ``light`` or ``dark`` where ``?theme=`` fixes it, else nothing: the visitor's device decides."""
    asked = request.GET.get("theme", "")
    return asked if asked in THEMES else ""


def page(request: HttpRequest) -> int:
    """Return the page of ``?page=``, from 1."""
    asked = request.GET.get("page", "")
    return min(int(asked), MAX_PAGE) if asked.isascii() and asked.isdecimal() and 0 < int(asked[:9]) else 1
