"""One-time codes: six digits sent to a known address before something personal is given out.

OWASP ASVS 5.0 6.5.1 (used once) and 6.5.5 (short-lived). A code is not stored: it follows from its row's random id and
our key, so the worker that sends the mail can make it again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms import signals
from lms.core import clock
from lms.core.exceptions import KelasError
from lms.people.models import Learner, OneTimeCode

VALID = dt.timedelta(minutes=10)
#: Wrong tries after which a code is worth nothing: guessing has 5 chances in a million.
MOST_ATTEMPTS = 5
#: Codes that one person may ask for in one ``VALID``.
MOST_CODES = 3


class WrongCode(KelasError):
    """The digits are wrong, too old, used already, or tried too often."""

    code = "wrong-code"


class TooManyCodes(KelasError):
    """Codes were asked for too often in a short time."""

    code = "too-many-codes"


def digits(code: OneTimeCode) -> str:
    """Return the six digits of a code."""
    key = hashlib.sha256(f"lms.people.codes:{settings.SECRET_KEY}".encode()).digest()
    number = int.from_bytes(
        hmac.digest(key, f"{code.public_id}:{code.purpose}".encode(), "sha256")[:8], "big"
    )
    return f"{number % 1_000_000:06d}"


@transaction.atomic
def send_code(*, learner: Learner, purpose: str) -> OneTimeCode:
    """Make a code and have it sent to the learner's address.

    Raises:
        TooManyCodes: three were asked for within ten minutes.
    """
    Learner.objects.select_for_update().get(pk=learner.pk)
    now = clock.now()
    recent = OneTimeCode.objects.filter(learner=learner, purpose=purpose, made_at__gt=now - VALID)
    if recent.count() >= MOST_CODES:
        raise TooManyCodes(
            _("Several codes were sent already. Please look into your mailbox, or wait ten minutes.")
        )
    code = OneTimeCode.objects.create(learner=learner, purpose=purpose, made_at=now, expires_at=now + VALID)
    signals.code_wanted.send(sender=OneTimeCode, code_id=code.pk, learner_id=learner.pk)
    return code


def redeem(*, learner: Learner, purpose: str, typed: str) -> None:
    """Accept a code once. A wrong try is counted even though it raises.

    Raises:
        WrongCode: the digits fit none of the learner's codes that can still be used.
    """
    typed = "".join(character for character in typed if character.isdecimal())
    with transaction.atomic():
        Learner.objects.select_for_update().get(pk=learner.pk)
        usable = OneTimeCode.objects.filter(
            learner=learner,
            purpose=purpose,
            used_at=None,
            expires_at__gt=clock.now(),
            attempts__lt=MOST_ATTEMPTS,
        )
        for code in usable:
            if hmac.compare_digest(digits(code).encode(), typed.encode()):
                OneTimeCode.objects.filter(learner=learner, purpose=purpose, used_at=None).update(
                    used_at=clock.now()
                )
                return
            code.attempts += 1
            code.save(update_fields=["attempts"])
    raise WrongCode(_("This code is wrong or too old. Check the newest mail, or ask for another code."))
