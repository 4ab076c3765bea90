"""What every form that asks for a name and an address has in common: limits, refusals, the receipt."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from lms import conf
from lms.core.throttle import allow, client_address
from lms.people.forms import PersonForm

HOUR, MINUTE = 3600, 60
RECEIPT_COOKIE = "lms_receipt"
RECEIPT_SECONDS = 15 * MINUTE


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the visitor typed, so that the next screen can say it back. Nothing in it comes from the database."""

    name: str = ""
    email: str = ""
    zone: str = ""
    session: str = ""


def refuse(request: HttpRequest, form: PersonForm) -> int:
    """Check what can refuse a filled-in form besides its fields, and tell the visitor on the form.

    Returns:
        The HTTP status to answer with, or 0 when nothing stands against it.
    """
    if getattr(request, "foreign_form", False):
        form.add_error(
            None, _("This form was sent from another web site. Please check it and press the button here.")
        )
        return 403
    if not allow(f"register:ip:{client_address(request)}", limit=conf.REGISTRATIONS_PER_IP, seconds=MINUTE):
        form.add_error(None, _("Very many people are registering right now. Please try again in a minute."))
        return 429
    if not form.is_valid():
        return 400
    email = form.cleaned_data["email"]
    if not allow(f"register:address:{email}", limit=conf.REGISTRATIONS_PER_ADDRESS, seconds=HOUR):
        form.add_error(
            None,
            _(
                "This address was used very often in the last hour. Look into its mailbox: your personal link should "
                "be there. Or try again in an hour."
            ),
        )
        return 429
    return 0


def keep_receipt(response: HttpResponse, receipt: Receipt, *, path: str, secure: bool) -> None:
    """Keep for a few minutes, on this device and for one page only, what was typed.

    A cookie, so that name and address stand in no address, log or history. Without cookies the page says less.
    """
    value = signing.dumps(asdict(receipt), salt=f"{RECEIPT_COOKIE}:{path}", compress=True)
    response.set_cookie(
        RECEIPT_COOKIE,
        value,
        max_age=RECEIPT_SECONDS,
        path=path,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def read_receipt(request: HttpRequest, *, path: str) -> Receipt:
    """Return what was typed on the form before this page; empty when it is too long ago, or was changed."""
    try:
        kept: dict[str, Any] = signing.loads(
            request.COOKIES.get(RECEIPT_COOKIE, ""),
            salt=f"{RECEIPT_COOKIE}:{path}",
            max_age=RECEIPT_SECONDS,
        )
    except signing.BadSignature:
        return Receipt()
    return Receipt(**kept)


def not_shared(response: HttpResponse) -> HttpResponse:
    """Say that a form or receipt is for this visitor alone, but may be gone back to."""
    patch_cache_control(response, private=True, no_cache=True)
    response["X-Robots-Tag"] = "noindex"
    return response
