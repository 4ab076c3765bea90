"""Why a part of a course is not open, in a sentence with links to what is to be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import formats
from django.utils.translation import gettext as _

from lms.progress import access
from lms.progress.rules import Lock

#: A sentence names at most so many things to do first; the outline shows them all.
MOST_LINKS = 3


@dataclass(frozen=True, slots=True)
class Link:
    """Something that has a title, and an address where there is one."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class LockWords:
    """One reason: a sentence, what it names, and how many more there are than are named."""

    code: str
    sentence: str
    links: Sequence[Link] = field(default_factory=list)
    more: int = 0


def lock_words(locks: Iterable[Lock], *, links: Mapping[int, Link], way_in: str = "") -> list[LockWords]:
    """Return the words for the locks of one part, in the language that is active.

    Args:
        locks: as ``lms.progress.access`` found them.
        links: activity id → title and address, for what locks may name.
        way_in: address of the form that leads into the course, or nothing.
    """
    return [_words(lock, links, way_in) for lock in locks]


def _words(lock: Lock, links: Mapping[int, Link], way_in: str) -> LockWords:
    if lock.opens_on is not None:
        day = formats.date_format(lock.opens_on, "l, j F Y")
        return LockWords(lock.code, _("Opens on %(date)s.") % {"date": day})
    named = [links[each] for each in lock.activity_ids if each in links]
    sentence = {
        "before": _("First do:"),
        "prerequisite": _("Complete this first:"),
        access.NOT_ENROLLED: _("You are not in this course."),
        access.REQUESTED: _(
            "Your request to take this course waits for an answer. The answer will stand on this page."
        ),
        access.DECLINED: _("Your request to take this course was declined."),
        access.WITHDRAWN: _("You have left this course. What you did in it is kept."),
        access.ENDED: _("Your time in this course has ended. What you did in it is kept."),
    }.get(lock.code, _("This is not open to you at the moment."))
    if lock.code in (access.NOT_ENROLLED, access.WITHDRAWN) and way_in:
        named = [Link(_("Take this course"), way_in)]
    return LockWords(lock.code, sentence, named[:MOST_LINKS], max(0, len(named) - MOST_LINKS))
