"""Durations as platforms print them, in words of any language or as a clock."""

from __future__ import annotations

import re

from .timestamps import plain

# Beginnings of the words for hour, minute and second; German “Std.” must be tried before “s”.
UNITS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("st", "h", "g", "u", "j", "時", "시"), 3600),
    (("m", "分", "분"), 60),
    (("s", "d", "秒", "초"), 1),
)
PART = re.compile(r"\s*(\d{1,6})\s*([^\W\d_]+)\.?\s*,?")
CLOCK = re.compile(r"(\d{1,4}):(\d{2}):(\d{2})$")
NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,6})?$")


def minutes_of(text: str) -> float | None:
    """Return the minutes that a cell says: ``1h 2m 3s``, ``59 Min. 0 Sek.``, ``1 hr 2 min``, ``1:02:03``,
    ``62``.

    A bare number counts minutes. Returns ``None`` for anything else: ``45:10`` could be minutes or hours.
    """
    text = plain(text).casefold()
    if NUMBER.match(text):
        return float(text.replace(",", "."))
    if found := CLOCK.match(text):
        hours, minutes, seconds = map(int, found.groups())
        return hours * 60 + minutes + seconds / 60
    total, place, last_unit = 0, 0, 3601
    while found := PART.match(text, place):
        unit = next((size for beginnings, size in UNITS if found[2].startswith(beginnings)), None)
        if unit is None or unit >= last_unit:
            return None
        total, place, last_unit = total + int(found[1]) * unit, found.end(), unit
    return total / 60 if place and place == len(text) else None
