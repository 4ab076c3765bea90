"""A person's certificates. Serial, hash and dates stay at their public address; name, words and document go (law 8)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from lms.core import clock
from lms.credentials.models import Certificate
from lms.people.handlers import Traces, clear, known_by, register


def connect() -> None:
    """Register the handlers of this area."""
    register(
        "lms.CertificateDue",
        "learner",
        erase=clear("lms.CertificateDue", "learner"),
        also={"activity": "activity__title"},
    )
    register("lms.Certificate", "learner", erase=_erase_certificates, also={"activity": "activity__title"})
    known_by(_names_on_certificates)


def _names_on_certificates(ids: Sequence[int], traces: Traces) -> None:
    traces.names.update(Certificate.objects.filter(learner__in=ids).values_list("holder_name", flat=True))


def _erase_certificates(ids: Sequence[int], traces: Traces) -> int:
    count = 0
    for row in Certificate.objects.filter(learner__in=ids, erased_at=None).order_by("pk"):
        if row.pdf.name:
            # After the commit: a document cannot be brought back when the transaction is undone.
            transaction.on_commit(partial(row.pdf.storage.delete, row.pdf.name))
        count += Certificate.objects.filter(pk=row.pk).update(
            holder_name="",
            content={},
            pdf="",
            revocation_reason=traces.out_of(row.revocation_reason),
            erased_at=clock.now(),
            updated_at=clock.now(),
        )
    return count
