"""The printed certificate: what stands on it, and that it is exact."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from PIL import Image

from lms.credentials.render import (
    render_pdf,
    render_png,
    typesetting,
)
from tests.credentials.certificates import (
    ISSUED_AT,
    SERIAL,
    content,
    each_template,
    read,
    tags,
    text_of,
)
from tests.credentials.test_render_pictures import LOGO, SIGNATURE, SVG_LOGO

# --- What stands on it ---------------------------------------------------------------------------------------------


@each_template
def test_every_word_stands_on_one_a4_page_across(template: str) -> None:
    reader = read(render_pdf(content(), issued_at=ISSUED_AT, template=template))
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert (round(box.width * 25.4 / 72), round(box.height * 25.4 / 72)) == (297, 210)
    printed = " ".join(reader.pages[0].extract_text().split())
    for expected in (
        "Siti Rahmawati Daeng Ngasseng",
        "Pemasaran Digital untuk Usaha Mikro: Dari Foto Produk ke Pelanggan Tetap",
        "Mengikuti tujuh dari delapan sesi dan lulus kuis akhir dengan nilai 92 dari 100.",
        "Akademi Contoh",
        "Dr. Bambang Wicaksono, M.M.",
        "Kepala Program",
        "Makassar, 24 November 2026",
        "ABCD-EFGH-JKMN-1",
        "7 dari 8",
        "Certificate of completion",
    ):
        assert expected in printed
    assert f"academy.example/c/{SERIAL}" in printed.replace("/ ", "/")


@each_template
def test_it_is_accessible_and_archival(template: str) -> None:
    reader = read(render_pdf(content(language="en-GB"), issued_at=ISSUED_AT, template=template))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>U</pdfaid:conformance>" in metadata
    assert reader.metadata.title.startswith("Certificate of completion: Siti Rahmawati Daeng Ngasseng")
    assert reader.metadata.author == "Akademi Contoh"
    assert reader.metadata.creation_date == ISSUED_AT

    elements = tags(reader)
    kinds = [element["/S"] for element in elements]
    assert kinds.count("/H1") == kinds.count("/H2") == 1
    assert kinds.index("/H1") < kinds.index("/H2")
    figures = [element for element in elements if element["/S"] == "/Figure"]
    assert [f"https://academy.example/c/{SERIAL}" in figure["/Alt"] for figure in figures] == [True]


@each_template
def test_every_font_is_embedded_and_maps_to_unicode(template: str) -> None:
    reader = read(render_pdf(content(), issued_at=ISSUED_AT, template=template))
    fonts = reader.pages[0]["/Resources"]["/Font"]
    assert len(fonts) >= 3
    for font in fonts.values():
        assert "/ToUnicode" in font.get_object()
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


@each_template
def test_the_address_is_a_link_with_words(template: str) -> None:
    page = read(render_pdf(content(), issued_at=ISSUED_AT, template=template)).pages[0]
    links = [annotation.get_object() for annotation in page["/Annots"]]
    assert {link["/A"]["/URI"] for link in links} == {f"https://academy.example/c/{SERIAL}"}
    assert all(link["/Contents"] for link in links)


@each_template
@pytest.mark.parametrize("width", [800, 2400])
def test_a_phone_reads_the_code(template: str, width: int) -> None:
    long = "https://belajar.yayasan-pemberdayaan-usaha.example/akademi/c/" + SERIAL
    for address in (f"https://academy.example/c/{SERIAL}", long):
        png = render_png(content(verify_url=address), issued_at=ISSUED_AT, template=template, width=width)
        codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
        assert [code.text for code in codes] == [address]


@each_template
def test_it_is_small(template: str) -> None:
    assert len(render_pdf(content(), issued_at=ISSUED_AT, template=template)) <= 60_000


@pytest.mark.parametrize(
    "name",
    [
        "D'Angelo O’Brien-Smith",
        "Nguyễn Thị Phương Thảo",
        "Đặng Ái Vân",
        "Ngāti Ȟałbȟo",
        "Ólafur Þór Ægisson",
        "Γιώργος Παπαδόπουλος",
        "Оксана Шевченко",
        "Fifi Affandi Waffle",
        "I Gusti Ayu Ketut Wulandari, S.E., M.Ak.",
        "สมชาย ใจดี",
    ],
)
@each_template
def test_the_name_can_be_copied_out_again(template: str, name: str) -> None:
    printed = text_of(render_pdf(content(holder_name=name), issued_at=ISSUED_AT, template=template))
    assert name in printed


@pytest.mark.parametrize(
    "name", ["محمد عبد الرحمن", "ꦱꦶꦠꦶꦫꦲꦪꦸ", "ᬩᬮᬶ", "ᮞᮥᮔ᮪ᮓ", "ᨅᨔ ᨕᨘᨁᨗ", "ᯅᯖᯂ᯲", "अनुपमा", "רבקה", "தமிழ்செல்வி"]
)
def test_the_scripts_of_the_decision_record_print(name: str) -> None:
    pdf = render_pdf(content(holder_name=name), issued_at=ISSUED_AT)
    # pypdf gives shaped scripts in visual order and passes over /ActualText: compare the letters.
    assert set(name.replace(" ", "")) <= set(read(pdf).pages[0].extract_text())


@each_template
def test_pictures_stand_with_their_descriptions(template: str) -> None:
    pictures = {"logos": (LOGO, SVG_LOGO), "signature": SIGNATURE, "emblem": SVG_LOGO}
    pdf = render_pdf(content(**pictures), issued_at=ISSUED_AT, template=template)
    spoken = [element["/Alt"] for element in tags(read(pdf)) if element["/S"] == "/Figure"]
    shown = [LOGO, SVG_LOGO, SIGNATURE, SVG_LOGO]
    assert spoken[:4] == [picture.description for picture in shown]
    assert len(spoken) == 5  # and the QR code


# --- Exactness ------------------------------------------------------------------------------------------------------


@each_template
def test_the_same_certificate_has_the_same_bytes(template: str) -> None:
    first = render_pdf(content(), issued_at=ISSUED_AT, template=template)
    assert render_pdf(content(), issued_at=ISSUED_AT, template=template) == first
    in_makassar = ISSUED_AT.astimezone(ZoneInfo("Asia/Makassar"))
    assert render_pdf(content(), issued_at=in_makassar, template=template) == first
    later = ISSUED_AT + dt.timedelta(seconds=1)
    assert render_pdf(content(), issued_at=later, template=template) != first


@each_template
def test_the_short_list_of_fonts_makes_the_same_bytes(template: str, monkeypatch) -> None:
    names = ["Siti Rahmawati", "Đặng Ái Vân", "O’Brien-Smith, S.E. (Ğül)"]
    short = [render_pdf(content(holder_name=name), issued_at=ISSUED_AT, template=template) for name in names]
    monkeypatch.setattr(typesetting, "everyday", lambda: frozenset())
    whole = [render_pdf(content(holder_name=name), issued_at=ISSUED_AT, template=template) for name in names]
    assert short == whole


def test_eight_threads_make_the_same_bytes() -> None:
    contents = [content(holder_name=f"Peserta {number}") for number in range(8)]
    alone = [render_pdf(one, issued_at=ISSUED_AT) for one in contents]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda one: render_pdf(one, issued_at=ISSUED_AT), contents * 5))
    assert together == alone * 5


@pytest.mark.parametrize(
    "markup",
    [
        "#panic()",
        '#import "kit.typ": *',
        "$x^2$",
        r"\ \u{41} \\",
        "*tebal* _miring_ `kode`",
        "= Judul",
        "- satu + dua / tiga: empat",
        "<label> @label",
        "#sys.inputs // komentar /* di sini */",
        "\"kutip\" 'kutip' -- --- ... ~",
        "%(name)s {name} %s",
        "<script>alert(1)</script> &amp;",
    ],
)
@each_template
def test_markup_is_only_text(template: str, markup: str) -> None:
    pdf = render_pdf(
        content(holder_name=markup, title=markup, statement=markup), issued_at=ISSUED_AT, template=template
    )
    squeezed = re.sub(r"\s", "", read(pdf).pages[0].extract_text())
    assert squeezed.count(re.sub(r"\s", "", markup)) == 3


GROWTH = """
import gc, os
import django
django.setup()
from lms.credentials.render import typesetting
from tests.credentials.certificates import ISSUED_AT, content

inputs = [typesetting._inputs(content(holder_name=f"Peserta {number}")) for number in range(30)]

def resident():
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

def print_them(times):
    for number in range(times):
        typesetting._compile(
            inputs[number % 30], issued_at=ISSUED_AT, template="classic",
            format="pdf", pdf_standards=typesetting.STANDARDS,
        )

print_them(100)
before = resident()
print_them(300)
print(resident() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads Linux's count of resident pages")
def test_memory_stays_flat_over_300_certificates() -> None:
    """In a process of its own: here, what the tests before left behind moves the count of pages too."""
    root = Path(__file__).resolve().parents[2]
    measured = subprocess.run(
        [sys.executable, "-c", GROWTH],
        cwd=root,
        env={
            **os.environ,
            "PYTHONPATH": f"{root}{os.pathsep}{root / 'site'}",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(measured.stdout) < 4 * 1024 * 1024


def test_memory_is_given_back_every_fifty_certificates(monkeypatch) -> None:
    returned: list[None] = []
    monkeypatch.setattr(typesetting, "_return_memory", lambda: returned.append(None))
    inputs = typesetting._inputs(content())
    for _ in range(2 * typesetting.TRIM_EVERY):
        typesetting._compile(inputs, issued_at=ISSUED_AT, template="modern", format="pdf")
    assert len(returned) == 2


def test_importing_the_engine_does_not_import_typst() -> None:
    import subprocess

    code = "import sys, lms.credentials.render; sys.exit('typst' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], check=False, env=environment).returncode == 0
