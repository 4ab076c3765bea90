"""Which characters can be printed, and what is done with those that cannot.

The rule, so that nothing is lost and nothing is guessed:

* a text is printed whole or not at all: `lms.credentials.render.render_pdf` refuses a character that no font shows;
* before that, `settle` takes away what is ornament rather than writing (emoji and other pictographs, and invisible
  control characters), and says what it took, for the record;
* a letter, digit or punctuation mark that no font shows is never taken away: a person has to decide.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from lms import conf
from lms.credentials.render.content import CertificateContent
from lms.credentials.render.exceptions import UnprintableText

BUNDLED = Path(__file__).resolve().parent.parent / "typst" / "fonts"

MOST_MARKS = 6
"""Combining marks on one letter, at most. Pointed Hebrew and vocalised Arabic need three or four."""

OWN_FAMILIES = ("EBGaramond", "PlusJakartaSans")
# Ǆ … ǌ: Plus Jakarta Sans draws each as two letters, and they would be copied out of the PDF twice.
_TAKEN_APART = frozenset(map(chr, range(0x1C4, 0x1CD)))

_JOINERS = "\u200c\u200d"  # needed inside words of Arabic, Javanese, Devanagari and others
# Default-ignorable characters of categories other than Cf: they show nothing and let two names look the same.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(c) for c in range(0xFE00, 0xFE10)
}
_KEYCAP = "\u20e3"


@dataclass(frozen=True)
class Dropped:
    """Characters that `settle` took out of ``field``, each once, in order."""

    field: str
    characters: tuple[str, ...]


@dataclass(frozen=True)
class Settled:
    """Content ready to print, and what was taken out of it. Store ``dropped`` with the certificate."""

    content: CertificateContent
    dropped: tuple[Dropped, ...]


def font_directories() -> tuple[str, ...]:
    """The bundled fonts' folder and those of ``LMS["CERTIFICATE_FONT_DIRS"]``."""
    return (str(BUNDLED), *(str(folder) for folder in conf.CERTIFICATE_FONT_DIRS))


def _is_blank(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") or character in _BLANKS


def unprintable(text: str) -> tuple[str, ...]:
    """The characters of ``text`` that cannot be printed, each once, in order.

    Marks stacked higher than any language stacks them count too: they would run over the lines above and below.
    """
    if text.isascii() and text.isprintable():
        return ()
    covered = coverage(font_directories())
    found = dict.fromkeys(character for character in text if character not in covered)
    stacked = 0
    for character in text:
        stacked = stacked + 1 if unicodedata.combining(character) else 0
        if stacked > MOST_MARKS:
            found[character] = None
    return tuple(found)


def settle_text(text: str, *, field: str = "holder_name") -> tuple[str, tuple[str, ...]]:
    """``text`` as it will be printed, and the ornaments and invisible characters taken out of it.

    Composes accents (Unicode NFC) and makes one space of any white space. Raises `UnprintableText` if a letter, digit
    or mark remains that no font shows, or if nothing remains of a text that held something.
    """
    text = unicodedata.normalize("NFC", text)
    kept: list[str] = []
    dropped: dict[str, None] = {}
    covered = coverage(font_directories())
    for character in text:
        if character.isspace():
            kept.append(" ")
        elif character in covered:
            kept.append(character)
        elif _is_blank(character) or character == _KEYCAP or unicodedata.category(character)[0] == "S":
            dropped[character] = None
        else:
            kept.append(character)
    settled = " ".join("".join(kept).split())
    if dropped:
        # A joiner that held two emoji together joins nothing now.
        settled = " ".join(word.strip(_JOINERS) for word in settled.split())
        settled = unicodedata.normalize("NFC", " ".join(settled.split()))
    if dropped and not settled:
        raise UnprintableText(field, tuple(dropped))
    if characters := unprintable(settled):
        raise UnprintableText(field, characters)
    return settled, tuple(dropped)


def settle(content: CertificateContent) -> Settled:
    """``content`` with all its texts settled (see `settle_text`). Raises `UnprintableText`."""
    dropped: list[Dropped] = []

    def settled(field: str, text: str) -> str:
        result, gone = settle_text(text, field=field)
        if gone:
            dropped.append(Dropped(field, gone))
        return result

    names = ("holder_name", "title", "statement", "issuer_name", "signatory_name", "signatory_role", "place")
    values: dict[str, Any] = {name: settled(name, getattr(content, name)) for name in (*names, "date_text")}
    details = tuple(
        (settled("details", label), settled("details", value)) for label, value in content.details
    )
    return Settled(replace(content, **values, details=details), tuple(dropped))


@lru_cache(maxsize=4)
def coverage(directories: tuple[str, ...]) -> frozenset[str]:
    """All characters that the fonts in ``directories`` show, less invisible ones. Read once a process."""
    characters: set[str] = set()
    for directory in directories:
        for path in sorted(Path(directory).rglob("*")):
            if path.suffix.lower() in {".ttf", ".otf", ".ttc", ".otc"}:
                characters |= characters_of(path)
    return frozenset(character for character in characters if not _is_blank(character)) | frozenset(
        _JOINERS + " "
    )


@lru_cache(maxsize=1)
def everyday() -> frozenset[str]:
    """The characters that every cut of every design's own family has as one glyph: no other font is needed."""
    own = [characters_of(path) for family in OWN_FAMILIES for path in sorted(BUNDLED.glob(f"{family}-*.ttf"))]
    return frozenset(set.intersection(*own) & coverage((str(BUNDLED),))) - _TAKEN_APART


def is_tall(text: str) -> bool:
    """Whether ``text`` has letters or marks that may reach further up or down than Latin, Greek and Cyrillic do."""
    return not text.isascii() and any(
        unicodedata.combining(character) or not (character < "\u0530" or "\u1e00" <= character < "\u2c80")
        for character in text
    )


def characters_of(path: Path) -> set[str]:
    """The characters that one font file has a glyph for. None for a file that is damaged or no font."""
    return {
        chr(code) for first, last in _covered_ranges(path.read_bytes()) for code in range(first, last + 1)
    }


def _covered_ranges(font: bytes) -> Iterator[tuple[int, int]]:
    """First and last code points of each run that a font file maps to a glyph.

    Reads the ``cmap`` table, formats 4 and 12 (https://learn.microsoft.com/typography/opentype/spec/cmap); all current
    fonts have one of them. A file that is damaged or no font covers nothing.
    """
    try:
        starts = (
            struct.unpack_from(f">{struct.unpack_from('>I', font, 8)[0]}I", font, 12)
            if font[:4] == b"ttcf"
            else (0,)
        )
        for start in starts:
            for entry in range(struct.unpack_from(">H", font, start + 4)[0]):
                tag, _, table, _ = struct.unpack_from(">4sIII", font, start + 12 + 16 * entry)
                if tag != b"cmap":
                    continue
                for record in range(struct.unpack_from(">H", font, table + 2)[0]):
                    platform, _, offset = struct.unpack_from(">HHI", font, table + 4 + 8 * record)
                    if platform in (0, 3):
                        yield from _subtable_ranges(font, table + offset)
    except struct.error:
        return


def _subtable_ranges(font: bytes, at: int) -> Iterator[tuple[int, int]]:
    form = struct.unpack_from(">H", font, at)[0]
    if form == 12:
        for group in range(struct.unpack_from(">I", font, at + 12)[0]):
            first, last, _ = struct.unpack_from(">III", font, at + 16 + 12 * group)
            yield first, min(last, 0x10FFFF)
    elif form == 4:
        double = struct.unpack_from(">H", font, at + 6)[0]
        count = double // 2
        lasts = struct.unpack_from(f">{count}H", font, at + 14)
        firsts = struct.unpack_from(f">{count}H", font, at + 16 + double)
        deltas = struct.unpack_from(f">{count}H", font, at + 16 + 2 * double)
        offsets_at = at + 16 + 3 * double
        offsets = struct.unpack_from(f">{count}H", font, offsets_at)
        for segment, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
            if not offsets[segment]:
                missing = (-deltas[segment]) % 65536  # the one code that lands on glyph 0
                for run in ((first, min(last, missing - 1)), (max(first, missing + 1), last)):
                    if run[0] <= run[1] and run[0] < 0xFFFF:
                        yield run[0], min(run[1], 0xFFFE)
                continue
            for code in range(first, min(last, 0xFFFE) + 1):
                place = offsets_at + 2 * segment + offsets[segment] + 2 * (code - first)
                if struct.unpack_from(">H", font, place)[0]:
                    yield code, code
