"""Readers of attendance reports: bytes in, people and intervals out. One module a platform; no database, no
Django.

>>> report = read_report(source, session_start=datetime(2025, 3, 4, 19, 0))  # doctest: +SKIP

Owns: the formats of Zoom, Teams and Meet, their column names by language (``*_words``), the date order, the
limits. May import: ``lms.core.intervals`` and the standard library.
"""

from .errors import (
    AmbiguousDates,
    ConflictingDates,
    DamagedReport,
    EmptyReport,
    NotACsv,
    ReportError,
    TooLarge,
    UnknownFormat,
)
from .reader import DATE_ORDERS, read_report
from .report import ROLES, Meeting, PersonInReport, Remark, Report

__all__ = [
    "DATE_ORDERS",
    "ROLES",
    "AmbiguousDates",
    "ConflictingDates",
    "DamagedReport",
    "EmptyReport",
    "Meeting",
    "NotACsv",
    "PersonInReport",
    "Remark",
    "Report",
    "ReportError",
    "TooLarge",
    "UnknownFormat",
    "read_report",
]
