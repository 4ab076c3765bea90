"""The picture that messengers show beside a shared link, by the engine that typesets certificates.

For workers and commands, never for a request: it takes some 50 ms of a processor and starts threads.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from lms.credentials.render.colours import shades
from lms.credentials.render.exceptions import UnprintableText
from lms.credentials.render.lettering import font_directories, unprintable
from lms.credentials.render.typesetting import FOLDER, _fonts

#: Pixels of the picture, as WhatsApp and others want it.
WIDTH, HEIGHT = 1200, 630


@dataclass(frozen=True, kw_only=True)
class ShareCard:
    """What stands on the picture, as plain text.

    ``eyebrow``: what kind of thing it is, above the title; ``note``: a date, or another fact, below it; ``name``: of the
    site; ``accent``: ``#rrggbb``; ``language``: code of two letters.
    """

    title: str
    eyebrow: str
    note: str
    name: str
    accent: str
    language: str


def render_share_card(card: ShareCard) -> bytes:
    """Return the picture as PNG.

    Args:
        card: what stands on it.

    Raises:
        UnprintableText: a text has characters that no font at hand shows.
    """
    import typst  # noqa: PLC0415 -- 0.1 s and 80 MB that only workers need

    for field in ("title", "eyebrow", "note", "name"):
        if characters := unprintable(getattr(card, field)):
            raise UnprintableText(field, characters)
    pages = typst.compile(
        str(FOLDER / "share.typ"),
        root=str(FOLDER),
        font_paths=_fonts(font_directories()),
        sys_inputs={"card": json.dumps(asdict(card) | {"shades": shades(card.accent)}, ensure_ascii=False)},
        format="png",
        ppi=72,
    )
    return pages if isinstance(pages, bytes) else pages[0]
