"""What stands on a certificate, as plain values. No rows, no markup, no reference to anything that can change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import Any, Self

from lms.credentials.render.exceptions import InvalidContent

_ADDRESS = re.compile(r"https?://[!-~]+")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_](?:[a-zA-Z]{4}[-_])?([a-zA-Z]{2}))?")


@dataclass(frozen=True)
class Picture:
    """A picture that somebody uploaded: PNG, JPEG, WebP, GIF or SVG.

    ``content``: the file's bytes. ``description``: what it shows, for people who cannot see it (PDF/UA needs it).
    """

    content: bytes
    description: str

    @cached_property
    def sha256(self) -> str:
        """Hexadecimal digest of the bytes; a frozen certificate keeps it in place of the picture."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, kw_only=True)
class CertificateWords:
    """The fixed words around the values, in the certificate's language. See `lms.credentials.render.wording`."""

    heading: str
    presented_to: str
    achieved: str
    serial_label: str
    verify_label: str
    qr_description: str
    document_title: str


@dataclass(frozen=True, kw_only=True)
class CertificateContent:
    """Every value on one certificate.

    ``kind``: ``completion`` or ``attendance``; with ``language`` (BCP 47, e.g. ``id`` or ``en-GB``) it chooses the
    words, unless ``words`` gives them. ``date_text`` is the date as printed, already in words and in the right zone.
    ``serial`` is canonical (`lms.core.serials`). ``verify_url`` and ``issuer_url`` are absolute http(s) addresses.
    ``accent`` is a colour ``#rrggbb``. ``details`` are (label, value) pairs such as ("Sessions", "7 of 8").
    ``logos`` stand at the top (the issuer's first, at most six), ``signature`` above the signatory's name, ``emblem``
    in the place of the drawn seal.

    Raises `InvalidContent` for a value of the wrong form.
    """

    holder_name: str
    title: str
    issuer_name: str
    date_text: str
    serial: str
    verify_url: str
    language: str
    kind: str = "completion"
    statement: str = ""
    issuer_url: str = ""
    signatory_name: str = ""
    signatory_role: str = ""
    place: str = ""
    accent: str = "#0b6e4f"
    details: tuple[tuple[str, str], ...] = ()
    logos: tuple[Picture, ...] = ()
    signature: Picture | None = None
    emblem: Picture | None = None
    words: CertificateWords | None = None

    def __post_init__(self) -> None:
        for name, form, value in (
            ("verify_url", _ADDRESS, self.verify_url),
            ("issuer_url", _ADDRESS, self.issuer_url or "https://-"),
            ("accent", _COLOUR, self.accent),
            ("language", _LANGUAGE, self.language),
        ):
            if not form.fullmatch(value):
                raise InvalidContent(name, value)
        if len(self.logos) > 6:
            raise InvalidContent("logos", len(self.logos))

    @property
    def language_and_region(self) -> tuple[str, str | None]:
        """ISO 639 language in lower case and ISO 3166 region in upper case, or None."""
        found = _LANGUAGE.fullmatch(self.language)
        assert found  # noqa: S101 - checked when the content was made
        return found[1].lower(), found[2].upper() if found[2] else None

    def pictures(self) -> Iterator[tuple[str, Picture]]:
        """(name, picture) of each picture; the names are the designs' names for them."""
        for position, logo in enumerate(self.logos):
            yield f"logo-{position}", logo
        if self.signature:
            yield "signature", self.signature
        if self.emblem:
            yield "emblem", self.emblem

    def texts(self) -> Iterator[tuple[str, str]]:
        """(field, text) of each text that is shown or spoken; the fields are those that errors name."""
        for name in (
            "holder_name",
            "title",
            "statement",
            "issuer_name",
            "signatory_name",
            "signatory_role",
            "place",
        ):
            yield name, getattr(self, name)
        yield "date_text", self.date_text
        for label, value in self.details:
            yield "details", label
            yield "details", value
        for name, picture in self.pictures():
            yield name, picture.description
        if self.words:
            for word in asdict(self.words).values():
                yield "words", word

    def as_json(self) -> dict[str, Any]:
        """The content as JSON values, to freeze beside the PDF. Pictures are kept by digest and description."""
        frozen = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in {"logos", "signature", "emblem", "words", "details"}
        }
        frozen["details"] = [list(pair) for pair in self.details]
        frozen["words"] = asdict(self.words) if self.words else None
        frozen["pictures"] = {
            name: {"sha256": picture.sha256, "description": picture.description}
            for name, picture in self.pictures()
        }
        return frozen

    @classmethod
    def from_json(cls, frozen: dict[str, Any], **changes: Any) -> Self:
        """The content that `as_json` froze, with ``changes`` (pictures among them, since only digests were kept).

        What else was stored beside it is passed over.
        """
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in frozen.items() if name in known}
        values["details"] = tuple((label, value) for label, value in frozen["details"])
        values["words"] = CertificateWords(**frozen["words"]) if frozen["words"] else None
        return replace(cls(**values), **changes)
