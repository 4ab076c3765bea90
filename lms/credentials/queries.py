"""Reads of certificates: by serial for everybody, by learner for their page, by scope for officers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from lms.catalogue.models import Activity
from lms.core import clock, serials
from lms.credentials.models import Certificate, CertificateDue, CertificateOffer


def by_serial(text: str) -> Certificate | None:
    """Return the certificate with a serial as a person typed it, whatever its state; None for an unknown one."""
    serial = serials.normalise(text)
    if serial is None:
        return None
    return Certificate.objects.filter(serial=serial).select_related("superseded_by", "activity").first()


def of_learner(learner_id: int) -> QuerySet[Certificate]:
    """Return a learner's certificates that stand (no superseded ones), newest first."""
    return Certificate.objects.filter(learner_id=learner_id).exclude(state=Certificate.State.SUPERSEDED)


def due_for(learner_id: int) -> QuerySet[CertificateDue]:
    """Return what a learner earned that is not issued yet."""
    return CertificateDue.objects.filter(learner_id=learner_id).select_related("activity")


def offer_of(activity_id: int) -> CertificateOffer | None:
    """Return which certificate an activity leads to, if any."""
    return CertificateOffer.objects.filter(activity_id=activity_id).select_related("design__issuer").first()


def for_activities(activity_ids: Iterable[int]) -> QuerySet[Certificate]:
    """Return the certificates of some activities, newest first; callers pass the activities that a person may see."""
    return Certificate.objects.filter(activity_id__in=list(activity_ids)).select_related(
        "learner", "activity"
    )


def waiting_for_activities(activity_ids: Iterable[int]) -> QuerySet[CertificateDue]:
    """Return what is due and not issued in some activities, those that were refused first."""
    return (
        CertificateDue.objects.filter(activity_id__in=list(activity_ids))
        .select_related("learner", "activity")
        .order_by("-attempts", "due_at")
    )


def refused_certificates(activities: QuerySet[Activity] | None) -> QuerySet[CertificateDue]:
    """Return what was earned and could not be issued, the longest waiting first.

    Args:
        activities: those that the person who asks may see; None for all.
    """
    found = CertificateDue.objects.exclude(refusal="")
    if activities is not None:
        found = found.filter(activity__in=activities.order_by().values("pk"))
    return found.order_by("due_at", "pk")


def overdue_certificates(within: dt.timedelta) -> QuerySet[CertificateDue]:
    """Return what nobody has tried to issue although it should have been issued by then, the oldest first.

    Args:
        within: how long a worker may take that has much to do.
    """
    return CertificateDue.objects.filter(attempts=0, due_at__lt=clock.now() - within).order_by("due_at", "pk")
