"""A page cache for public pages: nothing personal is ever stored, and publishing shows on the next request.

The middleware stands right after WhiteNoise, before sessions. It stores only what a view marked with ``mark_public``:
a 200 to a GET without query string and without a session, that sets no cookie and does not vary by cookie; it does not
even ask about addresses that are a person's own. The key
holds a generation number, which is a database row (a local memory cache is per process) and is raised when a
transaction that changed public content commits. Signed-in visitors bypass the cache.

A page is compressed once, when it is kept. What is public to all holds no secret, so compressing it tells nobody anything.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import quote_etag

from lms import conf
from lms.core.models import PageCacheGeneration

GENERATION = "_lms_page_generation"
MARK = "lms_public"
SECONDS = "lms_public_seconds"
#: Below this many bytes compression saves no packet.
COMPRESS_FROM_BYTES = 500
_ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0+)?\s*(?:,|$))", re.I)


#: Names of addresses that end with a person's own link, such as a personal page.
_personal: list[str] = []


def personal_below(*names: str) -> None:
    """Have the cache pass over these addresses and all below them without asking: each person's answer is their own.

    Args:
        names: of addresses whose one value, the link, comes last.
    """
    _personal.extend(name for name in names if name not in _personal)
    _personal_paths.cache_clear()


@lru_cache(maxsize=8)
def _personal_paths(urls: Any, script: str) -> tuple[str, ...]:
    found = []
    for name in _personal:
        try:
            found.append(reverse(name, urlconf=urls, args=["x"]).removesuffix("x"))
        except NoReverseMatch:  # this project does not offer it
            continue
    return tuple(found)


def mark_public(response: HttpResponse, *, seconds: int | None = None) -> HttpResponse:
    """Say of a response that it is the same for every visitor, so that the page cache may keep it.

    Args:
        response: what is answered.
        seconds: for how long at most it is right, for what changes by the clock alone; None: until something is published.
    """
    setattr(response, MARK, True)
    if seconds is not None:
        setattr(response, SECONDS, seconds)
    return response


def generation() -> int:
    """Return the current generation: one query by primary key."""
    row = PageCacheGeneration.objects.filter(pk=1).values_list("number", flat=True).first()
    return row or 0


def part_key(request: HttpRequest | None, *names: object) -> str:
    """Return a key under which a part of public pages may be kept in the cache until something is published.

    Args:
        request: that was asked for a public page.
        names: what the part is and depends on.

    Returns:
        Nothing where this request knows no generation: of somebody signed in, with a query, or without the page cache.
    """
    number = getattr(request, GENERATION, None)
    return "" if number is None else ".".join(str(each) for each in ("lms.part", number, *names))


def raise_generation() -> None:
    """Make every cached page old. Runs in the caller's transaction, so it takes effect when that commits.

    The row is written last, after the commit, because every editor's transaction would otherwise wait for the same row.
    """
    connection = transaction.get_connection()
    if not any(entry[1] is _raise_now for entry in connection.run_on_commit):
        transaction.on_commit(_raise_now)


def _raise_now() -> None:
    with transaction.atomic():
        if not PageCacheGeneration.objects.filter(pk=1).update(number=F("number") + 1):
            PageCacheGeneration.objects.get_or_create(pk=1, defaults={"number": 1})


class PageCacheMiddleware:
    """Answer public pages from the cache, and keep those that may be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seconds = conf.PAGE_CACHE_SECONDS
        if not seconds or not self._may_ask(request):
            return self.get_response(request)
        number = generation()
        setattr(request, GENERATION, number)
        key = self._key(request, number)
        kept = cache.get(key)
        if kept is not None:
            return self._answer(request, *kept)
        response = self.get_response(request)
        seconds = min(seconds, getattr(response, SECONDS, seconds))
        if seconds > 0 and self._may_keep(response):
            kept = (response.content, self._compressed(response), self._headers(response))
            cache.set(key, kept, seconds)
            return self._answer(request, *kept)
        return response

    @staticmethod
    def _may_ask(request: HttpRequest) -> bool:
        urls = getattr(request, "urlconf", None) or settings.ROOT_URLCONF
        return (
            request.method in ("GET", "HEAD")
            and not request.META.get("QUERY_STRING")
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not request.path.startswith(_personal_paths(urls, get_script_prefix()))
        )

    @staticmethod
    def _may_keep(response: HttpResponse) -> bool:
        vary = response.get("Vary", "").lower()
        return (
            response.status_code == 200
            and getattr(response, MARK, False)
            and not response.streaming
            and not response.cookies
            and "cookie" not in vary
        )

    @staticmethod
    def _key(request: HttpRequest, number: int) -> str:
        address = f"{request.scheme}://{request.META.get('HTTP_HOST', '')}{request.path}"
        # Outside i18n_patterns a page may vary by the browser's language.
        language = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        digest = hashlib.sha256(f"{address}\n{language}".encode()).hexdigest()
        return f"lms.page.{number}.{digest}"

    @staticmethod
    def _compressed(response: HttpResponse) -> bytes | None:
        if response.has_header("Content-Encoding") or len(response.content) < COMPRESS_FROM_BYTES:
            return None
        # The time stays out, so that equal pages have equal bytes.
        smaller = gzip.compress(response.content, compresslevel=9, mtime=0)
        return smaller if len(smaller) < len(response.content) else None

    @staticmethod
    def _headers(response: HttpResponse) -> dict[str, str]:
        headers = {name: value for name, value in response.items() if name.lower() != "content-length"}
        headers["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
        headers.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
        return headers

    @staticmethod
    def _answer(
        request: HttpRequest, content: bytes, smaller: bytes | None, headers: dict[str, str]
    ) -> HttpResponse:
        compressed = smaller is not None and _ACCEPTS_GZIP.search(
            request.META.get("HTTP_ACCEPT_ENCODING", "")
        )
        # Different bytes, different tag (RFC 9110 8.8.3).
        etag = headers["ETag"] if not compressed else f'{headers["ETag"][:-1]}-gz"'
        if request.META.get("HTTP_IF_NONE_MATCH") == etag:
            response: HttpResponse = HttpResponseNotModified(
                headers={"Cache-Control": headers["Cache-Control"]}
            )
        else:
            response = HttpResponse(smaller if compressed else content, headers=headers)
            if compressed:
                response["Content-Encoding"] = "gzip"
        response["ETag"] = etag
        setattr(response, MARK, True)
        if smaller is not None:
            patch_vary_headers(response, ["Accept-Encoding"])
        return response
