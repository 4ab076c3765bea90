"""Bytes that are no report, encodings, limits: each refused or read, with words that say what to do."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lms.webinars.imports import (
    EmptyReport,
    NotACsv,
    ReportError,
    TooLarge,
    UnknownFormat,
    errors,
    limits,
    messages,
    read_report,
)
from lms.webinars.imports.decoding import decode
from lms.webinars.imports.platforms import Platform
from lms.webinars.imports.reader import PLATFORMS
from lms.webinars.imports.tables import fold, folded_words
from lms.webinars.imports.teams_words import COLUMNS as TEAMS_COLUMNS
from lms.webinars.imports.zoom_words import COLUMNS as ZOOM_COLUMNS

HEADER = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)"
ROW = "{},,03/14/2025 07:00:00 PM,03/14/2025 08:00:00 PM,60"


def report_of(*names: str) -> str:
    return "\n".join([HEADER, *map(ROW.format, names)]) + "\n"


def names_in(source: bytes) -> list[str]:
    return [person.name for person in read_report(source).people]


def archive(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(
                name, "application/vnd.oasis.opendocument.spreadsheet" if name == "mimetype" else "x"
            )
    return target.getvalue()


# ── other kinds of files ──


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (archive("[Content_Types].xml", "xl/workbook.xml"), "is_excel"),
        (archive("xl/worksheets/sheet1.xml"), "is_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "is_excel"),
        (archive("mimetype", "content.xml"), "is_spreadsheet"),
        (archive("participants.csv"), "is_zip"),
        (archive(), "is_zip"),
        (b"\x1f\x8b\x08\0rest", "is_zip"),
        (b"Rar!\x1a\x07\x01\0", "is_zip"),
        (b"7z\xbc\xaf\x27\x1c rest", "is_zip"),
        (b"%PDF-1.7\n%\xe2\xe3", "is_pdf"),
        (b"\x89PNG\r\n\x1a\n rest", "is_image"),
        (b"\xff\xd8\xff\xe0 rest", "is_image"),
        (b"GIF89a rest", "is_image"),
        (b"<!DOCTYPE html><html>", "is_html"),
        (b"\n  <HTML lang=en>", "is_html"),
        (b"\xef\xbb\xbf<table><tr>", "is_html"),
        (b'<?xml version="1.0"?><recording>', "is_xml"),
        (b'{"participants": []}', "is_json"),
        (b'[{"name": "Budi"}]', "is_json"),
        (bytes(range(256)) * 4, "is_binary"),
        (b"SQLite format 3\0 rest", "is_binary"),
    ],
)
def test_other_kinds_of_files_say_what_to_do(source, code):
    with pytest.raises(NotACsv) as error:
        read_report(source, filename="participants.csv")
    assert error.value.code == code
    assert len(str(error.value)) > 40


@pytest.mark.parametrize(
    "source", [b"", b"\n\n", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff\0\n", b"\0\0\0"]
)
def test_nothing_at_all(source):
    with pytest.raises(EmptyReport) as error:
        read_report(source)
    assert error.value.code == "empty_file"
    assert error.value.remarks == []


# ── encodings ──

NAMES = ("José Muñoz", "Zoë Müller", "Ayu “Utami”")


@pytest.mark.parametrize(
    ("codec", "mark", "shown"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16"),
        ("utf-16-be", b"", "utf-16"),
        ("cp1252", b"", "cp1252"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings(codec, mark, shown, newline):
    text = report_of(*NAMES).replace("\n", newline)
    report = read_report(mark + text.encode(codec))
    assert tuple(person.name for person in report.people) == NAMES
    assert report.encoding == shown
    assert report.notes == []


def test_a_utf8_file_with_a_broken_character_is_still_utf8():
    source = report_of(*["José Muñoz 太郎"] * 9, "Zoë").encode()
    broken = source.replace("Zoë".encode(), b"Zo\xc3")
    report = read_report(broken)
    assert report.encoding == "utf-8"
    assert report.people[0].name == "José Muñoz 太郎"
    assert [(note.code, note.params) for note in report.notes] == [("undecodable", {"count": 1})]


def test_one_accent_of_windows_is_windows():
    assert names_in(report_of("José").encode("cp1252")) == ["José"]


def test_bytes_that_no_encoding_has_are_told():
    report = read_report(report_of("José \x81x").encode("latin-1"))
    assert (report.encoding, report.people[0].name) == ("cp1252", "José \ufffdx")
    assert [note.code for note in report.notes] == ["undecodable"]
    report = read_report(b"\xff\xfe" + report_of("Jo").encode("utf-16-le") + b"\0")
    assert (report.encoding, report.people[0].name) == ("utf-16", "Jo")
    assert [note.code for note in report.notes] == ["undecodable"]


def test_a_sound_replacement_character_is_no_damage():
    report = read_report(report_of("Jo\ufffdé").encode())
    assert report.people[0].name == "Jo\ufffdé"
    assert report.notes == []


def test_nul_characters_are_removed_and_counted():
    report = read_report(report_of("Bu\0di", "Si\0ti\0").replace("Join", "Jo\0in").encode())
    assert [person.name for person in report.people] == ["Budi", "Siti"]
    assert [(note.code, note.params) for note in report.notes] == [("nul_removed", {"count": 4})]


def test_encodings_are_told_without_reading_everything_into_one_string():
    decoded = decode(report_of("Budi").encode())
    assert (decoded.encoding, decoded.codec, decoded.errors) == ("utf-8", "utf-8", "strict")
    assert list(decoded.lines())[0] == HEADER + "\n"
    assert list(decoded.lines()) == list(decoded.lines())


# ── separators ──


@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_separators(delimiter):
    text = report_of("Budi").replace(",", delimiter)
    report = read_report(text.encode())
    assert (report.delimiter, report.people[0].name) == (delimiter, "Budi")


@pytest.mark.parametrize("name", ["Dewi\tPurnama", "Dewi; Purnama", "a\tb\tc\td\te", "a;b;c;d;e;f"])
def test_other_separators_inside_names(name):
    report = read_report(report_of(f'"{name}"').encode())
    assert (report.delimiter, report.people[0].name) == (",", name)


# ── formats ──


@pytest.mark.parametrize(
    ("text", "code", "recognised"),
    [
        ("a,b,c\n1,2,3\n", "no_headers", None),
        ("Budi,budi@usaha.example,03/14/2025 07:00:00 PM,03/14/2025 08:00:00 PM,60\n", "no_headers", None),
        ("Join Time,Foo\n1,2\n", "unknown_format", "Join Time"),
        ("Name,Email,Phone\nBudi,b@usaha.example,1\n", "unknown_format", "Name, Email"),
        (
            "Registration Report\nFirst Name,Last Name,Email,Registration Time,Approval Status\n",
            "is_registration_report",
            None,
        ),
        ("x\nRegistrant Details,,\nFirst Name,Last Name\n", "is_registration_report", None),
        ("Poll Report,\nUser Name,User Email\n", "is_poll_report", None),
        ("Topic,Meeting ID,Start Time,End Time,Participants\nKelas,1,2,3,4\n", "is_meeting_list", None),
        (
            "Meetings\nTopic,Meeting ID,Start Time,End Time,Participants\nKelas,1,2,3,4\n",
            "is_meeting_list",
            None,
        ),
        ("just a sentence", "no_headers", None),
    ],
)
def test_text_that_is_no_report_says_what_was_recognised_and_what_to_export(text, code, recognised):
    with pytest.raises(UnknownFormat) as error:
        read_report(text.encode())
    assert error.value.code == code
    assert error.value.params.get("recognised") == recognised
    assert "xport" in str(error.value)


def test_the_better_platform_wins():
    teams = (
        "Name,Join Time,Leave Time,Duration,Email,Role\nBudi,2025-03-14 19:00,2025-03-14 20:00,1h,,Attendee\n"
    )
    zoom = "Name,User Email,Join Time,Leave Time,Duration (Minutes),Guest\nBudi,,2025-03-14 19:00,2025-03-14 20:00,60,No\n"
    meet = "Name,Email,Duration,Time joined,Time exited\nBudi,,1 hr,18:00,19:00\n"
    assert [read_report(text.encode()).platform for text in (teams, zoom, meet)] == ["teams", "zoom", "meet"]


@pytest.mark.parametrize("columns", [ZOOM_COLUMNS, TEAMS_COLUMNS], ids=["zoom", "teams"])
def test_no_spelling_names_two_fields(columns):
    seen: dict[str, str] = {}
    for fields in columns.values():
        for field, spellings in fields.items():
            for spelling in spellings:
                assert seen.setdefault(fold(spelling), field) == field, spelling
    assert folded_words(columns) == seen


def test_folding_makes_spellings_of_one_name_equal():
    for spelling in [
        "Join Time",
        " join  TIME ",
        '"Join Time"',
        "Join\u00a0Time",
        "\ufeffJoin Time",
        "Ｊｏｉｎ Ｔｉｍｅ",
        "Join Time:",
    ]:
        assert fold(spelling) == "join time"
    assert fold("所要時間（分）") == fold("所要時間(分)")
    assert fold("Durée") == fold("Dure\u0301e")


def test_platforms_are_told_apart_by_name():
    assert [platform.name for platform in PLATFORMS] == ["zoom", "teams", "meet"]
    assert all(isinstance(platform, Platform) and platform.words for platform in PLATFORMS)


# ── limits ──


def test_too_many_bytes(monkeypatch):
    monkeypatch.setattr(limits, "BYTES", 1 << 20)
    source = report_of("Budi").encode()
    assert names_in(source.ljust(1 << 20, b"\n")) == ["Budi"]
    with pytest.raises(TooLarge) as error:
        read_report(source.ljust((1 << 20) + 1, b"\n"))
    assert (error.value.code, error.value.params) == ("too_many_bytes", {"limit_mb": 1})


def test_the_real_limits():
    assert (limits.BYTES, limits.ROWS, limits.CELL_CHARACTERS) == (50 * 1024 * 1024, 200_000, 4_000)
    assert (limits.LINES, limits.HEADER_LINES, limits.REMARKS_OF_A_KIND) == (1_048_576, 120, 50)
    with pytest.raises(TooLarge):
        read_report(bytes(limits.BYTES + 1))


def test_too_many_rows(monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 10)
    assert len(names_in(report_of(*map(str, range(9))).encode() + b"\n,,,,\n" * 20)) == 9
    with pytest.raises(TooLarge) as error:
        read_report(report_of(*map(str, range(10))).encode())
    assert (error.value.code, error.value.params) == ("too_many_rows", {"limit": 10})


def test_too_many_blank_rows(monkeypatch):
    monkeypatch.setattr(limits, "LINES", 10)
    assert names_in(report_of("Budi").encode() + b"\n" * 8) == ["Budi"]
    with pytest.raises(TooLarge) as error:
        read_report(report_of("Budi").encode() + b"\n" * 9)
    assert error.value.code == "too_many_rows"


def test_a_cell_that_is_too_long():
    longest = "x" * 4000
    assert names_in(report_of(longest).encode()) == [longest]
    for text in (longest + "x", "y" * 200_000):
        with pytest.raises(TooLarge) as error:
            read_report(report_of("Budi", text).encode())
        assert (error.value.code, error.value.params) == ("cell_too_long", {"row": 3, "limit": 4000})
    # Several cells may be longer together.
    header, row = HEADER + ",Guest", ROW.format("z" * 3000) + "," + "g" * 3000
    assert len(names_in(f"{header}\n{row}\n".encode())) == 1


# ── words ──


def test_every_sentence_can_be_filled_and_none_has_a_stray_percent():
    values = dict.fromkeys(
        ["row", "count", "total", "limit", "limit_mb", "printed", "minutes"], 1
    ) | dict.fromkeys(
        ["name", "value", "platform", "recognised", "example", "mdy", "dmy", "month_first", "day_first", "day",
         "title", "role", "zones"], "x",
    )  # fmt: skip
    for words in (messages.ERRORS, messages.REMARKS):
        for message in words.values():
            assert message.endswith((".", "?", ")."))
            filled = message % values
            assert "%" not in filled
    assert all("%" not in text for text in messages.FLAGS.values())


def test_an_error_is_one_family_with_code_message_and_params():
    error = errors.TooLarge("too_many_rows", limit=5)
    assert isinstance(error, ReportError)
    assert (error.code, error.params) == ("too_many_rows", {"limit": 5})
    assert error.message % error.params == str(error)
    assert str(errors.NotACsv("is_pdf")) == messages.ERRORS["is_pdf"]


# ── purity ──


def test_the_readers_import_neither_django_nor_a_database():
    program = (
        "import sys; import lms.webinars.imports.preview; "
        "sys.exit(any(name.split('.')[0] in ('django', 'wagtail', 'sqlite3') for name in sys.modules))"
    )
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
