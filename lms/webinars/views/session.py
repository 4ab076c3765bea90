"""A session's own page, ``/s/<id>``: an address that never moves, for calendars, mails and shared messages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from lms import conf
from lms.catalogue.queries import public_title_in, public_url_in
from lms.core import clock
from lms.core.addresses import absolute, path_if_offered
from lms.core.dates import date_words
from lms.core.languages import asked_language
from lms.core.page_cache import mark_public
from lms.webinars.models import Occurrence
from lms.webinars.queries import seats
from lms.webinars.when import when


@require_http_methods(["GET", "HEAD"])
def session(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a session of a public series: what, when in every zone, whether it takes place, how to register."""
    language = asked_language(request)
    with translation.override(language):
        found = seats.public_session(public_id)
        if found is None:
            return render(request, "lms/webinars/no_offer.html", {"page_language": language}, status=404)
        response = render(request, "lms/webinars/session.html", _values(request, found, language))
    return mark_public(response)


def _values(request: HttpRequest, found: Occurrence, language: str) -> dict[str, object]:
    series, activity = found.series, found.series.activity
    own = reverse("lms_public:session", args=[found.public_id])
    return {
        "page_language": language,
        "session": when(found, [series.zone, *conf.ZONES]),
        "title": public_title_in(activity, language),
        "organiser": series.organiser_name,
        "cancelled": found.status == Occurrence.Status.CANCELLED,
        "over": found.ends_at <= clock.now(),
        "running": found.starts_at <= clock.now() < found.ends_at,
        "moved_from": _moved_from(found),
        "full": seats.is_full(found),
        "page_url": public_url_in(activity, language, request),
        "register_url": f"{reverse('lms:register', args=[activity.key])}?session={found.public_id}",
        "ics_url": path_if_offered("lms_public:session_ics", found.public_id, language=language),
        "full_url": absolute(own, site=activity.site),
    }


def _moved_from(found: Occurrence) -> str:
    """Return the date on which a session was planned first, in words, when it takes place on another."""
    local = clock.wall_clock(found.starts_at, found.series.zone)
    if local.date() == found.original_date:
        return ""
    planned = local.replace(year=found.original_date.year, month=found.original_date.month, day=1).replace(
        day=found.original_date.day
    )
    return date_words(planned, found.series.zone)
