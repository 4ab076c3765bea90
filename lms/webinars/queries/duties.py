"""What of the attendance of sessions waits for a person. ``within`` is what the person who asks may manage."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from lms.core import clock
from lms.webinars.models import AttendanceImport, Occurrence, Registration, ReportPerson, WebinarSeries

State = AttendanceImport.State
#: A report of a session may take so long after its end; then somebody is reminded, for so long.
REPORT_AFTER = dt.timedelta(hours=2)
REPORT_UNTIL = dt.timedelta(days=60)


def unmatched_people(within: QuerySet[WebinarSeries]) -> QuerySet[ReportPerson]:
    """Return people in applied reports who were there and are nobody yet: the latest session first."""
    return (
        ReportPerson.objects.filter(
            match=ReportPerson.Match.NONE,
            seconds__gt=0,
            attendance_import__state=State.APPLIED,
            attendance_import__occurrence__series__in=within.order_by().values("pk"),
        )
        .select_related("attendance_import__occurrence__series__activity")
        .defer("attendance_import__occurrence__series__rule")
        .order_by("-attendance_import__occurrence__starts_at", "attendance_import_id", "position")
    )


def reports_not_applied(within: QuerySet[WebinarSeries]) -> QuerySet[AttendanceImport]:
    """Return reports that were looked at, or failed, and wait for somebody to apply or discard them: the oldest first.

    A report beside one that counts already is no duty: it was looked at and left.
    """
    counted = AttendanceImport.objects.filter(
        occurrence=OuterRef("occurrence"), state__in=[State.QUEUED, State.APPLIED]
    )
    return (
        AttendanceImport.objects.filter(
            ~Exists(counted),
            state__in=[State.PREVIEWED, State.FAILED],
            occurrence__status=Occurrence.Status.SCHEDULED,
            occurrence__series__in=within.order_by().values("pk"),
        )
        .select_related("occurrence__series__activity")
        .defer("occurrence__series__rule")
        .order_by("created_at", "pk")
    )


def sessions_without_report(
    within: QuerySet[WebinarSeries], *, now: dt.datetime | None = None
) -> QuerySet[Occurrence]:
    """Return sessions of the last weeks that somebody had a seat at and that no report was added to: the oldest first."""
    now = now or clock.now()
    reports = AttendanceImport.objects.filter(occurrence=OuterRef("pk")).exclude(state=State.UNDONE)
    seats = Registration.objects.filter(occurrence=OuterRef("pk"), state=Registration.State.REGISTERED)
    return (
        Occurrence.objects.filter(
            ~Exists(reports),
            Exists(seats),
            status=Occurrence.Status.SCHEDULED,
            ends_at__lt=now - REPORT_AFTER,
            ends_at__gt=now - REPORT_UNTIL,
            series__in=within.order_by().values("pk"),
        )
        .select_related("series__activity")
        .defer("series__rule")
        .order_by("starts_at", "pk")
    )


def reports_stuck(within: dt.timedelta) -> QuerySet[AttendanceImport]:
    """Return reports that a worker should have applied by now.

    Args:
        within: how long it may take.
    """
    return AttendanceImport.objects.filter(state=State.QUEUED, updated_at__lt=clock.now() - within).order_by(
        "updated_at"
    )
