"""Now, and the words for time zones that people in Indonesia use: WIB, WITA, WIT."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms import conf

#: Zones that have a short name everybody in the country uses; the tz database prints the same letters.
INDONESIAN_LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Ujung_Pandang": "WITA",
    "Asia/Jayapura": "WIT",
}


#: Large cities of the three zones, so that people find theirs; names are the same in every language.
INDONESIAN_CITIES = {
    "Asia/Jakarta": "Jakarta, Bandung, Medan, Palembang, Pontianak",
    "Asia/Makassar": "Makassar, Denpasar, Balikpapan, Manado, Kupang",
    "Asia/Jayapura": "Jayapura, Ambon, Ternate, Sorong, Manokwari",
}
#: Parts of the world as IANA names them. What stands under no other name is an old spelling of one of these.
REGIONS = {
    "Asia": _("Asia"),
    "Australia": _("Australia"),
    "Pacific": _("Pacific"),
    "Indian": _("Indian Ocean"),
    "Africa": _("Africa"),
    "Europe": _("Europe"),
    "America": _("America"),
    "Atlantic": _("Atlantic"),
    "Arctic": _("Arctic"),
    "Antarctica": _("Antarctica"),
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


def zone_words(zone: str) -> str:
    """Return a zone as people find theirs: ``WIB – Jakarta, Bandung, …``, else city and offset, ``Tokyo (UTC+09:00)``."""
    if zone in INDONESIAN_CITIES:
        return f"{zone_label(zone)} – {INDONESIAN_CITIES[zone]}"
    city = zone.partition("/")[2].replace("_", " ").replace("/", ", ") or zone
    if zone in INDONESIAN_LABELS:
        return f"{zone_label(zone)} – {city}"
    offset = now().astimezone(ZoneInfo(zone)).strftime("%z")
    return f"{city} (UTC{offset[:3]}:{offset[3:]})"


def zone_groups(chosen: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (heading, choices) for a list of all zones: the programme's first, then the world's regions by city.

    Args:
        chosen: a zone that is offered in any case, such as an old spelling that is stored.
    """
    first = list(conf.ZONES)
    groups = []
    for region, words in REGIONS.items():
        names = (zone for zone in zone_names() if zone.startswith(f"{region}/") and zone not in first)
        choices = sorted(((zone, zone_words(zone)) for zone in names), key=lambda each: each[1])
        groups.append((str(words), choices))
    if chosen in zone_names() and chosen.partition("/")[0] not in REGIONS and chosen not in first:
        first.append(chosen)
    return [(gettext("Most often chosen"), [(zone, zone_words(zone)) for zone in first]), *groups]


def zone_choices() -> list[tuple[str, str]]:
    """Return (IANA name, label) pairs for a form: the programme's zones first, then all others by name."""
    first = [(zone, zone_words(zone)) for zone in conf.ZONES]
    rest = [
        (zone, zone.replace("_", " "))
        for zone in sorted(zone_names())
        if "/" in zone and zone not in conf.ZONES
    ]
    return [*first, *rest]


def wall_clock(moment: dt.datetime, zone: str) -> dt.datetime:
    """Return an instant as the clock on the wall shows it in a zone (aware)."""
    return moment.astimezone(ZoneInfo(zone))
