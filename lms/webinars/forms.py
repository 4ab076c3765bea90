"""The registration form: who, and every session or only one."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.dates import date_words
from lms.people.forms import CarriedField, PersonForm
from lms.webinars.models import Occurrence
from lms.webinars.queries.seats import Offer

ALL, ONE = "all", "one"


class RegistrationForm(PersonForm):
    """Name and e-mail for one series.

    ``only`` is the public id of the session that the visitor came from, offered beside the whole series; ``partner``
    the short name of whoever's calendar led here.
    """

    which = forms.ChoiceField(
        label=gettext_lazy("Which sessions?"),
        required=False,
        widget=forms.RadioSelect,
        choices=(),
        initial=ALL,
    )
    only = CarriedField(longest=40)
    partner = CarriedField(longest=60)

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        """Prepare the form for what there is to register for."""
        super().__init__(*args, zone=offer.series.zone, **kwargs)
        asked = self.data.get("only", "") if self.is_bound else self.initial.get("only", "")
        self.single = next((one for one in offer.sessions if one.public_id == asked), None)
        which = cast(forms.ChoiceField, self.fields["which"])
        if self.single is None or len(offer.sessions) < 2:
            which.widget = forms.HiddenInput()
            which.choices = [(ALL, ALL), (ONE, ONE)]
            self.initial["which"] = ALL
        else:
            date = date_words(self.single.starts_at, offer.series.zone)
            which.choices = [
                (ALL, _("Every session of the series")),
                (ONE, _("Only %(date)s") % {"date": date}),
            ]

    def clean(self) -> dict[str, Any]:
        """Refuse to guess when the session that was chosen is no longer there."""
        values = super().clean() or self.cleaned_data
        if values.get("which") == ONE and self.single is None:
            self.carry("which", ALL)
            raise forms.ValidationError(
                _(
                    "The session that you chose no longer takes place. Press the button again to register for all "
                    "others."
                ),
                code="session-gone",
            )
        return values

    @property
    def chosen_session(self) -> Occurrence | None:
        """The only session that the visitor wants, or None for every session."""
        return self.single if self.cleaned_data.get("which") == ONE else None
