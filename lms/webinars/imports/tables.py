"""From lines to records: separator, limits, folding of column names."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from . import limits
from .errors import DamagedReport, TooLarge

Row = list[str]
Rows = Iterator[tuple[int, Row]]

# In order of trust: a tab is rarer in text than a semicolon, a semicolon rarer than a comma.
DELIMITERS = ("\t", ";", ",")
INVISIBLE = dict.fromkeys((0xFEFF, 0x200B, 0x200E, 0x200F, 0x00AD, 0x2060))


def fold(cell: str) -> str:
    """Return a column name so that spellings of one name compare equal: NFKC, case, blanks, quotes, colon."""
    if not cell.isascii():
        cell = unicodedata.normalize("NFKC", cell.translate(INVISIBLE))
    text = cell.casefold()
    return " ".join(text.split()).strip("\"' ").removesuffix(":").rstrip()


def folded_words(words: Mapping[str, Mapping[str, Iterable[str]]]) -> dict[str, str]:
    """Turn a dictionary language → field → spellings into spelling → field."""
    return {
        fold(spelling): field
        for fields in words.values()
        for field, spellings in fields.items()
        for spelling in spellings
    }


def fields_of(row: Row, words: Mapping[str, str]) -> list[str | None]:
    """Return which field each cell of a header row names; ``None`` for a cell that names none."""
    return [words.get(fold(cell)) for cell in row]


def is_blank(row: Row) -> bool:
    """Whether the row has nothing but blanks (``,,,,`` after Excel)."""
    return not any(cell and not cell.isspace() for cell in row)


def only_cell(row: Row) -> str | None:
    """Return the first cell, folded, if all others are blank."""
    return fold(row[0]) if row and not is_blank(row[:1]) and is_blank(row[1:]) else None


def cell(row: Row, column: int | None) -> str:
    """Return the trimmed text of a column; nothing where the row is short or the table has no such column."""
    return "" if column is None or column >= len(row) else row[column].strip()


def head(lines: Iterator[str]) -> list[str]:
    """Return the first lines, where the column names must stand."""
    return [line for _, line in zip(range(limits.HEADER_LINES), lines, strict=False)]


def head_rows(lines: list[str], delimiter: str) -> list[Row]:
    """Split the first lines by a separator on trial; what cannot be split gives what came before it."""
    rows: list[Row] = []
    try:
        rows.extend(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        pass
    return rows


def records(lines: Iterator[str], delimiter: str) -> Rows:
    """Yield (number, cells) of every row that is not empty; numbers count from 1 as a spreadsheet program does.

    Raises: ``TooLarge``, ``DamagedReport``.
    """
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    longest = limits.CELL_CHARACTERS
    number = filled = 0
    try:
        for number, row in enumerate(reader, 1):
            length = len("".join(row))
            if not length:
                if number > limits.LINES:
                    raise TooLarge("too_many_rows", limit=limits.ROWS)
                continue
            filled += 1
            if filled > limits.ROWS:
                raise TooLarge("too_many_rows", limit=limits.ROWS)
            if length > longest and len(max(row, key=len)) > longest:
                raise TooLarge("cell_too_long", row=number, limit=longest)
            yield number, row
    except csv.Error as error:
        if "field larger than field limit" in str(error):
            raise TooLarge("cell_too_long", row=number + 1, limit=longest) from None
        raise DamagedReport("damaged_table", row=number + 1) from error
