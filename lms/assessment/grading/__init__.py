"""What an answer is worth. Pure functions on plain values: no tables, no clock, no Django; fractions, never floats.

``clean`` takes what a browser sent and returns what is stored, or says why not. ``mark`` compares it with what is right.
``points_of`` turns a share into points, ``total`` adds them up, ``counting`` and ``result`` choose among attempts.
"""

from lms.assessment.grading.marks import Mark, mark, number_read
from lms.assessment.grading.numbers import Reading, read_number, same_unit, stands_before, with_unit
from lms.assessment.grading.responses import BadResponse, clean, is_empty
from lms.assessment.grading.totals import Outcome, Total, counting, points_of, result, rubric_total, total

__all__ = [
    "BadResponse",
    "Mark",
    "Outcome",
    "Reading",
    "Total",
    "clean",
    "counting",
    "is_empty",
    "mark",
    "number_read",
    "points_of",
    "read_number",
    "result",
    "rubric_total",
    "same_unit",
    "stands_before",
    "total",
    "with_unit",
]
