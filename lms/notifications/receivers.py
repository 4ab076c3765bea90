"""What becomes a message. Rows only; the worker sends them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lms import signals
from lms.core import clock, work
from lms.credentials.models import Certificate
from lms.notifications import person
from lms.notifications.services import Notice, queue
from lms.progress import runs
from lms.webinars.models import Occurrence, Registration, SeriesRegistration


def connect() -> None:
    """Connect the receivers of this area. Called once, when all apps are loaded."""
    from lms.notifications import tasks  # noqa: PLC0415 -- app ready

    signals.series_registered.connect(series_registered, dispatch_uid="lms.notifications.series_registered")
    signals.series_left.connect(series_left, dispatch_uid="lms.notifications.series_left")
    signals.link_wanted.connect(link_wanted, dispatch_uid="lms.notifications.link_wanted")
    signals.enrolment_changed.connect(enrolment_changed, dispatch_uid="lms.notifications.enrolment_changed")
    signals.attempt_graded.connect(attempt_graded, dispatch_uid="lms.notifications.attempt_graded")
    signals.code_wanted.connect(code_wanted, dispatch_uid="lms.notifications.code_wanted")
    signals.registration_changed.connect(
        registration_changed, dispatch_uid="lms.notifications.registration_changed"
    )
    signals.occurrences_changed.connect(
        occurrences_changed, dispatch_uid="lms.notifications.occurrences_changed"
    )
    signals.certificates_issued.connect(
        certificates_issued, dispatch_uid="lms.notifications.certificates_issued"
    )
    work.register_sweep("notifications", tasks.sweep)
    person.connect()


def series_registered(sender: type, series_registration_id: int, **kwargs: Any) -> None:
    """Somebody signed up for a series: one mail with all its sessions."""
    row = SeriesRegistration.objects.get(pk=series_registration_id)
    queue([Notice(row.learner_id, "series_registered", f"series:{row.series_id}", revision=row.revision)])


def registration_changed(sender: type, registration_ids: Sequence[int], reason: str, **kwargs: Any) -> None:
    """Seats changed. What a mail about the whole series says already is not said again for each session."""
    kinds = {
        "registered": "session_registered",
        "waitlisted": "session_registered",
        "promoted": "session_promoted",
        "cancelled": "session_left",
    }
    if kwargs.get("whole_series"):
        return
    rows = Registration.objects.filter(pk__in=list(registration_ids)).values_list(
        "learner_id", "occurrence_id", "revision", "occurrence__sequence"
    )
    queue(
        Notice(learner_id, kinds[reason], f"occurrence:{occurrence_id}", sequence=sequence, revision=revision)
        for learner_id, occurrence_id, revision, sequence in rows
    )


def series_left(sender: type, series_registration_id: int, **kwargs: Any) -> None:
    """Somebody left a whole series: one mail, not one for each session."""
    row = SeriesRegistration.objects.get(pk=series_registration_id)
    queue([Notice(row.learner_id, "series_left", f"series:{row.series_id}", revision=row.revision)])


def link_wanted(sender: type, learner_id: int, activity_id: int, **kwargs: Any) -> None:
    """Somebody needs their personal link (again). The minute stands in for a revision: a lost mail may be asked for anew."""
    minute = int(clock.now().timestamp()) // 60
    queue([Notice(learner_id, "link_wanted", f"activity:{activity_id}", revision=minute)])


def enrolment_changed(sender: type, enrolment_ids: Sequence[int], change: str, **kwargs: Any) -> None:
    """Staff enrolled people, let them in, or declined: those are told. What people do themselves needs no mail.

    The minute stands in for a revision: somebody may be declined, ask again, and be let in.
    """
    kinds = {"approved": "enrolled", "enrolled": "enrolled", "declined": "enrolment_declined"}
    if change not in kinds:
        return
    minute = int(clock.now().timestamp()) // 60
    rows = runs.by_ids(enrolment_ids).values_list("pk", "learner_id")
    queue(Notice(learner_id, kinds[change], f"enrolment:{pk}", revision=minute) for pk, learner_id in rows)


def occurrences_changed(
    sender: type, occurrence_ids: Sequence[int], significant: Sequence[int], **kwargs: Any
) -> None:
    """Sessions with people were moved or cancelled: everybody with a seat or in the queue is told."""
    rows = (
        Registration.objects.filter(occurrence_id__in=list(significant))
        .exclude(state=Registration.State.CANCELLED)
        .values_list("learner_id", "occurrence_id", "revision", "occurrence__sequence", "occurrence__status")
    )
    queue(
        Notice(
            learner_id,
            "session_cancelled" if status == Occurrence.Status.CANCELLED else "session_moved",
            f"occurrence:{occurrence_id}",
            sequence=sequence,
            revision=revision,
        )
        for learner_id, occurrence_id, revision, sequence, status in rows
    )


def certificates_issued(sender: type, certificate_ids: Sequence[int], **kwargs: Any) -> None:
    """Certificates were issued: their holders are told where to find them."""
    rows = Certificate.objects.filter(pk__in=list(certificate_ids)).exclude(learner=None)
    queue(
        Notice(learner_id, "certificate_issued", f"certificate:{pk}")
        for pk, learner_id in rows.values_list("pk", "learner_id")
    )


def attempt_graded(sender: type, attempt_id: int, learner_id: int, **kwargs: Any) -> None:
    """A person graded what somebody wrote: they are told where the result stands."""
    queue([Notice(learner_id, "task_graded", f"attempt:{attempt_id}")])


def code_wanted(sender: type, code_id: int, learner_id: int, **kwargs: Any) -> None:
    """Somebody asked for a one-time code."""
    queue([Notice(learner_id, "code", f"code:{code_id}")])
