"""Lists of time zones are read by people: cities in words, the country's three first, the world by region."""

from __future__ import annotations

from django.utils import translation

from lms.core import clock


def test_the_three_zones_name_cities_and_stand_first():
    assert [words for _, words in clock.zone_choices()[:3]] == [
        "WIB – Jakarta, Bandung, Medan, Palembang, Pontianak",
        "WITA – Makassar, Denpasar, Balikpapan, Manado, Kupang",
        "WIT – Jayapura, Ambon, Ternate, Sorong, Manokwari",
    ]


def test_all_others_stand_by_region_without_iana_names():
    with translation.override("id"):
        (_, first), *regions = clock.zone_groups()
    assert len(first) == 3
    names = [name for _, choices in regions for name, _ in choices]
    assert len(names) == len(set(names)) > 400 and not {name for name, _ in first} & set(names)
    words = [text for _, choices in regions for _, text in choices]
    assert "Tokyo (UTC+09:00)" in words and not [text for text in words if "/" in text or "_" in text]
    assert [heading for heading, _ in regions][:4] == ["Asia", "Australia", "Pasifik", "Samudra Hindia"]


def test_a_stored_zone_is_always_offered():
    for stored in ("Etc/GMT-7", "US/Eastern", "UTC", "Asia/Pontianak"):
        choices = [name for _, group in clock.zone_groups(stored) for name, _ in group]
        assert choices.count(stored) == 1
    assert "nonsense" not in dict(clock.zone_groups("nonsense")[0][1])
