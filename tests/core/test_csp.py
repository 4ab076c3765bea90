"""Each area has its policy; an embed says who may frame it."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from lms.core.csp import ContentSecurityPolicyMiddleware, allow_framing


def policy(path, response=None, **of_request):
    middleware = ContentSecurityPolicyMiddleware(lambda request: response or HttpResponse())
    request = RequestFactory().get(path)
    for name, value in of_request.items():
        setattr(request, name, value)
    header = middleware(request)["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in header.split(";"))


def test_public_pages_run_no_inline_code_and_cannot_be_framed():
    parts = policy("/id/kursus/")
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == "'self'"
    assert parts["frame-ancestors"] == parts["base-uri"] == "'none'"


def test_the_admin_may_run_what_wagtail_needs():
    parts = policy("/admin/pages/1/edit/")
    assert "'unsafe-inline'" in parts["script-src"]
    assert parts["frame-ancestors"] == "'self'"


def test_a_preview_is_as_strict_as_the_page_and_shown_in_a_frame_of_the_admin():
    parts = policy("/id/kursus/", is_dummy=True)
    assert parts | {"frame-ancestors": "'none'"} == policy("/id/kursus/")
    assert parts["frame-ancestors"] == "'self'"


@pytest.mark.parametrize(
    ("origins", "ancestors"),
    [
        (["https://bank.example", "https://b.example"], "https://bank.example https://b.example"),
        ([], "'none'"),
    ],
)
def test_an_embed_names_its_hosts(origins, ancestors):
    response = allow_framing(HttpResponse(), origins)
    assert response.xframe_options_exempt
    assert policy("/embed/v1/x/", response)["frame-ancestors"] == ancestors
