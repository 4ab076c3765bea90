"""What pages say about finishing never differs from what the rules ask."""

from __future__ import annotations

import datetime as dt
import math
import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lms.pages.finishing.tree import activity_ids, part_wants, wants
from lms.pages.finishing.words import Names, sentences, still_to_come
from lms.progress.rules import Item, Version, asked, steps

T0 = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
KINDS = ("lesson", "quiz", "webinar_series", "course")


@st.composite
def outlines(draw):
    """Any outline: groups in groups, optional things, k of n at each level."""
    items: list[Item] = []
    for number in range(draw(st.integers(0, 9))):
        groups = [place for place, item in enumerate(items) if item.group]
        group = draw(st.booleans()) if number < 6 else False
        rule: dict = {}
        if group and draw(st.booleans()):
            rule["needed"] = draw(st.integers(1, 4))
        elif not group:
            rule = draw(
                st.sampled_from([{}, {}, {"min_watched": 1890}, {"min_minutes": 5}, {"min_score": 0.7}])
            )
        items.append(
            Item(
                100 + number,
                required=draw(st.integers(0, 4)) > 0,
                group=group,
                parent=draw(st.sampled_from([None, *groups])),
                rule=rule,
            )
        )
    return Version(1, items, T0, needed=draw(st.none() | st.integers(1, 4)))


def names(version: Version, public: bool = True) -> Names:
    ids = [item.activity_id for item in version.items]
    kinds = {
        pk: "module" if item.group else KINDS[pk % 4] for pk, item in zip(ids, version.items, strict=True)
    }
    return Names(kinds, {pk: f"Part {pk}" for pk in ids} if public else {})


def done_by(step, done: set[int]) -> bool:
    """Read a sentence literally."""
    if not all(pk in done for pk in step.activity_ids):
        return False
    fulfilled = sum(done_by(part, done) for part in step.parts)
    return fulfilled >= (len(step.parts) if step.needed is None else step.needed)


def least(step) -> int:
    """Count the least that somebody does who reads a sentence literally."""
    costs = sorted(least(part) for part in step.parts)
    return len(step.activity_ids) + sum(costs[: len(costs) if step.needed is None else step.needed])


def walk(found):
    for step in found:
        yield step
        yield from walk(step.parts)


@given(outlines(), st.sets(st.integers(100, 108)))
def test_who_does_what_the_sentences_say_has_done_what_the_rules_ask_and_nobody_else(version, done):
    said = sentences(wants(version), names(version))
    reached, needed = steps(version, done)
    assert all(done_by(step, done) for step in said) == (reached == needed)


@given(outlines())
def test_counts_are_those_of_the_rules(version):
    counting, needed = asked(version)
    said = sentences(wants(version), names(version))
    assert sum(least(step) for step in said) == needed
    assert bool(said) == bool(needed)
    assert activity_ids(wants(version)) == {item.activity_id for item in counting}


@given(outlines())
def test_the_numbers_in_a_sentence_are_the_numbers_behind_it(version):
    with translation.override("en"):
        said = list(walk(sentences(wants(version), names(version))))
    for step in said:
        words = re.sub(r"“[^”]*”", "", step.text)
        numbers = [int(each) for each in re.findall(r"\d+", words)]
        if step.needed is not None:
            expected = [len(step.parts)] if step.needed == 1 else [step.needed, len(step.parts)]
            assert numbers == expected
        elif len(step.activity_ids) > 1:
            assert numbers == [len(step.activity_ids)]


@given(outlines())
def test_everything_to_do_is_named_unless_it_is_told_as_a_number(version):
    with translation.override("en"):
        said = list(walk(sentences(wants(version), names(version))))
    for step in said:
        if len(step.activity_ids) == 1 and not step.text.startswith("Read the lesson"):
            assert f"“Part {step.activity_ids[0]}”" in step.text


@given(outlines())
def test_what_is_not_public_is_counted_and_not_named(version):
    shown = sentences(wants(version), names(version))
    hidden = sentences(wants(version), names(version, public=False))
    assert [least(step) for step in hidden] == [least(step) for step in shown]
    assert not any("Part 1" in step.text for step in walk(hidden))


@given(outlines())
def test_a_part_alone_asks_for_what_stands_in_it(version):
    for place, item in enumerate(version.items):
        if not item.group:
            assert activity_ids(part_wants(version, item.activity_id)) == {item.activity_id}
        else:
            below = {version.items[each].activity_id for each in _leaves(version, place)}
            assert activity_ids(part_wants(version, item.activity_id)) == below
    assert part_wants(version, 999) == ()


def _leaves(version, place):
    for child in version.below.get(place, ()):
        yield from _leaves(version, child) if version.items[child].group else [child]


@given(st.integers(1, 100_000))
def test_minutes_that_are_said_are_enough_and_not_a_minute_too_many(seconds):
    version = Version(1, [Item(100, rule={"min_watched": seconds})], T0)
    with translation.override("en"):
        text = sentences(wants(version), Names({100: "lesson"}, {100: "Film"}))[0].text
    minutes = int(re.search(r"\d+", text)[0])
    assert minutes == math.ceil(seconds / 60)


@given(st.integers(1, 1000))
def test_a_percentage_that_is_said_is_enough_and_not_a_point_too_many(thousandths):
    version = Version(1, [Item(101, rule={"min_score": thousandths / 1000})], T0)
    with translation.override("en"):
        text = sentences(wants(version), Names({101: "quiz"}, {101: "Prices"}))[0].text
    percent = int(re.search(r"(\d+)%", text)[1])
    assert percent * 10 >= thousandths > (percent - 1) * 10


def test_words_of_each_kind():
    items = [
        Item(1),
        Item(2, rule={"min_watched": 1890}),
        Item(3, rule={"min_score": 0.8}),
        Item(4),
        Item(5, group=True, rule={"needed": 1}),
        Item(6, parent=4),
        Item(7, parent=4),
        Item(8, group=True, parent=4),
        Item(9, parent=7),
        Item(10, parent=7),
    ]
    kinds = {1: "lesson", 2: "lesson", 3: "quiz", 4: "quiz", 5: "module", 8: "module"} | dict.fromkeys(
        (6, 7, 9, 10), "lesson"
    )
    titles = {
        2: "Film",
        3: "Prices",
        4: "Photos",
        5: "Ways to sell",
        6: "Market",
        7: "Shop",
        8: "Online",
        9: "Chat",
        10: "Catalogue",
    }
    with translation.override("en"):
        said = sentences(wants(Version(1, items, T0)), Names(kinds, titles))
    assert [str(step) for step in walk(said)] == [
        "Read the lesson and mark it as done on your personal page.",
        "Watch at least 32 minutes of the recording in “Film”.",
        "Pass the quiz “Prices” with at least 80%.",
        "Pass the quiz “Photos”.",
        "Of “Ways to sell”, any one of these 3 is enough:",
        "Read “Market” and mark it as done.",
        "Read “Shop” and mark it as done.",
        "All of “Online”:",
        "Read “Chat” and mark it as done.",
        "Read “Catalogue” and mark it as done.",
    ]


def test_beside_a_choice_lessons_are_named_as_far_as_they_may_be():
    """“Read the 2 lessons” says nothing where four stand in the course, and two of them to choose from."""
    items = [
        Item(1),
        Item(2, group=True, rule={"needed": 1}),
        Item(3, parent=1),
        Item(4, parent=1),
        Item(5),
    ]
    kinds = {2: "module"} | dict.fromkeys((1, 3, 4, 5), "lesson")
    titles = {1: "Answering", 2: "Showing", 3: "Photos", 4: "Words", 5: "Prices"}

    def said(known):
        with translation.override("en"):
            return [str(step) for step in walk(sentences(wants(Version(1, items, T0)), Names(kinds, known)))]

    assert said(titles) == [
        "Read “Answering” and mark it as done.",
        "Of “Showing”, any one of these 2 is enough:",
        "Read “Photos” and mark it as done.",
        "Read “Words” and mark it as done.",
        "Read “Prices” and mark it as done.",
    ]
    del titles[5]
    assert said(titles)[0] == "Read the 2 lessons and mark each one as done on your personal page."


@pytest.mark.parametrize(
    ("needed", "remaining", "certificate", "said"),
    [
        (4, 6, True, []),
        (4, 0, True, []),
        (4, 4, True, ["4 sessions are still to come."]),
        (4, 2, True, ["2 sessions are still to come.", "can no longer reach the certificate this time"]),
        (4, 1, False, ["1 session is still to come.", "can no longer complete the series this time"]),
    ],
)
def test_a_series_that_is_partly_over_says_what_can_still_be_reached(needed, remaining, certificate, said):
    with translation.override("en"):
        notes = still_to_come(sessions=6, needed=needed, remaining=remaining, certificate=certificate)
    assert len(notes) == len(said) and all(words in note for words, note in zip(said, notes, strict=True))
