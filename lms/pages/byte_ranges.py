"""Which part of a file a browser asks for. Pure."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


class OutOfRange(ValueError):
    """What is asked for lies behind the end of the file."""


def asked_part(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte that a ``Range`` header asks for.

    Args:
        header: such as ``bytes=0-``, ``bytes=500-999`` or ``bytes=-500`` (the last 500).
        size: of the file in bytes.

    Returns:
        None when the whole file is to be sent: the header is none that we know, or asks for several parts.

    Raises:
        OutOfRange: nothing of what is asked for exists.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or found[1] == found[2] == "":
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        if not length:
            raise OutOfRange
        return size - length, size - 1
    first = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2]) < first:
        return None
    if first >= size:
        raise OutOfRange
    return first, last
