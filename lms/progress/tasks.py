"""Background work of progress. Thin: a task calls a service."""

from __future__ import annotations

from django_tasks import task

from lms.progress import derive
from lms.progress.models import StaleOutline


@task()
def refresh_outline(activity_id: int) -> int:
    """Derive everybody's progress in one activity after its outline changed."""
    return derive.refresh_outline(activity_id=activity_id)


def sweep() -> int:
    """Work off outlines that nobody looked at since they changed. Returns how many."""
    waiting = list(StaleOutline.objects.order_by("since").values_list("activity_id", flat=True))
    for activity_id in waiting:
        derive.refresh_outline(activity_id=activity_id)
    return len(waiting)
