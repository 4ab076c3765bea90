"""The fixed words, in the certificate's language whatever the reader's."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import override

from lms.credentials.render import CertificateContent, CertificateWords
from lms.credentials.render.wording import certificate_words
from tests.credentials.certificates import content
from tests.credentials.test_render_pictures import LOGO, SVG_LOGO


def words(**changes) -> CertificateWords:
    values = {
        "kind": "completion",
        "language": "en",
        "holder_name": "Siti %s %(title)s",
        "title": "QRIS",
        "verify_url": "https://academy.example/c/1",
    }
    return certificate_words(**(values | changes))


@pytest.mark.parametrize("reader", ["en", "id"])
def test_the_readers_language_does_not_matter(reader: str) -> None:
    with override(reader):
        assert words().heading == "Certificate of completion"
        assert words(kind="attendance").heading == "Certificate of attendance"
        assert words().document_title == "Certificate of completion: Siti %s %(title)s, QRIS"


def test_frozen_content_comes_back_the_same() -> None:
    whole = content(words=words(), logos=(LOGO,), emblem=SVG_LOGO)
    frozen = json.loads(json.dumps(whole.as_json()))
    assert frozen["pictures"]["logo-0"] == {"sha256": LOGO.sha256, "description": LOGO.description}
    assert CertificateContent.from_json(frozen, logos=(LOGO,), emblem=SVG_LOGO) == whole
    assert CertificateContent.from_json(frozen, holder_name="Siti Rahma").holder_name == "Siti Rahma"
    assert CertificateContent.from_json(content().as_json() | {"dropped": []}) == content()
