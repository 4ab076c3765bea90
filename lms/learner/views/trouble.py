"""Personal links that do not open, in the same voice as everything else; and how personal answers are guarded."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from lms.core.languages import asked_language


def trouble(request: HttpRequest, reason: str, status: int, *, token: str = "") -> HttpResponse:
    """Say that a personal link does not open, and what to do.

    Args:
        request: what was asked.
        reason: ``bad``, ``revoked``, ``foreign`` (a form on another site) or ``gone`` (no such part of a course).
        status: of the answer.
        token: of the personal link, where it is a good one.
    """
    language = asked_language(request)
    with translation.override(language):
        values = {"reason": reason, "page_language": language, "token": token}
        return guarded(render(request, "lms/learner/trouble.html", values, status=status))


def guarded(response: HttpResponse) -> HttpResponse:
    """Keep a personal answer out of caches, search engines and other sites' logs."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
