"""Reminders before a session. A moved session has another sequence and so is reminded of again."""

from __future__ import annotations

import datetime as dt

from lms import conf
from lms.core import clock
from lms.notifications.models import OutboxMessage
from lms.notifications.services import Notice, queue
from lms.webinars.models import Occurrence, Registration

#: Reminders that are this late are not sent any more: nobody wants "tomorrow" an hour before.
GRACE = dt.timedelta(minutes=45)


def queue_due() -> int:
    """Queue the reminders whose time has come: one query per kind of reminder when there is nothing to do.

    Returns:
        How many were queued.
    """
    now = clock.now()
    count = 0
    for hours in conf.REMIND_HOURS:
        ahead = dt.timedelta(hours=hours)
        occurrences = Occurrence.objects.filter(
            status=Occurrence.Status.SCHEDULED,
            starts_at__gt=now + ahead - GRACE,
            starts_at__lte=now + ahead,
            series__activity__live=True,
        )
        for occurrence in occurrences.order_by("id"):
            kind, about = f"reminder_{hours}h", f"occurrence:{occurrence.pk}"
            told = OutboxMessage.objects.filter(kind=kind, about=about, sequence=occurrence.sequence)
            waiting = Registration.objects.filter(
                # Who registered after the moment of the reminder was told just now.
                occurrence=occurrence,
                state=Registration.State.REGISTERED,
                queued_at__lte=occurrence.starts_at - ahead,
            ).exclude(learner_id__in=told.values("learner_id"))
            count += queue(
                Notice(learner_id, kind, about, sequence=occurrence.sequence, revision=revision)
                for learner_id, revision in waiting.values_list("learner_id", "revision")
            )
    return count
