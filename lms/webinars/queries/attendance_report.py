"""Reads for the screens of attendance: the reports of a session, who is in one, what applying it would change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from lms.webinars.models import Attendance, AttendanceImport, Occurrence, Registration, ReportPerson
from lms.webinars.queries.attendance import applied_reports, attended_rule, occurred_at, presences

Match = ReportPerson.Match
State = AttendanceImport.State
#: Beside the values of ``ReportPerson.Match``: unmatched, and not there during the session.
ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many people a session has: with a seat, of these present, present at all, present for long enough."""

    registered: int
    registered_present: int
    present: int
    attended: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would be so if a report counted too: learners who were there, and those of them who attended."""

    present: frozenset[int]
    attended: frozenset[int]


def figures(occurrence: Occurrence) -> Figures:
    """Return how many people have a seat at a session and were there: two queries."""
    there = Attendance.objects.filter(occurrence=occurrence, seconds__gt=0)
    seats = Registration.objects.filter(occurrence=occurrence, state=Registration.State.REGISTERED).annotate(
        there=Exists(there.filter(learner=OuterRef("learner")))
    )
    by_presence = dict(seats.order_by().values_list("there").annotate(Count("pk")))
    by_attendance = dict(there.order_by().values_list("attended").annotate(Count("pk")))
    return Figures(
        registered=sum(by_presence.values()),
        registered_present=by_presence.get(True, 0),
        present=sum(by_attendance.values()),
        attended=by_attendance.get(True, 0),
    )


def attendance_of(occurrence: Occurrence) -> QuerySet[Attendance]:
    """Return who was at a session, longest first, with the learner and ``registered``: whether they have a seat."""
    seats = Registration.objects.filter(
        occurrence=occurrence, learner=OuterRef("learner"), state=Registration.State.REGISTERED
    )
    return (
        Attendance.objects.filter(occurrence=occurrence, seconds__gt=0)
        .annotate(registered=Exists(seats))
        .select_related("learner")
        .order_by("-attended", "-seconds", "learner__name", "pk")
    )


def reports_of(occurrence: Occurrence) -> QuerySet[AttendanceImport]:
    """Return the reports of a session, latest first, with ``people_count`` and ``unmatched_count``.

    Hosts and panelists are not among the people. Whoever was not there during the session (a webinar's report lists who registered and stayed away) waits for nothing.
    """
    people = ReportPerson.objects.filter(attendance_import=OuterRef("pk")).order_by()
    return (
        AttendanceImport.objects.filter(occurrence=occurrence)
        .select_related("uploaded_by")
        .annotate(
            people_count=_number(people.exclude(match=Match.STAFF)),
            unmatched_count=_number(people.filter(match=Match.NONE, seconds__gt=0)),
        )
    )


def match_counts(attendance_import: AttendanceImport) -> dict[str, int]:
    """Return how many people of a report were recognised by what rule: value of ``ReportPerson.Match`` → number.

    Hosts and panelists are not among them.
    Unmatched people who were not there during the session stand under ``ABSENT``: nobody has to decide about them.
    """
    rule = Case(When(match=Match.NONE, seconds=0, then=Value(ABSENT)), default=F("match"))
    people = attendance_import.people.exclude(match=Match.STAFF).order_by()
    rows = people.annotate(rule=rule).values_list("rule").annotate(Count("pk"))
    return {str(match): number for match, number in rows}


def first_joining(attendance_import: AttendanceImport) -> dt.datetime | None:
    """Return when the first person of a report joined, or None where the report prints no times."""
    return attendance_import.people.aggregate(first=Min("intervals__joined_at"))["first"]


def people_of(attendance_import: AttendanceImport) -> QuerySet[ReportPerson]:
    """Return the people of a report with their learners: whoever is nobody yet first; without hosts and panelists."""
    rank = Case(
        When(match=Match.NONE, seconds__gt=0, then=Value(0)),
        When(match=Match.NAME, then=Value(1)),
        When(match__in=[Match.NONE, Match.IGNORED], then=Value(3)),
        default=Value(2),
        output_field=IntegerField(),
    )
    people = attendance_import.people.exclude(match=Match.STAFF).select_related("learner")
    return people.annotate(rank=rank).order_by("rank", "position")


def hosts_of(attendance_import: AttendanceImport) -> QuerySet[ReportPerson]:
    """Return the hosts and panelists of a report, who attend nothing and wait for nothing."""
    return attendance_import.people.filter(match=Match.STAFF).order_by("position")


def forecast(occurrence: Occurrence, attendance_import: AttendanceImport) -> Forecast:
    """Return who would have been there, and for long enough, if a report counted beside those that count already.

    Args:
        occurrence: the session, with its series.
        attendance_import: one of its reports, in whatever state.
    """
    reports = dict.fromkeys([*applied_reports(occurrence.pk), attendance_import.pk])
    attended = attended_rule(occurrence)
    found = presences(occurrence, report_ids=reports)
    return Forecast(
        present=frozenset(found),
        attended=frozenset(
            learner_id
            for learner_id, each in found.items()
            if attended(each.presence.seconds, occurred_at(occurrence, each.presence))
        ),
    )


def _number(rows: QuerySet[ReportPerson]) -> Coalesce:
    counted = rows.values("attendance_import").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
