"""Who ran a Zoom meeting. Its table has no sections, so hosts stand among those who came; a webinar's report sets them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .people import CUT, Draft
from .report import Meeting
from .tables import fold
from .zoom_words import MARKS

ROLES = {word: role for role, words in MARKS.items() for word in words}
IN_PARENTHESES = re.compile(r"[(（]([^()（）]*)[)）]")


def tell_hosts(roster: Iterable[Draft], meeting: Meeting) -> None:
    """Set apart who ran a meeting: marked after the name, or named above the table.

    The name above the table decides where a whole address is missing.

    Args:
        roster: those who stand in the table; their ``role`` is set.
        meeting: what stands above the table.
    """
    host_email, host_name = meeting.host_email.strip().casefold(), fold(meeting.host_name)
    for draft in roster:
        if draft.role != "attendee":
            continue
        by_address = host_email and "@" in draft.email and not CUT.search(draft.email)
        known_as, host = (draft.email, host_email) if by_address else (fold(draft.name), host_name)
        if known_as and known_as == host:
            draft.role = "host"
        else:
            marks = map(marked_role, (draft.name, *(draft.more or ())))
            draft.role = next(filter(None, marks), draft.role)


def marked_role(name: str) -> str | None:
    """Return the role that a name carries in parentheses, ``Dewi (Host)`` or ``Dewi (Co-host, me)``; mostly ``None``."""
    for marks in IN_PARENTHESES.findall(name):
        for mark in marks.split(","):
            if role := ROLES.get(fold(mark)):
                return role
    return None
