"""Uploaded pictures made fit for print: checked, upright, no larger than print can show, wrapped as SVG text.

Typst takes text values only, and an SVG document can carry a PNG or JPEG inside it, so that is how they travel.
"""

from __future__ import annotations

import base64
import io
import warnings
from functools import lru_cache

from PIL import Image, ImageOps

from lms.credentials.render.content import Picture
from lms.credentials.render.exceptions import UnreadablePicture

MAX_BYTES = 8 * 1024 * 1024
MAX_SVG_BYTES = 300 * 1024
MAX_SIDE = 560
"""Pixels: 45 mm at a little over 300 dots an inch, the largest that a design shows."""

KINDS = ("PNG", "JPEG", "WEBP", "GIF")


def picture_svg(name: str, picture: Picture) -> str:
    """``picture`` as an SVG document. Raises `UnreadablePicture` with ``name``."""
    try:
        return _wrapped(picture.content)
    except _Unusable as problem:
        raise UnreadablePicture(name) from problem


class _Unusable(Exception):
    pass


# A thousand certificates of one design share their logos: prepare each once. Errors are not kept.
@lru_cache(maxsize=32)
def _wrapped(content: bytes) -> str:
    if content.lstrip()[:1] == b"<":
        return _svg(content)
    if len(content) > MAX_BYTES:
        raise _Unusable("too many bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=KINDS) as opened:
                jpeg = opened.format == "JPEG"
                image: Image.Image = ImageOps.exif_transpose(opened)
                image = image.convert("RGB" if jpeg else "RGBA")
    except Exception as problem:  # Pillow raises whatever the decoder of the day raises
        raise _Unusable(str(problem)) from problem
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    if jpeg:
        image.save(written, "JPEG", quality=85, optimize=True)
    else:
        image.save(written, "PNG", optimize=True)
    inside = base64.b64encode(written.getvalue()).decode("ascii")
    width, height = image.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><image width="{width}" '
        f'height="{height}" href="data:image/{"jpeg" if jpeg else "png"};base64,{inside}"/></svg>'
    )


def _svg(content: bytes) -> str:
    if len(content) > MAX_SVG_BYTES:
        raise _Unusable("too many bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _Unusable(str(problem)) from problem
    if "<svg" not in text or "<!ENTITY" in text:
        raise _Unusable("no plain SVG")
    return text
