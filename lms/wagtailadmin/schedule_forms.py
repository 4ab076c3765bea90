"""The form that moves a session: date, time on the clock of the series, length."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput

from lms.core import clock
from lms.webinars.models import Occurrence
from lms.webinars.recurrence import slot
from lms.webinars.rules import Span


class MoveForm(forms.Form):
    """When a session takes place, as the clock on the wall shows it in the zone of its series."""

    date = forms.DateField(label=_("Date"), widget=AdminDateInput)
    time = forms.TimeField(label=_("Starting time"), widget=AdminTimeInput)
    duration_minutes = forms.IntegerField(
        label=_("Duration in minutes"), min_value=5, max_value=24 * 60, widget=forms.NumberInput
    )

    def __init__(self, *args: Any, occurrence: Occurrence, zone: str, **kwargs: Any) -> None:
        self.zone = zone
        start = clock.wall_clock(occurrence.starts_at, zone)
        length = occurrence.ends_at - occurrence.starts_at
        initial = {
            "date": start.date(),
            "time": start.time(),
            "duration_minutes": int(length.total_seconds() // 60),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["time"].help_text = _("On the clock in %(zone)s.") % {
            "zone": clock.zone_label(zone, occurrence.starts_at)
        }

    @property
    def span(self) -> Span:
        """From when to when, aware. A time that summer time skips becomes the one that the clock shows."""
        found = slot(
            self.cleaned_data["date"],
            self.cleaned_data["time"].replace(second=0, microsecond=0),
            self.cleaned_data["duration_minutes"],
            self.zone,
        )
        return found.starts_at, found.ends_at

    def clean_date(self) -> dt.date:
        """Refuse a date that nobody means, in words rather than at the end of the calendar."""
        date = self.cleaned_data["date"]
        today = clock.wall_clock(clock.now(), self.zone).date()
        if date < today:
            raise forms.ValidationError(_("This date lies in the past. Choose a date in the future."))
        if date > today + dt.timedelta(days=3660):
            raise forms.ValidationError(_("This date is more than ten years away. Check the year."))
        return date
