"""Personal links: genuine ones open, everything else does not."""

from __future__ import annotations

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from lms.core import links
from lms.core.links import BadLink

ID = "kZl2vOeJrNf0Xk5cYVbH3A"

names = st.text(st.sampled_from("ABCabc019_-"), min_size=1, max_size=32)


@given(public_id=names, version=st.integers(0, 2**31), via=st.one_of(st.just(""), names))
def test_what_was_signed_is_read_again(public_id, version, via):
    token = links.sign(purpose="person", public_id=public_id, version=version, via=via)
    claim = links.read(token, purpose="person")
    assert (claim.public_id, claim.version, claim.via) == (public_id, version, via)


@given(position=st.integers(0, 60), replacement=st.characters())
def test_no_character_can_be_changed(position, replacement):
    token = links.sign(purpose="join", public_id=ID, version=1, via="abcd1234")
    position %= len(token)
    changed = token[:position] + replacement + token[position + 1 :]
    if changed != token:
        with pytest.raises(BadLink):
            links.read(changed, purpose="join")


@pytest.mark.parametrize("length", range(0, 47))
def test_a_token_that_was_cut_does_not_open(length):
    token = links.sign(purpose="join", public_id=ID, version=1)
    assert len(token) == 47
    with pytest.raises(BadLink):
        links.read(token[:length], purpose="join")


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.1.b", "x" * 5000, "a.b.c.d.e", f"{ID}.1.{'A' * 22}", f"{ID}.1.{'é' * 22}", "\x00"],
)
def test_what_is_no_token_does_not_open(token):
    with pytest.raises(BadLink):
        links.read(token, purpose="join")


def test_a_join_link_is_no_personal_link():
    with pytest.raises(BadLink):
        links.read(links.sign(purpose="join", public_id=ID, version=1), purpose="person")


def test_the_mark_of_an_address_can_be_neither_added_nor_taken_away():
    plain = links.sign(purpose="person", public_id=ID, version=1)
    marked = links.sign(purpose="person", public_id=ID, version=1, via="abcd1234")
    _, _, signature = plain.rpartition(".")
    for forged in (f"{ID}.1.abcd1234.{signature}", f"{ID}.1.{marked.rpartition('.')[2]}"):
        with pytest.raises(BadLink):
            links.read(forged, purpose="person")


def test_a_version_cannot_be_raised():
    token = links.sign(purpose="join", public_id=ID, version=1)
    with pytest.raises(BadLink):
        links.read(token.replace(".1.", ".2."), purpose="join")


def test_keys_can_be_rotated():
    with override_settings(LMS={"LINK_KEYS": ["old"]}):
        token = links.sign(purpose="join", public_id=ID, version=3)
    with override_settings(LMS={"LINK_KEYS": ["new", "old"]}):
        assert links.read(token, purpose="join").version == 3
        assert links.sign(purpose="join", public_id=ID, version=3) != token, "the newest key signs"
    with override_settings(LMS={"LINK_KEYS": ["new"]}), pytest.raises(BadLink):
        links.read(token, purpose="join")


def test_without_keys_of_its_own_the_project_key_signs_and_its_fallbacks_read():
    with override_settings(SECRET_KEY="one"):
        token = links.sign(purpose="join", public_id=ID, version=1)
    with override_settings(SECRET_KEY="two", SECRET_KEY_FALLBACKS=["one"]):
        assert links.read(token, purpose="join").public_id == ID
    with override_settings(SECRET_KEY="two"), pytest.raises(BadLink):
        links.read(token, purpose="join")


def test_what_cannot_stand_in_a_link_is_refused_when_signing():
    with pytest.raises(ValueError, match="letters"):
        links.sign(purpose="join", public_id="a.b", version=1)


@pytest.mark.parametrize("around", [".", ",", ")", ">", ").", " ", "…", "!"])
def test_what_was_copied_along_with_a_link_does_no_harm(around):
    token = links.sign(purpose="join", public_id=ID, version=1)
    assert links.read(token + around, purpose="join").public_id == ID
