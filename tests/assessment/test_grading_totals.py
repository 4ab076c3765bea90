"""Points, pass marks, and which attempt counts."""

from __future__ import annotations

from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.grading import Outcome, Total, counting, points_of, result, rubric_total, total


@pytest.mark.parametrize(
    ("share", "worth", "points"),
    [
        (F(1), "1", "1.00"),
        (F(0), "1", "0.00"),
        (F(1, 3), "1", "0.33"),
        (F(2, 3), "1", "0.67"),
        (F(1, 2), "1", "0.50"),
        (F(1, 2), "0.01", "0.01"),
        (F(1, 3), "0.01", "0.00"),
        (F(1, 8), "0.20", "0.03"),
        (F(1, 2), "2.5", "1.25"),
        (F(1, 3), "1000", "333.33"),
        (F(1), "999.99", "999.99"),
    ],
)
def test_points_to_the_hundredth_a_half_up(share, worth, points):
    got = points_of(share, D(worth))
    assert got == D(points) and str(got) == points


@given(st.fractions(0, 1), st.decimals("0.01", 1000, places=2))
def test_points_are_never_more_than_a_question_is_worth(share, worth):
    got = points_of(share, worth)
    assert 0 <= got <= worth
    assert abs(F(got) - share * F(worth)) <= F(1, 200)


@pytest.mark.parametrize(
    ("points", "possible", "pass_mark", "expected"),
    [
        (["1", "0.5"], ["1", "1"], 75, Total(D("1.5"), D(2), D("0.75"), True)),
        (["1", "0.49"], ["1", "1"], 75, Total(D("1.49"), D(2), D("0.745"), False)),
        (["2"], ["3"], 66, Total(D(2), D(3), D("0.66666"), True)),
        (["2"], ["3"], 67, Total(D(2), D(3), D("0.66666"), False)),
        (["0"], ["1"], 0, Total(D(0), D(1), D(0), True)),
        (["0"], ["1"], 1, Total(D(0), D(1), D(0), False)),
        (["1"], ["1"], 100, Total(D(1), D(1), D(1), True)),
        (["0.99"], ["1"], 100, Total(D("0.99"), D(1), D("0.99"), False)),
        ([], ["4"], 50, Total(D(0), D(4), D(0), False)),
        (["0.01"], ["0.01"], 100, Total(D("0.01"), D("0.01"), D(1), True)),
    ],
)
def test_a_total(points, possible, pass_mark, expected):
    got = total(map(D, points), map(D, possible), pass_mark=pass_mark)
    assert got == expected
    assert got.scaled.as_tuple().exponent == -5


@pytest.mark.parametrize("possible", [[], ["0"], ["-1"]])
def test_where_nothing_can_be_earned_there_is_no_total(possible):
    with pytest.raises(ValueError, match="nothing to earn"):
        total([], map(D, possible), pass_mark=50)


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 100))
def test_the_scaled_score_reaches_the_pass_mark_exactly_when_the_points_do(earned, worth, pass_mark):
    got = total([D(min(earned, worth)) / 100], [D(worth) / 100], pass_mark=pass_mark)
    assert got.passed == (got.scaled >= D(pass_mark) / 100) == (float(got.scaled) >= pass_mark / 100)
    assert 0 <= got.scaled <= 1


RUBRIC = [{"id": "isi", "points": "6"}, {"id": "bahasa", "points": "4.5"}]


@pytest.mark.parametrize(
    ("given_points", "expected"),
    [
        ({"isi": "6", "bahasa": "4.5"}, "10.50"),
        ({"isi": "0", "bahasa": "0"}, "0.00"),
        ({"isi": "3.25", "bahasa": "1"}, "4.25"),
    ],
)
def test_a_rubric_is_added_up(given_points, expected):
    got = rubric_total(RUBRIC, {name: D(each) for name, each in given_points.items()})
    assert str(got) == expected


@pytest.mark.parametrize(
    ("given_points", "which"),
    [
        ({"isi": "6.01", "bahasa": "1"}, "isi"),
        ({"isi": "6", "bahasa": "4.51"}, "bahasa"),
        ({"isi": "-0.01", "bahasa": "1"}, "isi"),
        ({"isi": "6"}, "bahasa"),
        ({"bahasa": "1"}, "isi"),
        ({"isi": "1", "bahasa": "1", "lain": "1"}, "lain"),
        ({"isi": "NaN", "bahasa": "1"}, "isi"),
        ({"isi": "1", "bahasa": "Infinity"}, "bahasa"),
        ({}, "isi"),
    ],
)
def test_points_outside_a_criterion_are_refused_by_its_name(given_points, which):
    with pytest.raises(ValueError, match=f"^{which}$"):
        rubric_total(RUBRIC, {name: D(each) for name, each in given_points.items()})


def outcomes(*scores):
    return [Outcome(number, None if each is None else F(each)) for number, each in enumerate(scores, start=1)]


@pytest.mark.parametrize(
    ("scores", "rule", "standing", "result_is"),
    [
        ([], "best", [], None),
        ([], "last", [], None),
        ([], "first", [], None),
        (["0.4"], "best", [1], 1),
        (["0.4"], "last", [1], 1),
        (["0.4"], "first", [1], 1),
        (["0"], "best", [1], 1),
        ([None], "best", [], None),
        ([None], "last", [], None),
        ([None], "first", [], None),
        (["0.4", "0.8"], "best", [1, 2], 2),
        (["0.8", "0.4"], "best", [1], 1),
        (["0.8", "0.8"], "best", [1], 1),
        (["0.4", "0.8", "0.6", "0.9", "0.9"], "best", [1, 2, 4], 4),
        (["0.4", None, "0.9"], "best", [1, 3], 3),
        (["0.8", "0.4"], "last", [2], 2),
        (["0.8", "0.4", None], "last", [2], 2),
        ([None, "0.4"], "last", [2], 2),
        (["0.4", "0.8"], "first", [1], 1),
        ([None, "0.8"], "first", [], None),
    ],
)
def test_which_attempts_count(scores, rule, standing, result_is):
    assert counting(outcomes(*scores), rule) == standing
    assert counting(reversed(outcomes(*scores)), rule) == standing
    assert result(outcomes(*scores), rule) == result_is


@given(st.lists(st.none() | st.fractions(0, 1), max_size=8), st.fractions(0, 1))
def test_under_best_the_first_attempt_to_reach_any_mark_always_counts(scores, needed):
    given_outcomes = outcomes(*scores)
    reached = [each.number for each in given_outcomes if each.score is not None and each.score >= needed]
    standing = counting(given_outcomes, "best")
    if reached:
        assert reached[0] in standing
    best = max((each.score for each in given_outcomes if each.score is not None), default=None)
    chosen = result(given_outcomes, "best")
    assert (chosen is None) == (best is None)
    if chosen is not None:
        assert given_outcomes[chosen - 1].score == best


def test_nothing_to_earn_is_said_in_words():
    with pytest.raises(ValueError, match=r"^There is nothing to earn\.$"):
        total([], [], pass_mark=50)


def test_a_rubric_without_criteria_is_worth_nothing():
    assert rubric_total([], {}) == D("0.00")
