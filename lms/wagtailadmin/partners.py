"""Partners in the admin: who they are, their calendars, and what their web team pastes."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from lms.calendars import queries, rules
from lms.calendars.models import PartnerCalendar
from lms.catalogue import kinds
from lms.catalogue.models import Activity
from lms.core import clock
from lms.core.addresses import absolute
from lms.people.models import Partner, hex_colour
from lms.wagtailadmin.pale_colours import ColourCreateView, ColourEditView

#: Kinds that have sessions of their own or contain series that do.
OFFERED_KINDS = ("curriculum", "course", "webinar_series")


# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── partners and their calendars ─────────────────────────────────────────────────────────────────────────────────


class PartnerViewSet(ModelViewSet):
    """Organisations that show our calendar to their own people."""

    model = Partner
    icon = "group"
    list_display = ["name", "slug", "url"]
    search_fields = ["name", "slug"]
    add_view_class = ColourCreateView
    edit_view_class = ColourEditView
    add_to_admin_menu = False
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name", help_text=gettext_lazy("As visitors read it beside the calendar.")),
            FieldPanel(
                "slug",
                help_text=gettext_lazy(
                    "Stands in links from the partner's pages, as ?partner=… . Do not change it later."
                ),
            ),
            FieldPanel("url", help_text=gettext_lazy("Where the partner’s name leads to.")),
            FieldPanel(
                "accent",
                widget=forms.TextInput(attrs={"type": "color"}),
                help_text=gettext_lazy(
                    "Links and buttons of their calendars have it. A pale one is darkened until it can be read."
                ),
            ),
        ]
    )


class CalendarIndexView(IndexView):
    """The list of calendars. It also says which sessions could not be written into any."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the sessions that feeds leave out, a few by name and how many there are."""
        left_out = queries.left_out()
        return super().get_context_data(*args, **kwargs) | {
            "left_out": left_out[:5],
            "left_out_count": left_out.count(),
        }


class CalendarCreateView(ColourCreateView):
    """After the form comes what the partner's web team needs."""

    def get_success_url(self) -> str:
        """Lead to the snippets of the new calendar."""
        return reverse("lms_partner_calendars:inspect", args=[self.object.pk])


class CalendarEditView(ColourEditView):
    """Editing a calendar leads back to its snippets: the snippets themselves stay as they were."""

    def get_success_url(self) -> str:
        """Lead to the snippets."""
        return reverse("lms_partner_calendars:inspect", args=[self.object.pk])


class CalendarInspectView(InspectView):
    """What a partner's web team pastes: an iframe, a subscription, and what their security policy must allow."""

    page_title = gettext_lazy("Embed and subscribe")

    def get_object(self, queryset: Any = None) -> PartnerCalendar:
        """Fetch the calendar with its partner and site."""
        found = super().get_object(queryset)
        return PartnerCalendar.objects.select_related("partner", "site").get(pk=found.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the snippets."""
        return super().get_context_data(**kwargs) | snippets(self.object)


def snippets(calendar: PartnerCalendar) -> dict[str, Any]:
    """Return what a partner's web team pastes, with absolute addresses on the site that the calendar belongs to.

    Returns:
        ``agenda``: the address of the agenda; ``iframe``, ``script``: HTML as plain text, names in it escaped;
        ``origin``: what a partner's policy must allow; ``feed``: addresses for subscribing; ``hosts``: who may embed it.
    """
    agenda = absolute(reverse("lms_public:embed_agenda", args=[calendar.public_id]), site=calendar.site)
    script = absolute(reverse("lms_public:embed_script"), site=calendar.site)
    # Plain text: the template escapes it once more, so that a textarea shows it as it is.
    iframe = (
        f'<iframe src="{escape(agenda)}" title="{escape(calendar.name)}" width="100%" height="640" '
        'frameborder="0" loading="lazy"></iframe>'
    )
    return {
        "calendar": calendar,
        "agenda": agenda,
        "iframe": iframe,
        "script": f'<script async src="{escape(script)}"></script>',
        "origin": absolute("", site=calendar.site),
        "feed": queries.partner_feed_addresses(calendar, site=calendar.site),
        "hosts": rules.origins(calendar.allowed_hosts),
    }


class PartnerCalendarViewSet(ModelViewSet):
    """Calendars that partners embed or subscribe to."""

    model = PartnerCalendar
    icon = "calendar-alt"
    add_to_admin_menu = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = CalendarIndexView
    add_view_class = CalendarCreateView
    edit_view_class = CalendarEditView
    inspect_view_class = CalendarInspectView
    index_template_name = "lms/wagtailadmin/partners/calendar_index.html"
    inspect_template_name = "lms/wagtailadmin/partners/calendar_inspect.html"
    search_fields = ["name", "partner__name"]
    list_display = [
        TitleColumn(
            "name", label=gettext_lazy("Name"), url_name="lms_partner_calendars:inspect", sort_key="name"
        ),
        Column("partner", label=gettext_lazy("Partner"), sort_key="partner__name"),
        Column("language", label=gettext_lazy("Language"), sort_key="language"),
        BooleanColumn("active", label=gettext_lazy("Active"), sort_key="active"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("partner", help_text=gettext_lazy("Whose pages show this calendar.")),
            FieldPanel("name", help_text=gettext_lazy("The heading that visitors and subscribers see.")),
            MultiFieldPanel(
                [
                    FieldPanel("activities"),
                    FieldPanel(
                        "language",
                        help_text=gettext_lazy(
                            "Of headings and dates. Titles of series are in it where they are translated."
                        ),
                    ),
                    FieldPanel(
                        "zone",
                        help_text=gettext_lazy("Times are shown in this zone; visitors may choose another."),
                    ),
                    FieldPanel("accent"),
                ],
                heading=gettext_lazy("What it shows"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("allowed_hosts"),
                    FieldPanel(
                        "site",
                        help_text=gettext_lazy(
                            "Whose addresses it gives out. Leave empty for the main site."
                        ),
                    ),
                    FieldPanel(
                        "active",
                        help_text=gettext_lazy(
                            "Switch off to hide the calendar at once, wherever it is embedded or subscribed to."
                        ),
                    ),
                ],
                heading=gettext_lazy("Where it is shown"),
            ),
        ],
        base_form_class=PartnerCalendarForm,
    )


class PartnersGroup(ModelViewSetGroup):
    """Partners and their calendars, under one point of the menu."""

    menu_label = gettext_lazy("Partners")
    menu_icon = "group"
    menu_order = 270
    items = (PartnerCalendarViewSet("lms_partner_calendars"), PartnerViewSet("lms_partners"))
