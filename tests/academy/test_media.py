"""Pictures are served at their plain address, and files of documents are not: those go through Wagtail."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import RequestFactory

from academy.home.media import media


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    for place in ("images", "documents"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "file.pdf").write_bytes(b"%PDF")
    return tmp_path


def test_a_picture_is_served(folder):
    answer = media(RequestFactory().get("/media/images/file.pdf"), "images/file.pdf")
    assert b"".join(answer.streaming_content) == b"%PDF"


@pytest.mark.parametrize(
    "path",
    [
        "documents/file.pdf",
        "./documents/file.pdf",
        "/documents/file.pdf",
        "images/../documents/file.pdf",
        "//documents//file.pdf",
        "Documents/file.pdf",
        "documents",
    ],
)
def test_no_way_leads_to_the_file_of_a_document(folder, path):
    with pytest.raises(Http404):
        media(RequestFactory().get("/media/x"), path)
