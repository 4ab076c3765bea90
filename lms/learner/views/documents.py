"""Files of lessons that are not open to all: given out through the lesson, and never at their plain address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from wagtail.models import ReferenceIndex
from wagtail.permissions import policy_registry

from lms.catalogue.models import Activity, ActivityPage
from lms.core.languages import asked_language
from lms.learner.gate import closed_document
from lms.learner.queries.room import named
from lms.learner.views.trouble import guarded

OPENED = "lms_opened_document"
RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
PIECE = 64 * 1024


def hand_out(request: HttpRequest, *, lesson: Activity, document_id: int) -> HttpResponse | None:
    """Give out a file that a public page of a lesson uses, by Wagtail's own view: privacy of collections and hooks count.

    Args:
        request: whoever asks passed the gate of this lesson.
        lesson: whose file.
        document_id: of Wagtail's documents.

    Returns:
        None when the lesson has no such file.
    """
    if not apps.is_installed("wagtail.documents"):
        return None
    from wagtail.documents import get_document_model  # noqa: PLC0415 -- optional dependency
    from wagtail.documents.views.serve import serve  # noqa: PLC0415 -- optional dependency

    document = get_document_model().objects.filter(pk=document_id).first()
    if document is None:
        return None
    pages = ActivityPage.objects.filter(activity=lesson, public=True).values_list("page_id", flat=True)
    uses = ReferenceIndex.get_references_to(document).filter(object_id__in=[str(pk) for pk in pages])
    if not uses.exists():
        return None
    setattr(request, OPENED, document.pk)
    try:
        whole = serve(request, document.pk, document.filename)
    except Http404:
        return None
    return part_of(request, whole, document)


def part_of(request: HttpRequest, whole: HttpResponse, document: Any) -> HttpResponse:
    """Return the part of a file that a player asked for (RFC 9110 14), else the whole answer.

    Telephones play nothing without it, and after a lost network they go on where they were. One part at a time; what is
    no such question is answered with the whole.

    Args:
        request: may carry ``Range``.
        whole: the answer of Wagtail's view; a redirect or a refusal is passed on.
        document: whose file it is.
    """
    if whole.status_code != 200 or request.method != "GET" or not whole.streaming:
        return whole
    size = document.get_file_size()
    if not size:
        return whole
    whole["Accept-Ranges"] = "bytes"
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or not any(asked.groups()):
        return whole
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size:
        _let_go(whole)
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if start > end:
        return whole
    part = StreamingHttpResponse(_pieces(document, start, end - start + 1), status=206)
    for name in ("Content-Type", "Content-Disposition", "Content-Security-Policy", "X-Content-Type-Options"):
        if whole.has_header(name):
            part[name] = whole[name]
    _let_go(whole)
    part["Accept-Ranges"] = "bytes"
    part["Content-Range"] = f"bytes {start}-{end}/{size}"
    part["Content-Length"] = str(end - start + 1)
    return part  # type: ignore[return-value]


def _let_go(response: HttpResponse) -> None:
    """Close the file of an answer that is not sent. ``close`` of the answer would say that the request is over."""
    file = getattr(response, "file_to_stream", None)
    if file is not None:
        file.close()


def _pieces(document: Any, start: int, length: int) -> Iterator[bytes]:
    with document.open_file() as file:
        file.seek(start)
        while length > 0 and (piece := file.read(min(PIECE, length))):
            length -= len(piece)
            yield piece


def keep_closed(document: Any, request: HttpRequest) -> HttpResponse | None:
    """Refuse a file at its plain address when it belongs to lessons that are for learners only (Wagtail's hook).

    Who may choose or change the file in the admin may see it.
    """
    if getattr(request, OPENED, None) == document.pk:
        return None
    closed = closed_document(document)
    if closed is None or _may_manage(getattr(request, "user", None), document):
        return None
    language = asked_language(request)
    with translation.override(language):
        found = named([closed.lesson.pk], language).get(closed.lesson.pk) if closed.lesson else None
        values = {
            "page_language": language,
            "title": found.title if found and found.row else "",
            "url": found.public_url if found else "",
        }
        return guarded(render(request, "lms/learner/file_closed.html", values, status=403))


def _may_manage(user: Any, document: Any) -> bool:
    if user is None or not user.is_authenticated or not user.has_perm("wagtailadmin.access_admin"):
        return False
    from wagtail.documents import get_document_model  # noqa: PLC0415 -- optional dependency

    policy = policy_registry.get_by_type(get_document_model())
    return policy.user_has_any_permission_for_instance(user, ["choose", "add", "change", "delete"], document)
