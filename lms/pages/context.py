"""What page templates are given: compiled rows only, so no page walks the tree and queries stay constant."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest
from wagtail.models import AbstractPage, Site

from lms.catalogue import kinds
from lms.catalogue.mixins import EnrolmentMode
from lms.catalogue.models import Activity, ActivityPage, OutlineVersion
from lms.catalogue.queries import activity_of, remembered_outline
from lms.catalogue.tree import identity
from lms.core import clock
from lms.pages.agenda import Session, address, sessions
from lms.pages.facts import Facts, course_of, facts_of, needed_before
from lms.pages.finishing import finish_course, finish_series
from lms.pages.outline import Entry, Outline, fetch_pages, flat, outline_from, outlines_in_force, read_outline
from lms.pages.place import pages_above, place_of
from lms.pages.sharing import calendar_of, event_structure, feed_of, google_session, whatsapp
from lms.pages.structures import course_structure, crumbs_structure
from lms.webinars.models import WebinarSeries
from lms.webinars.queries.schedule import occurrences_of, upcoming
from lms.webinars.recurrence import RuleError
from lms.webinars.recurrence_words import describe

#: Sessions shown on the page of a course or curriculum; the page of the series has them all.
NEXT_SESSIONS = 4


def place_context(page: AbstractPage, request: HttpRequest) -> dict[str, Any]:
    """Return what the frame around every page needs: crumbs, translations, colour, full address."""
    place = place_of(page, request)
    site = Site.find_for_request(request)
    crumbs = [(crumb.title, crumb.url) for crumb in place.crumbs]
    return {
        "structures": [crumbs_structure([*crumbs, (page.title, place.address)], site)] if crumbs else [],
        "place": place,
        "translations": place.translations,
        "page_language": page.locale.language_code,
        "meta_description": page.search_description or getattr(page, "summary", ""),
    }


def curriculum_context(page: AbstractPage, request: HttpRequest) -> dict[str, Any]:
    """Return courses, series and next sessions of a curriculum."""
    language = page.locale.language_code
    activity = activity_of(page)
    entries = read_outline(
        activity, language=language, request=request, private=_is_private(activity, page)
    ).entries
    return {
        "activity": activity,
        "entries": entries,
        "courses": [entry for entry in entries if entry.kind == "course"],
        "series": [entry for entry in entries if entry.kind == "webinar_series"],
        "next_sessions": next_sessions(activity, language=language, request=request),
        "calendar": calendar_of(feed_of("feed_activity", activity.key, language), request=request)
        if activity
        else None,
    }


def course_context(page: AbstractPage, request: HttpRequest) -> dict[str, Any]:
    """Return the outline of a course, what it is, how to finish it, what comes before, and its next sessions."""
    language = page.locale.language_code
    activity, version = course_of(page)
    private = _is_private(activity, page)
    outline = outline_from(version, language=language, request=request, private=private)
    everything = flat(outline.entries)
    series = [each for each in everything if each.kind == "webinar_series"]
    coming = _sessions_of(series, language=language, request=request)
    facts = facts_of(page, activity, draft=bool(getattr(request, "is_preview", False)))
    return {
        "activity": activity,
        "entries": outline.entries,
        "lessons": [entry for entry in everything if entry.kind == "lesson"],
        "series": series,
        "first": _first_to_read(everything) if _may_be_read(outline, facts) else None,
        "enrol_url": address("lms:enrol", activity.key)
        if activity and outline.entries and not facts.closed
        else "",
        "facts": facts,
        "needed_before": needed_before(outline.prerequisites, language=language, request=request),
        "finishing": finish_course(activity, outline, valid_months=facts.valid_months),
        "next_sessions": coming,
        "calendar": calendar_of(feed_of("feed_activity", activity.key, language), request=request)
        if activity and coming
        else None,
        "share_url": whatsapp(page.title, page.full_url or ""),
        "structure": course_structure(
            title=page.title,
            summary=page.summary,
            url=page.full_url or "",
            language=language,
            hours=facts.hours,
            provider=_site_name(request),
        ),
    }


def _site_name(request: HttpRequest) -> str:
    site = Site.find_for_request(request)
    return (site.site_name if site else "") or getattr(settings, "WAGTAIL_SITE_NAME", "")


def _may_be_read(outline: Outline, facts: Facts) -> bool:
    """Say whether lessons are open to everybody (as ``lms.progress.access.open_to_all``, from what is known already)."""
    sequential = outline.version is not None and outline.version.sequential
    return facts.mode == EnrolmentMode.OPEN and not sequential and not outline.prerequisites


def _first_to_read(everything: list[Entry]) -> Entry | None:
    return next((entry for entry in everything if entry.kind == "lesson" and entry.url), None)


def module_context(page: AbstractPage, request: HttpRequest) -> dict[str, Any]:
    """Return a module's lessons and its course."""
    found = lesson_context(page, request, summaries=True)
    activity = found["activity"]
    module = next(
        (each for each in _all(found["entries"]) if activity and each.activity.pk == activity.pk), None
    )
    return found | {"children": module.children if module else []}


def lesson_context(page: AbstractPage, request: HttpRequest, *, summaries: bool = False) -> dict[str, Any]:
    """Return the place of a lesson in the course above it: what comes before, what comes after.

    Args:
        page: of a lesson, or anything else that stands in a course.
        request: for addresses.
        summaries: fetch those of the outline too.
    """
    language = page.locale.language_code
    activity, course, version = _with_course(page)
    entries = outline_from(
        version,
        language=language,
        request=request,
        private=_is_private(activity, page),
        summaries=summaries,
    ).entries
    line = flat(entries)
    at = next(
        (place for place, each in enumerate(line) if activity and each.activity.pk == activity.pk), None
    )
    return {
        "activity": activity,
        "course": course,
        "enrol_url": address("lms:enrol", course.key) if course else "",
        "entries": entries,
        "count": len(line),
        "number": line[at].number if at is not None else None,
        "before": line[at - 1] if at else None,
        "after": line[at + 1] if at is not None and at + 1 < len(line) else None,
    }


def webinar_context(page: AbstractPage, request: HttpRequest) -> dict[str, Any]:
    """Return the sessions of a series: the next one first, those that follow, those that were."""
    language = page.locale.language_code
    series = (
        WebinarSeries.objects.filter(activity__translation_key=identity(page))
        .select_related("activity")
        .prefetch_related(Prefetch("activity__pages", ActivityPage.objects.select_related("locale", "page")))
        .first()
    )
    if series is None:
        return {
            "activity": activity_of(page),
            "coming": [],
            "past": [],
            "finishing": finish_series(None, page.title),
        }
    activity = series.activity
    now = clock.now()
    rows = list(occurrences_of(series))
    for row in rows:
        row.series = series
    shown = sessions(rows, language=language, request=request, now=now)
    coming = [each for each in shown if each.ends_at > now]
    following = next((each for each in coming if not each.cancelled), None)
    url = page.get_full_url(request) or ""
    return {
        "activity": activity,
        "rhythm": _rhythm(series),
        "coming": coming,
        "past": [each for each in reversed(shown) if each.ends_at <= now],
        "takes_place": sum(not each.cancelled for each in shown),
        "next_session": following,
        "register_url": address("lms:register", activity.key) if following else "",
        "calendar": calendar_of(feed_of("feed_series", activity.key, language), request=request),
        "google_url": google_session(following, page_url=url) if following else "",
        "share_url": whatsapp(page.title, url, following),
        "finishing": finish_series(
            activity, page.title, remaining=sum(not each.cancelled for each in coming)
        ),
        "structure": event_structure(
            following, page_url=url, summary=page.summary, organiser=series.organiser_name
        )
        if following
        else None,
    }


def next_sessions(
    activity: Activity | None, *, language: str, request: HttpRequest, count: int = NEXT_SESSIONS
) -> list[Session]:
    """Return the next public sessions of a course or curriculum.

    Args:
        activity: whose; None for a draft, which has none.
        language: of the page.
        request: for addresses.
        count: at most so many.
    """
    if activity is None:
        return []
    return sessions(upcoming(activity=activity)[:count], language=language, request=request)


def _rhythm(series: WebinarSeries) -> str:
    try:
        return describe(
            series.rule, start_date=series.start_date, start_time=series.start_time, zone=series.zone
        )
    except RuleError:  # the dates below say it as well
        return ""


def _sessions_of(series: list[Entry], *, language: str, request: HttpRequest) -> list[Session]:
    if not series:
        return []
    activities = {entry.activity.pk: entry.activity for entry in series}
    coming = upcoming().filter(series__activity_id__in=activities).prefetch_related(None)[:NEXT_SESSIONS]
    for each in coming:  # the outline brought their pages
        each.series.activity = activities[each.series.activity_id]
    return sessions(coming, language=language, request=request)


def _is_private(activity: Activity | None, page: AbstractPage) -> bool:
    """Say whether a page is behind a view restriction itself, so that what it shows may be private too."""
    return activity is None or (page.live and bool(page.get_view_restrictions()))


def _with_course(page: AbstractPage) -> tuple[Activity | None, Activity | None, OutlineVersion | None]:
    """Return the activity of a page, that of the course above it, and the course's outline in force: one query, or three."""
    owners = (each for each in reversed(pages_above(page)) if kinds.kind_of(each.specific_class))
    above = next((each for each in owners if kinds.kind_of(each.specific_class).outline_from_pages), None)  # type: ignore[union-attr]
    if above is None:
        return activity_of(page), None, None
    key = identity(above)
    version = remembered_outline(page, key)
    if version:
        fetch_pages(version)
    else:
        version = outlines_in_force().filter(activity__translation_key=key).first()
    course = version.activity if version else Activity.objects.filter(translation_key=key).first()
    own = identity(page)
    items = version.items.all() if version else ()
    known = next((item.activity for item in items if item.activity.translation_key == own), None)
    return known or activity_of(page), course, version


def _all(entries: list[Entry]) -> list[Entry]:
    return [each for entry in entries for each in (entry, *_all(entry.children))]
