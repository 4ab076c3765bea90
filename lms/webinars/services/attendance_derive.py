"""Deriving attendance from applied reports: rows, evidence in the ledger, enrolment of whoever was there.

Incremental and rebuild are the same function, so they agree (law 5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction

from lms import signals
from lms.people.models import Learner
from lms.progress.services import Statement, enrol, replace_evidence
from lms.webinars.models import Attendance, AttendanceImport, Occurrence, StaleAttendance
from lms.webinars.queries.attendance import (
    FEW,
    Found,
    applied_reports,
    attended_rule,
    learners_of_reports,
    moment_of,
    occurred_at,
    presences,
    window_of,
)

VERB = "attended"
REASON = "attendance.report"
REVISED = "attendance.revised"
FIELDS = ("seconds", "window_seconds", "first_joined_at", "last_left_at", "attended")


@transaction.atomic
def derive_attendance(*, occurrence_id: int, learner_ids: Collection[int] | None = None) -> int:
    """Derive attendance at one session anew from its applied reports, and all that follows in the ledger.

    Stays of all applied reports and devices are united, clipped to the session and bridged
    (``LMS["BRIDGE_SECONDS"]``). Whoever was there for a second gets an ``attended`` record with the duration, and is
    enrolled in the series, registered or not; the rules of each outline version decide whether it was enough.

    Args:
        occurrence_id: the session.
        learner_ids: whose attendance may have changed; None for everybody's.

    Returns:
        How many rows of attendance and records of the ledger were written or taken back; 0 when all agreed already.
    """
    lock_reports(occurrence_id)
    occurrence = Occurrence.objects.select_related("series", "activity").get(pk=occurrence_id)
    ids = sorted(set(learners_of_reports(occurrence_id) if learner_ids is None else learner_ids))
    if not ids:
        return 0
    found = presences(occurrence, report_ids=applied_reports(occurrence_id), learner_ids=ids)
    wanted = _rows(occurrence, found)
    fresh, changed, gone = _compare(occurrence_id, ids, wanted)
    Attendance.objects.bulk_create(
        [wanted[learner_id] for learner_id in [*fresh, *changed]],
        batch_size=FEW,
        update_conflicts=True,
        unique_fields=["occurrence", "learner"],
        update_fields=FIELDS,
    )
    for batch in _batches(gone):
        Attendance.objects.filter(occurrence_id=occurrence_id, learner_id__in=batch).delete()
    records = replace_evidence(
        activity_id=occurrence.activity_id,
        verb=VERB,
        learner_ids=ids,
        wanted=_statements(occurrence, found),
        reason=REVISED,
    )
    # After the evidence, so that each run is derived once; only newcomers, so that nobody who withdrew later comes back.
    enrol(learner_ids=fresh, activity_id=occurrence.series.activity_id)
    touched = [*fresh, *changed, *gone]
    if touched:
        signals.attendance_derived.send(
            sender=Attendance, occurrence_id=occurrence_id, learner_ids=sorted(touched)
        )
    return len(touched) + records


def rebuild_attendance(occurrence_id: int | None = None) -> int:
    """Derive all attendance anew from the applied reports; of one session, or of all. Returns how many rows differed."""
    sessions = Occurrence.objects.order_by("pk")
    if occurrence_id is None:
        named = AttendanceImport.objects.values("occurrence_id")
        present = Attendance.objects.values("occurrence_id")
        sessions = sessions.filter(pk__in=named) | sessions.filter(pk__in=present)
    else:
        sessions = sessions.filter(pk=occurrence_id)
    return sum(derive_attendance(occurrence_id=pk) for pk in list(sessions.values_list("pk", flat=True)))


def refresh_attendance(*, occurrence_id: int) -> bool:
    """Work off one row of work: derive a session's attendance after its rules or times changed.

    Returns:
        Whether there was such a row; it goes in the same transaction as the derivation.
    """
    with transaction.atomic():
        stale = StaleAttendance.objects.select_for_update().filter(occurrence_id=occurrence_id).first()
        if stale is None:
            return False
        derive_attendance(occurrence_id=occurrence_id)
        stale.delete()
        return True


def lock_reports(occurrence_id: int) -> None:
    """Let only one transaction at a time change what counts for a session.

    Two reports applied at the same time would each not see the other. The reports' own rows are locked, in order, and
    not the session's, which people who register are waiting for.
    """
    list(
        AttendanceImport.objects.select_for_update(no_key=True)
        .filter(occurrence_id=occurrence_id)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _rows(occurrence: Occurrence, found: Mapping[int, Found]) -> dict[int, Attendance]:
    opens, closes = window_of(occurrence)
    attended = attended_rule(occurrence)
    rows = {}
    for learner_id, each in found.items():
        presence = each.presence
        rows[learner_id] = Attendance(
            occurrence_id=occurrence.pk,
            learner_id=learner_id,
            seconds=presence.seconds,
            window_seconds=closes - opens,
            first_joined_at=None if presence.first_joined is None else moment_of(presence.first_joined),
            last_left_at=None if presence.last_left is None else moment_of(presence.last_left),
            attended=attended(presence.seconds, occurred_at(occurrence, presence)),
        )
    return rows


def _compare(
    occurrence_id: int, ids: Collection[int], wanted: Mapping[int, Attendance]
) -> tuple[list[int], list[int], list[int]]:
    """Return whose row is missing, whose differs, and whose has no ground any more."""
    rows = Attendance.objects.filter(occurrence_id=occurrence_id)
    if len(ids) <= FEW:
        rows = rows.filter(learner_id__in=ids)
    asked = set(ids)
    there = {
        learner_id: values
        for learner_id, *values in rows.values_list("learner_id", *FIELDS)
        if learner_id in asked
    }
    fresh = [learner_id for learner_id in wanted if learner_id not in there]
    changed = [
        learner_id
        for learner_id, values in there.items()
        if learner_id in wanted and [getattr(wanted[learner_id], name) for name in FIELDS] != values
    ]
    gone = [learner_id for learner_id in there if learner_id not in wanted]
    return sorted(fresh), sorted(changed), sorted(gone)


def _statements(occurrence: Occurrence, found: Mapping[int, Found]) -> dict[int, Statement]:
    opens, closes = window_of(occurrence)
    public_ids: dict[int, str] = {}
    for batch in _batches(sorted(found)):
        public_ids |= dict(Learner.objects.filter(pk__in=batch).values_list("pk", "public_id"))
    return {
        learner_id: Statement(
            cause=f"attended:{occurrence.public_id}:{public_ids[learner_id]}",
            learner_id=learner_id,
            activity_id=occurrence.activity_id,
            verb=VERB,
            occurred_at=occurred_at(occurrence, each.presence),
            reason=REASON,
            reason_params={
                "minutes": each.presence.seconds // 60,
                "of_minutes": (closes - opens) // 60,
                "devices": each.presence.devices,
                "report_date": each.reported_on.isoformat(),
            },
            duration_seconds=each.presence.seconds,
        )
        for learner_id, each in found.items()
    }


def _batches(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + FEW] for start in range(0, len(ids), FEW))
