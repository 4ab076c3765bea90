"""Points of a whole attempt, whether it passes, and which of several attempts counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

HUNDREDTH = Decimal("0.01")


def points_of(share: Fraction, worth: Decimal) -> Decimal:
    """Return the points for a share of what a question is worth, to the hundredth; a half is rounded up."""
    hundredths = Fraction(worth) * share * 100 + Fraction(1, 2)
    return (Decimal(hundredths.numerator // hundredths.denominator) / 100).quantize(HUNDREDTH)


@dataclass(frozen=True, slots=True)
class Total:
    """The result of one attempt. ``scaled`` is points by possible points, five decimals, never rounded up."""

    points: Decimal
    possible: Decimal
    scaled: Decimal
    passed: bool


def total(points: Iterable[Decimal], possible: Iterable[Decimal], *, pass_mark: int) -> Total:
    """Add up an attempt.

    Args:
        points: what each question earned.
        possible: what each was worth.
        pass_mark: percent (0–100) of the possible points that passes; exactly so many pass.

    Raises:
        ValueError: there was nothing to earn.
    """
    earned, worth = _sum(points), _sum(possible)
    if worth <= 0:
        raise ValueError("There is nothing to earn.")
    # Never rounded up, so that the ledger's score reaches the pass mark exactly when the points do.
    scaled = (earned / worth).quantize(Decimal("0.00001"), rounding=ROUND_DOWN)
    return Total(earned, worth, scaled, earned * 100 >= worth * pass_mark)


def rubric_total(rubric: Sequence[Mapping[str, str]], given: Mapping[str, Decimal]) -> Decimal:
    """Add up what a grader gave for each criterion.

    Args:
        rubric: criteria with ``id`` and ``points`` (at most).
        given: id → points.

    Raises:
        ValueError: a criterion is missing, unknown, below nothing or above its most; the text is the criterion's id.
    """
    most = {criterion["id"]: Decimal(criterion["points"]) for criterion in rubric}
    for name in [*most, *given]:
        if name not in given or name not in most or not given[name].is_finite():
            raise ValueError(name)
        if not 0 <= given[name] <= most[name]:
            raise ValueError(name)
    return _sum(given.values()).quantize(HUNDREDTH)


def _sum(points: Iterable[Decimal]) -> Decimal:
    added = Decimal(0)
    for each in points:
        added += each
    return added


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is needed of an attempt that was handed in to choose among several. ``score`` is None while it is graded."""

    number: int
    score: Fraction | None


def counting(outcomes: Iterable[Outcome], rule: str) -> list[int]:
    """Return the numbers of the attempts whose results stand in the ledger, in order.

    Args:
        outcomes: attempts that were handed in.
        rule: ``last``: the last one that is graded. ``first``: the first one, once it is graded. ``best``: each that
            was better than all before it; so a better result is news, and takes nothing away from an earlier pass.
    """
    ordered = sorted(outcomes, key=lambda each: each.number)
    if rule == "first":
        return [each.number for each in ordered[:1] if each.score is not None]
    graded = [each for each in ordered if each.score is not None]
    if rule == "last":
        return [each.number for each in graded[-1:]]
    found: list[int] = []
    best: Fraction | None = None
    for each in graded:
        if each.score is not None and (best is None or each.score > best):
            best = each.score
            found.append(each.number)
    return found


def result(outcomes: Iterable[Outcome], rule: str) -> int | None:
    """Return the number of the attempt that is the learner's result, or None while there is none."""
    return next(reversed(counting(outcomes, rule)), None)
