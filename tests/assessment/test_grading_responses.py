"""What a browser may send, and what is stored of it."""

from __future__ import annotations

import pytest

from lms.assessment.grading import BadResponse, clean

OPTIONS = [{"id": "a"}, {"id": "b"}, {"id": "c"}]
TARGETS = [{"id": "x"}, {"id": "y"}]


def question(kind):
    return {"kind": kind, "options": OPTIONS, "targets": TARGETS}


@pytest.mark.parametrize(
    ("kind", "sent", "stored"),
    [
        ("single", "a", "a"),
        ("multiple", ["c", "a"], ["a", "c"]),
        ("multiple", ("b",), ["b"]),
        ("multiple", (), None),
        ("true_false", True, True),
        ("true_false", False, False),
        ("true_false", "true", True),
        ("true_false", "false", False),
        ("matching", {"b": "x", "a": "x"}, {"a": "x", "b": "x"}),
        ("matching", {"a": "x", "b": ""}, {"a": "x"}),
        ("matching", {"a": "", "b": None}, None),
        ("ordering", ["c", "a", "b"], ["c", "a", "b"]),
        ("ordering", ("c", "a", "b"), ["c", "a", "b"]),
        ("number", " Rp 5 ", " Rp 5 "),
        ("short_text", "QRIS", "QRIS"),
        ("written_task", "Baris\nbaru", "Baris\nbaru"),
    ],
)
def test_what_is_stored(kind, sent, stored):
    assert clean(question(kind), sent) == stored


@pytest.mark.parametrize(
    "kind",
    ["single", "multiple", "true_false", "matching", "ordering", "number", "short_text", "written_task"],
)
@pytest.mark.parametrize("sent", [None, "", "  ", [], {}])
def test_nothing_takes_an_answer_back(kind, sent):
    assert clean(question(kind), sent) is None


@pytest.mark.parametrize(
    ("kind", "sent", "code"),
    [
        ("single", "z", "option"),
        ("single", ["a"], "shape"),
        ("single", 1, "shape"),
        ("multiple", "a", "shape"),
        ("multiple", {"a": "b"}, "shape"),
        ("multiple", ["a", "a"], "shape"),
        ("multiple", ["a", "z"], "option"),
        ("multiple", [1], "shape"),
        ("multiple", [["a"]], "shape"),
        ("true_false", "yes", "shape"),
        ("true_false", 1, "shape"),
        ("true_false", 0, "shape"),
        ("true_false", "True", "shape"),
        ("matching", ["a"], "shape"),
        ("matching", {"z": "x"}, "option"),
        ("matching", {"z": ""}, "option"),
        ("matching", {"a": "z"}, "option"),
        ("matching", {"a": ["x"]}, "shape"),
        ("matching", {1: "x"}, "shape"),
        ("matching", {"x": "a"}, "option"),
        ("ordering", ["a", "b"], "shape"),
        ("ordering", ["a", "b", "b"], "shape"),
        ("ordering", ["a", "b", "z"], "option"),
        ("ordering", ["a", "b", "c", "a"], "shape"),
        ("ordering", "abc", "shape"),
        ("number", 5, "shape"),
        ("number", "5" * 201, "long"),
        ("short_text", "a" * 201, "long"),
        ("short_text", ["a"], "shape"),
        ("short_text", "a\x00", "characters"),
        ("short_text", "\ud800", "characters"),
        ("short_text", "\udfff", "characters"),
        ("written_task", "a" * 20_001, "long"),
        ("written_task", {"text": "a"}, "shape"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_with_a_code(kind, sent, code):
    with pytest.raises(BadResponse) as refusal:
        clean(question(kind), sent)
    assert refusal.value.code == str(refusal.value) == code


def test_the_longest_words_are_kept():
    assert clean(question("number"), "5" * 200) == "5" * 200
    assert clean(question("short_text"), "a" * 200) == "a" * 200
    assert clean(question("written_task"), "a" * 20_000) == "a" * 20_000


def test_neighbours_of_what_cannot_be_kept_are_kept():
    assert clean(question("short_text"), "\ud7ff\ue000\x01") == "\ud7ff\ue000\x01"
