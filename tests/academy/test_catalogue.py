"""The catalogue of courses: filters with counts, in both languages, without script, at a constant cost."""

from __future__ import annotations

import re

import pytest

from tests.academy.listing import more_courses, queries

pytestmark = pytest.mark.django_db


def titles(client, path):
    text = client.get(path).content.decode()
    return re.findall(r'<h3><a class="whole"[^>]*>([^<]+)</a>', text)


def test_all_courses_stand_in_the_order_of_their_curricula(client):
    found = titles(client, "/id/kursus/")
    assert len(found) == 9
    assert found[0] == "Jualan Pertama lewat WhatsApp"
    assert len(titles(client, "/en/courses/")) == 9


def test_counts_beside_a_choice_are_what_choosing_it_shows(client):
    text = client.get("/id/kursus/").content.decode()
    for name in ("curriculum", "topic", "level", "hours"):
        select = re.search(rf'<select[^>]*name="{name}">(.*?)</select>', text, re.S)[1]
        choices = re.findall(r'value="([^"]+)"[^>]*>[^<]*\((\d+)\)', select)
        assert choices, name
        for value, count in choices:
            assert len(titles(client, f"/id/kursus/?{name}={value}")) == int(count), (name, value)


def test_choices_are_combined_and_each_can_be_taken_away(client):
    path = "/id/kursus/?curriculum=pembayaran-digital&level=pemula"
    text = client.get(path).content.decode()
    both = set(titles(client, path))
    assert both == set(titles(client, "/id/kursus/?curriculum=pembayaran-digital")) & set(
        titles(client, "/id/kursus/?level=pemula")
    )
    assert '<a href="/id/kursus/?level=pemula">Pembayaran Digital' in text
    assert '<a href="/id/kursus/?curriculum=pembayaran-digital">Pemula' in text


def test_the_switch_of_language_keeps_what_was_chosen(client):
    text = client.get("/id/kursus/?curriculum=pembayaran-digital").content.decode()
    assert 'href="/en/courses/?curriculum=pembayaran-digital" lang="en"' in text
    assert titles(client, "/en/courses/?curriculum=pembayaran-digital")


def test_nothing_that_fits_says_what_to_do(client):
    everything = client.get("/id/kursus/").content.decode()
    own = client.get("/id/kursus/?curriculum=pembayaran-digital").content.decode()
    topics = [
        set(re.findall(r'value="([^"]+)"', re.search(r'name="topic">(.*?)</select>', text, re.S)[1]))
        for text in (everything, own)
    ]
    other = sorted(topics[0] - topics[1])[0]
    path = f"/id/kursus/?curriculum=pembayaran-digital&topic={other}"
    assert titles(client, path) == []
    text = client.get(path).content.decode()
    assert "Tidak ada kursus yang cocok" in text and "Tampilkan semua kursus" in text


@pytest.mark.parametrize(
    "query", ["topic=xyz", "hours=-1", "level=%00", "page=99999999999", "page=x", "curriculum=%3Cb%3E"]
)
def test_what_is_not_known_is_said_and_passed_over(client, query):
    response = client.get(f"/id/kursus/?{query}")
    assert response.status_code == 200
    assert len(titles(client, f"/id/kursus/?{query}")) == 9
    text = response.content.decode()
    assert "<b>" not in re.sub(r"<b>\d", "", text)
    assert ("tidak dikenal" in text) == (not query.startswith(("page", "level=%00")))
    assert '<meta name="robots" content="noindex">' in text


def test_two_hundred_courses_cost_as_many_queries_as_fourteen(client):
    more_courses(5)
    few = queries(client, "/id/kursus/")
    more_courses(195)
    assert queries(client, "/id/kursus/") == few
    assert queries(client, "/id/kursus/?curriculum=pemasaran-digital&page=2") <= few
    assert few <= 24
    text = client.get("/id/kursus/").content.decode()
    assert "Halaman 1 dari 9" in text and len(titles(client, "/id/kursus/")) == 24
    assert 'href="/id/kursus/?page=2"' in text
