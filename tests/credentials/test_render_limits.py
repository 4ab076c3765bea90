"""The printed certificate: how text is made to fit, what is refused, previews."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from lms.credentials.render import (
    TEMPLATES,
    CertificateRefused,
    InvalidContent,
    TextDoesNotFit,
    UnprintableText,
    render_pdf,
    render_png,
    render_svg,
    settle,
    typesetting,
)
from lms.credentials.render.lettering import everyday
from tests.credentials.certificates import (
    ISSUED_AT,
    SERIAL,
    content,
    each_template,
    lines_of,
    read,
)
from tests.credentials.test_render_pictures import LOGO

# --- Text that fits -------------------------------------------------------------------------------------------------

LONG = {
    "holder_name": "Raden Ajeng Kusumawardhani Prabaningrum Dewi Suryaningtyas Hadiwijayakusuma binti Notonegoro",
    "title": "Keuangan Digital bagi Pelaku Usaha Mikro dan Kecil: Mencatat Arus Kas, Memisahkan Uang Pribadi dan "
    "Usaha, Mengajukan Kredit Usaha Rakyat, dan Merencanakan Pajak Penghasilan Final",
    "statement": "Mengikuti sedikitnya 70 persen dari setiap sesi daring, menyelesaikan seluruh pelajaran dan "
    "latihan, serta lulus kuis akhir dengan nilai 92 dari 100 pada percobaan pertama dalam bahasa Indonesia.",
    "issuer_name": "Yayasan Pendidikan dan Pemberdayaan Usaha Mikro, Kecil, dan Menengah Seluruh Nusantara Sejahtera",
    "signatory_name": "Prof. Dr. Ir. Bambang Wicaksono Hadikusumo, M.M., M.Sc., Ph.D., IPU, ASEAN Eng.",
    "signatory_role": "Ketua Dewan Pembina merangkap Direktur Program Literasi Keuangan Digital Nasional",
    "place": "Kabupaten Kepulauan Siau Tagulandang Biaro",
    "verify_url": f"https://belajar.yayasan-pemberdayaan-usaha-mikro.example/akademi/naik-kelas/c/{SERIAL}",
    "details": (
        ("Sesi", "7 dari 8"),
        ("Durasi", "12 jam 30 menit"),
        ("Tingkat", "Lanjutan"),
        ("Nilai akhir", "92 dari 100"),
        ("Angkatan", "Gelombang kedua 2026"),
    ),
}


# Strips that belong to the margin, in millimetres (left, top, right, bottom): no letter may reach into them.
MARGINS = {
    "classic": [(17, 17, 26, 193), (274, 17, 280, 150), (17, 17, 280, 21), (17, 190, 280, 193)],
    "modern": [(85, 0, 101, 210), (281, 0, 297, 210), (85, 0, 297, 17), (85, 195, 297, 210)],
}


@each_template
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {
            "holder_name": "Sukarno",
            "title": "QRIS",
            "statement": "",
            "details": (),
            "place": "",
            "signatory_role": "",
        },
        {"signatory_name": "", "signatory_role": ""},
        {"holder_name": "Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaft"},
        LONG,
    ],
    ids=["usual", "short", "unsigned", "one-word", "long"],
)
def test_all_text_stays_whole_and_on_the_page(template: str, changes: dict) -> None:
    wanted = content(**changes)
    pdf = render_pdf(wanted, issued_at=ISSUED_AT, template=template)
    squeezed = re.sub(r"\s", "", read(pdf).pages[0].extract_text())
    for _, text in wanted.texts():
        assert re.sub(r"\s", "", text) in squeezed
    png = render_png(wanted, issued_at=ISSUED_AT, template=template, width=1188)  # four pixels a millimetre
    page = Image.open(io.BytesIO(png)).convert("L")
    for strip in MARGINS[template]:
        darkest, _ = page.crop([round(4 * edge) for edge in strip]).getextrema()
        assert darkest > 235, strip


@each_template
@pytest.mark.parametrize("logos", [(), (LOGO,) * 3], ids=["plain", "logos"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        LONG,
        {"holder_name": LONG["holder_name"]},
        {"title": LONG["title"]},
        {"statement": LONG["statement"]},
    ],
    ids=["usual", "long", "name", "title", "statement"],
)
def test_no_line_touches_the_one_above(template: str, logos: tuple, changes: dict) -> None:
    wanted = content(**(changes | {"logos": logos, "details": ()}))
    lines = lines_of(render_pdf(wanted, issued_at=ISSUED_AT, template=template))
    assert len(lines) > 8
    column = []
    for line in lines:  # down the page to the date, whose column begins anew
        if line[2].startswith(wanted.place[:12]):
            column.append(line)
            break
        if template == "classic" or line[2] not in wanted.issuer_name:
            column.append(line)
    assert len(column) >= 7
    for (above, _, _), (below, capital, text) in itertools.pairwise(column):
        assert above - below >= capital + 2, text


@pytest.mark.parametrize("title", ["ꦥꦱꦂꦏꦿꦠꦺꦴꦤ꧀", "ᬩ᭄ᬭᬳ᭄ᬫᬡ", "حَجٍّ"])
@each_template
def test_a_script_that_hangs_low_gets_more_room(template: str, title: str) -> None:
    def room(title: str) -> float:
        pdf = render_pdf(content(title=title, statement="MMM"), issued_at=ISSUED_AT, template=template)
        lines = lines_of(pdf)
        (statement,) = [line for line in lines if line[2] == "MMM"]
        above = lines[lines.index(statement) - 1]
        return above[0] - statement[0]

    assert room(title) > room("QRIS") + 3


@each_template
@pytest.mark.parametrize(
    "field", ["holder_name", "title", "statement", "issuer_name", "signatory_name", "place"]
)
def test_what_fits_nowhere_is_refused_by_name(template: str, field: str) -> None:
    with pytest.raises(TextDoesNotFit) as refused:
        render_pdf(content(**{field: "panjang sekali " * 80}), issued_at=ISSUED_AT, template=template)
    assert refused.value.field == ("date_text" if field == "place" else field)
    assert "too long" in str(refused.value)


def test_a_word_wider_than_the_page_is_refused() -> None:
    with pytest.raises(TextDoesNotFit):
        render_pdf(content(holder_name="W" * 150), issued_at=ISSUED_AT)


# --- What it refuses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Siti 🌸", "李小龍", "a\x01b", "\ue000", "\ud800", "a\u202eb", "a\nb", "é" + "\u0301" * 40]
)
@pytest.mark.parametrize("render", [render_pdf, render_svg, render_png])
def test_what_cannot_be_shown_is_refused_everywhere(render, name: str) -> None:
    with pytest.raises(UnprintableText) as refused:
        render(content(holder_name=name), issued_at=ISSUED_AT)
    assert refused.value.field == "holder_name"
    assert set(refused.value.characters) <= set(name)
    assert f"U+{ord(refused.value.characters[0]):04X}" in str(refused.value)
    assert str(refused.value).isprintable()


def test_a_gap_that_only_shaping_finds_is_refused_too(monkeypatch) -> None:
    monkeypatch.setattr(typesetting, "unprintable", lambda text: ())
    with pytest.raises(UnprintableText) as refused:
        render_pdf(content(title="Kelas 🌸 李"), issued_at=ISSUED_AT)
    assert refused.value.field == "title"
    assert refused.value.characters == ("🌸",)


@pytest.mark.parametrize("field", ["holder_name", "title", "issuer_name"])
def test_an_empty_name_is_refused(field: str) -> None:
    with pytest.raises(UnprintableText, match="nothing that can be printed"):
        render_pdf(content(**{field: "  "}), issued_at=ISSUED_AT)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verify_url", "academy.example/c/1"),
        ("verify_url", "javascript:alert(1)"),
        ("verify_url", "https://academy.example/c/ 1"),
        ("issuer_url", "ftp://academy.example"),
        ("accent", "red"),
        ("accent", "#fff"),
        ("language", "Bahasa Indonesia"),
        ("language", ""),
    ],
)
def test_values_of_the_wrong_form_are_refused(field: str, value: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        content(**{field: value})
    assert refused.value.field == field


def test_a_serial_with_a_wrong_check_is_refused() -> None:
    with pytest.raises(InvalidContent) as refused:
        render_pdf(content(serial="ABCDEFGHJKMN2"), issued_at=ISSUED_AT)
    assert refused.value.field == "serial"


def test_mistakes_of_the_caller_are_plain_errors() -> None:
    with pytest.raises(ValueError, match="aware"):
        render_pdf(content(), issued_at=dt.datetime(2026, 11, 24))
    with pytest.raises(ValueError, match="no certificate design"):
        render_pdf(content(), issued_at=ISSUED_AT, template="../kit")
    with pytest.raises(ValueError, match="pixels"):
        render_png(content(), issued_at=ISSUED_AT, width=1_000_000)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(TEMPLATES))
def test_any_text_gives_a_document_or_a_refusal(name: str, title: str, template: str) -> None:
    try:
        settled = settle(content(holder_name=name, title=title)).content
        pdf = render_pdf(settled, issued_at=ISSUED_AT, template=template)
    except CertificateRefused as refused:
        assert refused.field
        assert str(refused)
    else:
        assert len(read(pdf).pages) == 1


@each_template
def test_every_everyday_letter_can_be_copied_out_again(template: str) -> None:
    letters = sorted(
        letter for letter in everyday() if letter.isalnum() and unicodedata.is_normalized("NFC", letter)
    )
    assert len(letters) > 400
    for start in range(0, len(letters), 20):
        name = "0".join(letters[start : start + 20])
        pdf = render_pdf(content(holder_name=name), issued_at=ISSUED_AT, template=template)
        assert name in re.sub(r"\s", "", read(pdf).pages[0].extract_text())


covered = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x24F, categories=["L", "N", "P", "Zs"]),
    min_size=1,
    max_size=60,
)


@settings(max_examples=40, deadline=None)
@given(covered.filter(str.strip), st.sampled_from(TEMPLATES))
def test_a_settled_latin_name_is_printed_letter_for_letter(name: str, template: str) -> None:
    settled = settle(content(holder_name=name))
    try:
        pdf = render_pdf(settled.content, issued_at=ISSUED_AT, template=template)
    except TextDoesNotFit:
        return
    squeezed = re.sub(r"\s", "", read(pdf).pages[0].extract_text())
    assert re.sub(r"\s", "", settled.content.holder_name) in squeezed


# --- Previews -------------------------------------------------------------------------------------------------------


@each_template
def test_the_svg_preview_has_a_title_and_no_script(template: str) -> None:
    name = "<script>alert('\\1')</script>"
    svg = render_svg(content(holder_name=name), issued_at=ISSUED_AT, template=template)
    assert svg.startswith("<svg")
    assert "<script" not in svg
    assert "<title>Certificate of completion: &lt;script&gt;alert(&#x27;\\1&#x27;)&lt;/script&gt;" in svg
    assert render_svg(content(holder_name=name), issued_at=ISSUED_AT, template=template) == svg


@each_template
def test_the_png_preview_has_the_width_asked_for(template: str) -> None:
    png = render_png(content(), issued_at=ISSUED_AT, template=template, width=640)
    assert abs(Image.open(io.BytesIO(png)).width - 640) <= 1
