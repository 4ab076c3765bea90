"""What a learner is in, how far they have come, and what they earned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.catalogue.models import Activity
from lms.catalogue.queries import owner_page_of, with_titles
from lms.core import clock
from lms.credentials import queries as credentials
from lms.credentials.models import Certificate
from lms.learner.lock_words import Link
from lms.learner.queries.room import COURSES, Named, named
from lms.people.models import Learner
from lms.progress import queries as progress
from lms.progress import rules
from lms.webinars.models import SeriesRegistration
from lms.webinars.queries import seats

#: States of a run that stand on the personal page.
SHOWN = ("active", "requested", "declined")


@dataclass(frozen=True, slots=True)
class Course:
    """Something with an outline that a learner is in, or asked to be in: a series, a course, a curriculum.

    ``url``: its room, or the public page of a series. ``following``: what comes next. ``state``: requested,
    declined, or ended.
    """

    activity: Activity
    title: str
    url: str
    percent: int
    reached: int
    needed: int
    completed_at: dt.datetime | None
    zone: str
    state: str = ""
    following: Link | None = None
    wish: SeriesRegistration | None = None


# ── series and courses ───────────────────────────────────────────────────────────────────────────────────────────


def courses_of(
    learner: Learner, *, token: str, language: str, now: dt.datetime, named_too: Iterable[int] = ()
) -> tuple[list[Course], dict[int, Named]]:
    """Return everything with an outline that a learner is in or asked to be in, newest first: six queries, whatever there is.

    Args:
        learner: whose.
        token: of the personal link.
        language: the reader's.
        now: the server's time.
        named_too: ids of activities that are named elsewhere on the page; all names are read in one query.

    Returns:
        The courses, and activity id → name of everything that has one.
    """
    runs = [row for row in progress.enrolments_of(learner.pk) if row.activity.live]
    # Of several runs the latest one says how it stands.
    newest = {row.activity_id: row for row in sorted(runs, key=lambda row: row.run)}
    latest = [row for row in runs if newest[row.activity_id] is row and row.state in SHOWN]
    standings = progress.standings(latest)
    outlines = progress.current_outlines([row.activity_id for row in latest])
    states = {row.pk: _state(row, now) for row in latest}
    following = {
        row.pk: _following(outlines.get(row.activity_id), standings[row.pk].done, row, now)
        for row in latest
        if not states[row.pk] and row.activity.kind in COURSES
    }
    ids = {row.activity_id for row in latest} | {each for each in following.values() if each is not None}
    names = named(ids | set(named_too), language)
    wishes = {
        row.series.activity_id: row for row in seats.standing_wishes_of(learner.pk).select_related("series")
    }
    found = []
    for row in latest:
        name, standing = names.get(row.activity_id), standings[row.pk]
        outline = outlines.get(row.activity_id)
        reached, needed = rules.steps(outline, standing.done) if outline else (0, 0)
        after = names.get(following.get(row.pk) or 0)
        found.append(
            Course(
                activity=row.activity,
                title=name.title if name else row.activity.title,
                url=name.url(token) if name else "",
                percent=standing.percent,
                reached=reached,
                needed=needed,
                completed_at=standing.completed_at,
                zone=learner.zone or clock.default_zone(),
                state=states[row.pk],
                following=after.link(token) if after else None,
                wish=wishes.get(row.activity_id),
            )
        )
    return found, names


def _state(run: Any, now: dt.datetime) -> str:
    if run.state in ("requested", "declined"):
        return str(run.state)
    return "ended" if run.ends_at is not None and run.ends_at <= now else ""


def _following(
    outline: rules.Version | None, done: Mapping[int, Any], run: Any, now: dt.datetime
) -> int | None:
    """Return the first part that counts and is neither done nor waits for a day or for another; the page of the course knows more."""
    if outline is None or run.started_at > now:
        return None
    zone = clock.default_zone()
    today, started_on = (clock.wall_clock(each, zone).date() for each in (now, run.started_at))
    for place in rules.leaves(outline, None):
        item = outline.items[place]
        if item.activity_id not in done and not rules.locks(
            outline, place, done=done, completed=(), started_on=started_on, today=today
        ):
            return item.activity_id
    return None


def recording_seconds(lesson: Activity) -> int:
    """Return the length of a lesson's recording in seconds, as its owner page says; 0 when it has none: two queries."""
    page = owner_page_of(lesson)
    return 60 * (getattr(page, "recording_minutes", None) or 0)


# ── certificates ─────────────────────────────────────────────────────────────────────────────────────────────────


def certificates_of(learner: Learner) -> list[Certificate]:
    """Return a learner's certificates that stand, newest first."""
    return list(credentials.of_learner(learner.pk))


def public_course(key: Any) -> Activity | None:
    """Return a course or curriculum that everybody may start, with its titles."""
    found = Activity.objects.filter(key=key, public=True, kind__in=("course", "curriculum"))
    return with_titles(found).select_related("site").first()
