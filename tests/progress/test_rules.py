"""The pure rules of completion, by example and by property."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from lms.progress.rules import Evidence, Item, Version, asked, done_at, judge, satisfies

T0 = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


def day(number: int) -> dt.datetime:
    return T0 + dt.timedelta(days=number)


def version(*items: Item, start=0, end=None, needed=None, id=1) -> Version:
    return Version(id, items, day(start), None if end is None else day(end), needed)


def test_an_empty_rule_takes_completed_and_passed_only():
    assert satisfies({}, Evidence("completed", T0))
    assert satisfies({}, Evidence("passed", T0))
    assert not satisfies({}, Evidence("attended", T0, 9_999))
    assert not satisfies({}, Evidence("failed", T0))


def test_minutes_are_compared_in_seconds_at_the_boundary():
    rule = {"min_seconds": 3780}
    assert satisfies(rule, Evidence("attended", T0, 3780))
    assert not satisfies(rule, Evidence("attended", T0, 3779))
    assert not satisfies(rule, Evidence("attended", T0, None))
    assert not satisfies(rule, Evidence("completed", T0, 3780))


def test_a_score_is_compared_at_the_boundary():
    rule = {"min_score": 0.7}
    assert satisfies(rule, Evidence("passed", T0, score_scaled=0.7))
    assert not satisfies(rule, Evidence("passed", T0, score_scaled=0.69))
    assert not satisfies(rule, Evidence("passed", T0))


def test_done_is_the_first_time_and_what_came_at_the_end_of_a_version_is_too_late():
    item = Item(1)
    evidence = [Evidence("completed", day(3)), Evidence("completed", day(2))]
    assert done_at(item, evidence) == day(2)
    assert done_at(item, evidence, before=day(2)) is None
    assert done_at(item, evidence, before=day(3)) == day(2)


def test_an_empty_course_is_not_complete():
    assert judge([version()], {}).completed_at is None
    assert judge([version(Item(1, required=False))], {1: [Evidence("completed", T0)]}).percent == 0
    assert judge([], {}).percent == 0


def test_groups_do_not_count_and_what_they_group_counts_only_if_they_do():
    items = (
        Item(1, group=True),
        Item(2, parent=0),
        Item(3, required=False, group=True),
        Item(4, parent=2),
        Item(5),
    )
    counting, needed = asked(version(*items))
    assert [item.activity_id for item in counting] == [2, 5]
    assert needed == 2


def test_k_of_n_and_never_more_than_there_is():
    items = (Item(1), Item(2), Item(3))
    assert asked(version(*items, needed=2))[1] == 2
    assert asked(version(*items, needed=8))[1] == 3
    evidence = {2: [Evidence("completed", day(5))], 3: [Evidence("completed", day(4))]}
    verdict = judge([version(*items, needed=2)], evidence)
    assert verdict.completed_at == day(5)
    assert judge([version(*items)], evidence).percent == 66


def test_completed_stays_completed_when_a_lesson_is_added():
    old, new = version(Item(1), start=0, end=10, id=1), version(Item(1), Item(2), start=10, id=2)
    before = judge([old, new], {1: [Evidence("completed", day(9))]})
    assert (before.completed_at, before.version_id, before.percent) == (day(9), 1, 100)
    after = judge([old, new], {1: [Evidence("completed", day(10))]})
    assert (after.completed_at, after.percent) == (None, 50)


def test_asking_for_less_completes_people_when_it_is_asked_and_not_before():
    old, new = version(Item(1), Item(2), start=0, end=10, id=1), version(Item(1), start=10, id=2)
    verdict = judge([old, new], {1: [Evidence("completed", day(3))]})
    assert (verdict.completed_at, verdict.version_id) == (day(10), 2)


def test_earlier_evidence_counts_for_the_first_run_and_not_for_a_later_one():
    evidence = {1: [Evidence("completed", day(-5))]}
    assert judge([version(Item(1))], evidence).completed_at == day(-5)
    assert judge([version(Item(1))], evidence, since=day(1)).completed_at is None
    assert judge([version(Item(1))], evidence, since=day(-5)).completed_at == day(-5)


evidences = st.lists(
    st.builds(
        Evidence,
        st.sampled_from(["completed", "attended", "passed", "failed"]),
        st.integers(-5, 40).map(day),
        st.none() | st.integers(0, 6000),
    ),
    max_size=4,
)


@st.composite
def outlines(draw):
    items: list[Item] = []
    ids = draw(st.lists(st.integers(1, 6), unique=True, max_size=6))
    for place, activity_id in enumerate(ids):
        groups = [number for number, item in enumerate(items) if item.group]
        items.append(
            Item(
                activity_id,
                required=draw(st.booleans()),
                group=draw(st.booleans()) and place < len(ids) - 1,
                parent=draw(st.sampled_from([None, *groups])),
                rule=draw(st.sampled_from([{}, {"min_seconds": 3000}])),
            )
        )
    return items, draw(st.none() | st.integers(1, 8))


@st.composite
def histories(draw):
    cuts = sorted(draw(st.lists(st.integers(0, 30), unique=True, max_size=3)))
    starts = [-10, *cuts]
    ends = [*cuts, None]
    versions = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1):
        items, needed = draw(outlines())
        versions.append(version(*items, start=start, end=end, needed=needed, id=number))
    return versions


@given(histories(), st.dictionaries(st.integers(1, 6), evidences))
def test_percent_is_a_percent_and_100_exactly_when_completed(versions, evidence):
    verdict = judge(versions, evidence)
    assert 0 <= verdict.percent <= 100
    assert (verdict.percent == 100) == (verdict.completed_at is not None)
    assert (verdict.version_id is None) == (verdict.completed_at is None)


@given(histories(), st.dictionaries(st.integers(1, 6), evidences), outlines())
def test_completed_stays_completed_whatever_is_published_next(versions, evidence, following):
    before = judge(versions, evidence)
    now = max([day(41), versions[-1].started_at])
    closed = Version(versions[-1].id, versions[-1].items, versions[-1].started_at, now, versions[-1].needed)
    items, needed = following
    after = judge([*versions[:-1], closed, Version(99, items, now, None, needed)], evidence)
    if before.completed_at is not None:
        assert after.completed_at == before.completed_at


@given(histories(), st.dictionaries(st.integers(1, 6), evidences), st.integers(1, 6), evidences)
def test_more_evidence_never_takes_anything_away(versions, evidence, activity_id, extra):
    before = judge(versions, evidence)
    after = judge(versions, evidence | {activity_id: [*evidence.get(activity_id, []), *extra]})
    assert after.percent >= before.percent
    if before.completed_at is not None:
        assert after.completed_at is not None and after.completed_at <= before.completed_at


@given(histories(), st.dictionaries(st.integers(1, 6), evidences))
def test_the_order_of_evidence_does_not_matter(versions, evidence):
    turned = {key: list(reversed(records)) for key, records in reversed(evidence.items())}
    assert judge(versions, evidence) == judge(versions, turned)
