"""Numbers as people type them, exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.grading import Reading, read_number, same_unit, stands_before, with_unit
from lms.assessment.grading.numbers import MAX_LENGTH

F = Fraction


def values(text, language="id"):
    return [str(each) for each in read_number(text, language).values]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1500000", 1500000),
        ("1.500.000", 1500000),
        ("1,500,000", 1500000),
        ("1 500 000", 1500000),
        ("1\u00a0500\u00a0000", 1500000),
        ("1\u202f500\u202f000", 1500000),
        ("1.500.000,00", 1500000),
        ("1,500,000.00", 1500000),
        ("1.500.000,25", F("1500000.25")),
        ("1 500 000,25", F("1500000.25")),
        ("1 500.25", F("1500.25")),
        ("12.345.678", 12345678),
        ("123.456.789", 123456789),
        ("Rp 1.500.000", 1500000),
        ("Rp1.500.000", 1500000),
        ("Rp. 1.500.000", 1500000),
        ("Rp.1.500.000", 1500000),
        ("Rp 1.500.000,-", 1500000),
        ("Rp 1.500.000,00", 1500000),
        ("Rp.500", 500),
        ("rp 500", 500),
        ("IDR 1,500,000", 1500000),
        ("1.500.000 rupiah", 1500000),
        ("１５００", 1500),
        ("1,5", F("1.5")),
        ("1.5", F("1.5")),
        ("1,25", F("1.25")),
        ("1.2345", F("1.2345")),
        ("1234,567", F("1234.567")),
        ("1234.567", F("1234.567")),
        ("0,500", F("0.5")),
        ("0.500", F("0.5")),
        (",5", F("0.5")),
        (".5", F("0.5")),
        ("-.5", F("-0.5")),
        ("- 5", -5),
        ("5.", 5),
        ("5,", 5),
        ("5 ,", 5),
        ("1 500,", 1500),
        ("007", 7),
        ("0", 0),
        ("-5", -5),
        ("−5", -5),
        ("–5", -5),
        ("‒5", -5),
        ("+5", 5),
        ("-Rp 5", -5),
        ("+Rp 5", 5),
        ("Rp -5", -5),
        ("5-", 5),
        ("  5  ", 5),
        ("1,5 juta", 1500000),
        ("1,5juta", 1500000),
        ("1.5 million", 1500000),
        ("2 jt", 2000000),
        ("2 jt.", 2000000),
        ("-2 jt", -2000000),
        ("50 ribu", 50000),
        ("50rb", 50000),
        ("50 RB", 50000),
        ("50k", 50000),
        ("50 K", 50000),
        ("7 thousand", 7000),
        ("3 miliar", 3000000000),
        ("3 milyar", 3000000000),
        ("3 billion", 3000000000),
        ("Rp 5 juta rupiah", 5000000),
        ("15%", 15),
        ("15 persen", 15),
        ("12 m2", 12),
        ("12 m²", 12),
        ("12 km3", 12),
        ("x 9 y", 9),
    ],
)
def test_one_reading_whatever_the_language(text, value):
    for language in ("id", "en"):
        assert read_number(text, language).values == (F(value),)


@pytest.mark.parametrize(
    ("text", "grouped", "decimal"),
    [
        ("1.500", 1500, "1.5"),
        ("12.345", 12345, "12.345"),
        ("999.999", 999999, "999.999"),
        ("-1.500", -1500, "-1.5"),
    ],
)
def test_a_point_before_three_digits_has_two_readings_the_languages_first(text, grouped, decimal):
    assert read_number(text, "id").values == (F(grouped), F(decimal))
    assert read_number(text, "en").values == (F(decimal), F(grouped))


@pytest.mark.parametrize(("text", "grouped", "decimal"), [("1,500", 1500, "1.5"), ("100,000", 100000, "100")])
def test_a_comma_before_three_digits_has_two_readings_the_languages_first(text, grouped, decimal):
    assert read_number(text, "id").values == (F(decimal), F(grouped))
    assert read_number(text, "en").values == (F(grouped), F(decimal))


def test_a_scale_multiplies_both_readings():
    assert read_number("1.500 ribu", "id").values == (F(1500000), F(1500))


@pytest.mark.parametrize(
    "language", ["en", "en-gb", "EN_US", "ms", "zh-hans", "ja", "ko", "th", "hi", "ta", "tl", "fil"]
)
def test_these_languages_write_a_point(language):
    assert values("1.500", language) == ["3/2", "1500"]


@pytest.mark.parametrize("language", ["id", "id-ID", "de", "fr", "nl", "es", ""])
def test_these_write_a_comma(language):
    assert values("1.500", language) == ["1500", "3/2"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "Rp",
        "-",
        ".",
        ",",
        "1.50.000",
        "1.5.0",
        "1,50,000",
        "1,500,00",
        "0.500.000",
        "1.500.000.5",
        "1,500.000.000",
        "1.500,000,000",
        "1.5,0",
        "1234.500.000",
        "1234.500,5",
        "1 50",
        "1 5000",
        "0 500",
        "1 500 00",
        "1234 500",
        "3, 4",
        "10-20",
        "10 20",
        "10 atau 20",
        "5 kg 3",
        "5 x3",
        "--5",
        "+-5",
        "-+5",
        "-Rp -5",
        "1e6",
        "٣",
    ],
)
def test_what_is_no_number_is_none(text):
    for language in ("id", "en"):
        assert read_number(text, language).values == ()


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("5", ""),
        ("Rp 5", "rp"),
        ("Rp. 5", "rp"),
        ("IDR 5", "rp"),
        ("5 rupiah", "rp"),
        ("Rp 5 rupiah", "rp"),
        ("Rp 5 juta", "rp"),
        ("5 juta", ""),
        ("5 juta rupiah", "rp"),
        ("5,- rupiah", "rp"),
        ("-Rp 5", "rp"),
        ("5 kg", "kg"),
        ("5kg", "kg"),
        ("5 Kg.", "kg"),
        ("Rp 5 kg", "rp kg"),
        ("5%", "%"),
        ("5 persen", "%"),
        ("5 percent", "%"),
        ("5 per cent", "%"),
        ("5 m²", "m2"),
        ("5 m2", "m2"),
        ("abc", ""),
    ],
)
def test_the_unit_has_one_spelling(text, unit):
    assert read_number(text, "id").unit == unit


def test_units_are_compared_without_case_points_and_spaces():
    assert same_unit("R. P.") == same_unit("Rp") == same_unit("IDR") == same_unit("Rupiah") == "rp"
    assert same_unit("m²") == same_unit("M2") == "m2"
    assert same_unit("Persen") == same_unit("PERCENT") == "%"
    assert same_unit("kg") == "kg" != same_unit("g")


@pytest.mark.parametrize(
    ("digits", "unit", "language", "words"),
    [
        ("2.400", "Rp", "id", "Rp2.400"),
        ("2,400", "Rp", "en", "Rp\u00a02,400"),
        ("-2.400", "Rp.", "id", "-Rp2.400"),
        ("2.400", "IDR", "id", "IDR\u00a02.400"),
        ("2.400", "$", "en-gb", "$2.400"),
        ("2.400", "rupiah", "id", "2.400 rupiah"),
        ("12", "pcs", "id", "12 pcs"),
        ("15", "%", "id", "15%"),
        ("15", "", "id", "15"),
    ],
)
def test_a_unit_stands_where_the_language_writes_it(digits, unit, language, words):
    assert with_unit(digits, unit, language) == words
    assert stands_before(unit) is (words.lstrip("-")[:1].isdigit() is False)


@pytest.mark.parametrize(
    "unit", ["rp", "RM", "$", "US$", "S$", "€", "£", "¥", "idr", "USD", "eur", "myr", "sgd"]
)
def test_money_stands_before_its_number(unit):
    assert stands_before(f" {unit}. ") and not stands_before(f"{unit}X") and not stands_before(f"X{unit}")
    close = unit.casefold() in ("rp", "rm") or not unit[-1].isalpha()
    assert with_unit("1.000", f" {unit} ", "id") == f"{unit}{'' if close else chr(160)}1.000"
    close = not unit[-1].isalpha()
    assert with_unit("-1,000", unit, "en") == f"-{unit}{'' if close else chr(160)}1,000"


@given(
    st.integers(min_value=-(10**12), max_value=10**12),
    st.sampled_from(["Rp", "Rp.", "IDR", "%", "pcs", "rupiah", ""]),
    st.sampled_from(["id", "en"]),
)
def test_what_is_shown_as_right_is_read_back_as_that(number, unit, language):
    digits = f"{number:,}" if language == "en" else f"{number:,}".replace(",", ".")
    read = read_number(with_unit(digits, unit, language), language)
    assert F(number) in read.values
    assert same_unit(read.unit) == same_unit(unit)


def test_the_longest_text_is_read_and_a_longer_one_is_not():
    assert MAX_LENGTH == 60
    assert read_number("9" * 60, "id").values == (F(10**60 - 1),)
    assert read_number("9" * 61, "id").values == ()
    assert read_number(f"  {'9' * 60}  ", "id").values == (F(10**60 - 1),)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_every_whole_number_is_read_back_however_it_is_grouped(number):
    for text in (
        str(number),
        f"{number:,}",
        f"{number:,}".replace(",", "."),
        f"Rp {number:,}".replace(",", " "),
    ):
        assert F(number) in read_number(text, "id").values
        assert F(number) in read_number(text, "en").values


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_every_price_is_read_back_as_both_languages_write_it(price):
    english = f"{price:,.2f}"
    indonesian = english.translate(str.maketrans(",.", ".,"))
    for language in ("id", "en"):
        assert (
            read_number(english, language).values == read_number(indonesian, language).values == (F(price),)
        )


@given(st.text(max_size=80), st.sampled_from(["id", "en"]))
def test_any_text_has_at_most_two_readings_and_is_never_an_error(text, language):
    reading = read_number(text, language)
    assert len(reading.values) <= 2
    assert set(reading.values) == set(read_number(text, "en" if language == "id" else "id").values)


@given(st.from_regex(r"[0-9]{1,3}([.,][0-9]{3}){1,3}([.,][0-9]{1,2})?", fullmatch=True))
def test_two_readings_differ_a_thousandfold(text):
    readings = sorted(read_number(text, "id").values)
    if len(readings) == 2:
        assert readings[1] == readings[0] * 1000


@pytest.mark.parametrize("text", ["3 XL", "3 - XL", "3XL"])
def test_a_unit_keeps_all_its_letters(text):
    assert read_number(text, "id") == Reading((F(3),), "xl")


@pytest.mark.parametrize("text", ["1,5 jt.", "1,5jt", "1.500 rb", "1.500.000,-", "1.500.000.", "1 500 000 ,"])
def test_what_ends_a_number_says_nothing(text):
    assert read_number(text, "id").values[0] == 1_500_000
