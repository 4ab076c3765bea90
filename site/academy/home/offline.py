"""What a browser that was here before shows without a network. The service worker is small and never answers for the network."""

from __future__ import annotations

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from lms.core.page_cache import mark_public


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Say that there is no network, in both languages: the browser keeps this page before it is needed."""
    return mark_public(render(request, "offline.html"))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Answer with the service worker, at the top of the site so that it may answer for all of it.

    Its text changes with the page that it keeps, and then browsers fetch both again.
    """
    always = [reverse("offline"), static("lms/css/kelas.css"), static("academy/icon.svg")]
    version = hashlib.sha256("".join([*always, render_to_string("offline.html")]).encode()).hexdigest()[:8]
    values = {
        "version": version,
        "page": always[0],
        # Our own addresses, as JavaScript.
        "always": mark_safe(json.dumps(always)),
    }
    response = render(request, "offline.js", values, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
