"""When a part opens: dates, days after the start, order, prerequisites, and the least time in a lesson."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.progress.rules import Item, Lock, Version, asked, locks, seconds_to_wait, steps
from tests.progress.test_rules_outline import outlines

START = dt.date(2027, 3, 1)
NOW = dt.datetime(2027, 3, 1, 5, tzinfo=dt.UTC)


def version(*items: Item, needed=None, sequential=False, prerequisites=()) -> Version:
    return Version(1, items, NOW, None, needed, sequential, prerequisites)


def why(outline, place, *, done=(), completed=(), after=0):
    return locks(
        outline,
        place,
        done=set(done),
        completed=set(completed),
        started_on=START,
        today=START + dt.timedelta(days=after),
    )


def test_without_rules_everything_is_open():
    outline = version(Item(1), Item(2, required=False))
    assert [why(outline, place) for place in (0, 1)] == [[], []]


def test_a_date_opens_on_that_day():
    outline = version(Item(1, rule={"opens_on": "2027-03-03"}))
    assert why(outline, 0, after=1) == [Lock("date", opens_on=dt.date(2027, 3, 3))]
    assert why(outline, 0, after=2) == []


def test_days_are_counted_from_the_start():
    outline = version(Item(1, rule={"opens_after_days": 7}))
    assert why(outline, 0, after=6) == [Lock("date", opens_on=dt.date(2027, 3, 8))]
    assert why(outline, 0, after=7) == []


def test_the_latest_of_all_days_counts_those_of_its_group_too():
    outline = version(
        Item(1, group=True, rule={"opens_on": "2027-03-05", "opens_after_days": 2}),
        Item(2, parent=0, rule={"opens_after_days": 3}),
        Item(3, parent=0, rule={"opens_after_days": 6}),
        Item(4),
    )
    assert why(outline, 1) == [Lock("date", opens_on=dt.date(2027, 3, 5))]
    assert why(outline, 2) == [Lock("date", opens_on=dt.date(2027, 3, 7))]
    assert why(outline, 3) == []


def test_prerequisites_lock_all_and_only_what_lacks_is_named():
    outline = version(Item(1), Item(2), prerequisites=(7, 8, 9))
    assert why(outline, 1, completed={8}) == [Lock("prerequisite", (7, 9))]
    assert why(outline, 1, completed={7, 8, 9, 10}) == []


def test_one_after_the_other():
    outline = version(Item(1), Item(2, required=False), Item(3), Item(4), sequential=True)
    assert why(outline, 0) == []
    assert why(outline, 1) == [Lock("before", (1,))]
    assert why(outline, 2) == [Lock("before", (1,))]
    assert why(outline, 2, done={1}) == []  # what is not needed holds nobody up
    assert why(outline, 3, done={1}) == [Lock("before", (3,))]
    assert why(outline, 3, done={1, 3}) == []


def test_what_is_done_stays_open():
    outline = version(Item(1), Item(2, rule={"opens_on": "2028-01-01"}), sequential=True, prerequisites=(9,))
    assert why(outline, 1, done={2}) == []


def test_a_module_before_is_done_when_enough_of_it_is():
    outline = version(
        Item(1, group=True, rule={"needed": 1}),
        Item(2, parent=0),
        Item(3, parent=0),
        Item(4, group=True),
        Item(5, parent=3),
        Item(6, parent=3),
        Item(7),
        sequential=True,
    )
    assert why(outline, 1) == [] and why(outline, 2) == []  # any of them may come first
    assert why(outline, 4) == [Lock("before", (2, 3))]
    assert why(outline, 4, done={3}) == []
    assert why(outline, 5, done={3}) == [Lock("before", (5,))]
    assert why(outline, 5, done={3, 5}) == []
    assert why(outline, 6, done={3}) == [Lock("before", (5, 6))]
    assert why(outline, 6, done={3, 6}) == [Lock("before", (5,))]


def test_where_only_some_are_needed_the_order_is_free():
    outline = version(Item(1), Item(2), Item(3), needed=2, sequential=True)
    assert [why(outline, place) for place in range(3)] == [[], [], []]
    as_many = version(Item(1), Item(2), needed=2, sequential=True)
    assert why(as_many, 1) == [Lock("before", (1,))]


def test_all_reasons_are_said():
    outline = version(Item(1), Item(2, rule={"opens_after_days": 1}), sequential=True, prerequisites=(9,))
    assert why(outline, 1) == [
        Lock("prerequisite", (9,)),
        Lock("date", opens_on=dt.date(2027, 3, 2)),
        Lock("before", (1,)),
    ]


@given(outlines(), st.data())
def test_whoever_goes_on_with_what_is_open_always_gets_to_the_end(outline, drawn):
    """Nobody is trapped: as long as something is needed, something that counts and is undone is open."""
    outline = version(*outline.items, needed=outline.needed, sequential=True)
    counting = {item.activity_id for item in asked(outline)[0]}
    everything = {item.activity_id for item in outline.items if not item.group}
    done: set[int] = set()

    def go_on_within(ids):
        ready = [
            item.activity_id
            for place, item in enumerate(outline.items)
            if item.activity_id in ids - done and not why(outline, place, done=done)
        ]
        assert ready
        done.add(drawn.draw(st.sampled_from(ready)))

    while steps(outline, done)[0] < steps(outline, done)[1]:
        go_on_within(counting)
    # And whoever wants the rest as well gets to the end of that, too.
    while done < everything:
        go_on_within(everything)


# ── the least time ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("minutes", "passed", "left"),
    [(0, 0, 0), (10, 0, 600), (10, 599, 1), (10, 600, 0), (10, 9_999, 0), (10, -60, 600), (1, 30.9, 30)],
)
def test_the_least_time_is_counted_from_the_first_opening(minutes, passed, left):
    rule = {"min_minutes": minutes} if minutes else {}
    opened = NOW - dt.timedelta(seconds=passed)
    assert seconds_to_wait(rule, opened_at=opened, now=NOW) == left


def test_what_was_never_opened_has_all_its_time_to_wait():
    assert seconds_to_wait({"min_minutes": 5}, opened_at=None, now=NOW) == 300
    assert seconds_to_wait({}, opened_at=None, now=NOW) == 0
