"""Typst, kept on a short lead: our folder, our fonts, text values only, the same bytes every time.

What was measured and is easily undone by a change here:

* fonts are read once a process and shared; a shared ``typst.Compiler`` is not thread-safe, so there is none;
* bytes are the same only with ``timestamp``; the time of issue is that timestamp;
* PDF/UA-1 with PDF/A-2u refuses a missing glyph, SVG and PNG print a box in silence: a preview compiles the PDF first;
* without ``malloc_trim`` the C allocator keeps what Typst frees: 35 → 464 MB over 6,000 certificates, 44 MB with it.

Typst starts threads when it first compiles. A server that forks its workers must not render before it forks.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import html
import json
import re
import threading
from dataclasses import asdict
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lms.core import serials
from lms.credentials.render.colours import shades
from lms.credentials.render.content import CertificateContent
from lms.credentials.render.exceptions import (
    InvalidContent,
    TextDoesNotFit,
    UnprintableText,
    UnreadablePicture,
)
from lms.credentials.render.lettering import BUNDLED, everyday, font_directories, is_tall, unprintable
from lms.credentials.render.pictures import picture_svg
from lms.credentials.render.qr import qr_svg
from lms.credentials.render.wording import certificate_words

if TYPE_CHECKING:
    import typst

TEMPLATES = ("classic", "modern")
"""Names of the designs, each a file of ``lms/credentials/typst``."""

STANDARDS = ["ua-1", "a-2u"]
"""ISO 14289-1 (accessible, tagged) and ISO 19005-2 level U (archival, all text as Unicode)."""

PAGE_WIDTH_POINTS = 297 / 25.4 * 72
FOLDER = BUNDLED.parent
TRIM_EVERY = 50

_compiled = count(1)
_loading = threading.Lock()


def render_pdf(content: CertificateContent, *, issued_at: dt.datetime, template: str = "classic") -> bytes:
    """The certificate as one page of PDF/UA-1 and PDF/A-2u.

    ``issued_at``: an aware datetime; with the same content, template and time the bytes are the same.
    Raises `UnprintableText`, `TextDoesNotFit`, `UnreadablePicture` or `InvalidContent`, all `CertificateRefused`;
    ValueError for a naive time or an unknown template.
    """
    return _compile(
        _inputs(content), issued_at=issued_at, template=template, format="pdf", pdf_standards=STANDARDS
    )


def render_svg(content: CertificateContent, *, issued_at: dt.datetime, template: str = "classic") -> str:
    """The same page as an SVG document with a title, for previews. Refuses whatever the PDF refuses."""
    inputs = _inputs(content)
    _compile(inputs, issued_at=issued_at, template=template, format="pdf", pdf_standards=STANDARDS)
    drawing = _compile(inputs, issued_at=issued_at, template=template, format="svg").decode("utf-8")
    # Typst draws letters as outlines: without this, a screen reader meets nothing.
    title = html.escape(json.loads(inputs["certificate"])["words"]["document_title"])
    return re.sub(r"<svg\b([^>]*)>", rf'<svg role="img"\1><title>{_literal(title)}</title>', drawing, count=1)


def render_png(
    content: CertificateContent, *, issued_at: dt.datetime, template: str = "classic", width: int = 1200
) -> bytes:
    """The same page as a PNG of ``width`` pixels (100–4,000), for previews. Refuses whatever the PDF refuses."""
    if not 100 <= width <= 4000:
        raise ValueError(f"A preview is 100 to 4,000 pixels wide, not {width}.")
    inputs = _inputs(content)
    _compile(inputs, issued_at=issued_at, template=template, format="pdf", pdf_standards=STANDARDS)
    ppi = width * 72 / PAGE_WIDTH_POINTS
    return _compile(inputs, issued_at=issued_at, template=template, format="png", ppi=ppi)


def _literal(text: str) -> str:
    return text.replace("\\", r"\\")


def _inputs(content: CertificateContent) -> dict[str, str]:
    """The values for the design. Checks every text first, so that all errors name their field."""
    words = content.words or certificate_words(
        kind=content.kind,
        language=content.language,
        holder_name=content.holder_name,
        title=content.title,
        verify_url=content.verify_url,
    )
    for field, text in content.texts():
        if characters := unprintable(text):
            raise UnprintableText(field, characters)
    for field in ("holder_name", "title", "issuer_name"):
        if not getattr(content, field).strip():
            raise UnprintableText(field, ())
    serial = serials.normalise(content.serial)
    if serial is None:
        raise InvalidContent("serial", content.serial)
    language, region = content.language_and_region
    shown_words = asdict(words)
    shown = "".join((*(text for _, text in content.texts()), *shown_words.values()))
    values: dict[str, Any] = content.as_json() | {
        "language": language,
        "region": region,
        "serial": serial,
        "serial_text": serials.display(serial),
        "shades": shades(content.accent),
        "words": shown_words,
        "logos": [logo.description for logo in content.logos],
        "signature": content.signature and content.signature.description,
        "emblem": content.emblem and content.emblem.description,
        "everyday": everyday().issuperset(shown),
        "tall": is_tall(shown),
        "extra_families": list(_extra_families(font_directories())),
    }
    return {
        "certificate": json.dumps(values, ensure_ascii=False),
        "qr": qr_svg(content.verify_url),
        **{name: picture_svg(name, picture) for name, picture in content.pictures()},
    }


def _compile(inputs: dict[str, str], *, issued_at: dt.datetime, template: str, **options: Any) -> bytes:
    import typst  # noqa: PLC0415 - 0.1 s and 80 MB that only workers and previews need

    if issued_at.tzinfo is None:
        raise ValueError("issued_at must be an aware datetime.")
    if template not in TEMPLATES:
        raise ValueError(f"There is no certificate design {template!r}.")
    try:
        pages = typst.compile(
            str(FOLDER / f"{template}.typ"),
            root=str(FOLDER),
            font_paths=_fonts(font_directories()),
            sys_inputs=inputs,
            timestamp=int(issued_at.timestamp()),
            **options,
        )
    except typst.TypstError as error:
        raise _refusal(error, inputs) from error
    finally:
        if next(_compiled) % TRIM_EVERY == 0:
            _return_memory()
    return pages if isinstance(pages, bytes) else pages[0]


def _refusal(error: typst.TypstError, inputs: dict[str, str]) -> Exception:
    """The refusal that Typst's message stands for; a mistake in a design stays the TypstError that it is."""
    if found := re.search(r"does-not-fit (\w+)", error.message):
        return TextDoesNotFit(found[1])
    if "could not be displayed" in error.message or "disallowed codepoint" in error.message:
        # Each character has a glyph, yet shaping asked for one that is missing. Say where the text stands.
        quoted = re.search(r'`"(.*?)"`', error.message, re.DOTALL)
        text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), quoted[1] if quoted else "")
        values = json.loads(inputs["certificate"])
        holders = (
            name for name, value in values.items() if isinstance(value, str) and text and text in value
        )
        return UnprintableText(next(holders, "words"), tuple(dict.fromkeys(text)))
    for name, drawing in inputs.items():
        if name != "certificate" and not _is_drawable(drawing):
            return UnreadablePicture(name)
    return error


def _is_drawable(drawing: str) -> bool:
    import typst  # noqa: PLC0415 - see _compile

    try:
        typst.compile(  # type: ignore[type-var]
            b'#image(bytes(sys.inputs.drawing), format: "svg")',
            root=str(FOLDER),
            font_paths=_fonts(font_directories()),
            sys_inputs={"drawing": drawing},
        )
    except typst.TypstError:
        return False
    return True


@lru_cache(maxsize=4)
def _shared_fonts(directories: tuple[str, ...]) -> typst.Fonts:
    import typst  # noqa: PLC0415 - see _compile

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[Path(folder) for folder in directories],
    )


def _fonts(directories: tuple[str, ...]) -> typst.Fonts:
    # lru_cache may run a function twice for two threads; fonts take 1.6 MB and some milliseconds to read.
    with _loading:
        return _shared_fonts(directories)


@lru_cache(maxsize=4)
def _extra_families(directories: tuple[str, ...]) -> tuple[str, ...]:
    """The families that the host added, by name, so that the order is the same on every machine."""
    if len(directories) == 1:
        return ()
    return tuple(sorted(set(_fonts(directories).families()) - set(_fonts(directories[:1]).families())))


def _return_memory() -> None:
    """Give freed memory back to the system where the C library can (glibc)."""
    trim = _malloc_trim()
    if trim is not None:
        trim(0)


@lru_cache(maxsize=1)
def _malloc_trim() -> Any:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # musl, macOS, Windows
        return None
