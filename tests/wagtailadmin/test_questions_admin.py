"""Questions in the admin: each kind has its form, a question is archived and not deleted, a chooser finds."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.blocks import ListBlock, StructBlock
from wagtail.test.utils.form_data import nested_form_data, streamfield

from lms.assessment import contents, services
from lms.assessment.models import Answer, Question, RegradeDue
from tests.assessment.quizzing import make_bank, make_question, make_quiz
from tests.seating import make_learner

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, home):
    client.force_login(get_user_model().objects.create_superuser("ayu", "ayu@academy.example", "rahasia"))
    return client


def words(text):
    """Indonesian is written, English is not."""
    return {"id": text, "en": ""}


def rich(text):
    blocks = f'{{"blocks":[{{"key":"a","text":"{text}","type":"unstyled","depth":0,"inlineStyleRanges":[],"entityRanges":[]}}],"entityMap":{{}}}}'
    return {"id": blocks if text else "null", "en": "null"}


def rows(values):
    """What a browser posts for a ListBlock."""
    found = {"count": str(len(values))}
    for place, value in enumerate(values):
        found[str(place)] = {"value": value, "order": str(place), "deleted": "", "type": "item", "id": ""}
    return found


def posted(kind, bank, stem="Pertanyaan?", **parts):
    value = {
        "stem": rich(stem),
        "picture": {"image": "", "alt_text": words("")},
        **parts,
        "explanation": rich(""),
    }
    return nested_form_data(
        {
            "body": streamfield([(kind, value)]),
            "bank": str(bank.pk),
            "difficulty": "2",
            "points": "1",
        }
    )


def option(text, right=False):
    return {"text": words(text), "feedback": words("")} | ({"right": "on"} if right else {})


FORMS = {
    "single": {"options": rows([option("QRIS", True), option("Cek")])},
    "multiple": {"options": rows([option("Foto", True), option("Harga", True), option("PIN")])},
    "true_false": {"answer": "false"},
    "number": {
        "value": "1500000",
        "tolerance": "0",
        "tolerance_kind": "absolute",
        "units": rows(["Rp"]),
    },
    "short_text": {"accepted": rows(["pelanggan"])},
    "matching": {
        "pairs": rows(
            [
                {"left": words("QRIS"), "right": words("kode")},
                {"left": words("PIN"), "right": words("rahasia")},
            ]
        ),
        "leftovers": rows([]),
    },
    "ordering": {"steps": rows([words("Pindai"), words("Bayar")])},
    "written_task": {
        "rubric": rows(
            [
                {"title": words("Isi"), "text": words(""), "points": "6"},
                {"title": words("Bahasa"), "text": words(""), "points": "4.5"},
            ]
        ),
        "answer_with": "both",
    },
}


@pytest.mark.parametrize("kind", FORMS)
def test_a_question_of_each_kind_is_written_without_any_json(editor, kind):
    response = editor.post(reverse("lms_questions:add"), posted(kind, make_bank(), **FORMS[kind]))
    assert response.status_code == 302, response.context["form"].errors
    question = Question.objects.get()
    assert (question.kind, question.label) == (kind, "Pertanyaan?")
    asked = contents.frozen(question, "en")
    assert "Pertanyaan?" in asked["stem"]
    if kind == "written_task":
        assert str(question.points) == "10.50" and [each["title"] for each in asked["rubric"]] == [
            "Isi",
            "Bahasa",
        ]
    assert contents.languages_of(question) == ["id"]


@pytest.mark.parametrize(
    ("kind", "parts", "said"),
    [
        (
            "single",
            {"options": rows([option("A", True), option("B", True)])},
            "exactly one answer as right. Now there are 2.",
        ),
        (
            "single",
            {"options": rows([option("A"), option("B")])},
            "exactly one answer as right. Now there are 0.",
        ),
        ("single", {"options": rows([option("A", True)])}, "minimum number of items is 2"),
        ("multiple", {"options": rows([option("A"), option("B")])}, "at least one answer as right"),
        ("number", FORMS["number"] | {"units": rows([]), "unit_needed": "on"}, "Write the unit"),
        ("number", FORMS["number"] | {"value": "banyak"}, "Enter a number"),
        ("short_text", {"accepted": rows([])}, "minimum number of items is 1"),
        ("ordering", {"steps": rows([words("A"), words("")])}, "in one language at least"),
        ("single", {"options": rows([option("", True), option("B")])}, "in one language at least"),
    ],
)
def test_what_cannot_be_a_question_is_refused_where_it_stands(editor, kind, parts, said):
    response = editor.post(reverse("lms_questions:add"), posted(kind, make_bank(), **parts))
    assert response.status_code == 200
    assert said in response.content.decode().replace("\\u0027", "'")
    assert not Question.objects.exists()


def test_a_question_without_words_is_refused(editor):
    response = editor.post(
        reverse("lms_questions:add"), posted("true_false", make_bank(), stem="", answer="true")
    )
    assert response.status_code == 200 and not Question.objects.exists()


def test_nobody_deletes_a_question_or_a_bank(editor):
    question = make_question()
    for address in (
        reverse("lms_questions:delete", args=[question.pk]),
        reverse("lms_question_banks:delete", args=[question.bank_id]),
    ):
        assert editor.post(address).status_code == 302
    bulk = reverse("wagtail_bulk_action", args=["lms", "question", "delete"])
    editor.post(f"{bulk}?id={question.pk}")
    assert Question.objects.count() == 1
    page = editor.get(reverse("lms_questions:edit", args=[question.pk])).content.decode()
    assert reverse("lms_questions:delete", args=[question.pk]) not in page


def test_a_copy_is_another_question(editor):
    question = make_question("single", archived=True)
    form = editor.get(reverse("lms_questions:copy", args=[question.pk]))
    assert form.status_code == 200 and "QRIS" in form.content.decode()
    response = editor.post(
        reverse("lms_questions:copy", args=[question.pk]), posted("single", question.bank, **FORMS["single"])
    )
    assert response.status_code == 302
    copy = Question.objects.exclude(pk=question.pk).get()
    assert copy.key != question.key and copy.salt != question.salt and not copy.archived


def test_the_preview_shows_what_is_right_in_each_language(editor):
    address = reverse("lms_questions:preview_on_add")
    editor.post(address, posted("single", make_bank(), **FORMS["single"]))
    page = editor.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Pertanyaan?" in text and "QRIS" in text and "✓" in text
    assert '<section lang="id">' in text and '<section lang="en">' not in text


def test_the_preview_may_be_framed_by_the_admin(editor):
    address = reverse("lms_questions:preview_on_add")
    editor.post(address, posted("single", make_bank(), **FORMS["single"]))
    response = editor.get(address)
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def nothing_missing(block, state, place):
    """Every part of a form is there: where one is missing Wagtail's editor writes “undefined” into its field."""
    if isinstance(block, StructBlock):
        assert set(state) == set(block.child_blocks), place
        for name, child in block.child_blocks.items():
            nothing_missing(child, state[name], f"{place}.{name}")
    elif isinstance(block, ListBlock):
        for number, row in enumerate(state):
            nothing_missing(block.child_block, row["value"], f"{place}[{number}]")


@pytest.mark.parametrize("kind", FORMS)
def test_a_new_question_begins_with_empty_fields(kind):
    block = Question._meta.get_field("body").stream_block.child_blocks[kind]
    nothing_missing(block, block.get_form_state(block.get_default()), kind)


def test_a_question_without_content_is_refused(editor):
    rest = {"bank": str(make_bank().pk), "difficulty": "2", "points": "1"}
    answer = editor.post(reverse("lms_questions:add"), nested_form_data({"body": streamfield([])} | rest))
    assert answer.status_code == 200 and "This field is required." in answer.content.decode()
    assert not Question.objects.exists()


@pytest.mark.parametrize("kind", FORMS)
def test_the_preview_of_each_kind_works(editor, kind):
    address = reverse("lms_questions:preview_on_add")
    editor.post(address, posted(kind, make_bank(), **FORMS[kind]))
    assert "Pertanyaan?" in editor.get(address).content.decode()


def test_the_chooser_offers_what_is_not_archived_and_finds_by_bank_kind_and_words(editor):
    bank = make_bank("Lain")
    here = make_question("single", bank=bank)
    make_question("number", bank=make_bank("Sini"))
    gone = make_question("single", bank=bank, archived=True)
    address = reverse("lms_question_chooser:choose_results")

    def shown(**query):
        page = editor.get(address, query).content.decode()
        return [
            question.pk for question in Question.objects.order_by("pk") if f"/chosen/{question.pk}/" in page
        ]

    assert gone.pk not in shown() and len(shown()) == 2
    assert shown(bank=bank.pk) == [here.pk]
    assert shown(kind="single") == [here.pk]
    assert shown(difficulty="3") == []
    assert len(shown(q="Question")) == 2 and shown(q="tidakada") == []


def test_the_list_costs_the_same_for_few_and_many(editor):
    counts = []
    bank = make_bank()
    for many in (3, 15):
        for _ in range(many):
            make_question(bank=bank)
        editor.get(reverse("lms_questions:list"))
        with CaptureQueriesContext(connection) as found:
            editor.get(reverse("lms_questions:list"))
        counts.append(len(found))
    assert counts[0] == counts[1]


# ── grading anew ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_after_editing_a_question_that_was_asked_grading_anew_is_offered_and_done_by_the_worker(
    editor, monkeypatch
):
    monkeypatch.setattr("lms.core.work.import_string", lambda path: (_ for _ in ()).throw(ConnectionError))
    question = make_question("single")
    quiz, learner = make_quiz([question]), make_learner()
    attempt = services.start_attempt(learner_id=learner.pk, activity_id=quiz.activity_id, language="id")
    services.save_answer(attempt_id=attempt.pk, question_key=question.key, response="bifast")
    services.submit(attempt_id=attempt.pk)
    address = reverse("lms_questions:regrade", args=[question.pk])
    response = editor.post(
        reverse("lms_questions:edit", args=[question.pk]),
        posted("single", question.bank, options=rows([option("QRIS"), option("BI-FAST", True)])),
        follow=True,
    )
    assert address in response.content.decode()
    asked = editor.get(address).content.decode()
    assert "1 attempt was asked this question; 0 of those passed." in asked
    assert not RegradeDue.objects.exists()
    assert editor.post(address).status_code == 302
    assert RegradeDue.objects.get().question == question
    services.regrade(question_id=question.pk)
    assert Answer.objects.get().feedback_code == "right"


def test_a_question_that_nobody_was_asked_offers_nothing(editor):
    question = make_question("single")
    address = reverse("lms_questions:regrade", args=[question.pk])
    response = editor.post(
        reverse("lms_questions:edit", args=[question.pk]),
        posted("single", question.bank, **FORMS["single"]),
        follow=True,
    )
    assert address not in response.content.decode()
    assert '<form method="post">' not in editor.get(address).content.decode()
