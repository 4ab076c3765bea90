"""Content for tests of the certificate engine, all of it invented."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject

from lms.credentials.render import TEMPLATES, CertificateContent

ISSUED_AT = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
SERIAL = "ABCDEFGHJKMN1"


def content(**changes: Any) -> CertificateContent:
    """A full certificate; fields may be overridden."""
    values: dict[str, Any] = {
        "holder_name": "Siti Rahmawati Daeng Ngasseng",
        "title": "Pemasaran Digital untuk Usaha Mikro: Dari Foto Produk ke Pelanggan Tetap",
        "statement": "Mengikuti tujuh dari delapan sesi dan lulus kuis akhir dengan nilai 92 dari 100.",
        "issuer_name": "Akademi Contoh",
        "issuer_url": "https://academy.example/",
        "signatory_name": "Dr. Bambang Wicaksono, M.M.",
        "signatory_role": "Kepala Program",
        "place": "Makassar",
        "date_text": "24 November 2026",
        "serial": SERIAL,
        "verify_url": f"https://academy.example/c/{SERIAL}",
        "language": "en",
        "details": (("Sesi", "7 dari 8"), ("Durasi", "12 jam")),
    }
    return CertificateContent(**(values | changes))


each_template = pytest.mark.parametrize("template", TEMPLATES)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(read(pdf).pages[0].extract_text().split())


def tags(reader: pypdf.PdfReader) -> list[DictionaryObject]:
    """The structure elements of a document in reading order."""
    found: list[DictionaryObject] = []

    def walk(node) -> None:
        node = node.get_object()
        if isinstance(node, ArrayObject):
            for child in node:
                walk(child)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def lines_of(pdf: bytes) -> list[tuple[float, float, str]]:
    """(baseline, height of a capital, text) of each line in reading order, in points from the foot of the page."""
    found: list[tuple[float, float, str]] = []

    def note(text, matrix, text_matrix, _font, size) -> None:
        if text.strip():
            scale = abs(matrix[3] * text_matrix[3])
            baseline = text_matrix[5] * matrix[3] + matrix[5]
            found.append((baseline, 0.6 * size * scale, text.strip()))

    read(pdf).pages[0].extract_text(visitor_text=note)
    return found
