"""Certificate serials: 12 random Crockford base-32 characters and one check character.

A serial is public, typed from paper and read out over the telephone, so its alphabet leaves out I, L, O and U
(Douglas Crockford, "Base 32", https://www.crockford.com/base32.html), and its 13th character catches slips.

The check is not Crockford's modulo-37 symbol: that needs ``* ~ $ =``, which are poor in an address, in a QR
code and on a keypad. It is a linear code over the field GF(32) instead, so it stays inside the same 32
characters. With α a generator of the field's 31 non-zero elements, a serial c₁₂ c₁₁ … c₁ c₀ is valid when
Σ cᵢ·αⁱ equals a fixed non-zero constant (non-zero, so a row of noughts is no serial). Because α⁰ … α¹² all
differ, it detects, always:

* every substitution of one character by another;
* every exchange of two different characters, adjacent or however far apart;
* every twin slip (``AA`` typed as ``BB``), at any two places.

Any other slip goes unseen with a chance of 1 in 32. A wrong length is always refused.
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 characters, in the order of their values."""

BODY_LENGTH = 12
"""Random characters: 60 bits, so a serial cannot be guessed."""

SERIAL_LENGTH = BODY_LENGTH + 1

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_FIELD_POLYNOMIAL = 0b100101  # x⁵ + x² + 1, primitive over GF(2): x generates the field
_SYNDROME = 0b10110  # any constant but nought

# What people type. Only ASCII letters change case: str.upper would also make SS of ß, and I of a dotless ı.
# Hyphens are the keyboard's and those that word processors and PDF readers set (soft, U+2010 to 2015, minus).
_READINGS = str.maketrans(
    {character.lower(): character for character in ALPHABET}
    | dict.fromkeys("iIlL", "1")
    | dict.fromkeys("oO", "0")
    | dict.fromkeys("-_\u00ad‐‑‒–—―−")
)


def _times_alpha(value: int) -> int:
    value <<= 1
    return value ^ _FIELD_POLYNOMIAL if value & 0b100000 else value


def _syndrome(values: list[int]) -> int:
    """Σ values[i]·α^(n-1-i) by Horner's rule."""
    total = 0
    for value in values:
        total = _times_alpha(total) ^ value
    return total


def check_character(body: str) -> str:
    """The check character for ``body`` (twelve canonical characters). Raises ValueError for anything else."""
    if len(body) != BODY_LENGTH or not _VALUES.keys() >= set(body):
        raise ValueError(f"A serial's body is {BODY_LENGTH} characters of {ALPHABET}, not {body!r}.")
    return ALPHABET[_syndrome([_VALUES[character] for character in body] + [0]) ^ _SYNDROME]


def new_serial() -> str:
    """A fresh serial in canonical form: 13 characters, no hyphens. Uniqueness is the database's to hold."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(BODY_LENGTH))
    return body + check_character(body)


def normalise(text: str) -> str | None:
    """The canonical serial that ``text`` stands for, or None if it stands for none.

    Forgives case, spaces and hyphens, and reads I and L as 1, O as 0. Answers None for a wrong length, a
    foreign character or a failed check; it never guesses. Fit for text straight from an address or a form.
    """
    if len(text) > 64:  # nobody types that; do no work for whoever sends a megabyte
        return None
    serial = "".join(text.split()).translate(_READINGS)
    if len(serial) != SERIAL_LENGTH or not _VALUES.keys() >= set(serial):
        return None
    return serial if _syndrome([_VALUES[character] for character in serial]) == _SYNDROME else None


def display(serial: str) -> str:
    """``serial`` (canonical) as printed and read aloud, in groups: ``ABCD-EFGH-JKMN-P``."""
    return "-".join(serial[start : start + 4] for start in range(0, len(serial), 4))
