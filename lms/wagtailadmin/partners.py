"""Partners in the admin: who they are, their calendars, and what their web team pastes."""

from __future__ import annotations

from html import escape
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from lms.calendars import queries, rules
from lms.calendars.models import PartnerCalendar
from lms.core.addresses import absolute
from lms.people.models import Partner
from lms.wagtailadmin.pale_colours import ColourCreateView, ColourEditView
from lms.wagtailadmin.partner_forms import PartnerCalendarForm

# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────────


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
