"""What the checks before publishing find: pure rules on plain facts."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lms.wagtailadmin.checks.content import linked_pages
from lms.wagtailadmin.checks.rules import findings
from lms.wagtailadmin.checks.values import Facts, Finding, Level, Link, Part, Picture, Target, Translation
from lms.wagtailadmin.checks.words import COUNTED, EMPTY, SENTENCES, sentences

GOOD = {
    "curriculum": Facts("curriculum", parts=(Part("A"),)),
    "course": Facts("course", parts=(Part("A"), Part("B", required=False))),
    "module": Facts("module", parts=(Part("A"),)),
    "lesson": Facts("lesson", recording_minutes=45, watch_percent=70),
    "quiz": Facts("quiz", questions=3),
    "webinar_series": Facts("webinar_series", sessions=8, to_come=8),
}
#: What is changed in a page that lacks nothing → what is then found.
CASES = [
    ("webinar_series", {"dated": False, "sessions": None}, ("no_date", "stop", "start_date")),
    ("webinar_series", {"sessions": 0, "to_come": 0}, ("no_sessions", "stop", "recurrence")),
    ("webinar_series", {"to_come": 0}, ("all_over", "tell", "start_date")),
    ("webinar_series", {"join_url": False}, ("no_join_url", "tell", "join_url")),
    ("webinar_series", {"speakers": 0}, ("no_speaker", "tell", "speakers")),
    ("webinar_series", {"needed": 9}, ("needed_too_many_sessions", "tell", "needed")),
    ("quiz", {"questions": 0}, ("no_questions", "stop", "questions")),
    ("course", {"unpublished_before": ("Dasar",)}, ("unpublished_before", "stop", "prerequisites")),
    (
        "course",
        {"valid_days": 28, "parts": (Part("A", opens_after=28),)},
        ("part_opens_too_late", "stop", "valid_months"),
    ),
    ("module", {"valid_days": 28, "opens_after": 28}, ("opens_too_late", "stop", "opens_after_days")),
    ("lesson", {"valid_days": 56, "opens_after": 60}, ("opens_too_late", "stop", "opens_after_days")),
    ("lesson", {"watch_percent": None}, ("recording_half", "tell", "watch_percent")),
    ("lesson", {"recording_minutes": None}, ("recording_half", "tell", "recording_minutes")),
    ("lesson", {"content": False}, ("no_content", "tell", "body")),
    ("course", {"cohorts": True}, ("no_cohort", "tell", "enrolment_mode")),
    ("course", {"offers_certificate": False}, ("no_certificate", "tell", "certificate_design")),
    ("course", {"accent_contrast": 4.49}, ("pale_colour", "tell", "certificate_design")),
    ("course", {"parts": ()}, ("empty", "tell", "")),
    ("curriculum", {"parts": ()}, ("empty", "tell", "")),
    ("module", {"parts": ()}, ("empty", "tell", "")),
    ("course", {"parts": (), "drafts": 2}, ("only_drafts", "tell", "")),
    ("course", {"drafts": 1}, ("some_drafts", "tell", "")),
    ("course", {"parts": (Part("B", required=False),)}, ("nothing_needed", "tell", "")),
    ("course", {"needed": 2}, ("needed_too_many", "tell", "needed")),
    ("lesson", {"summary": False}, ("no_summary", "tell", "summary")),
    ("lesson", {"pictures": (Picture("body", "x", words="  "),)}, ("picture_without_words", "stop", "body")),
    ("lesson", {"links": (Link("body", "x", Target.GONE),)}, ("link_gone", "tell", "body")),
    ("lesson", {"links": (Link("body", "x", Target.DRAFT, "Rencana"),)}, ("link_to_draft", "tell", "body")),
    ("lesson", {"translations": (Translation("English"),)}, ("no_translation", "tell", "")),
    ("lesson", {"translations": (Translation("English", 7),)}, ("translation_draft", "tell", "")),
    ("lesson", {"translations": (Translation("English", 7, True, True),)}, ("translation_older", "tell", "")),
    ("lesson", {"source_newer": "English"}, ("source_newer", "tell", "")),
]


@pytest.mark.parametrize("kind", GOOD)
def test_a_page_that_lacks_nothing_has_no_findings(kind):
    assert findings(GOOD[kind]) == []


@pytest.mark.parametrize(("kind", "changes", "expected"), CASES)
def test_each_thing_is_found_alone_with_its_level_and_field(kind, changes, expected):
    (found,) = findings(replace(GOOD[kind], **changes))
    assert (found.code, found.level, found.field) == expected


def test_every_sentence_belongs_to_a_case_and_every_case_has_one():
    told = {expected[0] for _, _, expected in CASES}
    assert told == SENTENCES.keys() | COUNTED.keys() | {"empty"}


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(("kind", "changes", "expected"), CASES)
def test_each_finding_says_what_is_so_and_what_to_do(kind, changes, expected, language):
    with translation.override(language):
        what, todo = sentences(findings(replace(GOOD[kind], **changes))[0])
    assert what.endswith(".")
    assert todo.endswith(".")
    assert "%" not in what + todo


def test_what_is_needed_elsewhere_is_not_looked_at_on_a_translation():
    lacking = replace(
        GOOD["webinar_series"], rules=False, dated=False, sessions=None, join_url=False, speakers=0, needed=99
    )
    assert [each.code for each in findings(lacking)] == ["no_speaker"]
    assert findings(replace(GOOD["quiz"], rules=False, questions=0)) == []
    assert findings(replace(GOOD["course"], rules=False, parts=(), cohorts=True)) == []


def test_a_picture_may_be_decoration_and_what_is_not_needed_may_open_late():
    assert findings(replace(GOOD["lesson"], pictures=(Picture("body", "x", decorative=True),))) == []
    late = (Part("A"), Part("B", required=False, opens_after=400))
    assert findings(replace(GOOD["course"], valid_days=28, parts=late)) == []
    assert findings(replace(GOOD["lesson"], valid_days=28, opens_after=400, required=False)) == []


def test_exactly_enough_is_enough():
    assert findings(replace(GOOD["webinar_series"], needed=8)) == []
    assert findings(replace(GOOD["course"], needed=1)) == []
    assert findings(replace(GOOD["course"], accent_contrast=4.5)) == []


words = st.text(max_size=8)
small = st.integers(0, 60)
maybe = st.none() | small
facts = st.builds(
    Facts,
    kind=st.sampled_from(list(GOOD)),
    rules=st.booleans(),
    live=st.booleans(),
    summary=st.booleans(),
    content=st.booleans(),
    pictures=st.lists(
        st.builds(Picture, field=st.just("body"), block=words, words=words, decorative=st.booleans()),
        max_size=3,
    ).map(tuple),
    links=st.lists(st.builds(Link, st.just("body"), words, st.sampled_from(Target), words), max_size=3).map(
        tuple
    ),
    translations=st.lists(st.builds(Translation, words, maybe, st.booleans(), st.booleans()), max_size=2).map(
        tuple
    ),
    source_newer=words,
    parts=st.lists(st.builds(Part, words, st.booleans(), small), max_size=4).map(tuple),
    drafts=st.integers(0, 3),
    needed=maybe,
    valid_days=maybe,
    required=st.booleans(),
    opens_after=small,
    unpublished_before=st.lists(words, max_size=2).map(tuple),
    cohorts=st.booleans(),
    cohorts_open=st.integers(0, 2),
    offers_certificate=st.booleans(),
    accent_contrast=st.none() | st.floats(1, 21),
    recording_minutes=maybe,
    watch_percent=maybe,
    questions=st.integers(0, 2),
    dated=st.booleans(),
    sessions=maybe,
    to_come=maybe,
    join_url=st.booleans(),
    speakers=st.integers(0, 2),
)


@given(facts)
def test_whatever_a_page_is_like_the_findings_can_be_told(given_facts):
    found = findings(given_facts)
    levels = [each.level for each in found]
    assert levels == sorted(levels, key=lambda level: level != Level.STOP), "What stops it comes first."
    names = {each.name for each in fields(Facts)} | {
        "body", "start_date", "recurrence", "prerequisites", "valid_months", "opens_after_days",
        "certificate_design", "enrolment_mode", "",
    }  # fmt: skip
    for each in found:
        assert each.field in names
        what, todo = sentences(each)
        assert what
        assert todo


@given(facts)
def test_looking_twice_finds_the_same_and_filling_in_never_adds_a_stop(given_facts):
    found = findings(given_facts)
    assert findings(given_facts) == found
    better = replace(
        given_facts, summary=True, content=True, pictures=(), links=(), unpublished_before=(), questions=1,
        dated=True, sessions=3, to_come=3, valid_days=None,
    )  # fmt: skip
    assert [each for each in findings(better) if each.level == Level.STOP] == []


@given(st.lists(st.integers(1, 10**6), max_size=4))
def test_links_to_pages_are_read_from_rich_text(ids):
    text = "".join(
        f'<p><a linktype="page" id="{pk}">x</a> <a href="https://a.example/">y</a></p>' for pk in ids
    )
    assert linked_pages(text) == ids


def test_odd_rich_text_has_no_links():
    assert linked_pages("") == []
    assert linked_pages('<a id="3" href="/x">') == []
    assert linked_pages('<a linktype="document" id="3">') == []


def test_an_unknown_kind_of_nothing_has_words():
    assert sentences(Finding("empty", Level.TELL, params={"kind": "course"}))[0] == str(EMPTY["course"][0])
