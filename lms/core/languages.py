"""The language of addresses that never move (in the query, else what the reader chose, else the browser's), and names of languages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, get_language_info


def asked_language(request: Any, *, chosen: str = "") -> str:
    """Return the language in which to answer.

    Args:
        request: its query may say ``lang``; a language that this project does not have is passed over.
        chosen: what the reader, if known, chose for themselves.
    """
    languages = dict(settings.LANGUAGES)
    for language in (request.GET.get("lang", ""), chosen, get_language() or ""):
        if language in languages:
            return language
    return settings.LANGUAGE_CODE


def own_name(code: str) -> str:
    """Return what a language calls itself, short enough for the head of a page on a phone: ``Indonesia``, ``English``.

    Args:
        code: such as ``id``; one that Django does not know is returned as it is.
    """
    try:
        name = get_language_info(code)["name_local"]
    except KeyError:
        return code
    name = name.removeprefix("Bahasa ")
    return name[:1].upper() + name[1:]
