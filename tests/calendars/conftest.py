"""Fixtures of the calendars' tests: a frozen clock, and parsers that are not ours."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache

from lms.core import clock

NOW = dt.datetime(2027, 3, 1, 4, 0, 30, tzinfo=dt.UTC)


class Clock:
    """The moment that Kelas takes for now; tests move it."""

    def __init__(self, moment: dt.datetime) -> None:
        self.moment = moment

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self.moment += dt.timedelta(**span)


@pytest.fixture
def at(monkeypatch) -> Clock:
    """Monday 1 March 2027, 11:00:30 in Jakarta."""
    fixed = Clock(NOW)
    monkeypatch.setattr(clock, "now", lambda: fixed.moment)
    return fixed


@pytest.fixture
def fetch(client):
    """Ask for an address as a calendar program does: no cookies; nothing kept from before unless asked for."""

    def fetch(path, *, fresh=True, status=200, **headers):
        if fresh:
            cache.clear()
        response = client.get(path, headers=headers)
        assert response.status_code == status, response.content[:500]
        assert not response.cookies
        return response

    return fetch
