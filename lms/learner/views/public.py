"""What everybody sees of a lesson that is for learners of its course only: what it is about, and a way in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import get_language

from lms.core import clock
from lms.core.addresses import path_if_offered
from lms.core.page_cache import mark_public
from lms.learner.gate import Closed, closed_to_everybody
from lms.learner.queries.room import named, way_in_of

Serve = Callable[..., HttpResponse]


def keep_closed(serve: Serve) -> Serve:
    """Answer with title, summary and a way in where a lesson is not open to all.

    For Wagtail's hook ``on_serve_page``, registered so that Wagtail's own restrictions are asked before.
    """

    @wraps(serve)
    def wrapped(page: Any, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
        closed = closed_to_everybody(page)
        if closed is None:
            return serve(page, request, args, kwargs)
        page.lms_withheld = True  # nothing of its content is read for this answer
        context = page.get_context(request, *args, **kwargs) | {"locked": locked_words(closed)}
        response = render(request, "lms/learner/locked.html", context)
        if not page.get_view_restrictions().exists():
            mark_public(response, seconds=_seconds_until(closed.opens_on))
        return response

    return wrapped


def locked_words(closed: Closed) -> dict[str, Any]:
    """Return what the page says: ``opens_on`` in words, the course with its address, the form that leads in, the way to one's own page."""
    language = get_language() or ""
    course = closed.course
    found = named([course.pk], language).get(course.pk) if course else None
    return {
        "opens_on": formats.date_format(closed.opens_on, "l, j F Y") if closed.opens_on else "",
        "course": found.title if found and found.row else "",
        "course_url": found.public_url if found else "",
        "enrol_url": way_in_of(course) if course else "",
        "me_url": path_if_offered("lms:me"),
    }


def _seconds_until(day: dt.date | None) -> int | None:
    """Return the seconds until a day begins in the zone that opening days are meant in; None for no day."""
    if day is None:
        return None
    begins = dt.datetime.combine(day, dt.time(), tzinfo=ZoneInfo(clock.default_zone()))
    return max(0, int((begins - clock.now()).total_seconds()))
