"""A person's rows around live sessions: places, clicks, reports, attendance. Who was counted stays counted, without a name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Lower

from lms.core import clock
from lms.people.handlers import Traces, keep, known_by, on_departure, register
from lms.people.models import Learner
from lms.people.rules import name_key
from lms.webinars.models import (
    AttendanceImport,
    Occurrence,
    Registration,
    ReportPerson,
    ScheduleChange,
    SeriesRegistration,
)
from lms.webinars.services import seats

SESSION = {"series": "occurrence__series__activity__title", "session": "occurrence__starts_at"}


def connect() -> None:
    """Register the handlers of this area."""
    register(
        "lms.SeriesRegistration",
        "learner",
        erase=keep,
        also={"series": "series__activity__title", "partner": "partner__name"},
    )
    register("lms.Registration", "learner", erase=_erase_registrations, also=SESSION, hidden=["link_version"])
    register(
        "lms.JoinClick",
        "registration__learner",
        erase=keep,
        also={"session": "registration__occurrence__starts_at"},
    )
    register("lms.Attendance", "learner", erase=keep, also=SESSION)
    register(
        "lms.ReportPerson",
        "learner",
        erase=_erase_report_people,
        also={
            "report": "attendance_import__file_name",
            "session": "attendance_import__occurrence__starts_at",
        },
    )
    register("lms.PresenceInterval", "person__learner", erase=keep)
    # What somebody did as an organiser, through their account.
    register(
        "lms.AttendanceImport",
        "uploaded_by__lms_learners",
        erase=partial(_let_go, AttendanceImport, "uploaded_by"),
        also=SESSION,
        hidden=["file", "warnings"],
    )
    register(
        "lms.ScheduleChange",
        "decided_by__lms_learners",
        erase=partial(_let_go, ScheduleChange, "decided_by"),
        also=SESSION,
    )
    on_departure(_give_everything_back)
    known_by(_names_on_reports)


def _give_everything_back(learner: Learner) -> None:
    """Free the places of somebody who leaves, so that whoever waits gets them."""
    for wish in SeriesRegistration.objects.filter(learner=learner, cancelled_at=None).order_by("pk"):
        seats.cancel_series_registration(series_registration=wish)
    coming = Registration.objects.filter(learner=learner, occurrence__ends_at__gt=clock.now())
    for row in coming.exclude(state=Registration.State.CANCELLED).order_by("occurrence_id"):
        seats.cancel_registration(registration=row)


def _names_on_reports(ids: Sequence[int], traces: Traces) -> None:
    for name, email in ReportPerson.objects.filter(learner__in=ids).values_list("name", "email"):
        traces.names.update(name.splitlines())
        traces.addresses.add(email.lower())


def _erase_registrations(ids: Sequence[int], traces: Traces) -> int:
    """Make old join links invalid; the places stay counted."""
    return Registration.objects.filter(learner__in=ids).update(
        link_version=F("link_version") + 1, updated_at=clock.now()
    )


def _erase_report_people(ids: Sequence[int], traces: Traces) -> int:
    """Blank the person in every report, matched or not, and delete the files that name them; their hashes stay."""
    rows = ReportPerson.objects.annotate(address=Lower("email")).filter(
        Q(learner__in=ids) | Q(address__in=traces.addresses) | Q(pk__in=_namesakes(ids, traces))
    )
    reports = set(rows.values_list("attendance_import_id", flat=True))
    count = rows.exclude(name="", email="").update(name="", email="")
    for report in AttendanceImport.objects.filter(pk__in=reports).order_by("pk"):
        if report.file.name:
            # After the commit: a file cannot be brought back when the transaction is undone.
            transaction.on_commit(partial(report.file.storage.delete, report.file.name))
        AttendanceImport.objects.filter(pk=report.pk).update(
            file="",
            file_name=traces.out_of(report.file_name),
            warnings=traces.out_of(report.warnings),
            error=traces.out_of(report.error),
        )
    return count


def _namesakes(ids: Sequence[int], traces: Traces) -> list[int]:
    """Return unmatched lines that bear the name of somebody who had a place at that session: it was them, or may be."""
    sessions = Occurrence.objects.filter(registrations__learner__in=ids)
    lines = ReportPerson.objects.filter(learner=None, attendance_import__occurrence__in=sessions)
    keys = traces.name_keys
    return [
        pk
        for pk, name in lines.values_list("pk", "name")
        if any(name_key(line) in keys for line in name.splitlines())
    ]


def _let_go(
    model: type[AttendanceImport] | type[ScheduleChange], column: str, ids: Sequence[int], traces: Traces
) -> int:
    accounts = Learner.objects.filter(pk__in=ids).exclude(user=None).values_list("user_id", flat=True)
    return model._default_manager.filter(**{f"{column}__in": list(accounts)}).update(**{column: None})
