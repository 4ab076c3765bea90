"""Intervals against a naive oracle: the set of seconds that they cover."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.intervals import seconds, union

EPOCH = datetime(2025, 3, 4, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
JAKARTA = ZoneInfo("Asia/Jakarta")

points = st.integers(-30, 60)
pairs = st.tuples(points, points)
many = st.lists(pairs, max_size=8)
windows = st.none() | pairs
gaps = st.integers(0, 12)


def covered(intervals, window=None) -> set[int]:
    """The oracle: every second that an interval covers, one by one."""
    inside = {second for start, end in intervals for second in range(start, end)}
    return inside if window is None else inside & set(range(*window))


def bridged(inside: set[int], gap: int) -> set[int]:
    """The oracle with bridges: every hole between two covered seconds that is at most ``gap`` long is filled."""
    result = set(inside)
    ordered = sorted(inside)
    for left, right in zip(ordered, ordered[1:], strict=False):
        if right - left - 1 <= gap:
            result |= set(range(left, right))
    return result


def moments(intervals, zone=UTC):
    return [
        tuple((EPOCH + timedelta(seconds=second)).astimezone(zone) for second in pair) for pair in intervals
    ]


# ── properties ──


@settings(deadline=None)
@given(many, windows, gaps)
def test_union_covers_exactly_the_seconds_of_the_oracle(intervals, window, gap):
    result = union(intervals, window=window, bridge_seconds=gap)
    assert covered(result) == bridged(covered(intervals, window), gap)


@settings(deadline=None)
@given(many, windows, gaps)
def test_union_is_sorted_disjoint_and_further_apart_than_the_bridge(intervals, window, gap):
    result = union(intervals, window=window, bridge_seconds=gap)
    assert all(start < end for start, end in result)
    assert all(after[0] - before[1] > gap for before, after in zip(result, result[1:], strict=False))


@settings(deadline=None)
@given(many, windows, gaps, st.randoms(use_true_random=False))
def test_union_does_not_depend_on_the_order(intervals, window, gap, chance):
    shuffled = list(intervals)
    chance.shuffle(shuffled)
    assert union(shuffled, window=window, bridge_seconds=gap) == union(
        intervals, window=window, bridge_seconds=gap
    )


@settings(deadline=None)
@given(many, windows, gaps)
def test_union_is_idempotent(intervals, window, gap):
    once = union(intervals, window=window, bridge_seconds=gap)
    assert union(once, window=window, bridge_seconds=gap) == once


@settings(deadline=None)
@given(many, gaps)
def test_duplicates_and_parts_of_what_is_there_change_nothing(intervals, gap):
    parts = [(start, start + (end - start) // 2) for start, end in intervals if start < end]
    assert union(intervals + intervals + parts, bridge_seconds=gap) == union(intervals, bridge_seconds=gap)


@settings(deadline=None)
@given(many, pairs, gaps)
def test_nothing_is_outside_the_window(intervals, window, gap):
    inside = union(intervals, window=window, bridge_seconds=gap)
    assert all(window[0] <= start and end <= window[1] for start, end in inside)


@settings(deadline=None)
@given(many)
def test_seconds_counts_the_seconds_of_the_oracle(intervals):
    assert seconds(intervals) == len(covered(intervals))


@settings(deadline=None)
@given(many, windows, gaps)
def test_seconds_of_a_union_is_the_sum_of_its_lengths(intervals, window, gap):
    result = union(intervals, window=window, bridge_seconds=gap)
    assert seconds(result) == sum(end - start for start, end in result)


@settings(deadline=None)
@given(many, windows, gaps, st.sampled_from([UTC, BERLIN, JAKARTA]))
def test_datetimes_behave_as_their_seconds(intervals, window, gap, zone):
    edges = None if window is None else moments([window], zone)[0]
    expected = moments(union(intervals, window=window, bridge_seconds=gap))
    assert union(moments(intervals, zone), window=edges, bridge_seconds=gap) == expected
    assert seconds(moments(intervals, zone)) == seconds(intervals)


@settings(deadline=None)
@given(many)
def test_a_generator_is_as_good_as_a_list(intervals):
    assert union(pair for pair in intervals) == union(intervals)
    assert seconds(pair for pair in intervals) == seconds(intervals)


# ── boundaries ──


def test_nothing_covers_nothing():
    assert union([]) == []
    assert union([], window=(0, 10), bridge_seconds=5) == []
    assert seconds([]) == 0


@pytest.mark.parametrize("pair", [(5, 5), (6, 5)])
def test_an_interval_that_ends_when_or_before_it_starts_covers_nothing(pair):
    assert union([pair]) == []
    assert union([pair, (0, 1)], bridge_seconds=0) == [(0, 1)]
    assert seconds([pair]) == 0
    assert seconds([(0, 10), pair]) == 10
    assert seconds([pair, (20, 30)]) == 10


def test_an_empty_interval_is_no_pillar_of_a_bridge():
    assert union([(0, 10), (15, 15), (20, 30)], bridge_seconds=9) == [(0, 10), (20, 30)]


def test_one_second_is_an_interval():
    assert union([(5, 6)]) == [(5, 6)]
    assert seconds([(5, 6)]) == 1


def test_touching_intervals_join_and_a_second_between_keeps_them_apart():
    assert union([(0, 5), (5, 9)]) == [(0, 9)]
    assert union([(0, 5), (6, 9)]) == [(0, 5), (6, 9)]


def test_a_bridge_is_as_long_as_it_says_and_no_longer():
    assert union([(0, 10), (70, 80)], bridge_seconds=60) == [(0, 80)]
    assert union([(0, 10), (71, 80)], bridge_seconds=60) == [(0, 10), (71, 80)]
    there = moments([(0, 10), (70, 80)])
    assert union(there, bridge_seconds=60) == moments([(0, 80)])
    assert union(there, bridge_seconds=59) == there


def test_bridges_reach_from_the_furthest_end():
    assert union([(0, 50), (10, 20), (55, 60)], bridge_seconds=5) == [(0, 60)]
    assert union([(0, 50), (10, 20), (56, 60)], bridge_seconds=5) == [(0, 50), (56, 60)]


def test_a_contained_interval_does_not_shorten_the_one_around_it():
    assert union([(0, 100), (10, 20)]) == [(0, 100)]
    assert seconds([(0, 100), (10, 20), (90, 110)]) == 110
    assert seconds([(0, 100), (100, 110)]) == 110


def test_the_window_cuts_both_ends_and_drops_what_only_touches_it():
    assert union([(0, 100)], window=(10, 20)) == [(10, 20)]
    assert union([(0, 10), (20, 30)], window=(10, 20)) == []
    assert union([(9, 11), (19, 21)], window=(10, 20)) == [(10, 11), (19, 20)]
    assert union([(0, 100)], window=(20, 20)) == []
    assert union([(0, 100)], window=(30, 20)) == []


def test_clipping_comes_before_bridging():
    # The stay before the window is no pillar of a bridge into it.
    assert union([(0, 10), (15, 30)], window=(12, 40), bridge_seconds=10) == [(15, 30)]


def test_a_negative_bridge_is_refused_and_zero_is_not():
    with pytest.raises(ValueError, match=r"^bridge_seconds must not be negative\.$"):
        union([(0, 1)], bridge_seconds=-1)
    with pytest.raises(ValueError, match=r"^bridge_seconds must not be negative\.$"):
        union([], bridge_seconds=-1)
    assert union([(0, 1)], bridge_seconds=0) == [(0, 1)]


def test_naive_datetimes_are_refused():
    naive = datetime(2025, 3, 4, 12)
    aware = naive.replace(tzinfo=UTC)
    for pair in [(naive, naive), (aware, naive)]:
        with pytest.raises(
            ValueError, match=r"^A naive datetime has no place on the time line; attach its zone first\.$"
        ):
            union([pair])
        with pytest.raises(
            ValueError, match=r"^A naive datetime has no place on the time line; attach its zone first\.$"
        ):
            seconds([pair])
    with pytest.raises(
        ValueError, match=r"^A naive datetime has no place on the time line; attach its zone first\.$"
    ):
        union([(aware, aware)], window=(naive, aware))


def test_kinds_are_not_mixed():
    with pytest.raises((TypeError, AttributeError)):
        union([(0, 1), (EPOCH, EPOCH + timedelta(seconds=1))])
    with pytest.raises((TypeError, AttributeError)):
        union([(EPOCH, EPOCH + timedelta(seconds=1))], window=(0, 1))


def test_the_hour_that_the_clock_goes_back_counts():
    # 26 October 2025: 02:30 comes twice in Berlin. Wall-clock arithmetic would say one hour.
    begin = datetime(2025, 10, 26, 2, 0, tzinfo=BERLIN, fold=0)
    end = datetime(2025, 10, 26, 3, 0, tzinfo=BERLIN)
    assert seconds([(begin, end)]) == 2 * 3600
    first, second = (datetime(2025, 10, 26, 2, 30, tzinfo=BERLIN, fold=fold) for fold in (0, 1))
    assert union([(first, second)]) == [
        (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), datetime(2025, 10, 26, 1, 30, tzinfo=UTC))
    ]


def test_datetimes_of_several_zones_meet_in_utc():
    noon = datetime(2025, 3, 4, 12, tzinfo=UTC)
    there = [(noon.astimezone(JAKARTA), (noon + timedelta(hours=1)).astimezone(JAKARTA))]
    here = [(noon + timedelta(minutes=30), noon + timedelta(hours=2))]
    result = union(there + here)
    assert result == [(noon, noon + timedelta(hours=2))]
    assert all(moment.tzinfo is UTC for pair in result for moment in pair)
    assert seconds(there + here) == 7200


def test_parts_of_a_second_are_rounded_down_once_at_the_end():
    def at(value: float) -> datetime:
        return EPOCH + timedelta(seconds=value)

    assert seconds([(at(0), at(0.6)), (at(1), at(1.6))]) == 1
    assert seconds([(at(0), at(0.6)), (at(1), at(1.3))]) == 0
    assert isinstance(seconds([(at(0), at(2))]), int)


def test_datetimes_with_a_fixed_offset():
    wib = timezone(timedelta(hours=7))
    begin = datetime(2025, 3, 4, 19, tzinfo=wib)
    assert union([(begin, begin + timedelta(minutes=1))], window=(begin, begin + timedelta(seconds=30))) == [
        (datetime(2025, 3, 4, 12, tzinfo=UTC), datetime(2025, 3, 4, 12, 0, 30, tzinfo=UTC))
    ]


def test_the_arguments_are_left_alone():
    intervals = [(5, 9), (0, 6)]
    union(intervals, window=(1, 8), bridge_seconds=3)
    seconds(intervals)
    assert intervals == [(5, 9), (0, 6)]
