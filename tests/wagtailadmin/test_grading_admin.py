"""Grading and figures in the admin: whose quizzes, what may be done, and what it says."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import nested_form_data, streamfield
from wagtail.users.models import UserProfile

from lms.assessment import services
from lms.assessment.models import Answer, Quiz, TaskGrade
from lms.pages.models import CoursePage, QuizPage
from lms.progress import queries as records
from tests.assessment.quizzing import bodies, make_question, right_response
from tests.seating import make_learner

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_quiz_page(home, django_capture_on_commit_callbacks):
    """Publish a quiz below a course of its own."""

    def make(title, questions, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            course = Page.objects.get(pk=home.pk).add_child(instance=CoursePage(title=f"Kursus {title}"))
            page = course.add_child(
                instance=QuizPage(title=title, questions=[("question", one) for one in questions], **fields)
            )
            page.save_revision().publish()
        quiz = Quiz.objects.get(activity__translation_key=page.translation_key)
        quiz.course_page = course
        return quiz

    return make


def sit(quiz, *, good=True, name="Siti Aminah", file=False):
    """Somebody answers everything and hands in."""
    learner = make_learner(name)
    attempt = services.start_attempt(learner_id=learner.pk, activity_id=quiz.activity_id, language="id")
    for asked in attempt.paper["questions"]:
        if asked["kind"] == "single" and not good:
            response = "cek"
        else:
            response = right_response(asked["kind"], asked)
        services.save_answer(attempt_id=attempt.pk, question_key=asked["key"], response=response)
        if file and asked["kind"] == "written_task":
            services.hand_in_file(
                attempt_id=attempt.pk,
                question_key=asked["key"],
                upload=SimpleUploadedFile("keripik (1).txt", b"Keripik"),
            )
    return services.submit(attempt_id=attempt.pk)


@pytest.fixture
def quiz(make_quiz_page):
    return make_quiz_page("Kuis QRIS", [make_question("written_task"), make_question("single")], pass_mark=50)


def staff(quiz, *actions, name="koordinator"):
    """Sign in somebody who has these permissions on the quiz's course."""
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for action in actions:
        GroupPagePermission.objects.create(
            group=group,
            page=Page.objects.get(pk=quiz.course_page.pk),
            permission=Permission.objects.get(codename=f"{action}_page"),
        )
    user = get_user_model().objects.create_user(
        name, first_name="Ibu", last_name="Penilai", password="rahasia"
    )
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def grade_address(quiz, attempt):
    question = Answer.objects.get(attempt=attempt, question__kind="written_task").question
    return reverse("lms_grade", args=[quiz.activity.key, attempt.public_id, question.key])


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


# ── whose ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_everybody_sees_the_quizzes_of_their_own_pages_only(quiz, make_quiz_page):
    other = make_quiz_page("Kuis lain", [make_question("written_task")])
    sit(quiz, name="Siti dari sini")
    attempt = sit(other, name="Budi dari sana", file=True)
    client = staff(quiz, "change", "publish")
    assert "Kuis QRIS" in text(client.get(reverse("lms_quizzes")))
    assert "Kuis lain" not in text(client.get(reverse("lms_quizzes")))
    queue = text(client.get(reverse("lms_grading_all")))
    assert "Siti dari sini" in queue and "Budi dari sana" not in queue
    file = Answer.objects.get(attempt=attempt).files.get()
    for address in (
        reverse("lms_quiz_analysis", args=[other.activity.key]),
        reverse("lms_grading", args=[other.activity.key]),
        grade_address(other, attempt),
        reverse("lms_task_file", args=[other.activity.key, file.public_id]),
        # a child through another parent
        reverse("lms_task_file", args=[quiz.activity.key, file.public_id]),
        grade_address(other, attempt).replace(str(other.activity.key), str(quiz.activity.key)),
    ):
        assert client.get(address).status_code == 404, address
    assert client.post(grade_address(other, attempt), {}).status_code == 404


def test_who_may_change_but_not_publish_looks_and_does_not_grade(quiz):
    attempt = sit(quiz)
    client = staff(quiz, "change")
    page = client.get(grade_address(quiz, attempt))
    assert page.status_code == 200 and "Saya menulis." in text(page)
    assert "needs the permission to publish" in text(page) and "points-isi" not in text(page)
    assert (
        client.post(grade_address(quiz, attempt), {"points-isi": "1", "points-bahasa": "1"}).status_code
        == 302
    )
    assert not TaskGrade.objects.exists()


# ── grading ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_grading_leads_from_one_to_the_next_and_then_back(quiz):
    first, second = sit(quiz, name="Siti"), sit(quiz, name="Budi")
    client = staff(quiz, "change", "publish")
    queue = text(client.get(reverse("lms_grading", args=[quiz.activity.key])))
    assert queue.index("Siti") < queue.index("Budi")
    response = client.post(
        grade_address(quiz, first),
        {"points-isi": "5.5", "points-bahasa": "4", "comment": "Bagus.", "next": "1"},
    )
    assert response.status_code == 302 and response.url == grade_address(quiz, second)
    first.refresh_from_db()
    assert (first.state, first.passed, str(first.points)) == ("graded", True, "10.50")
    grade = TaskGrade.objects.get()
    assert (grade.graded_by, grade.comment) == (client.user, "Bagus.")
    assert records.history(learner_id=first.learner_id).get().verb == "passed"
    response = client.post(
        grade_address(quiz, second), {"points-isi": "0", "points-bahasa": "0", "next": "1"}, follow=True
    )
    assert response.redirect_chain[-1][0] == reverse("lms_grading_all")
    assert "Nothing else waits in this quiz." in text(response)
    assert "Nothing waits to be graded." in text(response)


def test_a_grade_is_shown_with_who_gave_it_and_can_be_changed(quiz):
    attempt = sit(quiz)
    client = staff(quiz, "change", "publish")
    client.post(grade_address(quiz, attempt), {"points-isi": "6", "points-bahasa": "4", "comment": "Bagus."})
    page = text(client.get(grade_address(quiz, attempt)))
    assert "Ibu Penilai gave 10.00 points." in page and 'value="6"' in page and "Bagus." in page
    response = client.post(grade_address(quiz, attempt), {"points-isi": "0", "points-bahasa": "1"})
    assert response.url == reverse("lms_grading", args=[quiz.activity.key])
    attempt.refresh_from_db()
    assert str(attempt.points) == "2.00"


@pytest.mark.parametrize(
    ("isi", "bahasa", "said"),
    [
        ("6.5", "1", "less than or equal to 6"),
        ("-1", "1", "greater than or equal to 0"),
        ("", "1", "This field is required"),
        ("banyak", "1", "Enter a number"),
        ("1", "4.001", "no more than 2 decimal places"),
    ],
)
def test_points_that_cannot_be_are_refused_at_their_field(quiz, isi, bahasa, said):
    attempt = sit(quiz)
    client = staff(quiz, "change", "publish")
    response = client.post(grade_address(quiz, attempt), {"points-isi": isi, "points-bahasa": bahasa})
    assert response.status_code == 200 and said in text(response)
    assert not TaskGrade.objects.exists()


def test_the_form_says_what_the_points_come_to_and_what_passes(quiz):
    attempt = sit(quiz)
    client = staff(quiz, "change", "publish")

    def said(response):
        box = re.search(r"data-lms-sum.*?</div>", text(response))[0]
        shown = re.sub(r"<strong data-lms-\w+ hidden>.*?</strong>", "", box)
        return " ".join(re.sub(r"<[^>]+>", " ", shown).split())

    page = client.get(grade_address(quiz, attempt))
    assert "This task: 0 of 10 points." in said(page)
    assert "The whole attempt: 1 of 11 points. 5.5 (50%) are needed to pass. That does not pass." in said(
        page
    )
    refused = client.post(grade_address(quiz, attempt), {"points-isi": "4.5", "points-bahasa": "9"})
    assert "This task: 4.5 of 10 points." in said(refused)
    assert "The whole attempt: 5.5 of 11 points." in said(refused) and "That passes." in said(refused)
    client.post(grade_address(quiz, attempt), {"points-isi": "6", "points-bahasa": "4"})
    assert "This task: 10 of 10 points." in said(client.get(grade_address(quiz, attempt)))


def test_other_tasks_that_wait_are_told(make_quiz_page):
    quiz = make_quiz_page("Dua", [make_question("written_task"), make_question("written_task")])
    attempt = sit(quiz)
    client = staff(quiz, "change", "publish")
    answer = Answer.objects.filter(attempt=attempt).order_by("pk").first()
    address = reverse("lms_grade", args=[quiz.activity.key, attempt.public_id, answer.question.key])
    assert "1 other task of this attempt waits to be graded" in text(client.get(address))


def test_a_question_that_is_no_task_cannot_be_graded(quiz):
    attempt = sit(quiz)
    single = Answer.objects.get(attempt=attempt, question__kind="single").question
    client = staff(quiz, "change", "publish")
    address = reverse("lms_grade", args=[quiz.activity.key, attempt.public_id, single.key])
    assert client.get(address).status_code == 404


def test_a_file_is_a_download_that_nobody_keeps(quiz):
    attempt = sit(quiz, file=True)
    client = staff(quiz, "change")
    assert "keripik (1).txt" in text(client.get(grade_address(quiz, attempt)))
    file = Answer.objects.get(attempt=attempt, question__kind="written_task").files.get()
    response = client.get(reverse("lms_task_file", args=[quiz.activity.key, file.public_id]))
    assert b"".join(response.streaming_content) == b"Keripik"
    assert response["Content-Disposition"] == 'attachment; filename="keripik (1).txt"'
    assert response["X-Content-Type-Options"] == "nosniff" and "no-store" in response["Cache-Control"]


def test_what_learners_type_is_text_and_no_markup(quiz):
    learner = make_learner("<b>Nama</b>")
    attempt = services.start_attempt(learner_id=learner.pk, activity_id=quiz.activity_id, language="id")
    key = attempt.paper["questions"][0]["key"]
    services.save_answer(attempt_id=attempt.pk, question_key=key, response="<script>alert(1)</script>")
    services.submit(attempt_id=attempt.pk)
    client = staff(quiz, "change", "publish")
    for address in (grade_address(quiz, attempt), reverse("lms_grading_all")):
        page = text(client.get(address))
        assert "<script>alert(1)" not in page and "<b>Nama</b>" not in page


def test_the_levels_of_a_criterion_stand_on_lines_and_are_no_markup(make_quiz_page):
    value = bodies()["written_task"]
    value["rubric"][0]["value"]["text"] = {"id": "4: Ya <img src=x onerror=alert(1)>; 0: Tidak", "en": ""}
    quiz = make_quiz_page("Kuis Nota", [make_question("written_task", value=value)])
    page = staff(quiz, "change", "publish").get(grade_address(quiz, sit(quiz))).content.decode()
    assert "4: Ya &lt;img src=x onerror=alert(1)&gt;<br>0: Tidak<br>0" in page and "<img src=x" not in page


# ── lists and figures ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_menu_and_the_list_say_how_many_wait(quiz):
    sit(quiz)
    sit(quiz)
    client = staff(quiz, "change", "publish")
    assert "Quizzes (2)" in text(client.get(reverse("wagtailadmin_home")))
    page = text(client.get(reverse("lms_quizzes")))
    # Nobody has failed while nobody is graded.
    assert "2 attempts" in page and "2 wait to be graded" in page and "0 of" not in page


def test_figures_are_shown_from_twenty_people_on_and_bars_are_numbers_in_every_language(make_quiz_page):
    quiz = make_quiz_page("Kuis", [make_question("single"), make_question("true_false")], pass_mark=50)
    client = staff(quiz, "change")
    address = reverse("lms_quiz_analysis", args=[quiz.activity.key])
    assert "Nobody has finished this quiz yet." in text(client.get(address))
    for number in range(19):
        sit(quiz, good=number % 3 > 0)
    assert "Discrimination" not in text(client.get(address)).split("<h2")[1]
    sit(quiz, good=True)
    page = text(client.get(address))
    assert "20 of 20 people passed at the first attempt" in page
    assert "13 (65%)" in page and 'width="65.0"' in page and "7 (35%)" in page
    UserProfile.objects.update_or_create(user=client.user, defaults={"preferred_language": "id"})
    assert 'width="65.0"' in text(client.get(address))


def test_screens_cost_the_same_for_few_and_many(quiz):
    client = staff(quiz, "change", "publish")
    addresses = [
        reverse("lms_quizzes"),
        reverse("lms_grading_all"),
        reverse("lms_quiz_analysis", args=[quiz.activity.key]),
    ]
    counts = []
    for many in (2, 10):
        for number in range(many):
            sit(quiz, name=f"Peserta {number}")
        for address in addresses:
            client.get(address)
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]


def test_a_quiz_of_all_kinds_is_shown(make_quiz_page):
    quiz = make_quiz_page("Semua", [make_question(kind) for kind in bodies()])
    attempt = sit(quiz)
    client = staff(quiz, "change", "publish")
    client.post(grade_address(quiz, attempt), {"points-isi": "6", "points-bahasa": "4"})
    page = client.get(reverse("lms_quiz_analysis", args=[quiz.activity.key]))
    assert page.status_code == 200 and text(page).count("1 person was asked") == 8


# ── the page of a quiz ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_leads_to_how_the_quiz_went(quiz):
    client = staff(quiz, "change")
    page = QuizPage.objects.get()
    address = reverse("lms_quiz_of_page", args=[page.pk])
    assert address in text(client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
    assert client.get(address).url == reverse("lms_quiz_analysis", args=[quiz.activity.key])
    draft = quiz.course_page.add_child(instance=QuizPage(title="Konsep", live=False))
    response = client.get(reverse("lms_quiz_of_page", args=[draft.pk]), follow=True)
    assert "was not published yet" in text(response)
    assert client.get(reverse("lms_quiz_of_page", args=[quiz.course_page.pk])).status_code == 302


def test_a_draw_that_asks_for_too_much_is_refused_in_the_form_with_what_there_is(quiz):
    bank = make_question("single", difficulty=3).bank
    make_question("single", difficulty=3, archived=True)
    page = QuizPage.objects.get()
    form_class = page.get_edit_handler().get_form_class()
    client = staff(quiz, "change", "publish", "add")

    def errors(difficulty, how_many):
        posted = nested_form_data(
            {
                "title": "Kuis",
                "slug": page.slug,
                "body": streamfield([]),
                "questions": streamfield(
                    [("draw", {"bank": str(bank.pk), "difficulty": difficulty, "how_many": how_many})]
                ),
            }
        )
        form = form_class(posted, instance=page, for_user=client.user)
        form.full_clean()
        return str(form.errors.get("questions", ""))

    assert "offers 1 question for this draw, and 2 are asked for" in errors("3", "2")
    assert errors("3", "1") == ""
    assert "and 99 are asked for" in errors("", "99")
