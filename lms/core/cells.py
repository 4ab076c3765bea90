"""Cells of a table that a spreadsheet program opens. What people typed must stay text and never become a formula.

Source: OWASP, "CSV Injection": cells that begin with ``=``, ``+``, ``-``, ``@``, tab, carriage return (and their
full-width forms) are led by an apostrophe, which the programs take for "this is text".
"""

from __future__ import annotations

from typing import Any

#: With these a formula begins; the full-width forms too, which programs set to East Asian languages read alike.
STARTS = frozenset("=+-@＝＋－＠")
#: With these a cell begins that may be cut into two.
CONTROLS = frozenset("\t\r\n\0")


def safe_cell(value: Any) -> Any:
    """Return a value for a cell of a CSV file: numbers as they are, text so that no program takes it for a formula.

    Nothing is taken away: a telephone number ``+62 812…`` becomes ``'+62 812…`` and stays readable. Blanks and invisible
    characters before the sign change nothing, since programs skip them.

    Args:
        value: text, a number, or None for an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    text = str(value)
    shown = next((character for character in text if character.isprintable() and not character.isspace()), "")
    return "'" + text if shown in STARTS and shown or text[:1] in CONTROLS and text else text
