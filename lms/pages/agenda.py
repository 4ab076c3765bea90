"""Sessions as a visitor sees them: the date in words, and the clock in every zone of the programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import formats

from lms import conf
from lms.catalogue.models import ActivityPage
from lms.catalogue.queries import public_title
from lms.core import clock
from lms.core.dates import date_words, span_words
from lms.pages.outline import page_for
from lms.webinars.models import Occurrence


@dataclass(frozen=True, slots=True)
class Clock:
    """From when to when in one zone; ``day`` names the date where it is another one than the organiser's."""

    zone: str
    span: str
    day: str
    organiser: bool


@dataclass(frozen=True, slots=True)
class Session:
    """One session on a page."""

    occurrence: Occurrence
    title: str
    url: str
    series_url: str
    register_url: str
    zone: str
    date: str
    clocks: list[Clock]
    cancelled: bool
    running: bool

    @property
    def starts_at(self) -> dt.datetime:
        """When it starts (aware)."""
        return self.occurrence.starts_at

    @property
    def ends_at(self) -> dt.datetime:
        """When it ends (aware)."""
        return self.occurrence.ends_at

    @property
    def local(self) -> dt.datetime:
        """When it starts, on the organiser's clock; naive, because templates turn aware moments into Django's zone."""
        return clock.wall_clock(self.occurrence.starts_at, self.zone).replace(tzinfo=None)


def clocks(occurrence: Occurrence, zone: str) -> list[Clock]:
    """Return the time of a session in the organiser's zone and in ``LMS["ZONES"]``, from west to east.

    Args:
        occurrence: which session.
        zone: the organiser's IANA zone.
    """
    home = clock.wall_clock(occurrence.starts_at, zone)
    names = list(dict.fromkeys([zone, *conf.ZONES]))
    names.sort(key=lambda name: clock.wall_clock(occurrence.starts_at, name).utcoffset() or dt.timedelta())
    found = []
    for name in names:
        local = clock.wall_clock(occurrence.starts_at, name)
        other_day = local.date() != home.date()
        found.append(
            Clock(
                zone=name,
                span=span_words(occurrence.starts_at, occurrence.ends_at, name),
                day=formats.date_format(local, "l, j F") if other_day else "",
                organiser=name == zone,
            )
        )
    return found


def sessions(
    occurrences: Iterable[Occurrence],
    *,
    language: str,
    request: HttpRequest | None,
    now: dt.datetime | None = None,
    pages: Mapping[int, Iterable[ActivityPage]] | None = None,
) -> list[Session]:
    """Return occurrences as a page shows them; no query, if series, activities and their pages came along.

    Args:
        occurrences: as ``lms.webinars.queries.schedule.upcoming`` returns them.
        language: of the page, for titles and addresses.
        request: for addresses.
        now: aware; the present moment by default.
        pages: activity → its pages, where they did not come along with the activities.
    """
    now = now or clock.now()
    found = []
    for each in occurrences:
        activity = each.series.activity
        rows = activity.pages.all() if pages is None else pages[activity.pk]
        page = page_for(rows, language)
        found.append(
            Session(
                occurrence=each,
                title=public_title(rows, language),
                url=address("lms_public:session", each.public_id, language=language),
                series_url=(page.page.get_url(request) if page and page.page else "") or "",
                register_url=address("lms:register", activity.key),
                zone=each.series.zone,
                date=date_words(each.starts_at, each.series.zone),
                clocks=clocks(each, each.series.zone),
                cancelled=each.status == Occurrence.Status.CANCELLED,
                running=each.starts_at <= now < each.ends_at,
            )
        )
    return found


def address(name: str, *args: object, language: str = "") -> str:
    """Return the address of a view, or an empty text where the host did not include it.

    Args:
        name: of the address.
        args: its values.
        language: put into the query, for addresses that never move and so hold no language.
    """
    try:
        path = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{path}?lang={language}" if language else path
