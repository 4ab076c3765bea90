"""What this area does when others report news. Connected from the app's ready().

Kept events are compared with their rows at each reading, so no receiver has to find what became old; they only say that
public content changed, which makes whole feeds and agendas be put together again.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save

from lms import signals
from lms.calendars.models import PartnerCalendar
from lms.calendars.services import forget_past_events
from lms.core.page_cache import raise_generation
from lms.core.work import register_sweep
from lms.people.models import Partner


def connect() -> None:
    """Connect the receivers of this area. Called once, when all apps are loaded."""
    signals.occurrences_changed.connect(
        content_changed, weak=False, dispatch_uid="lms.calendars.occurrences_changed"
    )
    for signal in (post_save, post_delete):
        for model in (PartnerCalendar, Partner):
            signal.connect(
                content_changed,
                sender=model,
                weak=False,
                dispatch_uid=f"lms.calendars.{model.__name__}",
            )
    m2m_changed.connect(
        content_changed,
        sender=PartnerCalendar.activities.through,
        weak=False,
        dispatch_uid="lms.calendars.activities",
    )
    register_sweep("calendars", forget_past_events)


def content_changed(sender: Any, **kwargs: Any) -> None:
    """Something that feeds or agendas show changed, or may have."""
    raise_generation()
