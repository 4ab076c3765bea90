"""A lesson in the learner's room: read it, watch it, mark it as done. Its private files are fetched through it."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.blocks import StreamValue
from wagtail.rich_text import RichText

from lms.core import clock
from lms.core.exceptions import KelasError
from lms.learner import queries, services
from lms.learner.gate import Opening, may_open
from lms.learner.queries import room
from lms.learner.queries.course_room import finish_of
from lms.learner.queries.watching import watch_of
from lms.learner.views.documents import hand_out
from lms.learner.views.personal import personal
from lms.learner.views.trouble import trouble
from lms.people.models import Learner
from lms.webinars.views.join import is_only_a_look

#: What was just done, as it stands in the address after a POST.
DONE = ("marked", "unmarked")


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: HttpRequest, token: str, learner: Learner, key: uuid.UUID) -> HttpResponse:
    """Show a lesson, or say why it is not open; by POST mark it as done, or take the mark back."""
    if request.method == "POST":
        return _mark(request, token, learner, key)
    opening = may_open(learner=learner, key=key)
    if opening is None:
        return trouble(request, "gone", 404, token=token)
    if opening.open and not is_only_a_look(request):
        opened_at = services.open_lesson(learner=learner, opening=opening)
        opening = replace(opening, part=replace(opening.part, opened_at=opened_at))
    return _page(request, token, learner, opening)


def _mark(request: HttpRequest, token: str, learner: Learner, key: uuid.UUID) -> HttpResponse:
    done = request.POST.get("done", "1") != "0"
    try:
        services.mark_lesson(learner=learner, key=key, done=done)
    except KelasError as refusal:
        opening = may_open(learner=learner, key=key)
        if opening is None:
            return trouble(request, "gone", 404, token=token)
        return _page(request, token, learner, opening, error=str(refusal))
    path = reverse("lms_public:person_lesson", args=[token, key])
    return HttpResponseRedirect(f"{path}?done={'marked' if done else 'unmarked'}#done")


def _page(
    request: HttpRequest, token: str, learner: Learner, opening: Opening, *, error: str = ""
) -> HttpResponse:
    language = translation.get_language() or ""
    around = room.around(opening, token=token, language=language)
    values: dict[str, Any] = {
        "token": token,
        "learner": learner,
        "page_language": language,
        "opening": opening,
        "around": around,
        "course": opening.access,
        "error": error,
    }
    if not opening.open:
        return render(request, "lms/learner/closed.html", values, status=403)
    page = room.page_of(around)
    now = clock.now()
    wait = opening.part.seconds_to_wait(now)
    done = request.GET.get("done", "")
    values |= {
        "body": lesson_html(page, request, token, opening),
        "public_url": page.get_url(request) if page is not None else "",
        "summary": getattr(page, "summary", ""),
        "watch": watch_of(learner, opening, length=_length(around, page)),
        "may_mark": "min_watched" not in opening.part.rule,
        "wait_until": services.moment_words(now + dt.timedelta(seconds=wait), learner.zone) if wait else "",
        "least_minutes": opening.part.rule.get("min_minutes"),
        "done": done if done in DONE else "",
        "zone": room.zone_of(learner),
        # Where the certificate is stands on the course's page; here it is news on the screen that finished the course.
        **finish_of(learner, opening, news=done in DONE),
    }
    return render(request, "lms/learner/lesson.html", values, status=409 if error else 200)


def _length(around: room.Around, page: Any) -> int:
    """Return the length of the recording; a translation does not say it reliably."""
    if around.row is not None and around.row.owner:
        return 60 * (getattr(page, "recording_minutes", None) or 0)
    return queries.recording_seconds(around.activity)


def lesson_html(page: Any, request: HttpRequest, token: str, opening: Opening) -> SafeString:
    """Return the content of a lesson: what its page says by ``lms_lesson_html``, else its ``body``.

    ``lms_lesson_html(request, document_url=…)`` returns safe HTML; the function gives the address of each file, so that
    private ones are fetched through the personal link.

    Args:
        page: specific, in the reader's language.
        request: for addresses.
        token: of the personal link.
        opening: the lesson, which is open.
    """
    content = getattr(page, "lms_lesson_html", None)

    def room(pk: int) -> str:
        return reverse("lms_public:person_document", args=[token, opening.activity.key, pk])

    if content is None:
        return through_the_room(_plain_body(page), room)
    return through_the_room(content(request, document_url=lambda document: room(document.pk)), room)


def through_the_room(content: SafeString, document_url: Callable[[int], str]) -> SafeString:
    """Return content with the plain addresses of Wagtail's files, such as links in the text, led through the lesson.

    Args:
        content: safe HTML.
        document_url: gives the address of a file by its id.
    """
    try:
        before, _, _ = reverse("wagtaildocs_serve", args=[0, "x"]).rpartition("0/x")
    except NoReverseMatch:
        return content
    plain = re.compile(rf'(?<==")(?:https?://[^/"]+)?{re.escape(before)}([0-9]+)/[^"/]*(?=")')
    return mark_safe(plain.sub(lambda found: document_url(int(found[1])), content))


def _plain_body(page: Any) -> SafeString:
    """Return the ``body`` of a host's own lesson page, a stream or rich text; nothing when it has none."""
    body = getattr(page, "body", None)
    if isinstance(body, StreamValue):
        return mark_safe(body.render_as_block())
    return mark_safe(str(RichText(body)) if body and isinstance(body, str) else "")


@personal
@require_safe
def document(
    request: HttpRequest, token: str, learner: Learner, key: uuid.UUID, document: int
) -> HttpResponse:
    """Give out a file of a lesson that is open to this learner."""
    opening = may_open(learner=learner, key=key)
    if opening is None:
        return trouble(request, "gone", 404, token=token)
    if not opening.open:
        return _page(request, token, learner, opening)
    return hand_out(request, lesson=opening.activity, document_id=document) or trouble(
        request, "gone", 404, token=token
    )


@personal
@require_POST
def watched(request: HttpRequest, token: str, learner: Learner, key: uuid.UUID) -> HttpResponse:
    """Take a player's report of which parts of the recording were watched; answer with how much that makes, in words."""
    try:
        sent = json.loads(request.body[:100_000])
    except ValueError:
        sent = None
    spans = sent.get("spans") if isinstance(sent, dict) else None
    try:
        services.report_watched(learner=learner, key=key, spans=spans)
    except KelasError as refusal:
        statuses = {"not-allowed": 404, "not-open": 403, "bad-spans": 400}
        answer = JsonResponse({"error": str(refusal), "code": refusal.code})
        answer.status_code = statuses.get(refusal.code, 409)
        return answer
    after = may_open(learner=learner, key=key)
    watch = watch_of(learner, after, length=queries.recording_seconds(after.activity)) if after else None
    if watch is None:  # taken down in this moment
        return JsonResponse({"seconds": 0, "done": False, "words": ""})
    said: dict[str, Any] = {"seconds": watch.seconds, "done": watch.done, "words": watch.words}
    if after is not None and watch.done:
        beside = room.around(after, token=token, language=translation.get_language() or "").after
        if beside is not None and beside.url:
            said["next"] = {
                "url": beside.url,
                "words": gettext("Next: %(title)s") % {"title": beside.title},
            }
    return JsonResponse(said)
