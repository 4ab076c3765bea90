"""A 404 of an address that never moves stays a 404.

LocaleMiddleware turns a 404 outside of i18n_patterns into a redirect to the same path below a language, which Wagtail
may answer with anything. So on a 404 our views show it an URL configuration without languages.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def stays_not_found(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a view so that its 404, answered or raised, is not redirected."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            request.urlconf = "lms.core.bare_urls"
            raise
        if response.status_code == 404:
            request.urlconf = "lms.core.bare_urls"
        return response

    return wrapped
