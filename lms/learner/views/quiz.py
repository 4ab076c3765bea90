"""A quiz in the learner's room: its rules and earlier attempts, and the way into the next one."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from lms.assessment import services as assessment
from lms.core import clock
from lms.core.exceptions import KelasError
from lms.learner.gate import QUIZ, Opening, may_open
from lms.learner.queries import room
from lms.learner.queries.quiz import intro_of
from lms.learner.views.personal import personal
from lms.learner.views.trouble import trouble
from lms.people.models import Learner


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: HttpRequest, token: str, learner: Learner, key: uuid.UUID) -> HttpResponse:
    """Show what a quiz is about, or say why it is not open; by POST start an attempt, or go on with the one in progress."""
    opening = may_open(learner=learner, key=key, kind=QUIZ)
    if opening is None:
        return trouble(request, "gone", 404, token=token)
    if not opening.open:
        return closed(request, token, learner, opening)
    if request.method != "POST":
        return _page(request, token, learner, opening)
    try:
        attempt = assessment.start_attempt(
            learner_id=learner.pk,
            activity_id=opening.activity.pk,
            language=translation.get_language() or learner.language,
        )
    except KelasError:  # the page says why no attempt may start
        return _page(request, token, learner, opening, status=409)
    return HttpResponseRedirect(reverse("lms_public:person_attempt", args=[token, attempt.public_id]))


def closed(request: HttpRequest, token: str, learner: Learner, opening: Opening) -> HttpResponse:
    """Say why a part of a course is not open to a learner."""
    language = translation.get_language() or ""
    around = room.around(opening, token=token, language=language)
    values = {"token": token, "learner": learner, "page_language": language, "around": around}
    return render(request, "lms/learner/closed.html", values, status=403)


def _page(
    request: HttpRequest, token: str, learner: Learner, opening: Opening, *, status: int = 200
) -> HttpResponse:
    language = translation.get_language() or ""
    around = room.around(opening, token=token, language=language)
    intro = intro_of(learner, opening.activity.pk, now=clock.now())
    if intro is None:
        return trouble(request, "gone", 404, token=token)
    page = room.page_of(around)
    values: dict[str, Any] = {
        "token": token,
        "learner": learner,
        "page_language": language,
        "opening": opening,
        "around": around,
        "intro": intro,
        "page": page,
        "summary": getattr(page, "summary", ""),
        "body": getattr(page, "body", None),
    }
    return render(request, "lms/learner/quiz.html", values, status=status)
