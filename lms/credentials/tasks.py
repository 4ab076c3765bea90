"""Background work of credentials. Thin: a task calls a service."""

from __future__ import annotations

from django_tasks import task

from lms.credentials import services


@task()
def issue_due() -> int:
    """Issue what is due."""
    return services.issue_due()


def sweep() -> int:
    """Issue what nobody issued. Returns how many certificates were issued."""
    return services.issue_due()
