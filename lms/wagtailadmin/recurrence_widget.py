"""The editor of a recurrence rule in the Wagtail admin.

The text box holds what is saved and works without JavaScript. The script beside it (``lms/admin/recurrence``) shows
choices, writes the text, and shows the sessions that the server calculates. Importing this module makes it the
widget of every ``RecurrenceRuleField`` in the admin.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language, pgettext
from recurrence.forms import RecurrenceWidget
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets.datetime import DEFAULT_DATE_FORMAT

from lms.webinars.fields import RecurrenceRuleField, rule_text
from lms.webinars.recurrence import MAX_SESSIONS
from lms.webinars.recurrence_words import weekday_numbers


class LmsRecurrenceWidget(RecurrenceWidget):
    """A text box with an editor. None of django-recurrence's or django.contrib.admin's assets.

    Args:
        attrs: HTML attributes of the text box.
        neighbours: names of the fields beside this one, where a form has other names than ``start_date``,
            ``start_time``, ``duration_minutes`` and ``zone``: ``{"start_date": "begins_on"}``. In an inline form they
            are looked for with the same prefix first.
    """

    template_name = "lms/wagtailadmin/recurrence_widget.html"

    def __init__(
        self, attrs: Mapping[str, Any] | None = None, neighbours: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self.neighbours = dict(neighbours or {})
        # Without the parent's class name, which is the hook of django-recurrence's own script.
        self.attrs = {
            "rows": 4,
            "spellcheck": "false",
            "autocomplete": "off",
            "data-lms-recurrence-target": "text",
            "data-action": "change->lms-recurrence#onText",
        } | dict(attrs or {})

    def format_value(self, value: object) -> str:
        """Return the text of a rule."""
        return rule_text(value)

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add what the choices show, in the reader's language."""
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "preview_url": reverse("lms_recurrence_preview"),
            "neighbours_json": json.dumps(self.neighbours),
            "date_format": getattr(settings, "WAGTAIL_DATE_FORMAT", DEFAULT_DATE_FORMAT),
            # English dates are written as in our sentences, day first.
            "language": "en-GB" if (get_language() or "en").startswith("en") else get_language(),
            "max_sessions": MAX_SESSIONS,
            "weekdays": [
                {"number": number, "name": name, "short": WEEKDAYS_ABBR[number]}
                for number, name in WEEKDAYS.items()
            ],
            "month_days": range(1, 32),
            "numbers": [(number, weekday_numbers()[number]) for number in (1, 2, 3, 4, -1)],
            "units": [
                {"frequency": frequency, "one": one, "many": many}
                for frequency, one, many in (
                    ("DAILY", pgettext("every 1", "day"), pgettext("every 2", "days")),
                    ("WEEKLY", pgettext("every 1", "week"), pgettext("every 2", "weeks")),
                    ("MONTHLY", pgettext("every 1", "month"), pgettext("every 2", "months")),
                    ("YEARLY", pgettext("every 1", "year"), pgettext("every 2", "years")),
                )
            ],
        }
        return context

    @property
    def media(self) -> forms.Media:
        """Two scripts and a style sheet of our own; Wagtail has loaded Stimulus before them."""
        folder = "lms/admin/recurrence"
        return forms.Media(
            js=[f"{folder}/recurrence-rule.js", f"{folder}/recurrence-editor.js"],
            css={"all": [f"{folder}/recurrence.css"]},
        )


register_form_field_override(RecurrenceRuleField, override={"widget": LmsRecurrenceWidget})
