"""Reads of the schedule: sessions to come, sessions of a series or course, changes that wait for a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from wagtail.models import Site

from lms.catalogue.models import Activity, ActivityPage, OutlineItem
from lms.core import clock
from lms.webinars.models import (
    Attendance,
    AttendanceImport,
    Occurrence,
    Registration,
    ScheduleChange,
    SeriesRegistration,
    WebinarSeries,
)

#: States of a registration that make a session one with people.
HOLDING = (Registration.State.REGISTERED, Registration.State.WAITLISTED)


# ── for everybody ────────────────────────────────────────────────────────────────────────────────────────────────


def upcoming(
    *, activity: Activity | None = None, site: Site | None = None, now: dt.datetime | None = None
) -> QuerySet[Occurrence]:
    """Return public sessions that take place and have not ended, soonest first: two queries, however many.

    Each comes with its series, the series' activity and that activity's pages, which ``title_in`` and ``page_in`` of
    the catalogue use. Slice it; the rule of the series is not loaded.

    Args:
        activity: only what belongs to this series, course or curriculum.
        site: only series whose pages belong to this site.
        now: aware; the present moment by default.
    """
    found = Occurrence.objects.filter(
        status=Occurrence.Status.SCHEDULED,
        ends_at__gt=now or clock.now(),
        series__activity__public=True,
    )
    if activity is not None:
        found = found.filter(series__activity_id__in=series_activity_ids(activity))
    if site is not None:
        found = found.filter(series__activity__site=site)
    return _with_series(found).order_by("starts_at", "pk")


def occurrences_of(series: WebinarSeries, *, cancelled: bool = True) -> QuerySet[Occurrence]:
    """Return the sessions of a series in order of time.

    Args:
        series: whose.
        cancelled: also those that do not take place.
    """
    found = Occurrence.objects.filter(series=series)
    if not cancelled:
        found = found.filter(status=Occurrence.Status.SCHEDULED)
    return found.select_related("activity").order_by("starts_at", "pk")


def next_occurrence(series: WebinarSeries, *, now: dt.datetime | None = None) -> Occurrence | None:
    """Return the session of a series that is on or comes next, or None."""
    return occurrences_of(series, cancelled=False).filter(ends_at__gt=now or clock.now()).first()


def series_activity_ids(activity: Activity) -> set[int]:
    """Return the activities of all series in the outline of a course or curriculum, at any depth, or of a series itself.

    Outlines are compiled from the pages below a course, so nothing here walks the page tree. One query a level.
    """
    if activity.kind == "webinar_series":
        return {activity.pk}
    found: set[int] = set()
    reached = {activity.pk}
    level = reached
    while level:
        items = OutlineItem.objects.filter(
            version__activity_id__in=level, version__ended_at=None, group=False
        ).values_list("activity_id", "activity__kind")
        below = dict(items)
        found |= {pk for pk, kind in below.items() if kind == "webinar_series"}
        level = below.keys() - found - reached
        reached = reached | level
    return found


def series_of(activity: Activity) -> WebinarSeries | None:
    """Return the series that an activity is, with that activity, or None."""
    return WebinarSeries.objects.filter(activity=activity).select_related("activity").first()


def has_people(occurrence_ids: Iterable[int]) -> set[int]:
    """Return which of these sessions touch somebody: a seat, a place in the queue, or recorded presence."""
    ids = list(occurrence_ids)
    holding = Registration.objects.filter(occurrence_id__in=ids, state__in=HOLDING)
    present = Attendance.objects.filter(occurrence_id__in=ids)
    return set(holding.values_list("occurrence_id", flat=True)) | set(
        present.values_list("occurrence_id", flat=True)
    )


# ── for staff: ``within`` is what the person may manage (``lms.wagtailadmin.scope.series_for``) ───────────────────


def waiting_changes(
    *, within: QuerySet[WebinarSeries], now: dt.datetime | None = None
) -> QuerySet[ScheduleChange]:
    """Return changes that wait for a decision, soonest session first, with whom they touch.

    A change of a session that has begun, or is cancelled by now, waits no more.
    Each row has ``registered`` and ``waitlisted``, numbers of people.

    Args:
        within: the series that the person who asks may manage.
        now: aware; the present moment by default.
    """
    return (
        ScheduleChange.objects.filter(
            state=ScheduleChange.State.PROPOSED,
            occurrence__series__in=within.order_by().values("pk"),
            occurrence__status=Occurrence.Status.SCHEDULED,
            occurrence__starts_at__gt=now or clock.now(),
        )
        .select_related("occurrence__series__activity")
        .defer("occurrence__series__rule")
        .annotate(
            registered=_people("occurrence_id", Registration.State.REGISTERED),
            waitlisted=_people("occurrence_id", Registration.State.WAITLISTED),
        )
        .order_by("occurrence__starts_at", "pk")
    )


def coming_sessions(
    *, within: QuerySet[WebinarSeries], now: dt.datetime | None = None
) -> QuerySet[Occurrence]:
    """Return sessions that are on or to come, soonest first, with ``registered``, the number of people with a seat.

    Args:
        within: the series that the person who asks may manage.
        now: aware; the present moment by default.
    """
    return (
        Occurrence.objects.filter(
            series__in=within.order_by().values("pk"),
            status=Occurrence.Status.SCHEDULED,
            ends_at__gt=now or clock.now(),
        )
        .select_related("series__activity")
        .defer("series__rule")
        .annotate(registered=_people("pk", Registration.State.REGISTERED))
        .order_by("starts_at", "pk")
    )


def series_overview(
    *, within: QuerySet[WebinarSeries], now: dt.datetime | None = None
) -> QuerySet[WebinarSeries]:
    """Return series with figures for a list: ``next_starts_at``, ``sessions``, ``coming``, ``people``, ``waiting``.

    ``people`` are those who want every session or have a seat at one. Cancelled sessions are not counted.

    Args:
        within: the series that the person who asks may manage.
        now: aware; the present moment by default.
    """
    now = now or clock.now()
    takes_place = Occurrence.objects.filter(series=OuterRef("pk"), status=Occurrence.Status.SCHEDULED)
    coming = takes_place.filter(starts_at__gt=now)
    waiting = ScheduleChange.objects.filter(
        occurrence__series=OuterRef("pk"),
        state=ScheduleChange.State.PROPOSED,
        occurrence__status=Occurrence.Status.SCHEDULED,
        occurrence__starts_at__gt=now,
    )
    seated = Registration.objects.filter(occurrence__series=OuterRef("pk"), state__in=HOLDING)
    wishing = SeriesRegistration.objects.filter(series=OuterRef("pk"), cancelled_at=None).exclude(
        Exists(
            Registration.objects.filter(
                occurrence__series=OuterRef("series_id"), learner=OuterRef("learner_id"), state__in=HOLDING
            )
        )
    )
    return (
        within.select_related("activity")
        .defer("rule")
        .annotate(
            next_starts_at=Subquery(coming.order_by("starts_at").values("starts_at")[:1]),
            sessions=_count(takes_place, "series"),
            coming=_count(coming, "series"),
            waiting=_count(waiting, "occurrence__series"),
            people=_count(seated, "occurrence__series", of="learner") + _count(wishing, "series"),
        )
    )


def session_overview(series: WebinarSeries) -> QuerySet[Occurrence]:
    """Return the sessions of a series with figures for a list.

    Each has ``registered``, ``waitlisted``, ``present`` (presence above 0 s) and ``attended``, numbers of people, and
    ``report_state``, the state of the latest attendance report that was not undone, or None.

    Args:
        series: one that the person who asks may manage.
    """
    reports = AttendanceImport.objects.filter(occurrence=OuterRef("pk")).exclude(
        state=AttendanceImport.State.UNDONE
    )
    # An applied report says more than one that somebody merely looked at.
    applied_first = reports.annotate(applied=Q(state=AttendanceImport.State.APPLIED)).order_by(
        "-applied", "-created_at", "-pk"
    )
    present = Attendance.objects.filter(occurrence=OuterRef("pk"), seconds__gt=0)
    return occurrences_of(series).annotate(
        registered=_people("pk", Registration.State.REGISTERED),
        waitlisted=_people("pk", Registration.State.WAITLISTED),
        present=_count(present, "occurrence"),
        attended=_count(present.filter(attended=True), "occurrence"),
        report_state=Subquery(applied_first.values("state")[:1]),
    )


def _with_series(found: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
    return (
        found.select_related("series__activity")
        .defer("series__rule")
        .prefetch_related(
            Prefetch("series__activity__pages", ActivityPage.objects.select_related("locale", "page"))
        )
    )


def _people(occurrence: str, state: str) -> Coalesce:
    return _count(Registration.objects.filter(occurrence=OuterRef(occurrence), state=state), "occurrence")


def _count(rows: QuerySet[Model], group: str, *, of: str = "pk") -> Coalesce:
    """Return an expression that counts rows of a correlated query; joins would multiply the counts of each other."""
    counted = (
        rows.order_by().values(group).annotate(number=Count(F(of), distinct=of != "pk")).values("number")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
