"""Recurrence rules: read, check, expand. Pure functions on text and dates, no Django.

``expand`` gives the sessions of a series, ``session_dates`` its calendar dates and what became of the
single ones, ``check_rule`` refuses what cannot become sessions, ``normalise`` writes a rule in its one
canonical form.
"""

from lms.webinars.recurrence.errors import MESSAGES, RuleError
from lms.webinars.recurrence.expansion import (
    HORIZON_YEARS,
    Dates,
    Slot,
    check_rule,
    expand,
    session_dates,
    slot,
)
from lms.webinars.recurrence.text import (
    MAX_EXCLUDED,
    MAX_LENGTH,
    MAX_SESSIONS,
    Rule,
    RuleSet,
    normalise,
    parse,
)

__all__ = [
    "HORIZON_YEARS",
    "MAX_EXCLUDED",
    "MAX_LENGTH",
    "MAX_SESSIONS",
    "MESSAGES",
    "Dates",
    "Rule",
    "RuleError",
    "RuleSet",
    "Slot",
    "check_rule",
    "expand",
    "normalise",
    "parse",
    "session_dates",
    "slot",
]
