"""The sessions to come, as a partner's page shows them, and the addresses of a calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.urls import reverse
from wagtail.models import Site

from lms.calendars.models import PartnerCalendar
from lms.calendars.queries.feeds import partner_sessions
from lms.calendars.queries.words import public_titles
from lms.core import clock
from lms.core.addresses import absolute
from lms.webinars.models import Occurrence

#: Sessions on one page of an agenda: with them its HTML stays below 10 kB.
PER_PAGE = 12


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """One session in an agenda."""

    public_id: str
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    cancelled: bool
    running: bool


@dataclass(frozen=True, slots=True)
class Agenda:
    """One page of sessions to come, soonest first; ``more`` says whether another page follows."""

    entries: list[AgendaEntry]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class FeedAddresses:
    """The addresses of a feed: for every program, for a tap on a phone or desk, for Google's calendar on the web."""

    ics: str
    webcal: str
    google: str


def agenda(
    calendar: PartnerCalendar, *, site: Site, language: str, page: int = 1, now: dt.datetime | None = None
) -> Agenda:
    """Return the sessions of a partner's calendar that have not ended; a constant number of queries.

    Cancelled ones are among them and say so: somebody may have planned to come.

    Args:
        calendar: which.
        site: on which it is asked.
        language: of the titles.
        page: from 1.
        now: aware; the present moment by default.
    """
    now = now or clock.now()
    first = (page - 1) * PER_PAGE
    rows = list(
        partner_sessions(calendar, site=site)
        .filter(ends_at__gt=now)
        .order_by("starts_at", "pk")
        .values_list("public_id", "series_id", "starts_at", "ends_at", "status")[first : first + PER_PAGE + 1]
    )
    titles = public_titles({row[1] for row in rows}, language=language)
    entries = [
        AgendaEntry(
            public_id=public_id,
            title=titles.get(series_id, ""),
            starts_at=starts_at,
            ends_at=ends_at,
            cancelled=status == Occurrence.Status.CANCELLED,
            running=starts_at <= now and status != Occurrence.Status.CANCELLED,
        )
        for public_id, series_id, starts_at, ends_at, status in rows[:PER_PAGE]
    ]
    return Agenda(entries=entries, page=page, more=len(rows) > PER_PAGE)


def partner_feed_addresses(calendar: PartnerCalendar, *, site: Site | None) -> FeedAddresses:
    """Return the addresses of a partner's feed, in the calendar's own language."""
    path = reverse("lms_public:feed_partner", args=[calendar.public_id])
    return feed_addresses(absolute(path, site=site))


def feed_addresses(ics: str) -> FeedAddresses:
    """Return all addresses of the feed at an absolute address."""
    webcal = urlsplit(ics)._replace(scheme="webcal").geturl()
    return FeedAddresses(
        ics=ics,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
    )
