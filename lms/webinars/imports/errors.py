"""The one family of errors that :func:`~lms.webinars.imports.read_report` raises for any file whatever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from .messages import ERRORS
from .report import Remark


class ReportError(Exception):
    """A file that cannot be read as an attendance report, said so that a coordinator knows what to do.

    ``code`` names the sentence, ``message`` is the untranslated sentence with ``%(name)s`` placeholders,
    ``params`` fills them. ``str(error)`` is the English text; a screen shows ``gettext(error.message) %
    error.params``.
    """

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        self.message = ERRORS[code]
        super().__init__(self.message % params if params else self.message)


class EmptyReport(ReportError):
    """Nothing in the file, nobody in the report, or no row that could be counted (``remarks`` say why)."""

    def __init__(self, code: str, *, remarks: Sequence[Remark] = (), **params: Any) -> None:
        self.remarks = list(remarks)
        super().__init__(code, **params)


class NotACsv(ReportError):
    """Another kind of file: Excel, PDF, archive, web page, picture."""


class UnknownFormat(ReportError):
    """Text, but no table of participants. ``params["recognised"]`` lists the column names that are known."""


class TooLarge(ReportError):
    """More bytes, rows or characters in a cell than a report can have."""


class DamagedReport(ReportError):
    """The table itself is broken."""


class AmbiguousDates(ReportError):
    """Every date can be read month first and day first, and nothing settles it: ask, never guess.

    ``readings`` maps ``"mdy"`` and ``"dmy"`` to the first date of the file in that order.
    """

    def __init__(self, code: str, *, example: str, readings: dict[str, date]) -> None:
        self.readings = readings
        super().__init__(
            code,
            example=example,
            **{order: day.strftime("%d %B %Y").lstrip("0") for order, day in readings.items()},
        )


class ConflictingDates(ReportError):
    """The dates contradict each other, or contradict the order that the caller asked for."""
