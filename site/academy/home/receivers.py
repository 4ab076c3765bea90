"""An account and a learner become one when somebody proves the address that they registered with."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed

from lms.people.services import attach_confirmed


def connect() -> None:
    """Listen to allauth. Called once, when all apps are loaded."""
    email_confirmed.connect(address_proved, weak=False, dispatch_uid="academy.address_proved")


def address_proved(sender: Any, email_address: EmailAddress, **kwargs: Any) -> None:
    """Attach the learner of this address to the account, where it is clear who that is."""
    attach_confirmed(user=email_address.user, email=email_address.email)
