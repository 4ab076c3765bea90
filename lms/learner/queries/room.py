"""A course and its lessons as one learner sees them: what is done, what is open, what comes next, and what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from lms.catalogue.models import Activity, ActivityPage
from lms.core import clock
from lms.core.addresses import path_if_offered
from lms.learner.gate import LESSON, QUIZ, Opening
from lms.learner.lock_words import Link, LockWords, lock_words
from lms.people.models import Learner
from lms.progress.access import Access, Part
from lms.progress.rules import Lock

#: Kinds that have a room of their own.
COURSES = ("course", "curriculum")
#: Kind → name of the address at which a learner opens it.
ROOMS = {
    LESSON: "lms_public:person_lesson",
    QUIZ: "lms_public:person_quiz",
    "course": "lms_public:person_course",
    "curriculum": "lms_public:person_course",
}


@dataclass(frozen=True, slots=True)
class Named:
    """An activity with its title in the reader's language, and the page that everybody may read, if there is one."""

    activity: Activity
    title: str
    row: ActivityPage | None

    @property
    def public_url(self) -> str:
        """Address of its public page, or nothing."""
        return (self.row.page.get_url() if self.row and self.row.page else None) or ""

    def url(self, token: str) -> str:
        """Return where a learner opens it: in their room, else on its public page; nothing for what nobody may read."""
        if not self.activity.public:
            return ""
        room = ROOMS.get(self.activity.kind)
        return reverse(room, args=[token, self.activity.key]) if room else self.public_url

    def link(self, token: str) -> Link:
        """Return title and address."""
        return Link(self.title, self.url(token))


def named(activity_ids: Iterable[int], language: str) -> dict[int, Named]:
    """Return activity id → title and page: one query, however many. What has no page (a session) is left out.

    Args:
        activity_ids: of activities with pages.
        language: the reader's; without a live page in it the owner's counts.
    """
    rows: dict[int, list[ActivityPage]] = {}
    for row in ActivityPage.objects.filter(activity_id__in=set(activity_ids)).select_related(
        "activity", "locale", "page", "page__locale"
    ):
        rows.setdefault(row.activity_id, []).append(row)
    return {key: _named(found, language) for key, found in rows.items()}


def _named(rows: Sequence[ActivityPage], language: str) -> Named:
    def order(row: ActivityPage) -> Any:
        return row.locale.language_code != language, not row.owner, row.pk

    activity = rows[0].activity
    live = [row for row in rows if row.live and row.locale.language_code == language]
    public = [row for row in rows if row.public and row.page_id is not None]
    return Named(activity, live[0].title if live else activity.title, min(public, key=order, default=None))


# ── one course ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Entry:
    """One part of a course on a learner's screen. ``number`` counts what is to be done; a group has none."""

    activity: Activity
    title: str
    url: str
    group: bool
    optional: bool
    done_at: dt.datetime | None
    locks: Sequence[LockWords]
    closed: bool = False
    number: int = 0
    next: bool = False
    needed: int | None = None
    children: list[Entry] = field(default_factory=list)


def outline_entries(
    access: Access, names: Mapping[int, Named], *, token: str, way_in: str = ""
) -> list[Entry]:
    """Return the outline of a course as a tree, as far as one learner has come. No query.

    Args:
        access: what is open to the learner.
        names: of all parts, and of what their locks name.
        token: of the personal link.
        way_in: address of the form that leads into the course.
    """
    links = lock_links(access, names, token)
    following = access.next_part
    entries: dict[int, Entry] = {}
    top: list[Entry] = []
    number = 0
    once = said_once(access)
    for part in access.parts:
        name = names.get(part.activity_id)
        if name is None:
            continue
        number += not part.group
        # What closes the whole course, or a whole group, is said once and not at each of its parts.
        above = [*once, *(access.parts[part.parent].locks if part.parent is not None else ())]
        own = [lock for lock in part.locks if lock not in above]
        entry = Entry(
            activity=name.activity,
            title=name.title,
            url="" if part.group or part.locks else name.url(token),
            group=part.group,
            optional=not part.counts and not part.group,
            done_at=part.done_at,
            locks=lock_words(own, links=links, way_in=way_in),
            closed=bool(part.locks),
            number=0 if part.group else number,
            next=following is not None and part.place == following.place,
            needed=part.rule.get("needed") if part.group else None,
        )
        entries[part.place] = entry
        parent = entries.get(part.parent) if part.parent is not None else None
        (parent.children if parent else top).append(entry)
    return [entry for entry in top if entry.children or not entry.group]


def said_once(access: Access) -> Sequence[Lock]:
    """Return what closes every part of a course alike: it is said above the outline."""
    if access.closed:
        return access.closed
    return [lock for part in access.parts[:1] for lock in part.locks if lock.code == "prerequisite"]


def lock_links(access: Access, names: Mapping[int, Named], token: str) -> dict[int, Link]:
    """Return activity id → what locks say of it: with its address, unless it is a part that is closed itself."""
    closed = {part.activity_id for part in access.parts if not part.open}
    wanted = {each for part in access.parts for lock in part.locks for each in lock.activity_ids}
    return {
        key: Link(names[key].title) if key in closed else names[key].link(token)
        for key in wanted
        if key in names
    }


def ids_named_by(access: Access) -> set[int]:
    """Return the ids of everything that a page about a course names: itself, its parts, what is needed before."""
    return {access.activity_id, *(part.activity_id for part in access.parts), *access.prerequisites}


def way_in_of(course: Activity) -> str:
    """Return the address of the form that leads into a course, or nothing when this project offers none."""
    return path_if_offered("lms:enrol", course.key) if course.public else ""


# ── one lesson ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a part in its course: the course, what comes before and after, and why it is closed."""

    activity: Activity
    title: str
    language: str
    row: ActivityPage | None
    course: Link
    before: Link | None
    after: Link | None
    locks: Sequence[LockWords]
    number: int
    count: int


def around(opening: Opening, *, token: str, language: str) -> Around:
    """Return what stands around a part of a course for a learner: one query.

    Args:
        opening: what the gate said.
        token: of the personal link.
        language: the reader's.
    """
    line = [each for each in opening.access.parts if not each.group]
    at = next(place for place, each in enumerate(line) if each.activity_id == opening.part.activity_id)
    beside = {-1: line[at - 1] if at else None, 1: line[at + 1] if at + 1 < len(line) else None}
    wanted = {opening.activity.pk, opening.course.pk}
    wanted |= {each.activity_id for each in beside.values() if each is not None}
    wanted |= {each for lock in opening.locks for each in lock.activity_ids}
    names = named(wanted, language)

    def link(part: Part | None) -> Link | None:
        name = names.get(part.activity_id) if part is not None else None
        if part is None or name is None:
            return None
        return name.link(token) if part.open else Link(name.title)

    own, course = names.get(opening.activity.pk), names.get(opening.course.pk)
    return Around(
        activity=opening.activity,
        title=own.title if own else opening.activity.title,
        language=own.row.locale.language_code if own and own.row else language,
        row=own.row if own else None,
        course=course.link(token) if course else Link(opening.course.title),
        before=link(beside[-1]),
        after=link(beside[1]),
        locks=lock_words(
            opening.locks,
            links=lock_links(opening.access, names, token),
            way_in=way_in_of(opening.course),
        ),
        number=at + 1,
        count=len(line),
    )


def page_of(around: Around) -> Any:
    """Return the page of a part in the reader's language, as its specific type: one query; None where there is none."""
    row = around.row
    if row is None or row.page is None:
        return None
    page = row.page.specific
    page.locale = row.locale  # known already
    return page


def zone_of(learner: Learner) -> str:
    """Return the zone in which a learner is told times."""
    return learner.zone or clock.default_zone()
