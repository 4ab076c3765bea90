"""Making a course of drafts from an outline, and publishing it when nothing is missing any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage

from lms.core.base_page import base_page
from lms.core.exceptions import KelasError
from lms.pages.guide.outline import Lesson, Module
from lms.pages.models import CoursePage, CurriculumPage, LessonPage, ModulePage, QuizPage
from lms.wagtailadmin.checks.reading import read_facts
from lms.wagtailadmin.checks.rules import findings
from lms.wagtailadmin.checks.values import Finding, Level


class NotReady(KelasError):
    """Something would stop publishing: ``found`` names the pages and what is wrong with each."""

    def __init__(self, found: Sequence[tuple[Any, Finding]]) -> None:
        super().__init__(_("Some pages cannot be published yet."), code="not-ready")
        self.found = found


@transaction.atomic
def make_curriculum(*, parent: AbstractPage, title: str, user: Any) -> CurriculumPage:
    """Make the draft of a curriculum.

    Args:
        parent: the page below which it stands.
        title: in the language of the parent.
        user: who makes it; the caller has asked whether they may.
    """
    return _draft(parent, CurriculumPage(title=title), user)


@transaction.atomic
def make_course(
    *,
    parent: AbstractPage,
    title: str,
    summary: str = "",
    outline: Iterable[Lesson | Module],
    quiz_title: str = "",
    user: Any,
) -> CoursePage:
    """Make the drafts of a course, its modules and lessons, and of a quiz at its end. Nothing is published.

    Args:
        parent: a curriculum, or whatever courses may stand below.
        title: of the course.
        summary: one or two sentences; may follow later.
        outline: as ``read_outline`` returns it.
        quiz_title: of a quiz without questions at the end; empty for none.
        user: who makes it; the caller has asked whether they may.
    """
    course = _draft(parent, CoursePage(title=title, summary=summary), user)
    for part in outline:
        if isinstance(part, Module):
            module = _draft(course, ModulePage(title=part.title), user)
            for lesson in part.lessons:
                _draft(module, LessonPage(title=lesson.title), user)
        else:
            _draft(course, LessonPage(title=part.title), user)
    if quiz_title:
        _draft(course, QuizPage(title=quiz_title), user)
    return CoursePage.objects.get(pk=course.pk)


def _draft(parent: AbstractPage, page: Any, user: Any) -> Any:
    # Read anew: adding a page changes what its parent knows of its place in the tree.
    parent = base_page().objects.get(pk=parent.pk)
    page.live, page.has_unpublished_changes = False, True
    page.locale, page.owner = parent.locale, user
    parent.add_child(instance=page)
    page.save_revision(user=user, clean=False)
    return page


def stops_of(pages: Iterable[Any]) -> list[tuple[Any, Finding]]:
    """Return each page with what would stop it from being published.

    Args:
        pages: as drafted.
    """
    return [
        (page, finding)
        for page in pages
        for finding in findings(read_facts(page))
        if finding.level == Level.STOP
    ]


@transaction.atomic
def publish_course(*, course: AbstractPage, user: Any) -> int:
    """Publish a course that was never live with everything below it, and the draft of the curriculum above it.

    Doing it again publishes nothing. In one transaction, so that learners see all of it or nothing.

    Args:
        course: its page.
        user: who publishes; the caller has asked whether they may.

    Returns:
        How many pages were published, the course among them and the curriculum not.

    Raises:
        NotReady: something would stop one of them.
        KelasError: the course is live already; what is added later has consequences that are asked for elsewhere.
    """
    row = base_page().objects.get(pk=course.pk)
    if row.live:
        raise KelasError(_("This course is published already."), code="published")
    below = base_page().objects.descendant_of(row, inclusive=True).order_by("path").specific()
    drafts = [page.get_latest_revision_as_object() for page in below if not page.live]
    if found := stops_of(drafts):
        raise NotReady(found)
    number = len(drafts)
    above = row.get_parent().specific
    if isinstance(above, CurriculumPage) and not above.live:
        drafts.insert(0, above.get_latest_revision_as_object())
    for page in drafts:
        # Each is read anew: publishing its parent may have changed where it stands.
        page.save_revision(user=user, clean=False).publish(user=user)
    return number
