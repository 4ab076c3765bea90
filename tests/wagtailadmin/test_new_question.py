"""A question is written in the window in which a quiz's questions are chosen; so is the bank that it is kept in."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import nested_form_data, streamfield

from lms.assessment.models import Kind, Question, QuestionBank
from tests.assessment.quizzing import make_bank
from tests.wagtailadmin.test_questions_admin import FORMS, rich, words

pytestmark = pytest.mark.django_db

CREATE = "lms_question_chooser:create"


@pytest.fixture
def writer(client, home):
    """Return a function that signs somebody in who may do only this."""

    def sign_in(*codenames):
        user = get_user_model().objects.create_user("ayu", "ayu@contoh.example", "rahasia")
        user.user_permissions.add(
            Permission.objects.get(codename="access_admin"),
            *Permission.objects.filter(content_type__app_label="lms", codename__in=codenames),
        )
        client.force_login(user)
        return client

    return sign_in


def posted(kind="single", stem="Di mana cahaya paling baik?", **fields):
    value = {"stem": rich(stem), **FORMS[kind], "explanation": rich("")}
    return nested_form_data(
        {"body": streamfield([(kind, value)])} | {"difficulty": "2", "points": "1"} | fields
    )


def chosen(response):
    """Return the question that the chooser hands to the quiz."""
    answer = response.json()
    assert answer["step"] == "chosen", answer
    return Question.objects.get(pk=answer["result"]["id"])


@pytest.mark.parametrize("kind", Kind.values)
def test_a_question_of_each_kind_is_kept_and_taken(writer, kind):
    editor = writer("add_question", "view_question", "change_question")
    bank = make_bank()
    question = chosen(editor.post(reverse(CREATE), posted(kind, bank=str(bank.pk))))
    assert (question.kind, question.bank) == (kind, bank)
    assert question.label == "Di mana cahaya paling baik?"
    # The stored question is like one from the long form: a picture can be added there.
    assert question.body[0].value["picture"]["image"] is None
    assert editor.get(reverse("lms_questions:edit", args=[question.pk])).status_code == 200
    assert ModelLogEntry.objects.filter(object_id=str(question.pk), action="wagtail.create").count() == 1


def test_its_bank_may_be_new_and_named_twice_it_is_one(writer):
    editor = writer("add_question", "add_questionbank")
    first = chosen(editor.post(reverse(CREATE), posted(new_bank=" Foto produk ")))
    second = chosen(editor.post(reverse(CREATE), posted(new_bank="foto PRODUK")))
    assert first.bank == second.bank == QuestionBank.objects.get(title="Foto produk")


def test_no_bank_is_asked_for_in_words_and_nothing_is_kept(writer):
    editor = writer("add_question", "add_questionbank")
    make_bank()
    response = editor.post(reverse(CREATE), posted())
    assert response.json()["step"] == "reshow_creation_form"
    form = response.json()["htmlFragment"]
    assert "Choose a bank, or give the name of a new one." in form
    # The window shows its beginning again, so that is where it says that something is wrong, and where.
    above = form.split("<form")[0]
    assert "The question is not kept yet." in above and "<li>Bank</li>" in above
    assert not Question.objects.exists()


def test_the_bank_is_marked_as_needed_and_a_second_language_as_optional(writer):
    editor = writer("add_question", "add_questionbank", "view_question")
    make_bank()
    html = editor.get(reverse("lms_question_chooser:choose")).json()["html"]
    # The first one is that of the search.
    label = html.split('for="id_bank"')[-1].split("</label>")[0]
    assert "w-required-mark" in label
    assert "The question is not kept yet." not in html
    assert "English (optional)" in html and "Bahasa Indonesia (optional)" not in html


def test_who_may_not_make_banks_chooses_one(writer):
    editor = writer("add_question")
    response = editor.post(reverse(CREATE), posted(new_bank="Milik saya"))
    assert response.json()["step"] == "reshow_creation_form"
    assert 'name="new_bank"' not in response.json()["htmlFragment"]
    assert not QuestionBank.objects.exists()


def test_a_question_that_lacks_something_is_shown_again_with_what_was_written(writer):
    editor = writer("add_question")
    bank = make_bank()
    response = editor.post(reverse(CREATE), posted(stem="", bank=str(bank.pk)))
    assert response.json()["step"] == "reshow_creation_form"
    assert "Write this in one language at least." in response.json()["htmlFragment"]
    assert not Question.objects.exists()


def test_no_content_at_all_is_no_error_of_ours(writer):
    editor = writer("add_question")
    response = editor.post(reverse(CREATE), {"body-count": "0", "points": "1", "difficulty": "2"})
    assert response.json()["step"] == "reshow_creation_form"


def test_the_window_begins_with_the_bank_of_ones_own_last_question_and_nobody_elses(writer):
    editor = writer("add_question", "view_question")
    mine, others = make_bank("Milik saya"), make_bank("Milik orang lain")
    chosen(editor.post(reverse(CREATE), posted(bank=str(mine.pk))))
    Question.objects.create(bank=others, body=[("true_false", {"stem": words("Lain?"), "answer": "true"})])

    def first_bank():
        page = editor.get(reverse("lms_question_chooser:choose")).json()["html"]
        form = page[page.index("data-chooser-modal-creation-form") :]
        options = form[form.index('<select name="bank"') :].split("</select>")[0]
        return [bank for bank in (mine, others) if f'<option value="{bank.pk}" selected>' in options]

    assert first_bank() == [mine]
    ModelLogEntry.objects.all().delete()
    assert first_bank() == []


def test_who_may_not_write_questions_only_chooses(writer):
    editor = writer("view_question")
    assert "Write a new one" not in editor.get(reverse("lms_question_chooser:choose")).json()["html"]
    assert editor.post(reverse(CREATE), posted(bank=str(make_bank().pk))).status_code in (302, 403)
    assert not Question.objects.exists()
