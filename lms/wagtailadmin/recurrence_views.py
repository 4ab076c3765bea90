"""What the recurrence editor shows while somebody edits: the series in words, its sessions, or what is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin.auth import require_admin_access

from lms.core.clock import zone_label
from lms.webinars import recurrence
from lms.webinars import recurrence_words as words


class PreviewForm(forms.Form):
    """The fields that make the dates of a series, as they stand in a form that is not saved yet."""

    start_date = forms.DateField(label=_("first date"))
    start_time = forms.TimeField(label=_("starting time"))
    duration_minutes = forms.IntegerField(label=_("duration in minutes"), min_value=1, max_value=24 * 60)
    zone = forms.CharField(label=_("time zone"), max_length=64)
    rule = forms.CharField(required=False)


@require_admin_access
@require_http_methods(["GET", "POST"])
@never_cache
def recurrence_preview(request: HttpRequest) -> HttpResponse:
    """Return a piece of HTML: one sentence and the list of sessions. Reads nothing, stores nothing.

    POST only because a rule may be longer than an address.
    """
    form = PreviewForm(request.POST if request.method == "POST" else request.GET)
    return render(request, "lms/wagtailadmin/recurrence_preview.html", _preview(form))


def _preview(form: PreviewForm) -> dict[str, Any]:
    form.is_valid()
    values = form.cleaned_data
    try:
        # What is wrong with the text alone is said before anything else is filled in.
        recurrence.check_rule(form.data.get("rule", ""), start_date=values.get("start_date"))
        missing = [str(field.label) for name, field in form.fields.items() if name in form.errors]
        if missing:
            return {"missing": ", ".join(missing)}
        start = {"start_date": values["start_date"], "zone": values["zone"]}
        dates = recurrence.session_dates(values["rule"], **start)
        slots = [
            recurrence.slot(day, values["start_time"], values["duration_minutes"], values["zone"])
            for day in dates.sessions
        ]
        sentence = words.describe(values["rule"], start_time=values["start_time"], dates=dates, **start)
    except recurrence.RuleError as error:
        return {"error": words.explain(error)}
    return {
        "sentence": sentence,
        "remarks": words.remarks(
            dates, start_date=values["start_date"], start_time=values["start_time"], slots=slots
        ),
        "days": _days(dates, slots, values["zone"]),
    }


def _days(dates: recurrence.Dates, slots: list[recurrence.Slot], zone: str) -> list[dict[str, Any]]:
    """Return sessions and left-out dates together, in order."""
    rows: dict[dt.date, dict[str, Any]] = {
        each: {"excluded": True, "iso": each.isoformat(), "words": words.day_words(each, weekday=True)}
        for each in dates.excluded
    }
    for number, slot in enumerate(slots, start=1):
        day = slot.original_date
        rows[day] = {
            "number": number,
            "iso": day.isoformat(),
            "words": words.day_words(day, weekday=True),
            "time": _time_words(slot, zone),
            "extra": day in dates.extra,
        }
    return [rows[day] for day in sorted(rows)]


def _time_words(slot: recurrence.Slot, zone: str) -> str:
    """Return "06:00–07:30 WIB"; a session that runs into the next day says so."""
    text = (
        f"{words.clock_words(slot.starts_at.time())}–{words.clock_words(slot.ends_at.time())} "
        f"{zone_label(zone, slot.starts_at)}"
    )
    if slot.ends_at.date() == slot.starts_at.date():
        return text
    return gettext("%(time)s, ends on %(date)s") % {
        "time": text,
        "date": words.day_words(slot.ends_at.date(), weekday=True),
    }


urlpatterns_recurrence = [path("lms/recurrence-preview/", recurrence_preview, name="lms_recurrence_preview")]
