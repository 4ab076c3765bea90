"""Links with which people take a session away: into their calendar, to their friends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from wagtail.models import Site

from lms.core.addresses import absolute
from lms.core.clock import wall_clock
from lms.pages.agenda import Session, address


@dataclass(frozen=True, slots=True)
class Calendar:
    """Three ways into a calendar: subscribe (iPhone, Outlook, Thunderbird), Google, or a file."""

    subscribe: str
    google: str
    file: str


def calendar_of(feed: str, *, request: HttpRequest | None = None) -> Calendar | None:
    """Return the ways to subscribe to a feed.

    Args:
        feed: path of the feed; empty where the host did not include it.
        request: its site is the feed's; None: the default site.
    """
    if not feed:
        return None
    full = absolute(feed, site=Site.find_for_request(request) if request is not None else None)
    subscribe = full.replace(f"{urlsplit(full).scheme}://", "webcal://", 1)
    return Calendar(
        subscribe=subscribe,
        google="https://calendar.google.com/calendar/render?" + urlencode({"cid": subscribe}),
        file=feed,
    )


def feed_of(name: str, key: object, language: str) -> str:
    """Return the path of a feed in a language, or an empty text."""
    return address(f"lms_public:{name}", key, language=language)


def google_session(session: Session, *, page_url: str) -> str:
    """Return Google's address that offers one session for somebody's calendar.

    Args:
        session: which.
        page_url: full address of the page that tells more.
    """
    return "https://calendar.google.com/calendar/render?" + urlencode(
        {
            "action": "TEMPLATE",
            "text": session.title,
            "dates": f"{_utc(session.starts_at)}/{_utc(session.ends_at)}",
            "details": page_url,
        }
    )


def whatsapp(title: str, page_url: str, session: Session | None = None) -> str:
    """Return the address with which somebody tells others on WhatsApp.

    Args:
        title: what it is about.
        page_url: full address of the page.
        session: the next one, whose date and times go along.
    """
    lines = [title]
    if session is not None:
        times = " / ".join(clock.span for clock in session.clocks)
        lines.append(f"{session.date}, {times}")
    lines.append(page_url)
    return "https://wa.me/?" + urlencode({"text": "\n".join(lines)})


def event_structure(session: Session, *, page_url: str, summary: str, organiser: str) -> dict[str, object]:
    """Return a session as schema.org describes it, for search engines.

    Args:
        session: which.
        page_url: full address of the page that tells more.
        summary: one or two sentences.
        organiser: name of who invites; empty when not told.
    """
    found: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "EducationEvent",
        "name": session.title,
        "startDate": clock_text(session.starts_at, session.zone),
        "endDate": clock_text(session.ends_at, session.zone),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": page_url},
        "isAccessibleForFree": True,
        "url": page_url,
    }
    if summary:
        found["description"] = summary
    if organiser:
        found["organizer"] = {"@type": "Organization", "name": organiser}
    return found


def clock_text(moment: dt.datetime, zone: str) -> str:
    """Return a moment in a zone as ISO 8601 with its offset, without fractions of a second."""
    return wall_clock(moment, zone).replace(microsecond=0).isoformat()


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
