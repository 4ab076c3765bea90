"""Colours that can be read, and the QR code as one shape."""

from __future__ import annotations

import re

import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.credentials.render.colours import (
    INK_CONTRAST,
    PAPER,
    WHITE,
    contrast,
    mixed,
    parsed,
    shades,
    written,
)
from lms.credentials.render.qr import QUIET_ZONE, outline, qr_svg

colours = st.tuples(*[st.integers(0, 255)] * 3)


@given(colours)
def test_ink_can_be_read_on_white_and_white_on_ink(colour) -> None:
    made = shades(written(colour))
    assert contrast(parsed(made["ink"]), WHITE) >= INK_CONTRAST
    assert contrast(parsed(made["ink"]), PAPER) >= 4.5
    assert made["accent"] == written(colour)


@given(colours)
def test_a_colour_that_can_be_read_stays_as_chosen(colour) -> None:
    if contrast(colour, WHITE) >= INK_CONTRAST:
        assert shades(written(colour))["ink"] == written(colour)


@given(colours)
def test_writing_and_parsing_are_inverse(colour) -> None:
    assert parsed(written(colour)) == colour


def test_contrast_agrees_with_the_standard() -> None:
    assert round(contrast((0, 0, 0), WHITE), 6) == 21
    assert round(contrast((0x77, 0x77, 0x77), WHITE), 2) == 4.48
    assert mixed((0, 0, 0), (200, 100, 50), 0.5) == (100, 50, 25)


def filled(path: str, width: int, height: int) -> list[list[int]]:
    """The modules inside ``path`` by the non-zero rule, at their centres: an independent reading of the shape."""
    edges = []  # vertical edges: x, upper y, lower y, direction
    for part in path.split("z"):
        x = y = 0
        start = (0, 0)
        for letter, first, second in re.findall(r"([Mhv])(-?\d+)(?: (-?\d+))?", part):
            if letter == "M":
                x, y = start = int(first), int(second)
            elif letter == "h":
                x += int(first)
            else:
                edges.append((x, min(y, y + int(first)), max(y, y + int(first)), 1 if int(first) > 0 else -1))
                y += int(first)
        if y != start[1]:
            edges.append((x, min(y, start[1]), max(y, start[1]), 1 if start[1] > y else -1))
        assert x == start[0] or y == start[1], "each shape is closed by a straight line"
    return [
        [
            int(sum(way for x, top, foot, way in edges if x <= column and top <= row < foot) != 0)
            for column in range(width)
        ]
        for row in range(height)
    ]


@settings(max_examples=200)
@given(
    st.integers(1, 9).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 1), min_size=n, max_size=n), min_size=1, max_size=9)
    )
)
def test_the_outline_holds_the_dark_modules_and_no_other(matrix) -> None:
    assert filled(outline(matrix), len(matrix[0]), len(matrix)) == matrix


def test_the_code_is_segnos_with_four_modules_of_margin() -> None:
    address = "https://academy.example/c/ABCDEFGHJKMN1"
    code = segno.make(address, error="m", micro=False, boost_error=False)
    assert code.error == "M"
    svg = qr_svg(address)
    side = len(code.matrix) + 2 * QUIET_ZONE
    assert QUIET_ZONE == 4
    assert f'viewBox="0 0 {side} {side}"' in svg
    path = re.search(r' d="([^"]+)"', svg)
    assert path
    margin = [[0] * side] * QUIET_ZONE
    inner = [
        [0] * QUIET_ZONE + [int(bool(module)) for module in row] + [0] * QUIET_ZONE for row in code.matrix
    ]
    assert filled(path[1], side, side) == margin + inner + margin
    assert len(svg) < 6_000
