"""Uploaded pictures: made fit for print once, refused by name when they cannot be used."""

from __future__ import annotations

import base64
import io
import re

import pypdf
import pytest
from PIL import Image

from lms.credentials.render import InvalidContent, Picture, UnreadablePicture, render_pdf, render_svg
from lms.credentials.render.pictures import MAX_SIDE, MAX_SVG_BYTES, picture_svg
from tests.credentials.certificates import ISSUED_AT, content


def written(image: Image.Image, form: str, **options) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


LOGO = Picture(written(Image.new("RGBA", (300, 100), (180, 60, 20, 120)), "PNG"), "Logo Bank Contoh")
SIGNATURE = Picture(
    written(Image.new("RGBA", (300, 100), (0, 0, 90, 255)), "PNG"), "Tanda tangan Bambang Wicaksono"
)
SVG_LOGO = Picture(
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40"><path d="M0 0h100v40H0z" fill="#d4a017"/></svg>',
    "Logo mitra",
)


def inside(svg: str) -> Image.Image:
    found = re.search(r'href="data:image/\w+;base64,([^"]+)"', svg)
    assert found
    return Image.open(io.BytesIO(base64.b64decode(found[1])))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_usual_pictures_are_taken(form: str) -> None:
    svg = picture_svg("logo-0", Picture(written(Image.new("RGB", (40, 20), "teal"), form), "Logo"))
    assert inside(svg).size == (40, 20)
    assert 'viewBox="0 0 40 20"' in svg


def test_a_large_picture_becomes_no_larger_than_print_shows() -> None:
    photograph = Image.effect_noise((3000, 1500), 80).convert("RGB")
    svg = picture_svg("logo-0", Picture(written(photograph, "JPEG"), "Logo"))
    assert inside(svg).size == (MAX_SIDE, MAX_SIDE // 2)
    assert inside(svg).format == "JPEG"


def test_transparency_and_the_way_up_are_kept() -> None:
    assert inside(picture_svg("logo-0", LOGO)).getpixel((0, 0))[3] == 120
    sideways = Image.new("RGB", (40, 20), "teal")
    exif = sideways.getexif()
    exif[0x0112] = 6  # turned by a quarter
    assert inside(picture_svg("logo-0", Picture(written(sideways, "JPEG", exif=exif), "Logo"))).size == (
        20,
        40,
    )


def test_a_picture_is_prepared_once_and_exactly() -> None:
    assert picture_svg("logo-0", LOGO) is picture_svg("logo-1", Picture(LOGO.content, "Sama"))


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"not a picture",
        LOGO.content[:60],
        b"%PDF-1.7",
        b"<html></html>",
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b"<svg " + b" " * MAX_SVG_BYTES + b"></svg>",
        b"<svg \xff></svg>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><path',
    ],
    ids=["empty", "text", "cut", "pdf", "html", "entities", "large", "not-utf-8", "cut-svg"],
)
def test_a_broken_picture_is_refused_by_name(broken: bytes) -> None:
    with pytest.raises(UnreadablePicture) as refused:
        render_pdf(content(logos=(LOGO, Picture(broken, "Rusak"))), issued_at=ISSUED_AT)
    assert refused.value.field == "logo-1"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = written(Image.new("1", (30_000, 30_000)), "PNG")
    assert len(bomb) < 1_000_000
    with pytest.raises(UnreadablePicture):
        render_pdf(content(emblem=Picture(bomb, "Besar")), issued_at=ISSUED_AT)


def test_script_in_a_picture_does_not_reach_the_page() -> None:
    attack = Picture(
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)"><script>alert(1)</script>'
        b'<a href="javascript:alert(1)"><path d="M0 0h9v9z"/></a></svg>',
        "Serangan",
    )
    pdf = pypdf.PdfReader(io.BytesIO(render_pdf(content(emblem=attack), issued_at=ISSUED_AT)))
    assert len(pdf.pages[0]["/Annots"]) == 1
    assert "alert" not in repr(pdf.trailer["/Root"].get_object())
    assert "/JavaScript" not in repr(pdf.trailer["/Root"].get_object())
    assert "alert" not in render_svg(content(emblem=attack), issued_at=ISSUED_AT)


@pytest.mark.parametrize(
    "place", ["file:///etc/passwd", "/etc/passwd", "kit.typ", "https://tracker.example/a.png"]
)
def test_a_picture_that_reaches_outside_is_refused(place: str) -> None:
    image = f'<image href="{place}" width="9" height="9"/>'
    attack = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{image}</svg>'
    with pytest.raises(UnreadablePicture) as refused:
        render_pdf(content(emblem=Picture(attack.encode(), "Serangan")), issued_at=ISSUED_AT)
    assert refused.value.field == "emblem"


def test_at_most_six_logos() -> None:
    render_pdf(content(logos=(SVG_LOGO,) * 6), issued_at=ISSUED_AT)
    with pytest.raises(InvalidContent):
        content(logos=(SVG_LOGO,) * 7)
