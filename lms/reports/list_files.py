"""The two kinds of file that a list of people comes in, CSV and workbook: bytes in, rows out, within limits. Pure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook

from lms.webinars.imports import ReportError
from lms.webinars.imports.decoding import decode
from lms.webinars.imports.tables import (
    DELIMITERS,
    head,
    head_rows,
    is_blank,
    records,
)

#: People that one list may hold. A larger one is cut in two: a person should still be able to look through the preview.
MOST_PEOPLE = 2000
#: Bytes of a file, and of a workbook when it is unpacked.
MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
#: Rows of a sheet that are looked at, blank ones too, and columns.
MOST_ROWS = 20_000
MOST_COLUMNS = 100


class BadList(Exception):
    """A file that cannot be read as a list of people. ``code`` says why, ``params`` are the values of its sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell of a workbook that holds a formula. Its result is not known here."""

    text: str


def csv_rows(
    source: bytes, score: Callable[[Sequence[Sequence[str]]], int]
) -> list[tuple[int, Sequence[str]]]:
    """Return the numbered rows of a CSV file.

    Args:
        source: the file, in whatever encoding and with whatever delimiter.
        score: says of its first rows how well they are cut; the delimiter that cuts best is taken.

    Raises:
        BadList: it is damaged, too long, or no such file.
    """
    try:
        decoded = decode(source)
        lines = head(decoded.lines())
        delimiter = max(DELIMITERS, key=lambda each: score(head_rows(lines, each)))
        rows: list[tuple[int, Sequence[str]]] = []
        for number, row in records(decoded.lines(), delimiter):
            rows.append((number, row[:MOST_COLUMNS]))
            if len(rows) > MOST_ROWS:
                raise BadList("too_many", limit=MOST_PEOPLE)
        return rows
    except ReportError as error:
        codes = {
            "empty_file": "empty",
            "too_many_rows": "too_many",
            "cell_too_long": "long_cell",
            "damaged_table": "damaged",
        }
        code = codes.get(error.code, "other_kind")
        values = {"limit": MOST_PEOPLE} if code == "too_many" else error.params
        raise BadList(code, **values) from error


def sheets(source: bytes) -> list[list[tuple[int, Sequence[Any]]]]:
    """Return the rows of every sheet of a workbook that has something in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            if not any(name.startswith("xl/") for name in archive.namelist()):
                raise BadList("other_kind")
            if sum(each.file_size for each in archive.infolist()) > MOST_UNPACKED:
                raise BadList("too_large", limit=MOST_UNPACKED >> 20)
        book = load_workbook(io.BytesIO(source), read_only=True, data_only=False, keep_links=False)
        try:
            return [_rows_of(sheet) for sheet in book.worksheets]
        finally:
            book.close()
    except BadList:
        raise
    except Exception as error:  # whatever a damaged archive makes the reader raise
        raise BadList("damaged_book") from error


def _rows_of(sheet: Any) -> list[tuple[int, Sequence[Any]]]:
    sheet.reset_dimensions()  # what the file says about its size need not be true
    rows: list[tuple[int, Sequence[Any]]] = []
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS + 1), 1):
        if number > MOST_ROWS:
            raise BadList("too_many", limit=MOST_PEOPLE)
        values = [Formula(str(each.value)) if each.data_type == "f" else each.value for each in row]
        if not is_blank(["" if value is None else str(value) for value in values]):
            rows.append((number, values))
    return rows
