"""Answers that are the same for everybody, kept until something public changes.

The key holds the page cache's generation, a database row, so a change shows on the next request in every process.
A 304 costs that one query and does not even fetch the kept bytes.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag

from lms import conf
from lms.core import clock
from lms.core.page_cache import generation

MAX_AGE = 300
#: Below this many bytes compression saves no packet.
COMPRESS_FROM_BYTES = 500
_ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0+)?\s*(?:,|$))", re.I)


@dataclass(frozen=True, slots=True)
class Answer:
    """A body and what is said about it. ``changed_at`` is a moment at or after the last change, or None."""

    body: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)
    changed_at: dt.datetime | None = None
    max_age: int = MAX_AGE


@dataclass(frozen=True, slots=True)
class _Head:
    """What a 304 needs of a kept answer."""

    digest: str
    headers: dict[str, str]
    modified: int | None
    compressed: bool


def kept(
    request: HttpRequest, name: tuple[str, ...], build: Callable[[], Answer], *, compress: bool = True
) -> HttpResponse:
    """Answer from what is kept, else build and keep it.

    Args:
        request: GET or HEAD.
        name: all that the answer depends on besides the host asked and the rows behind it.
        build: makes the answer; raises ``Http404`` where there is nothing to show, and that is not kept.
        compress: whether to send gzip to those who accept it.
    """
    seconds = conf.PAGE_CACHE_SECONDS
    zipped = compress and bool(_ACCEPTS_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))
    key = _key(request, name) if seconds else ""
    head: _Head | None = cache.get(f"{key}.head") if seconds else None
    body: bytes | None = None
    if head is None:
        answer = build()
        head = _head_of(answer)
        body = answer.body
        if seconds:
            cache.set_many({f"{key}.head": head, f"{key}.body": body}, seconds)
    zipped = zipped and head.compressed
    etag = quote_etag(f"{head.digest}-gz" if zipped else head.digest)
    response = get_conditional_response(request, etag, head.modified)
    if response is None:
        if body is None:
            body = cache.get(f"{key}.body")
        if body is None:  # thrown out to make room
            body = build().body
        if zipped:
            body = _zipped(body, f"{key}.gzip" if seconds else "", seconds)
        response = HttpResponse(body, headers=head.headers)
        if zipped:
            response["Content-Encoding"] = "gzip"
    else:
        for name_, value in head.headers.items():
            if name_ not in ("Content-Type", "Content-Disposition"):
                response[name_] = value
    response["ETag"] = etag
    if head.modified is not None:
        response["Last-Modified"] = http_date(head.modified)
    if compress and head.compressed:
        patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _key(request: HttpRequest, name: tuple[str, ...]) -> str:
    # The day is part of it: windows of time move at midnight UTC.
    parts = (
        str(generation()),
        request.scheme or "",
        request.get_host(),
        clock.now().strftime("%Y%m%d"),
        *name,
    )
    return "lms.calendars." + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _head_of(answer: Answer) -> _Head:
    modified = None
    if answer.changed_at is not None:
        # The window of time moves at midnight UTC, which is a change too.
        midnight = clock.now().astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        modified = int(max(answer.changed_at, midnight).timestamp())
    return _Head(
        digest=hashlib.sha256(answer.body).hexdigest()[:32],
        headers={
            "Content-Type": answer.content_type,
            "Cache-Control": f"public, max-age={answer.max_age}",
            **answer.headers,
        },
        modified=modified,
        compressed=len(answer.body) >= COMPRESS_FROM_BYTES,
    )


def _zipped(body: bytes, key: str, seconds: int) -> bytes:
    """Compress once and keep it. What is public to all holds no secret, so its size tells nobody anything."""
    smaller = cache.get(key) if key else None
    if smaller is None:
        smaller = gzip.compress(body, compresslevel=6, mtime=0)
        if key:
            cache.set(key, smaller, seconds)
    return smaller
