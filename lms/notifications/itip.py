"""Calendar files in mails (iTIP, RFC 5546). The words of the calendar come from ``lms.calendars.ical``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from lms.calendars import ical
from lms.calendars.queries import event_facts
from lms.notifications.channels import Attachment
from lms.notifications.personal_links import join_link
from lms.people.models import Address, Learner
from lms.webinars.models import Occurrence, Registration, WebinarSeries


def invitation(
    series: WebinarSeries,
    seats: Sequence[Registration],
    learner: Learner,
    address: Address,
    *,
    stamp: dt.datetime,
) -> tuple[Attachment, ...]:
    """Return the calendar file for seats that somebody has: REQUEST for one session, PUBLISH for several.

    Each session carries the link by which this person joins it; the file goes to them alone.
    RFC 5546 3.2.2 allows one UID in a REQUEST; several sessions have a UID each, so they are published (3.2.1).
    """
    if not seats:
        return ()
    method = "REQUEST" if len(seats) == 1 else "PUBLISH"
    own = {seat.occurrence_id: join_link(seat) for seat in seats}
    return (_file(method, series, [seat.occurrence for seat in seats], learner, address, stamp, own=own),)


def cancellation(
    series: WebinarSeries, occurrence: Occurrence, learner: Learner, address: Address, *, stamp: dt.datetime
) -> tuple[Attachment, ...]:
    """Return the calendar file that takes one session out of somebody's calendar (RFC 5546 3.2.5)."""
    return (_file("CANCEL", series, [occurrence], learner, address, stamp),)


def cancellations(
    series: WebinarSeries,
    occurrences: Sequence[Occurrence],
    learner: Learner,
    address: Address,
    *,
    stamp: dt.datetime,
) -> tuple[Attachment, ...]:
    """Return the calendar files that take several sessions out: one each, as a CANCEL is about one UID."""
    return tuple(
        _file("CANCEL", series, [each], learner, address, stamp, number=number)
        for number, each in enumerate(occurrences, 1)
    )


def _file(
    method: str,
    series: WebinarSeries,
    occurrences: Sequence[Occurrence],
    learner: Learner,
    address: Address,
    stamp: dt.datetime,
    *,
    number: int = 0,
    own: Mapping[int, str] | None = None,
) -> Attachment:
    content = ical.itip_bytes(
        method=method,
        occurrences=event_facts(occurrences, language=learner.language, own=own),
        organiser_name=series.organiser_name,
        organiser_email=series.organiser_email,
        attendee_name=learner.name,
        attendee_email=address.value,
        language=learner.language,
        stamp=stamp,
    )
    name = "sesi" if learner.language.startswith("id") else "session"
    # Some mail programs keep only one of several files with one name.
    name = f"{name}-{number}.ics" if number else f"{name}.ics"
    return Attachment(name, content, f"text/calendar; charset=utf-8; method={method}")
