"""When is something done, and when may it be opened? Pure functions on plain values: no database, no Django, no clock.

Evidence is a list of unvoided records. An outline version says what is required. Complete means: for some version, the
evidence that occurred before that version ended satisfies it. So what was completed stays completed when content
changes, evidence that is taken back takes the completion back, and a rebuild agrees.
"""

from lms.progress.rules.completion import done_at, judge, satisfies
from lms.progress.rules.opening import locks, seconds_to_wait
from lms.progress.rules.outline import asked, leaves, steps
from lms.progress.rules.terms import add_months, ends_at, first_moment, starts_at
from lms.progress.rules.values import Evidence, Item, Lock, Verdict, Version

__all__ = [
    "Evidence",
    "Item",
    "Lock",
    "Verdict",
    "Version",
    "add_months",
    "asked",
    "done_at",
    "ends_at",
    "first_moment",
    "judge",
    "leaves",
    "locks",
    "satisfies",
    "seconds_to_wait",
    "starts_at",
    "steps",
]
