"""Saving answers: two tabs, the back button, double clicks, and pages without JavaScript lose nothing silently."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from lms.assessment import queries, services
from lms.assessment.forms import Given, read_answers
from lms.assessment.models import Answer
from lms.assessment.refusals import Refused
from tests.assessment.quizzing import bodies, make_question, right_response

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(hands):
    return hands([make_question("single"), make_question("short_text"), make_question("multiple")]).start()


def save(attempt, place, response, revision=None):
    key = attempt.paper["questions"][place]["key"]
    return services.save_answer(attempt_id=attempt.pk, question_key=key, response=response, revision=revision)


def stored(attempt, place):
    return Answer.objects.get(attempt=attempt, question=attempt.paper["questions"][place]["question"])


def test_each_change_is_a_revision_and_the_same_again_is_none(attempt):
    assert save(attempt, 1, "Pembeli", 0).revision == 1
    again = save(attempt, 1, "Pembeli", 0)
    assert (again.revision, again.stale, again.replaced) == (1, False, None)
    assert save(attempt, 1, "Pelanggan", 1).revision == 2
    assert stored(attempt, 1).response == "Pelanggan"


def test_a_second_tab_overwrites_and_is_told_and_the_first_is_kept(attempt):
    save(attempt, 1, "dari tab satu", 0)
    told = save(attempt, 1, "dari tab dua", 0)
    assert (told.revision, told.stale, told.replaced) == (2, True, "dari tab satu")
    answer = stored(attempt, 1)
    assert answer.response == "dari tab dua"
    assert answer.replaced == [{"response": "dari tab satu", "revision": 1}]


def test_at_most_ten_overwritten_answers_are_kept_the_newest(attempt):
    for number in range(13):
        save(attempt, 1, f"jawaban {number}", 0)
    kept = stored(attempt, 1).replaced
    assert [each["response"] for each in kept] == [f"jawaban {number}" for number in range(2, 12)]


def test_who_does_not_say_a_revision_is_not_told(attempt):
    save(attempt, 1, "satu")
    assert not save(attempt, 1, "dua").stale
    assert stored(attempt, 1).replaced == []


def test_an_answer_can_be_taken_back(attempt):
    save(attempt, 0, "qris", 0)
    assert save(attempt, 0, None, 1).revision == 2
    assert stored(attempt, 0).response is None
    assert queries.paper_of(attempt).answered == 0


def test_taking_back_from_an_old_tab_is_told_with_what_it_took(attempt):
    save(attempt, 0, "qris", 0)
    told = save(attempt, 0, "", 0)
    assert (told.stale, told.replaced) == (True, "qris")


def test_what_was_saved_first_from_an_old_page_replaces_nothing(attempt):
    told = save(attempt, 0, "qris", 5)
    assert (told.stale, told.replaced) == (True, None)
    assert stored(attempt, 0).replaced == []


@pytest.mark.parametrize(
    ("place", "response", "code"),
    [
        (0, "tidak-ada", "option"),
        (0, ["qris"], "shape"),
        (1, "a" * 201, "long"),
        (1, "a\x00b", "characters"),
        (2, ["foto", "foto"], "shape"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_in_words_and_keeps_what_was(attempt, place, response, code):
    right = right_response(attempt.paper["questions"][place]["kind"], attempt.paper["questions"][place])
    save(attempt, place, right)
    with pytest.raises(Refused) as refusal:
        save(attempt, place, response)
    assert refusal.value.code == code and len(str(refusal.value)) > 20
    assert stored(attempt, place).revision == 1


def test_a_question_of_another_quiz_is_refused(attempt, hands):
    other = hands([make_question("single")]).start()
    with pytest.raises(Refused) as refusal:
        services.save_answer(
            attempt_id=attempt.pk, question_key=other.paper["questions"][0]["key"], response="qris"
        )
    assert refusal.value.code == "question"


def test_nothing_changes_after_handing_in(attempt):
    save(attempt, 0, "qris")
    services.submit(attempt_id=attempt.pk)
    with pytest.raises(Refused) as refusal:
        save(attempt, 0, "cek")
    assert refusal.value.code == "submitted"
    assert stored(attempt, 0).response == "qris"


# ── pages of answers ─────────────────────────────────────────────────────────────────────────────────────────────


def posted(**fields) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def fields_of(question, asked):
    """What a browser sends for a question that was answered right."""
    name, right = f"q-{question.key}", right_response(question.kind, asked)
    if question.kind == "matching":
        return {f"{name}-{left}": target for left, target in right.items()}
    if question.kind == "ordering":
        return {f"{name}-{step}": str(place) for place, step in enumerate(right, start=1)}
    return {name: right}


def test_a_page_with_every_kind_is_read_and_marked_right(hands):
    attempt = hands([make_question(kind) for kind in bodies()]).start()
    paper = queries.paper_of(attempt)
    data: dict[str, object] = {}
    for question, asked in zip(paper.questions, attempt.paper["questions"], strict=True):
        data |= {f"r-{question.key}": "0"} | fields_of(question, asked)
    given = [each for _, each in read_answers(paper, posted(**data))]
    assert len(given) == 8 and all(isinstance(each, Given) and each.revision == 0 for each in given)
    for each in given:
        services.save_answer(
            attempt_id=attempt.pk,
            question_key=each.question_key,
            response=each.response,
            revision=each.revision,
        )
    services.submit(attempt_id=attempt.pk)
    codes = list(
        Answer.objects.filter(attempt=attempt).order_by("pk").values_list("feedback_code", flat=True)
    )
    assert codes == ["right"] * 7 + ["to_grade"]


def test_an_empty_page_takes_nothing_for_an_answer(hands):
    attempt = hands([make_question(kind) for kind in bodies()]).start()
    paper = queries.paper_of(attempt)
    data = posted(**{f"r-{question.key}": "0" for question in paper.questions})
    for _, each in read_answers(paper, data):
        services.save_answer(attempt_id=attempt.pk, question_key=each.question_key, response=each.response)
    assert queries.paper_of(attempt).answered == 0


def test_a_question_that_was_not_on_the_page_is_left_out(attempt):
    paper = queries.paper_of(attempt)
    key = paper.questions[1].key
    read = list(read_answers(paper, posted(**{f"r-{key}": "3", f"q-{key}": "pelanggan"})))
    assert [(question.key, each) for question, each in read] == [(key, Given(key, "pelanggan", 3))]


@pytest.mark.parametrize("shown", ["x", "-1", "٣", "9" * 10])
def test_a_revision_that_is_no_number_is_unknown(attempt, shown):
    paper = queries.paper_of(attempt)
    key = paper.questions[1].key
    ((_, each),) = read_answers(paper, posted(**{f"r-{key}": shown}))
    assert each.revision is None


@pytest.mark.parametrize(
    "places", [["1", "1", "2", "3"], ["1", "2", "3", ""], ["0", "1", "2", "3"], ["a", "1", "2", "3"]]
)
def test_places_that_are_taken_twice_or_missing_are_refused_in_words(hands, places):
    attempt = hands([make_question("ordering")]).start()
    paper = queries.paper_of(attempt)
    question = paper.questions[0]
    data = {
        f"q-{question.key}-{step.id}": place for step, place in zip(question.options, places, strict=True)
    }
    ((_, refused),) = read_answers(paper, posted(**data, **{f"r-{question.key}": "0"}))
    assert isinstance(refused, Refused) and refused.code == "places" and "4" in str(refused)
    assert ("Place 1 is given more than once" in str(refused)) == (places.count("1") > 1)
