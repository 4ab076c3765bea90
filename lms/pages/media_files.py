"""Video and sound are sent in the parts that a player asks for: without that no iPhone plays them and nobody can seek."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import quote_etag
from wagtail.documents import get_document_model
from wagtail.documents.models import document_served

from lms.pages.byte_ranges import OutOfRange, asked_part

#: At most so many bytes at once. A player asks for the rest when it needs it, so a film that is left costs no more data.
PART = 1024 * 1024


def send_part(document: Any, request: HttpRequest) -> HttpResponse | None:
    """Answer a request for a part of a video or sound file (Wagtail's hook ``before_serve_document``).

    Args:
        document: which file; privacy and the gate of lessons were asked before.
        request: perhaps with a ``Range``.

    Returns:
        None where Wagtail answers itself: the whole file, any other file, or a server in front that sends files.
    """
    if "Range" not in request.headers or not str(document.content_type).startswith(("audio/", "video/")):
        return None
    if hasattr(settings, "SENDFILE_BACKEND") or not _sent_by_django(document):
        return None
    tag = quote_etag(document.file_hash) if document.file_hash else ""
    if request.headers.get("If-Range", tag) != tag:
        return None
    size = document.file.size
    try:
        part = asked_part(request.headers["Range"], size)
    except OutOfRange:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        return None
    document_served.send(sender=get_document_model(), instance=document, request=request)
    first, last = part[0], min(part[1], part[0] + PART - 1)
    with document.file.storage.open(document.file.name) as file:
        file.seek(first)
        content = file.read(last - first + 1)
    response = HttpResponse(content, status=206, content_type=document.content_type)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Security-Policy"] = "default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    if tag:
        response["ETag"] = tag
    return response


def _sent_by_django(document: Any) -> bool:
    if getattr(settings, "WAGTAILDOCS_SERVE_METHOD", None) not in (None, "serve_view"):
        return False
    try:
        return bool(document.file.path) and document.file.storage.exists(document.file.name)
    except NotImplementedError:  # a remote storage, which people are led to
        return False
