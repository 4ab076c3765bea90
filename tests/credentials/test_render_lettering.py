"""What may be printed, what is taken out with a note, and what a person must decide."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from lms.credentials.render import Dropped, UnprintableText, settle, settle_text, unprintable
from lms.credentials.render.lettering import (
    BUNDLED,
    MOST_MARKS,
    characters_of,
    coverage,
    everyday,
    font_directories,
)
from tests.credentials.certificates import content


@pytest.mark.parametrize(
    ("typed", "printed", "dropped"),
    [
        ("Siti Rahmawati", "Siti Rahmawati", ""),
        ("  Siti \t Rahmawati\n", "Siti Rahmawati", ""),
        ("Nguye\u0302\u0303n", "Nguyễn", ""),
        ("Siti 🌸 Rahmawati", "Siti Rahmawati", "🌸"),
        ("🌸Siti🌸", "Siti", "🌸"),
        ("Budi 👨‍👩‍👧", "Budi", "👨👩👧"),
        ("Ayu ❤️", "Ayu", "❤\ufe0f"),
        ("Putri 👍🏽", "Putri", "👍🏽"),
        ("Indonesia 🇮🇩", "Indonesia", "🇮🇩"),
        ("Kelas 1️⃣", "Kelas 1", "\ufe0f\u20e3"),
        ("Rina\u200b\u202e", "Rina", "\u200b\u202e"),
        ("So\u00adtidjo", "Sotidjo", "\u00ad"),
        ("D'Angelo © ™", "D'Angelo © ™", ""),
        ("", "", ""),
        ("   ", "", ""),
    ],
)
def test_ornament_is_taken_out_and_noted(typed: str, printed: str, dropped: str) -> None:
    assert settle_text(typed) == (printed, tuple(dropped))


def test_joiners_stay_where_scripts_need_them() -> None:
    for word in ("می\u200cخواهم", "क\u094d\u200dष"):
        assert settle_text(word) == (word, ())


@pytest.mark.parametrize(
    ("typed", "characters"),
    [
        ("李小龍", "李小龍"),
        ("Siti 李", "李"),
        ("김민수", "김민수"),
        ("Siti\ue000", "\ue000"),
        ("Siti\ud800", "\ud800"),
        ("「Siti」", "「」"),
        ("🌸🌸", "🌸"),
        ("\u3164", "\u3164"),
        ("Z" + "\u0335\u0336\u0337" * 9, "\u0335\u0336\u0337"),
    ],
)
def test_what_is_writing_is_never_taken_out(typed: str, characters: str) -> None:
    with pytest.raises(UnprintableText) as refused:
        settle_text(typed, field="title")
    assert refused.value.field == "title"
    assert refused.value.characters == tuple(characters)


def test_settling_a_certificate_says_where_what_was_taken() -> None:
    settled = settle(
        content(
            title="🚀 Belajar QRIS", details=(("Nilai ⭐", "92"),), holder_name="Siti\u200b", statement="Ya"
        )
    )
    assert settled.content.title == "Belajar QRIS"
    assert settled.content.details == (("Nilai ⭐".replace(" ⭐", ""), "92"),)
    assert settled.content.holder_name == "Siti"
    assert settled.dropped == (
        Dropped("holder_name", ("\u200b",)),
        Dropped("title", ("🚀",)),
        Dropped("details", ("⭐",)),
    )


def test_a_text_of_ornament_only_is_refused_with_the_field() -> None:
    with pytest.raises(UnprintableText) as refused:
        settle(content(signatory_role="🌸"))
    assert refused.value.field == "signatory_role"


@given(st.text(max_size=60))
def test_settling_is_stable_and_its_result_printable(text: str) -> None:
    try:
        settled, dropped = settle_text(text)
    except UnprintableText as refused:
        assert refused.characters
        return
    assert unprintable(settled) == ()
    assert settle_text(settled) == (settled, ())
    assert settled == " ".join(settled.split())
    assert not set(dropped) & set(settled)
    # No letter, digit or punctuation mark is lost.
    kept = [c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] in "LNP"]
    assert [c for c in settled if unicodedata.category(c)[0] in "LNP"] == [
        c for c in unicodedata.normalize("NFC", "".join(kept)) if unicodedata.category(c)[0] in "LNP"
    ] or dropped


def test_the_message_names_the_characters_for_people() -> None:
    with pytest.raises(UnprintableText, match="name of the holder") as refused:
        settle_text("Siti 李")
    assert "李 U+674E cjk unified ideograph-674e" in str(refused.value)


def test_the_bundled_fonts_cover_what_the_decision_record_says() -> None:
    covered = coverage((str(BUNDLED),))
    for first, last in [
        (0x20, 0x7E),  # ASCII
        (0xA1, 0x24F),  # Latin-1, Extended-A and -B
        (0x1EA0, 0x1EF9),  # Vietnamese
        (0x410, 0x44F),  # Cyrillic
        (0x3B1, 0x3C9),  # Greek
        (0x621, 0x64A),  # Arabic
        (0xA984, 0xA9B2),  # Javanese
        (0x1B05, 0x1B33),  # Balinese
        (0x1B83, 0x1BA0),  # Sundanese
        (0x1BC0, 0x1BE5),  # Batak
        (0x1A00, 0x1A16),  # Buginese
        (0xA930, 0xA946),  # Rejang
    ]:
        missing = {
            c for c in map(chr, range(first, last + 1)) if c not in covered and unicodedata.name(c, "")
        }
        assert missing <= {"\u00ad"}, missing
    assert not covered & {"李", "\u00ad", "\u202e", "\x00", "\ufffe", "🌸"}


def test_every_font_has_its_licence_beside_it_and_the_whole_is_small() -> None:
    fonts = list(BUNDLED.glob("*.ttf"))
    assert len(fonts) >= 18
    for font in fonts:
        family = "Noto" if font.name.startswith("Noto") else font.name.partition("-")[0]
        assert "SIL Open Font License, Version 1.1" in (BUNDLED / f"OFL-{family}.txt").read_text()
    assert sum(font.stat().st_size for font in fonts) < 1_700_000


def test_a_host_adds_fonts_by_a_setting(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"\x00\x01\x00\x00\x00\x09not a font")
    (tmp_path / "note.txt").write_text("no font")
    with override_settings(LMS={"CERTIFICATE_FONT_DIRS": [tmp_path]}):
        assert font_directories() == (str(BUNDLED), str(tmp_path))
        assert coverage(font_directories()) == coverage((str(BUNDLED),))


def test_a_few_stacked_marks_are_writing() -> None:
    assert unprintable("שְׁבָ֑" + "a" + "\u0335" * MOST_MARKS) == ()
    assert unprintable("a" + "\u0335" * (MOST_MARKS + 1)) == ("\u0335",)


@pytest.mark.parametrize(
    ("design", "fonts"), [("classic", "EBGaramond-*.ttf"), ("modern", "PlusJakartaSans-*.ttf")]
)
def test_no_design_puts_a_letter_together_that_noto_has_whole(design: str, fonts: str) -> None:
    # It would look right, and come out of the PDF wrong when copied (see conf in kit.typ).
    source = (BUNDLED.parent / f"{design}.typ").read_text()
    foreign = re.search(r'conf\.with\("[^"]+", "([^"]+)"', source) or re.search(
        r'#let foreign = "([^"]+)"', source
    )
    assert foreign
    kept_away = re.compile(
        "[" + re.sub(r"\\u\{(\w+)\}", lambda code: chr(int(code[1], 16)), foreign[1]) + "]"
    )
    everything = coverage((str(BUNDLED),))
    for path in BUNDLED.glob(fonts):
        own = characters_of(path)
        for character in everything - own:
            parts = unicodedata.normalize("NFD", character)
            assert len(parts) == 1 or not set(parts) <= own or kept_away.match(character), (
                path.name,
                character,
            )
        assert not everyday() & {character for character in own if kept_away.match(character)}


def test_everyday_names_need_the_designs_own_family_only() -> None:
    assert everyday().issuperset(
        "I Gusti Ayu Ketut Wulandari, S.E., M.Ak. (né Đặng Ğül) – “92 %”   ·   1.000"
    )
    assert not everyday() & set("ȞἀЖمꦱ李🌸\u202e")
