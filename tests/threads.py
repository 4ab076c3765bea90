"""Many people at once: threads with a database connection each, all let go in the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection


def at_once(jobs: Iterable[Callable[[], Any]]) -> tuple[list[Any], list[Exception]]:
    """Run jobs in threads that start together; return what they returned and what they raised."""
    jobs = list(jobs)
    ready = threading.Barrier(len(jobs))
    results: list[Any] = []
    errors: list[Exception] = []

    def run(job: Callable[[], Any]) -> None:
        try:
            ready.wait(timeout=60)
            results.append(job())
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"
    return results, errors
