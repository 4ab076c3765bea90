"""What a learner must do to finish, written by the system from the rules, so that it is never out of date.

``tree`` reads the rules into parts (pure), ``words`` makes sentences of them, ``reading`` fetches what they name.
"""

from lms.pages.finishing.reading import (
    Finishing,
    SeriesRule,
    finish_course,
    finish_part,
    finish_series,
    series_rules,
)
from lms.pages.finishing.words import Step

__all__ = ["Finishing", "SeriesRule", "Step", "finish_course", "finish_part", "finish_series", "series_rules"]
