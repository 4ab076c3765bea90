"""Now, and the words for time zones that people in Indonesia use: WIB, WITA, WIT."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils import timezone

from lms import conf

#: Zones that have a short name everybody in the country uses; the tz database prints the same letters.
INDONESIAN_LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Ujung_Pandang": "WITA",
    "Asia/Jayapura": "WIT",
}


def now() -> dt.datetime:
    """Return the current moment, aware, UTC."""
    return timezone.now()


def default_zone() -> str:
    """Return the IANA name of the zone to assume when nobody said another."""
    return conf.DEFAULT_ZONE or settings.TIME_ZONE


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return all IANA zone names that this machine knows."""
    return frozenset(available_timezones())


def zone_label(zone: str, moment: dt.datetime | None = None) -> str:
    """Return what people call a zone: WIB, WITA, WIT, an abbreviation with letters, else ``UTC+07:00``.

    Args:
        zone: IANA name.
        moment: the instant at which the label is wanted (summer time changes it); now by default.
    """
    if label := INDONESIAN_LABELS.get(zone):
        return label
    local = (moment or now()).astimezone(ZoneInfo(zone))
    abbreviation = local.strftime("%Z")
    if abbreviation.isalpha():
        return abbreviation
    offset = local.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:]}"


def zone_choices() -> list[tuple[str, str]]:
    """Return (IANA name, label) pairs for a form: the programme's zones first, then all others by name."""
    first = [(zone, f"{zone_label(zone)} · {zone.split('/')[-1].replace('_', ' ')}") for zone in conf.ZONES]
    rest = [
        (zone, zone.replace("_", " "))
        for zone in sorted(zone_names())
        if "/" in zone and zone not in conf.ZONES
    ]
    return [*first, *rest]


def wall_clock(moment: dt.datetime, zone: str) -> dt.datetime:
    """Return an instant as the clock on the wall shows it in a zone (aware)."""
    return moment.astimezone(ZoneInfo(zone))
