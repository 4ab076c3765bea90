"""Draws the ornaments of the certificate designs into this folder. Run by hand after a change.

Our own ornament: kawung, the palm-seed lattice of Javanese batik, four petals to a square. The colours are
stand-ins: the designs replace ``#000001``, ``#000002`` … with shades of the accent. Drawn beforehand because
building these paths in Typst took 9 ms of every certificate. Lengths are millimetres.
"""

from __future__ import annotations

import math
from pathlib import Path

FOLDER = Path(__file__).parent


def number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".").replace("-0.", "-.").removeprefix("0") or "0"


def petals(x: float, y: float, side: float) -> str:
    """Four petals around (x, y) in a square of ``side``, as one path."""
    reach, out, across = (number(side * share) for share in (0.44, 0.31, 0.1))
    path = f"M{number(x)} {number(y)}"
    for right, down in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
        sx, sy, nx, ny = ("" if sign > 0 else "-" for sign in (right, down, -right, -down))
        path += (
            f"q{sx}{out} {sy}{across} {sx}{reach} {sy}{reach}q{nx}{out} {ny}{across} {nx}{reach} {ny}{reach}"
        )
    return path + "z"


def ray(centre: float, degrees: float, start: float, end: float, half: float) -> str:
    """One petal along the ray at ``degrees`` from ``start`` to ``end``, ``half`` wide to either side."""

    def at(radius: float, turn: float = 0) -> str:
        angle = math.radians(degrees) + turn
        return f"{number(centre + radius * math.cos(angle))} {number(centre + radius * math.sin(angle))}"

    middle = (start + end) / 2
    turn, away = math.atan2(2 * half, middle), math.hypot(middle, 2 * half)
    return f"M{at(start)}Q{at(away, turn)} {at(end)}Q{at(away, -turn)} {at(start)}z"


def draw(name: str, width: float, height: float, paths: list[str]) -> None:
    """Write ``name``.svg; the n-th path has the stand-in colour #00000n."""
    body = "\n".join(f'<path fill="#{place:06x}" d="{path}"/>' for place, path in enumerate(paths, 1))
    box = f"0 0 {number(width)} {number(height)}"
    document = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">\n{body}\n</svg>\n'
    (FOLDER / f"{name}.svg").write_text(document)


def border(across: int, down: int, tile: float) -> str:
    cells = {(column, row) for column in range(across) for row in range(down)}
    inside = {(column, row) for column in range(1, across - 1) for row in range(1, down - 1)}
    return "".join(
        petals((column + 0.5) * tile, (row + 0.5) * tile, tile) for column, row in sorted(cells - inside)
    )


if __name__ == "__main__":
    # 48 × 33 squares of 5.8 mm leave the same 9.3 mm on all sides of A4.
    draw("border", 48 * 5.8, 33 * 5.8, [border(48, 33, 5.8)])
    draw(
        "seal",
        26,
        26,
        [
            "".join(ray(13, 45 + 90 * turn, 0.7, 7.1, 1.15) for turn in range(4)),
            "".join(ray(13, 90 * turn, 2.6, 7.1, 0.5) for turn in range(4))
            + "".join(ray(13, 10 * turn, 9.4, 12.6, 0.42) for turn in range(36)),
        ],
    )
    draw("flower", 4, 4, [petals(2, 2, 4)])
    draw(
        "field",
        82,
        205,
        ["".join(petals((c + 0.5) * 10.25, (r + 0.5) * 10.25, 10.25) for c in range(8)) for r in range(20)],
    )
