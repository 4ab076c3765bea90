"""Search: what is public, in the language, with marked words; and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.pages.search_page import excerpt, marked, tidy, words_of
from tests.academy.listing import queries

pytestmark = pytest.mark.django_db


def search(client, query, language="id"):
    path = {"id": "/id/cari/", "en": "/en/search/"}[language]
    response = client.get(path, {"q": query})
    assert response.status_code == 200
    return response.content.decode()


def test_words_are_found_in_titles_summaries_and_open_lessons(client):
    text = search(client, "foto produk")
    assert "Foto produk" in re.sub("</?mark>", "", text)
    assert "<mark>Foto</mark>" in text and "<mark>produk</mark>" in text
    assert "Pelajaran · Pemasaran Digital" in text
    assert "/id/pemasaran-digital/jualan-pertama/toko-di-dalam-ponsel/foto-produk/" in text


def test_each_language_finds_its_own(client):
    assert '<a href="/en/' in search(client, "reconcile", "en")
    assert "Tidak ada yang ditemukan" in search(client, "reconcile")


def test_pages_of_help_are_found(client):
    assert 'href="/id/bantuan/"' in search(client, "tautan pribadi hilang")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Apa yang Anda cari?"),
        ("a", "paling sedikit dua huruf"),
        ("?!", "paling sedikit dua huruf"),
        ("xyzzyq", "Tidak ada yang ditemukan untuk “xyzzyq”"),
        ("WhatsApp xyzzyq", "memuat sebagian"),
    ],
)
def test_every_state_says_what_to_do(client, query, words):
    assert words in search(client, query)


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "foto*",
        "AND",
        "foto OR",
        "NEAR(foto)",
        "(",
        "title:foto",
        "-foto",
        "\0foto",
        "'; DROP",
        "ß" * 300,
        "foto " * 200,
    ],
)
def test_no_text_breaks_the_backend(client, query):
    search(client, query)


def test_what_was_typed_is_text(client):
    text = search(client, "<script>alert(1)</script>")
    assert "<script>alert" not in text


def test_pages_of_results_lead_on_and_cost_the_same(client):
    text = search(client, "usaha")
    assert "Halaman 1 dari" in text and "page=2" in text
    assert queries(client, "/id/cari/?q=usaha") <= 40
    assert abs(queries(client, "/id/cari/?q=usaha") - queries(client, "/id/cari/?q=usaha&page=2")) <= 3


@given(st.text(max_size=60), st.lists(st.text(alphabet="abcé<&", min_size=2, max_size=4), max_size=3))
def test_marking_changes_no_text(text, words):
    import html

    shown = re.sub("</?mark>", "", marked(text, words))
    assert html.unescape(shown) == text
    # Nothing of the text can begin an element or leave an attribute.
    assert not set("<>\"'") & set(shown)


@given(st.text(max_size=900))
def test_a_query_is_tidy_and_its_words_are_words(text):
    query = tidy(text)
    assert len(query) <= 100 and tidy(query) == query
    assert all(len(word) >= 2 for word in words_of(query))


def test_an_excerpt_shows_where_the_word_stands():
    assert "jarum" in excerpt(["awal", "x " * 300 + "jarum " + "y " * 300], ["jarum"])
    assert excerpt([], ["a"]) == "" and excerpt(["awal"], ["lain"]) == "awal"
