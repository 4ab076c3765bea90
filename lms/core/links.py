"""Personal links: signed, so that a later mail can carry the same link again, and revocable by raising a version.

A link's token is ``<public id>.<version>[.<via>].<signature>``. The signature covers the purpose, so a join link is not
a personal page link. Nothing is stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from django.conf import settings

from lms import conf
from lms.core.exceptions import KelasError

SIGNATURE_CHARACTERS = 22  # 128 bits

#: What can be a token at all; everything else is refused before any key is touched.
_TOKEN = re.compile(r"([A-Za-z0-9_-]{1,64})\.([0-9]{1,10})(?:\.([A-Za-z0-9_-]{1,32}))?\.([A-Za-z0-9_-]{22})")

#: What messengers and people put after an address, and take along when they copy it.
_AROUND = " .,;:!?)>]}\"'…/\u200b"


class BadLink(KelasError):
    """The token was cut, changed, made for another purpose, or signed with a key that is no longer valid."""

    code = "bad-link"


class RevokedLink(BadLink):
    """The token was ours once; a newer link was sent since, or the row that it belonged to is gone."""

    code = "revoked-link"


@dataclass(frozen=True, slots=True)
class LinkClaim:
    """What a genuine token says: whose it is, which version of their links, and through which address it was sent."""

    public_id: str
    version: int
    via: str = ""


def sign(*, purpose: str, public_id: str, version: int, via: str = "") -> str:
    """Return the token for a personal link.

    Args:
        purpose: what the link is for, such as ``join``; a token never works for another purpose.
        public_id: the public id of the row that the link belongs to.
        version: the row's link_version; raising it revokes older links.
        via: a short mark (at most 32 of ``[A-Za-z0-9_-]``) of the address that it is sent to, or nothing.
    """
    body = f"{public_id}.{version}.{via}" if via else f"{public_id}.{version}"
    token = f"{body}.{_signature(_keys()[0], purpose, body)}"
    if not _TOKEN.fullmatch(token):
        raise ValueError(f"{body!r} cannot stand in a link: letters, digits, - and _ only.")
    return token


def read(token: str, *, purpose: str) -> LinkClaim:
    """Return what a token claims, after checking its signature. The caller compares ``version`` with the row.

    Raises:
        BadLink: when the token is not one of ours for this purpose.
    """
    token = token.rstrip(_AROUND)
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise BadLink("This link is incomplete or no longer valid.")
    public_id, version, via, signature = parts.groups()
    body = token[: -SIGNATURE_CHARACTERS - 1]
    # A list, not a generator: every key is tried, so the time says nothing about which one signed.
    genuine = [hmac.compare_digest(signature, _signature(key, purpose, body)) for key in _keys()]
    if not any(genuine):
        raise BadLink("This link is incomplete or no longer valid.")
    return LinkClaim(public_id=public_id, version=int(version), via=via or "")


def _keys() -> list[bytes]:
    secrets = conf.LINK_KEYS or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hashlib.sha256(b"lms.links:" + str(secret).encode()).digest() for secret in secrets]


def _signature(key: bytes, purpose: str, body: str) -> str:
    digest = hmac.digest(key, f"{purpose}\n{body}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode()[:SIGNATURE_CHARACTERS]
