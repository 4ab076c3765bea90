"""A partner that shows the agenda on its own site: another origin, served by the demo on a second port."""

from __future__ import annotations

from lms.calendars.models import PartnerCalendar
from lms.people.models import Partner

SLUG = "bank-contoh"


def make_partner(*, origins: list[str]) -> tuple[PartnerCalendar, bool]:
    """Make the partner and its calendar, and let these origins show it. Twice changes nothing.

    Args:
        origins: such as ``http://127.0.0.1:8001``.

    Returns:
        The calendar, and whether anything changed.
    """
    partner, made = Partner.objects.get_or_create(
        slug=SLUG, defaults={"name": "Bank Contoh", "url": "https://bank.contoh.example", "accent": "#33499e"}
    )
    calendar, new = PartnerCalendar.objects.get_or_create(
        partner=partner,
        defaults={
            "name": "Agenda untuk nasabah UMKM",
            "language": "id",
            "zone": "Asia/Makassar",
            "accent": "#33499e",
            "allowed_hosts": origins,
        },
    )
    missing = [origin for origin in origins if origin not in calendar.allowed_hosts]
    if missing:
        calendar.allowed_hosts = [*calendar.allowed_hosts, *missing]
        calendar.save()
    return calendar, made or new or bool(missing)
