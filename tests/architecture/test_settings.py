"""Every setting is documented; an unknown key is a check with an id."""

from __future__ import annotations

import ast
import re

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from lms import conf
from tests.architecture.tree import ROOT, sources


def test_the_settings_page_lists_exactly_the_settings_there_are():
    text = (ROOT / "docs" / "settings.md").read_text()
    assert re.findall(r"^### `([A-Z_]+)`", text, re.M) == sorted(conf.SETTINGS)
    for name, (_, words) in conf.SETTINGS.items():
        assert words in text, name


@override_settings(LMS={"ATTEND_PERSENT": 80})
def test_an_unknown_key_is_an_error_that_lists_the_known_ones():
    found = [message for message in run_checks() if message.id == "lms.E001"]
    assert len(found) == 1
    assert "ATTEND_PERSENT" in found[0].msg and "ATTEND_PERCENT" in found[0].hint


def test_settings_are_read_late():
    with override_settings(LMS={"ATTEND_PERCENT": 85}):
        assert conf.ATTEND_PERCENT == 85
    assert conf.ATTEND_PERCENT == 70


def test_a_name_that_is_no_setting_is_an_attribute_error():
    with pytest.raises(AttributeError, match="NOPE"):
        conf.NOPE  # noqa: B018


def test_every_setting_is_used_and_every_use_is_a_setting():
    used = set()
    for path in sources("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "conf"
            ):
                if node.attr.isupper() and node.attr != "SETTINGS":
                    used.add(node.attr)
    assert used - set(conf.SETTINGS) == set()
    assert set(conf.SETTINGS) - used == set()
