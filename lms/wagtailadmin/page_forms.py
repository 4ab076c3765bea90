"""The edit form of our page types: what holds for the owner page only cannot be changed on a translation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from lms.assessment.queries import draws_that_lack
from lms.catalogue import kinds
from lms.catalogue.prerequisites import loop_through, loop_words
from lms.catalogue.queries import holds_rules
from lms.core.clock import zone_choices
from lms.wagtailadmin.checks.reading import read_facts
from lms.wagtailadmin.checks.rules import findings
from lms.wagtailadmin.checks.values import Level
from lms.wagtailadmin.checks.words import sentences


class ActivityPageForm(WagtailAdminPageForm):
    """Base form for pages on our mixins. Set it as ``base_form_class`` on a page type of your own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "zone" in self.fields:
            offered = zone_choices()
            stored = self.instance.zone
            if stored and stored not in dict(offered):
                offered.append((stored, stored))
            self.fields["zone"] = forms.ChoiceField(
                label=self.fields["zone"].label, help_text=self.fields["zone"].help_text, choices=offered
            )
        if not holds_rules(self.instance):
            for name in self.instance.lms_owner_fields:
                if name in self.fields:
                    # A disabled field keeps the stored value whatever is posted.
                    self.fields[name].disabled = True

    def _post_clean(self) -> None:
        """Refuse to publish what learners would stumble over. A draft may be saved whatever is missing."""
        super()._post_clean()
        if self.is_deferred_validation:
            return
        for finding in findings(read_facts(self.instance, self.parent_page)):
            field = finding.field if finding.field in self.fields else None
            # What the field itself says is more exact.
            if finding.level == Level.STOP and finding.field not in self.errors:
                self.add_error(field, " ".join(sentences(finding)))

    def clean_questions(self) -> Any:
        """Refuse a draw that asks a quiz for more questions than its bank offers."""
        questions = self.cleaned_data["questions"]
        if not self.fields["questions"].disabled and (lacking := draws_that_lack(questions)):
            raise forms.ValidationError(lacking)
        return questions

    def clean(self) -> dict[str, Any]:
        """Refuse prerequisites that lead back to this page, name the loop; and what cannot be completed at all."""
        cleaned = super().clean()
        field = self.fields.get("prerequisites")
        chosen = cleaned.get("prerequisites")
        if field is None or field.disabled or not chosen:
            return cleaned
        for block in chosen:
            kind = kinds.kind_of(block.value.specific_class) if block.value else None
            if kind is None or kind.groups or not kind.level:
                self.add_error(
                    "prerequisites",
                    _("“%(title)s” cannot be completed. Choose a course, a curriculum or a webinar series.")
                    % {"title": block.value.title if block.value else "?"},
                )
                return cleaned
        words = loop_words(loop_through(chosen, self.instance), cleaned.get("title") or self.instance.title)
        if words:
            self.add_error("prerequisites", words)
        return cleaned
