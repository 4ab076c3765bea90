"""From one accent colour to the few shades that a design needs, always readable (WCAG 2.2 contrast)."""

from __future__ import annotations

INK_CONTRAST = 5.5
"""Least contrast of text in the accent on white, and of white text on the accent: AA asks for 4.5."""

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
PAPER: Colour = (255, 253, 249)


def parsed(colour: str) -> Colour:
    """The red, green and blue (0–255) of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def written(colour: Colour) -> str:
    """``#rrggbb`` for red, green and blue."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def luminance(colour: Colour) -> float:
    """Relative luminance, 0–1 (WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""

    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = colour
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio, 1–21 (WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """``share`` (0–1) of ``one`` with the rest of ``other``."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def shades(accent: str) -> dict[str, str]:
    """``accent`` (``#rrggbb``) itself, and from it ``ink`` for text, ``tint`` for ornament and ``wash`` for grounds."""
    colour = parsed(accent)
    ink = next(
        darker
        for step in range(51)
        if contrast(darker := mixed(colour, (0, 0, 0), 1 - step / 50), WHITE) >= INK_CONTRAST
    )
    return {
        "accent": written(colour),
        "ink": written(ink),
        "tint": written(mixed(colour, PAPER, 0.5)),
        "wash": written(mixed(colour, PAPER, 0.08)),
    }
