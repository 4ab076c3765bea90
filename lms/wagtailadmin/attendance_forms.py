"""Forms of attendance reports: which file, printed in which zone, in which order of day and month."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from lms import conf
from lms.core import clock

DATE_ORDERS = [
    ("dmy", _("day/month/year")),
    ("mdy", _("month/day/year")),
    ("ymd", _("year/month/day")),
]


class UploadForm(forms.Form):
    """The report of a session as the platform exported it."""

    report = forms.FileField(
        label=_("Report"),
        help_text=_(
            "Zoom: Reports → Usage, click on the number of participants (a webinar: “Attendee report”), then Export. "
            "Teams: the meeting's tab “Attendance”, then Download. Meet: the attendance file that was sent to the "
            "organiser. Choose the CSV file as it came, not opened and saved again."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        allow_empty_file=True,  # the reader says what to do about an empty one
        max_length=None,
    )
    zone = forms.ChoiceField(
        label=_("Time zone of the report"),
        required=False,
        help_text=_(
            "The zone that was set in the account of the platform. If the file itself says one, that counts."
        ),
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"zone": zone}, **kwargs)
        self.fields["zone"].choices = zone_choices(zone)

    def clean_report(self) -> UploadedFile:
        """Refuse a file that is far too large before it is read."""
        upload: UploadedFile = self.cleaned_data["report"]
        limit = conf.IMPORT_MAX_BYTES
        if upload.size is not None and upload.size > limit:
            raise forms.ValidationError(
                _(
                    "The file is larger than %(limit_mb)d MB. A report of this size is not an attendance report; check the file."
                ),
                params={"limit_mb": limit >> 20},
            )
        return upload


class AssumptionsForm(forms.Form):
    """What is assumed about a report and can be said otherwise."""

    zone = forms.ChoiceField(label=_("Time zone of the report"), required=False)
    date_order = forms.ChoiceField(label=_("Order of the dates"), required=False, choices=DATE_ORDERS)

    def __init__(self, *args: Any, zone: str = "", date_order: str = "", **kwargs: Any) -> None:
        super().__init__(*args, initial={"zone": zone, "date_order": date_order}, **kwargs)
        self.fields["zone"].choices = zone_choices(zone)


def zone_choices(zone: str) -> list[tuple[str, str]]:
    """Return the zones of a form; one that is on no list, such as an offset that a file states, comes first."""
    choices = clock.zone_choices()
    if zone and zone not in dict(choices):
        choices.insert(0, (zone, zone))
    return choices
