"""Calendar feeds, and one session as a file."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods
from wagtail.models import Site

from lms.calendars import queries, services
from lms.calendars.queries import Feed
from lms.calendars.views import asked
from lms.calendars.views.kept import Answer, kept
from lms.core.languages import asked_language
from lms.core.not_found import stays_not_found

CONTENT_TYPE = "text/calendar; charset=utf-8"
#: Any page may read what everybody may read; no cookie takes part. Programs may ask with a validator of their own.
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}

View = Callable[..., HttpResponse]


def _readable_anywhere(view: View) -> View:
    """Answer GET and HEAD, and a browser's question whether another origin may ask."""

    @stays_not_found
    @require_http_methods(["GET", "HEAD", "OPTIONS"])
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=_CORS | _PREFLIGHT | {"Allow": "GET, HEAD, OPTIONS"})
        return view(request, *args, **kwargs)

    return answer


@_readable_anywhere
def feed_series(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """All sessions of one public series."""

    def source(site: Site, language: str) -> Feed | None:
        return queries.series_feed(key, site=site, language=language)

    return _feed(request, ("series", str(key)), source)


@_readable_anywhere
def feed_activity(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """All sessions of all public series in a curriculum or course."""

    def source(site: Site, language: str) -> Feed | None:
        return queries.activity_feed(key, site=site, language=language)

    return _feed(request, ("activity", str(key)), source)


@_readable_anywhere
def feed_partner(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a partner's calendar shows, in its language unless another is asked for."""

    def build() -> Answer:
        site = asked.site(request)
        calendar = queries.partner_calendar(public_id, site=site)
        if calendar is None:
            raise Http404("No such calendar.")
        feed = queries.partner_feed(calendar, site=site)
        return _answer(feed, site, asked.language(request, calendar.language), asked.variant(request))

    name = ("feed", "partner", public_id, asked.explicit_language(request), asked.variant(request))
    return kept(request, name, build)


@_readable_anywhere
def session_ics(request: HttpRequest, public_id: str) -> HttpResponse:
    """One public session as a calendar file, in the reader's language: a person taps it, no program comes back for it."""
    language, variant = asked_language(request), asked.variant(request)

    def build() -> Answer:
        site = asked.site(request)
        body = services.session_bytes(public_id=public_id, site=site, language=language, variant=variant)
        if body is None:
            raise Http404("No such session.")
        return Answer(body, CONTENT_TYPE, _headers("sesi" if language == "id" else "session", language))

    return kept(request, ("session", public_id, language, variant), build)


def _feed(
    request: HttpRequest, name: tuple[str, ...], source: Callable[[Site, str], Feed | None]
) -> HttpResponse:
    language, variant = asked.language(request), asked.variant(request)

    def build() -> Answer:
        site = asked.site(request)
        feed = source(site, language)
        if feed is None:
            raise Http404("No such calendar.")
        return _answer(feed, site, language, variant)

    return kept(request, ("feed", *name, language, variant), build)


def _answer(feed: Feed, site: Site, language: str, variant: str) -> Answer:
    done = services.feed_bytes(feed=feed, site=site, language=language, variant=variant)
    file_name = slugify(feed.name)[:60] or "kelas"
    return Answer(done.body, CONTENT_TYPE, _headers(file_name, language), queries.changed_at(feed))


def _headers(file_name: str, language: str) -> dict[str, str]:
    return _CORS | {
        "Content-Disposition": f'inline; filename="{file_name}.ics"',
        "Content-Language": language,
    }
