"""How right an answer is: exact shares and codes at every boundary."""

from __future__ import annotations

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.grading import Mark, is_empty, number_read
from lms.assessment.grading import mark as marked_in
from lms.assessment.grading.marks import _words

KINDS = ["single", "multiple", "true_false", "number", "short_text", "matching", "ordering", "written_task"]
RIGHT, WRONG, EMPTY = Mark(F(1), "right"), Mark(F(0), "wrong"), Mark(F(0), "empty")
UNIT, UNREADABLE = Mark(F(0), "unit"), Mark(F(0), "unreadable")


def mark(kind, key, response, *, language="en"):
    return marked_in(kind, key, response, language=language)


def part(numerator, denominator):
    return Mark(F(numerator, denominator), "partial")


def key_of(kind):
    return {
        "single": {"right": ["a"]},
        "multiple": {"right": ["a", "b", "c"]},
        "true_false": {"right": True},
        "number": number(5),
        "short_text": words("QRIS"),
        "matching": {"pairs": {"a": "x", "b": "y", "c": "z"}},
        "ordering": {"order": ["a", "b", "c", "d"]},
        "written_task": {},
    }[kind]


def number(value, tolerance=0, kind="absolute", units=(), needed=False):
    return {
        "value": str(value),
        "tolerance": str(tolerance),
        "tolerance_kind": kind,
        "units": list(units),
        "unit_needed": needed,
    }


def words(*accepted, case=False, accents=False):
    return {"accepted": list(accepted), "match_case": case, "strict_accents": accents}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("response", [None, "", "  ", "\n\t", [], {}])
def test_nothing_is_empty_in_every_kind(kind, response):
    assert is_empty(response)
    assert mark(kind, key_of(kind), response) == EMPTY


@pytest.mark.parametrize("response", [False, True, "0", "a", ["a"], {"a": "b"}, 0])
def test_something_is_not_empty(response):
    assert not is_empty(response)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("number", "written_task")])
@pytest.mark.parametrize(
    "response", [5, 1.5, "zzz", ["zzz"], {"zzz": "a"}, [["a"]], [None], {"a": ["x"]}, object()]
)
def test_what_cannot_be_an_answer_is_wrong_and_never_an_error(kind, response):
    assert mark(kind, key_of(kind), response) == WRONG


@pytest.mark.parametrize("response", [5, 1.5, ["5"], {"a": "5"}, True])
def test_what_cannot_be_a_number_is_unreadable(response):
    assert mark("number", number(5), response) == UNREADABLE
    assert number_read(number(5), response, language="id") is None


@pytest.mark.parametrize(
    ("response", "expected"), [("a", RIGHT), ("b", WRONG), (["a"], WRONG), ("A", WRONG), ("right", WRONG)]
)
def test_one_choice(response, expected):
    assert mark("single", {"right": ["a"]}, response) == expected


@pytest.mark.parametrize(
    ("key", "response", "expected"),
    [
        (True, True, RIGHT),
        (True, False, WRONG),
        (False, False, RIGHT),
        (False, True, WRONG),
        (True, "true", WRONG),
        (True, 1, WRONG),
        (False, 0, WRONG),
    ],
)
def test_true_or_false(key, response, expected):
    assert mark("true_false", {"right": key}, response) == expected


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (["a", "b", "c"], RIGHT),
        (["c", "a", "b"], RIGHT),
        (["a", "b"], part(2, 3)),
        (["a"], part(1, 3)),
        (["a", "b", "c", "x"], part(2, 3)),
        (["a", "b", "c", "x", "y"], part(1, 3)),
        (["a", "b", "c", "x", "y", "z"], WRONG),
        (["a", "x"], WRONG),
        (["a", "b", "x"], part(1, 3)),
        (["x"], WRONG),
        (["a", "x", "y"], WRONG),
        (["a", "a"], WRONG),
        (["a", "b", "c", "c"], part(2, 3)),
    ],
)
def test_several_choices_are_right_ticks_less_wrong_ticks(response, expected):
    assert mark("multiple", {"right": ["a", "b", "c"]}, response) == expected


def test_ticking_everything_earns_nothing_where_half_is_wrong():
    assert mark("multiple", {"right": ["a", "b"]}, ["a", "b", "c", "d"]) == WRONG


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ({"a": "x", "b": "y", "c": "z"}, RIGHT),
        ({"a": "x", "b": "y"}, part(2, 3)),
        ({"a": "x", "b": "z", "c": "y"}, part(1, 3)),
        ({"a": "y", "b": "z", "c": "x"}, WRONG),
        ({"a": "x", "b": "x", "c": "x"}, part(1, 3)),
        ({"a": "x", "extra": "y"}, part(1, 3)),
    ],
)
def test_matching_is_the_share_of_pairs(response, expected):
    assert mark("matching", {"pairs": {"a": "x", "b": "y", "c": "z"}}, response) == expected


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ("abcd", RIGHT),
        ("bcda", part(2, 3)),
        ("dabc", part(2, 3)),
        ("acbd", WRONG),
        ("abdc", part(1, 3)),
        ("bacd", part(1, 3)),
        ("cdab", part(2, 3)),
        ("dcba", WRONG),
        ("badc", WRONG),
        ("acdb", part(1, 3)),
        ("abc", WRONG),
        ("abcdd", WRONG),
        ("abcc", WRONG),
        ("abcx", WRONG),
    ],
)
def test_ordering_is_the_share_of_steps_that_follow_the_right_one(response, expected):
    assert mark("ordering", {"order": list("abcd")}, list(response)) == expected


def test_two_steps_are_right_or_wrong():
    assert mark("ordering", {"order": ["a", "b"]}, ["a", "b"]) == RIGHT
    assert mark("ordering", {"order": ["a", "b"]}, ["b", "a"]) == WRONG


@pytest.mark.parametrize("response", ["Saya menulis.", "5"])
def test_a_task_waits_for_a_person(response):
    assert mark("written_task", {}, response) == Mark(F(0), "to_grade")


@pytest.mark.parametrize(
    ("key", "response", "expected"),
    [
        (number(1500000), "1.500.000", RIGHT),
        (number(1500000), "Rp 1.500.000,-", RIGHT),
        (number(1500000), "1,5 juta", RIGHT),
        (number(1500000), "1500000.01", WRONG),
        (number(1500000), "1499999", WRONG),
        (number("1.5"), "1,5", RIGHT),
        (number("1.5"), "1.500", RIGHT),
        (number(1500), "1.500", RIGHT),
        (number(1500), "1,500", RIGHT),
        (number(1500), "15", WRONG),
        (number(-5), "-5", RIGHT),
        (number(-5), "5", WRONG),
        (number(0), "0", RIGHT),
        (number(10, 2), "8", RIGHT),
        (number(10, 2), "12", RIGHT),
        (number(10, 2), "7,99", WRONG),
        (number(10, 2), "12,01", WRONG),
        (number(10, "0.5"), "9,5", RIGHT),
        (number(10, "0.5"), "10.5", RIGHT),
        (number(10, "0.5"), "10.51", WRONG),
        (number(200, 5, "percent"), "190", RIGHT),
        (number(200, 5, "percent"), "210", RIGHT),
        (number(200, 5, "percent"), "189", WRONG),
        (number(200, 5, "percent"), "211", WRONG),
        (number(-200, 5, "percent"), "-190", RIGHT),
        (number(-200, 5, "percent"), "-211", WRONG),
        (number(200, 5), "205", RIGHT),
        (number(200, 5), "210", WRONG),
        (number(0, 5, "percent"), "0", RIGHT),
        (number(0, 5, "percent"), "1", WRONG),
        (number(5), "lima", UNREADABLE),
        (number(5), "5 atau 6", UNREADABLE),
    ],
)
def test_a_number_is_right_within_its_tolerance_ends_included(key, response, expected):
    assert mark("number", key, response, language="id") == expected
    assert mark("number", key, response) == expected


@pytest.mark.parametrize(
    ("units", "needed", "response", "expected"),
    [
        ([], False, "5", RIGHT),
        ([], False, "5 apel", RIGHT),
        (["kg"], False, "5", RIGHT),
        (["kg"], False, "5 KG", RIGHT),
        (["kg"], False, "5 g", UNIT),
        (["kg"], False, "6 g", WRONG),
        (["kg"], False, "6 kg", WRONG),
        (["kg", "kilo"], False, "5 kilo", RIGHT),
        (["kg"], True, "5", UNIT),
        (["kg"], True, "5 kg", RIGHT),
        (["kg"], True, "6", WRONG),
        (["Rp"], True, "IDR 5", RIGHT),
        (["Rp"], True, "5 rupiah", RIGHT),
        (["%"], True, "5 persen", RIGHT),
        (["persen"], True, "5%", RIGHT),
    ],
)
def test_units_are_looked_at_when_the_number_is_right(units, needed, response, expected):
    assert mark("number", number(5, units=units, needed=needed), response) == expected


def test_percent_is_a_share_where_no_unit_is_named():
    assert mark("number", number("0.15"), "15 %") == RIGHT
    assert mark("number", number(15), "15 %") == RIGHT
    assert mark("number", number("0.15", units=["Rp"]), "15 %") == WRONG
    assert mark("number", number("0.15"), "15") == WRONG
    assert mark("number", number("0.15", units=["%"]), "15 %") == WRONG


def test_a_key_may_leave_out_what_is_usual():
    assert mark("number", {"value": "5"}, "5") == RIGHT
    assert mark("number", {"value": "5"}, "6") == WRONG
    assert mark("number", {"value": "5"}, "5 kg") == RIGHT
    assert mark("short_text", {"accepted": ["Qris"]}, "QRÍS") == RIGHT


@pytest.mark.parametrize(
    ("key", "response", "language", "read"),
    [
        (number(1500), "1.500", "en", 1500),
        (number("1.5"), "1.500", "id", F("1.5")),
        (number(7), "1.500", "id", 1500),
        (number(7), "1.500", "en", F("1.5")),
        (number("0.15"), "15%", "id", F("0.15")),
        (number(7), "15%", "id", 15),
        (number(7), "tujuh", "id", None),
        (number(10, 2), "11", "id", 11),
    ],
)
def test_it_is_said_how_a_number_was_read(key, response, language, read):
    assert number_read(key, response, language=language) == read


@pytest.mark.parametrize(
    ("key", "response", "expected"),
    [
        (words("QRIS"), "qris", RIGHT),
        (words("QRIS"), " Qris ", RIGHT),
        (words("QRIS"), "QRIS.", RIGHT),
        (words("QRIS"), "“QRIS”!", RIGHT),
        (words("QRIS"), "(QRIS)", RIGHT),
        (words("QRIS."), "QRIS", RIGHT),
        (words("QRIS"), "Q R I S", WRONG),
        (words("QRIS"), "QRIS2", WRONG),
        (words("kode batang"), "Kode   Batang", RIGHT),
        (words("kode batang"), "kode\u00a0batang", RIGHT),
        (words("kode batang"), "kodebatang", WRONG),
        (words("kode batang"), "batang kode", WRONG),
        (words("a", "b"), "b", RIGHT),
        (words("a", "b"), "c", WRONG),
        (words("café"), "cafe", RIGHT),
        (words("cafe"), "CAFÉ", RIGHT),
        (words("café", accents=True), "cafe", WRONG),
        (words("café", accents=True), "CAFE\u0301", RIGHT),
        (words("QRIS", case=True), "qris", WRONG),
        (words("QRIS", case=True), "QRIS", RIGHT),
        (words("Café", case=True), "Cafe", RIGHT),
        (words("Straße"), "STRASSE", RIGHT),
        (words("ＱＲＩＳ"), "QRIS", RIGHT),
        (words("?"), "?", RIGHT),
        (words("?"), "!", WRONG),
        (words("C#"), "c#", RIGHT),
        (words("C#"), "c", WRONG),
    ],
)
def test_words_are_compared_without_what_does_not_matter(key, response, expected):
    assert mark("short_text", key, response) == expected


@pytest.mark.parametrize(
    ("accepted", "response", "expected"),
    [
        ("1500000", "Rp 1.500.000", RIGHT),
        ("Rp 1.500.000", "1,5 juta", RIGHT),
        ("Rp 1.500.000", "IDR 1,500,000", RIGHT),
        ("15%", "15 persen", RIGHT),
        ("15%", "15", RIGHT),
        ("15%", "Rp 15", WRONG),
        ("1500000", "1500001", WRONG),
        ("Windows 11", "11", WRONG),
        ("11", "Windows 11", WRONG),
        ("Windows 11", "windows 11", RIGHT),
        ("QRIS", "QRIZ", WRONG),
        ("2.0", "2", RIGHT),
    ],
)
def test_numbers_among_words_are_compared_as_numbers(accepted, response, expected):
    for language in ("id", "en"):
        assert mark("short_text", words(accepted), response, language=language) == expected
        assert mark("short_text", words("lain", accepted), response, language=language) == expected


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────────────────────

IDS = list("abcdefgh")


@given(st.sets(st.sampled_from(IDS), min_size=1), st.sets(st.sampled_from(IDS)))
def test_several_choices_a_share_between_none_and_all_and_all_only_for_exactly_the_right(right, ticked):
    got = mark("multiple", {"right": sorted(right)}, sorted(ticked))
    assert 0 <= got.share <= 1
    assert (got.share == 1) == (ticked == right) == (got.code == "right")
    assert got.share == max(F(0), F(len(ticked & right) - len(ticked - right), len(right)))


@given(st.sets(st.sampled_from(IDS), min_size=1), st.sets(st.sampled_from(IDS)), st.sampled_from(IDS))
def test_a_further_right_tick_never_costs_and_a_further_wrong_one_never_pays(right, ticked, extra):
    before = mark("multiple", {"right": sorted(right)}, sorted(ticked)).share
    after = mark("multiple", {"right": sorted(right)}, sorted(ticked | {extra})).share
    assert after >= before if extra in right else after <= before


@given(st.permutations(IDS))
def test_an_order_is_right_only_when_it_is_the_order(given_order):
    got = mark("ordering", {"order": IDS}, given_order)
    assert 0 <= got.share <= 1
    assert (got.share == 1) == (given_order == IDS)
    assert got.share.denominator in (1, 7)


@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from(IDS)))
def test_a_pair_more_is_never_worth_less(response):
    key = {"pairs": {each: each for each in IDS}}
    for left in IDS:
        assert mark("matching", key, response | {left: left}).share >= mark("matching", key, response).share


@given(st.integers(-(10**6), 10**6), st.integers(0, 1000), st.integers(-2000, 2000))
def test_a_number_is_right_exactly_within_the_tolerance(value, tolerance, off):
    got = mark("number", number(value, tolerance), str(value + off))
    assert (got.code == "right") == (abs(off) <= tolerance)


@given(st.sampled_from(KINDS), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_any_response_gets_a_mark(kind, response):
    got = mark(kind, key_of(kind), response, language="id")
    assert 0 <= got.share <= 1
    assert got.code in ("right", "partial", "wrong", "empty", "unit", "unreadable", "to_grade")
    assert (got.code == "right") == (got.share == 1)
    assert (got.code == "partial") == (0 < got.share < 1)


def test_a_number_is_read_as_in_english_where_no_language_is_said():
    key = {"value": "1.5", "tolerance": "0", "tolerance_kind": "absolute", "units": [], "unit_needed": False}
    assert mark("number", key, "1.5") == mark("number", key, "1.5", language="en")
    assert number_read(key, "1.234", language="en") != number_read(key, "1.234", language="id")
    key = key | {"value": "1.234"}
    assert mark("number", key, "1.234").share == 1
    assert mark("number", key | {"value": "1234"}, "1.234", language="id").share == 1


def test_words_are_compared_in_one_spelling():
    assert _words("  Jalan \n Batik,  Éclair ", {}) == "jalan batik, eclair"
    assert _words("Éclair", {"match_case": True, "strict_accents": True}) == "Éclair"
