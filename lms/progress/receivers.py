"""What progress writes when others report news: a changed outline makes a row of work."""

from __future__ import annotations

from typing import Any

from lms import signals
from lms.catalogue.models import Activity
from lms.core import clock, work
from lms.progress import person
from lms.progress.models import StaleOutline
from lms.progress.services.policy import compile_policy


def connect() -> None:
    """Connect the receivers of this area. Called once, when all apps are loaded."""
    from lms.progress import tasks  # noqa: PLC0415 -- app ready

    signals.compiled.connect(course_compiled, weak=False, dispatch_uid="lms.progress.course_compiled")
    signals.outline_versioned.connect(outline_versioned, dispatch_uid="lms.progress.outline_versioned")
    work.register_sweep("progress", tasks.sweep)
    person.connect()


def outline_versioned(sender: type, activity_id: int, **kwargs: Any) -> None:
    """An outline has a new version: everybody in it is to be derived anew, by the worker."""
    StaleOutline.objects.update_or_create(
        activity_id=activity_id, defaults={"since": clock.now(), "reached_enrolment": 0}
    )
    work.wake("lms.progress.tasks.refresh_outline", activity_id=activity_id)


def course_compiled(sender: type, activity: Activity, page: Any | None, **kwargs: Any) -> int:
    """A page was compiled: its rule of enrolment follows. Returns how many rows were written."""
    return compile_policy(activity=activity, page=page)
