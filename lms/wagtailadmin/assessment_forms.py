"""The form in which a written task is graded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.template.defaultfilters import linebreaksbr
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.assessment.queries import Criterion


def help_of(criterion: Criterion, limits: str) -> SafeString:
    """Return what a criterion asks, each of its levels on a line, and the limits of its points below; escaped."""
    levels = [f"{points}: {words}" for points, words in criterion.levels] or [criterion.text]
    return linebreaksbr("\n".join(line for line in [*levels, limits] if line), autoescape=True)


class GradeForm(forms.Form):
    """Points for each criterion, and a word to the learner."""

    comment = forms.CharField(
        label=gettext_lazy("A word to the learner"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "What was good, and what would make it better. The learner reads it with the result."
        ),
    )

    def __init__(self, *args: Any, rubric: list[Criterion], given: dict[str, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        fields = {}
        for criterion in rubric:
            most = number_format(criterion.points.normalize(), use_l10n=True)
            fields[f"points-{criterion.id}"] = forms.DecimalField(
                label=criterion.title,
                help_text=help_of(criterion, _("0 to %(most)s points.") % {"most": most}),
                min_value=0,
                max_value=criterion.points,
                max_digits=6,
                decimal_places=2,
                initial=given.get(criterion.id),
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )
        self.fields = fields | self.fields  # type: ignore[assignment]

    def point_fields(self) -> list[forms.BoundField]:
        """Return the fields of the criteria, in their order."""
        return [self[f"points-{each.id}"] for each in self.rubric]

    def sum_so_far(self) -> Decimal:
        """Return what the fields add up to now; what is empty or no number of points counts as none."""
        found = Decimal(0)
        for bound in self.point_fields():
            try:
                found += bound.field.clean(bound.value()) or 0
            except forms.ValidationError:
                continue
        return found

    def points(self) -> dict[str, Decimal]:
        """Return id of the criterion → points."""
        return {each.id: self.cleaned_data[f"points-{each.id}"] for each in self.rubric}
