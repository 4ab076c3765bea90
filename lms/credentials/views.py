"""Public verification of certificates. Every state has its own page, with 200; only an unknown serial is a 404."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language

from lms.core import clock, serials
from lms.core.languages import asked_language
from lms.credentials import queries
from lms.credentials.models import Certificate


def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a serial, and lead to its page."""
    typed = request.GET.get("serial", "").strip()
    with translation.override(asked_language(request)):
        if not typed:
            return _page(request, "lms/credentials/verify.html", {})
        serial = serials.normalise(typed)
        if serial is None:
            return _page(
                request, "lms/credentials/verify.html", {"typed": typed[:60], "wrong": True}, status=404
            )
        return HttpResponseRedirect(
            f"{reverse('lms_public:certificate', args=[serial])}?lang={get_language()}"
        )


def certificate(request: HttpRequest, serial: str) -> HttpResponse:
    """Say what is known of one certificate: valid, expired, revoked, superseded, holder erased, or unknown."""
    canonical = serials.normalise(serial)
    if canonical is not None and canonical != serial:
        query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
        return HttpResponseRedirect(reverse("lms_public:certificate", args=[canonical]) + query)
    found = queries.by_serial(serial)
    language = asked_language(request, chosen=found.content.get("language", "") if found else "")
    with translation.override(language):
        if found is None:
            return _page(
                request, "lms/credentials/verify.html", {"typed": serial[:60], "unknown": True}, status=404
            )
        values = {
            "certificate": found,
            "standing": _standing(found, clock.now()),
            "serial": serials.display(found.serial),
            "newer": getattr(found, "superseded_by", None),
            "zone": clock.default_zone(),
            "details": found.content.get("details", []),
        }
        return _page(request, "lms/credentials/certificate.html", values)


def _standing(found: Certificate, now: dt.datetime) -> str:
    if found.state != Certificate.State.VALID:
        return str(found.state)
    if found.expires_at is not None and found.expires_at <= now:
        return "expired"
    return "valid"


def _page(request: HttpRequest, template: str, values: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, template, values | {"page_language": get_language()}, status=status)
    # Fresh at each look: a revocation must show at once.
    patch_cache_control(response, no_cache=True)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
