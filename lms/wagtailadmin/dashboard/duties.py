"""What needs a person: each a sentence with a number, and the place where it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.assessment.queries import waiting_tasks
from lms.core import clock
from lms.credentials.queries import overdue_certificates, refused_certificates
from lms.notifications import queries as notifications
from lms.progress import runs
from lms.wagtailadmin.certificates import activities_for
from lms.wagtailadmin.dashboard.base import HomePanel
from lms.wagtailadmin.outbox import failed_for
from lms.wagtailadmin.scope import courses_for, quizzes_for, series_for
from lms.webinars.queries import duties as attendance
from lms.webinars.queries import schedule

#: Work that waits longer than this was left by a worker that does not run.
WORKER_TAKES = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do: what, where, and what the link says. ``serious``: nothing goes on until it is done."""

    words: str
    url: str = ""
    link: str = ""
    serious: bool = False


class DutiesPanel(HomePanel):
    """Dashboard: what needs a person, or that nothing does."""

    name = "lms_duties"
    template_name = "lms/wagtailadmin/dashboard/duties.html"
    order = 130

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Return what is to be done: at most two queries for each kind of it."""
        return {"duties": list(duties_of(parent_context["request"].user))}


def duties_of(user: Any) -> Iterator[Duty]:
    """Yield what needs this person, what holds everything up first.

    Args:
        user: who may edit some pages.
    """
    series = series_for(user)
    yield from _worker()
    yield from _not_compiled(user)
    yield from _changes(series)
    yield from _attendance(series)
    yield from _requests(user)
    yield from _tasks(user)
    yield from _certificates(user)
    yield from _messages(user)


def _number(rows: QuerySet) -> tuple[int, Any]:
    """Return how many there are and the first: one query where there are none, else two."""
    number = rows.order_by().count()
    return number, rows.first() if number else None


def _worker() -> Iterator[Duty]:
    oldest = [
        moment
        for moment in (
            notifications.overdue(WORKER_TAKES).values_list("send_after", flat=True).first(),
            attendance.reports_stuck(WORKER_TAKES).values_list("updated_at", flat=True).first(),
            overdue_certificates(WORKER_TAKES).values_list("due_at", flat=True).first(),
        )
        if moment is not None
    ]
    if oldest:
        words = _(
            "Mails, certificates or attendance reports have waited for %(time)s: the worker does not seem to run. Tell "
            "whoever runs the site; nothing is lost, and everything follows once it runs again."
        )
        yield Duty(words % {"time": timesince(min(oldest), clock.now(), depth=1)}, serious=True)


def _not_compiled(user: Any) -> Iterator[Duty]:
    broken = activities_for(user).exclude(compile_error="").order_by("-compiled_at", "pk")
    number, first = _number(broken)
    if first is None:
        return
    words = ngettext(
        "“%(title)s” was published, but learners still see it as it was before: %(reason)s",
        "%(number)s pages were published, but learners still see them as they were before. The first is “%(title)s”: "
        "%(reason)s",
        number,
    )
    page = (
        first.pages.filter(page__isnull=False)
        .order_by("-owner", "pk")
        .values_list("page_id", flat=True)
        .first()
    )
    yield Duty(
        words
        % {
            "number": intcomma(number),
            "title": first.title,
            "reason": first.compile_error.partition(": ")[2] or first.compile_error,
        },
        reverse("wagtailadmin_pages:edit", args=[page]) if page else "",
        _("Edit the page"),
        serious=True,
    )


def _changes(series: QuerySet) -> Iterator[Duty]:
    number, first = _number(schedule.waiting_changes(within=series))
    if first is not None:
        words = ngettext(
            "One change of a session with people waits for a decision.",
            "%(number)s changes of sessions with people wait for a decision.",
            number,
        )
        activity = first.occurrence.series.activity
        yield Duty(
            words % {"number": intcomma(number)},
            reverse("lms_sessions", args=[activity.key]),
            _("Decide for %(series)s") % {"series": activity.title},
        )


def _attendance(series: QuerySet) -> Iterator[Duty]:
    unknown = attendance.unmatched_people(series)
    person = unknown.first()
    if person is not None:
        report = person.attendance_import
        counts = unknown.order_by().aggregate(
            all=Count("pk"),
            here=Count("pk", filter=Q(attendance_import=report)),
            reports=Count("attendance_import", distinct=True),
        )
        number = counts["here"]
        words = ngettext(
            "One person was at a session, but nobody knows who it is: no minutes count for them.",
            "%(number)s people were at a session, but nobody knows who they are: no minutes count for them.",
            number,
        )
        yield Duty(
            words % {"number": intcomma(number)} + _elsewhere(counts["all"] - number, counts["reports"] - 1),
            reverse("lms_attendance_report", args=[*_session(report.occurrence), report.public_id]),
            _("Say who they are in “%(file)s”") % {"file": report.file_name},
        )
    number, report = _number(attendance.reports_not_applied(series))
    if report is not None:
        words = ngettext(
            "One attendance report was read but does not count yet.",
            "%(number)s attendance reports were read but do not count yet.",
            number,
        )
        yield Duty(
            words % {"number": intcomma(number)},
            reverse("lms_attendance_report", args=[*_session(report.occurrence), report.public_id]),
            _("Apply or discard “%(file)s”") % {"file": report.file_name},
        )
    number, session = _number(attendance.sessions_without_report(series))
    if session is not None:
        words = ngettext(
            "One session is over and has no attendance report.",
            "%(number)s sessions are over and have no attendance report.",
            number,
        )
        yield Duty(
            words % {"number": intcomma(number)},
            reverse("lms_attendance", args=_session(session)),
            _("Add the report of %(series)s") % {"series": session.series.activity.title},
        )


def _elsewhere(people: int, reports: int) -> str:
    """Say how many are in other reports than the one that is linked."""
    if not people:
        return ""
    words = ngettext(
        "And %(people)s more in %(reports)s other report.",
        "And %(people)s more in %(reports)s other reports.",
        reports,
    )
    return " " + words % {"people": intcomma(people), "reports": intcomma(reports)}


def _session(occurrence: Any) -> list[Any]:
    return [occurrence.series.activity.key, occurrence.public_id]


def _requests(user: Any) -> Iterator[Duty]:
    number, course = runs.first_asked(courses_for(user))
    if course is not None:
        words = ngettext(
            "One person asks to take a course.", "%(number)s people ask to take a course.", number
        )
        yield Duty(
            words % {"number": intcomma(number)},
            f"{reverse('lms_enrolments', args=[course.key])}?state=requested",
            _("Decide for %(course)s") % {"course": course.title},
        )


def _tasks(user: Any) -> Iterator[Duty]:
    number = waiting_tasks(quizzes_for(user)).count()
    if number:
        words = ngettext(
            "One written task waits for a grader.", "%(number)s written tasks wait for a grader.", number
        )
        yield Duty(
            words % {"number": intcomma(number)}, reverse("lms_grading_all"), _("Grade, the oldest first")
        )


def _certificates(user: Any) -> Iterator[Duty]:
    activities = activities_for(user)
    # Whoever may act on everything needs no list of it.
    number = refused_certificates(None if user.is_superuser else activities).count()
    if number:
        words = ngettext(
            "One certificate was earned and could not be issued.",
            "%(number)s certificates were earned and could not be issued.",
            number,
        )
        yield Duty(words % {"number": intcomma(number)}, reverse("lms_certificates"), _("See why"))


def _messages(user: Any) -> Iterator[Duty]:
    number = failed_for(user).order_by().count()
    if number:
        words = ngettext("One message could not be sent.", "%(number)s messages could not be sent.", number)
        yield Duty(words % {"number": intcomma(number)}, reverse("lms_outbox"), _("See why, and try again"))
