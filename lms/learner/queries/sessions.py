"""A learner's sessions: their places at those to come, and what was counted at those that are over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, JSONField, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import JSONObject

from lms import conf
from lms.catalogue.models import Activity
from lms.catalogue.queries import title_in, with_titles
from lms.core import links
from lms.core.addresses import path_if_offered
from lms.core.public_ids import is_public_id
from lms.learner.queries.room import Named
from lms.learner.words import Verdict, absence_words, attendance_words
from lms.people.models import Learner
from lms.progress import queries as progress
from lms.webinars.models import (
    Attendance,
    AttendanceImport,
    Occurrence,
    Registration,
    SeriesRegistration,
)
from lms.webinars.queries import seats
from lms.webinars.rules import seconds_needed
from lms.webinars.when import When, when

#: Sessions that are over, on one screen.
EARLIER_PER_SCREEN = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A learner's place at one session to come."""

    registration: Registration
    occurrence: Occurrence
    title: str
    when: When
    opens_at: dt.datetime
    open: bool
    token: str
    ics_url: str

    @property
    def waiting(self) -> bool:
        """No seat yet."""
        return self.registration.state == Registration.State.WAITLISTED

    @property
    def given_back(self) -> bool:
        """The learner does not come."""
        return self.registration.state == Registration.State.CANCELLED

    @property
    def cancelled(self) -> bool:
        """Nobody comes."""
        return self.occurrence.status == Occurrence.Status.CANCELLED


@dataclass(frozen=True, slots=True)
class Earlier:
    """A session that is over, and what was counted there."""

    occurrence: Occurrence
    title: str
    when: When
    verdict: Verdict


# ── sessions to come ─────────────────────────────────────────────────────────────────────────────────────────────


def registrations_to_come(learner: Learner, *, now: dt.datetime) -> list[Registration]:
    """Return a learner's registrations for sessions that are not over, soonest first: one query."""
    return list(
        seats.registrations_of(learner.pk).filter(
            # The join link leads in for a while after the end, too.
            occurrence__ends_at__gt=now - dt.timedelta(minutes=conf.JOIN_CLOSES_MINUTES)
        )
    )


def places(
    learner: Learner,
    rows: Sequence[Registration],
    *,
    names: Mapping[int, Named],
    language: str,
    now: dt.datetime,
) -> list[Place]:
    """Say what these registrations are for, in the learner's language and zone: no query.

    Args:
        learner: whose.
        rows: from ``registrations_to_come``.
        names: activity id → name, of the series.
        language: the reader's.
        now: the server's time.
    """
    opening = dt.timedelta(minutes=conf.JOIN_OPENS_MINUTES)
    return [
        Place(
            registration=row,
            occurrence=row.occurrence,
            title=_title(row.occurrence, names),
            when=when(row.occurrence, zones_of(learner, row.occurrence)),
            opens_at=row.occurrence.starts_at - opening,
            open=row.occurrence.starts_at - opening <= now,
            token=links.sign(purpose=seats.JOIN, public_id=row.public_id, version=row.link_version),
            ics_url=_ics(row.occurrence, language),
        )
        for row in rows
    ]


def _title(occurrence: Occurrence, names: Mapping[int, Named]) -> str:
    name = names.get(occurrence.series.activity_id)
    return name.title if name else occurrence.series.activity.title


def _ics(occurrence: Occurrence, language: str) -> str:
    if not occurrence.series.activity.public:
        return ""
    return path_if_offered("lms_public:session_ics", occurrence.public_id, language=language)


def zones_of(learner: Learner, occurrence: Occurrence) -> list[str]:
    """Return the zones in which to show a session: the learner's first, the organiser's beside it."""
    organiser = occurrence.series.zone
    return [learner.zone or organiser, organiser]


def registration_of(learner: Learner, public_id: str) -> Registration | None:
    """Return a learner's own registration by its public id, with session and series."""
    if not is_public_id(public_id):
        return None
    own = Registration.objects.filter(learner=learner, public_id=public_id)
    return own.select_related("occurrence__series__activity").first()


def wish_of(learner: Learner, public_id: str) -> SeriesRegistration | None:
    """Return a learner's own wish for a whole series by its public id, with the series."""
    if not is_public_id(public_id):
        return None
    own = SeriesRegistration.objects.filter(learner=learner, public_id=public_id)
    return own.select_related("series__activity").first()


def question(
    learner: Learner,
    *,
    language: str,
    occurrence: Occurrence | None = None,
    wish: SeriesRegistration | None = None,
    registration: Registration | None = None,
) -> dict[str, Any]:
    """Return what to show before a learner gives back one place, or a whole series: what it is, and when."""
    series = occurrence.series if occurrence else wish.series  # type: ignore[union-attr]
    activity = with_titles(Activity.objects.filter(pk=series.activity_id)).get()
    return {
        "title": title_in(activity, language),
        "when": when(occurrence, zones_of(learner, occurrence)) if occurrence else None,
        "limited": series.capacity is not None,
    }


# ── sessions that are over ───────────────────────────────────────────────────────────────────────────────────────


def sessions_before(learner: Learner, *, now: dt.datetime, number: str | None) -> Page[Any]:
    """Return one screen of the sessions that are over and that a learner had a place at or attended, latest first.

    One query; two when the screen that is asked for does not exist.

    Args:
        learner: whose.
        now: the server's time.
        number: of the screen, as it stands in the address; what is no number is the first, what is too high the last.
    """
    found = _sessions_before(learner, now)
    paginator: Paginator[Any] = Paginator(found, EARLIER_PER_SCREEN)
    asked = int(number) if number and number.isascii() and number.isdigit() and len(number) < 7 else 1
    # How many there are in all comes with the rows; without rows nobody knows, and the paginator counts.
    rows = list(
        found.annotate(of_all=Window(Count("pk")))[(asked - 1) * EARLIER_PER_SCREEN :][:EARLIER_PER_SCREEN]
        if asked
        else ()
    )
    if rows or asked == 1:
        paginator.count = rows[0].of_all if rows else 0
        return Page(rows, asked, paginator)
    return paginator.get_page(number)


def _sessions_before(learner: Learner, now: dt.datetime) -> QuerySet[Any]:
    own = Registration.objects.filter(occurrence=OuterRef("pk"), learner=learner)
    placed = own.exclude(state=Registration.State.CANCELLED)
    attended = Attendance.objects.filter(occurrence=OuterRef("pk"), learner=learner)
    applied = AttendanceImport.objects.filter(occurrence=OuterRef("pk"), state=AttendanceImport.State.APPLIED)
    return (
        Occurrence.objects.filter(Exists(placed) | Exists(attended), ends_at__lte=now)
        .annotate(
            reported=Exists(applied),
            place=Subquery(own.values("state")[:1]),
            presence=Subquery(
                attended.values(
                    said=JSONObject(seconds="seconds", of_seconds="window_seconds", attended="attended")
                )[:1],
                output_field=JSONField(),
            ),
        )
        .select_related("series__activity")
        .defer("series__rule", "series__join_url", "join_url")
        .order_by("-starts_at", "-pk")
    )


def earlier(learner: Learner, occurrences: Sequence[Any], *, names: Mapping[int, Named]) -> list[Earlier]:
    """Return what was counted for a learner at these sessions, and why: one query.

    Args:
        learner: whose.
        occurrences: a screen from ``sessions_before``.
        names: activity id → name, of the series.
    """
    records = progress.history(
        learner_id=learner.pk, activity_ids=[one.activity_id for one in occurrences]
    ).filter(verb="attended")
    params = {record.activity_id: record.reason_params for record in records}
    return [
        Earlier(
            occurrence=one,
            title=_title(one, names),
            when=when(one, zones_of(learner, one)),
            verdict=_verdict(one, params.get(one.activity_id, {})),
        )
        for one in occurrences
    ]


def _verdict(one: Any, params: Mapping[str, Any]) -> Verdict:
    if one.presence is None or one.status == Occurrence.Status.CANCELLED:
        return absence_words(
            reported=one.reported,
            waitlisted=one.place == Registration.State.WAITLISTED,
            cancelled=one.status == Occurrence.Status.CANCELLED,
        )
    percent = one.series.attend_percent
    return attendance_words(
        seconds=one.presence["seconds"],
        of_seconds=one.presence["of_seconds"],
        needed_seconds=seconds_needed(one.ends_at - one.starts_at, percent=percent),
        percent=percent,
        attended=bool(one.presence["attended"]),
        params=params,
    )
