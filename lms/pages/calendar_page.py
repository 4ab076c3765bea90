"""The calendar of live sessions: what comes next, or a whole month, in the zone that a visitor chose."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping

from django.db.models import Max, Min, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import formats
from django.utils.translation import gettext
from wagtail.models import Site

from lms.catalogue.models import Activity, ActivityPage, OutlineItem
from lms.core import clock
from lms.pages.agenda import sessions
from lms.pages.calendar_days import (
    Day,
    Schedule,
    Sitting,
    Zone,
    day_after,
    default_zone,
    midnight,
    month_from,
)
from lms.pages.listing import CurriculumName, curriculum_names, public_page, with_public_pages
from lms.pages.listing_choices import Choice, Filter
from lms.webinars.models import Occurrence

#: Sessions on one page of the agenda.
PER_PAGE = 40


def read_schedule(
    *,
    asked: Mapping[str, str],
    language: str,
    request: HttpRequest,
    site: Site | None,
    zone: Zone | None = None,
    month: dt.date | None = None,
    day: dt.date | None = None,
    table: bool = False,
    page: int = 1,
    now: dt.datetime | None = None,
) -> Schedule:
    """Return sessions that everybody may see: those to come, of a month, or of one day.

    Args:
        asked: ``curriculum`` and ``series``, both values of the filters that come back; unknown ones are passed over.
        language: for titles and addresses.
        request: for addresses.
        site: only what belongs to it.
        zone: in which days begin and clocks are told; the default zone where None is chosen.
        month: its first day; None: what comes next (in a table: this month).
        day: only this one.
        table: a month as a table, all of its sessions.
        page: of the agenda, from 1.
        now: aware; the present moment by default.
    """
    now = now or clock.now()
    zone = zone or default_zone()
    today = clock.wall_clock(now, zone.name).date()
    series, filters, unknown = _series(asked, language=language, request=request, site=site)
    rows = Occurrence.objects.filter(series__activity_id__in=series).order_by("starts_at", "pk")
    bounds = rows.aggregate(first=Min("starts_at"), last=Max("starts_at"))
    if table and month is None:
        month = today.replace(day=1)
    if day is not None:
        span = rows.filter(starts_at__gte=midnight(day, zone), starts_at__lt=midnight(day_after(day), zone))
        month = day.replace(day=1)
    elif month is not None:
        span = rows.filter(
            starts_at__gte=midnight(month, zone), starts_at__lt=midnight(month_from(month, 1), zone)
        )
    else:
        span = rows.filter(ends_at__gt=now)
    found = span.count()
    pages = 1 if table else max(-(-found // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    shown = _with_series(span if table else span[(page - 1) * PER_PAGE : page * PER_PAGE])
    sittings = _sittings(shown, series, zone, language=language, request=request, now=now)
    days: dict[dt.date, Day] = {}
    for each in sittings:
        days.setdefault(each.day, Day(each.day, today=each.day == today)).sittings.append(each)
    schedule = Schedule(zone, filters, list(days.values()), month, today, found, page, pages, unknown=unknown)
    schedule.earliest = clock.wall_clock(bounds["first"], zone.name).date() if bounds["first"] else None
    schedule.latest = clock.wall_clock(bounds["last"], zone.name).date() if bounds["last"] else None
    schedule.changes_at = _next_change(rows, now, today, zone)
    if table and month is not None:
        schedule.weeks, schedule.weekdays = _table(month, days, today)
    if not found:
        coming = _with_series(rows.filter(ends_at__gt=now, status=Occurrence.Status.SCHEDULED)[:1])
        schedule.following = next(
            iter(_sittings(coming, series, zone, language=language, request=request, now=now)), None
        )
    return schedule


def _series(
    asked: Mapping[str, str], *, language: str, request: HttpRequest, site: Site | None
) -> tuple[dict[int, CurriculumName | None], list[Filter], list[str]]:
    """Return activity → curriculum of the series that fit, the filters, and what is asked for and does not exist."""
    found = Activity.objects.filter(kind="webinar_series", public=True)
    if site is not None:
        found = found.filter(site=site)
    activities = [each for each in with_public_pages(found) if public_page(each, language)]
    within = _curricula_above([each.pk for each in activities], language=language, request=request)
    titles, values = {}, {}
    for each in activities:
        row = public_page(each, language)
        owner = next((one for one in each.pages.all() if one.owner and one.page), row)
        titles[each.pk] = row.title  # type: ignore[union-attr]
        values[each.pk] = owner.page.slug  # type: ignore[union-attr]
    for pk, slug in list(values.items()):
        if Counter(values.values())[slug] > 1:
            values[pk] = next(each.key.hex for each in activities if each.pk == pk)
    by_curriculum = {name.slug: name for name in within.values() if name}
    wanted_curriculum = asked.get("curriculum", "")
    wanted_series = asked.get("series", "")
    unknown = []
    if wanted_curriculum and wanted_curriculum not in by_curriculum:
        unknown.append(wanted_curriculum)
        wanted_curriculum = ""
    if wanted_series and wanted_series not in values.values():
        unknown.append(wanted_series)
        wanted_series = ""

    def fits(pk: int, *, curriculum: str = "", series: str = "") -> bool:
        above = within.get(pk)
        return (not curriculum or (above is not None and above.slug == curriculum)) and (
            not series or values[pk] == series
        )

    ids = [each.pk for each in activities]
    curricula = Filter(
        "curriculum",
        gettext("Curriculum"),
        [
            Choice(
                slug,
                name.title,
                sum(fits(pk, curriculum=slug, series=wanted_series) for pk in ids),
                chosen=slug == wanted_curriculum,
            )
            for slug, name in sorted(by_curriculum.items(), key=lambda each: each[1].place)
        ],
    )
    series = Filter(
        "series",
        gettext("Webinar series"),
        [
            Choice(
                values[pk],
                titles[pk],
                int(fits(pk, curriculum=wanted_curriculum)),
                chosen=values[pk] == wanted_series,
            )
            for pk in sorted(ids, key=lambda pk: titles[pk].casefold())
        ],
    )
    chosen = {
        pk: within.get(pk) for pk in ids if fits(pk, curriculum=wanted_curriculum, series=wanted_series)
    }
    return chosen, [curricula, series], unknown


def _curricula_above(
    ids: list[int], *, language: str, request: HttpRequest
) -> dict[int, CurriculumName | None]:
    """Return series → the public curriculum above it, directly or through a course: five queries."""
    parents: dict[int, list[tuple[int, str]]] = defaultdict(list)
    level = set(ids)
    for _step in range(2):  # series in a course in a curriculum
        items = OutlineItem.objects.filter(
            activity_id__in=level, version__ended_at=None, version__activity__public=True
        ).values_list("activity_id", "version__activity_id", "version__activity__kind")
        for child, owner, kind in items:
            parents[child].append((owner, kind))
        level = {owner for pk in level for owner, kind in parents[pk] if kind != "curriculum"}
    owners = {owner for found in parents.values() for owner, kind in found if kind == "curriculum"}
    names = curriculum_names(Activity.objects.filter(pk__in=owners), language=language, request=request)

    def above(pk: int) -> CurriculumName | None:
        for owner, kind in parents.get(pk, ()):
            if kind == "curriculum" and owner in names:
                return names[owner]
        for owner, kind in parents.get(pk, ()):
            if kind != "curriculum" and (found := above(owner)):
                return found
        return None

    return {pk: above(pk) for pk in ids}


def _with_series(rows: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
    pages = ActivityPage.objects.select_related("locale", "page")
    found = rows.select_related("series__activity").defer("series__rule")
    return found.prefetch_related(Prefetch("series__activity__pages", pages))


def _sittings(
    rows: QuerySet[Occurrence],
    series: Mapping[int, CurriculumName | None],
    zone: Zone,
    *,
    language: str,
    request: HttpRequest,
    now: dt.datetime,
) -> list[Sitting]:
    separator = "." if language.startswith("id") else ":"
    found = []
    for session in sessions(rows, language=language, request=request, now=now):
        local = clock.wall_clock(session.starts_at, zone.name)
        found.append(
            Sitting(
                session=session,
                day=local.date(),
                clock=local.strftime(f"%H{separator}%M"),
                curriculum=series.get(session.occurrence.series.activity_id),
                over=session.ends_at <= now,
            )
        )
    return found


def _table(
    month: dt.date, days: Mapping[dt.date, Day], today: dt.date
) -> tuple[list[list[Day]], list[tuple[str, str]]]:
    first = (
        int(formats.get_format("FIRST_DAY_OF_WEEK")) - 1
    ) % 7  # Django counts from Sunday, Python from Monday
    weeks = [
        [days.get(each, Day(each, inside=each.month == month.month, today=each == today)) for each in week]
        for week in calendar.Calendar(first).monthdatescalendar(month.year, month.month)
    ]
    names = [(formats.date_format(day.date, "l"), formats.date_format(day.date, "D")) for day in weeks[0]]
    return weeks, names


def _next_change(
    rows: QuerySet[Occurrence], now: dt.datetime, today: dt.date, zone: Zone
) -> dt.datetime | None:
    """Return when the page says something else by the clock alone: a session begins or ends, or a day does."""
    coming = rows.filter(ends_at__gt=now).aggregate(ends=Min("ends_at"))
    starting = rows.filter(starts_at__gt=now).aggregate(starts=Min("starts_at"))
    moments = [coming["ends"], starting["starts"], midnight(day_after(today), zone)]
    return min(each for each in moments if each is not None)
