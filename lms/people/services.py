"""Writes of people: who registers, which address is proven, what they agree to, which account is theirs."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.exceptions import KelasError
from lms.core.public_ids import PUBLIC_ID_LENGTH, new_public_id
from lms.people.models import Address, Consent, Learner
from lms.people.queries import canonical, learners_at
from lms.people.rules import address_mark, clean_email, clean_name, is_name

#: Learners made at a time.
BATCH = 500


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody as a list names them. ``language`` and ``zone`` may be empty."""

    name: str
    email: str
    language: str = ""
    zone: str = ""


class BadName(KelasError):
    """The name cannot stand on a list or a certificate."""

    code = "bad-name"


class BadAddress(KelasError):
    """Nothing can be sent to this address."""

    code = "bad-address"


@transaction.atomic
def find_or_create_learner(
    *, name: str, email: str, language: str = "", zone: str = "", attempt: str = ""
) -> Learner:
    """Return the learner that a visitor who typed this name and address is, as far as can be known.

    A proven address under the same name is that learner. Anything else makes a new, provisional learner: two people
    may share an address, and nobody becomes somebody else by typing their address. The caller answers the same in all
    cases.

    Args:
        name: in any script, as typed.
        email: as typed.
        language: of the page on which they typed it; kept for a new learner.
        zone: IANA name, kept for a new learner.
        attempt: a random text that stands in the form, so that the same form sent twice (a double click, a reload)
            makes one learner; empty when there is none.

    Raises:
        BadName: no letter in it, or longer than 200 characters.
        BadAddress: not an e-mail address.
    """
    name, email = _cleaned(name, email)
    if known := learners_at(email=email, name=name):
        return canonical(known[0])
    learner, new = Learner.objects.get_or_create(
        public_id=_provisional_id(attempt, name, email),
        defaults={"name": name} | _preferences(language, zone),
    )
    if new or learner.erased_at is None:
        Address.objects.get_or_create(learner=learner, kind=Address.Kind.EMAIL, value=email)
    return canonical(learner)


@transaction.atomic
def make_learners(*, people: Sequence[NewPerson], attempt: str) -> list[Learner]:
    """Return the provisional learners that many new people are, in the same order: constant queries for every 500.

    The same name and address under the same attempt is the same learner, whoever makes it first. Who is known already is
    for the caller to find out.

    Args:
        people: as they were typed.
        attempt: names where the list comes from, so that what stands on two lists of one kind is one person.

    Raises:
        BadName: no letter in it, or longer than 200 characters; nothing was written.
        BadAddress: not an e-mail address; nothing was written.
    """
    cleaned = [_cleaned(person.name, person.email) for person in people]
    ids = [_provisional_id(attempt, name, email) for name, email in cleaned]
    made: dict[str, Learner] = {}
    for start in range(0, len(people), BATCH):
        piece = range(start, min(start + BATCH, len(people)))
        keys = [ids[place] for place in piece]
        Learner.objects.bulk_create(
            [
                Learner(
                    public_id=ids[place],
                    name=cleaned[place][0],
                    **_preferences(people[place].language, people[place].zone),
                )
                for place in piece
            ],
            ignore_conflicts=True,
        )
        found = {
            each.public_id: each
            for each in Learner.objects.filter(public_id__in=keys).select_related("canonical")
        }
        Address.objects.bulk_create(
            [
                Address(learner=found[ids[place]], kind=Address.Kind.EMAIL, value=cleaned[place][1])
                for place in piece
                if found[ids[place]].erased_at is None
            ],
            ignore_conflicts=True,
        )
        made |= found
    return [canonical(made[key]) for key in ids]


def _cleaned(name: str, email: str) -> tuple[str, str]:
    """Return a name and an address as they are kept, or say what is wrong with them."""
    name, email = clean_name(name), clean_email(email)
    if not is_name(name):
        raise BadName(_("Please write your name with letters, as it should stand on a certificate."))
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadAddress(_("This is not a complete e-mail address.")) from error
    return name, email


def _provisional_id(attempt: str, name: str, email: str) -> str:
    """Return the public id of the learner that one form makes: as random as its attempt, the same when sent twice."""
    if not attempt:
        return new_public_id()
    key = hashlib.sha256(f"lms.people:{settings.SECRET_KEY}".encode()).digest()
    digest = hmac.digest(key, "\n".join((attempt, name, email)).encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode()[:PUBLIC_ID_LENGTH]


def _preferences(language: str | None, zone: str | None) -> dict[str, str]:
    """Return what may be kept of a language and a zone; what this site does not know is left out."""
    kept = {}
    if language in dict(settings.LANGUAGES):
        kept["language"] = language
    if zone in clock.zone_names():
        kept["zone"] = zone
    return kept


def set_preferences(*, learner: Learner, language: str | None = None, zone: str | None = None) -> bool:
    """Keep the language and the zone that a learner chose; None leaves one as it is.

    Returns:
        Whether anything changed.

    Raises:
        KelasError: a language or zone that does not exist here.
    """
    kept = _preferences(language, zone)
    if (language and "language" not in kept) or (zone and "zone" not in kept):
        raise KelasError(_("Choose a language and a time zone from the lists."), code="bad-preference")
    different = {field: value for field, value in kept.items() if getattr(learner, field) != value}
    if different:
        Learner.objects.filter(pk=learner.pk).update(**different, updated_at=clock.now())
        for field, value in different.items():
            setattr(learner, field, value)
    return bool(different)


def verify_address(*, learner_id: int, via: str = "", public_id: str = "") -> bool:
    """Note that a learner followed a link that was mailed to an address: the address is theirs.

    Args:
        learner_id: the learner whose link it is.
        via: the mark of the address in the link. Without one, only a learner's single address is proven by it.
        public_id: of that learner; needed to read ``via``.

    Returns:
        Whether an address was not proven before and is now.
    """
    unproven = Address.objects.filter(learner_id=learner_id, verified_at=None)
    if via:
        marked = [row.pk for row in unproven if address_mark(public_id, row.value) == via]
        unproven = unproven.filter(pk__in=marked)
        if not marked:
            return False
    else:
        others = Address.objects.filter(learner_id=learner_id).exclude(pk=OuterRef("pk"))
        unproven = unproven.filter(~Exists(others))
    return bool(unproven.update(verified_at=clock.now(), updated_at=clock.now()))


@transaction.atomic
def give_consent(*, learner: Learner, purpose: str, version: str, wording: str = "") -> Consent:
    """Keep that a learner agreed to a wording. Agreeing twice to the same version is one consent."""
    consent, _new = Consent.objects.get_or_create(
        learner=learner,
        purpose=purpose,
        version=version,
        withdrawn_at=None,
        defaults={"wording": wording, "given_at": clock.now()},
    )
    return consent


@transaction.atomic
def withdraw_consent(*, learner: Learner, purpose: str) -> int:
    """Keep that a learner no longer agrees. The consent stays as a row, with both dates. Returns how many ended."""
    return Consent.objects.filter(learner=learner, purpose=purpose, withdrawn_at=None).update(
        withdrawn_at=clock.now()
    )


@transaction.atomic
def revoke_links(*, learner: Learner) -> int:
    """Make every personal page link of a learner invalid; later mails carry a new one. Returns the new version."""
    Learner.objects.filter(pk=learner.pk).update(link_version=F("link_version") + 1, updated_at=clock.now())
    learner.refresh_from_db(fields=["link_version"])
    return learner.link_version


@transaction.atomic
def attach(*, user: Any, address: Address) -> Learner | None:
    """Make an account that of the learner whose address was just proven to belong to it.

    Called from a personal link that a signed-in person follows. Nothing is guessed: a learner who has another account,
    and an account that has another learner, stay as they are; a person merges them.

    Args:
        user: the account; never found by comparing ``User.email``.
        address: an address of one learner, proven in this moment.

    Returns:
        The learner, or None when nothing was attached.
    """
    learner = Learner.objects.select_for_update(no_key=True).get(pk=address.learner_id)
    verify = Address.objects.filter(pk=address.pk, verified_at=None)
    if learner.erased_at or learner.canonical_id or learner.user_id not in (None, user.pk):
        return None
    if learner.user_id is None:
        try:
            with transaction.atomic():
                # One learner per account is a constraint; it decides between two links at the same time.
                Learner.objects.filter(pk=learner.pk).update(user=user, updated_at=clock.now())
        except IntegrityError:
            return None
        learner.user = user
    verify.update(verified_at=clock.now(), updated_at=clock.now())
    return learner


@transaction.atomic
def attach_confirmed(*, user: Any, email: str) -> Learner | None:
    """Make an account that of the one learner at an address which the account's owner just confirmed.

    Called by a host's sign-up when it has proven the address (a code, a link). A learner who proved the address goes
    before one who only typed it. With two of a kind nothing is attached: which of them it is, a person says.

    Returns:
        The learner, or None when there is none, or more than one.
    """
    rows = Address.objects.filter(
        Q(learner__user=None) | Q(learner__user=user),
        kind=Address.Kind.EMAIL,
        value=clean_email(email),
        learner__erased_at=None,
        learner__canonical=None,
    ).order_by("learner_id")
    proven = list(rows.exclude(verified_at=None)[:2])
    candidates = proven or list(rows[:2])
    return attach(user=user, address=candidates[0]) if len(candidates) == 1 else None
