"""Does what is due and nobody was woken for: messages, certificates, derivations. Run it every minute, or let it repeat."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from lms.core.work import sweep_all


def seconds(text: str) -> float:
    """Read the value of ``--every``: a number of seconds, at least one."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 1 <= value < float("inf"):
        raise ArgumentTypeError(
            "Give the seconds between two sweeps as a number from 1 upwards, for example 60."
        )
    return value


class Command(BaseCommand):
    """See the module."""

    help = "Finishes work that is due: once, or again and again with --every SECONDS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the pause between two sweeps."""
        parser.add_argument(
            "--every",
            type=seconds,
            metavar="SECONDS",
            help="Sweep again after so many seconds, until stopped.",
        )

    def handle(self, *args: Any, every: float | None, verbosity: int, **options: Any) -> None:
        """Sweep; a failing area is logged by ``sweep_all`` and does not stop the others."""
        stop = threading.Event()
        if every is not None:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
        while True:
            close_old_connections()
            done = {area: count for area, count in sweep_all().items() if count}
            if verbosity and (done or every is None):
                words = ", ".join(f"{area} {count}" for area, count in sorted(done.items()))
                self.stdout.write(words or "Nothing was due.")
            if every is None or stop.wait(every):
                return
