"""Reading a list of people: every kind of file, and every mistake with its row and what to do."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from lms.reports import list_files, people_list
from lms.reports.list_files import BadList
from lms.reports.people_list import Person, Problem, read_people

TWO = [
    Person(2, "Siti Aminah", "siti@toko.example", "id", "Asia/Makassar"),
    Person(3, "Budi", "budi@toko.example"),
]
ROWS = [
    ["Nama", "E-mail", "Bahasa", "Zona waktu"],
    ["Siti Aminah", "SITI@toko.example", "Indonesia", "WITA"],
    ["Budi", "budi@toko.example", "", ""],
]


def text(rows, separator=","):
    return "\r\n".join(separator.join(row) for row in rows) + "\r\n"


def workbook(*sheets):
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def refused(source):
    with pytest.raises(BadList) as refusal:
        read_people(source)
    return refusal.value.code


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_usual_encoding_and_separator(encoding, separator):
    found = read_people(text(ROWS, separator).encode(encoding))
    assert (found.people, found.problems) == (TWO, [])


@pytest.mark.parametrize(
    "header",
    [
        ["Name", "Email", "Language", "Time zone"],
        ["NAMA LENGKAP", "Alamat  Surel", "bahasa", "Zona"],
        ["nama peserta:", '"e-mail"', "BAHASA", "zona waktu"],
    ],
)
def test_columns_have_their_names_in_english_and_indonesian(header):
    assert read_people(workbook([header, *ROWS[1:]])).people == TWO


def test_a_title_above_other_columns_between_and_blank_rows_change_nothing():
    rows = [
        ["Daftar peserta 2027"],
        [],
        ["No", "Email", "Kota", "Nama"],
        [1, "siti@toko.example", "Makassar", "Siti Aminah"],
        [None, "  ", None, ""],
        [2, "budi@toko.example", None, "Budi"],
    ]
    expected = [Person(4, "Siti Aminah", "siti@toko.example"), Person(6, "Budi", "budi@toko.example")]
    assert read_people(workbook([["catatan"]], rows)).people == expected


def test_every_mistake_is_said_with_its_row():
    rows = [
        ["Name", "E-mail", "Language", "Zone"],
        ["", "a@toko.example", "", ""],
        ["12345", "a@toko.example", "", ""],
        ["x" * 201, "a@toko.example", "", ""],
        ["Siti", "", "", ""],
        ["Siti", "siti(at)toko", "", ""],
        ["Siti", "a@toko.example", "jawa", ""],
        ["Siti", "a@toko.example", "", "Mars"],
        ["Siti", "siti@gmial.com", "", ""],
        ["SITI ", "SITI@gmial.com", "", ""],
        ["", "", "", ""],
        ["@SUM(A1)", "a@toko.example", "", ""],
    ]
    found = read_people(workbook(rows))
    assert [(each.row, each.code) for each in found.serious] == [
        (2, "no_name"),
        (3, "bad_name"),
        (4, "long_name"),
        (5, "no_email"),
        (6, "bad_email"),
        (7, "bad_language"),
        (8, "bad_zone"),
        (12, "formula"),
    ]
    assert [each for each in found.problems if not each.serious] == [
        Problem(9, "odd_email", "siti@gmial.com", "siti@gmail.com", serious=False),
        Problem(10, "odd_email", "siti@gmial.com", "siti@gmail.com", serious=False),
        Problem(10, "twice", "SITI", "9", serious=False),
    ]
    assert [each.row for each in found.people] == [9]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+cmd|' /C calc'!A0", "-2+3 Siti", "＝Siti"])
def test_what_begins_like_a_formula_is_no_name(name):
    found = read_people(f'Nama;Email\n"{name}";a@toko.example\n'.encode())
    assert [each.code for each in found.problems] == ["formula"] and not found.people


def test_a_formula_of_a_workbook_is_not_evaluated_and_not_taken_for_text():
    found = read_people(workbook([["Name", "Email"], ['=CONCAT("Si","ti")', "a@toko.example"]]))
    assert [each.code for each in found.problems] == ["formula"] and not found.people


def test_one_couple_may_share_an_address():
    found = read_people(b"Name,Email\nSiti,kami@toko.example\nBudi,kami@toko.example\n")
    assert len(found.people) == 2 and not found.problems


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"Name,Email\n", "nobody"),
        (b"Name,Email\n,,\n", "nobody"),
        (b"Nama,Telepon\nSiti,0812\n", "no_columns"),
        (b"hanya teks", "no_columns"),
        (b"%PDF-1.7 ...", "other_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "other_kind"),
        (b"<!doctype html><html>", "other_kind"),
        (b"PK\x03\x04broken", "damaged_book"),
        (b"x" * (list_files.MOST_BYTES + 1), "too_large"),
        (b'Name,Email\n"' + b"x" * 5000 + b'",a@toko.example\n', "long_cell"),
    ],
)
def test_a_file_that_is_no_list_says_why(source, code):
    assert refused(source) == code


def test_what_is_missing_is_named():
    with pytest.raises(BadList) as refusal:
        read_people(b"Nama,Telepon\nSiti,0812\n")
    assert refusal.value.params == {"missing": ["email"]}


def test_an_archive_that_is_no_workbook_or_unpacks_into_far_more_is_refused(monkeypatch):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("catatan.txt", "x")
    assert refused(file.getvalue()) == "other_kind"
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (list_files.MOST_UNPACKED + 1))
    assert refused(bomb.getvalue()) == "too_large"


def test_a_list_has_an_end(monkeypatch):
    monkeypatch.setattr(people_list, "MOST_PEOPLE", 2)
    rows = [["Name", "Email"], *([f"Siti {n}x", f"s{n}@toko.example"] for n in "abc")]
    assert refused(workbook(rows)) == refused(text(rows).encode()) == "too_many"
    monkeypatch.setattr(list_files, "MOST_ROWS", 3)
    assert refused(workbook([["x"]] * 5)) == refused(b"x\n" * 5) == "too_many"


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda each: f"Name,Email\n{each}".encode()))
def test_whatever_the_bytes_are_it_is_a_list_or_a_refusal(source):
    try:
        found = read_people(source)
    except BadList:
        return
    assert found.people or found.problems


letters = st.text(st.characters(categories=["L"]), min_size=1, max_size=20)
people = st.lists(
    st.tuples(letters, st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True)),
    min_size=1,
    max_size=8,
)


@given(people, st.sampled_from([",", ";", "\t"]))
def test_both_kinds_of_file_say_the_same(rows, separator):
    table = [["Nama", "Email"], *map(list, rows)]
    from_book = read_people(workbook(table))
    from_text = read_people(text(table, separator).encode())
    assert from_book == from_text
    assert len(from_book.people) + len(from_book.problems) >= len(rows)
