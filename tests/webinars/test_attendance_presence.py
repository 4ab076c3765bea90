"""How long somebody was there, as a pure rule: against a count of every second, and on the traps that are known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lms.webinars.presence import HOUR, connections, hours_off, measure

stay = st.tuples(st.integers(0, 200), st.integers(0, 200)).map(lambda pair: (min(pair), max(pair)))
reports = st.lists(st.lists(stay, max_size=6), max_size=4)
window = st.tuples(st.integers(0, 150), st.integers(1, 100)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def seconds_by_counting(reports, window):
    """The plainest definition there is: look at every second of the session."""
    opens, closes = window
    return sum(
        any(start <= second < end for stays in reports for start, end in stays)
        for second in range(opens, closes)
    )


@given(reports, window)
def test_seconds_are_those_a_stopwatch_would_count(reports, window):
    assert measure(reports, window=window).seconds == seconds_by_counting(reports, window)


@given(reports, st.lists(st.integers(0, 500), max_size=3), window, st.integers(0, 60))
def test_seconds_never_exceed_the_session(reports, totals, window, bridge):
    found = measure(reports, totals, window=window, bridge_seconds=bridge)
    assert 0 <= found.seconds <= window[1] - window[0]
    if found.last_counted is not None:
        assert window[0] < found.last_counted <= window[1]
        assert found.first_joined < found.last_left


@given(reports, window, st.integers(0, 60))
def test_a_second_report_of_the_same_stays_changes_nothing(reports, window, bridge):
    once = measure(reports, window=window, bridge_seconds=bridge)
    assert measure([*reports, *reports], window=window, bridge_seconds=bridge) == once
    assert measure(list(reversed(reports)), window=window, bridge_seconds=bridge) == once


@given(reports, st.lists(stay, max_size=6), window)
def test_more_evidence_never_takes_seconds_away(reports, more, window):
    assert measure([*reports, more], window=window).seconds >= measure(reports, window=window).seconds


@given(reports, st.integers(0, 500), window)
def test_a_printed_total_is_compared_and_never_added(reports, total, window):
    found = measure(reports, [total], window=window).seconds
    assert found == max(measure(reports, window=window).seconds, min(total, window[1] - window[0]))


def test_two_devices_and_a_rejoin():
    found = measure([[(0, 600), (300, 900), (930, 1000)]], window=(0, 1000), bridge_seconds=30)
    assert (found.seconds, found.devices) == (1000, 2)
    assert measure([[(0, 600), (300, 900), (931, 1000)]], window=(0, 1000), bridge_seconds=30).seconds == 969


def test_first_and_last_are_as_printed_but_only_of_stays_that_touch_the_session():
    found = measure([[(-5000, -4000), (-60, 300), (400, 2000), (3000, 3100)]], window=(0, 1000))
    assert (found.first_joined, found.last_left, found.last_counted) == (-60, 2000, 1000)


def test_a_second_report_is_no_second_device():
    assert measure([[(0, 100)], [(0, 100), (50, 90)]], window=(0, 100)).devices == 2
    assert measure([[(0, 100)], [(0, 100)]], window=(0, 100)).devices == 1
    assert connections([(0, 10), (10, 20)]) == 1


def test_only_a_total_has_no_times():
    found = measure([], [120], window=(0, 100))
    assert (found.seconds, found.first_joined, found.last_counted) == (100, None, None)


def test_everybody_an_hour_early_is_noticed():
    joins = [-HOUR - 120, -HOUR + 60, -HOUR + 200]
    assert hours_off(joins, 0) == -1
    assert hours_off([2 * HOUR + 300], 0) == 2
    assert hours_off([2 * HOUR + 301], 0) == 0
    assert hours_off([-120, 0, 60], 0) == 0
    assert hours_off([], 0) == 0
