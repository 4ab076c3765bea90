"""Tables as files: CSV that every spreadsheet program reads aright, and workbooks. Cells stay text; none becomes a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from lms.core.cells import safe_cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Longest text that a cell of a workbook may hold.
MOST_CHARACTERS = 32_767


class _Line:
    """A file for ``csv`` that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def as_csv(rows: Iterable[Sequence[Any]], name: str) -> StreamingHttpResponse:
    """Return a download: UTF-8 with a mark, so that spreadsheet programs see the letters.

    Args:
        rows: the names of the columns first.
        name: of the file, without its ending.
    """
    writer = csv.writer(_Line())

    def lines() -> Iterator[str]:
        yield "\ufeff"
        for row in rows:
            yield writer.writerow([safe_cell(_plain(value)) for value in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    return download(response, f"{name}.csv")


def as_xlsx(rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """Return a download: a workbook with one sheet, its first row fixed. Dates are dates, numbers are numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Kelas")
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_cell(value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return download(HttpResponse(content.getvalue(), content_type=XLSX), f"{name}.xlsx")


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, dt.date) else value


def _cell(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)  # a workbook knows no zones; the column's name says which
    if value is None or isinstance(value, dt.date | bool | int | float):
        return value
    return safe_cell(ILLEGAL_CHARACTERS_RE.sub("", str(value)))[:MOST_CHARACTERS]


def download(response: Any, name: str) -> Any:
    """Make a response a file to keep, which no cache between keeps. Args: the response, and the file's name."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
