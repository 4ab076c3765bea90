"""Forms without cookies: other sites cannot post, our own pages can, with or without a referrer."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from lms.core.own_forms import is_foreign_form
from lms.core.throttle import allow, client_address


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, True),
        ({"Origin": "http://testserver"}, False),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "https://testserver.evil.example"}, True),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_who_posts(headers, foreign):
    assert is_foreign_form(RequestFactory().post("/", headers=headers)) is foreign
    assert is_foreign_form(RequestFactory().get("/", headers=headers)) is False


def test_attempts_are_counted_per_key_and_window(monkeypatch):
    import lms.core.throttle as throttle

    moment = 1_000_000
    monkeypatch.setattr(throttle.time, "time", lambda: moment)
    assert [allow("a", limit=2, seconds=60) for _ in range(4)] == [True, True, False, False]
    assert allow("b", limit=2, seconds=60)
    moment += 60
    assert allow("a", limit=2, seconds=60)
    assert all(allow("c", limit=0, seconds=60) for _ in range(50)), "0 means no limit"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6", "6.6.6.6"),
        (1, "9.9.9.9, 6.6.6.6", "6.6.6.6"),
        (2, "9.9.9.9, 6.6.6.6, 10.0.0.9", "6.6.6.6"),
        (2, "6.6.6.6", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_an_address_that_a_client_sends_itself_is_not_believed(settings, proxies, forwarded, expected):
    settings.LMS = {"TRUSTED_PROXIES": proxies}
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == expected
