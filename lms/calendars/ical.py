"""Sessions as iCalendar: events for feeds, the head of a calendar, and invitations by mail (RFC 5545, 5546, 7986).

Everything here takes plain values and gives bytes; the same values give the same bytes, always. A feed is
``calendar_head(...)``, any number of ``event_bytes(...)``, ``CALENDAR_TAIL``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import quote

from django.conf import settings

from lms import conf
from lms.calendars.content_lines import moment_in, one_line, plain, text, texts, uri, utc
from lms.calendars.timezones import vtimezone

ZONED, UTC = "zoned", "utc"
#: How times are written: on the wall clock with a VTIMEZONE (for calendars), or in UTC (for programs in a browser).
VARIANTS = (ZONED, UTC)

FEED_PRODID = "-//Kelas//Calendar feed//EN"
MAIL_PRODID = "-//Kelas//Invitation//EN"
CALENDAR_TAIL = plain("END", "VCALENDAR")

#: How often subscribers are asked to look again. Google and Apple decide for themselves.
REFRESH = "PT6H"
METHODS = ("REQUEST", "CANCEL", "PUBLISH")
#: How long before a session the calendar of who has a seat reminds them. Feeds leave that to their readers.
ALARM = "-PT30M"
#: RFC 5545 has no TZID for UTC; such zones are written with a Z.
_ZULU = {"UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """What one event says, in one language. Moments are aware; ``zone`` is the IANA zone of the wall clock.

    ``summary`` carries the mark of a cancelled session; ``address`` is the public page of the session, never the
    provider's; ``description`` begins with it, because many clients show nothing else that can be tapped.
    """

    uid: str
    sequence: int
    revised_at: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    cancelled: bool
    summary: str
    address: str
    description: str
    join_label: str
    categories: tuple[str, ...] = ()


def event_bytes(facts: EventFacts, *, variant: str = ZONED) -> bytes:
    """Return one VEVENT for a feed.

    Args:
        facts: what it says; its language is that of its words.
        variant: ``zoned`` or ``utc``.

    Raises:
        ValueError, zoneinfo.ZoneInfoNotFoundError: when the values are no event (no address, unknown zone).
    """
    return b"".join(_event_lines(facts, variant=variant, status=True))


def calendar_head(
    *,
    name: str,
    uid: str,
    zone: str,
    zones: Iterable[str],
    source: str,
    description: str = "",
    colour: str = "",
    variant: str = ZONED,
) -> bytes:
    """Return a feed's bytes before its first event. Feeds carry no METHOD: PUBLISH would need one ORGANIZER.

    Args:
        name: what subscribers see; written as NAME (RFC 7986) and X-WR-CALNAME (everybody).
        uid: identifies the calendar (RFC 7986 5.3).
        zone: IANA zone that clients show by default.
        zones: the IANA zones that its events use; each gets a VTIMEZONE, in order of name.
        source: the feed's own address.
        description: a sentence, or nothing.
        colour: ``#rrggbb``, or nothing.
        variant: ``zoned`` or ``utc``.
    """
    lines = [
        plain("BEGIN", "VCALENDAR"),
        plain("VERSION", "2.0"),
        plain("PRODID", FEED_PRODID),
        plain("CALSCALE", "GREGORIAN"),
        text("UID", uid),
        text("NAME", one_line(name)),
        text("X-WR-CALNAME", one_line(name)),
    ]
    if description:
        lines += [text("DESCRIPTION", description), text("X-WR-CALDESC", description)]
    lines += [
        text("X-WR-TIMEZONE", zone),
        plain("REFRESH-INTERVAL", REFRESH, VALUE="DURATION"),
        plain("X-PUBLISHED-TTL", REFRESH),
        uri("SOURCE", source, VALUE="URI"),
    ]
    if colour:
        lines.append(text("X-APPLE-CALENDAR-COLOR", colour))
    if variant == ZONED:
        lines += _vtimezones(zones)
    return b"".join(lines)


def file_bytes(facts: EventFacts, *, variant: str = ZONED) -> bytes:
    """Return one event as a file of its own. Without a name: with one, some programs would make a new calendar of it.

    Args and errors as ``event_bytes``.
    """
    lines = [
        plain("BEGIN", "VCALENDAR"),
        plain("VERSION", "2.0"),
        plain("PRODID", FEED_PRODID),
        plain("CALSCALE", "GREGORIAN"),
        *(_vtimezones({facts.zone}) if variant == ZONED else ()),
    ]
    return b"".join([*lines, event_bytes(facts, variant=variant), CALENDAR_TAIL])


def itip_bytes(
    *,
    method: str,
    occurrences: Sequence[EventFacts],
    organiser_name: str,
    organiser_email: str,
    attendee_name: str,
    attendee_email: str,
    language: str,
    stamp: dt.datetime | None = None,
) -> bytes:
    """Return the calendar file of a mail (iTIP, RFC 5546). The mail's MIME ``method=`` must say the same method.

    What is not cancelled brings an alarm (RFC 5545 3.6.6). A CANCEL of a session that takes place uninvites one person: it then carries no STATUS (RFC 5546 3.2.5).

    Args:
        method: ``REQUEST`` (3.2.2), ``CANCEL`` (3.2.5) or ``PUBLISH`` (3.2.1, no attendee).
        occurrences: the events; exactly one for REQUEST and CANCEL, whose events share one UID by definition.
        organiser_name, organiser_email: who invites; without an address the sender of Kelas's mails.
        attendee_name, attendee_email: who is invited; they registered themselves, so they have accepted.
        language: of the words, for programs that translate or read aloud.
        stamp: when this message was made; it settles which of two messages with one SEQUENCE is newer (2.1.5).
            Default: when the session was last revised.

    Raises:
        ValueError: for another method, or a number of events that the method does not allow.
    """
    if method not in METHODS:
        raise ValueError(f"{method!r} is none of {', '.join(METHODS)}.")
    if not occurrences or (method != "PUBLISH" and len(occurrences) != 1):
        raise ValueError(f"{method} carries exactly one session, not {len(occurrences)}.")
    people = [_person("ORGANIZER", organiser_name, organiser_email or _sender())]
    if method != "PUBLISH":
        people.append(
            _person(
                "ATTENDEE",
                attendee_name,
                attendee_email,
                ROLE="REQ-PARTICIPANT",
                PARTSTAT="ACCEPTED",
                RSVP="FALSE",
            )
        )
    lines = [
        plain("BEGIN", "VCALENDAR"),
        plain("VERSION", "2.0"),
        plain("PRODID", MAIL_PRODID),
        plain("CALSCALE", "GREGORIAN"),
        plain("METHOD", method),
        *_vtimezones({facts.zone for facts in occurrences}),
    ]
    for facts in occurrences:
        status = method != "CANCEL" or facts.cancelled
        lines += _event_lines(
            facts,
            variant=ZONED,
            status=status,
            people=people,
            stamp=stamp,
            language=language,
            alarm=method != "CANCEL" and not facts.cancelled,
        )
    content = b"".join([*lines, CALENDAR_TAIL])
    _read_back(content, {facts.uid for facts in occurrences})
    return content


def _read_back(content: bytes, uids: set[str]) -> None:
    """Read a file with icalendar before it is mailed: what is sent cannot be taken back.

    Raises:
        ValueError: when another program would not find these events in it.
    """
    from icalendar import Calendar  # noqa: PLC0415 -- slow import (0.2 s)

    calendar = Calendar.from_ical(content)
    found = {str(event["UID"]) for event in calendar.walk("VEVENT") if not event.errors}
    if found != uids or calendar.get_missing_tzids():
        raise ValueError("The calendar file cannot be read back.")


def _event_lines(
    facts: EventFacts,
    *,
    variant: str,
    status: bool,
    people: Sequence[bytes] = (),
    stamp: dt.datetime | None = None,
    language: str = "",
    alarm: bool = False,
) -> list[bytes]:
    zone = facts.zone if variant == ZONED and facts.zone not in _ZULU else None
    words = {"LANGUAGE": language} if language else {}
    lines = [
        plain("BEGIN", "VEVENT"),
        text("UID", facts.uid),
        plain("DTSTAMP", utc(stamp or facts.revised_at)),
        plain("LAST-MODIFIED", utc(facts.revised_at)),
        plain("SEQUENCE", facts.sequence),
        moment_in("DTSTART", facts.starts_at, zone),
        moment_in("DTEND", facts.ends_at, zone),
    ]
    if status:
        lines.append(plain("STATUS", "CANCELLED" if facts.cancelled else "CONFIRMED"))
    lines += [
        text("SUMMARY", one_line(facts.summary), **words),
        uri("URL", facts.address),
        text("LOCATION", facts.address),
        text("DESCRIPTION", facts.description, **words),
    ]
    if not facts.cancelled:
        lines.append(
            uri("CONFERENCE", facts.address, VALUE="URI", FEATURE="VIDEO", LABEL=one_line(facts.join_label))
        )
    lines += [
        *people,
        texts("CATEGORIES", facts.categories),
        plain("TRANSP", "TRANSPARENT" if facts.cancelled else "OPAQUE"),
        plain("CLASS", "PUBLIC"),
        *(_alarm_lines(facts.summary, words) if alarm else ()),
        plain("END", "VEVENT"),
    ]
    return lines


def _alarm_lines(summary: str, words: Mapping[str, str]) -> list[bytes]:
    return [
        plain("BEGIN", "VALARM"),
        plain("ACTION", "DISPLAY"),
        text("DESCRIPTION", one_line(summary), **words),
        plain("TRIGGER", ALARM),
        plain("END", "VALARM"),
    ]


def _vtimezones(zones: Iterable[str]) -> list[bytes]:
    return [vtimezone(zone) for zone in sorted(set(zones) - _ZULU)]


def _person(name: str, words: str, email: str, **parameters: str) -> bytes:
    address = quote(one_line(email), safe="@!#$&'*+-/=?^_`{|}~.")
    return uri(name, f"mailto:{address}", CN=one_line(words), **parameters)


def _sender() -> str:
    return parseaddr(conf.MAIL_FROM or settings.DEFAULT_FROM_EMAIL)[1]
