"""Figures of questions: exact on small numbers, and the same as the plain formula on any."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.statistics import Sums, correlation, difficulty_code, discrimination_code


def sums(pairs):
    return Sums(
        len(pairs),
        sum(x for x, _ in pairs),
        sum(y for _, y in pairs),
        sum(x * x for x, _ in pairs),
        sum(y * y for _, y in pairs),
        sum(x * y for x, y in pairs),
    )


@pytest.mark.parametrize(
    ("pairs", "value"),
    [
        ([(0, 0), (1, 1)], 1.0),
        ([(0, 1), (1, 0)], -1.0),
        ([(0, 0), (0, 1), (1, 0), (1, 1)], 0.0),
        ([(0, 0.2), (0, 0.4), (1, 0.6), (1, 0.8)], 2 / math.sqrt(5)),
        ([(1, 0.5), (1, 0.7)], None),
        ([(0, 0.5), (1, 0.5)], None),
        ([(1, 1)], None),
        ([], None),
    ],
)
def test_correlation(pairs, value):
    got = correlation(sums(pairs))
    assert got is None if value is None else got == pytest.approx(value)


shares = st.integers(0, 20).map(lambda number: number / 20)


@given(st.lists(st.tuples(shares, shares), min_size=2, max_size=60))
def test_correlation_is_what_the_plain_formula_gives(pairs):
    got = correlation(sums(pairs))
    mean_x = sum(x for x, _ in pairs) / len(pairs)
    mean_y = sum(y for _, y in pairs) / len(pairs)
    top = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    below = math.sqrt(sum((x - mean_x) ** 2 for x, _ in pairs) * sum((y - mean_y) ** 2 for _, y in pairs))
    if len({x for x, _ in pairs}) == 1 or len({y for _, y in pairs}) == 1:
        assert got is None
    else:
        assert got == pytest.approx(top / below, abs=1e-6)
        assert -1 <= got <= 1


@pytest.mark.parametrize(
    ("share", "code"),
    [(0, "hard"), (0.25, "hard"), (0.2501, "fitting"), (0.8999, "fitting"), (0.9, "easy"), (1, "easy")],
)
def test_difficulty_in_words(share, code):
    assert difficulty_code(share) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "none"),
        (-1, "negative"),
        (-0.001, "negative"),
        (0, "poor"),
        (0.1999, "poor"),
        (0.2, "marginal"),
        (0.2999, "marginal"),
        (0.3, "good"),
        (0.3999, "good"),
        (0.4, "very-good"),
        (1, "very-good"),
    ],
)
def test_discrimination_in_words(value, code):
    assert discrimination_code(value) == code
