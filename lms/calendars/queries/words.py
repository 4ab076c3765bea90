"""What a session says in calendars, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import F, Prefetch
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from lms import conf
from lms.calendars import rules
from lms.calendars.ical import EventFacts
from lms.catalogue.models import Activity, ActivityPage
from lms.catalogue.queries import public_title_in, title_in
from lms.core import clock
from lms.core.addresses import absolute
from lms.core.dates import span_words
from lms.core.public_ids import PUBLIC_ID_LENGTH
from lms.webinars.models import Occurrence, WebinarSeries

_PLACE = "0" * PUBLIC_ID_LENGTH


@dataclass(frozen=True, slots=True)
class SeriesWords:
    """What all events of a series say alike, in one language. ``stamp`` differs when any of it differs."""

    title: str
    zone: str
    organiser: str
    address: str
    mark: str
    called_off: str
    invitation: str
    join_label: str
    zones: tuple[str, ...]
    language: str
    stamp: str


def event_facts(
    occurrences: Iterable[Occurrence], *, language: str, own: Mapping[int, str] | None = None
) -> list[EventFacts]:
    """Return what events say, in the order given; two queries, however many.

    For people who take part: titles are those of the live pages, private or not.

    Args:
        occurrences: sessions, of any series.
        language: of the words; a title that does not exist in it is the owner page's.
        own: session's primary key → the address by which the reader joins it. Never for what others may read.
    """
    rows = list(occurrences)
    words = series_words({row.series_id for row in rows}, language=language, public=False)
    return [facts_of(row, words[row.series_id], own=(own or {}).get(row.pk, "")) for row in rows]


def series_words(series_ids: Iterable[int], *, language: str, public: bool) -> dict[int, SeriesWords]:
    """Return the words of series in a language, by primary key of the series: two queries.

    Args:
        series_ids: which.
        language: of the words.
        public: only titles that everybody may read; a translation may be private while another is not.
    """
    found = (
        WebinarSeries.objects.filter(pk__in=list(series_ids))
        .select_related("activity__site")
        .defer("rule")
        .prefetch_related(Prefetch("activity__pages", ActivityPage.objects.select_related("locale")))
    )
    title = public_title_in if public else title_in
    sites: dict[int | None, str] = {}
    words = {}
    with translation.override(language):
        for series in found:
            site = series.activity.site
            key = site.pk if site else None
            if key not in sites:
                sites[key] = absolute(reverse("lms_public:session", args=[_PLACE]), site=site)
            words[series.pk] = _words(series, title(series.activity, language), sites[key], language)
    return words


def public_titles(series_ids: Iterable[int], *, language: str) -> dict[int, str]:
    """Return titles that everybody may read, by primary key of the series: two queries."""
    activities = Activity.objects.filter(webinar_series__in=list(series_ids)).prefetch_related(
        Prefetch("pages", ActivityPage.objects.select_related("locale"))
    )
    return {
        activity.series_id: public_title_in(activity, language)
        for activity in activities.annotate(series_id=F("webinar_series"))
    }


def facts_of(occurrence: Occurrence, words: SeriesWords, *, own: str = "") -> EventFacts:
    """Return what the event of one session says. No query.

    Args:
        occurrence: the session.
        words: of its series.
        own: address by which the reader joins; without one the public page of the session stands there.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: when this machine does not know the zone of the series.
    """
    address = own or words.address.replace(_PLACE, occurrence.public_id)
    cancelled = occurrence.status == Occurrence.Status.CANCELLED
    with translation.override(words.language):
        clocks = _clocks(occurrence, words.zones)
        invitation = (
            _("Open the address above to join. It is your personal link: please do not pass it on.")
            if own
            else words.invitation
        )
    lines = [address, "", clocks, words.organiser, words.called_off if cancelled else invitation]
    return EventFacts(
        uid=occurrence.uid,
        sequence=occurrence.sequence,
        revised_at=occurrence.revised_at,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        zone=words.zone,
        cancelled=cancelled,
        summary=f"{words.mark} {words.title}" if cancelled else words.title,
        address=address,
        description="\n".join(lines[:2] + [line for line in lines[2:] if line]),
        join_label=words.join_label,
    )


def _words(series: WebinarSeries, title: str, address: str, language: str) -> SeriesWords:
    words = SeriesWords(
        title=title,
        zone=series.zone,
        organiser=series.organiser_name,
        address=address,
        mark=_("[CANCELLED]"),
        called_off=_("This session does not take place."),
        invitation=_("Open the address above to register and to join."),
        join_label=_("Join the session"),
        zones=tuple(dict.fromkeys([series.zone, *conf.ZONES])),
        language=language,
        stamp="",
    )
    return replace(words, stamp=rules.fingerprint(str(rules.FORMAT), repr(words)))


def _clocks(occurrence: Occurrence, zones: tuple[str, ...]) -> str:
    """Return the hours in every zone of the programme: ``06.00–07.30 WIB · 07.00–08.30 WITA``; other days are named."""
    here = clock.wall_clock(occurrence.starts_at, zones[0]).date()
    said = []
    for zone in zones:
        span = span_words(occurrence.starts_at, occurrence.ends_at, zone)
        local = clock.wall_clock(occurrence.starts_at, zone)
        said.append(span if local.date() == here else f"{formats.date_format(local, 'j F')}, {span}")
    return " · ".join(said)
