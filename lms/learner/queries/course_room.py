"""One course as one learner sees it: how far they are, what comes next, what is missing, and what the ledger says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from lms.catalogue.models import Activity, OutlineItem
from lms.core import clock
from lms.core.dates import date_words
from lms.credentials import queries as credentials
from lms.credentials.models import Certificate
from lms.learner.gate import Opening
from lms.learner.lock_words import Link, LockWords, lock_words
from lms.learner.queries.room import (
    COURSES,
    Entry,
    Named,
    ids_named_by,
    lock_links,
    named,
    outline_entries,
    said_once,
)
from lms.learner.words import duration, reason_words
from lms.people.models import Learner
from lms.progress import access as opening
from lms.progress import queries as progress
from lms.progress.access import Access, access_of
from lms.progress.offers import Offer, offer_of
from lms.progress.rules import Version
from lms.progress.rules.outline import leaves, missing

#: Lines of history on the page.
HISTORY = 50


@dataclass(frozen=True, slots=True)
class Missing:
    """What is still to be done: ``count`` of these. ``tasks``: what to do, and with what."""

    count: int
    tasks: Sequence[tuple[Link, str]]

    @property
    def all(self) -> bool:
        """Say whether every one of them is needed."""
        return self.count >= len(self.tasks)


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of history: what, when, and the sentences that say why it counts."""

    title: str
    when: str
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True)
class CourseRoom:
    """Everything that the page of one course shows to one learner."""

    course: Activity
    title: str
    public_url: str
    access: Access
    entries: Sequence[Entry]
    following: Entry | None
    closed: Sequence[LockWords]
    before_all: Sequence[LockWords]
    missing: Sequence[Missing]
    leads_to_certificate: bool
    certificate: Certificate | None
    history: Sequence[Happened]
    offer: Offer | None
    cohort: str
    ends_on: str
    note: str

    @property
    def running(self) -> bool:
        """Say whether the learner takes part now."""
        return not self.closed

    @property
    def state(self) -> str:
        """Return why nothing is open, as ``lms.progress.access`` names it; nothing while the learner takes part."""
        return self.closed[0].code if self.closed else ""


def room_of(learner: Learner, key: Any, *, token: str, language: str, now: dt.datetime) -> CourseRoom | None:
    """Return a course for one learner: at most fourteen queries, whatever its size.

    Args:
        learner: who.
        key: of the course's activity.
        token: of the personal link.
        language: the reader's.
        now: the server's time.

    Returns:
        None when no such course is offered to the public of its site.
    """
    course = Activity.objects.filter(key=key, public=True, kind__in=COURSES).first()
    access = access_of(learner_id=learner.pk, activity_id=course.pk, now=now) if course else None
    if course is None or access is None:
        return None
    names = named(ids_named_by(access), language)
    own = names.get(course.pk)
    entries = outline_entries(access, names, token=token)
    closed = lock_words(access.closed, links={})
    certificate, offered = certificate_of(learner, course, access)
    return CourseRoom(
        course=course,
        title=own.title if own else course.title,
        public_url=own.public_url if own else "",
        access=access,
        entries=entries,
        following=next((each for each in _flat(entries) if each.next), None),
        closed=closed,
        before_all=lock_words(said_once(access), links=lock_links(access, names, token))
        if not closed
        else [],
        missing=[] if access.standing and access.standing.completed_at else missing_of(access, names, token),
        leads_to_certificate=offered,
        certificate=certificate,
        history=history_of(learner, access, names),
        # Who takes part is not asked to enrol.
        offer=offer_of(course.pk, now=now) if closed and closed[0].code != opening.STARTS_LATER else None,
        cohort=access.enrolment.cohort.title if access.enrolment and access.enrolment.cohort else "",
        ends_on=_last_day(access, learner),
        note=access.enrolment.note if access.enrolment else "",
    )


def _last_day(access: Access, learner: Learner) -> str:
    ends_at = access.enrolment.ends_at if access.enrolment else None
    if ends_at is None:
        return ""
    return date_words(ends_at - dt.timedelta(seconds=1), learner.zone or clock.default_zone())


def certificate_of(learner: Learner, course: Activity, access: Access) -> tuple[Certificate | None, bool]:
    """Return the certificate that the latest run earned, and whether the course leads to one: two queries at most.

    Args:
        learner: whose.
        course: which.
        access: the learner's to it.
    """
    run = access.enrolment.run if access.enrolment else 1
    earned = credentials.of_learner(learner.pk).filter(activity_id=course.pk, run=run).first()
    return earned, earned is not None or credentials.offer_of(course.pk) is not None


def finish_of(learner: Learner, opening: Opening | None, *, news: bool = True) -> dict[str, Any]:
    """Return what a part of a course says when the whole course is completed: template values, and no query before that.

    Args:
        learner: who.
        opening: of the part; None when the course is gone.
        news: also say where the certificate is, which costs two queries at most.
    """
    if opening is None or opening.access.standing is None or opening.access.standing.completed_at is None:
        return {"finished": False}
    if not news:
        return {"finished": True}
    certificate, offered = certificate_of(learner, opening.course, opening.access)
    return {"finished": True, "certificate": certificate, "leads_to_certificate": offered}


def _flat(entries: Sequence[Entry]) -> list[Entry]:
    return [each for entry in entries for each in (entry, *_flat(entry.children))]


# ── what is missing ──────────────────────────────────────────────────────────────────────────────────────────────


def missing_of(access: Access, names: Mapping[int, Named], token: str) -> list[Missing]:
    """Return what is still to be done to complete a course, in its order: all of these, or so many of those."""
    done = {part.activity_id for part in access.parts if part.done_at is not None}
    links = {
        part.activity_id: names[part.activity_id].link(token)
        if part.open
        else Link(names[part.activity_id].title)
        for part in access.parts
        if part.activity_id in names
    }
    kinds = {key: name.activity.kind for key, name in names.items()}
    return missing_tasks(access.version, done, Parts(links, kinds))


class Parts(NamedTuple):
    """Title and address of each part, and its kind, by activity id."""

    links: Mapping[int, Link]
    kinds: Mapping[int, str]


def missing_tasks(version: Version, done: Collection[int], parts: Parts) -> list[Missing]:
    """Return what is still to be done in an outline. The counts add up to the steps that are left. No query.

    Args:
        version: the outline.
        done: ids of what is done.
        parts: title, address and kind of everything in it.
    """
    return _missing(version, None, done, parts)


def _missing(version: Version, place: int | None, done: Collection[int], parts: Parts) -> list[Missing]:
    count = missing(version, place, done)
    if not count:
        return []
    below = version.below.get(place, ())
    if place is not None and not version.items[place].group:
        return [Missing(1, _tasks(version, [place], parts))]
    if version.choice(place) == len(below):
        found = [each for child in below for each in _missing(version, child, done, parts)]
        return _joined(found)
    undone = [leaf for leaf in leaves(version, place) if version.items[leaf].activity_id not in done]
    return [Missing(count, _tasks(version, undone, parts))]


def _joined(found: list[Missing]) -> list[Missing]:
    """Put neighbours of which every one is needed together."""
    joined: list[Missing] = []
    for each in found:
        if joined and joined[-1].all and each.all:
            joined[-1] = Missing(joined[-1].count + each.count, [*joined[-1].tasks, *each.tasks])
        else:
            joined.append(each)
    return joined


def _tasks(version: Version, places: Sequence[int], parts: Parts) -> list[tuple[Link, str]]:
    items = [version.items[place] for place in places]
    return [
        (parts.links[item.activity_id], task_words(parts.kinds[item.activity_id], item.rule))
        for item in items
        if item.activity_id in parts.links
    ]


def task_words(kind: str, rule: Mapping[str, Any]) -> str:
    """Return what is to be done with a part of a course, in a few words.

    Args:
        kind: of the activity.
        rule: of the part, see ``lms.progress.rules.Item``.
    """
    if "min_watched" in rule:
        return _("watch %(needed)s of the recording") % {
            "needed": duration(rule["min_watched"], exact=True, up=True)
        }
    if "min_score" in rule:
        return _("pass with at least %(percent)s%%") % {"percent": round(100 * rule["min_score"])}
    if kind == "webinar_series":
        return _("take part in its sessions")
    if kind == "lesson":
        return _("read it and mark it as done")
    return _("complete it")


# ── what was recorded ────────────────────────────────────────────────────────────────────────────────────────────


def history_of(learner: Learner, access: Access, names: Mapping[int, Named]) -> list[Happened]:
    """Return what the ledger says of a learner and the parts of a course, newest first: one query."""
    ids = [access.activity_id, *(part.activity_id for part in access.parts)]
    sessions = OutlineItem.objects.filter(version__activity_id__in=ids, version__ended_at=None)
    rows = progress.history(learner_id=learner.pk).filter(
        Q(activity_id__in=ids) | Q(activity_id__in=sessions.values("activity_id"))
    )
    zone = learner.zone or clock.default_zone()
    return [
        Happened(
            title=names[row.activity_id].title if row.activity_id in names else row.activity.title,
            when=date_words(row.occurred_at, zone),
            sentences=_sentences(row),
        )
        for row in rows[:HISTORY]
    ]


def _sentences(row: Any) -> list[str]:
    params = row.reason_params
    if row.duration_seconds is not None:
        params = {"minutes": row.duration_seconds // 60} | params
    return reason_words(row.reason, params) or [str(row.get_verb_display())]
