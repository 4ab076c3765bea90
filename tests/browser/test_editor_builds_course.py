"""An editor builds a course of three modules in the admin and never leaves it; learners on a phone finish it.

Everything is done as a person does it: links, buttons and fields of the screens, no address is typed after signing in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core import mail
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab
from wagtail.models import GroupPagePermission, Page

from lms.assessment.models import Attempt, Question
from lms.catalogue.queries import activity_of
from lms.pages.models import CoursePage, CurriculumPage
from lms.people.models import Learner
from lms.progress import queries as progress
from tests.browser.conftest import DESKTOP, PHONE, path_of
from tests.browser.test_learning import looked_at
from tests.learner.room_world import add

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COURSE = "A stall that sells online"
MODULES = {
    "Showing": ["Photos by the window", "Words that sell"],
    "Selling": ["Answering quickly"],
    "Looking back": ["What worked"],
}
QUIZ = "Test yourself"
#: A question, its answers, the right one first.
QUESTIONS = {
    "Where is the light best?": ["By a window", "Under a lamp", "In the dark"],
    "When do you answer?": ["Within the hour", "Next week"],
}


@pytest.fixture
def curriculum(home):
    """What stands there already, and somebody who may write below it: no superuser."""
    page = add(home, CurriculumPage, "Digital marketing")
    group = Group.objects.create(name="Writers")
    for action in ("add", "change", "publish"):
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", content_type__model="page", codename=f"{action}_page"
        )
        GroupPagePermission.objects.create(
            group=group, page=Page.objects.get(pk=home.pk), permission=permission
        )
    group.permissions.add(
        *Permission.objects.filter(codename="access_admin"),
        *Permission.objects.filter(
            content_type__app_label="lms", codename__regex=r"^(view|add|change)_question(bank)?$"
        ),
    )
    user = get_user_model().objects.create_user("editor", "editor@contoh.example", "naik-kelas")
    user.groups.add(group)
    return page


@pytest.fixture
def open_tab(chromium):
    """Return a function that opens a tab; nothing may complain in its console."""
    contexts, complaints = [], []

    def make(**options) -> Tab:
        context = chromium.new_context(**options)
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        return tab

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@dataclass
class Editor:
    """An editor at a desk. Each method is something that they do on the screen before them."""

    tab: Tab

    def follow(self, link: Locator) -> None:
        """Go on by a link, once the last screen has settled."""
        expect(link).to_be_visible()
        link.click()
        self.tab.wait_for_load_state()

    def rules(self) -> None:
        self.tab.get_by_role("tab", name="Rules and dates").click()

    def write(self, title: str) -> None:
        """Write a title; leaving the field is what makes the address of the page."""
        self.tab.fill("#id_title", title)
        self.tab.keyboard.press("Tab")
        expect(self.tab.locator("#id_slug")).not_to_have_value("")

    def publish(self) -> None:
        self.tab.locator("footer .w-dropdown__toggle").click()
        self.tab.locator("footer button[name=action-publish]").click()
        expect(self.tab.locator(".messages .success").first).to_be_visible(timeout=30_000)

    def edit(self, title: str) -> None:
        """Edit a page that stands in the list to which publishing led."""
        self.follow(self.tab.locator("main table").get_by_role("link", name=title, exact=True))
        expect(self.tab.locator("#id_title")).to_have_value(title)

    def up_to(self, title: str) -> None:
        """Go to the list of a page further up, by the way that is shown at the top."""
        # Wagtail keeps the way open on the next screens once it was opened, and opens it a moment after they load:
        # a click in that moment closes it.
        toggle = self.tab.get_by_role("button", name="Toggle breadcrumbs")
        link = self.tab.get_by_role("link", name=title, exact=True).first
        for _ in range(10):
            self.tab.wait_for_timeout(300)
            if link.is_visible():
                break
            toggle.click()
        self.follow(link)

    def add_child(self, kind: str, title: str) -> None:
        """Begin a new page below the one whose list is open."""
        self.follow(self.tab.get_by_role("link", name="Add child page").first)
        self.follow(self.tab.get_by_role("link", name=re.compile(f"^{kind}")))
        self.write(title)

    def add_part(self, kind: str, title: str) -> None:
        """Begin a new part from the page that is being edited."""
        self.follow(self.tab.locator(".lms-parts").get_by_role("link", name=kind, exact=True))
        self.write(title)

    def block(self, section: str, label: str) -> Locator:
        """Add a block at the end of a stream; return it."""
        stream = self.tab.locator(f"[id$='-{section}-section']")
        blocks = stream.locator("[data-streamfield-child]")
        before = blocks.count()
        stream.locator("button[title='Insert a block']").last.click()
        self.tab.get_by_role("option", name=label, exact=True).click()
        expect(blocks).to_have_count(before + 1)
        return blocks.nth(before)

    def type(self, place: Locator, words: str) -> None:
        """Write into a rich text; it takes a moment until it reaches the form."""
        box = place.get_by_role("textbox").first
        box.click()
        expect(box).to_be_focused()
        self.tab.keyboard.type(words)
        self.tab.wait_for_function(
            """([place, words]) =>
                 [...place.querySelectorAll("input, textarea")].some((each) => each.value.includes(words))""",
            arg=[place.element_handle(), words],
        )

    def new_question(self, words: str, answers: list[str], bank: str) -> None:
        """Write a question in the window in which questions are chosen."""
        place = self.block("questions", "A question")
        place.get_by_role("button", name="Choose").click()
        window = self.tab.locator(".modal-dialog")
        window.get_by_role("tab", name="Write a new one").click()
        window.locator("button[title='Insert a block']").first.click()
        self.tab.get_by_role("option", name="One right answer", exact=True).click()
        self.type(window.locator("[data-contentpath=en]").first, words)
        options = window.locator("[name^='body-0-value-options-'][name$='-value-text-en']")
        expect(options).to_have_count(2)
        for _ in answers[2:]:
            window.locator("[data-contentpath=options] .c-sf-add-button").last.click()
        expect(options).to_have_count(len(answers))
        for number, answer in enumerate(answers):
            options.nth(number).fill(answer)
        window.locator("[name='body-0-value-options-0-value-right']").check()
        form = window.locator("form[data-chooser-modal-creation-form]")
        if form.locator("[name=bank]").count() == 0:
            form.locator("[name=new_bank]").fill(bank)
        else:
            # The bank of the question before.
            expect(form.locator("[name=bank] option:checked")).to_have_text(bank)
        window.get_by_role("button", name="Keep the question and take it").click()
        expect(window).to_have_count(0)
        expect(place).to_contain_text(words)


def writes_lesson(editor: Editor, title: str) -> None:
    editor.block("body", "Heading").locator("input[type=text]").first.fill("What you do")
    editor.type(editor.block("body", "Text"), f"All about {title.lower()}.")
    editor.publish()


def builds(editor: Editor) -> None:
    """The whole course, from the menu."""
    tab = editor.tab
    tab.get_by_role("button", name="Pages").first.click()
    drawer = tab.locator(".c-page-explorer")
    editor.follow(drawer.locator("a.c-page-explorer__item__link").filter(has_text="Digital marketing"))
    editor.add_child("Course page", COURSE)
    tab.fill("#id_summary", "From a photo to the first order.")
    editor.rules()
    tab.check("#id_sequential")
    editor.publish()
    for module, lessons in MODULES.items():
        editor.edit(COURSE) if module == "Showing" else None
        (editor.add_part if module == "Showing" else editor.add_child)(
            "Module" if module == "Showing" else "Module page", module
        )
        if module == "Showing":
            editor.rules()
            tab.fill("#id_needed", "1")
        editor.publish()
        editor.edit(module)
        expect(tab.locator(".lms-parts")).to_contain_text("Nothing stands here yet.")
        editor.add_part("Lesson", lessons[0])
        writes_lesson(editor, lessons[0])
        for lesson in lessons[1:]:
            editor.add_child("Lesson page", lesson)
            writes_lesson(editor, lesson)
        if module != "Looking back":
            editor.up_to(COURSE)
    editor.add_child("Quiz page", QUIZ)
    for question, answers in QUESTIONS.items():
        editor.new_question(question, answers, "Selling online")
    editor.rules()
    tab.fill("#id_pass_mark", "60")
    editor.publish()


def reads_how_it_is_finished(editor: Editor) -> None:
    tab = editor.tab
    editor.up_to("Digital marketing")
    editor.edit(COURSE)
    expect(tab.locator(".lms-parts li a")).to_have_text(list(MODULES))
    editor.rules()
    words = tab.locator(".lms-finishing")
    expect(words).to_contain_text("a learner finishes like this:")
    expect(words).to_contain_text("Of “Showing”, any one of these 2 is enough:")
    expect(words).to_contain_text("Pass the quiz “Test yourself” with at least 60%.")
    expect(words).to_contain_text("Read “What worked” and mark it as done.")
    expect(words).to_contain_text("Take the parts in this order")


def addresses_in_mail(email: str) -> list[str]:
    """Return the personal addresses of the newest mail; that of the personal page stands last."""
    texts = [message.body for message in mail.outbox if any(email in each for each in message.to)]
    return [path_of(each) for each in re.findall(r"https?://\S+/p/\S+", texts[-1])]


def finishes(
    tab: Tab, server: str, course_url: str, *, name: str, email: str, look: Callable[[Tab], None]
) -> None:
    """A learner enrols on the public page, and does by the personal link what the course asks for."""
    tab.goto(server + course_url)
    look(tab)
    tab.get_by_role("link", name="Take this course for free").click()
    tab.fill("[name=name]", name)
    tab.fill("[name=email]", email)
    for box in tab.locator("form input[type=checkbox][required]").all():
        box.check()
    look(tab)
    tab.get_by_role("button", name="Start for free").click()
    expect(tab.locator("h1")).to_contain_text(name)
    course_room, personal_page = addresses_in_mail(email)
    tab.goto(server + course_room)
    expect(tab.locator("h1")).to_have_text(COURSE)
    look(tab)
    tab.goto(server + personal_page)
    expect(tab.locator("h1")).to_contain_text(name)
    look(tab)
    tab.get_by_role("link", name="Begin").click()
    for module, lessons in MODULES.items():
        # One of the lessons of the first module is enough.
        for lesson in lessons[:1] if module == "Showing" else lessons:
            expect(tab.locator("h1")).to_have_text(lesson)
            expect(tab.locator("main")).to_contain_text(f"All about {lesson.lower()}.")
            look(tab)
            tab.get_by_role("button", name="Mark as done").click()
            expect(tab.locator("main")).to_contain_text("Well done.")
            tab.locator("a[rel=next]").click()
            if module == "Showing":
                expect(tab.locator("h1")).to_have_text(lessons[1])
                tab.locator("a[rel=next]").click()
    expect(tab.locator("h1")).to_have_text(QUIZ)
    look(tab)
    tab.get_by_role("button", name="Begin").click()
    for question, answers in QUESTIONS.items():
        place = tab.locator("[data-question]").filter(has_text=question)
        place.get_by_label(answers[0]).check()
    look(tab)
    tab.get_by_role("button", name="Hand in").click()
    expect(tab.locator("h1")).to_have_text("Passed. Well done!")
    look(tab)
    tab.goto(server + addresses_in_mail(email)[-1])
    tab.get_by_role("link", name=COURSE).first.click()
    expect(tab.locator("main")).to_contain_text("Completed")
    look(tab)


def test_an_editor_builds_a_course_and_learners_finish_it(curriculum, open_tab, live_server, settings):
    # Wagtail saves a draft half a second after a change; a robot publishes just then, and the page is made twice.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    tab = open_tab(**(DESKTOP | {"locale": "en-GB"}))
    tab.goto(f"{live_server.url}/admin/")
    tab.fill("[name=username]", "editor")
    tab.fill("[name=password]", "naik-kelas")
    tab.click("[type=submit]")
    left: list[str] = []
    tab.on("framenavigated", lambda frame: left.append(frame.url) if frame == tab.main_frame else None)
    editor = Editor(tab)
    builds(editor)
    reads_how_it_is_finished(editor)
    assert [url for url in left if not path_of(url).startswith("/admin/")] == []
    questions = Question.objects.filter(bank__title="Selling online")
    assert questions.count() == len(QUESTIONS)
    # Only English was written; nothing else got into the other language.
    for question in questions:
        assert [option["text"]["id"] for option in question.body[0].value["options"]] == [""] * len(
            QUESTIONS[question.label]
        )
    course = activity_of(CoursePage.objects.get(title=COURSE))
    course_url = path_of(CoursePage.objects.get(title=COURSE).full_url)
    for script, name, email in (
        (True, "Melati", "melati@contoh.example"),
        (False, "Hasan", "hasan@contoh.example"),
    ):
        phone = open_tab(**(PHONE | {"locale": "en-GB", "java_script_enabled": script}))
        look = looked_at if script else (lambda tab: None)
        finishes(phone, live_server.url, course_url, name=name, email=email, look=look)
        learner = Learner.objects.get(addresses__value=email)
        assert progress.is_completed(learner_id=learner.pk, activity_id=course.pk, run=1)
    assert Attempt.objects.filter(passed=True).count() == 2
