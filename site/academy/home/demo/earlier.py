"""Doing something as if it were earlier: people register before a session, not after it, in a demo too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from lms.core import clock


@contextmanager
def as_if(moment: dt.datetime) -> Iterator[None]:
    """Let Kelas believe that it is this moment, in this process and inside the block only.

    Args:
        moment: aware.
    """
    real = clock.now
    clock.now = lambda: moment
    try:
        yield
    finally:
        clock.now = real
