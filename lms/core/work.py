"""Waking the worker. Rows of work are the truth; a task only says *look now*, and a sweep finds what nobody looked at."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


def wake(task: str, **arguments: Any) -> None:
    """Enqueue a task after the current transaction commits.

    A broker that cannot be reached is logged and forgiven: the row of work is there, and ``sweep`` finds it.

    Args:
        task: the dotted name of a function decorated with ``django_tasks.task``. Tasks call services, so a service that
            imported its task would close a circle.
        arguments: simple values (numbers, strings) that the task takes.
    """

    def enqueue() -> None:
        try:
            import_string(task).enqueue(**arguments)
        except Exception:
            logger.exception("Could not wake the worker for %s; the sweep will find the work.", task)

    transaction.on_commit(enqueue)


_sweeps: dict[str, Callable[[], int]] = {}


def register_sweep(name: str, sweep: Callable[[], int]) -> None:
    """Make an area's sweep known. It does what is due and returns how many rows of work it finished; it may run any time."""
    _sweeps[name] = sweep


def sweep_all() -> dict[str, int]:
    """Run every area's sweep once; a failing one is logged and does not stop the others.

    Returns:
        area → rows of work that were finished.
    """
    done = {}
    for name, sweep in _sweeps.items():
        try:
            done[name] = sweep()
        except Exception:
            logger.exception("The sweep of %s failed; it is tried again next time.", name)
            done[name] = 0
    return done
