"""The QR code as one closed shape."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import segno

QUIET_ZONE = 4
"""Modules of white around the code (ISO/IEC 18004: four)."""

Point = tuple[int, int]


def outline(matrix: Sequence[Sequence[int]], offset: int = 0) -> str:
    """An SVG path around the dark modules (1) of ``matrix``, shifted by ``offset`` modules both ways.

    Neighbouring modules become one shape, with holes by the non-zero rule, so that no viewer shows hairlines between
    them, as it does between squares drawn one by one.
    """
    width = len(matrix[0])
    light = [0] * (width + 2)
    framed = [light, *([0, *row, 0] for row in matrix), light]

    # Each edge between dark and light, directed so that dark lies on the right hand.
    ways: dict[Point, list[Point]] = {}
    for y, (above, here) in enumerate(itertools.pairwise(framed)):
        left = 0
        for x in range(width + 1):
            dark = here[x + 1]
            if dark and not above[x + 1]:
                ways.setdefault((x, y), []).append((x + 1, y))
            elif above[x + 1] and not dark:
                ways.setdefault((x + 1, y), []).append((x, y))
            if dark and not left:
                ways.setdefault((x, y + 1), []).append((x, y))
            elif left and not dark:
                ways.setdefault((x, y), []).append((x, y + 1))
            left = dark

    path: list[str] = []
    while ways:
        start = point = next(iter(ways))
        turns: list[Point] = [start]
        before: Point = (0, 0)
        while True:
            choices = ways[point]
            # Where two shapes touch at a corner, either way is right: the area enclosed is the same.
            following = choices.pop()
            if not choices:
                del ways[point]
            step = (following[0] - point[0], following[1] - point[1])
            if step == before:
                turns[-1] = following
            else:
                turns.append(following)
            point, before = following, step
            if point == start:
                break
        path.append(f"M{turns[0][0] + offset} {turns[0][1] + offset}")
        for (from_x, from_y), (to_x, to_y) in zip(turns, turns[1:], strict=False):
            path.append(f"h{to_x - from_x}" if from_y == to_y else f"v{to_y - from_y}")
        path.append("z")
    return "".join(path)


def qr_svg(address: str) -> str:
    """An SVG document with the QR code of ``address``: black, error correction M, with its quiet zone."""
    matrix = segno.make(address, error="m", micro=False, boost_error=False).matrix
    side = len(matrix) + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path d="{outline(matrix, QUIET_ZONE)}"/></svg>'
    )
