"""VTIMEZONE blocks say what the zone database says: for every zone of the world, at every change of its clock."""

from __future__ import annotations

import datetime as dt
import io
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.tz import tzical

from lms.calendars import timezones
from lms.calendars.timezones import clock_changes, vtimezone

HOUR = dt.timedelta(hours=1)
INDONESIA = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")


def read_back(zone: str) -> dt.tzinfo:
    """Read a block with dateutil, which knows nothing of our rules."""
    return tzical(io.StringIO(vtimezone(zone).decode())).get(zone)


@pytest.mark.parametrize("zone", INDONESIA)
def test_a_zone_without_clock_changes_is_one_observance(zone):
    block = vtimezone(zone)
    assert block.count(b"BEGIN:STANDARD") == 1
    assert b"RRULE" not in block and b"BEGIN:DAYLIGHT" not in block
    assert len(block) < 200


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Jerusalem"])
def test_summer_time_is_two_rules_since_1970(zone):
    block = vtimezone(zone).decode()
    assert block.count("RRULE:FREQ=YEARLY") == 2
    assert block.count("DTSTART:1970") == 2
    assert "RDATE" not in block


def test_berlin_is_written_as_every_other_calendar_writes_it():
    assert vtimezone("Europe/Berlin").decode().split("\r\n")[3:5] == [
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    ]


def test_every_zone_of_the_world_reads_back_at_every_change():
    checked = 0
    for zone in sorted(available_timezones()):
        if "/" not in zone or zone.startswith(("Etc/", "SystemV/", "posix/", "right/")):
            continue
        info, read = ZoneInfo(zone), read_back(zone)
        changes = clock_changes(zone)
        moments = [dt.datetime(2020 + year, 1 + 3 * (year % 4), 15, 12) for year in range(18)]
        for change in changes:
            # Hours that exist once: well before the change, and well after it on either clock.
            moments += [change.onset - 2 * HOUR, change.onset + 2 * HOUR + abs(change.after - change.before)]
        for wall in moments:
            assert wall.replace(tzinfo=read).utcoffset() == wall.replace(tzinfo=info).utcoffset(), (
                zone,
                wall,
            )
            checked += 1
    assert checked > 8000


def test_an_unknown_zone_is_an_error_of_its_own():
    with pytest.raises(LookupError):
        vtimezone("Mars/Olympus_Mons")


def test_a_block_is_made_once_per_process(monkeypatch):
    vtimezone("Asia/Makassar")
    monkeypatch.setattr(timezones, "clock_changes", lambda zone: pytest.fail("made again"))
    assert b"WITA" in vtimezone("Asia/Makassar")
