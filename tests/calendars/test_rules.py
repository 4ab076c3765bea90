"""Windows, origins and colours."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.calendars import rules

AWARE = st.datetimes(
    min_value=dt.datetime(2021, 1, 1), max_value=dt.datetime(2035, 1, 1), timezones=st.just(dt.UTC)
)
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@settings(deadline=None)
@given(AWARE, st.integers(0, 400), st.integers(0, 800))
def test_a_window_is_whole_days_and_keeps_thirty(now, past, ahead):
    starts, ends = rules.window(now, past_days=past, ahead_days=ahead)
    assert (starts.hour, starts.minute, starts.second, starts.microsecond) == (0, 0, 0, 0)
    assert now - starts >= dt.timedelta(days=max(past, 30))
    assert ends - now >= dt.timedelta(days=ahead)
    later = now.replace(hour=23, minute=59)
    assert rules.window(later, past_days=past, ahead_days=ahead) == (starts, ends)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://www.bank.example", "https://www.bank.example"),
        (" HTTPS://WWW.Bank.Example/ ", "https://www.bank.example"),
        ("https://www.bank.example:443", "https://www.bank.example"),
        ("https://www.bank.example:8443", "https://www.bank.example:8443"),
        ("https://*.bank.example", "https://*.bank.example"),
        ("http://localhost:8001", "http://localhost:8001"),
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001"),
        ("http://[::1]:8001", "http://[::1]:8001"),
    ],
)
def test_origins_are_read_as_browsers_compare_them(text, origin):
    assert rules.origin(text) == origin


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "origin"),
        ("www.bank.example", "origin"),
        ("https://www.bank.example/agenda", "origin"),
        ("https://www.bank.example; script-src *", "origin"),
        ("https://www.bank.example https://evil.example", "origin"),
        ("https://www.bank.example\r\nSet-Cookie: x=1", "origin"),
        ("https://a..example", "origin"),
        ("https://*", "origin"),
        ("https://user@bank.example", "origin"),
        ("https://bank.example:0", "origin"),
        ("https://bank.example:70000", "origin"),
        ("javascript:alert(1)", "origin"),
        ("'self'", "origin"),
        ("http://www.bank.example", "secure"),
    ],
)
def test_what_is_no_origin_is_refused_with_its_reason(text, reason):
    with pytest.raises(ValueError, match=f"^{reason}$"):
        rules.origin(text)


@settings(deadline=None)
@given(st.lists(st.text(max_size=60)))
def test_stored_nonsense_never_reaches_a_header(texts):
    for origin in rules.origins(texts):
        assert rules.origin(origin, secure=False) == origin
        assert not set(origin) & set(" ;,'\"\r\n\t")


def test_a_plain_address_that_is_stored_is_used():
    assert rules.origins(["http://192.168.1.5:8001", "http://a.example/x"]) == ["http://192.168.1.5:8001"]


@pytest.mark.parametrize("stored", [None, {}, "https://bank.example", 3])
def test_what_is_no_list_is_no_host(stored):
    assert rules.origins(stored) == []


@settings(deadline=None)
@given(COLOURS)
def test_every_accent_is_made_readable(accent):
    shades = rules.accent_shades(accent, paper="#ffffff", night="#16181c")
    assert rules.contrast(shades["on_paper"], "#ffffff") >= 4.5
    assert rules.contrast(shades["on_night"], "#16181c") >= 4.5
    assert rules.contrast(shades["over_paper"], shades["on_paper"]) >= 4.5
    assert rules.contrast(shades["over_night"], shades["on_night"]) >= 4.5


def test_a_readable_accent_stays_as_it_is():
    assert rules.accent_shades("#1d4ed8", paper="#ffffff", night="#16181c")["on_paper"] == "#1d4ed8"


def test_black_on_white_is_21():
    assert rules.contrast("#000000", "#ffffff") == pytest.approx(21)


@settings(deadline=None)
@given(
    st.lists(st.text(max_size=5), min_size=1, max_size=4),
    st.lists(st.text(max_size=5), min_size=1, max_size=4),
)
def test_fingerprints_differ_when_parts_differ(one, other):
    separated = not any("\x1f" in part for part in [*one, *other])
    if separated:
        assert (rules.fingerprint(*one) == rules.fingerprint(*other)) == (one == other)
    assert len(rules.fingerprint(*one)) == 64
