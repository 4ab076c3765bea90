"""Work on the site: every address answers 503 with a page that asks nothing of the database."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

#: Seconds after which browsers and search engines may ask again.
RETRY_AFTER = 600


class MaintenanceMiddleware:
    """Stands after WhiteNoise, so that styles are still there; unused unless ``MAINTENANCE`` is set."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not getattr(settings, "MAINTENANCE", False):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(
            render_to_string("maintenance.html"),
            status=503,
            headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"},
        )
