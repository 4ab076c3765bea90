"""The form of a partner's calendar: what it shows, and on which sites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm

from lms.calendars import rules
from lms.catalogue import kinds
from lms.catalogue.models import Activity
from lms.core import clock
from lms.people.models import hex_colour

#: Kinds that have sessions of their own or contain series that do.
OFFERED_KINDS = ("curriculum", "course", "webinar_series")


class OriginsField(forms.CharField):
    """Origins, one a line, as the list that the model stores. Says which line is wrong, and why."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Show a stored list as lines; what was typed stays as it was."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Return the origins, each once, as browsers compare them."""
        found, errors = [], []
        for line in filter(None, (line.strip() for line in super().clean(value).splitlines())):
            try:
                found.append(rules.origin(line))
            except ValueError as reason:
                errors.append(self._refusal(line, str(reason)))
        if errors:
            raise ValidationError(errors)
        return list(dict.fromkeys(found))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare lines with the stored list."""
        return super().has_changed(self.prepare_value(initial), data)

    @staticmethod
    def _refusal(line: str, reason: str) -> str:
        if reason == "secure":
            return _("%(line)s is not secure. Write https:// instead of http://.") % {"line": line}
        return _(
            "%(line)s is not an origin. Write only the beginning of the address, up to the host: "
            "https://www.bank.example."
        ) % {"line": line}


class ActivityChoices(forms.models.ModelChoiceIterator):
    """Activities grouped by kind, largest first."""

    def __iter__(self) -> Iterator[Any]:
        groups: dict[str, list[Any]] = {name: [] for name in OFFERED_KINDS}
        for activity in self.queryset:
            groups[activity.kind].append(self.choice(activity))
        for name, choices in groups.items():
            if choices:
                yield capfirst(str(kinds.get(name).label)), choices


class ActivitiesField(forms.ModelMultipleChoiceField):
    """Which curricula, courses and series a calendar shows."""

    iterator = ActivityChoices
    widget = forms.CheckboxSelectMultiple


class PartnerCalendarForm(WagtailAdminModelForm):
    """A calendar of a partner. What it may show is public anyway, so any public activity may be chosen."""

    allowed_hosts = OriginsField(
        label=gettext_lazy("Hosts that may embed it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One origin a line, such as https://www.bank.example; https://*.bank.example stands for all its "
            "subdomains. Without any, the calendar can be subscribed to but not embedded."
        ),
    )
    activities = ActivitiesField(
        queryset=Activity.objects.none(),
        label=gettext_lazy("Curricula, courses and series"),
        required=False,
        help_text=gettext_lazy("Choose none to show everything that is public on the site."),
    )
    accent = forms.CharField(
        label=gettext_lazy("Accent colour"),
        required=False,
        max_length=7,
        validators=[hex_colour],
        help_text=gettext_lazy("Such as #1d4ed8. Leave empty for the partner's own colour."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.instance.activities.values("pk") if self.instance.pk else []
        offered = Activity.objects.filter(public=True, kind__in=OFFERED_KINDS)
        kept = Activity.objects.filter(pk__in=chosen, kind__in=OFFERED_KINDS)
        self.fields["activities"].queryset = (offered | kept).distinct().order_by("title")
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=settings.LANGUAGES, initial=self.fields["language"].initial
        )
        self.fields["zone"] = forms.ChoiceField(
            label=_("Time zone"),
            required=False,
            choices=[
                ("", _("The site's (%(zone)s)") % {"zone": clock.default_zone()}),
                *clock.zone_choices(),
            ],
            help_text=_("Times are shown in this zone; visitors may choose another."),
        )
