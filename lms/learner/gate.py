"""The one door: whether a learner may open a part of a course, and whether everybody may. Every view asks here.

Page addresses, private files, lessons, marks, reports of what was watched, quizzes and their answers: none of them
decides anything by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ReferenceIndex

from lms.catalogue.models import Activity, OutlineItem
from lms.catalogue.queries import activity_of, remember_outline
from lms.catalogue.tree import identity, keys_above
from lms.core import clock
from lms.core.base_page import base_page
from lms.people.models import Learner
from lms.progress import queries as progress
from lms.progress.access import Access, Part, access_of, is_open_to_all, open_to_all
from lms.progress.rules import Lock

#: Kinds whose content is opened in the learner's room.
LESSON, QUIZ = "lesson", "quiz"


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands between one learner and one part of a course: nothing when there are no locks."""

    activity: Activity
    course: Activity
    access: Access
    part: Part
    locks: Sequence[Lock]

    @property
    def open(self) -> bool:
        """Say whether the learner may open it now."""
        return not self.locks

    @property
    def enrolled(self) -> bool:
        """Say whether the learner has, or had, a run of the course."""
        return self.access.enrolment is not None

    @property
    def counts_from(self) -> dt.datetime | None:
        """Return from when on evidence counts for the run; None for the first run, which counts everything."""
        run = self.access.enrolment
        return None if run is None or run.run == 1 else run.started_at


def may_open(
    *, learner: Learner, key: Any, kind: str = LESSON, now: dt.datetime | None = None
) -> Opening | None:
    """Say whether a learner may open a part of a course, and if not, why.

    A lesson that stands in several courses is open when one of them opens it.

    Args:
        learner: who asks.
        key: of the part's activity.
        kind: of the part.
        now: the server's time.

    Returns:
        None when there is nothing of that kind that a course offers to the public of its site: it was taken down, is
        behind a restriction of Wagtail, or never was. At most seven queries for a part that stands in one course.
    """
    now = now or clock.now()
    closed: Opening | None = None
    for item in _in_order(learner, _standing_in(activity__key=key, activity__kind=kind)):
        access = access_of(
            learner_id=learner.pk, activity_id=item.version.activity_id, now=now, in_force=item.version
        )
        part = access.part(item.activity_id) if access else None
        if access is None or part is None:  # the outline changed in between
            continue
        opening = Opening(item.activity, item.version.activity, access, part, tuple(part.locks))
        if opening.open:
            return opening
        closed = closed or opening
    return closed


def _standing_in(**which: Any) -> list[OutlineItem]:
    """Return where live, public activities stand in outlines in force of live courses: one query."""
    rows = OutlineItem.objects.filter(
        activity__public=True, version__ended_at=None, version__activity__live=True, **which
    )
    return list(rows.select_related("activity", "version__activity").order_by("pk"))


def _in_order(learner: Learner, items: list[OutlineItem]) -> list[OutlineItem]:
    """Return the courses that the learner is in first, the newest run before older ones."""
    if len(items) < 2:
        return items
    own = [row.activity_id for row in progress.enrolments_of(learner.pk)]
    last = len(own)
    return sorted(
        items,
        key=lambda item: own.index(item.version.activity_id) if item.version.activity_id in own else last,
    )


# ── what everybody may read ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Closed:
    """A lesson that not everybody may read. ``opens_on``: the day on which it opens to all, when a day is all that is missing."""

    lesson: Activity | None
    course: Activity | None
    opens_on: dt.date | None = None


def closed_to_everybody(page: Any) -> Closed | None:
    """Say whether the content of a lesson's page is for learners of its course only.

    It is unless one of the courses that it stands in is open to all (open enrolment, free order, nothing needed before)
    and it does not open later there. A lesson of no course is open.

    Args:
        page: any page; only lessons are ever closed.

    Returns:
        What is to be said instead of the content; None when everybody may read it. One query for a lesson that
        stands in a course, however deep; five for one that does not.
    """
    if getattr(page.specific_class, "lms_kind", "") != LESSON:
        return None
    items = _outlines_around(page)
    if not items:
        return _closed_by_place(page, activity_of(page))
    lesson = items[0].activity
    # A course that is not published opens nothing, as long as there is another one.
    items = [item for item in items if item.version.activity.live] or items
    days: list[dt.date] = []
    for item in items:
        if not is_open_to_all(item.version):
            continue
        day = _opens_to_all_on(item)
        if day is not None and day <= today():
            return None
        days += [day] if day else []
    return Closed(lesson, items[0].version.activity, min(days, default=None))


def _outlines_around(page: Any) -> list[OutlineItem]:
    """Return where a lesson stands in outlines in force, and remember these whole: the page shows them. One query."""
    key = identity(page)
    standing = OutlineItem.objects.filter(activity__translation_key=key, version__ended_at=None)
    rows = OutlineItem.objects.filter(version__in=standing.values("version")).select_related(
        "activity", "version__activity__enrolment_policy"
    )
    rows = rows.order_by("version__activity_id", "version__number", "position")
    outlines: dict[int, list[OutlineItem]] = {}
    for item in rows:
        outlines.setdefault(item.version_id, []).append(item)
    found = []
    for items in outlines.values():
        version, by_id = items[0].version, {item.pk: item for item in items}
        for item in items:
            item.version = version
            if item.parent_id:
                item.parent = by_id[item.parent_id]
        remember_outline(page, version, items)
        found += [item for item in items if item.activity.translation_key == key]
    return found


def _closed_by_place(page: Any, lesson: Activity | None) -> Closed | None:
    """Judge a lesson that stands in no outline by the course above it: it was published this moment, or taken out."""
    course = Activity.objects.filter(translation_key__in=keys_above(page.path)[:1]).first()
    if course is None or course.pk in open_to_all([course.pk]):
        return None
    return Closed(lesson, course)


def today() -> dt.date:
    """Return today's date in the zone that opening days are meant in."""
    return clock.wall_clock(clock.now(), clock.default_zone()).date()


def _opens_to_all_on(item: OutlineItem) -> dt.date | None:
    """Return the day from which a part is open to all, long ago for one without a day; None: never, it differs by learner."""
    day = dt.date.min
    at: OutlineItem | None = item
    while at is not None:
        if "opens_after_days" in at.rule:
            return None
        if "opens_on" in at.rule:
            day = max(day, dt.date.fromisoformat(at.rule["opens_on"]))
        at = at.parent
    return day


def closed_document(document: Any) -> Closed | None:
    """Say whether a file of Wagtail belongs to lessons that are for learners only, by Wagtail's index of references.

    What an open page, or anything that is no lesson, uses as well stays public. A lesson that is not published opens
    nothing. A file that no lesson uses is not our business.

    Args:
        document: of Wagtail's documents.

    Returns:
        One of the lessons; None when the file may be given to everybody as far as we are concerned.
    """
    page_type = ContentType.objects.get_for_model(base_page())
    used = (
        ReferenceIndex.get_references_to(document).values_list("base_content_type_id", "object_id").distinct()
    )
    places = list(used)
    if any(content_type != page_type.pk for content_type, _ in places):
        return None
    closed: Closed | None = None
    for page in base_page().objects.filter(pk__in=[int(pk) for _, pk in places]):
        if getattr(page.specific_class, "lms_kind", "") != LESSON:
            return None
        here = closed_to_everybody(page)
        if page.live and here is None:
            return None
        lesson = activity_of(page) if here is None else None
        closed = closed or here or Closed(lesson, None)
    return closed
