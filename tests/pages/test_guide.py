"""A course step by step: from typed lines to drafts, ticked steps, and the published course."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, PageLogEntry

from lms.catalogue.models import Activity
from lms.catalogue.queries import activity_of, current_outline
from lms.core.exceptions import KelasError
from lms.pages.guide import services
from lms.pages.guide.outline import Lesson, read_outline
from lms.pages.guide.steps import steps_of
from lms.pages.models import CoursePage, CurriculumPage, LessonPage, ModulePage, QuizPage
from tests.wagtailadmin.schedule_world import member, said, text_of

pytestmark = pytest.mark.django_db

LINES = "Welcome\nPreparing:\nLight\nA clean background"


@pytest.fixture
def curriculum(add, home):
    return add(home, CurriculumPage, "Digital marketing", summary="x")


@pytest.fixture
def writer(curriculum):
    """May add and edit below the curriculum, and publish nothing."""
    return member("editor", curriculum, "add", "change")


@pytest.fixture
def publisher(curriculum):
    return member("koordinator", curriculum, "add", "change", "publish")


def make(curriculum, user, **fields):
    values = {"title": "First sales", "outline": read_outline(LINES), "quiz_title": "Quiz"} | fields
    return services.make_course(parent=curriculum, user=user, **values)


def post(client, curriculum, **fields):
    values = {
        "title": "First sales",
        "summary": "",
        "place": str(curriculum.pk),
        "outline": LINES,
        "with_quiz": "on",
    }
    return client.post(reverse("lms_guide"), values | fields, follow=True)


def ticks(course):
    return [step.done for step in steps_of(CoursePage.objects.get(pk=course.pk))]


def write(course):
    """Fill in everything that a course needs."""
    for lesson in LessonPage.objects.descendant_of(course):
        lesson.body = [("paragraph", "<p>Words</p>")]
        lesson.save_revision()
    course = CoursePage.objects.get(pk=course.pk)
    course.summary, course.outcomes = "Selling with photos.", [("outcome", "Take a photo")]
    course.save_revision()


# ── making ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_lines_become_drafts_that_nobody_sees(curriculum, writer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        course = make(curriculum, writer)
    below = list(Page.objects.descendant_of(course).order_by("path").specific())
    assert [(type(page), page.title, page.depth - course.depth) for page in below] == [
        (LessonPage, "Welcome", 1),
        (ModulePage, "Preparing", 1),
        (LessonPage, "Light", 2),
        (LessonPage, "A clean background", 2),
        (QuizPage, "Quiz", 1),
    ]
    assert not any(page.live or page.first_published_at for page in [course, *below])
    assert all(page.has_unpublished_changes and page.latest_revision_id for page in [course, *below])
    assert {page.owner for page in [course, *below]} == {writer}
    assert not Activity.objects.filter(kind="course").exists(), "Drafts change nothing for learners."
    assert PageLogEntry.objects.filter(action="wagtail.create", user=writer).count() == 6


def test_lessons_with_the_same_title_stand_beside_each_other(curriculum, writer):
    course = make(curriculum, writer, outline=(Lesson("Practice"), Lesson("Practice")), quiz_title="")
    assert len({page.slug for page in course.get_children()}) == 2


def test_the_form_makes_the_course_and_leads_on(client, curriculum, writer):
    client.force_login(writer)
    assert "Digital marketing" in text_of(client.get(reverse("lms_guide")))
    response = post(client, curriculum)
    course = CoursePage.objects.get()
    assert response.redirect_chain == [(reverse("lms_guide_course", args=[course.pk]), 302)]
    assert "The course is made: 6 pages, still drafts. Nobody sees them yet." in said(response)
    assert QuizPage.objects.get().title == "Quiz: First sales"
    words = text_of(response)
    assert "1 of 6 steps are done." in words
    assert "0 of 3 lessons are written." in words
    assert "You may not publish here." in words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"outline": ""}, "This field is required."),
        ({"outline": "Module:"}, "The module “Module” has no lesson."),
        ({"outline": "x" * 256}, "Line 1 is too long for a title"),
        ({"outline": "a\n" * 201}, "A course has at most 200 lines."),
        ({"title": ""}, "This field is required."),
        ({"place": "999999"}, "Select a valid choice"),
        ({"place": "new"}, "Select a valid choice"),  # the editor may add no page at the top
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_made(client, curriculum, writer, fields, words):
    client.force_login(writer)
    response = post(client, curriculum, **fields)
    assert words in text_of(response)
    assert "Nothing was made yet. What is wrong stands beside the field." in said(response)
    assert not CoursePage.objects.exists()


def test_a_new_curriculum_is_made_with_the_first_course(admin_client, curriculum, home):
    response = post(admin_client, curriculum, place="new")
    assert "Write a title for the new curriculum." in text_of(response)
    post(admin_client, curriculum, place="new", curriculum_title="Payments")
    made = CurriculumPage.objects.get(title="Payments")
    assert (made.live, made.get_parent().pk) == (False, home.pk)
    assert CoursePage.objects.get().get_parent().pk == made.pk


def test_whoever_may_add_nowhere_is_refused_and_other_curricula_are_not_offered(
    client, curriculum, home, add, writer
):
    client.force_login(member("pembaca", curriculum, "change"))
    assert client.get(reverse("lms_guide")).status_code == 302
    other = add(home, CurriculumPage, "Payments")
    client.force_login(writer)
    assert "Payments" not in text_of(client.get(reverse("lms_guide")))
    post(client, other)
    assert not CoursePage.objects.exists()


def test_whoever_may_add_only_below_courses_is_told_whom_to_ask(client, curriculum, writer):
    course = make(curriculum, writer)
    client.force_login(member("penulis", course, "add", "change"))
    assert "You may not add a course anywhere yet." in text_of(client.get(reverse("lms_guide")))


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_steps_are_ticked_by_what_the_pages_hold(curriculum, writer):
    course = make(curriculum, writer)
    assert ticks(course) == [True, False, False, False, False, False]
    write(course)
    assert ticks(course) == [True, True, True, False, False, False]
    first = LessonPage.objects.get(title="Light")
    first.body = []
    first.save_revision()
    assert ticks(course) == [True, True, False, False, False, False]
    QuizPage.objects.all().delete()
    steps = steps_of(CoursePage.objects.get(pk=course.pk))
    assert steps[3].optional
    assert steps[3].ways[0].url == reverse(
        "wagtailadmin_pages:add", args=["lms_pages", "quizpage", course.pk]
    )


def test_the_steps_lead_to_pages_that_open(client, curriculum, writer):
    course = make(curriculum, writer)
    client.force_login(writer)
    ways = [
        way.url
        for step in steps_of(course)
        for way in step.ways
        if str(curriculum.pk) not in way.url.split("/")
    ]
    assert len(ways) >= 7
    for url in dict.fromkeys(ways):
        assert client.get(url).status_code == 200, url


def test_a_course_of_other_people_is_not_found(client, curriculum, home, add, writer):
    course = make(curriculum, writer)
    client.force_login(member("lain", add(home, CurriculumPage, "Payments"), "add", "change", "publish"))
    address = reverse("lms_guide_course", args=[course.pk])
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_the_step_says_which_of_the_two_is_missing(curriculum, writer):
    course = make(curriculum, writer)

    def said_after(**values):
        for name, value in values.items():
            setattr(course, name, value)
        course.save_revision()
        step = next(
            each for each in steps_of(CoursePage.objects.get(pk=course.pk)) if "it is about" in each.title
        )
        return step.words, step.done

    assert said_after(summary="", outcomes=[])[0].startswith("Say in a summary")
    words, done = said_after(summary="Selling with photos.")
    assert (words, done) == ("The summary is there. Say what people will be able to do afterwards.", False)
    words, done = said_after(summary="", outcomes=[("outcome", "Take a photo")])
    assert words == "What people will be able to do is there. Say in a summary what it is about."
    assert said_after(summary="Selling with photos.")[1] is True


# ── publishing ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_stops_a_page_stops_the_course_and_is_named(client, curriculum, publisher):
    course = make(curriculum, publisher)
    write(course)
    client.force_login(publisher)
    response = client.post(reverse("lms_guide_course", args=[course.pk]))
    assert response.status_code == 409
    assert "Quiz : The quiz has no questions. Add a question" in text_of(response)
    assert not Page.objects.descendant_of(course, inclusive=True).filter(live=True).exists()


def test_everything_is_published_and_compiled_at_once(
    client, curriculum, publisher, django_capture_on_commit_callbacks
):
    course = make(curriculum, publisher, quiz_title="")
    write(course)
    client.force_login(publisher)
    address = reverse("lms_guide_course", args=[course.pk])
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address, follow=True)
    assert "The course is published: 5 pages." in said(response)
    assert "It is published. Everybody finds it now." in text_of(response)
    activity = activity_of(CoursePage.objects.get())
    assert (activity.live, activity.public) == (True, True)
    assert current_outline(activity).items.count() == 4
    assert LessonPage.objects.get(title="Light").body[0].block_type == "paragraph"
    assert client.get(CoursePage.objects.get().get_url()).status_code == 200
    assert PageLogEntry.objects.filter(action="wagtail.publish", user=publisher).count() == 5
    again = client.post(address, follow=True)
    assert "This course is published already." in said(again)
    assert PageLogEntry.objects.filter(action="wagtail.publish", user=publisher).count() == 5


def test_the_draft_of_the_curriculum_is_published_with_its_first_course(admin_user, home):
    draft = services.make_curriculum(parent=home, title="Payments", user=admin_user)
    course = make(draft, admin_user, quiz_title="")
    assert services.publish_course(course=course, user=admin_user) == 5
    assert CurriculumPage.objects.get().live
    with pytest.raises(KelasError):
        services.publish_course(course=course, user=admin_user)


def test_whoever_may_not_publish_does_not(client, curriculum, writer):
    course = make(curriculum, writer, quiz_title="")
    client.force_login(writer)
    client.post(reverse("lms_guide_course", args=[course.pk]))
    assert not CoursePage.objects.get().live


# ── the admin's home, and what it costs ──────────────────────────────────────────────────────────────────────────


def test_the_home_offers_the_first_course_and_later_what_is_left(client, curriculum, writer):
    client.force_login(writer)
    words = text_of(client.get(reverse("wagtailadmin_home")))
    assert words.index("Make your first course") < words.index("What needs a person")
    make(curriculum, writer)
    words = text_of(client.get(reverse("wagtailadmin_home")))
    assert "Make your first course" not in words
    assert "First sales What is left to do" in words
    Page.objects.update(live=True)
    CoursePage.objects.update(first_published_at="2027-01-01T00:00Z")
    assert "Every course of yours is published." in text_of(client.get(reverse("wagtailadmin_home")))
    client.force_login(member("pembaca", curriculum, "change"))
    assert "Make a course step by step" not in text_of(client.get(reverse("wagtailadmin_home")))


def test_the_steps_cost_the_same_for_10_and_200_lessons(curriculum, writer):
    def cost(number):
        course = make(curriculum, writer, outline=tuple(Lesson(f"L{each}") for each in range(number)))
        with CaptureQueriesContext(connection) as captured:
            steps_of(course)
        return len(captured)

    assert cost(10) == cost(200)
