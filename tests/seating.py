"""A series with sessions and people, made directly as rows: quick, and the same in threads and on every database."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from wagtail.models import Locale

from lms.catalogue.models import Activity, ActivityPage
from lms.core import clock
from lms.people.models import Address, Learner
from lms.webinars.models import Occurrence, Registration, WebinarSeries
from lms.webinars.services.series import write_series_outline

HIDDEN = "https://meet.example/rahasia-canary-7391"
JAKARTA = ZoneInfo("Asia/Jakarta")


def make_offer(
    *,
    sessions: int = 3,
    capacity: int | None = None,
    first: dt.datetime | None = None,
    every: dt.timedelta = dt.timedelta(days=7),
    live: bool = True,
    public: bool = True,
    title: str = "Jualan lewat WhatsApp",
    **fields,
) -> WebinarSeries:
    """Make a series; its first session starts tomorrow unless said otherwise."""
    first = first or (clock.now() + dt.timedelta(days=1)).replace(microsecond=0)
    activity = Activity.objects.create(kind="webinar_series", title=title, live=live, public=public)
    # The page itself is not needed: its title and whether everybody may read it are.
    ActivityPage.objects.create(
        activity=activity, locale=_locale(), title=title, live=live, public=public, owner=True
    )
    local = first.astimezone(JAKARTA)
    series = WebinarSeries.objects.create(
        activity=activity,
        start_date=local.date(),
        start_time=local.time(),
        duration_minutes=90,
        zone="Asia/Jakarta",
        join_url=HIDDEN,
        capacity=capacity,
        organiser_name="Akademi Contoh",
        **fields,
    )
    for number in range(sessions):
        add_session(series, first + number * every)
    write_series_outline(series)
    return series


def _locale() -> Locale:
    return Locale.objects.get_or_create(language_code="en")[0]


def add_session(series: WebinarSeries, starts_at: dt.datetime, **fields) -> Occurrence:
    """Add one session to a series, with its series' capacity."""
    activity = Activity.objects.create(
        kind="occurrence",
        title=series.activity.title,
        live=series.activity.live,
        public=series.activity.public,
    )
    values = {"capacity": series.capacity, "ends_at": starts_at + dt.timedelta(minutes=90)} | fields
    date = starts_at.astimezone(JAKARTA).date()
    return Occurrence.objects.create(
        series=series,
        activity=activity,
        original_date=date,
        ordinal=series.occurrences.filter(original_date=date).count(),
        starts_at=starts_at,
        revised_at=clock.now(),
        **values,
    )


def make_learner(name: str = "Siti Aminah", email: str = "", *, verified: bool = False, **fields) -> Learner:
    """Make a learner with an address of their own."""
    learner = Learner.objects.create(name=name, **fields)
    email = email or f"{learner.public_id.lower().strip('-_')}@contoh.example"
    Address.objects.create(learner=learner, value=email, verified_at=clock.now() if verified else None)
    return learner


def states(occurrence: Occurrence) -> list[tuple[str, str]]:
    """Return who has what place at a session, in the order of the queue."""
    rows = Registration.objects.filter(occurrence=occurrence).order_by("queued_at", "pk")
    return [(row.learner.name, row.state) for row in rows.select_related("learner")]


def seats_agree(occurrence: Occurrence) -> bool:
    """Say whether the counter is the number of seats, within the capacity, and nobody waits beside a free seat."""
    occurrence.refresh_from_db()
    seated = Registration.objects.filter(occurrence=occurrence, state="registered").count()
    waiting = Registration.objects.filter(occurrence=occurrence, state="waitlisted").count()
    within = occurrence.capacity is None or seated <= occurrence.capacity
    idle = waiting and (occurrence.capacity is None or seated < occurrence.capacity)
    return occurrence.taken == seated and within and not idle
