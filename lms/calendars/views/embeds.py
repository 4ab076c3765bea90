"""A partner's agenda inside the partner's own page: an iframe that works under a strict policy, without cookies."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from lms import conf
from lms.calendars import queries, rules
from lms.calendars.models import PartnerCalendar
from lms.calendars.views import asked
from lms.calendars.views.kept import Answer, kept
from lms.core import clock, csp
from lms.core.not_found import stays_not_found
from lms.core.page_cache import mark_public

STATIC = Path(__file__).resolve().parents[2] / "static" / "lms" / "embed"
YEAR = 365 * 24 * 60 * 60
DAY = 24 * 60 * 60
#: The grounds that agenda.css paints; the accent is made readable on them.
PAPER, NIGHT = "#ffffff", "#16181c"
#: A page that isolates itself (COEP) may still show the agenda: all that it loads is its own.
_ISOLATED = {"Cross-Origin-Resource-Policy": "cross-origin", "Cross-Origin-Embedder-Policy": "require-corp"}


@stays_not_found
@require_safe
def embed_agenda(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sessions of a partner's calendar as a page for an iframe; only the partner's hosts may frame it.

    Query: ``lang``, ``zone`` (IANA), ``theme`` (light or dark), ``page``.
    """

    def build() -> Answer:
        calendar = _calendar(request, public_id)
        framed = csp.allow_framing(HttpResponse(), rules.origins(calendar.allowed_hosts))
        language = asked.language(request, calendar.language)
        return Answer(
            _agenda_page(request, calendar, language).encode(),
            "text/html; charset=utf-8",
            {csp.HEADER: framed[csp.HEADER], "Content-Language": language, **_ISOLATED},
        )

    name = (
        "embed",
        public_id,
        asked.explicit_language(request),
        asked.zone(request, ""),
        asked.theme(request),
        str(asked.page(request)),
    )
    bare = not request.META.get("QUERY_STRING")
    response = kept(request, name, build, compress=not bare)
    response.xframe_options_exempt = True
    # Without a query the page cache keeps it too, and compresses it itself.
    return mark_public(response) if bare else response


@stays_not_found
@require_safe
def embed_style(request: HttpRequest, public_id: str) -> HttpResponse:
    """The style of a partner's agenda with the partner's accent: one file, so the frame needs three requests in all."""

    def build() -> Answer:
        style = _style(_calendar(request, public_id))
        # The page names the version; an address with it may be kept for ever.
        current = request.GET.get("v") == _version(style)
        return Answer(
            style.encode(),
            "text/css; charset=utf-8",
            {"X-Content-Type-Options": "nosniff", **_ISOLATED},
            max_age=YEAR if current else 300,
        )

    version = request.GET.get("v", "")
    return kept(request, ("style", public_id, version if len(version) == 8 else ""), build)


@require_safe
def embed_script(request: HttpRequest) -> HttpResponse:
    """The script that a partner may put beside the iframe so that it grows with its content. It never moves."""

    def build() -> Answer:
        return Answer(
            _file("host.js").encode(),
            "text/javascript; charset=utf-8",
            {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "cross-origin"},
            max_age=DAY,
        )

    return kept(request, ("script",), build)


def _calendar(request: HttpRequest, public_id: str) -> PartnerCalendar:
    calendar = queries.partner_calendar(public_id, site=asked.site(request))
    if calendar is None:
        raise Http404("No such calendar.")
    return calendar


def _agenda_page(request: HttpRequest, calendar: PartnerCalendar, language: str) -> str:
    site = asked.site(request)
    preset = calendar.zone if calendar.zone in clock.zone_names() else clock.default_zone()
    zone = asked.zone(request, preset)
    found = queries.agenda(calendar, site=site, language=language, page=asked.page(request))
    with translation.override(language), timezone.override(zone):
        return render_to_string(
            "lms/calendars/agenda.html",
            {
                "calendar": calendar,
                "agenda": found,
                "language": language,
                "theme": asked.theme(request),
                "zone": zone,
                "zones": _zones(request, zone, preset),
                "style_version": _version(_style(calendar)),
                "feed": queries.partner_feed_addresses(calendar, site=calendar.site or site),
                "tail": urlencode({"partner": calendar.partner.slug, "lang": language}),
                "home": f"{site.root_url}/",
                "site_name": site.site_name or site.hostname,
                "next": _query(request, page=found.page + 1) if found.more else "",
                "previous": _query(request, page=found.page - 1) if found.page > 1 else "",
            },
        )


def _zones(request: HttpRequest, zone: str, preset: str) -> list[dict[str, object]]:
    """Return the zones that a visitor may choose: the programme's, the calendar's, and the one in use."""
    names = dict.fromkeys([*conf.ZONES, preset, zone])
    return [
        {
            "label": clock.zone_label(name),
            "name": name,
            "query": _query(request, zone=name),
            "current": name == zone,
        }
        for name in names
    ]


def _query(request: HttpRequest, **changes: object) -> str:
    """Return the query of a link that keeps what was asked for and changes this; a first page goes without number."""
    said = {
        "lang": asked.explicit_language(request),
        "zone": asked.zone(request, ""),
        "theme": asked.theme(request),
        "page": asked.page(request),
    } | changes
    return urlencode({name: value for name, value in said.items() if value and (name, value) != ("page", 1)})


def _style(calendar: PartnerCalendar) -> str:
    accent = queries.accent_of(calendar)
    shades = rules.accent_shades(accent, paper=PAPER, night=NIGHT)
    light = f"--accent:{shades['on_paper']};--on-accent:{shades['over_paper']}"
    dark = f"--accent:{shades['on_night']};--on-accent:{shades['over_night']}"
    return (
        f"{_file('agenda.css')}:root{{{light}}}"
        f"@media(prefers-color-scheme:dark){{:root:not(.light){{{dark}}}}}:root.dark{{{dark}}}\n"
    )


def _version(style: str) -> str:
    return hashlib.sha256(style.encode()).hexdigest()[:8]


@lru_cache(maxsize=4)
def _file(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
