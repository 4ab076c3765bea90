"""Identifiers that the outside world sees: random, 128 bits, in 22 URL-safe characters."""

from __future__ import annotations

import re
import secrets

PUBLIC_ID_LENGTH = 22


def new_public_id() -> str:
    """Return 128 random bits as 22 characters of ``[A-Za-z0-9_-]``.

    A UUID4 has 122 random bits; OWASP ASVS 5.0 11.5.1 asks for at least 128.
    """
    return secrets.token_urlsafe(16)


def is_public_id(text: str) -> bool:
    """Say whether a text from an address can be a public id at all; some databases refuse what cannot, such as NUL."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,22}", text, re.ASCII) is not None
