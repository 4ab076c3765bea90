"""Background work of notifications. Thin: a task calls a service."""

from __future__ import annotations

from django_tasks import task

from lms.notifications import reminders, services


@task()
def send_due() -> int:
    """Send what is due."""
    return services.send_due()


def sweep() -> int:
    """Queue reminders whose time has come, and send what nobody sent. Returns how many messages were settled."""
    reminders.queue_due()
    return services.send_due()
