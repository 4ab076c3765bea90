"""What is still missing adds up, whatever the rules and whatever is done."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from lms.learner.lock_words import Link
from lms.learner.queries.course_room import Parts, missing_tasks
from lms.progress.rules import Item, Version, steps

NOW = dt.datetime(2027, 3, 2, tzinfo=dt.UTC)


@st.composite
def outlines(draw):
    """An outline with groups in groups, some optional, some of which only a few are needed; and what is done."""
    items = []
    for number in range(draw(st.integers(0, 12))):
        groups = [place for place, item in enumerate(items) if item.group]
        parent = draw(st.sampled_from([None, *groups]))
        group = draw(st.booleans())
        rule = {"needed": draw(st.integers(1, 4))} if group and draw(st.booleans()) else {}
        items.append(Item(number, draw(st.booleans()), group, parent, rule))
    needed = draw(st.none() | st.integers(1, 4))
    version = Version(id=1, items=items, started_at=NOW, needed=needed)
    leaves = [item.activity_id for item in items if not item.group]
    return version, draw(st.sets(st.sampled_from(leaves)) if leaves else st.just(set()))


@given(outlines())
def test_the_counts_add_up_to_the_steps_that_are_left(case):
    version, done = case
    parts = Parts(
        {item.activity_id: Link(str(item.activity_id)) for item in version.items},
        dict.fromkeys(range(12), "lesson"),
    )
    found = missing_tasks(version, done, parts)
    reached, needed = steps(version, done)
    assert sum(each.count for each in found) == needed - reached


@given(outlines())
def test_nothing_that_is_done_is_asked_for_and_there_is_enough_to_choose_from(case):
    version, done = case
    parts = Parts(
        {item.activity_id: Link(str(item.activity_id)) for item in version.items},
        dict.fromkeys(range(12), "lesson"),
    )
    for each in missing_tasks(version, done, parts):
        titles = [link.title for link, _ in each.tasks]
        assert not {int(title) for title in titles} & done
        assert 1 <= each.count <= len(titles) == len(set(titles))
