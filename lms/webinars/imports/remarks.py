"""Collecting remarks while a file is read."""

from __future__ import annotations

from collections import Counter
from typing import Any

from . import limits
from .report import Remark


class Remarks:
    """Collects remarks; of one kind only the first are kept, the others are counted."""

    def __init__(self) -> None:
        self._kept: list[Remark] = []
        self._counts: Counter[str] = Counter()
        self._first_row: dict[str, int | None] = {}

    def add(self, code: str, row: int | None = None, **params: Any) -> None:
        self._counts[code] += 1
        if self._counts[code] <= limits.REMARKS_OF_A_KIND:
            self._kept.append(Remark(code, row, params))
            self._first_row.setdefault(code, row)

    def __len__(self) -> int:
        return self._counts.total()

    def listed(self) -> list[Remark]:
        """Return the remarks by row, those about the whole file last."""
        kept = sorted(self._kept, key=lambda remark: (remark.row is None, remark.row or 0))
        for code, count in self._counts.items():
            if count > limits.REMARKS_OF_A_KIND:
                more = count - limits.REMARKS_OF_A_KIND
                kept.append(Remark("more_like_this", self._first_row[code], {"count": more}))
        return kept
