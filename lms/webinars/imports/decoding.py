"""From bytes to lines of text: which kind of file, which encoding.

Order of evidence: byte order mark, then UTF-8 if every byte fits, then UTF-16 if every second byte is NUL,
then Windows-1252 (what Excel writes in western Europe and Indonesia). Guessing by letter statistics is not
needed for these formats and goes wrong on short files.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import EmptyReport, NotACsv

CHUNK = 1 << 20
# How far to look for marks of other kinds of file.
START = 4096

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "is_pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is_excel"),
    (b"\x89PNG", "is_image"),
    (b"\xff\xd8\xff", "is_image"),
    (b"GIF8", "is_image"),
    (b"\x1f\x8b", "is_zip"),
    (b"7z\xbc\xaf\x27\x1c", "is_zip"),
    (b"Rar!\x1a\x07", "is_zip"),
    (b"SQLite format 3\x00", "is_binary"),
)
# Anything but blanks, line ends, NUL and the bytes of byte order marks.
SOMETHING = re.compile(rb"[^ \t\r\n\x00\xef\xbb\xbf\xff\xfe]")
HTML = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|table)\b", re.IGNORECASE)
XML = re.compile(rb"\s*<\?xml\b", re.IGNORECASE)
JSON = re.compile(rb'\s*(?:\{\s*"|\[\s*[{"\[])')
# Control characters that no text file has; NUL is left out, for Zoom prints it inside names.
CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")


@dataclass(slots=True)
class Decoded:
    """How to read the bytes: ``encoding`` is the name for people, ``codec`` and ``errors`` are for Python."""

    source: bytes
    encoding: str
    codec: str
    errors: str = "strict"
    nul_removed: int = 0
    undecodable: int = 0

    def lines(self) -> Iterator[str]:
        """Yield the lines with their line ends, NUL characters removed and counted."""
        text = io.TextIOWrapper(io.BytesIO(self.source), encoding=self.codec, errors=self.errors, newline="")
        if b"\x00" not in self.source and self.errors == "strict":
            return iter(text)
        return self._cleaned(text)

    def _cleaned(self, text: io.TextIOWrapper) -> Iterator[str]:
        self.nul_removed = self.undecodable = 0
        for line in text:
            if "\x00" in line:
                self.nul_removed += line.count("\x00")
                line = line.replace("\x00", "")
            if self.errors == "replace" and "\ufffd" in line:
                self.undecodable += line.count("\ufffd")
            yield line


def decode(source: bytes) -> Decoded:
    """Say how to read the bytes as text.

    Raises: ``EmptyReport`` for nothing but blanks, ``NotACsv`` for any other kind of file.
    """
    if not SOMETHING.search(source):
        raise EmptyReport("empty_file")
    _refuse_other_kinds(source)
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(source, "utf-16", "utf-16")
    if source.startswith(codecs.BOM_UTF8):
        return _checked(source, "utf-8-sig", "utf-8-sig")
    if codec := _utf16_without_mark(source):
        return _checked(source, "utf-16", codec)
    if _fits(source, "utf-8"):
        return Decoded(source, "utf-8", "utf-8")
    if _mostly_utf8(source):
        return Decoded(source, "utf-8", "utf-8", errors="replace")
    return _checked(source, "cp1252", "cp1252")


def _refuse_other_kinds(source: bytes) -> None:
    if source.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if b"xl/" in source or b"[Content_Types].xml" in source:
            raise NotACsv("is_excel")
        raise NotACsv("is_spreadsheet" if b"opendocument.spreadsheet" in source[:START] else "is_zip")
    for mark, code in MAGIC:
        if source.startswith(mark):
            raise NotACsv(code)
    start = source[:START].removeprefix(codecs.BOM_UTF8)
    if HTML.match(start):
        raise NotACsv("is_html")
    if XML.match(start):
        raise NotACsv("is_xml")
    if JSON.match(start):
        raise NotACsv("is_json")
    if not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not _utf16_without_mark(source):
        if len(CONTROL.findall(start)) * 50 > len(start):
            raise NotACsv("is_binary")


def _utf16_without_mark(source: bytes) -> str | None:
    """Latin text in UTF-16 has NUL as every second byte; which half says the byte order."""
    start = source[:START]
    half = len(start) // 2
    if half and start[1::2].count(0) * 10 > half * 6 and start[0::2].count(0) * 10 < half:
        return "utf-16-le"
    if half and start[0::2].count(0) * 10 > half * 6 and start[1::2].count(0) * 10 < half:
        return "utf-16-be"
    return None


def _checked(source: bytes, encoding: str, codec: str) -> Decoded:
    return Decoded(source, encoding, codec, errors="strict" if _fits(source, codec) else "replace")


def _fits(source: bytes, codec: str) -> bool:
    """Whether all bytes are valid, decoding piece by piece so that memory stays small."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        for place in range(0, len(source), CHUNK):
            decoder.decode(source[place : place + CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _mostly_utf8(source: bytes) -> bool:
    """A UTF-8 file with a few broken bytes (cut off, or patched by another program) is still UTF-8."""
    sound = broken = 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for place in range(0, len(source), CHUNK):
        text = decoder.decode(source[place : place + CHUNK], final=place + CHUNK >= len(source))
        wrong = text.count("\ufffd")
        broken += wrong
        sound += len(text) - len(text.encode("ascii", "ignore")) - wrong
    return sound > broken * 10
