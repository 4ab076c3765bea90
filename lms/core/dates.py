"""Dates and times in words: weekday, date, clock and the name of the zone, in the reader's language."""

from __future__ import annotations

import datetime as dt

from django.utils import formats, translation

from lms.core.clock import wall_clock, zone_label


def clock_words(moment: dt.datetime, zone: str) -> str:
    """Return ``19.00`` in Indonesian and ``19:00`` elsewhere, as the clock on the wall of a zone shows it."""
    separator = "." if (translation.get_language() or "").startswith("id") else ":"
    return wall_clock(moment, zone).strftime(f"%H{separator}%M")


def date_words(moment: dt.datetime, zone: str) -> str:
    """Return weekday and date in a zone: ``Selasa, 3 Maret 2026``, ``Tuesday, 3 March 2026``."""
    return formats.date_format(wall_clock(moment, zone), "l, j F Y")


def span_words(starts_at: dt.datetime, ends_at: dt.datetime, zone: str) -> str:
    """Return from when to when, with the zone: ``19.00–20.30 WITA``. An end on another day names that day."""
    start, end = wall_clock(starts_at, zone), wall_clock(ends_at, zone)
    words = f"{clock_words(starts_at, zone)}–{clock_words(ends_at, zone)} {zone_label(zone, starts_at)}"
    if end.date() != start.date():
        words += f" ({formats.date_format(end, 'j F')})"
    return words
