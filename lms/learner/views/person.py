"""The personal page, ``/p/<token>``: the link is the key. It says whose it is, and everything is done by POST."""

from __future__ import annotations

from typing import Any

from django.conf import settings as project
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST

from lms.core import clock
from lms.core.exceptions import KelasError
from lms.learner import queries
from lms.learner.views.personal import personal
from lms.learner.views.trouble import trouble
from lms.people.models import Address, Learner
from lms.people.rules import masked_email
from lms.people.services import set_preferences
from lms.webinars.services import seats

#: What was just done, as it stands in the address after a POST; the template knows the words.
DONE = ("cancelled", "returned", "left", "saved")


@personal
@require_http_methods(["GET", "HEAD"])
def person(request: HttpRequest, token: str, learner: Learner) -> HttpResponse:
    """Show a learner what is theirs."""
    return _page(request, token, learner)


def _page(
    request: HttpRequest, token: str, learner: Learner, *, error: str = "", status: int = 200
) -> HttpResponse:
    now = clock.now()
    language = translation.get_language() or ""
    before = queries.sessions_before(learner, now=now, number=request.GET.get("earlier"))
    coming = queries.registrations_to_come(learner, now=now)
    sessions = [*before, *(row.occurrence for row in coming)]
    courses, names = queries.courses_of(
        learner,
        token=token,
        language=language,
        now=now,
        named_too={each.series.activity_id for each in sessions},
    )
    places = queries.places(learner, coming, names=names, language=language, now=now)
    done = request.GET.get("done", "")
    values = {
        "token": token,
        "learner": learner,
        "page_language": language,
        "addresses": [masked_email(row.value) for row in _addresses(request)],
        "places": places,
        "next_place": next((each for each in places if _comes(each)), None),
        "courses": courses,
        "earlier": queries.earlier(learner, list(before), names=names),
        "earlier_page": before,
        "certificates": queries.certificates_of(learner),
        "done": done if done in DONE else "",
        "error": error,
        "now": now,
    }
    return render(request, "lms/learner/person.html", values, status=status)


def _addresses(request: HttpRequest) -> list[Address]:
    return getattr(request, "addresses", [])


def _comes(place: queries.Place) -> bool:
    return not (place.waiting or place.given_back or place.cancelled)


def _back(token: str, done: str = "") -> HttpResponse:
    path = reverse("lms_public:person", args=[token])
    return HttpResponseRedirect(f"{path}?done={done}" if done else path)


def _refused(request: HttpRequest, token: str, learner: Learner, refusal: KelasError) -> HttpResponse:
    return _page(request, token, learner, error=str(refusal), status=409)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, token: str, learner: Learner) -> HttpResponse:
    """Ask for the zone and the language, and keep what a learner chose.

    A screen of its own: the list of all zones weighs as much as the rest of the personal page.
    """
    error = ""
    if request.method == "POST":
        try:
            set_preferences(
                learner=learner,
                language=request.POST.get("language", "")[:10],
                zone=request.POST.get("zone", "")[:64],
            )
        except KelasError as refusal:
            error = str(refusal)
        else:
            return _back(token, "saved")
    values = {
        "token": token,
        "learner": learner,
        "page_language": translation.get_language() or "",
        "zones": clock.zone_groups(learner.zone),
        "languages": project.LANGUAGES,
        "error": error,
    }
    return render(request, "lms/learner/settings.html", values, status=409 if error else 200)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, token: str, learner: Learner, registration: str) -> HttpResponse:
    """Ask, and then give back a place at one session."""
    row = queries.registration_of(learner, registration)
    if row is None:
        return trouble(request, "bad", 404)
    if request.method == "POST":
        try:
            seats.cancel_registration(registration=row)
        except KelasError as refusal:
            return _refused(request, token, learner, refusal)
        return _back(token, "cancelled")
    return _ask(request, token, learner, {"registration": row, "occurrence": row.occurrence})


@personal
@require_POST
def come_back(request: HttpRequest, token: str, learner: Learner, registration: str) -> HttpResponse:
    """Take a place again at a session that was given back."""
    row = queries.registration_of(learner, registration)
    if row is None:
        return trouble(request, "bad", 404)
    try:
        seats.register_for_occurrence(occurrence=row.occurrence, learner=learner)
    except KelasError as refusal:
        return _refused(request, token, learner, refusal)
    return _back(token, "returned")


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str, learner: Learner, wish: str) -> HttpResponse:
    """Ask, and then take back the wish to come to a whole series."""
    row = queries.wish_of(learner, wish)
    if row is None:
        return trouble(request, "bad", 404)
    if request.method == "POST":
        seats.cancel_series_registration(series_registration=row)
        return _back(token, "left")
    return _ask(request, token, learner, {"wish": row})


def _ask(request: HttpRequest, token: str, learner: Learner, values: dict[str, Any]) -> HttpResponse:
    language = translation.get_language() or ""
    about = queries.question(learner, language=language, **values)
    return render(
        request,
        "lms/learner/cancel.html",
        values | about | {"token": token, "learner": learner, "page_language": language},
    )
