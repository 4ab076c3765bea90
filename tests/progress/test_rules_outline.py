"""Groups of which only some are needed, and how many steps are left: by example, and against a search by brute force."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.progress.rules import Evidence, Item, Version, asked, judge, satisfies, steps

T0 = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


def day(number: int) -> dt.datetime:
    return T0 + dt.timedelta(days=number)


def version(*items: Item, needed: int | None = None, **more) -> Version:
    return Version(1, items, more.pop("start", T0), more.pop("end", None), needed, **more)


def done(*moments: tuple[int, int]) -> dict[int, list[Evidence]]:
    return {activity: [Evidence("completed", day(number))] for activity, number in moments}


RECORDING_OR_LIVE = (
    Item(1, group=True, rule={"needed": 1}),
    Item(2, parent=0),
    Item(3, parent=0, rule={"min_watched": 600}),
    Item(4, rule={"min_score": 0.7}),
)


def test_any_of_a_group_is_enough_and_the_quiz_is_needed_as_well():
    outline = version(*RECORDING_OR_LIVE)
    counting, needed = asked(outline)
    assert ([item.activity_id for item in counting], needed) == ([2, 3, 4], 2)
    watched = {3: [Evidence("watched", day(2), 600)]}
    passed = {4: [Evidence("failed", day(1), None, 0.69), Evidence("passed", day(5), None, 0.7)]}
    assert judge([outline], watched).percent == 50
    assert judge([outline], watched).completed_at is None
    assert judge([outline], watched | passed).completed_at == day(5)
    assert judge([outline], done((2, 9)) | passed).completed_at == day(9)
    both = judge([outline], done((2, 3)) | watched | passed)
    assert (both.completed_at, both.percent) == (day(5), 100)


def test_two_modules_of_three():
    outline = version(
        Item(10, group=True),
        Item(11, parent=0),
        Item(12, parent=0),
        Item(20, group=True),
        Item(21, parent=3),
        Item(30, group=True),
        Item(31, parent=5),
        Item(32, parent=5),
        Item(33, parent=5),
        needed=2,
    )
    assert asked(outline)[1] == 3  # the two cheapest modules
    assert steps(outline, {21}) == (1, 3)
    assert steps(outline, {21, 31}) == (1, 3)  # two more of that module are as much as the other module
    assert steps(outline, {21, 31, 32}) == (2, 3)
    assert judge([outline], done((21, 1), (31, 2), (32, 3), (33, 4))).completed_at == day(4)
    assert judge([outline], done((11, 1), (12, 2))).completed_at is None
    assert judge([outline], done((11, 5), (12, 2), (21, 9))).completed_at == day(9)


def test_a_group_that_nothing_counts_in_is_asked_of_nobody():
    outline = version(Item(1, group=True), Item(2, parent=0, required=False), Item(3), needed=2)
    assert asked(outline) == ([outline.items[2]], 1)
    assert judge([outline], done((3, 1))).percent == 100
    assert judge([version(Item(1, group=True))], {}).percent == 0
    assert judge([version(Item(1, group=True))], {}).completed_at is None


def test_a_group_inside_a_group():
    outline = version(
        Item(1, group=True, rule={"needed": 1}),
        Item(2, group=True, parent=0),
        Item(3, parent=1),
        Item(4, parent=1),
        Item(5, parent=0),
        Item(6, parent=0),
    )
    assert asked(outline)[1] == 1
    assert (
        judge([outline], done((3, 1))).percent == 0
    )  # one of the others is as near as the rest of these two
    assert judge([outline], done((3, 1), (4, 2))).completed_at == day(2)
    assert judge([outline], done((3, 1), (4, 7), (6, 3))).completed_at == day(3)


def test_more_asked_for_than_there_is_traps_nobody():
    outline = version(Item(1, group=True, rule={"needed": 5}), Item(2, parent=0), Item(3), needed=9)
    assert judge([outline], done((2, 1), (3, 2))).completed_at == day(2)


def test_percent_is_rounded_down_and_never_100_before_the_end():
    outline = version(*(Item(number) for number in range(1, 8)))
    assert [judge([outline], done(*((n, n) for n in range(1, count + 1)))).percent for count in range(8)] == [
        0, 14, 28, 42, 57, 71, 85, 100,
    ]  # fmt: skip
    late = version(Item(1), start=day(0), end=day(10))
    now = Version(2, [Item(1)], day(10))
    assert judge([late, now], done((1, 12))).percent == 100


def test_of_two_versions_completed_at_the_same_moment_the_older_counts():
    # By place in history, whatever their ids say.
    old, new = Version(5, [Item(1)], day(0), day(9)), Version(2, [Item(1)], day(3))
    assert judge([old, new], done((1, 4))).version_id == 5


def test_each_thing_that_is_done_is_told_with_its_moment():
    outline = version(Item(7, group=True), Item(1, parent=0), Item(2), Item(3, required=False))
    known = done((1, 4), (3, 2), (7, 1))
    assert judge([outline], known).done == {1: day(4), 3: day(2)}
    assert judge([outline], known | done((2, 6))).done == {1: day(4), 2: day(6), 3: day(2)}
    assert judge([outline], known | done((2, 6))).completed_at == day(6)


def test_what_is_not_complete_is_99_percent_at_most():
    ended = version(Item(1), end=day(10))
    assert judge([ended], done((1, 12))).percent == 99


def test_presence_without_a_duration_is_none_at_all():
    assert not satisfies({"min_seconds": 1}, Evidence("attended", T0))
    assert not satisfies({"min_watched": 1}, Evidence("watched", T0))
    assert satisfies({"min_seconds": 0}, Evidence("attended", T0))


# ── exemptions, and the ends of a run ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rule", [{}, {"min_seconds": 10**6}, {"min_score": 1}, {"min_watched": 10**6}])
def test_an_exemption_satisfies_every_rule(rule):
    assert satisfies(rule, Evidence("waived", T0))
    assert not satisfies(rule, Evidence("experienced", T0, 10**7, 1.0)) or "min_score" in rule


def test_minutes_watched_are_compared_in_seconds_at_the_boundary():
    rule = {"min_watched": 1890}
    assert satisfies(rule, Evidence("watched", T0, 1890))
    assert not satisfies(rule, Evidence("watched", T0, 1889))
    assert not satisfies(rule, Evidence("watched", T0))
    assert not satisfies(rule, Evidence("attended", T0, 1890))
    assert not satisfies({"min_seconds": 1890}, Evidence("watched", T0, 1890))


def test_an_exemption_from_the_whole_completes_it_by_the_version_in_force():
    old, new = Version(1, [Item(1)], day(0), day(10)), Version(2, [Item(1), Item(2)], day(10))
    waived = {9: [Evidence("waived", day(12)), Evidence("completed", day(1))]}
    verdict = judge([old, new], waived, owner_id=9)
    assert (verdict.completed_at, verdict.version_id, verdict.percent) == (day(12), 2, 100)
    earlier = judge([old, new], {9: [Evidence("waived", day(9)), Evidence("waived", day(4))]}, owner_id=9)
    assert (earlier.completed_at, earlier.version_id) == (day(4), 1)
    exactly = judge([old, new], {9: [Evidence("waived", day(10))]}, owner_id=9)
    assert exactly.version_id == 2
    before_all = judge([old, new], {9: [Evidence("waived", day(-3))]}, owner_id=9)
    assert (before_all.completed_at, before_all.version_id) == (day(-3), 1)
    assert judge([old, new], waived).completed_at is None
    assert judge([old, new], waived, owner_id=8).completed_at is None


def test_an_exemption_does_not_complete_what_asks_for_nothing():
    empty, full = Version(1, [], day(0), day(10)), Version(2, [Item(1)], day(10))
    assert judge([empty], {9: [Evidence("waived", day(1))]}, owner_id=9).completed_at is None
    later = judge([empty, full], {9: [Evidence("waived", day(1))]}, owner_id=9)
    assert (later.completed_at, later.version_id) == (day(1), 2)


def test_the_earlier_of_work_and_exemption_counts():
    outline = Version(1, [Item(1)], day(0))
    both = {1: [Evidence("completed", day(5))], 9: [Evidence("waived", day(3))]}
    assert judge([outline], both, owner_id=9).completed_at == day(3)
    both[9] = [Evidence("waived", day(7))]
    assert judge([outline], both, owner_id=9).completed_at == day(5)


def test_a_run_that_ended_counts_what_came_before_its_end():
    outline = version(Item(1))
    assert judge([outline], done((1, 5)), until=day(5)).completed_at is None
    assert judge([outline], done((1, 5)), until=day(6)).completed_at == day(5)
    assert judge([outline], done((1, 5)), since=day(5), until=day(6)).completed_at == day(5)
    assert judge([outline], done((1, 5)), since=day(6)).completed_at is None
    assert judge([outline], done((1, 5)), until=day(5)).done == {}


# ── against brute force ──────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def outlines(draw) -> Version:
    items: list[Item] = []
    for number in range(draw(st.integers(0, 7))):
        groups = [place for place, item in enumerate(items) if item.group]
        group = draw(st.booleans())
        rule = {"needed": draw(st.integers(1, 4))} if group and draw(st.booleans()) else {}
        items.append(
            Item(
                number + 1,
                required=draw(st.sampled_from([True, True, False])),
                group=group,
                parent=draw(st.sampled_from([None, *groups])),
                rule=rule,
            )
        )
    return version(*items, needed=draw(st.none() | st.integers(1, 5)))


def complete(outline: Version, finished: set[int], parent: int | None = None) -> bool | None:
    """The rule as a person would read it out, top down; None for what asks for nothing."""
    answers = []
    for place, item in enumerate(outline.items):
        if item.parent != parent or not item.required:
            continue
        answer = complete(outline, finished, place) if item.group else item.activity_id in finished
        if answer is not None:
            answers.append(answer)
    if not answers:
        return None
    wanted = outline.needed if parent is None else outline.items[parent].rule.get("needed")
    return sum(answers) >= (len(answers) if wanted is None else min(wanted, len(answers)))


@given(outlines(), st.sets(st.integers(1, 7)))
def test_steps_left_are_the_fewest_with_which_it_would_be_complete(outline, finished):
    leaves = [item.activity_id for item in outline.items if not item.group]
    reached, needed = steps(outline, finished)
    if complete(outline, set()) is None:
        assert (reached, needed) == (0, 0)
        return
    open_ones = [leaf for leaf in leaves if leaf not in finished]
    fewest = next(
        count
        for count in range(len(open_ones) + 1)
        if any(complete(outline, finished | set(more)) for more in combinations(open_ones, count))
    )
    assert needed - reached == fewest
    assert asked(outline)[1] == needed
    verdict = judge([outline], done(*((leaf, leaf) for leaf in finished)))
    assert (verdict.completed_at is not None) == (fewest == 0)


@given(outlines(), st.dictionaries(st.integers(1, 7), st.integers(1, 9), max_size=7))
def test_it_is_complete_at_the_first_moment_at_which_enough_is_done(outline, moments):
    verdict = judge([outline], done(*moments.items()))
    first = next(
        (
            number
            for number in range(1, 10)
            if complete(outline, {key for key, at in moments.items() if at <= number})
        ),
        None,
    )
    assert verdict.completed_at == (None if first is None else day(first))
