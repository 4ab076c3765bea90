"""Writes of certificates: due, issued and frozen, revoked, corrected. An issued one is never changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms import signals
from lms.core import clock, serials, work
from lms.core.exceptions import KelasError
from lms.credentials import render
from lms.credentials.contents import content_for
from lms.credentials.models import Certificate, CertificateDesign, CertificateDue, CertificateOffer
from lms.people.models import Learner
from lms.progress.queries import completions, is_completed

logger = logging.getLogger(__name__)

#: Tries after which a refused certificate waits for a person; a corrected name starts anew.
MOST_ATTEMPTS = 3


@transaction.atomic
def make_due(*, completion_ids: Iterable[int]) -> int:
    """Note that certificates are due for completions of activities that offer one, and wake the worker.

    Learners who withdrew get none. Doing it twice changes nothing.

    Returns:
        How many are due now.
    """
    # Plain values: a large session completes thousands at once, and most activities offer no certificate.
    rows = list(
        completions(completion_ids).values_list(
            "enrolment__learner_id",
            "enrolment__activity_id",
            "enrolment__run",
            "enrolment__state",
            "completed_at",
        )
    )
    offers = set(
        CertificateOffer.objects.filter(
            activity_id__in={activity_id for _, activity_id, *_ in rows}
        ).values_list("activity_id", flat=True)
    )
    now = clock.now()
    due = [
        CertificateDue(
            learner_id=learner_id, activity_id=activity_id, run=run, earned_at=completed_at, due_at=now
        )
        for learner_id, activity_id, run, state, completed_at in rows
        if activity_id in offers and state == "active"
    ]
    if due:
        CertificateDue.objects.bulk_create(due, ignore_conflicts=True, batch_size=500)
        work.wake("lms.credentials.tasks.issue_due")
    return len(due)


@transaction.atomic
def withdraw_due(*, lost: Iterable[tuple[int, int, int]]) -> int:
    """Take back certificates that are due and not issued, because their completions were taken back.

    Issued ones stay as they are: only an officer revokes.

    Args:
        lost: (learner id, activity id, run).

    Returns:
        How many were taken back.
    """
    learners: dict[tuple[int, int], list[int]] = {}
    for learner_id, activity_id, run in lost:
        learners.setdefault((activity_id, run), []).append(learner_id)
    return sum(
        CertificateDue.objects.filter(
            activity_id=activity_id, run=run, learner_id__in=ids[start : start + 500]
        ).delete()[0]
        for (activity_id, run), ids in learners.items()
        for start in range(0, len(ids), 500)
    )


def issue_due(*, limit: int = 1000) -> int:
    """Issue what is due, one transaction each. Several workers may run this at once.

    Returns:
        How many were issued.
    """
    waiting = CertificateDue.objects.filter(attempts__lt=MOST_ATTEMPTS).order_by("due_at", "id")
    issued = 0
    for due_id in list(waiting.values_list("pk", flat=True)[:limit]):
        try:
            issued += issue(due_id=due_id) is not None
        except Exception as error:
            logger.exception("Certificate due %s could not be issued.", due_id)
            _note_refusal(due_id, type(error).__name__)
    return issued


def issue(*, due_id: int) -> Certificate | None:
    """Issue one certificate that is due: freeze its words, design, bytes and hash; tell its holder.

    Issuing the same twice gives one certificate: the row of work is locked, and the database allows one live
    certificate per learner, activity, run and kind.

    Returns:
        The certificate, or None when there was nothing to issue any more or it was refused; the refusal is kept on
        the row of work for an officer.
    """
    try:
        with transaction.atomic():
            due = CertificateDue.objects.select_for_update().filter(pk=due_id).first()
            if due is None:
                return None
            certificate = _issue(due)
            due.delete()
            return certificate
    except render.CertificateRefused as refusal:
        _note_refusal(due_id, str(refusal))
        return None


def _issue(due: CertificateDue) -> Certificate | None:
    offer = (
        CertificateOffer.objects.filter(activity_id=due.activity_id).select_related("design__issuer").first()
    )
    learner = Learner.objects.get(pk=due.learner_id)
    live = Certificate.objects.filter(
        learner=learner,
        activity_id=due.activity_id,
        run=due.run,
        kind=due.kind,
        state=Certificate.State.VALID,
    )
    earned = is_completed(learner_id=due.learner_id, activity_id=due.activity_id, run=due.run)
    if offer is None or learner.erased_at is not None or not earned or live.exists():
        return None
    certificate = _freeze(
        learner=learner,
        holder_name=learner.name,
        activity_id=due.activity_id,
        run=due.run,
        kind=due.kind,
        design=offer.design,
        earned_at=due.earned_at,
    )
    signals.certificates_issued.send(sender=Certificate, certificate_ids=[certificate.pk])
    return certificate


def _freeze(
    *, learner: Learner, holder_name: str, design: CertificateDesign, earned_at: dt.datetime, **identity: Any
) -> Certificate:
    # Microseconds are not printed and would not survive every database.
    issued_at = clock.now().replace(microsecond=0)
    serial = serials.new_serial()
    settled = render.settle(
        content_for(
            learner=learner,
            holder_name=holder_name,
            design=design,
            serial=serial,
            earned_at=earned_at,
            **identity,
        )
    )
    pdf = render.render_pdf(settled.content, issued_at=issued_at, template=design.template)
    certificate = Certificate(
        serial=serial,
        learner=learner,
        holder_name=settled.content.holder_name,
        title=settled.content.title,
        content=settled.content.as_json()
        | {"dropped": [[each.field, *each.characters] for each in settled.dropped]},
        design=design,
        design_revision=design.revision,
        issuer_name=settled.content.issuer_name,
        earned_at=earned_at,
        issued_at=issued_at,
        sha256=hashlib.sha256(pdf).hexdigest(),
        **identity,
    )
    certificate.pdf.save(f"{certificate.public_id}.pdf", ContentFile(pdf), save=False)
    certificate.save(force_insert=True)
    return certificate


def _note_refusal(due_id: int, words: str) -> None:
    with transaction.atomic():
        due = CertificateDue.objects.select_for_update().filter(pk=due_id).first()
        if due is not None:
            due.refusal, due.attempts = words, due.attempts + 1
            due.save(update_fields=["refusal", "attempts"])


@transaction.atomic
def try_again(*, due: CertificateDue) -> None:
    """Try a refused certificate anew, after somebody corrected a name or a design."""
    CertificateDue.objects.filter(pk=due.pk).update(attempts=0, refusal="", due_at=clock.now())
    work.wake("lms.credentials.tasks.issue_due")


@transaction.atomic
def revoke(*, certificate: Certificate, reason: str) -> Certificate:
    """Mark a certificate as revoked. Its public address stays and says so. Revoking twice changes nothing.

    Raises:
        KelasError: without a reason, or when it was superseded already.
    """
    row = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if row.state == Certificate.State.REVOKED:
        return row
    if row.state == Certificate.State.SUPERSEDED:
        raise KelasError(_("A superseded certificate cannot be revoked; revoke the one that took its place."))
    if not reason.strip():
        raise KelasError(_("Say why the certificate is revoked; the reason is kept with it."))
    row.state, row.revoked_at, row.revocation_reason = Certificate.State.REVOKED, clock.now(), reason.strip()
    row.save(update_fields=["state", "revoked_at", "revocation_reason", "updated_at"])
    return row


@transaction.atomic
def correct(*, certificate: Certificate, holder_name: str) -> Certificate:
    """Issue a certificate again with a corrected name. The old one stays, superseded, and points at the new one.

    Returns:
        The certificate that holds now; the given one when the name is the same.

    Raises:
        KelasError: it is not valid any more, or its activity, design or learner is gone.
        CertificateRefused: the name cannot be printed.
    """
    row = (
        # Only its own row: PostgreSQL locks nothing behind an outer join.
        Certificate.objects.select_for_update(of=("self",))
        .select_related("learner", "design__issuer")
        .get(pk=certificate.pk)
    )
    holder_name = " ".join(holder_name.split())
    if row.state != Certificate.State.VALID:
        raise KelasError(_("Only a valid certificate can be corrected."))
    if row.learner is None or row.activity_id is None or row.design is None:
        raise KelasError(_("The person, the activity or the design of this certificate is gone."))
    if holder_name == row.holder_name:
        return row
    row.state = Certificate.State.SUPERSEDED
    row.save(update_fields=["state", "updated_at"])
    new = _freeze(
        learner=row.learner,
        holder_name=holder_name,
        design=row.design,
        earned_at=row.earned_at,
        activity_id=row.activity_id,
        run=row.run,
        kind=row.kind,
    )
    Certificate.objects.filter(pk=new.pk).update(supersedes=row)
    new.refresh_from_db()
    signals.certificates_issued.send(sender=Certificate, certificate_ids=[new.pk])
    return new
