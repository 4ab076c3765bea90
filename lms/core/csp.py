"""Content-Security-Policy: one constant policy per area, so cached pages can carry it. No nonce, no inline script.

Public pages are strict. The Wagtail admin needs inline scripts and styles. An embed says itself which hosts may frame
it (``allow_framing``). A view may set its own header; it is then left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

HEADER = "Content-Security-Policy"

_BASE = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def _text(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


PUBLIC_POLICY = _text(_BASE)
#: What an editor sees beside a form: as strict as the public page, shown in a frame of the admin.
PREVIEW_POLICY = _text(_BASE | {"frame-ancestors": "'self'"})
ADMIN_POLICY = _text(
    _BASE
    | {
        "script-src": "'self' 'unsafe-inline'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob: https:",
        "frame-ancestors": "'self'",
    }
)


def allow_framing(response: HttpResponse, origins: Iterable[str]) -> HttpResponse:
    """Let these origins show a response in a frame, and nobody else.

    Args:
        response: the embed's response.
        origins: such as ``https://www.bank.example``; none means that nobody may.
    """
    ancestors = " ".join(origins) or "'none'"
    response[HEADER] = _text(_BASE | {"frame-ancestors": ancestors})
    response.xframe_options_exempt = True
    return response


class ContentSecurityPolicyMiddleware:
    """Set the policy of the area that an address belongs to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        try:
            self.admin_prefix = reverse("wagtailadmin_home")
        except NoReverseMatch:
            self.admin_prefix = ""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header(HEADER):
            response[HEADER] = self._policy_of(request)
        return response

    def _policy_of(self, request: HttpRequest) -> str:
        # Wagtail makes a preview by a request of its own, at the address of the page, through all middleware.
        if getattr(request, "is_dummy", False):
            return PREVIEW_POLICY
        in_admin = bool(self.admin_prefix) and request.path.startswith(self.admin_prefix)
        return ADMIN_POLICY if in_admin else PUBLIC_POLICY
