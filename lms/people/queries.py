"""Reads of people: who is at an address, and whose personal link this is."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from lms.core import links
from lms.people.models import Address, Consent, Learner
from lms.people.rules import address_mark, name_key

#: Purpose of the link to a learner's personal page.
PERSON = "person"


def canonical(learner: Learner) -> Learner:
    """Return the learner who stands for this one after merges; the learner itself when it was not merged."""
    while learner.canonical is not None:
        learner = learner.canonical
    return learner


def learners_with(*, email: str) -> list[int]:
    """Return the ids of the learners whom an address belongs to: a family may share one.

    Args:
        email: as ``rules.clean_email`` returns it.
    """
    rows = Address.objects.filter(kind=Address.Kind.EMAIL, value=email, learner__erased_at=None)
    people = {canonical(row.learner) for row in rows.select_related("learner__canonical")}
    return sorted(learner.pk for learner in people if learner.erased_at is None)


def learners_at(*, email: str, name: str) -> list[Learner]:
    """Return the learners who proved this address as theirs under this name, oldest first.

    Args:
        email: as ``rules.clean_email`` returns it.
        name: compared without regard to case, width and spacing.
    """
    proven = (
        Learner.objects.filter(
            addresses__kind=Address.Kind.EMAIL,
            addresses__value=email,
            addresses__verified_at__isnull=False,
            erased_at=None,
        )
        .select_related("canonical")
        .order_by("pk")
    )
    key = name_key(name)
    return [learner for learner in proven if name_key(learner.name) == key]


def learner_of_account(user: Any) -> Learner | None:
    """Return the learner whom an account belongs to; None for nobody, or for who is not signed in."""
    if user is None or not user.is_authenticated:
        return None
    return Learner.objects.filter(user=user, canonical=None, erased_at=None).first()


def personal_token(learner: Learner, address: Address | None = None) -> str:
    """Return the token of a learner's personal page, ``/p/<token>``.

    Args:
        learner: whose page.
        address: where the link is sent to; following it then proves that address.
    """
    return links.sign(
        purpose=PERSON,
        public_id=learner.public_id,
        version=learner.link_version,
        via=address_mark(learner.public_id, address.value) if address else "",
    )


def learner_of_link(token: str) -> tuple[Learner, list[Address], links.LinkClaim]:
    """Return whose personal link this is, their e-mail addresses, and what the link claims.

    One query, and one more for somebody who has no e-mail address. Proven addresses stand first, newer before older.

    Raises:
        BadLink: it is none of ours.
        RevokedLink: it was revoked, or its learner was erased.
    """
    claim = links.read(token, purpose=PERSON)
    emails = Address.objects.filter(learner__public_id=claim.public_id, kind=Address.Kind.EMAIL)
    addresses = sorted(
        emails.select_related("learner__canonical").order_by("-pk"), key=lambda row: row.verified_at is None
    )
    learner = addresses[0].learner if addresses else None
    if learner is None:
        learner = Learner.objects.select_related("canonical").filter(public_id=claim.public_id).first()
    if learner is None or learner.link_version != claim.version or learner.erased_at:
        raise links.RevokedLink("This link was replaced by a newer one.")
    return learner, addresses, claim


def live_consents(learner: Learner) -> QuerySet[Consent]:
    """Return what a learner agrees to now."""
    return Consent.objects.filter(learner=learner, withdrawn_at=None).order_by("given_at", "pk")
