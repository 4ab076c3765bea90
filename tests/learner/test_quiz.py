"""Quizzes under the personal link: rules, questions of all kinds, saving, handing in, results; with and without a script."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lms.assessment import services
from lms.assessment.models import Answer, AnswerFile, Attempt, Kind
from lms.core import clock
from lms.people.queries import personal_token
from lms.progress import queries as progress
from lms.progress.services import enrol
from tests.assessment.quizzing import make_question, make_quiz, right_response
from tests.seating import make_learner
from tests.threads import at_once

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2027, 3, 2, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def siti():
    return make_learner(
        "Siti Aminah", "siti@contoh.example", language="en", zone="Asia/Makassar", verified=True
    )


@pytest.fixture
def later(monkeypatch):
    """A clock that a test moves."""
    at = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: at["now"])

    def move(**by):
        at["now"] += dt.timedelta(**by)

    return move


def quiz_for(learner, kinds=("single", "true_false"), **fields):
    quiz = make_quiz([make_question(kind) for kind in kinds], course=True, **fields)
    enrol(learner_ids=[learner.pk], activity_id=quiz.course_id_for_tests)
    return quiz


def address(learner, name, *arguments):
    return reverse(f"lms_public:{name}", args=[personal_token(learner), *arguments])


def intro(learner, quiz):
    return address(learner, "person_quiz", quiz.activity.key)


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def start(client, learner, quiz):
    answer = client.post(intro(learner, quiz))
    assert answer.status_code == 302, text(answer)
    return answer["Location"], Attempt.objects.latest("pk")


def right_fields(attempt, but=()):
    """What a browser without a script posts when everything is answered right, apart from some kinds."""
    fields = {}
    for asked in attempt.paper["questions"]:
        name = f"q-{asked['key']}"
        fields[f"r-{asked['key']}"] = "0"
        if asked["kind"] in but:
            continue
        given = right_response(asked["kind"], asked)
        if asked["kind"] == "matching":
            fields |= {f"{name}-{left}": right for left, right in given.items()}
        elif asked["kind"] == "ordering":
            fields |= {f"{name}-{step}": str(place + 1) for place, step in enumerate(given)}
        else:
            fields[name] = given
    return fields


def autosave(client, learner, attempt, question, response, **more):
    path = address(learner, "person_answers", attempt.public_id)
    body = {"question": question, "response": response} | more
    return client.post(path, json.dumps(body), content_type="application/json")


# ── before it ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_rules_stand_in_words_before_it_begins(client, siti, later):
    quiz = quiz_for(siti, time_limit_minutes=20, attempts_allowed=2, cooling_minutes=1440)
    words = text(client.get(intro(siti, quiz)))
    for sentence in (
        "2 questions.",
        "You pass with 70% of the points.",
        "You have 20 minutes from the start.",
        "2 of 2 attempts are left.",
        "Between two attempts at least 1 day pass.",
        "Your best attempt counts.",
        "After handing in you see which answers were right.",
        "Begin",
    ):
        assert sentence in words
    assert not Attempt.objects.exists(), "looking starts nothing"


def test_cooling_time_and_attempts_left_are_said(client, siti, later):
    quiz = quiz_for(siti, attempts_allowed=2, cooling_minutes=60)
    path, _ = start(client, siti, quiz)
    client.post(path, {"do": "submit", "sure": "1"})
    words = text(client.get(intro(siti, quiz)))
    assert "1 of 2 attempts are left." in words
    assert "Your next attempt may begin from Tuesday, 2 March 2027, 19:00 WITA." in words
    assert client.post(intro(siti, quiz)).status_code == 409 and Attempt.objects.count() == 1
    later(minutes=60)
    path, _ = start(client, siti, quiz)
    client.post(path, {"do": "submit", "sure": "1"})
    later(minutes=60)
    words = text(client.get(intro(siti, quiz)))
    assert "You have used all 2 attempts that this quiz allows." in words and "Try again" not in words


def test_starting_twice_goes_on_with_the_same_attempt(client, siti, later):
    quiz = quiz_for(siti)
    one, _ = start(client, siti, quiz)
    other, _ = start(client, siti, quiz)
    assert one == other and Attempt.objects.count() == 1
    assert "Go on with your attempt" in text(client.get(intro(siti, quiz)))


# ── the questions ────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_kind_works_as_one_form_without_a_script(client, siti, later):
    quiz = quiz_for(siti, kinds=[kind for kind in Kind.values if kind != "written_task"])
    path, attempt = start(client, siti, quiz)
    page = client.get(path)
    body = page.content.decode()
    for asked in attempt.paper["questions"]:
        assert f'name="r-{asked["key"]}" value="0"' in body and f"q-{asked['key']}" in body
    answer = client.post(path, right_fields(attempt) | {"do": "submit"})
    assert answer.status_code == 302 and answer["Location"] == path
    result = client.get(path)
    assert "Passed. Well done!" in text(result) and "7 of 7 points (100%)" in text(result)
    assert progress.is_completed(learner_id=siti.pk, activity_id=quiz.course_id_for_tests, run=1)


def test_nothing_of_what_is_right_stands_in_the_questions(client, siti, later):
    quiz = quiz_for(siti, kinds=Kind.values)
    path, attempt = start(client, siti, quiz)
    body = client.get(path).content.decode()
    assert "Because." not in body and "Itu transfer" not in body and "pelanggan" not in body
    assert "1500000" not in body


def test_what_is_saved_is_filled_in_again(client, siti, later):
    quiz = quiz_for(siti, kinds=Kind.values)
    path, attempt = start(client, siti, quiz)
    saved = client.post(path, right_fields(attempt) | {"do": "save"})
    assert saved["Location"] == f"{path}?saved=1"
    page = client.get(saved["Location"])
    body = page.content.decode()
    assert "Your answers are saved." in text(page)
    assert body.count(" checked") == 1 + 2 + 1 and body.count(" selected") == 2 + 4
    assert 'value="Rp 1.500.000"' in body and "Saya menulis." in body
    assert Attempt.objects.get().state == "open"
    for answer in Answer.objects.all():
        assert answer.revision == 1


def test_unanswered_questions_are_asked_about_before_handing_in(client, siti, later):
    quiz = quiz_for(siti)
    path, attempt = start(client, siti, quiz)
    answer = client.post(path, right_fields(attempt, but=["true_false"]) | {"do": "submit"})
    assert answer["Location"] == f"{path}?check=1", "an address of its own: the way back is a way"
    page = client.get(answer["Location"])
    assert "One question is not answered yet." in text(page) and Attempt.objects.get().state == "open"
    client.post(path, {"do": "submit", "sure": "1"})
    result = text(client.get(path))
    assert "Not passed this time" in result and "1 of 2 points (50%)" in result and "Not answered" in result


def test_what_cannot_be_an_answer_is_said_at_the_question_and_the_rest_is_saved(client, siti, later):
    quiz = quiz_for(siti, kinds=["single", "ordering", "short_text"])
    path, attempt = start(client, siti, quiz)
    fields = right_fields(attempt)
    ordering = next(each for each in attempt.paper["questions"] if each["kind"] == "ordering")
    for step in ordering["options"]:
        fields[f"q-{ordering['key']}-{step['id']}"] = "2"
    page = client.post(path, fields | {"do": "submit"})
    assert page.status_code == 409 and Attempt.objects.get().state == "open"
    assert "Not everything could be saved" in text(page)
    assert page.content.decode().count('<option value="2" selected>') == 4, (
        "what was chosen still stands there"
    )
    assert Answer.objects.exclude(saved_at=None).count() == 2


def test_a_double_submit_is_one_submit(client, siti, later):
    quiz = quiz_for(siti)
    path, attempt = start(client, siti, quiz)
    fields = right_fields(attempt) | {"do": "submit"}
    first, second = client.post(path, fields), client.post(path, fields)
    assert first.status_code == 302 and "Passed" in text(second)
    assert progress.history(learner_id=siti.pk, activity_ids=[quiz.activity_id]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_submits_at_once_are_one():
    siti = make_learner("Siti", language="en")
    quiz = quiz_for(siti)
    path, attempt = start(Client(), siti, quiz)
    fields = right_fields(attempt) | {"do": "submit"}
    results, errors = at_once([lambda: Client().post(path, fields).status_code] * 10)
    assert errors == [] and set(results) <= {200, 302}
    assert progress.history(learner_id=siti.pk, activity_ids=[quiz.activity_id]).count() == 1


def test_going_back_after_handing_in_shows_the_result(client, siti, later):
    quiz = quiz_for(siti)
    path, attempt = start(client, siti, quiz)
    client.post(path, right_fields(attempt) | {"do": "submit"})
    wrong = {each: value for each, value in right_fields(attempt).items() if each.startswith("r-")}
    assert "Passed. Well done!" in text(client.post(path, wrong | {"do": "save"}))
    assert Answer.objects.filter(points=1).count() == 2, "what was handed in stays"


# ── one by one, by a script ──────────────────────────────────────────────────────────────────────────────────────


def test_each_answer_is_saved_as_it_is_given(client, siti, later):
    quiz = quiz_for(siti, kinds=Kind.values)
    _, attempt = start(client, siti, quiz)
    for asked in attempt.paper["questions"]:
        given = right_response(asked["kind"], asked)
        said = autosave(client, siti, attempt, asked["key"], given, revision=0)
        assert said.status_code == 200
        assert said.json() == {"revision": 1, "stale": False, "seconds_left": None}
        again = autosave(client, siti, attempt, asked["key"], given, revision=0)
        assert again.json()["revision"] == 1 and not again.json()["stale"], (
            "sent again, for the answer was lost"
        )
    assert Answer.objects.filter(revision=1).count() == len(Kind.values)


def test_a_second_tab_is_told_that_it_replaced_something(client, siti, later):
    quiz = quiz_for(siti)
    _, attempt = start(client, siti, quiz)
    asked = attempt.paper["questions"][0]
    one, other = (each["id"] for each in asked["options"][:2])
    autosave(client, siti, attempt, asked["key"], one, revision=0)
    said = autosave(client, siti, attempt, asked["key"], other, revision=0).json()
    assert said["stale"] and said["revision"] == 2
    assert Answer.objects.get(question=asked["question"]).response == other


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("", "shape"),
        ("[]", "shape"),
        ("{", "shape"),
        (b"\xff", "shape"),
        ('{"question": "nobody", "response": ""}', "question"),
        ('{"question": ["x"], "response": ""}', "question"),
        ('{"question": %s, "response": "cek mate"}', "option"),
        ('{"question": %s, "response": {"a": 1}}', "shape"),
        ('{"question": %s, "response": [[[]]], "revision": true}', "shape"),
        ('{"question": %s, "response": 1e999}', "shape"),
    ],
)
def test_nonsense_is_refused_in_words(client, siti, later, sent, code):
    quiz = quiz_for(siti, kinds=["single"])
    _, attempt = start(client, siti, quiz)
    if isinstance(sent, str):
        sent = sent.replace("%s", json.dumps(attempt.paper["questions"][0]["key"]))
    path = address(siti, "person_answers", attempt.public_id)
    said = client.post(path, sent, content_type="application/json")
    assert said.status_code == 400 and said.json()["code"] == code and said.json()["error"]
    assert not Answer.objects.exclude(saved_at=None).exists()


def test_the_time_is_the_servers(client, siti, later):
    quiz = quiz_for(siti, time_limit_minutes=10)
    path, attempt = start(client, siti, quiz)
    key = attempt.paper["questions"][0]["key"]
    page = client.get(path)
    assert 'data-seconds-left="600"' in page.content.decode() and "Until 18:10 WITA." in text(page)
    later(minutes=4)
    assert autosave(client, siti, attempt, key, "qris").json()["seconds_left"] == 360
    assert client.post(
        address(siti, "person_answers", attempt.public_id), "{}", content_type="application/json"
    ).json() == {"seconds_left": 360}, "a page that was asleep asks what time it is"
    later(minutes=7)
    said = autosave(client, siti, attempt, key, "cek")
    assert (
        said.status_code == 409
        and said.json()["code"] == "time-is-up"
        and "Time is up" in said.json()["error"]
    )
    result = text(client.get(path))
    assert "Time was up. What you had saved was handed in for you." in result
    assert Answer.objects.get(question__key=key).response == "qris"


def test_opening_it_after_its_time_shows_what_was_handed_in(client, siti, later):
    quiz = quiz_for(siti, time_limit_minutes=10)
    path, attempt = start(client, siti, quiz)
    client.post(path, right_fields(attempt) | {"do": "save"})
    later(hours=2)
    result = text(client.get(path))
    assert "Passed. Well done!" in result and "Time was up." in result
    assert Attempt.objects.get().submitted_at == NOW + dt.timedelta(minutes=10)


def test_an_attempt_of_somebody_else_is_not_there(client, siti, later):
    quiz = quiz_for(siti)
    _, attempt = start(client, siti, quiz)
    other = make_learner("Budi", language="en")
    enrol(learner_ids=[other.pk], activity_id=quiz.course_id_for_tests)
    assert client.get(address(other, "person_attempt", attempt.public_id)).status_code == 404
    assert (
        client.post(address(other, "person_attempt", attempt.public_id), {"do": "submit"}).status_code == 404
    )
    assert autosave(client, other, attempt, attempt.paper["questions"][0]["key"], "qris").status_code == 404
    assert Attempt.objects.get().state == "open"


# ── results ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_result_says_what_was_right_and_why(client, siti, later):
    quiz = quiz_for(siti, kinds=["single", "number", "matching", "ordering", "short_text"])
    path, attempt = start(client, siti, quiz)
    fields = {each: value for each, value in right_fields(attempt).items() if each.startswith("r-")}
    for asked in attempt.paper["questions"]:
        name = f"q-{asked['key']}"
        if asked["kind"] == "single":
            fields[name] = "bifast"
        elif asked["kind"] == "matching":
            targets = [each["id"] for each in asked["targets"]]
            wrong = {
                left: next(to for to in targets if to != right)
                for left, right in asked["right"]["pairs"].items()
            }
            fields |= {f"{name}-{left}": to for left, to in wrong.items()}
        elif asked["kind"] == "ordering":
            order = asked["right"]["order"][::-1]
            fields |= {f"{name}-{step}": str(place + 1) for place, step in enumerate(order)}
        else:
            fields[name] = "12"
    client.post(path, fields | {"do": "submit"})
    words = text(client.get(path))
    for sentence in (
        "0 of 5 points (0%)",
        "Itu transfer. (en)",
        "Because.",
        "Right: Rp 1,500,000",
        "Read as 12",
        "Right: pelanggan",
        "In the right order:",
        "Right: QRIS (en) → picture code",
    ):
        assert sentence in words, sentence


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("never", "This quiz shows the result, not the single answers."),
        ("passed", "When you have passed you see which answers were right."),
    ],
)
def test_the_review_keeps_to_the_rule(client, siti, later, rule, sentence):
    quiz = quiz_for(siti, show_results=rule)
    path, attempt = start(client, siti, quiz)
    client.post(path, {"do": "submit", "sure": "1"})
    words = text(client.get(path))
    assert sentence in words and "Because." not in words and "Question 1" not in words
    path, attempt = start(client, siti, quiz)
    client.post(path, right_fields(attempt) | {"do": "submit"})
    assert ("Because." in text(client.get(path))) == (rule == "passed")


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────

PDF = b"%PDF-1.4 contoh"


def upload(name="rencana.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def test_files_of_a_task_are_handed_in_given_back_and_private(client, siti, later):
    quiz = quiz_for(siti, kinds=["written_task"])
    path, attempt = start(client, siti, quiz)
    key = attempt.paper["questions"][0]["key"]
    sent = {f"r-{key}": "0", f"q-{key}": "Rencana saya.", f"f-{key}": [upload()], "do": "save"}
    assert client.post(path, sent).status_code == 302
    file = AnswerFile.objects.get()
    page = client.get(path)
    assert "Assignment" in text(page) and "Task 1 of 1" in text(page) and "Question 1" not in text(page)
    before = text(client.get(intro(siti, quiz)))
    assert "Rules of this assignment" in before and "1 task." in before
    assert "rencana.pdf" in text(page) and "up to 6 points" in text(page)
    given = client.get(address(siti, "person_answer_file", attempt.public_id, file.public_id))
    assert b"".join(given) == PDF and given["Content-Disposition"].startswith("attachment")
    assert given["Cache-Control"] == "private, no-store"
    other = make_learner("Budi", language="en")
    enrol(learner_ids=[other.pk], activity_id=quiz.course_id_for_tests)
    assert (
        client.get(address(other, "person_answer_file", attempt.public_id, file.public_id)).status_code == 404
    )
    client.post(path, {"do": f"remove:{file.public_id}"})
    assert not AnswerFile.objects.exists() and Answer.objects.get().response == "Rencana saya."
    client.post(path, sent | {f"f-{key}": [upload(content=PDF + b" 2")], f"r-{key}": "1", "do": "submit"})
    words = text(client.get(path))
    assert "Handed in on Tuesday, 2 March 2027, 18:00 WITA" in words
    assert "we send you an e-mail when it is graded" in words
    assert "still being graded" in text(client.get(intro(siti, quiz)))


def test_a_file_that_is_refused_is_said_at_the_question(client, siti, later):
    quiz = quiz_for(siti, kinds=["written_task"])
    path, attempt = start(client, siti, quiz)
    key = attempt.paper["questions"][0]["key"]
    sent = {f"r-{key}": "0", f"q-{key}": "Kata-kata.", f"f-{key}": [upload("virus.exe")], "do": "submit"}
    page = client.post(path, sent)
    assert page.status_code == 409 and "Files of this kind are not accepted." in text(page)
    assert "Kata-kata." in page.content.decode() and Answer.objects.get().response == "Kata-kata."
    assert Attempt.objects.get().state == "open"


def test_a_graded_task_shows_points_and_words(client, siti, later):
    quiz = quiz_for(siti, kinds=["written_task"])
    path, attempt = start(client, siti, quiz)
    client.post(path, right_fields(attempt) | {"do": "submit"})
    services.grade_task(
        answer_id=Answer.objects.get().pk,
        points={"isi": Decimal(5), "bahasa": Decimal("3.5")},
        comment="Bagus, tambahkan contoh.",
    )
    words = text(client.get(path))
    assert "8.5 of 10 points (85%)" in words and "Content : 5 of 6 points" in words.replace(
        "Content:", "Content :"
    )
    assert "Bagus, tambahkan contoh." in words


# ── cost ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_questions_cost_the_same_for_two_and_for_fifty(
    client, siti, later, django_assert_max_num_queries
):
    for count in (2, 50):
        quiz = quiz_for(siti, kinds=["single"] * count)
        path, attempt = start(client, siti, quiz)
        client.get(path)
        with django_assert_max_num_queries(20):
            assert client.get(path).status_code == 200
        with django_assert_max_num_queries(20):
            autosave(client, siti, attempt, attempt.paper["questions"][0]["key"], "qris")
        client.post(path, {"do": "submit", "sure": "1"})
        with django_assert_max_num_queries(25):
            assert client.get(path).status_code == 200


def test_only_an_ordering_is_told_its_right_order(client, siti, later):
    quiz = quiz_for(siti, kinds=["multiple"])
    path, _ = start(client, siti, quiz)
    client.post(path, {"do": "submit", "sure": "1"})
    assert "In the right order" not in text(client.get(path))


@pytest.mark.parametrize("public_id", ["x", "%00", "a" * 500, "😀", "..", "attempt%20%27"])
def test_an_address_that_can_be_nothing_is_not_there(client, siti, later, public_id):
    quiz = quiz_for(siti)
    path, _ = start(client, siti, quiz)
    base = path.rsplit("/", 2)[0]
    assert client.get(f"{base}/{public_id}/").status_code == 404
    assert (
        client.post(f"{base}/{public_id}/answers/", "{}", content_type="application/json").status_code == 404
    )
    assert client.get(f"{path}files/{public_id}/").status_code == 404
    assert client.post(path, {"do": f"remove:{public_id}"}).status_code == 302
