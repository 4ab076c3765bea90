"""Players get the part of a video that they ask for."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from lms.pages.byte_ranges import OutOfRange, asked_part

CONTENT = bytes(range(256)) * 400


@given(st.integers(1, 500), st.integers(0, 600), st.integers(0, 600))
def test_a_part_is_what_was_asked_for_and_never_more_than_there_is(size, first, length):
    body = bytes(each % 251 for each in range(size))
    try:
        part = asked_part(f"bytes={first}-{first + length}", size)
    except OutOfRange:
        assert first >= size
    else:
        assert part is not None
        assert body[part[0] : part[1] + 1] == body[first : first + length + 1] != b""


@given(st.integers(1, 500), st.integers(1, 600))
def test_the_end_of_a_file_can_be_asked_for(size, length):
    first, last = asked_part(f"bytes=-{length}", size)
    assert (first, last) == (max(0, size - length), size - 1)


@given(st.text(max_size=20), st.integers(1, 500))
def test_any_other_header_means_the_whole_file(header, size):
    try:
        part = asked_part(header, size)
    except OutOfRange:
        return
    assert part is None or 0 <= part[0] <= part[1] < size


@pytest.mark.parametrize(
    "header", ["bytes=-", "bytes=5-2", "bytes=0-1,4-5", "lines=0-5", "bytes= 1-2", "bytes=٣-"]
)
def test_what_is_no_single_part_is_passed_over(header):
    assert asked_part(header, 100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0", "bytes=999-1000"])
def test_behind_the_end_there_is_nothing(header):
    with pytest.raises(OutOfRange):
        asked_part(header, 100)


@pytest.fixture
def film(db):
    return get_document_model().objects.create(title="Film", file=ContentFile(CONTENT, name="film.mp4"))


def body(response):
    return b"".join(response)


def test_a_player_gets_parts_and_can_go_on(film, client):
    answer = client.get(film.url, HTTP_RANGE="bytes=0-")
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes 0-{len(CONTENT) - 1}/{len(CONTENT)}"
    assert answer["Content-Type"] == "video/mp4"
    assert body(answer) == CONTENT
    answer = client.get(film.url, HTTP_RANGE="bytes=70000-70009")
    assert (answer.status_code, body(answer)) == (206, CONTENT[70000:70010])


def test_a_long_film_is_sent_piece_by_piece(film, client, monkeypatch):
    monkeypatch.setattr("lms.pages.media_files.PART", 1000)
    seen = b""
    while len(seen) < 3500:
        answer = client.get(film.url, HTTP_RANGE=f"bytes={len(seen)}-")
        assert answer["Content-Range"] == f"bytes {len(seen)}-{len(seen) + 999}/{len(CONTENT)}"
        seen += body(answer)
    assert seen == CONTENT[:4000]


def test_what_does_not_exist_is_refused_and_the_whole_file_is_as_ever(film, client):
    answer = client.get(film.url, HTTP_RANGE=f"bytes={len(CONTENT)}-")
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")
    assert body(client.get(film.url)) == CONTENT
    assert client.get(film.url, HTTP_RANGE="bytes=0-1,3-4").status_code == 200


def test_a_file_that_changed_meanwhile_is_sent_anew(film, client):
    film.get_file_hash()
    film.save()
    tag = client.get(film.url, HTTP_RANGE="bytes=0-9")["ETag"]
    assert client.get(film.url, HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE=tag).status_code == 206
    assert client.get(film.url, HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE='"other"').status_code == 200


def test_other_files_and_other_ways_of_sending_are_left_to_wagtail(film, client, settings):
    paper = get_document_model().objects.create(title="Paper", file=ContentFile(CONTENT, name="paper.pdf"))
    assert client.get(paper.url, HTTP_RANGE="bytes=0-9").status_code == 200
    settings.WAGTAILDOCS_SERVE_METHOD = "redirect"
    assert client.get(film.url, HTTP_RANGE="bytes=0-9").status_code == 302


def test_a_private_film_stays_private_in_parts(film, client):
    collection = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    film.collection = collection
    film.save()
    assert client.get(film.url, HTTP_RANGE="bytes=0-9").status_code == 302


def test_a_film_of_a_lesson_for_learners_stays_closed_in_parts(film, course, add, client):
    from lms.catalogue.compile import compile_all
    from lms.pages.models import LessonPage

    add(
        course["course"], LessonPage, "Film", body=[("video", {"title": "A", "minutes": 1, "document": film})]
    )
    assert client.get(film.url, HTTP_RANGE="bytes=0-9").status_code == 206
    page = type(course["course"]).objects.get(pk=course["course"].pk)
    page.sequential = True
    page.save_revision().publish()
    list(compile_all())
    assert client.get(film.url, HTTP_RANGE="bytes=0-9").status_code == 403
