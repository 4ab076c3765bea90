"""Who somebody in a report is: rules, ties, contradictions, suggestions that stay suggestions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from lms.webinars.matching import (
    SUGGESTION_SCORE,
    Directory,
    Identity,
    Printed,
    Registered,
    Suggester,
    candidate_names,
    contradicts,
    is_whole_address,
    normalise_email,
    normalise_name,
    sorted_words,
)

SITI = Registered(1, "Siti Nurhaliza", frozenset({"siti@toko.example"}))
BUDI = Registered(2, "Budi Santoso", frozenset({"budi@toko.example"}))
SUSANTO = Registered(3, "Budi Susanto", frozenset())
ADI = Registered(4, "Adi Nugroho", frozenset({"adi@toko.example"}), at_session=False)
EVERYBODY = (SITI, BUDI, SUSANTO, ADI)


def who(name="", email="", role="attendee", registered=EVERYBODY, **known):
    names = (name,) if isinstance(name, str) else name
    return Directory(registered=registered, **known).identify(Printed(names, email, role))


# ── the rules, in order ──


def test_a_verified_address_decides_whatever_the_name():
    found = who("Budi Santoso", " SITI@Toko.example ", verified={"siti@toko.example": {9}})
    assert found == Identity("email", 9)


def test_an_address_of_a_registration_comes_next():
    assert who("Galaxy A12", "Budi@toko.example") == Identity("registered_email", 2)
    assert who("Galaxy A12", "adi@toko.example") == Identity("registered_email", 4)


@pytest.mark.parametrize("email", ["", "si…", "siti@to...", "s***@toko.example", "siti"])
def test_a_name_decides_where_no_address_contradicts_it(email):
    assert who("  SITI   nurhaliza", email) == Identity("name", 1)


@pytest.mark.parametrize("email", ["other@toko.example", "ani…", "b***@toko.example"])
def test_an_address_that_is_not_theirs_contradicts_the_name(email):
    assert who("Siti Nurhaliza", email) == Identity("none")


def test_both_halves_of_a_renamed_person_are_tried():
    assert who("Siti (Siti Nurhaliza)") == Identity("name", 1)
    assert who("Siti Nurhaliza (Galaxy A12)") == Identity("name", 1)
    assert who("Siti Nurhaliza (Budi Santoso)") == Identity("none")


def test_any_of_several_names_may_be_the_one():
    assert who(("Vanya", "Siti Nurhaliza")) == Identity("name", 1)
    assert who(("Budi Santoso", "Siti Nurhaliza")) == Identity("none")


def test_a_name_counts_only_among_people_registered_for_this_session():
    assert who("Adi Nugroho") == Identity("none")


def test_likeness_is_never_enough():
    assert who("Siti Nurhalizah") == Identity("none")
    assert who("Budi") == Identity("none")


def test_hosts_and_panelists_are_staff_unless_they_are_registered():
    assert who("Trainer", "trainer@academy.example", "host") == Identity("staff")
    verified = {"trainer@academy.example": {9}, "siti@toko.example": {1}}
    assert who("Trainer", "trainer@academy.example", "host", verified=verified) == Identity("staff")
    assert who("Siti", "siti@toko.example", "panelist", verified=verified) == Identity("email", 1)


# ── ties are nobody ──


def test_two_people_with_one_verified_address_are_a_tie():
    assert who("Siti Nurhaliza", "siti@toko.example", verified={"siti@toko.example": {1, 9}}) == Identity(
        "none"
    )


def test_two_registrations_with_one_address_are_a_tie():
    twin = Registered(5, "Andi", frozenset({"siti@toko.example"}))
    assert who("Siti Nurhaliza", "siti@toko.example", registered=(*EVERYBODY, twin)) == Identity("none")


def test_two_people_with_one_name_are_a_tie():
    assert who("Siti Nurhaliza", registered=(*EVERYBODY, Registered(5, "siti nurhaliza"))) == Identity("none")


def test_a_merged_learner_is_one_person_and_no_tie():
    again = Registered(1, "Siti Nurhaliza", frozenset({"siti2@toko.example"}))
    assert who("Siti Nurhaliza", registered=(*EVERYBODY, again)) == Identity("name", 1)


# ── what a person decided stays decided ──


def test_an_earlier_decision_goes_first():
    ignored = {"siti@toko.example": {Identity("ignored")}}
    assert who("Siti", "siti@toko.example", decided_emails=ignored) == Identity("ignored")
    named = {"galaxy a12": {Identity("person", 2)}}
    assert who("Galaxy A12", decided_names=named) == Identity("person", 2)
    assert who("Galaxy A12", "siti@toko.example", decided_names=named) == Identity("registered_email", 1)


def test_two_different_decisions_decide_nothing():
    named = {"galaxy a12": {Identity("person", 2), Identity("ignored")}}
    assert who("Galaxy A12", decided_names=named) == Identity("none")


def test_a_host_whom_somebody_linked_stays_linked():
    decided = {"trainer@academy.example": {Identity("person", 2)}}
    assert who("Trainer", "trainer@academy.example", "host", decided_emails=decided) == Identity("person", 2)


# ── addresses and names as they are compared ──


def test_dots_and_plus_tags_are_not_touched():
    assert normalise_email(" Budi.S+Toko@Mail.Example ") == "budi.s+toko@mail.example"
    assert who("", "bu.di@toko.example") == Identity("none")


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("Budi  Santoso", "budi santoso"),
        ("BUDI\u00a0SANTOSO", "budi santoso"),
        ("Nur'aini", "nuraini"),
        ("Nur’aini", "nuraini"),
        ("M. Rizki", "m rizki"),
        ("Santoso# Budi", "santoso budi"),
        ("Ｂｕｄｉ", "budi"),
        ("佐藤 花子", "佐藤 花子"),
        ("62812******34", ""),
        ("94849208356", ""),
        ("🙂", ""),
        ("", ""),
    ],
)
def test_names_as_compared(printed, plain):
    assert normalise_name(printed) == plain


@given(st.text(max_size=40))
def test_comparing_is_stable(text):
    once = normalise_name(text)
    assert normalise_name(once) == once
    assert normalise_name(f"  {text} ") == once
    assert once in candidate_names([text]) or not once


@given(st.text(max_size=30), st.frozensets(st.emails(), max_size=3))
def test_no_address_and_nothing_known_contradict_nothing(email, known):
    assert not contradicts("", known)
    assert not contradicts(email, [])
    for each in known:
        assert not contradicts(normalise_email(each), [normalise_email(other) for other in known])


emails = st.sampled_from(["a@x.example", "b@x.example", "c@x.example"])
names = st.sampled_from(["Ani", "Budi", "Ani Budi", "B. Santoso"])
people = st.lists(
    st.builds(Registered, st.integers(1, 4), names, st.frozensets(emails, max_size=2), st.booleans()),
    max_size=5,
)
verified = st.dictionaries(emails, st.frozensets(st.integers(1, 6), min_size=1, max_size=2))
printed = st.builds(
    Printed,
    st.lists(names, max_size=2).map(tuple),
    st.one_of(st.just(""), emails, st.just("a…")),
    st.sampled_from(["host", "panelist", "attendee", "other", "no-show"]),
)


@given(printed, people, verified)
def test_nobody_is_credited_without_a_rule_that_names_exactly_them(printed, registered, verified):
    """Whatever is known: whoever is chosen is the only learner with that address, or the only one with that name."""
    found = Directory(verified=verified, registered=registered).identify(printed)
    known = {person.learner_id for person in registered}
    if found.match == "email":
        assert verified[printed.email] == {found.learner_id}
    elif found.match == "registered_email":
        assert {p.learner_id for p in registered if printed.email in p.emails} == {found.learner_id}
        assert printed.email not in verified
    elif found.match == "name":
        wanted = {normalise_name(name) for name in printed.names}
        assert {p.learner_id for p in registered if p.at_session and normalise_name(p.name) in wanted} == {
            found.learner_id
        }
        addresses = {email for p in registered if p.learner_id == found.learner_id for email in p.emails}
        assert printed.email == "" or not addresses or any(email.startswith("a") for email in addresses)
        assert printed.email not in verified
    else:
        assert found.learner_id is None
    if printed.role in ("host", "panelist"):
        assert found.match == "staff" or found.learner_id in known
    else:
        assert found.match != "staff"


@given(printed, people, verified, st.permutations(range(5)))
def test_order_of_what_is_known_does_not_matter(printed, registered, verified, order):
    shuffled = [registered[place] for place in order if place < len(registered)]
    one = Directory(verified=verified, registered=registered).identify(printed)
    assert Directory(verified=verified, registered=shuffled).identify(printed) == one


# ── suggestions ──


def suggested(name, registered=EVERYBODY, **options):
    return [each.learner_id for each in Suggester(registered).suggest(Printed((name,)), **options)]


def test_suggestions_forgive_spelling_order_titles_numbers_and_parentheses():
    for name in (
        "Siti Nurhalizah",
        "Nurhaliza, Siti",
        "Hj. Siti Nurhaliza, S.Kom., M.M.",
        "12_Siti Nurhaliza",
        "Galaxy (Siti Nurhaliza)",
        "dr. SITI NURHALIZA",
    ):
        assert suggested(name) == [1], name
    assert suggested("Adi Nugroho S.Kom") == [4]


def test_different_people_with_like_names_are_not_suggested_for_each_other():
    assert suggested("Budi Santoso") == [2]
    assert suggested("Budi") == []
    assert suggested("62812******34") == []
    assert suggested("🙂") == []


def test_a_name_of_nothing_but_titles_is_still_a_name():
    assert sorted_words("Dr. Se") == "dr se"


def test_at_most_three_the_most_alike_first_and_those_here_before_others():
    crowd = [Registered(n, "Siti Aminah", at_session=n % 2 == 0) for n in range(10, 16)]
    assert suggested("Siti Aminah", crowd) == [10, 12, 14]
    assert suggested("Siti Amina", [*crowd[:1], Registered(1, "Siti Amina")]) == [1, 10]


def test_people_between_whom_an_address_does_not_decide_come_first():
    assert suggested("Siti Nurhaliza", first=[7, 8]) == [7, 8, 1]
    directory = Directory(verified={"x@y.example": {8, 7}}, registered=EVERYBODY)
    assert directory.tied(Printed(("Siti",), "X@y.example")) == [7, 8]
    assert directory.tied(Printed(("Siti",), "x…")) == []


@given(st.text(alphabet="abc d", max_size=20), st.text(alphabet="abc d", max_size=20))
def test_likeness_is_token_sort_ratio(one, two):
    one, two = normalise_name(one), normalise_name(two)
    sorts = [" ".join(sorted(name.split())) for name in (one, two)]
    assert fuzz.ratio(*sorts) == pytest.approx(fuzz.token_sort_ratio(one, two))


@given(
    st.lists(st.text(alphabet="abcde ", min_size=1, max_size=12), min_size=1, max_size=6),
    st.text(alphabet="abcde ", max_size=12),
)
def test_every_suggestion_reaches_the_score(known, name):
    registered = [Registered(number, each) for number, each in enumerate(known)]
    for each in Suggester(registered).suggest(Printed((name,))):
        assert SUGGESTION_SCORE <= each.score <= 100


def test_whole_addresses():
    assert is_whole_address("a@b.example")
    assert not any(map(is_whole_address, ["", "abc", "a…@b.example", "taro1...", "a***@b.example"]))
