"""A person's messages. That one was sent stays; where to, and its words, go. What waits is not sent any more."""

from __future__ import annotations

from collections.abc import Sequence

from lms.core import clock
from lms.notifications.models import OutboxMessage
from lms.people.handlers import Traces, register

State = OutboxMessage.State


def connect() -> None:
    """Register the handlers of this area."""
    register(
        "lms.OutboxMessage",
        "learner",
        erase=_erase_messages,
        also={"sent_to": "address__value"},
        hidden=["claimed_until"],
    )


def _erase_messages(ids: Sequence[int], traces: Traces) -> int:
    rows = OutboxMessage.objects.filter(learner__in=ids)
    now = clock.now()
    rows.filter(state__in=(State.PENDING, State.SENDING)).update(
        state=State.SKIPPED, claimed_until=None, updated_at=now
    )
    return rows.update(address=None, params={}, outcome="", updated_at=now)
