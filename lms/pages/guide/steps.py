"""What is left to do for a course, read from its pages as they are now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import AbstractPage

from lms.core.base_page import base_page
from lms.pages.models import CoursePage, LessonPage, QuizPage, WebinarSeriesPage


@dataclass(frozen=True, slots=True)
class Way:
    """A link of a step: to a page, or to a form that adds one."""

    label: str
    url: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step: what, why, how far, and where it is done. ``optional``: a course is a course without it."""

    title: str
    words: str
    done: bool
    ways: tuple[Way, ...] = ()
    optional: bool = False


def steps_of(course: CoursePage) -> list[GuideStep]:
    """Return the steps of a course in order, ticked by what its pages hold.

    Args:
        course: its page.
    """
    pages = base_page().objects.descendant_of(course, inclusive=True).order_by("path")
    draft, *below = list(pages.select_related("latest_revision", "content_type"))
    lessons = [page for page in below if issubclass(page.specific_class, LessonPage)]
    quizzes = [page for page in below if issubclass(page.specific_class, QuizPage)]
    live = any(issubclass(page.specific_class, WebinarSeriesPage) for page in below)
    above = course.get_parent()
    return [
        _place(above),
        _about(draft),
        _lessons(course, lessons, live),
        _quiz(course, quizzes),
        _finishing(draft),
        _published(draft, above, below),
    ]


def _drafted(page: Any, name: str) -> Any:
    """Return the value of a field as last saved; of a stream its blocks. Read from the stored draft: no query."""
    content = page.latest_revision.content if page.latest_revision_id else {}
    value = content.get(name)
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value


def _place(above: AbstractPage) -> GuideStep:
    return GuideStep(
        _("Its place"),
        _("It stands below “%(title)s”. Visitors find it there, in its colour.")
        % {"title": above.get_admin_display_title()},
        True,
        (_edit(above),),
    )


def _about(draft: Any) -> GuideStep:
    summary = bool((_drafted(draft, "summary") or "").strip())
    outcomes = bool(_drafted(draft, "outcomes"))
    words = _("Say in a summary what it is about, and what people will be able to do afterwards.")
    if summary and not outcomes:
        words = _("The summary is there. Say what people will be able to do afterwards.")
    elif outcomes and not summary:
        words = _("What people will be able to do is there. Say in a summary what it is about.")
    return GuideStep(_("What it is about"), words, summary and outcomes, (_edit(draft),))


def _lessons(course: Any, lessons: list[Any], live: bool) -> GuideStep:
    written = [page for page in lessons if _drafted(page, "body")]
    if lessons:
        words = ngettext(
            "%(written)s of %(count)s lesson is written. Open it and add blocks: text, pictures, something to try.",
            "%(written)s of %(count)s lessons are written. Open one and add blocks: text, pictures, something to try.",
            len(lessons),
        ) % {"written": len(written), "count": len(lessons)}
    else:
        words = _("Add a lesson: something to read, watch and try.")
    ways = tuple(_edit(page, page in written) for page in lessons)
    done = len(written) == len(lessons) and (bool(lessons) or live)
    return GuideStep(_("Lessons"), words, done, (*ways, _add(_("Add a lesson"), LessonPage, course)))


def _quiz(course: Any, quizzes: list[Any]) -> GuideStep:
    asked = [page for page in quizzes if _drafted(page, "questions")]
    words = _("A few questions show people what they have understood.")
    if quizzes and len(asked) < len(quizzes):
        words = _("Choose questions for it, or write new ones. A quiz without any cannot be published.")
    ways = tuple(_edit(page, page in asked) for page in quizzes)
    if not quizzes:
        ways = (_add(_("Add a quiz"), QuizPage, course),)
    return GuideStep(_("Quiz"), words, bool(quizzes) and len(asked) == len(quizzes), ways, not quizzes)


def _finishing(draft: Any) -> GuideStep:
    words = _(
        "On the tab “Rules and dates” read what a learner must do, and change it if you like. With a design chosen, who "
        "finishes receives a certificate."
    )
    done = _drafted(draft, "certificate_design") is not None
    return GuideStep(_("How it is finished"), words, done, (_edit(draft),), optional=True)


def _published(course: Any, above: Any, below: list[Any]) -> GuideStep:
    pages = [course, *below]
    live = sum(page.live for page in pages) if above.live else 0
    words = ngettext(
        "%(live)s of %(count)s page is published.", "%(live)s of %(count)s pages are published.", len(pages)
    ) % {"live": live, "count": len(pages)}
    drafts = tuple(_edit(page) for page in below if not page.live) if course.live else ()
    return GuideStep(_("Publish"), words, live == len(pages), drafts)


def _edit(page: Any, done: bool = False) -> Way:
    return Way(page.get_admin_display_title(), reverse("wagtailadmin_pages:edit", args=[page.pk]), done)


def _add(label: str, model: Any, parent: Any) -> Way:
    place = [model._meta.app_label, model._meta.model_name, parent.pk]
    return Way(label, reverse("wagtailadmin_pages:add", args=place))
