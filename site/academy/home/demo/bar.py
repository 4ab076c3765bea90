"""Steps on the terminal: one line each, with a bar where something is counted."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

WIDTH = 24


class Steps:
    """Shows one step after the other: what it is, how far it has come, how long it took, what it found.

    On a terminal the line of a step is drawn over again; into a file it is written once, when the step is done.
    """

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.live = out.isatty()
        self.began = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[dict[str, str]]:
        """Show a step while the block runs. The block puts what it found into ``outcome["words"]``."""
        start = time.monotonic()
        outcome: dict[str, str] = {"words": ""}
        self._draw(f"· {title} …")
        yield outcome
        took = time.monotonic() - start
        self._draw(f"✓ {title}{': ' if outcome['words'] else ''}{outcome['words']} ({took:.1f} s)", last=True)

    def count(self, title: str, total: int, unit: str, done: Iterable[int]) -> int:
        """Show a step with a bar, from an iterable that says how many of ``total`` are done.

        Returns:
            How many were done.
        """
        with self.step(title) as outcome:
            reached = 0
            for reached in done:
                filled = WIDTH * min(reached, total) // max(total, 1)
                self._draw(f"· {title} {'█' * filled}{'░' * (WIDTH - filled)} {reached} of {total}")
            outcome["words"] = f"{reached} {unit}"
        return reached

    def seconds(self) -> float:
        """Return how long it has taken so far."""
        return time.monotonic() - self.began

    def _draw(self, line: str, *, last: bool = False) -> None:
        if self.live:
            self.out.write(f"\r\x1b[2K{line}{chr(10) if last else ''}")
        elif last:
            self.out.write(f"{line}\n")
        self.out.flush()
