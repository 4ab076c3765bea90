"""A learner on a phone finishes a course of three modules with a quiz, with and without JavaScript, in a real browser.

The network goes away in the middle of the quiz, and nothing is lost.
"""

from __future__ import annotations

import io
import re
import wave

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from lms.assessment.models import Answer, Attempt, Quiz
from lms.catalogue.queries import activity_of
from lms.learner.services import mark_lesson
from lms.pages.models import CoursePage, LessonPage, ModulePage, QuizPage
from lms.people.queries import personal_token
from lms.progress import queries as progress
from lms.progress.services import enrol
from tests.assessment.quizzing import make_question, right_response
from tests.browser.conftest import PHONE
from tests.learner.room_world import add, compiled, make_document
from tests.seating import make_learner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KINDS = ("single", "multiple", "true_false", "number", "short_text", "matching", "ordering")


class Life:
    """A course of three modules, a learner in it, and the address of their page."""

    def __init__(self, home, live_server) -> None:
        self.course_page = add(home, CoursePage, "Own shop", sequential=True)
        for module, lessons in (("Preparing", ["Photos", "Prices"]), ("Selling", ["Answering"])):
            page = add(self.course_page, ModulePage, module)
            for lesson in lessons:
                add(page, LessonPage, lesson, body=[("paragraph", f"<p>All about {lesson}.</p>")])
        last = add(self.course_page, ModulePage, "Looking back")
        questions = [("question", make_question(kind)) for kind in KINDS]
        self.quiz_page = add(last, QuizPage, "Test yourself", questions=questions)
        compiled()
        self.course = activity_of(self.course_page)
        self.quiz = activity_of(self.quiz_page)
        self.learner = make_learner("Melati", "melati@contoh.example", language="en", verified=True)
        enrol(learner_ids=[self.learner.pk], activity_id=self.course.pk)
        self.server = live_server.url
        self.token = personal_token(self.learner)

    def address(self, name: str, *arguments) -> str:
        return self.server + reverse(f"lms_public:{name}", args=[self.token, *arguments])

    def open_quiz(self) -> None:
        """Let everything before the quiz be done."""
        for page in LessonPage.objects.order_by("path"):
            mark_lesson(learner=self.learner, key=activity_of(page).key)


@pytest.fixture
def life(home, live_server):
    return Life(home, live_server)


@pytest.fixture
def phone(chromium):
    """Return a function that opens a tab on a phone; no tab may complain in its console."""
    contexts, complaints = [], []

    def make(**options) -> Tab:
        context = chromium.new_context(**(PHONE | {"locale": "en-GB"} | options))
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        return tab

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def looked_at(tab: Tab) -> None:
    """What holds for every screen: nothing beside the screen, nothing that shuts somebody out, targets to hit."""
    assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    found = Axe().run(
        tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert found.violations_count == 0, found.generate_report()


def fill_in(tab: Tab, attempt: Attempt) -> None:
    """Answer everything right, as a person does."""
    for asked in attempt.paper["questions"]:
        place = tab.locator(f"[data-question='{asked['key']}']")
        given = right_response(asked["kind"], asked)
        if asked["kind"] in ("single", "true_false"):
            place.locator(f"input[value='{given}']").check()
        elif asked["kind"] == "multiple":
            for each in given:
                place.locator(f"input[value='{each}']").check()
        elif asked["kind"] == "matching":
            for left, right in given.items():
                place.locator(f"select[data-left='{left}']").select_option(right)
        elif asked["kind"] == "ordering":
            for number, step in enumerate(given):
                place.locator(f"select[data-step='{step}']").select_option(str(number + 1))
        else:
            place.locator("input[type=text]").fill(given)


def begin(tab: Tab, life: Life) -> Attempt:
    tab.goto(life.address("person_quiz", life.quiz.key))
    tab.get_by_role("button", name="Begin").click()
    expect(tab).to_have_url(re.compile("/attempts/"))
    return Attempt.objects.latest("pk")


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_a_course_of_three_modules_is_finished_on_a_phone(life, phone, script):
    tab = phone(java_script_enabled=script)
    look = looked_at if script else (lambda tab: None)
    tab.goto(life.address("person"))
    look(tab)
    tab.get_by_role("link", name="Begin").click()
    for title in ("Photos", "Prices", "Answering"):
        expect(tab.locator("h1")).to_have_text(title)
        expect(tab.locator("main")).to_contain_text(f"All about {title}.")
        look(tab)
        tab.get_by_role("button", name="Mark as done").click()
        expect(tab.locator("main")).to_contain_text("Well done.")
        look(tab)
        tab.locator("a[rel=next]").click()
    expect(tab.locator("h1")).to_have_text("Test yourself")
    look(tab)
    tab.get_by_role("button", name="Begin").click()
    look(tab)
    attempt = Attempt.objects.get()
    tab.get_by_role("button", name="Hand in").click()
    expect(tab.locator("h1")).to_have_text("Hand in as it is?")
    look(tab)
    tab.get_by_role("link", name="Back to the questions").click()
    fill_in(tab, attempt)
    tab.get_by_role("button", name="Hand in").click()
    expect(tab.locator("h1")).to_have_text("Passed. Well done!")
    look(tab)
    tab.goto(life.address("person_course", life.course.key))
    expect(tab.locator("main")).to_contain_text("Completed")
    look(tab)
    assert progress.is_completed(learner_id=life.learner.pk, activity_id=life.course.pk, run=1)


def test_the_network_goes_away_in_the_middle_and_nothing_is_lost(life, phone):
    life.open_quiz()
    tab = phone()
    attempt = begin(tab, life)
    first, *rest = attempt.paper["questions"]
    tab.locator(f"[data-question='{first['key']}'] input[value=qris]").check()
    expect(tab.locator("[data-state]")).to_have_text("Saved.")
    tab.context.set_offline(True)
    fill_in(tab, attempt)
    expect(tab.locator("[data-state]")).to_contain_text("No network.")
    tab.get_by_role("button", name="Hand in").click()
    expect(tab.locator("[data-state]")).to_contain_text("Your answers are kept on this device")
    assert Answer.objects.exclude(saved_at=None).count() == 1 and Attempt.objects.get().state == "open"
    # The battery dies; later the phone is on again, and so is the network.
    tab.close(run_before_unload=False)
    context = tab.context
    context.set_offline(False)
    again = context.new_page()
    again.goto(life.address("person_attempt", attempt.public_id))
    expect(again.locator("[data-state]")).to_have_text("Saved.")
    assert Answer.objects.exclude(saved_at=None).count() == len(KINDS)
    again.get_by_role("button", name="Hand in").click()
    expect(again.locator("h1")).to_have_text("Passed. Well done!")
    assert (
        again.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kelas:quiz')).length") == 0
    )
    assert rest


def test_answers_are_sent_by_themselves_when_the_network_is_back(life, phone):
    life.open_quiz()
    tab = phone()
    attempt = begin(tab, life)
    tab.context.set_offline(True)
    fill_in(tab, attempt)
    expect(tab.locator("[data-state]")).to_contain_text("No network.")
    tab.context.set_offline(False)
    expect(tab.locator("[data-state]")).to_have_text("Saved.", timeout=20_000)
    assert Answer.objects.exclude(saved_at=None).count() == len(KINDS)


def test_two_taps_hand_in_once_and_going_back_shows_the_result(life, phone):
    life.open_quiz()
    tab = phone()
    attempt = begin(tab, life)
    fill_in(tab, attempt)
    expect(tab.locator("[data-state]")).to_have_text("Saved.")
    tab.get_by_role("button", name="Hand in").dblclick()
    expect(tab.locator("h1")).to_have_text("Passed. Well done!")
    assert progress.history(learner_id=life.learner.pk, activity_ids=[life.quiz.pk]).count() == 1
    tab.go_back()
    expect(tab.locator("h1")).to_have_text("Passed. Well done!")


def test_a_second_tab_is_told_what_it_replaced(life, phone):
    life.open_quiz()
    tab = phone()
    attempt = begin(tab, life)
    key = attempt.paper["questions"][0]["key"]
    other = tab.context.new_page()
    other.goto(tab.url)
    tab.locator(f"[data-question='{key}'] input[value=qris]").check()
    expect(tab.locator("[data-state]")).to_have_text("Saved.")
    other.locator(f"[data-question='{key}'] input[value=cek]").check()
    expect(other.locator(f"[data-question='{key}']")).to_contain_text(
        "Another answer had been saved meanwhile"
    )
    tab.locator(f"[data-question='{key}'] input[value=bifast]").check()
    expect(tab.locator(f"[data-question='{key}']")).to_contain_text("Another answer had been saved meanwhile")
    assert Answer.objects.get(question__key=key).response == "bifast"


def test_steps_never_share_a_place(life, phone):
    life.open_quiz()
    tab = phone()
    begin(tab, life)
    places = tab.locator("[data-kind=ordering] select")
    for number in range(4):
        places.nth(number).select_option(str(number + 1))
    places.nth(3).select_option("1")
    assert [each.input_value() for each in places.all()] == ["4", "2", "3", "1"]


def test_a_place_that_is_given_twice_takes_nothing_away_and_is_named(life, phone):
    life.open_quiz()
    tab = phone()
    begin(tab, life)
    question = tab.locator("[data-kind=ordering]")
    places = question.locator("select")
    places.nth(0).select_option("1")
    expect(question).to_contain_text("not saved until each step has a place")
    places.nth(1).select_option("1")
    assert [each.input_value() for each in places.all()] == ["1", "1", "", ""]
    expect(question).to_contain_text("Place 1 is given twice.")
    tab.locator("[data-kind=single] input[type=radio]").first.check()
    expect(tab.locator("[data-state]")).to_have_text("Saved, except for the order that is not complete yet.")
    places.nth(1).select_option("2")
    places.nth(2).select_option("3")
    places.nth(3).select_option("4")
    expect(tab.locator("[data-state]")).to_have_text("Saved.")
    expect(question).not_to_contain_text("not saved")


def test_time_runs_out_and_what_was_saved_is_handed_in(life, phone):
    Quiz.objects.update(time_limit_minutes=1, grace_seconds=600)
    life.open_quiz()
    tab = phone()
    tab.clock.install()
    attempt = begin(tab, life)
    expect(tab.locator("[data-clock]")).to_contain_text("left")
    fill_in(tab, attempt)
    tab.clock.run_for(2_000)
    tab.clock.run_for(60_000)
    expect(tab.locator("h1")).to_have_text("Passed. Well done!", timeout=20_000)


def silence(seconds: int) -> bytes:
    """A sound file that every browser plays."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(3000)
        sound.writeframes(b"\x80" * 3000 * seconds)
    return file.getvalue()


def test_a_recording_counts_by_being_watched(home, live_server, phone):
    document = make_document("Recording", silence(60), "evening.wav")
    course = add(home, CoursePage, "Recordings")
    lesson = add(
        course,
        LessonPage,
        "The evening",
        recording_minutes=1,
        watch_percent=80,
        body=[("audio", {"document": document, "title": "The evening", "minutes": 1, "transcript": ""})],
    )
    compiled()
    learner = make_learner("Melati", language="en", verified=True)
    enrol(learner_ids=[learner.pk], activity_id=activity_of(course).pk)
    tab = phone()
    path = reverse("lms_public:person_lesson", args=[personal_token(learner), activity_of(lesson).key])
    tab.goto(live_server.url + path)
    looked_at(tab)
    words = tab.locator("[data-watch-words]")
    expect(words).to_contain_text("You have watched 0 minutes of 1 minute.")
    tab.locator("h1").click()
    tab.evaluate(
        """() => { const sound = document.querySelector("audio");
                   sound.playbackRate = 16; return sound.play(); }"""
    )
    expect(words).to_contain_text("That is enough", timeout=20_000)
    assert progress.standing(learner_id=learner.pk, activity_id=activity_of(course).pk).completed_at
