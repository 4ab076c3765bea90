"""Names of languages in themselves."""

from __future__ import annotations

import pytest

from lms.core.languages import own_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("id", "Indonesia"),
        ("en", "English"),
        ("fr", "Français"),
        ("pt-br", "Português Brasileiro"),
        ("xx", "xx"),
    ],
)
def test_a_language_says_its_own_name(code, name):
    assert own_name(code) == name
