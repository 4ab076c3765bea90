"""The frame around public pages: the site's name, the way home, and the other languages of the same place."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Site

from lms.core.languages import own_name

register = template.Library()


@register.simple_tag(takes_context=True)
def site_name(context: template.Context) -> str:
    """``{% site_name %}``: the name of the Wagtail site that is asked, else WAGTAIL_SITE_NAME."""
    request = context.get("request")
    site = Site.find_for_request(request) if request is not None else None
    return (site.site_name if site else "") or getattr(settings, "WAGTAIL_SITE_NAME", "")


@register.simple_tag
def home_address() -> str:
    """``{% home_address %}``: where the site begins in the language that is active."""
    try:
        return reverse("wagtail_serve", args=[""])
    except NoReverseMatch:
        return "/"


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[dict[str, str]]:
    """``{% language_links as languages %}``: the same place in every other language, as language, name and url.

    A page brings its ``translations``. An address with the language in its path is translated; one that never moves
    takes the language in its query.
    """
    translations = context.get("translations")
    if translations is not None:
        return [
            {"language": each.language, "name": each.name, "url": each.url}
            for each in translations
            if not each.current
        ]
    request = context.get("request")
    if request is None:
        return []
    active = context.get("page_language") or get_language()
    links = []
    for code, _name in settings.LANGUAGES:
        if code == active:
            continue
        url = translate_url(request.path, code)
        if url == request.path:
            query = {key: value for key, value in request.GET.items() if key != "lang"} | {"lang": code}
            url = f"{request.path}?{urlencode(query)}"
        links.append({"language": code, "name": own_name(code), "url": url})
    return links


_ESCAPES = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


@register.simple_tag
def structured(values: Any) -> SafeString:
    """``{% structured values %}``: JSON for search engines inside a script element.

    No text can end the element or begin another: the characters that could are written as escapes.
    """
    return mark_safe(json.dumps(values, ensure_ascii=False).translate(_ESCAPES))
