"""Pages that list: courses, sessions, speakers, what was searched. The same for everybody; thin."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils import formats
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods
from wagtail.models import Site

from lms.core import clock
from lms.core.addresses import absolute
from lms.core.languages import own_name
from lms.core.page_cache import mark_public
from lms.pages.calendar_days import Schedule, day_in, month_in, zones
from lms.pages.calendar_page import read_schedule
from lms.pages.listing import read_catalogue
from lms.pages.listing_choices import address_with, chips, number_in
from lms.pages.place import Translation
from lms.pages.search_page import search_pages
from lms.pages.sharing import whatsapp
from lms.pages.speakers_page import read_speakers, sessions_of
from lms.pages.structures import crumbs_structure, list_structure, person_structure

public = require_http_methods(["GET", "HEAD"])


@public
def courses(request: HttpRequest) -> HttpResponse:
    """List all courses, narrowed by what the address says."""
    asked = _asked(request, "curriculum", "topic", "level", "hours")
    site = Site.find_for_request(request)
    found = read_catalogue(
        asked=asked,
        language=_language(),
        request=request,
        site=site,
        page=number_in(request.GET.get("page", "")),
    )
    title = gettext("All courses")
    context = _frame(request, site, title, bool(asked)) | {
        "catalogue": found,
        "chips": chips(request.path, asked, found.filters),
        "more": _pages(request, asked, found.page, found.pages),
        "meta_description": gettext(
            "Free courses for small businesses: choose by subject, level and the time you have."
        ),
        "structures": [list_structure([(card.title, card.url) for card in found.cards], site)],
    }
    return mark_public(render(request, "lms/pages/courses.html", context))


@public
def calendar(request: HttpRequest) -> HttpResponse:
    """Show live sessions: what comes next, a month or a day, in the zone that the address says."""
    asked = _asked(request, "curriculum", "series", "zone", "view", "month", "day")
    site = Site.find_for_request(request)
    zone = next((each for each in zones() if each.value == asked.get("zone")), None)
    month, day = month_in(asked.get("month", "")), day_in(asked.get("day", ""))
    table = asked.get("view") == "month"
    found = read_schedule(
        asked=asked,
        language=_language(),
        request=request,
        site=site,
        zone=zone,
        month=month,
        day=day,
        table=table and day is None,
        page=number_in(request.GET.get("page", "")),
    )
    for name, value in (("zone", zone), ("month", month), ("day", day)):
        if asked.get(name) and value is None:
            found.unknown.append(asked[name])
    title = gettext("Calendar of live sessions")
    path = request.path

    def to(**changes: str) -> str:
        return address_with(path, asked, **{"day": ""} | changes)

    shown = found.month or (found.today.replace(day=1) if found.weeks else None)
    context = _frame(request, site, title, bool(asked)) | {
        "schedule": found,
        "chips": chips(path, {name: asked[name] for name in asked if name != "day"}, found.filters),
        "zones": [("", gettext("All zones"), to(zone=""), zone is None)]
        + [(each.value, each.label, to(zone=each.value), each == zone) for each in zones()],
        "zone": zone,
        "heading": _heading(found, day),
        "agenda_url": to(view="", month=asked.get("month", "")),
        "month_url": to(view="month", month=f"{shown:%Y-%m}" if shown else ""),
        "coming_url": to(month=""),
        "before_url": to(month=f"{found.before:%Y-%m}") if found.before else "",
        "before_words": formats.date_format(found.before, "F Y") if found.before else "",
        "after_url": to(month=f"{found.after:%Y-%m}") if found.after else "",
        "after_words": formats.date_format(found.after, "F Y") if found.after else "",
        "day_url": to(view="", month="", day="0000-00-00").replace("0000-00-00", ""),
        "clean_url": path,
        "kept": [(name, asked[name]) for name in ("zone", "view", "month") if asked.get(name)],
        "more": _pages(request, asked, found.page, found.pages),
        "meta_description": gettext(
            "All live sessions with their times in WIB, WITA and WIT. Free, with your name and e-mail only."
        ),
    }
    response = render(request, "lms/pages/calendar.html", context)
    seconds = 60
    if found.changes_at is not None:
        seconds = max(int((found.changes_at - clock.now()).total_seconds()), 1)
    return mark_public(response, seconds=seconds)


@public
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found for ``q``, or the field to type it in."""
    site = Site.find_for_request(request)
    results = search_pages(
        request.GET.get("q", ""),
        language=_language(),
        request=request,
        site=site,
        page=number_in(request.GET.get("page", "")),
    )
    asked = {"q": results.query} if results.query else {}
    title = gettext("Search: %(query)s") % {"query": results.query} if results.query else gettext("Search")
    context = _frame(request, site, title, True) | {
        "results": results,
        "more": _pages(request, asked, results.page, results.pages),
    }
    return mark_public(render(request, "lms/pages/search.html", context))


@public
def speakers(request: HttpRequest) -> HttpResponse:
    """List everybody who speaks in a public series."""
    site = Site.find_for_request(request)
    found = read_speakers(language=_language(), request=request, site=site)
    context = _frame(request, site, gettext("Speakers"), False) | {
        "speakers": found,
        "meta_description": gettext(
            "People from practice who teach in our live sessions, and where to hear them."
        ),
    }
    return mark_public(render(request, "lms/pages/speakers.html", context))


@public
def speaker(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one speaker and the sessions to come."""
    site = Site.find_for_request(request)
    language = _language()
    found = next(
        (each for each in read_speakers(language=language, request=request, site=site) if each.slug == slug),
        None,
    )
    if found is None:
        raise Http404
    coming = sessions_of(found, language=language, request=request)
    frame = _frame(request, site, found.name, False)
    above = (gettext("Speakers"), reverse("lms_pages:speakers"))
    context = frame | {
        "speaker": found,
        "coming": coming,
        "above": above,
        "meta_description": found.text or found.role,
        "share_url": whatsapp(found.name, frame["canonical"]),
        "structures": [
            person_structure(found, frame["canonical"], site),
            crumbs_structure([above, (found.name, request.path)], site),
        ],
    }
    # What comes next changes when a session ends.
    seconds = min((each.ends_at - clock.now() for each in coming), default=dt.timedelta(hours=1))
    return mark_public(
        render(request, "lms/pages/speaker.html", context), seconds=max(int(seconds.total_seconds()), 1)
    )


def _asked(request: HttpRequest, *names: str) -> dict[str, str]:
    """Return what the address says of these names, where it says something."""
    found = {name: request.GET.get(name, "").replace("\0", "").strip()[:100] for name in names}
    return {name: value for name, value in found.items() if value}


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _heading(schedule: Schedule, day: dt.date | None) -> str:
    if day is not None:
        return formats.date_format(day, "l, j F Y")
    return formats.date_format(schedule.month, "F Y") if schedule.month else gettext("What comes next")


def _pages(request: HttpRequest, asked: dict[str, str], page: int, pages: int) -> dict[str, Any]:
    """Return where the pages before and after are; empty addresses where there are none."""

    def to(number: int) -> str:
        return address_with(request.path, asked, page=str(number) if number > 1 else "")

    return {
        "page": page,
        "pages": pages,
        "before": to(page - 1) if page > 1 else "",
        "after": to(page + 1) if page < pages else "",
    }


def _frame(request: HttpRequest, site: Site | None, title: str, narrowed: bool) -> dict[str, Any]:
    """Return what the frame needs: title, addresses in all languages that keep what was chosen, whether to be indexed."""
    language = _language()
    here = request.get_full_path()
    return {
        "title": title,
        "page_language": language,
        "noindex": narrowed or bool(request.META.get("QUERY_STRING")),
        "canonical": absolute(request.path, site=site),
        "translations": [
            Translation(
                code,
                own_name(code),
                here if code == language else translate_url(here, code),
                True,
                code == language,
            )
            for code, _name in settings.LANGUAGES
        ],
        "alternates": [
            (code, absolute(translate_url(request.path, code), site=site))
            for code, _name in settings.LANGUAGES
        ],
    }
