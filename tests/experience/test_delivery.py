"""How files arrive: named by content and kept for years, compressed once, pages asked for again and found unchanged."""

from __future__ import annotations

import gzip
import re
import urllib.error
import urllib.request

import pytest

pytestmark = pytest.mark.browser

PAGES = (
    "/id/",
    "/en/courses/",
    "/id/pemasaran-digital/jualan-pertama/",
    "/id/me/",
    "/c/",
    "/admin/login/",
    "/offline/",
)


def ask(address, **headers):
    """Return status, headers and body, whatever the status."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, headers=names)  # noqa: S310 -- our own server
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


def test_static_files_are_named_by_content_kept_for_years_and_compressed(academy):
    found = set()
    for page in PAGES:
        found |= set(re.findall(r'(?:src|href)="(/static/[^"]+)"', ask(academy.url + page)[2].decode()))
    assert len(found) > 15
    for path in sorted(found):
        # Wagtail's own admin adds its version to the address as well.
        assert re.search(r"\.[0-9a-f]{12}\.\w+(\?v=\w+)?$", path), path
        status, headers, body = ask(academy.url + path, Accept_Encoding="identity")
        assert status == 200 and "immutable" in headers["Cache-Control"], path
        assert int(re.search(r"max-age=(\d+)", headers["Cache-Control"])[1]) >= 365 * 24 * 3600
        if re.search(r"\.(css|js|svg)(\?|$)", path) and len(body) > 300:
            for coding in ("br", "gzip"):
                _, headers, smaller = ask(academy.url + path, Accept_Encoding=coding)
                assert headers["Content-Encoding"] == coding and len(smaller) < len(body), (path, coding)
                assert "Accept-Encoding" in headers["Vary"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_compressed_and_those_for_everybody_are_not_sent_twice(academy, page):
    _, plain, body = ask(academy.url + page, Accept_Encoding="identity")
    _, headers, smaller = ask(academy.url + page, Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in headers["Vary"]
    assert len(smaller) < len(body) * 0.6 and len(gzip.decompress(smaller)) > 500
    assert not plain.get("Content-Encoding")
    if "public" in headers.get("Cache-Control", ""):
        status, _, nothing = ask(academy.url + page, Accept_Encoding="gzip", If_None_Match=headers["ETag"])
        assert status == 304 and nothing == b""


def test_where_the_public_pages_are_kept(academy):
    kept = [page for page in PAGES if "public" in ask(academy.url + page)[1].get("Cache-Control", "")]
    assert kept == ["/id/", "/en/courses/", "/id/pemasaran-digital/jualan-pertama/", "/offline/"]
