"""The form of a visitor who wants to take a course: who they are, and where there are cohorts, when they take part."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lms.people.forms import PersonForm
from lms.progress.offers import FULL, CohortOffer, Offer


class CourseForm(PersonForm):
    """``which`` is the public id of a cohort, where one is to be chosen; only those that take people can be."""

    which = forms.ChoiceField(
        label=gettext_lazy("When do you want to take part?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose when you want to take part."),
            "invalid_choice": gettext_lazy("These dates are not open any more. Please choose others."),
        },
    )

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        """Prepare the form.

        Args:
            offer: what the course offers now.
        """
        super().__init__(*args, **kwargs)
        open_ones = [each for each in offer.cohorts if each.open]
        if not open_ones:
            del self.fields["which"]
            return
        self.fields["which"].choices = [  # type: ignore[attr-defined]
            (each.cohort.public_id, cohort_words(each)) for each in open_ones
        ]
        if len(open_ones) == 1:
            self.initial.setdefault("which", open_ones[0].cohort.public_id)


def cohort_words(offer: CohortOffer) -> str:
    """Return a cohort as a visitor chooses it: title, dates, and how many seats are left."""
    cohort = offer.cohort
    first = formats.date_format(cohort.starts_on, "j F Y")
    if cohort.ends_on:
        last = formats.date_format(cohort.ends_on, "j F Y")
        dates = _("%(first)s until %(last)s") % {"first": first, "last": last}
    else:
        dates = _("from %(first)s") % {"first": first}
    words = [cohort.title, dates]
    if offer.code == FULL:
        words.append(_("all seats are taken"))
    elif offer.code:
        words.append(_("enrolment is over"))
    elif offer.seats_left is not None:
        words.append(
            ngettext("%(seats)s seat left", "%(seats)s seats left", offer.seats_left)
            % {"seats": offer.seats_left}
        )
    return " · ".join(words)
