"""What choosing among attempts needs to know of each."""

from __future__ import annotations

from fractions import Fraction

from lms.assessment import grading
from lms.assessment.models import Attempt


def outcome_of(attempt: Attempt) -> grading.Outcome:
    """Return an attempt that was handed in as the pure rules want it."""
    score = None if attempt.points is None else Fraction(attempt.points) / Fraction(attempt.points_possible)
    return grading.Outcome(attempt.number, score)
