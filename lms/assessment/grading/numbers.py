"""Reading a number as people in Indonesia and elsewhere type it: ``1.500.000``, ``1,5 juta``, ``Rp 1.500.000,-``.

One mark followed by exactly three digits can be read in two ways: ``1.500`` is one thousand five hundred to an Indonesian
and one and a half to an English reader. Both readings are returned, that of the reader's language first. Whoever
compares accepts either: the two differ a thousandfold, so accepting the other one never helps a guess. Everything else
has one reading or none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

MAX_LENGTH = 60
MARKS = ".,"
NO_BREAK = "\N{NO-BREAK SPACE}"
#: Languages that write a point before the decimals; the others here write a comma.
POINT_LANGUAGES = frozenset({"en", "ms", "zh", "ja", "ko", "th", "hi", "ta", "tl", "fil"})
SCALES = {
    "k": 1000,
    "rb": 1000,
    "ribu": 1000,
    "thousand": 1000,
    "jt": 1_000_000,
    "juta": 1_000_000,
    "million": 1_000_000,
    "miliar": 1_000_000_000,
    "milyar": 1_000_000_000,
    "billion": 1_000_000_000,
}
SAME_UNITS = {
    "idr": "rp",
    "rupiah": "rp",
    "persen": "%",
    "percent": "%",
}
#: Units that stand before the number, in one spelling: signs of money close to it, codes with a space.
MONEY_SIGNS = frozenset({"rp", "rm", "$", "us$", "s$", "€", "£", "¥"})
MONEY_CODES = frozenset({"idr", "usd", "eur", "myr", "sgd"})
#: A mark that begins a number stands alone (",5"): the point of "Rp.500" does not. After the digits there are no others,
#: except those of "m2".
_WHOLE = re.compile(
    r"(?P<before>[^0-9]*?)(?P<sign>[-+]?) ?(?P<number>[0-9][0-9., ]*|(?<![^ +-])[.,][0-9]+)"
    r"(?P<after>[^0-9]*(?:(?<=m)[23])?)"
)
#: What may stand after the digits and says nothing: "5.000," and "5 ".
_ENDING = re.compile(r"[ .,]+\Z")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2012": "-"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text may mean as a number.

    ``values`` are the readings, the likeliest first; none when it is no number. ``unit`` is what stood beside it, in one
    spelling (see ``same_unit``).
    """

    values: tuple[Fraction, ...] = ()
    unit: str = ""


def same_unit(unit: str) -> str:
    """Return one spelling for all spellings of a unit: ``Rp.``, ``IDR`` and ``rupiah`` are ``rp``."""
    plain = unicodedata.normalize("NFKC", unit).casefold().replace(".", "").replace(" ", "")
    return SAME_UNITS.get(plain, plain)


def stands_before(unit: str) -> bool:
    """Say whether a unit is written before the number: Rp2.400, but 12 pcs and 2.400 rupiah."""
    return _plain(unit).casefold() in MONEY_SIGNS | MONEY_CODES


def _plain(unit: str) -> str:
    return unit.strip().rstrip(".")


def with_unit(digits: str, unit: str, language: str) -> str:
    """Return a number with its unit as the language writes it: Rp2.400 in Indonesian, Rp 2,400 in English; 15%, 12 pcs.

    Args:
        digits: the number as the language writes it.
        unit: as the question has it, or nothing.
        language: code of the reader's language.
    """
    unit = unit.strip()
    if not unit or unit == "%":
        return digits + unit
    if not stands_before(unit):
        return f"{digits} {unit}"
    plain = _plain(unit)
    close = not plain[-1].isalpha() or (plain.casefold() in MONEY_SIGNS and not _writes_point(language))
    sign = "-" if digits.startswith("-") else ""
    return f"{sign}{plain}{'' if close else NO_BREAK}{digits.removeprefix('-')}"


def read_number(text: str, language: str) -> Reading:
    """Read a number with what stands around it.

    Args:
        text: as typed.
        language: code of the reader's language, such as ``id`` or ``en-gb``; it decides which of two readings is first.

    Returns:
        A reading without values when the text is no number, holds two, or is longer than ``MAX_LENGTH``.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_MINUS).split())
    found = _WHOLE.fullmatch(plain) if len(plain) <= MAX_LENGTH else None
    if found is None:
        return Reading()
    before, sign = found["before"].strip(), found["sign"]
    if before[:1] in ("-", "+"):
        if sign:
            return Reading()
        before, sign = before[1:].strip(), before[0]
    values = _values(_ENDING.sub("", found["number"]), point=_writes_point(language))
    # "Rp 5.000,-": the dash stands for no decimals.
    scale, after = _scale(found["after"].lstrip("- "))
    factor = -scale if sign == "-" else scale
    units = dict.fromkeys(filter(None, (same_unit(before), same_unit(after))))
    return Reading(tuple(value * factor for value in values), " ".join(units))


def _writes_point(language: str) -> bool:
    return language.casefold().replace("_", "-").split("-")[0] in POINT_LANGUAGES


def _scale(after: str) -> tuple[int, str]:
    word, _, rest = after.partition(" ")
    scale = SCALES.get(word.casefold().removesuffix("."))
    return (1, after) if scale is None else (scale, rest)


def _values(number: str, *, point: bool) -> list[Fraction]:
    """Return the readings of digits with marks between them."""
    if " " in number:
        if not re.fullmatch(r"[1-9][0-9]{0,2}( [0-9]{3})+([.,][0-9]+)?", number):
            return []
        number = number.replace(" ", "")
    marks = [each for each in number if each in MARKS]
    if not marks:
        return [Fraction(number)]
    last = marks[-1]
    if len(marks) == 1:
        return _one_mark(number, last, point=point)
    other = "," if last == "." else "."
    if marks.count(last) == 1:
        return _read(number, group=other, decimal=last)
    return _read(number, group=last)


def _one_mark(number: str, mark: str, *, point: bool) -> list[Fraction]:
    as_decimal = Fraction(number.replace(mark, "."))
    grouped = _read(number, group=mark)
    if (mark == ".") == point:
        return [as_decimal, *grouped]
    return [*grouped, as_decimal]


def _read(number: str, *, group: str, decimal: str = "") -> list[Fraction]:
    tail = rf"(\{decimal}[0-9]+)" if decimal else ""
    if not re.fullmatch(rf"[1-9][0-9]{{0,2}}(\{group}[0-9]{{3}})+{tail}", number):
        return []
    number = number.replace(group, "")
    return [Fraction(number.replace(decimal, ".") if decimal else number)]
