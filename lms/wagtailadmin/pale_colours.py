"""A word after saving a colour that is hard to read on white. Nothing is refused: words are printed darker by themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.generic import CreateView, EditView

from lms.calendars.rules import contrast
from lms.wagtailadmin.checks.rules import READABLE


class WarnsOfPaleColour:
    """For views that save something with an ``accent``."""

    request: Any

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, then say what will be seen of the colour."""
        response = super().form_valid(form)  # type: ignore[misc]
        accent = form.cleaned_data.get("accent")
        found = contrast(accent, "#ffffff") if accent else READABLE
        if found < READABLE:
            messages.warning(
                self.request,
                _(
                    "The colour %(colour)s is hard to read on white (contrast %(contrast)s, 4.5 is needed), so words are "
                    "shown in a darker shade of it. Choose a darker one to see it as you meant it."
                )
                % {"colour": accent, "contrast": round(found, 1)},
            )
        return response


class ColourCreateView(WarnsOfPaleColour, CreateView):
    """Adds something with a colour."""


class ColourEditView(WarnsOfPaleColour, EditView):
    """Edits something with a colour."""
