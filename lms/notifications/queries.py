"""Reads of the outbox for staff: what could not be sent, and what should have been sent by now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from lms.core import clock
from lms.notifications.models import OutboxMessage


def failed(about: Mapping[str, QuerySet] | None) -> QuerySet[OutboxMessage]:
    """Return messages that were put aside because they could not be sent, the latest first, with their learners.

    Args:
        about: what the person who asks may see, by the word before the colon of ``about``, such as ``occurrence``; None
            for everything.
    """
    found = OutboxMessage.objects.filter(state=OutboxMessage.State.FAILED)
    if about is not None:
        seen = Q(pk__in=[])
        for kind, rows in about.items():
            named = rows.order_by().annotate(
                named=Concat(Value(f"{kind}:"), Cast("pk", CharField()), output_field=CharField())
            )
            seen |= Q(Exists(named.filter(named=OuterRef("about"))))
        found = found.filter(seen)
    return found.select_related("learner").order_by("-updated_at", "-pk")


def overdue(within: dt.timedelta) -> QuerySet[OutboxMessage]:
    """Return messages that nobody has tried to send although they should have gone by then, the oldest first.

    Args:
        within: how long a worker may take that has much to do.
    """
    return OutboxMessage.objects.filter(
        state=OutboxMessage.State.PENDING, attempts=0, send_after__lt=clock.now() - within
    ).order_by("send_after", "pk")
