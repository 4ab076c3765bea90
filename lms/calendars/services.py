"""Writes of calendars: events are serialised once and kept, feeds are joined from what is kept."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import DatabaseError, transaction
from wagtail.models import Site

from lms import conf
from lms.calendars import ical, queries, rules
from lms.calendars.models import CachedEvent
from lms.calendars.queries import Feed, SeriesWords
from lms.core import clock
from lms.core.addresses import absolute
from lms.webinars.models import Occurrence

logger = logging.getLogger(__name__)

#: Rows that are read and written at a time when many events are made anew.
BATCH = 500


@dataclass(frozen=True, slots=True)
class FeedBytes:
    """A feed as it is sent, and what happened on the way: how many events it holds, how many were made now or left out."""

    body: bytes
    events: int
    made: int
    left_out: int


def feed_bytes(
    *, feed: Feed, site: Site, language: str, variant: str = ical.ZONED, now: dt.datetime | None = None
) -> FeedBytes:
    """Return a feed's bytes: kept events joined, and those that changed made anew and kept.

    Nobody can read a feed that is out of date: each kept event is compared, by fingerprint, with the rows that it was
    made from. One that cannot be written is left out, logged, and kept with its error for the admin to show.

    Args:
        feed: which sessions, under which name.
        site: on which it is asked.
        language: of the words.
        variant: ``zoned`` or ``utc``.
        now: aware; the present moment by default.
    """
    starts, ends = rules.window(
        now or clock.now(), past_days=conf.FEED_PAST_DAYS, ahead_days=conf.FEED_AHEAD_DAYS
    )
    rows = queries.kept_rows(feed.sessions, starts=starts, ends=ends, language=language, variant=variant)
    words = queries.series_words({row[1] for row in rows}, language=language, public=True)
    events: list[bytes] = []
    stale: dict[int, tuple[int, str, str]] = {}
    stamps = {pk: said.stamp for pk, said in words.items()}
    for pk, series_id, kept, kept_fingerprint, error, facts in rows:
        fingerprint = rules.fingerprint(stamps.get(series_id, ""), facts)
        if kept is not None and kept_fingerprint == fingerprint and not error:
            events.append(kept)
        else:
            stale[pk] = (len(events), fingerprint, error or "")
            events.append(b"")
    left_out: set[int] = set()
    if stale:
        made = _make(stale, words, language=language, variant=variant)
        for pk, (place, _fingerprint, _error) in stale.items():
            events[place] = made[pk]
        left_out = {pk for pk in stale if not made[pk]}
    written = {row[1] for row in rows if row[0] not in left_out}
    zones = {words[pk].zone for pk in written}
    query = {"lang": language} | ({"tz": "utc"} if variant == ical.UTC else {})
    head = ical.calendar_head(
        name=feed.name,
        uid=feed.uid,
        zone=feed.zone or (zones.copy().pop() if len(zones) == 1 else clock.default_zone()),
        zones=zones,
        source=absolute(f"{feed.path}?{urlencode(query)}", site=site),
        colour=feed.colour,
        variant=variant,
    )
    return FeedBytes(
        body=b"".join([head, *events, ical.CALENDAR_TAIL]),
        events=len(rows) - len(left_out),
        made=len(stale) - len(left_out),
        left_out=len(left_out),
    )


def session_bytes(*, public_id: str, site: Site, language: str, variant: str = ical.ZONED) -> bytes | None:
    """Return one public session of a site as a calendar file; None when there is none, or it cannot be written.

    Args:
        public_id: of the session.
        site: on which it is asked.
        language: of the words.
        variant: ``zoned`` or ``utc``.
    """
    occurrence = queries.public_sessions(site).filter(public_id=public_id).first()
    if occurrence is None:
        return None
    words = queries.series_words({occurrence.series_id}, language=language, public=True)
    said = words[occurrence.series_id]
    return _written(occurrence, said, ical.file_bytes, variant=variant)[0] or None


def forget_past_events(*, now: dt.datetime | None = None) -> int:
    """Delete kept events that no feed shows any more; returns how many rows went."""
    starts, _ends = rules.window(now or clock.now(), past_days=conf.FEED_PAST_DAYS, ahead_days=0)
    past = CachedEvent.objects.filter(occurrence__ends_at__lt=starts - dt.timedelta(days=7))
    return past.delete()[0]


def _make(
    stale: dict[int, tuple[int, str, str]], words: dict[int, SeriesWords], *, language: str, variant: str
) -> dict[int, bytes]:
    """Serialise these sessions and keep them; a session that vanished meanwhile, or cannot be written, gives no bytes."""
    made: dict[int, bytes] = dict.fromkeys(stale, b"")
    for batch in _batches(list(stale)):
        kept = []
        for occurrence in Occurrence.objects.filter(pk__in=batch):
            _place, fingerprint, known_error = stale[occurrence.pk]
            body, error = _written(
                occurrence,
                words[occurrence.series_id],
                ical.event_bytes,
                variant=variant,
                known_error=known_error,
            )
            made[occurrence.pk] = body
            kept.append(
                CachedEvent(
                    occurrence=occurrence,
                    language=language,
                    variant=variant,
                    ics=body,
                    fingerprint=fingerprint,
                    error=error,
                )
            )
        _keep(kept)
    return made


def _written(
    occurrence: Occurrence,
    words: SeriesWords,
    write: Callable[..., bytes],
    *,
    variant: str,
    known_error: str = "",
) -> tuple[bytes, str]:
    """Return a session's bytes and no error, or no bytes and the error, which is logged when it is new."""
    try:
        return write(queries.facts_of(occurrence, words), variant=variant), ""
    except Exception as reason:  # one bad row never breaks a feed, whatever is wrong with it
        error = f"{type(reason).__name__}: {reason}"
        if error != known_error:
            logger.exception("Session %s of %r is left out of calendars.", occurrence.public_id, words.title)
        return b"", error


def _keep(kept: list[CachedEvent]) -> None:
    """Store events; a database that cannot be written to costs the next reader time, not this one an answer."""
    try:
        with transaction.atomic():
            CachedEvent.objects.bulk_create(
                kept,
                update_conflicts=True,
                unique_fields=["occurrence", "language", "variant"],
                update_fields=["ics", "fingerprint", "error"],
            )
    except DatabaseError:
        logger.warning("Calendar events could not be kept; they are made again next time.", exc_info=True)


def _batches(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
