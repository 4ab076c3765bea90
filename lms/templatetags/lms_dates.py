"""Dates in templates, always with their zone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template

from lms.core import dates
from lms.core.clock import zone_label

register = template.Library()


@register.filter
def date_in(moment: dt.datetime, zone: str) -> str:
    """``{{ occurrence.starts_at|date_in:zone }}``: weekday and date in a zone."""
    return dates.date_words(moment, zone)


@register.filter
def clock_in(moment: dt.datetime, zone: str) -> str:
    """``{{ occurrence.starts_at|clock_in:zone }}``: hour and minute in a zone."""
    return dates.clock_words(moment, zone)


@register.filter
def zone_name(zone: str) -> str:
    """``{{ zone|zone_name }}``: WIB, WITA, WIT, or what else people call it."""
    return zone_label(zone)


@register.simple_tag
def span_in(occurrence: Any, zone: str) -> str:
    """``{% span_in occurrence zone %}``: from when to when, with the zone."""
    return dates.span_words(occurrence.starts_at, occurrence.ends_at, zone)


@register.filter
def iso(moment: dt.datetime) -> str:
    """A moment for ``<time datetime>``: seconds, no microseconds (HTML allows three digits at most)."""
    return moment.replace(microsecond=0).isoformat()
