"""What page templates are given."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation
from wagtail.models import PageViewRestriction

from lms.catalogue.compile import compile_all
from lms.catalogue.queries import activity_of
from lms.pages.context import (
    course_context,
    curriculum_context,
    lesson_context,
    module_context,
    webinar_context,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before_the_series")]


def titles(entries):
    return [(entry.title, entry.number, titles(entry.children)) for entry in entries]


def test_the_outline_of_a_course_is_a_tree_whose_numbers_count_what_is_to_be_done(course, request_for):
    context = course_context(course["course"], request_for())
    assert titles(context["entries"]) == [
        ("Preparing", 0, [("Photos", 1, [])]),
        ("Catalogue", 2, []),
        ("Further reading", 3, []),
        ("Breakfast", 4, []),
    ]
    assert context["first"].url == "/en/digital-marketing/first-sales/preparing/photos/"
    assert context["entries"][0].children[0].summary == "By a window."


def test_how_to_finish_is_written_from_the_rules(course, request_for):
    with translation.override("en"):
        finishing = course_context(course["course"], request_for())["finishing"]
    assert [str(step) for step in finishing.steps] == [
        "Read the 2 lessons and mark each one as done on your personal page.",
        "“Breakfast”: Attend at least 2 of the 3 sessions. A session counts when you are there for at least 42 of its 60 minutes.",
    ]
    assert (finishing.optional, finishing.certificate) == (1, False)


def test_a_module_that_is_not_required_takes_its_lessons_along(course, request_for):
    module = course["module"]
    module.required = False
    module.save_revision().publish()
    list(compile_all())
    with translation.override("en"):
        finishing = course_context(course["course"], request_for())["finishing"]
    assert str(finishing.steps[0]) == "Read the lesson and mark it as done on your personal page."
    assert finishing.optional == 2


def test_a_lesson_knows_what_comes_before_and_after(course, request_for):
    context = lesson_context(course["second"], request_for())
    assert (context["before"].title, context["after"].title) == ("Photos", "Further reading")
    assert (context["number"], context["count"]) == (2, 4)
    first = lesson_context(course["first"], request_for())
    assert (first["before"], first["after"].title) == (None, "Catalogue")
    assert first["course"] == activity_of(course["course"])


def test_a_module_lists_its_lessons(course, request_for):
    assert titles(module_context(course["module"], request_for())["children"]) == [("Photos", 1, [])]


def test_a_curriculum_lists_courses_and_the_sessions_of_the_series_in_them(course, request_for):
    context = curriculum_context(course["curriculum"], request_for())
    assert [entry.title for entry in context["courses"]] == ["First sales"]
    assert [session.title for session in context["next_sessions"]] == ["Breakfast"] * 3


def test_a_series_shows_the_next_session_first_and_the_past_ones_last(course, request_for, monkeypatch):
    from lms.core import clock

    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2027, 3, 9, 12, 0, tzinfo=dt.UTC))
    context = webinar_context(course["series"], request_for())
    assert [session.local.date() for session in context["past"]] == [dt.date(2027, 3, 9), dt.date(2027, 3, 2)]
    assert context["next_session"].local == dt.datetime(2027, 3, 16, 6, 0)
    over = len(context["past"])
    assert [str(note) for note in context["finishing"].notes][0].startswith(
        f"{context['takes_place'] - over} session"
    )
    assert [clock.span for clock in context["next_session"].clocks] == [
        "06:00–07:00 WIB",
        "07:00–08:00 WITA",
        "08:00–09:00 WIT",
    ]


def test_a_cancelled_session_is_shown_as_such_and_is_never_the_next(course, request_for):
    from lms.webinars.models import Occurrence

    first = Occurrence.objects.earliest("starts_at")
    first.status = Occurrence.Status.CANCELLED
    first.save()
    context = webinar_context(course["series"], request_for())
    assert context["coming"][0].cancelled
    assert context["next_session"].local.date() == dt.date(2027, 3, 9)


def test_a_clock_that_shows_another_day_says_which(course, request_for):
    from lms.pages.agenda import clocks
    from lms.webinars.models import Occurrence

    late = Occurrence.objects.earliest("starts_at")
    late.starts_at = dt.datetime(2027, 3, 2, 15, 30, tzinfo=dt.UTC)  # 22:30 WIB, 00:30 WIT
    late.ends_at = dt.datetime(2027, 3, 2, 16, 30, tzinfo=dt.UTC)
    with translation.override("en"):
        shown = clocks(late, "Asia/Jakarta")
    assert [(clock.zone, clock.day) for clock in shown] == [
        ("Asia/Jakarta", ""),
        ("Asia/Makassar", ""),
        ("Asia/Jayapura", "Wednesday, 3 March"),
    ]
    with translation.override("en"):
        berlin = clocks(late, "Europe/Berlin")
    assert [clock.zone for clock in berlin][0] == "Europe/Berlin"  # from west to east
    assert [clock.organiser for clock in berlin] == [True, False, False, False]


def test_what_is_private_stands_in_no_public_outline(course, request_for):
    PageViewRestriction.objects.create(page=course["second"], restriction_type=PageViewRestriction.LOGIN)
    list(compile_all())
    assert "Catalogue" not in str(titles(course_context(course["course"], request_for())["entries"]))
    # Behind a restriction of its own, the course shows all of it to those who are let in.
    PageViewRestriction.objects.create(page=course["curriculum"], restriction_type=PageViewRestriction.LOGIN)
    list(compile_all())
    page = type(course["course"]).objects.get(pk=course["course"].pk)  # as the next request fetches it
    assert "Catalogue" in str(titles(course_context(page, request_for())["entries"]))


def test_sessions_of_a_private_series_are_announced_nowhere(course, request_for):
    PageViewRestriction.objects.create(page=course["series"], restriction_type=PageViewRestriction.LOGIN)
    list(compile_all())
    assert course_context(course["course"], request_for())["next_sessions"] == []
    assert curriculum_context(course["curriculum"], request_for())["next_sessions"] == []


def test_a_draft_that_was_never_compiled_can_be_previewed(home, request_for, client):
    from lms.pages.models import CoursePage, WebinarSeriesPage

    draft = home.add_child(instance=CoursePage(title="Draft", live=False))
    assert course_context(draft, request_for())["entries"] == []
    series = home.add_child(
        instance=WebinarSeriesPage(title="Draft series", start_date=dt.date(2027, 3, 2), live=False)
    )
    assert webinar_context(series, request_for())["coming"] == []
    for page in (draft, series):
        assert page.make_preview_request(request_for()).status_code == 200


def test_an_alias_shows_the_outline_of_what_it_stands_for(course, home, request_for):
    from wagtail.models import Page

    alias = course["course"].create_alias(
        parent=Page.objects.get(pk=home.pk), update_slug="again", recursive=False
    )
    list(compile_all())
    assert titles(course_context(alias, request_for())["entries"]) == titles(
        course_context(course["course"], request_for())["entries"]
    )


def test_an_editor_reads_on_the_course_what_a_learner_must_do(course, client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("editor", "editor@academy.example", "x"))
    text = client.get(f"/admin/pages/{course['course'].pk}/edit/").content.decode()
    assert "What a learner must do" in text
    assert "Read the 2 lessons and mark each one as done on your personal page." in text
    text = client.get(f"/admin/pages/{course['series'].pk}/edit/").content.decode()
    assert "Attend at least 2 of the 3 sessions." in text
    draft = client.get(f"/admin/pages/add/lms_pages/coursepage/{course['curriculum'].pk}/").content.decode()
    assert "What a learner must do" not in draft
