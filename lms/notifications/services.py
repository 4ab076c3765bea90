"""Writes of the outbox: queue once, claim, compose anew, send, acknowledge."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from lms import conf
from lms.core import clock, work
from lms.notifications import channels, messages
from lms.notifications.models import OutboxMessage

logger = logging.getLogger(__name__)

#: How long a worker may take over one message before another may try it.
CLAIM = dt.timedelta(minutes=5)
#: Wait before the next try: 1, 2, 4, 8 … minutes.
FIRST_WAIT = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to be: to whom, what kind, about what. The same five words never make a second message."""

    learner_id: int
    kind: str
    about: str
    sequence: int = 0
    revision: int = 0
    params: Mapping[str, Any] = field(default_factory=dict)
    send_after: dt.datetime | None = None


@transaction.atomic
def queue(notices: Iterable[Notice]) -> int:
    """Put messages into the outbox, in the transaction of what caused them, and wake the worker after it.

    Returns:
        How many messages are in question; those that were queued before are not queued again (law 10).
    """
    now = clock.now()
    rows = [
        OutboxMessage(
            learner_id=notice.learner_id,
            kind=notice.kind,
            about=notice.about,
            sequence=notice.sequence,
            revision=notice.revision,
            params=dict(notice.params),
            send_after=notice.send_after or now,
        )
        for notice in notices
    ]
    if rows:
        OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        work.wake("lms.notifications.tasks.send_due")
    return len(rows)


def send_due() -> int:
    """Send everything that is due. Several workers may run this at once.

    Returns:
        How many messages were settled (sent, or no longer wanted).
    """
    settled = 0
    while ids := _claim():
        for message_id in ids:
            settled += send(message_id=message_id)
    return settled


def _claim() -> list[int]:
    now = clock.now()
    due = OutboxMessage.objects.filter(state=OutboxMessage.State.PENDING, send_after__lte=now)
    abandoned = OutboxMessage.objects.filter(state=OutboxMessage.State.SENDING, claimed_until__lt=now)
    with transaction.atomic():
        ids = list(
            (due | abandoned).order_by("send_after", "id").values_list("id", flat=True)[: conf.OUTBOX_BATCH]
        )
        return [pk for pk in ids if _claim_one(pk, now)]


def _claim_one(pk: int, now: dt.datetime) -> bool:
    # One conditional UPDATE decides between workers; it works on every database.
    free = OutboxMessage.objects.filter(pk=pk, state=OutboxMessage.State.PENDING)
    abandoned = OutboxMessage.objects.filter(pk=pk, state=OutboxMessage.State.SENDING, claimed_until__lt=now)
    claim = {"state": OutboxMessage.State.SENDING, "claimed_until": now + CLAIM, "updated_at": now}
    return bool(free.update(**claim) or abandoned.update(**claim))


def send(*, message_id: int) -> bool:
    """Compose one claimed message from what is true now, and send it.

    What is no longer true or wanted (a session moved again, a seat given back, a learner erased) is skipped.
    A failure waits and is tried again; after ``OUTBOX_MAX_ATTEMPTS`` it is put aside for a person to look at.

    Returns:
        Whether the message is settled.
    """
    message = OutboxMessage.objects.select_related("learner").get(pk=message_id)
    try:
        address = channels.address_for(message.learner)
        if address is None:
            return _settle(message, OutboxMessage.State.SKIPPED, outcome="no-address")
        composed = messages.compose(message, address)
        if composed is None:
            return _settle(message, OutboxMessage.State.SKIPPED, outcome="no-longer-true")
        channels.send_mail(composed, message=message, address=address)
    except Exception as error:
        logger.exception("Message %s could not be sent.", message.public_id)
        return _try_later(message, error)
    return _settle(message, OutboxMessage.State.SENT, address_id=address.pk, sent_at=clock.now(), outcome="")


def _settle(message: OutboxMessage, state: str, **fields: Any) -> bool:
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=state, claimed_until=None, attempts=message.attempts + 1, updated_at=clock.now(), **fields
    )
    return True


def _try_later(message: OutboxMessage, error: Exception) -> bool:
    attempts = message.attempts + 1
    failed = attempts >= conf.OUTBOX_MAX_ATTEMPTS
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=OutboxMessage.State.FAILED if failed else OutboxMessage.State.PENDING,
        attempts=attempts,
        claimed_until=None,
        send_after=clock.now() + FIRST_WAIT * 2 ** (attempts - 1),
        # The class only: an error's text may hold an address.
        outcome=type(error).__name__,
        updated_at=clock.now(),
    )
    return failed


@transaction.atomic
def try_again(*, message_ids: Iterable[int]) -> int:
    """Have messages that were put aside sent after all, with as many tries as a new one, and wake the worker.

    Whatever they say is composed anew, so what is no longer true is not sent. Asking twice changes nothing further.

    Returns:
        How many of them were put aside.
    """
    now = clock.now()
    number = OutboxMessage.objects.filter(pk__in=list(message_ids), state=OutboxMessage.State.FAILED).update(
        state=OutboxMessage.State.PENDING, attempts=0, send_after=now, outcome="", updated_at=now
    )
    if number:
        work.wake("lms.notifications.tasks.send_due")
    return number
