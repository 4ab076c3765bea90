"""What a learner sees after handing in, by the quiz's rules, and how it is said."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from django.utils import translation

from lms.assessment import queries, services
from lms.assessment.refusals import Refusal
from tests.assessment.quizzing import bodies, make_question

pytestmark = pytest.mark.django_db

RULES = {
    # rule, passed → what is hidden and why
    ("always", True): "",
    ("always", False): "",
    ("passed", True): "",
    ("passed", False): "passed",
    ("never", True): "never",
    ("never", False): "never",
}


@pytest.mark.parametrize(
    ("rule", "passed", "right"),
    list(itertools.product(["always", "passed", "never"], [True, False], [True, False])),
)
def test_results_are_shown_by_the_rules(hands, rule, passed, right):
    one = hands(show_results=rule, show_right_answers=right, pass_mark=100)
    attempt = one.start()
    assert queries.review_of(attempt).hidden == "open"
    one.answer(attempt, right=2 if passed else 1)
    services.submit(attempt_id=attempt.pk)
    review = queries.review_of(queries.attempt_of(one.learner.pk, attempt.public_id))
    assert review.hidden == RULES[rule, passed]
    assert bool(review.questions) == (review.hidden == "")
    if review.questions:
        assert (review.questions[0].right is not None) == right
        assert review.attempt.points is not None


def answered(hands, kind, response, language="id", **fields):
    one = hands([make_question(kind, **fields)])
    attempt = one.start(language)
    services.save_answer(
        attempt_id=attempt.pk, question_key=attempt.paper["questions"][0]["key"], response=response
    )
    services.submit(attempt_id=attempt.pk)
    with translation.override(language):
        (shown,) = queries.review_of(queries.attempt_of(one.learner.pk, attempt.public_id)).questions
    return shown


def test_a_chosen_answer_gets_its_feedback_and_the_question_its_explanation(hands):
    shown = answered(hands, "single", "bifast")
    assert (shown.code, shown.points) == ("wrong", Decimal(0))
    assert shown.feedback == {"bifast": "Itu transfer."}
    assert shown.explanation == "<p>Sebab begitu.</p>"
    assert shown.right.ids == ["qris"]
    assert answered(hands, "single", "qris").feedback == {}


def test_feedback_of_several_choices(hands):
    shown = answered(hands, "multiple", ["foto", "sandi"])
    assert (shown.code, shown.points, shown.right.ids) == ("wrong", Decimal(0), ["foto", "harga"])
    assert answered(hands, "multiple", ["foto"]).code == "partial"


def test_a_number_says_how_it_was_read_and_what_is_right(hands):
    shown = answered(hands, "number", "Rp 1.400.000")
    assert (shown.code, shown.read_as, shown.right.texts) == ("wrong", "1.400.000", ["Rp1.500.000"])
    assert answered(hands, "number", "1,4", "en").read_as == "1.4"
    assert answered(hands, "number", "1.500").read_as == "1.500"
    assert answered(hands, "number", "1.500", "en").read_as == "1.5"
    unreadable = answered(hands, "number", "banyak")
    assert (unreadable.code, unreadable.read_as) == ("unreadable", "")
    assert answered(hands, "number", "1.500.000 kg").code == "unit"


def test_what_is_right_in_the_other_kinds(hands):
    assert answered(hands, "true_false", "false").right.truth is True
    assert answered(hands, "short_text", "salah").right.texts == ["pelanggan"]
    assert answered(hands, "ordering", list("dcba")).right.ids == list("abcd")
    shown = answered(hands, "matching", {})
    assert set(shown.right.pairs) == {"l-qris", "l-pin"}
    assert set(shown.right.pairs.values()) < {each.id for each in shown.question.targets}
    assert answered(hands, "written_task", "Tulisan").right is None


def test_each_kind_can_be_reviewed_unanswered(hands):
    one = hands([make_question(kind) for kind in bodies()])
    attempt = services.submit(attempt_id=one.start().pk)
    review = queries.review_of(queries.attempt_of(one.learner.pk, attempt.public_id))
    assert [each.code for each in review.questions] == ["empty"] * 8


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_refusal_has_words(language):
    import datetime as dt

    from lms.assessment.refusals import _WORDS

    params = {
        "allowed": 2,
        "until": dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC),
        "types": "pdf",
        "name": "a.pdf",
        "most": 5,
        "criterion": "Isi",
        "count": 4,
    }
    with translation.override(language):
        for code in _WORDS:
            assert Refusal(code, params).words("Asia/Makassar").endswith((".", ".")), code
        cooling = Refusal("cooling", params).words("Asia/Makassar")
    assert ("11.00 WITA" if language == "id" else "11:00 WITA") in cooling
