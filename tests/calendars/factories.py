"""Rows of series and sessions as a compilation leaves them, made directly: thousands in a second."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from wagtail.models import Locale, Site

from lms.calendars.models import PartnerCalendar
from lms.catalogue.models import Activity, ActivityPage, OutlineItem, OutlineVersion
from lms.people.models import Partner
from lms.webinars.models import Occurrence, WebinarSeries

#: Where the meeting really is. It may stand in no feed, no embed, no file.
PROVIDER = "https://meet.example/rahasia-123"
SECRET = "rahasia"

REVISED = dt.datetime(2027, 1, 5, 3, 0, tzinfo=dt.UTC)


def activity(titles: dict[str, str], *, kind: str, public: bool = True, site: Site | None = None, private=()):
    """An activity with a public page in each language; languages in ``private`` have a view restriction."""
    site = site or Site.objects.get(is_default_site=True)
    owner = next(iter(titles))
    row = Activity.objects.create(kind=kind, title=titles[owner], site=site, live=True, public=public)
    for language, title in titles.items():
        ActivityPage.objects.create(
            activity=row,
            locale=Locale.objects.get_or_create(language_code=language)[0],
            title=title,
            live=True,
            public=public and language not in private,
            owner=language == owner,
        )
    return row


def series(titles: dict[str, str] | str = "Jualan lewat WhatsApp", *, zone="Asia/Jakarta", **fields):
    """A series without sessions."""
    titles = {"id": titles} if isinstance(titles, str) else titles
    own = {name: fields.pop(name) for name in ("public", "site", "private") if name in fields}
    values = {
        "activity": activity(titles, kind="webinar_series", **own),
        "start_date": dt.date(2027, 3, 2),
        "start_time": dt.time(6, 0),
        "duration_minutes": 90,
        "zone": zone,
        "join_url": PROVIDER,
        "organiser_name": "Akademi Contoh",
        "organiser_email": "halo@academy.example",
    }
    return WebinarSeries.objects.create(**(values | fields))


def sessions(of: WebinarSeries, starts, *, minutes: int = 90, **fields) -> list[Occurrence]:
    """Sessions of a series. ``starts`` are wall-clock moments in the zone of the series, or aware ones."""
    zone = ZoneInfo(of.zone)
    starts = [each if each.tzinfo else each.replace(tzinfo=zone) for each in starts]
    activities = Activity.objects.bulk_create(
        Activity(kind="session", title=of.activity.title, site=of.activity.site, live=True, public=True)
        for _ in starts
    )
    return Occurrence.objects.bulk_create(
        Occurrence(
            **(
                {
                    "series": of,
                    "activity": own,
                    "original_date": start.astimezone(zone).date(),
                    "ordinal": ordinal,
                    "starts_at": start.astimezone(dt.UTC),
                    "ends_at": start.astimezone(dt.UTC) + dt.timedelta(minutes=minutes),
                    "revised_at": REVISED,
                    "join_url": PROVIDER,
                }
                | fields
            )
        )
        for ordinal, (start, own) in enumerate(zip(starts, activities, strict=True))
    )


def weekly(first: dt.datetime, count: int) -> list[dt.datetime]:
    """The same wall-clock time every week."""
    return [first + dt.timedelta(weeks=week) for week in range(count)]


def outline(of: Activity, *parts: Activity) -> None:
    """Put activities into the current outline of another."""
    version = OutlineVersion.objects.create(activity=of, number=1, fingerprint="x", started_at=REVISED)
    OutlineItem.objects.bulk_create(
        OutlineItem(version=version, activity=part, position=place) for place, part in enumerate(parts)
    )


def partner_calendar(**fields) -> PartnerCalendar:
    """A calendar of an invented bank."""
    partner, _ = Partner.objects.get_or_create(
        slug="bank-contoh", defaults={"name": "Bank Contoh", "accent": "#1d4ed8"}
    )
    chosen = fields.pop("activities", [])
    calendar = PartnerCalendar.objects.create(
        **(
            {"partner": partner, "name": "Kelas untuk nasabah", "language": "id", "zone": "Asia/Makassar"}
            | fields
        )
    )
    calendar.activities.set(chosen)
    return calendar
