"""Presence at past sessions: a Zoom report for each, written as Zoom writes it and imported as a coordinator would."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Iterator

from academy.home.demo.earlier import as_if
from academy.home.demo.people import Person, everybody
from lms.core import clock
from lms.webinars.models import AttendanceImport, Occurrence, Registration
from lms.webinars.services.attendance import apply_import, preview_report, request_apply

COLUMNS = (
    "Name (Original Name)",
    "User Email",
    "Join Time",
    "Leave Time",
    "Duration (Minutes)",
    "Guest",
    "Recording Consent",
)
Row = tuple[str, str, dt.datetime, dt.datetime, str]


def import_reports() -> Iterator[int]:
    """Import one report for each past session that has none yet. Yield how many sessions are done.

    Twice changes nothing: a session with a report is passed over.
    """
    past = Occurrence.objects.filter(ends_at__lt=clock.now(), status=Occurrence.Status.SCHEDULED)
    for number, occurrence in enumerate(
        past.select_related("series__activity").order_by("starts_at"), start=1
    ):
        if not AttendanceImport.objects.filter(occurrence=occurrence).exists():
            # The coordinator takes care of it after lunch.
            with as_if(occurrence.ends_at + dt.timedelta(hours=6)):
                report = preview_report(
                    occurrence=occurrence,
                    source=report_of(occurrence),
                    file_name=f"participants_{occurrence.original_date:%Y_%m_%d}.csv",
                    date_order="mdy",
                )
                request_apply(attendance_import=report)
                apply_import(attendance_import_id=report.pk)
        yield number


def report_of(occurrence: Occurrence) -> bytes:
    """Return the participants report of one session, the same every time.

    Reconnections, a second device, somebody without an e-mail and a phone that calls itself by its model are in it, as
    in every real report.

    Args:
        occurrence: past.
    """
    dice = random.Random(f"kelas {occurrence.original_date} {occurrence.ordinal}")  # noqa: S311 -- the same every time
    seated = set(
        Registration.objects.filter(occurrence=occurrence, state=Registration.State.REGISTERED).values_list(
            "learner__addresses__value", flat=True
        )
    )
    rows: list[Row] = [
        ("Akademi Naik Kelas (Host)", "halo@academy.example", *_span(occurrence, -14, 66, dice), "No"),
        ("Galaxy A14", "", *_span(occurrence, 3, 51, dice), "Yes"),
    ]
    for person in everybody():
        if person.email in seated and dice.random() < person.zeal + 0.04:
            rows += _stays(person, occurrence, dice)
    rows.sort(key=lambda row: row[2])
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, email, joined, left, guest in rows:
        minutes = max(1, round((left - joined).total_seconds() / 60))
        writer.writerow(
            [name, email, _printed(joined, occurrence), _printed(left, occurrence), minutes, guest, "NA"]
        )
    return text.getvalue().encode()


def _stays(person: Person, occurrence: Occurrence, dice: random.Random) -> list[Row]:
    # Who does not sign in to Zoom has no e-mail in its report; the name of the registration is the only trace.
    email = "" if person.number % 5 == 0 else person.email
    start = dice.choice((-8, -5, -3, -1, 1, 4))
    whole = round((occurrence.ends_at - occurrence.starts_at).total_seconds() / 60)
    end = whole + dice.choice((0, 1, 3)) if dice.random() < person.zeal else dice.randint(12, 38)
    if dice.random() < 0.25:  # the signal broke down for a while
        gap = dice.randint(15, 30)
        return [
            (person.name, email, *_span(occurrence, start, gap, dice), "Yes"),
            (
                person.name,
                email,
                *_span(occurrence, gap + dice.randint(1, 4), max(end, gap + 8), dice),
                "Yes",
            ),
        ]
    stays: list[Row] = [(person.name, email, *_span(occurrence, start, end, dice), "Yes")]
    if dice.random() < 0.08:  # a second phone, at the same time
        stays.append((person.name, email, *_span(occurrence, 10, 25, dice), "Yes"))
    return stays


def _span(
    occurrence: Occurrence, start: int, end: int, dice: random.Random
) -> tuple[dt.datetime, dt.datetime]:
    moments = [
        occurrence.starts_at + dt.timedelta(minutes=minutes, seconds=dice.randint(0, 50))
        for minutes in (start, end)
    ]
    return moments[0], moments[1]


def _printed(moment: dt.datetime, occurrence: Occurrence) -> str:
    """Return a moment as Zoom prints it in English, on the clock of the series."""
    return clock.wall_clock(moment, occurrence.series.zone).strftime("%m/%d/%Y %I:%M:%S %p")
