"""Reading calendars back with parsers that are not ours: icalendar with recurring-ical-events, and allenporter's ical."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

FROM, UNTIL = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2035, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, order=True)
class Seen:
    """An event as a calendar program sees it: moments in UTC."""

    uid: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    status: str


def by_recurring_ical_events(body: bytes) -> list[Seen]:
    """Expand with recurring-ical-events (icalendar underneath); its zones come from the file's own VTIMEZONE."""
    import icalendar
    import recurring_ical_events

    calendar = icalendar.Calendar.from_ical(body)
    return sorted(
        Seen(
            str(event["UID"]),
            event["DTSTART"].dt.astimezone(dt.UTC),
            event["DTEND"].dt.astimezone(dt.UTC),
            str(event["SUMMARY"]),
            str(event["STATUS"]),
        )
        for event in recurring_ical_events.of(calendar).between(FROM, UNTIL)
    )


def by_ical(body: bytes) -> list[Seen]:
    """Expand with ical, the strict parser of a home automation system."""
    from ical.calendar_stream import IcsCalendarStream

    calendar = IcsCalendarStream.calendar_from_ics(body.decode())
    return sorted(
        Seen(
            event.uid,
            event.dtstart.astimezone(dt.UTC),
            event.dtend.astimezone(dt.UTC),
            event.summary,
            event.status.value if event.status else "",
        )
        for event in calendar.timeline.included(FROM, UNTIL)
    )


def events(body: bytes) -> list[Any]:
    """Return the VEVENTs as icalendar reads them, unexpanded."""
    import icalendar

    return icalendar.Calendar.from_ical(body).walk("VEVENT")


def lines(body: bytes) -> list[str]:
    """Return the content lines, unfolded, by the letter of RFC 5545 3.1."""
    assert body.endswith(b"\r\n")
    return body.decode().replace("\r\n ", "").split("\r\n")[:-1]
