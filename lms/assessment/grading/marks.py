"""How right one answer is: a share from 0 to 1, and a code that says why."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lms.assessment.grading.numbers import Reading, read_number, same_unit
from lms.assessment.grading.responses import is_empty

NONE, FULL = Fraction(0), Fraction(1)
#: Beside these, words are a number. The rupiah and percent may be left out.
PLAIN_UNITS = ("", "rp", "%")
#: What stands around words and means nothing: "pelanggan." is "pelanggan".
AROUND = " .,;:!?\"'“”‘’()"


@dataclass(frozen=True, slots=True)
class Mark:
    """How right an answer is.

    ``code``: right, partial, wrong, empty, unit (the number is right), unreadable (no number), to_grade (by a person).
    """

    share: Fraction
    code: str


def mark(kind: str, key: Mapping[str, Any], response: Any, *, language: str) -> Mark:
    """Compare an answer with what is right.

    Args:
        kind: of the question.
        key: what is right: ``right`` (ids, or a truth value), ``value`` with ``tolerance``, ``accepted``, ``pairs``,
            ``order``; see ``lms.assessment.contents``.
        response: as ``clean`` returned it. What cannot be an answer is wrong, never an error.
        language: in which it was answered; it decides how ``1.500`` is read first.

    Returns:
        One choice, true or false, a number, words: all or nothing. Several choices: right ticks less wrong ticks, as a
        share of all that are right, never below nothing. Matching: the share of pairs. Ordering: the share of steps that
        directly follow the step that they should follow.
    """
    if is_empty(response):
        return Mark(NONE, "empty")
    if kind == "written_task":
        return Mark(NONE, "to_grade")
    if kind == "number":
        return _number(key, response, language)
    if kind == "short_text":
        return _all_or_nothing(isinstance(response, str) and _accepted(key, response, language))
    return _graded(_share(kind, key, response))


def _share(kind: str, key: Mapping[str, Any], response: Any) -> Fraction:
    if kind == "single":
        return Fraction(isinstance(response, str) and response in key["right"])
    if kind == "true_false":
        return Fraction(response is key["right"])
    if kind == "multiple" and isinstance(response, list):
        return _ticks(key["right"], response)
    if kind == "matching" and isinstance(response, Mapping):
        pairs = key["pairs"]
        return Fraction(sum(response.get(left) == right for left, right in pairs.items()), len(pairs))
    if kind == "ordering" and isinstance(response, list):
        return _order(key["order"], response)
    return NONE


def _graded(share: Fraction) -> Mark:
    if share == FULL:
        return Mark(FULL, "right")
    return Mark(share, "partial" if share else "wrong")


def _all_or_nothing(right: bool) -> Mark:
    return Mark(FULL, "right") if right else Mark(NONE, "wrong")


def _ticks(right: Sequence[str], ticked: Sequence[Any]) -> Fraction:
    good = sum(each in ticked for each in right)
    return Fraction(max(0, good - (len(ticked) - good)), len(right))


def _order(order: Sequence[str], given: Sequence[Any]) -> Fraction:
    if len(given) != len(order) or any(each not in given for each in order):
        return NONE
    neighbours = list(pairwise(order))
    follows = list(pairwise(given))
    return Fraction(sum(pair in follows for pair in neighbours), len(neighbours))


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _number(key: Mapping[str, Any], response: Any, language: str) -> Mark:
    reading = read_number(response, language) if isinstance(response, str) else Reading()
    if not reading.values:
        return Mark(NONE, "unreadable")
    if _fitting(key, reading) is None:
        return Mark(NONE, "wrong")
    units = {same_unit(unit) for unit in key.get("units", ())}
    if not reading.unit:
        return Mark(NONE, "unit") if key.get("unit_needed") else Mark(FULL, "right")
    # Where the question says nothing of units, whatever was written is as good as any.
    return Mark(FULL, "right") if not units or reading.unit in units else Mark(NONE, "unit")


def _fitting(key: Mapping[str, Any], reading: Reading) -> Fraction | None:
    """Return the first reading that is near enough, both ends included."""
    value, off = Fraction(key["value"]), Fraction(key.get("tolerance", 0))
    if key.get("tolerance_kind") == "percent":
        off = abs(value) * off / 100
    readings = list(reading.values)
    if reading.unit == "%" and not key.get("units"):
        # "15 %" is 15 where percent are asked for, and 0.15 where a share is.
        readings += [each / 100 for each in readings]
    return next((each for each in readings if abs(each - value) <= off), None)


def number_read(key: Mapping[str, Any], response: Any, *, language: str) -> Fraction | None:
    """Return how a number was read, for telling the learner: the reading that was right, else the likeliest; or None."""
    reading = read_number(response, language) if isinstance(response, str) else Reading()
    fitting = _fitting(key, reading)
    if fitting is None and reading.values:
        return reading.values[0]
    return fitting


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _accepted(key: Mapping[str, Any], response: str, language: str) -> bool:
    given = _words(response, key)
    for each in key["accepted"]:
        if _words(each, key) == given or _same_number(each, response, language):
            return True
    return False


def _words(text: str, key: Mapping[str, Any]) -> str:
    """Return a text without what does not matter."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    plain = plain.strip(AROUND) or plain
    if not key.get("match_case"):
        plain = plain.casefold()
    if not key.get("strict_accents"):
        parts = unicodedata.normalize("NFD", plain)
        plain = "".join(each for each in parts if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", plain)


def _same_number(accepted: str, given: str, language: str) -> bool:
    """Say whether two texts are the same number, however they write it; "Windows 11" is none, "Rp 5.000" is."""
    one, other = read_number(accepted, language), read_number(given, language)
    if one.unit not in PLAIN_UNITS or other.unit not in PLAIN_UNITS or len({one.unit, other.unit} - {""}) > 1:
        return False
    return not set(one.values).isdisjoint(other.values)
