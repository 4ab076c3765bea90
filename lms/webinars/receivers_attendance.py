"""What attendance writes when others report news: a row of work for sessions whose rules or times changed."""

from __future__ import annotations

from typing import Any

from lms import signals
from lms.core import work
from lms.webinars.models import Occurrence
from lms.webinars.services.attendance import mark_stale


def connect() -> None:
    """Connect the receivers and register the sweep. Called once, when all apps are loaded."""
    from lms.webinars import tasks  # noqa: PLC0415 -- app ready

    signals.outline_versioned.connect(outline_versioned, dispatch_uid="lms.webinars.attendance.outline")
    signals.occurrences_changed.connect(
        occurrences_changed, dispatch_uid="lms.webinars.attendance.occurrences"
    )
    work.register_sweep("attendance", tasks.sweep_attendance)


def outline_versioned(sender: type, activity_id: int, **kwargs: Any) -> None:
    """A series asks for something else than before: whether people attended is to be judged anew."""
    mark_stale(
        occurrence_ids=list(
            Occurrence.objects.filter(series__activity_id=activity_id).values_list("pk", flat=True)
        )
    )


def occurrences_changed(sender: type, occurrence_ids: list[int], **kwargs: Any) -> None:
    """Sessions were moved or cancelled: what falls into them is to be measured anew."""
    mark_stale(occurrence_ids=list(occurrence_ids))
