"""Asking to take part, and the answers: what a visitor does by themselves follows the course's own rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.catalogue.mixins import EnrolmentMode
from lms.catalogue.models import Activity
from lms.core import clock
from lms.core.exceptions import Closed, KelasError
from lms.progress.derive import batches
from lms.progress.models import Cohort, Enrolment
from lms.progress.offers import mode_of
from lms.progress.services.admission import ASKED, admit, is_running, runs_of, send_news
from lms.progress.services.cohorts import enrol_in_cohort
from lms.progress.services.ledger import lock_learners


@transaction.atomic
def join(*, learner_id: int, activity_id: int, cohort_key: str = "") -> Enrolment:
    """Take part by oneself, as the course's rule says: start, ask, or take a seat. Doing it twice changes nothing.

    Whoever's last run is over starts, or asks for, a further one.

    Args:
        learner_id: who.
        activity_id: a course, or whatever has an outline.
        cohort_key: public id of the cohort, where one is to be chosen.

    Returns:
        The latest run: active, or requested.

    Raises:
        Closed: not offered, only for those whom staff enrol, or the cohort takes nobody any more.
        Full: the cohort has no seat left.
        Elsewhere: they are in another cohort.
        KelasError: no cohort was chosen (code ``choose-cohort``).
    """
    if not Activity.objects.filter(pk=activity_id, live=True).exists():
        raise Closed(_("This course is no longer offered."), code="not-offered")
    lock_learners([learner_id])
    runs = runs_of([learner_id], activity_id)[learner_id]
    mode = mode_of(activity_id)
    if mode == EnrolmentMode.APPROVAL:
        return request_enrolment(learner_id=learner_id, activity_id=activity_id)
    if mode == EnrolmentMode.COHORTS:
        if runs and is_running(runs[-1], clock.now()) and not cohort_key:
            return runs[-1]
        cohort = Cohort.objects.filter(public_id=cohort_key, activity_id=activity_id).first()
        if cohort is None:
            raise KelasError(_("Choose when you want to take part."), code="choose-cohort")
        enrol_in_cohort(learner_ids=[learner_id], cohort_id=cohort.pk)
    elif mode == EnrolmentMode.CLOSED:
        if not (runs and is_running(runs[-1], clock.now())):
            raise Closed(_("Only people whom the organiser enrols take part in this course."))
    else:
        admit(learner_ids=[learner_id], activity_id=activity_id, at=clock.now(), again=True)
    return runs_of([learner_id], activity_id)[learner_id][-1]


@transaction.atomic
def request_enrolment(*, learner_id: int, activity_id: int, at: dt.datetime | None = None) -> Enrolment:
    """Ask to take part in a course that needs approval. Asking twice is one request; whoever is in already stays in.

    What was declined may be asked for again, and so may a further run when the last one is over or was left.

    Returns:
        The latest run: requested, or the active one.

    Raises:
        Closed: the course takes no requests.
    """
    if mode_of(activity_id) != EnrolmentMode.APPROVAL:
        raise Closed(_("This course takes no requests."), code="no-requests")
    at = at or clock.now()
    lock_learners([learner_id])
    runs = runs_of([learner_id], activity_id)[learner_id]
    last = runs[-1] if runs else None
    if last is not None and (last.state == Enrolment.State.REQUESTED or is_running(last, clock.now())):
        return last
    if last is not None and last.state == Enrolment.State.DECLINED:
        last.state, last.started_at, last.note = Enrolment.State.REQUESTED, at, ""
        last.save(update_fields=["state", "started_at", "note", "updated_at"])
    else:
        last = Enrolment.objects.create(
            learner_id=learner_id,
            activity_id=activity_id,
            run=last.run + 1 if last else 1,
            state=Enrolment.State.REQUESTED,
            started_at=at,
        )
    send_news([last.pk], "requested")
    return last


@transaction.atomic
def approve(*, enrolment_ids: Iterable[int], at: dt.datetime | None = None) -> int:
    """Let in who asked, and who was declined before. Their runs start now; doing it twice changes nothing.

    Somebody who had left and asked to come back goes on with the run that they left.

    Args:
        enrolment_ids: of requests; others are passed over.
        at: when the runs start; now by default.

    Returns:
        How many were let in.
    """
    ids = set(enrolment_ids)
    asked: dict[int, list[int]] = {}
    for batch in batches(sorted(ids)):
        rows = Enrolment.objects.filter(pk__in=batch, state__in=ASKED)
        for activity_id, learner_id in rows.values_list("activity_id", "learner_id"):
            asked.setdefault(activity_id, []).append(learner_id)
    at = at or clock.now()
    count = 0
    for activity_id, learner_ids in sorted(asked.items()):
        count += len(
            admit(
                learner_ids=learner_ids, activity_id=activity_id, at=at, only=ids, news="approved"
            ).learner_ids
        )
    return count


@transaction.atomic
def decline(*, enrolment_ids: Iterable[int], reason: str) -> int:
    """Decline requests, with a reason that the learner reads. Those that are no requests any more are passed over.

    Returns:
        How many were declined.

    Raises:
        KelasError: no reason, or more than 500 characters (code ``reason``).
    """
    reason = clean_reason(reason)
    declined: list[int] = []
    for batch in batches(sorted(set(enrolment_ids))):
        rows = Enrolment.objects.filter(pk__in=batch, state=Enrolment.State.REQUESTED)
        lock_learners(sorted(set(rows.values_list("learner_id", flat=True))))
        still = list(rows.order_by("pk").values_list("pk", flat=True))
        rows.filter(pk__in=still).update(state=Enrolment.State.DECLINED, note=reason, updated_at=clock.now())
        declined += still
    send_news(declined, "declined")
    return len(declined)


def clean_reason(text: str) -> str:
    """Return a reason as it is kept: one line, at least one letter or digit, at most 500 characters.

    Raises:
        KelasError: it is none (code ``reason``).
    """
    reason = " ".join(text.split())
    if not any(character.isalnum() for character in reason):
        raise KelasError(_("Give a reason. The learner reads it."), code="reason")
    if len(reason) > 500:
        raise KelasError(_("A reason has at most 500 characters. Shorten it."), code="reason")
    return reason
