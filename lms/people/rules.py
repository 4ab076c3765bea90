"""Names and addresses as people type them, made comparable. Pure functions on plain values: no database, no Django."""

from __future__ import annotations

import base64
import hashlib
import unicodedata

#: Longest name, in code points; the column is as wide.
MAX_NAME = 200

#: Joiners that scripts need (Persian, Sinhala) and that hold emoji together. All other format characters go: the
#: bidirectional ones can make a name read as another one.
_JOINERS = {"\u200c", "\u200d"}


def clean_name(text: str) -> str:
    """Return a name in any script as it is kept and printed: one line, NFC, single spaces, no control characters.

    Line breaks become spaces, so a name can never add a header to a mail. Doing it twice changes nothing.
    """
    text = text.encode("utf-8", "ignore").decode()  # lone surrogates cannot be stored
    kept = "".join(character for character in " ".join(text.split()) if not _hidden(character))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _hidden(character: str) -> bool:
    category = unicodedata.category(character)
    return category in ("Cc", "Cs") or (category == "Cf" and character not in _JOINERS)


def is_name(name: str) -> bool:
    """Say whether a cleaned name can stand for a person: at least one letter, of any script, and not too long."""
    return len(name) <= MAX_NAME and any(unicodedata.category(character)[0] == "L" for character in name)


def name_key(name: str) -> str:
    """Return what two spellings of one name have in common: letter case, width and spacing do not matter.

    Accents and the order of the parts do. (Unicode 3.13: compatibility caseless matching, D146.)
    """
    key = unicodedata.normalize("NFD", clean_name(name))
    for _ in range(2):
        key = unicodedata.normalize("NFKD", key.casefold())
    return " ".join(unicodedata.normalize("NFC", key).split())


def clean_email(text: str) -> str:
    """Return an e-mail address as it is kept and compared: trimmed, full-width signs narrowed, lower case.

    The part before the @ is lower-cased too: no provider that people use tells A from a, and phones capitalise.
    """
    for _ in range(2):
        text = clean_name(unicodedata.normalize("NFKC", clean_name(text).lower()))
    return text


def masked_email(email: str) -> str:
    """Return an address that its owner recognises and nobody else can use: ``s•••@contoh.id``."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def address_mark(public_id: str, address: str) -> str:
    """Return the short mark by which a personal link says which of a learner's addresses it was sent to.

    Args:
        public_id: of the learner; it stands in the same link and salts the hash.
        address: as kept.
    """
    digest = hashlib.sha256(f"{public_id}:{address}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:8]


#: What people's fingers make of the providers that most of them use.
_SLIPS = {
    "gmial.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmal.com": "gmail.com",
    "gmil.com": "gmail.com",
    "gamil.com": "gmail.com",
    "gnail.com": "gmail.com",
    "gmaill.com": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.con": "gmail.com",
    "gmail.cim": "gmail.com",
    "gmail.cm": "gmail.com",
    "gmail.id": "gmail.com",
    "gmail.co.id": "gmail.com",
    "yaho.com": "yahoo.com",
    "yahooo.com": "yahoo.com",
    "yahoo.con": "yahoo.com",
    "yaho.co.id": "yahoo.co.id",
    "hotmial.com": "hotmail.com",
    "hotmail.con": "hotmail.com",
    "outlok.com": "outlook.com",
    "outlook.con": "outlook.com",
    "iclod.com": "icloud.com",
}


def meant_email(email: str) -> str:
    """Return the address that was probably meant when a well-known provider is misspelt, else nothing."""
    local, _, domain = email.rpartition("@")
    return f"{local}@{_SLIPS[domain]}" if local and domain in _SLIPS else ""
