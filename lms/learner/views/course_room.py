"""One course in the learner's room: how far they are and what comes next; taking part again; leaving it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.core import clock
from lms.core.exceptions import KelasError
from lms.core.public_ids import is_public_id
from lms.learner import queries
from lms.learner.queries import course_room
from lms.learner.queries.room import zone_of
from lms.learner.views.personal import personal
from lms.learner.views.trouble import trouble
from lms.people.models import Learner
from lms.progress import services as progress
from lms.progress.access import REQUESTED, STARTS_LATER

#: What was just done, as it stands in the address after a POST.
DONE = ("joined", "requested", "left")


@personal
@require_safe
def course(request: HttpRequest, token: str, learner: Learner, key: uuid.UUID) -> HttpResponse:
    """Show a learner one course."""
    return _page(request, token, learner, key)


def _page(
    request: HttpRequest, token: str, learner: Learner, key: uuid.UUID, *, error: str = "", asks: bool = False
) -> HttpResponse:
    language = translation.get_language() or ""
    room = course_room.room_of(learner, key, token=token, language=language, now=clock.now())
    if room is None:
        return trouble(request, "gone", 404, token=token)
    done = request.GET.get("done", "")
    values: dict[str, Any] = {
        "token": token,
        "learner": learner,
        "page_language": language,
        "room": room,
        "access": room.access,
        "zone": zone_of(learner),
        "done": done if done in DONE else "",
        "error": error,
    }
    if asks and (room.running or room.state in (REQUESTED, STARTS_LATER)):
        return render(request, "lms/learner/leave_course.html", values)
    return render(request, "lms/learner/course.html", values, status=409 if error else 200)


@personal
@require_POST
def take_part(request: HttpRequest, token: str, learner: Learner, key: uuid.UUID) -> HttpResponse:
    """Start, ask for, or take a seat in a course, as its rule says; after a run that ended, a further one."""
    found = queries.public_course(key)
    if found is None:
        return trouble(request, "gone", 404, token=token)
    cohort = request.POST.get("cohort", "")
    try:
        run = progress.join(
            learner_id=learner.pk,
            activity_id=found.pk,
            cohort_key=cohort if is_public_id(cohort) else "",
        )
    except KelasError as refusal:
        return _page(request, token, learner, key, error=str(refusal))
    return _back(token, key, "requested" if run.state == "requested" else "joined")


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def leave_course(request: HttpRequest, token: str, learner: Learner, key: uuid.UUID) -> HttpResponse:
    """Ask, and then take a learner out of a course. What they did stays."""
    if request.method != "POST":
        return _page(request, token, learner, key, asks=True)
    found = queries.public_course(key)
    if found is None:
        return trouble(request, "gone", 404, token=token)
    progress.withdraw(learner_id=learner.pk, activity_id=found.pk)
    return _back(token, key, "left")


def _back(token: str, key: uuid.UUID, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('lms_public:person_course', args=[token, key])}?done={done}")
