"""Which sessions belong in which feed. Only what is public, and only on the site that was asked."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import FilteredRelation, Max, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from wagtail.models import Site

from lms.calendars.models import CachedEvent, PartnerCalendar
from lms.calendars.queries.words import public_title_in
from lms.catalogue.models import Activity, ActivityPage
from lms.webinars.models import Occurrence
from lms.webinars.queries.schedule import series_activity_ids

#: The columns of a session that its event is made from. Written one after the other they cannot be mistaken for others:
#: a public id has a fixed length, a number ends where a word begins, a moment begins with its year.
_FACTS = ("uid", "public_id", "sequence", "status", "starts_at", "ends_at", "revised_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed is made of. ``sessions`` are not yet limited to a window of time."""

    uid: str
    name: str
    path: str
    sessions: QuerySet[Occurrence]
    zone: str = ""
    colour: str = ""
    changed_at: dt.datetime | None = None


def public_sessions(site: Site) -> QuerySet[Occurrence]:
    """Return the sessions that everybody may know of: of live series without view restriction, on this site."""
    return Occurrence.objects.filter(series__activity__public=True, series__activity__site=site)


def series_feed(key: uuid.UUID, *, site: Site, language: str) -> Feed | None:
    """Return the feed of one public series of a site, or None."""
    activity = _public_activity(key, site).filter(webinar_series__isnull=False).first()
    if activity is None:
        return None
    return _activity_feed(activity, {activity.pk}, "lms_public:feed_series", site=site, language=language)


def activity_feed(key: uuid.UUID, *, site: Site, language: str) -> Feed | None:
    """Return the feed of all series in a public curriculum or course of a site (or of a series itself), or None."""
    activity = _public_activity(key, site).first()
    if activity is None:
        return None
    ids = series_activity_ids(activity)
    return _activity_feed(activity, ids, "lms_public:feed_activity", site=site, language=language)


def partner_feed(calendar: PartnerCalendar, *, site: Site) -> Feed:
    """Return the feed of a partner's calendar: everything public on the site, or what its filter names."""
    return Feed(
        uid=f"partner-{calendar.public_id}@kelas",
        name=calendar.name,
        path=reverse("lms_public:feed_partner", args=[calendar.public_id]),
        sessions=partner_sessions(calendar, site=site),
        zone=calendar.zone,
        colour=accent_of(calendar),
        changed_at=calendar.updated_at,
    )


def partner_calendar(public_id: str, *, site: Site) -> PartnerCalendar | None:
    """Return an active calendar that this site shows, with its partner, or None."""
    return (
        PartnerCalendar.objects.filter(Q(site=None) | Q(site=site), public_id=public_id, active=True)
        .select_related("partner")
        .first()
    )


def partner_sessions(calendar: PartnerCalendar, *, site: Site) -> QuerySet[Occurrence]:
    """Return the public sessions of a site that a partner's calendar shows.

    A filter that names only what is gone or private shows nothing; it never falls back to everything.
    """
    chosen = list(calendar.activities.all())
    sessions = public_sessions(site)
    if not chosen:
        return sessions
    ids = {pk for activity in chosen if activity.public for pk in series_activity_ids(activity)}
    return sessions.filter(series__activity_id__in=ids)


def accent_of(calendar: PartnerCalendar) -> str:
    """Return the calendar's own colour, else its partner's."""
    return calendar.accent or calendar.partner.accent


def changed_at(feed: Feed) -> dt.datetime | None:
    """Return a moment at or after which nothing in a feed changed: the latest of all that can change it.

    What vanished leaves no trace among a feed's own rows, so every activity's last compilation counts.
    """
    moments = [
        feed.changed_at,
        Activity.objects.aggregate(at=Max("compiled_at"))["at"],
        feed.sessions.aggregate(at=Max("revised_at"))["at"],
    ]
    return max((moment for moment in moments if moment), default=None)


def left_out() -> QuerySet[CachedEvent]:
    """Return the events that feeds leave out because they could not be written, with their sessions."""
    return (
        CachedEvent.objects.exclude(error="")
        .select_related("occurrence__series__activity")
        .defer("ics", "occurrence__series__rule")
        .order_by("occurrence__starts_at", "language", "variant")
    )


def kept_rows(
    sessions: QuerySet[Occurrence], *, starts: dt.datetime, ends: dt.datetime, language: str, variant: str
) -> list[tuple[int, int, bytes | None, str | None, str | None, str]]:
    """Return the sessions of a window with their kept events, in order of time: one query.

    Returns:
        (pk, series pk, kept bytes, kept fingerprint, kept error, everything of the row that an event says) each. The
        last is put together by the database: converting 30,000 moments that only serve to be compared takes longer
        than all the rest.
    """
    facts = Concat(*(Cast(name, TextField()) for name in _FACTS))
    return list(
        sessions.filter(ends_at__gte=starts, starts_at__lt=ends)
        .annotate(
            kept=FilteredRelation(
                "cached_events",
                condition=Q(cached_events__language=language, cached_events__variant=variant),
            )
        )
        .order_by("starts_at", "pk")
        .values_list(
            "pk",
            "series_id",
            "kept__ics",
            "kept__fingerprint",
            "kept__error",
            facts,
        )
        .iterator(chunk_size=2000)
    )


def _public_activity(key: uuid.UUID, site: Site) -> QuerySet[Activity]:
    return Activity.objects.filter(key=key, public=True, site=site).prefetch_related(
        Prefetch("pages", ActivityPage.objects.select_related("locale")), "webinar_series"
    )


def _activity_feed(
    activity: Activity, series_activities: set[int], url_name: str, *, site: Site, language: str
) -> Feed:
    series = getattr(activity, "webinar_series", None)
    return Feed(
        uid=f"{activity.key}@kelas",
        name=public_title_in(activity, language),
        path=reverse(url_name, args=[activity.key]),
        sessions=public_sessions(site).filter(series__activity_id__in=series_activities),
        zone=series.zone if series else "",
        changed_at=activity.updated_at,
    )
