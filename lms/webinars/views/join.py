"""The way into a session, ``/j/<token>``: recorded, then led on. The provider's address stands nowhere else.

Everybody comes in the same minutes, so this is one query of plain values, one INSERT and a redirect; words are made only
for those who cannot go in.
"""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from lms import conf
from lms.catalogue.models import Activity
from lms.catalogue.queries import title_in, with_titles
from lms.core import clock, links
from lms.core.languages import asked_language
from lms.people.services import verify_address
from lms.webinars.models import Occurrence, Registration
from lms.webinars.queries import seats
from lms.webinars.services.registration import record_join
from lms.webinars.when import when

#: Programs that look at a link before a person does: messengers' previews and browsers that fetch ahead.
PREVIEWS = (
    "whatsapp",
    "facebookexternalhit",
    "telegrambot",
    "slackbot",
    "twitterbot",
    "discordbot",
    "linkedinbot",
    "skypeuripreview",
    "googleimageproxy",
)


@require_http_methods(["GET", "HEAD"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Let somebody with a seat in while the door is open, and note it; tell everybody else what to do."""
    try:
        claim = links.read(token, purpose=seats.JOIN)
    except links.BadLink:
        return _closed(request, "bad", None, 404)
    target = seats.join_target(claim.public_id)
    if target is None or target.link_version != claim.version:
        return _closed(request, "revoked", None, 410)
    if reason := _refusal(target, clock.now()):
        return _closed(request, reason, target)
    if is_only_a_look(request):
        return _closed(request, "look", target)
    record_join(registration_id=target.registration_id)
    if target.unproven:
        # The link came by mail, so who follows it reads that mailbox. Once per learner.
        verify_address(learner_id=target.learner_id)
    return _guarded(HttpResponseRedirect(target.url))


def _refusal(target: seats.JoinTarget, now: dt.datetime) -> str:
    if target.status == Occurrence.Status.CANCELLED:
        return "cancelled"
    if now > target.ends_at + dt.timedelta(minutes=conf.JOIN_CLOSES_MINUTES):
        return "late"
    if target.state == Registration.State.CANCELLED:
        return "given-back"
    if target.state == Registration.State.WAITLISTED:
        return "waitlisted"
    if now < opens_at(target.starts_at):
        return "early"
    return "" if target.url else "no-room"


def opens_at(starts_at: dt.datetime) -> dt.datetime:
    """Return when the door opens for a session that starts then."""
    return starts_at - dt.timedelta(minutes=conf.JOIN_OPENS_MINUTES)


def is_only_a_look(request: HttpRequest) -> bool:
    """Say whether a program asks, not a person: HEAD, fetching ahead, a messenger's preview."""
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    ahead += request.headers.get("X-Moz", "")
    agent = request.headers.get("User-Agent", "").lower()
    return request.method == "HEAD" or "prefetch" in ahead.lower() or any(name in agent for name in PREVIEWS)


def _closed(
    request: HttpRequest, reason: str, target: seats.JoinTarget | None, status: int = 200
) -> HttpResponse:
    language = asked_language(request, chosen=target.language if target else "")
    with translation.override(language):
        values: dict[str, object] = {"reason": reason, "page_language": language}
        if target is not None:
            activity = with_titles(Activity.objects.filter(pk=target.activity_id)).get()
            zone = target.learner_zone or target.series_zone
            values |= {
                "title": title_in(activity, language),
                "session": when(target, [zone, target.series_zone]),
                "opens_at": opens_at(target.starts_at),
                "zone": zone,
                "key": activity.key,
                "public": activity.public,
            }
        return _guarded(render(request, "lms/webinars/join.html", values, status=status))


def _guarded(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
