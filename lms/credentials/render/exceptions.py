"""Why a certificate is not printed. Each says what, where and what to do; nothing is dropped or guessed instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lms.core.exceptions import KelasError

#: What people call the parts of a certificate, by the name of the field of `CertificateContent`.
FIELD_NAMES = {
    "holder_name": _("name of the holder"),
    "title": _("title"),
    "statement": _("statement"),
    "issuer_name": _("issuer"),
    "signatory_name": _("name of the signatory"),
    "signatory_role": _("position of the signatory"),
    "place": _("place of issue"),
    "date_text": _("date and place"),
    "details": _("details"),
    "heading": _("heading"),
    "page": _("text as a whole"),
    "serial": _("serial number"),
    "accent": _("accent colour"),
    "language": _("language"),
    "words": _("wording"),
    "verify_url": _("address for checking"),
}


def name_of(field: str) -> object:
    """The (lazily translated) name of ``field`` for people."""
    return FIELD_NAMES.get(field, field)


def named_characters(characters: Iterable[str]) -> str:
    """``characters`` for people: each with its code and Unicode name, and shown itself where that is safe."""
    return ", ".join(
        f"{character if character.isprintable() else ''} U+{ord(character):04X} "
        f"{unicodedata.name(character, '').lower()}".strip()
        for character in characters
    )


class CertificateRefused(KelasError):
    """A certificate could not be printed from this content. ``field`` names the part at fault."""

    code = "certificate-refused"

    def __init__(self, field: str, message: object) -> None:
        self.field = field
        super().__init__(message)


class UnprintableText(CertificateRefused):
    """A text has characters that no font at hand can show. ``characters`` lists them, each once."""

    code = "unprintable-text"

    def __init__(self, field: str, characters: tuple[str, ...]) -> None:
        self.characters = characters
        message = (
            _(
                "The %(field)s holds characters that cannot be printed: %(characters)s. Correct it and try again."
            )
            % {"field": name_of(field), "characters": named_characters(characters)}
            if characters
            else _("The %(field)s holds nothing that can be printed. Correct it and try again.")
            % {"field": name_of(field)}
        )
        super().__init__(field, message)


class TextDoesNotFit(CertificateRefused):
    """A text is too long for its place, even in the smallest size that can be read."""

    code = "text-does-not-fit"

    def __init__(self, field: str) -> None:
        super().__init__(
            field,
            _("The %(field)s is too long for the certificate. Shorten it and try again.")
            % {"field": name_of(field)},
        )


class UnreadablePicture(CertificateRefused):
    """A picture (logo, signature, emblem) is damaged, too large or of an unknown kind."""

    code = "unreadable-picture"

    def __init__(self, field: str) -> None:
        super().__init__(
            field,
            _("The picture “%(name)s” cannot be used. Upload it again as PNG, JPEG or SVG.")
            % {"name": field},
        )


class InvalidContent(CertificateRefused):
    """A value has the wrong form, for example an address without https://."""

    code = "invalid-content"

    def __init__(self, field: str, value: object) -> None:
        super().__init__(
            field,
            _("The %(field)s of the certificate has a value that cannot be used: %(value)s.")
            % {"field": name_of(field), "value": repr(value)[:200]},
        )
