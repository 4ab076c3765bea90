"""Events and invitations as bytes: deterministic, readable by others, and true to RFC 5545, 5546 and 7986."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.calendars import ical
from tests.calendars.parsing import by_ical, by_recurring_ical_events, events, lines
from tests.calendars.test_content_lines import NASTY

ADDRESS = "https://academy.example/s/AAAAAAAAAAAAAAAAAAAAAA"
FACTS = ical.EventFacts(
    uid="5b0e6f0e-0000-4000-8000-000000000001@kelas",
    sequence=2,
    revised_at=dt.datetime(2027, 1, 5, 3, 0, tzinfo=dt.UTC),
    starts_at=dt.datetime(2027, 3, 1, 23, 0, tzinfo=dt.UTC),
    ends_at=dt.datetime(2027, 3, 2, 0, 30, tzinfo=dt.UTC),
    zone="Asia/Jakarta",
    cancelled=False,
    summary="Jualan lewat WhatsApp, mulai dari nol; gratis",
    address=ADDRESS,
    description=f"{ADDRESS}\n\n06.00–07.30 WIB\nAkademi Contoh",
    join_label="Gabung",
)
PERSON = {
    "organiser_name": "Akademi Contoh",
    "organiser_email": "halo@academy.example",
    "attendee_name": 'Siti "Batik" Rahayu, Makassar',
    "attendee_email": "siti@usaha.example",
    "language": "id",
}


def feed(*facts: ical.EventFacts, variant: str = ical.ZONED) -> bytes:
    head = ical.calendar_head(
        name="Jualan",
        uid="x@kelas",
        zone="Asia/Jakarta",
        zones={each.zone for each in facts},
        source="https://academy.example/cal/series/x.ics",
        description="Semua sesi.",
        colour="#0b6e4f",
        variant=variant,
    )
    return b"".join([head, *(ical.event_bytes(each, variant=variant) for each in facts), ical.CALENDAR_TAIL])


def test_an_event_says_everything_once():
    said = lines(ical.event_bytes(FACTS))
    assert said == [
        "BEGIN:VEVENT",
        "UID:5b0e6f0e-0000-4000-8000-000000000001@kelas",
        "DTSTAMP:20270105T030000Z",
        "LAST-MODIFIED:20270105T030000Z",
        "SEQUENCE:2",
        "DTSTART;TZID=Asia/Jakarta:20270302T060000",
        "DTEND;TZID=Asia/Jakarta:20270302T073000",
        "STATUS:CONFIRMED",
        r"SUMMARY:Jualan lewat WhatsApp\, mulai dari nol\; gratis",
        f"URL:{ADDRESS}",
        f"LOCATION:{ADDRESS}",
        rf"DESCRIPTION:{ADDRESS}\n\n06.00–07.30 WIB\nAkademi Contoh",
        f"CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Gabung:{ADDRESS}",
        "TRANSP:OPAQUE",
        "CLASS:PUBLIC",
        "END:VEVENT",
    ]


def test_the_head_says_what_clients_need():
    said = lines(feed(FACTS))
    for line in (
        "VERSION:2.0",
        "PRODID:-//Kelas//Calendar feed//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Jualan",
        "X-WR-CALNAME:Jualan",
        "DESCRIPTION:Semua sesi.",
        "X-WR-CALDESC:Semua sesi.",
        "X-WR-TIMEZONE:Asia/Jakarta",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "SOURCE;VALUE=URI:https://academy.example/cal/series/x.ics",
        "X-APPLE-CALENDAR-COLOR:#0b6e4f",
    ):
        assert said.count(line) == 1, line
    assert said[0] == "BEGIN:VCALENDAR"
    assert not [
        line for line in said if line.startswith(("METHOD", "BEGIN:VALARM", "RRULE", "RDATE", "EXDATE"))
    ]
    # Every zone before the first event that names it.
    assert said.index("TZID:Asia/Jakarta") < said.index("BEGIN:VEVENT")


def test_utc_needs_no_timezone():
    body = feed(FACTS, variant=ical.UTC)
    assert b"VTIMEZONE" not in body and b"TZID" not in body
    assert "DTSTART:20270301T230000Z" in lines(body)


def test_a_series_in_utc_is_never_called_a_timezone():
    body = feed(replace(FACTS, zone="Etc/UTC"))
    assert b"TZID" not in body
    assert "DTSTART:20270301T230000Z" in lines(body)


def test_a_cancelled_event_stays_and_says_so_without_blocking_the_hour():
    said = lines(ical.event_bytes(replace(FACTS, cancelled=True, summary="[DIBATALKAN] Jualan")))
    assert "STATUS:CANCELLED" in said
    assert "SUMMARY:[DIBATALKAN] Jualan" in said
    assert "TRANSP:TRANSPARENT" in said
    assert not [line for line in said if line.startswith("CONFERENCE")]


def test_categories_are_said_only_when_there_are_any():
    assert "CATEGORIES" not in ical.event_bytes(FACTS).decode()
    assert r"CATEGORIES:Pemasaran\, digital,UMKM" in lines(
        ical.event_bytes(replace(FACTS, categories=("Pemasaran, digital", "UMKM")))
    )


def test_the_same_facts_are_the_same_bytes():
    assert feed(FACTS) == feed(replace(FACTS))


@settings(deadline=None, max_examples=60)
@given(title=NASTY, description=NASTY, join=NASTY, cancelled=st.booleans())
def test_any_words_come_back_and_never_break_the_feed(title, description, join, cancelled):
    nasty = replace(
        FACTS,
        summary=title,
        description=description,
        join_label=join,
        cancelled=cancelled,
        categories=(title,),
    )
    good = replace(FACTS, uid="good@kelas")
    body = feed(nasty, good)
    said = lines(body)
    assert said.count("BEGIN:VEVENT") == said.count("END:VEVENT") == 2
    assert not [line for line in said if line.startswith("BEGIN:VALARM")]
    assert len(events(body)) == 2
    expected = ical.one_line(title)
    for read in (by_recurring_ical_events, by_ical):
        found = {each.uid: each for each in read(body)}
        assert found["good@kelas"].summary == FACTS.summary
        assert found[FACTS.uid].summary == expected
        assert (found[FACTS.uid].starts_at, found[FACTS.uid].ends_at) == (FACTS.starts_at, FACTS.ends_at)


ZONES = (
    "Asia/Jakarta",
    "Asia/Makassar",
    "Asia/Jayapura",
    "Europe/Berlin",
    "America/Santiago",
    "Asia/Kathmandu",
)


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(ZONES),
    st.datetimes(
        min_value=dt.datetime(2026, 1, 1), max_value=dt.datetime(2030, 12, 31), timezones=st.just(dt.UTC)
    ),
    st.integers(1, 24 * 60),
)
def test_any_moment_in_any_zone_comes_back(zone, start, minutes):
    start = start.replace(microsecond=0)
    facts = replace(FACTS, zone=zone, starts_at=start, ends_at=start + dt.timedelta(minutes=minutes))
    for variant in ical.VARIANTS:
        body = feed(facts, variant=variant)
        for read in (by_recurring_ical_events, by_ical):
            (seen,) = read(body)
            assert (seen.starts_at, seen.ends_at) == (facts.starts_at, facts.ends_at), (zone, variant, read)


@pytest.mark.parametrize(
    "moment", ["2027-10-31T00:30+00:00", "2027-10-31T01:30+00:00", "2027-03-28T01:00+00:00"]
)
def test_both_hours_at_the_end_of_summer_time_come_back(moment):
    start = dt.datetime.fromisoformat(moment)
    facts = replace(FACTS, zone="Europe/Berlin", starts_at=start, ends_at=start + dt.timedelta(minutes=90))
    for read in (by_recurring_ical_events, by_ical):
        (seen,) = read(feed(facts))
        assert (seen.starts_at, seen.ends_at) == (facts.starts_at, facts.ends_at)


def test_no_address_is_no_event():
    with pytest.raises(ValueError, match="URL needs an address"):
        ical.event_bytes(replace(FACTS, address=""))


# ── mails ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_invitation_names_both_sides(method):
    body = ical.itip_bytes(method=method, occurrences=[FACTS], **PERSON)
    said = lines(body)
    assert said.count(f"METHOD:{method}") == 1
    assert "ORGANIZER;CN=Akademi Contoh:mailto:halo@academy.example" in said
    assert (
        "ATTENDEE;CN=\"Siti ^'Batik^' Rahayu, Makassar\";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE"
        ":mailto:siti@usaha.example"
    ) in said
    (event,) = events(body)
    assert event["ATTENDEE"].params["CN"] == PERSON["attendee_name"]
    assert event["ORGANIZER"] == "mailto:halo@academy.example"
    assert by_ical(body)[0].starts_at == FACTS.starts_at


def test_uninviting_one_person_does_not_call_the_session_off():
    """RFC 5546 3.2.5: STATUS MUST NOT be there when only some attendees are uninvited."""
    body = ical.itip_bytes(method="CANCEL", occurrences=[FACTS], **PERSON)
    assert not [line for line in lines(body) if line.startswith("STATUS")]
    off = replace(FACTS, cancelled=True)
    assert "STATUS:CANCELLED" in lines(ical.itip_bytes(method="CANCEL", occurrences=[off], **PERSON))


def test_publishing_several_names_nobody_as_attendee():
    other = replace(FACTS, uid="other@kelas", zone="Asia/Makassar")
    body = ical.itip_bytes(method="PUBLISH", occurrences=[FACTS, other], **PERSON)
    said = lines(body)
    assert "METHOD:PUBLISH" in said
    assert not [line for line in said if line.startswith("ATTENDEE")]
    assert len([line for line in said if line.startswith("ORGANIZER")]) == 2
    assert said.count("BEGIN:VTIMEZONE") == 2
    assert {each.uid for each in by_recurring_ical_events(body)} == {FACTS.uid, "other@kelas"}


def test_words_in_mails_say_their_language():
    said = lines(ical.itip_bytes(method="REQUEST", occurrences=[FACTS], **PERSON))
    assert r"SUMMARY;LANGUAGE=id:Jualan lewat WhatsApp\, mulai dari nol\; gratis" in said


def test_a_later_message_has_a_later_stamp():
    stamp = dt.datetime(2027, 2, 1, 8, 0, 5, tzinfo=dt.UTC)
    said = lines(ical.itip_bytes(method="REQUEST", occurrences=[FACTS], stamp=stamp, **PERSON))
    assert "DTSTAMP:20270201T080005Z" in said
    assert "LAST-MODIFIED:20270105T030000Z" in said


def test_without_an_organiser_the_sender_of_mails_invites(settings):
    settings.DEFAULT_FROM_EMAIL = "Kelas <kelas@academy.example>"
    nobody = PERSON | {"organiser_name": "", "organiser_email": ""}
    said = lines(ical.itip_bytes(method="REQUEST", occurrences=[FACTS], **nobody))
    assert "ORGANIZER:mailto:kelas@academy.example" in said


@pytest.mark.parametrize(
    ("method", "count"),
    [("REQUEST", 0), ("REQUEST", 2), ("CANCEL", 2), ("PUBLISH", 0), ("REPLY", 1), ("request", 1)],
)
def test_what_itip_does_not_allow_is_refused(method, count):
    with pytest.raises(ValueError, match="session|none of"):
        ical.itip_bytes(method=method, occurrences=[FACTS] * count, **PERSON)


@settings(deadline=None, max_examples=60)
@given(NASTY)
def test_any_name_of_a_person_is_only_a_name(name):
    person = PERSON | {"attendee_name": name, "organiser_name": name}
    body = ical.itip_bytes(method="REQUEST", occurrences=[FACTS], **person)
    said = lines(body)
    assert said.count("BEGIN:VEVENT") == 1
    assert said.count("BEGIN:VALARM") == 1  # ours, and none that a name brought in
    (seen,) = by_recurring_ical_events(body)
    assert seen.uid == FACTS.uid
    assert by_ical(body)[0].uid == FACTS.uid


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_any_address_of_a_person_is_one_uri(email):
    body = ical.itip_bytes(method="REQUEST", occurrences=[FACTS], **(PERSON | {"attendee_email": email}))
    (attendee,) = [line for line in lines(body) if line.startswith("ATTENDEE")]
    assert " " not in attendee.rsplit(":mailto:", 1)[1]
