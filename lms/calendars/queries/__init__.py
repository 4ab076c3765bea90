"""Reads of calendars: which sessions belong in which feed, what each says in which language, what an agenda shows."""

from lms.calendars.queries.agenda import (
    PER_PAGE,
    Agenda,
    AgendaEntry,
    FeedAddresses,
    agenda,
    feed_addresses,
    partner_feed_addresses,
)
from lms.calendars.queries.feeds import (
    Feed,
    accent_of,
    activity_feed,
    changed_at,
    kept_rows,
    left_out,
    partner_calendar,
    partner_feed,
    partner_sessions,
    public_sessions,
    series_feed,
)
from lms.calendars.queries.words import (
    SeriesWords,
    event_facts,
    facts_of,
    public_title_in,
    public_titles,
    series_words,
)

__all__ = [
    "PER_PAGE",
    "Agenda",
    "AgendaEntry",
    "Feed",
    "FeedAddresses",
    "SeriesWords",
    "accent_of",
    "activity_feed",
    "agenda",
    "changed_at",
    "event_facts",
    "facts_of",
    "feed_addresses",
    "kept_rows",
    "left_out",
    "partner_calendar",
    "partner_feed",
    "partner_feed_addresses",
    "partner_sessions",
    "public_sessions",
    "public_title_in",
    "public_titles",
    "series_feed",
    "series_words",
]
