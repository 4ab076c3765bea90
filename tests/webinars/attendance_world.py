"""A small world for tests of attendance: a series with sessions, invented people, and reports in Zoom's shape."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lms.catalogue.models import Activity
from lms.core import clock
from lms.people.models import Address, Learner
from lms.progress.services import enrol
from lms.webinars.models import Occurrence, Registration, SeriesRegistration, WebinarSeries
from lms.webinars.services.series import write_series_outline

ZONE = "Asia/Jakarta"
JAKARTA = ZoneInfo(ZONE)
START = dt.datetime(2026, 3, 3, 19, 0, tzinfo=JAKARTA)


def make_series(
    sessions=1, *, start=START, minutes=90, percent=70, needed=None, zone=ZONE, title="Jualan lewat WhatsApp"
):
    """A series with weekly sessions, as compiling leaves it, its outline included."""
    local = start.astimezone(ZoneInfo(zone))
    series = WebinarSeries.objects.create(
        activity=Activity.objects.create(kind="webinar_series", title=title, live=True),
        start_date=local.date(),
        start_time=local.time(),
        duration_minutes=minutes,
        zone=zone,
        attend_percent=percent,
        needed=needed,
    )
    for week in range(sessions):
        begin = start + dt.timedelta(weeks=week)
        Occurrence.objects.create(
            series=series,
            activity=Activity.objects.create(kind="occurrence", title=f"{title} {week + 1}"),
            original_date=begin.astimezone(ZoneInfo(zone)).date(),
            starts_at=begin,
            ends_at=begin + dt.timedelta(minutes=minutes),
            revised_at=clock.now(),
        )
    write_series_outline(series)
    return series


def republish(series, **fields):
    """Change the rules of a series and write its outline, as publishing does. Returns whether it changed."""
    for name, value in fields.items():
        setattr(series, name, value)
    series.save()
    return write_series_outline(series)


def make_learner(name, email="", *, verified=True):
    learner = Learner.objects.create(name=name)
    if email:
        Address.objects.create(learner=learner, value=email, verified_at=clock.now() if verified else None)
    return learner


def register(learner, occurrence, *, state="registered", series_too=True):
    """A seat at a session, and by default the standing wish and the enrolment that registering for a series makes."""
    now = clock.now()
    Registration.objects.create(occurrence=occurrence, learner=learner, state=state, queued_at=now)
    if series_too:
        SeriesRegistration.objects.get_or_create(
            series_id=occurrence.series_id, learner=learner, defaults={"registered_at": now}
        )
        enrol(learner_ids=[learner.pk], activity_id=occurrence.series.activity_id)


@dataclass
class Line:
    """One row of a report: who, and from which to which minute after the start of the session."""

    name: str
    email: str = ""
    join: float = 0
    leave: float = 90
    waiting: bool = False


HEADER = ["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest"]


def zoom(lines, *, start=START, zone=ZONE, form="%m/%d/%Y %I:%M:%S %p", preamble=None):
    """The participants report of a Zoom meeting with these lines; times printed in a zone, in one form."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    if preamble:
        writer.writerows(preamble)
    writer.writerow(HEADER)
    for line in lines:
        join, leave = (
            (start + dt.timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
            for minutes in (line.join, line.leave)
        )
        minutes = -(-int((leave - join).total_seconds()) // 60)
        writer.writerow([line.name, line.email, join.strftime(form), leave.strftime(form), minutes, "Yes"])
    return out.getvalue().encode("utf-8-sig")


def totals(lines):
    """The report that “Show unique users” makes: no times, one total a person."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["Name (Original Name)", "User Email", "Total Duration (Minutes)", "Guest"])
    for line in lines:
        writer.writerow([line.name, line.email, int(line.leave - line.join), "Yes"])
    return out.getvalue().encode("utf-8-sig")
