"""Cells of a CSV file never become formulas, and nothing that somebody typed is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.cells import safe_cell

SIGNS = "=+-@＝＋－＠"


@given(st.text())
def test_text_stays_whole(text):
    assert safe_cell(text) in (text, "'" + text)


@given(st.text(alphabet=" \t\r\n\0\u200b\ufeff\u00a0", max_size=4), st.sampled_from(SIGNS), st.text())
def test_no_cell_begins_a_formula(blanks, sign, rest):
    assert safe_cell(blanks + sign + rest) == "'" + blanks + sign + rest


@given(st.text())
def test_what_comes_out_is_safe(text):
    shown = str(safe_cell(text))
    assert safe_cell(shown) == shown
    assert shown[:1] not in {*SIGNS, "\t", "\r", "\n", "\0"} or shown == ""


@given(st.from_regex(r"[A-Za-z0-9][^\x00]*", fullmatch=True))
def test_ordinary_text_is_left_alone(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize(("value", "cell"), [(None, ""), (7, 7), (-7, -7), (0.5, 0.5), ("", "")])
def test_numbers_are_numbers(value, cell):
    assert safe_cell(value) == cell


def test_a_telephone_number_stays_readable():
    assert safe_cell("+62 812-0000-0000") == "'+62 812-0000-0000"
