"""Absolute addresses for mails, feeds and documents: from Wagtail's Site, never from a request's Host header."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from wagtail.models import Site


def absolute(path: str, *, site: Site | None = None) -> str:
    """Return the full address of a path on a site.

    Args:
        path: begins with a slash.
        site: the site that the thing belongs to; the default site when it belongs to none.
    """
    site = site or Site.objects.filter(is_default_site=True).first()
    return f"{site.root_url}{path}" if site else path


def path_if_offered(name: str, *arguments: Any, language: str = "") -> str:
    """Return the path of a named address, or nothing when this project does not offer it.

    A host may leave parts of Kelas out; pages then show no link rather than a broken one.

    Args:
        name: of the address, with its namespace.
        arguments: its values.
        language: put into the query, for addresses that never move and so hold no language.
    """
    try:
        path = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    return f"{path}?lang={language}" if language else path
