"""What answers say about a question. Pure functions on sums, so that the database does the adding up.

Difficulty is the mean share of the points (p). Discrimination is the correlation of a question's share with that of the
rest of the quiz (the corrected item–total correlation; for right-or-wrong questions the point-biserial one; L. Crocker
and J. Algina, Introduction to Classical and Modern Test Theory, 1986). Its words follow R. Ebel and D. Frisbie, Essentials
of Educational Measurement, 1991: from 0.40 very good, from 0.30 good, from 0.20 marginal, below that poor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Below so many people figures say more about chance than about the question.
LEAST = 20
#: Shares of right answers at which nearly everybody, or nearly nobody, is right.
EASY, HARD = 0.9, 0.25


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over people of the share of a question (x) and of the rest (y)."""

    n: int
    x: float
    y: float
    xx: float
    yy: float
    xy: float


def correlation(sums: Sums) -> float | None:
    """Return Pearson's correlation, −1 to 1; None where one side does not vary, or there are fewer than two people."""
    if sums.n < 2:
        return None
    spread_x = sums.n * sums.xx - sums.x**2
    spread_y = sums.n * sums.yy - sums.y**2
    # Sums of floats: what should be nothing may be a little more.
    if spread_x <= 1e-9 * sums.n or spread_y <= 1e-9 * sums.n:
        return None
    value = (sums.n * sums.xy - sums.x * sums.y) / math.sqrt(spread_x * spread_y)
    return max(-1.0, min(1.0, value))


def difficulty_code(share: float) -> str:
    """Return ``easy``, ``hard`` or ``fitting`` for the mean share of the points."""
    if share >= EASY:
        return "easy"
    return "hard" if share <= HARD else "fitting"


def discrimination_code(value: float | None) -> str:
    """Return ``very-good``, ``good``, ``marginal``, ``poor``, ``negative``; ``none`` where there is no value."""
    if value is None:
        return "none"
    if value < 0:
        return "negative"
    for least, code in ((0.4, "very-good"), (0.3, "good"), (0.2, "marginal")):
        if value >= least:
            return code
    return "poor"
