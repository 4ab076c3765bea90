"""Answers to calendar programs and to partners' pages: thin, without state, the same for everybody who asks."""

from lms.calendars.views.embeds import embed_agenda, embed_script, embed_style
from lms.calendars.views.feeds import feed_activity, feed_partner, feed_series, session_ics

__all__ = [
    "embed_agenda",
    "embed_script",
    "embed_style",
    "feed_activity",
    "feed_partner",
    "feed_series",
    "session_ics",
]
