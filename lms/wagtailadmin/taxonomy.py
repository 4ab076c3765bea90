"""Topics and levels in the admin: a short name, and a title in each language of the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from lms.catalogue.models import Level, Topic
from lms.core.languages import own_name


class TitlesWidget(forms.Widget):
    """A text box for each language of the site."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the boxes, each with the name of its language."""
        titles = value or {}
        base = (attrs or {}).get("id") or f"id_{name}"
        described = (attrs or {}).get("aria-describedby", "")
        rows = [
            (
                base if number == 0 else f"{base}_{code}",
                own_name(code),
                base if number == 0 else f"{base}_{code}",
                f"{name}_{code}",
                titles.get(code, ""),
                code,
                described,
            )
            for number, (code, _name) in enumerate(settings.LANGUAGES)
        ]
        boxes = format_html_join(
            "",
            '<p><label for="{}">{}</label> <input type="text" id="{}" name="{}" value="{}" lang="{}" maxlength="100"'
            ' aria-describedby="{}"></p>',
            rows,
        )
        return format_html("<div>{}</div>", boxes)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        """Return language code → title, without those left empty."""
        given = {code: str(data.get(f"{name}_{code}", "")).strip() for code, _name in settings.LANGUAGES}
        return {code: title for code, title in given.items() if title}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Say whether none of the boxes was sent."""
        return not any(f"{name}_{code}" in data for code, _name in settings.LANGUAGES)


class TitlesField(forms.Field):
    """A title in each language; the site's own language must have one."""

    widget = TitlesWidget

    def clean(self, value: Any) -> dict[str, str]:
        """Return language code → title; say which title is missing or too long."""
        titles = dict(value or {})
        main = settings.LANGUAGE_CODE
        if main in dict(settings.LANGUAGES) and not titles.get(main):
            raise ValidationError(_("Write a title in %(language)s.") % {"language": own_name(main)})
        if not titles:
            raise ValidationError(_("Write a title."))
        for code, title in titles.items():
            if len(title) > 100:
                raise ValidationError(
                    _("The title in %(language)s is too long: at most 100 letters.")
                    % {"language": own_name(code)}
                )
        return titles


class TermForm(WagtailAdminModelForm):
    """A topic or level."""

    titles = TitlesField(label=gettext_lazy("Title"))


class TermViewSet(ModelViewSet):
    """What topics and levels share."""

    list_display = ["title", "slug", "position"]
    search_fields = ["slug"]
    add_to_admin_menu = False
    copy_view_enabled = False
    ordering = ["position", "slug"]
    edit_handler = ObjectList(
        [
            FieldPanel(
                "titles", help_text=gettext_lazy("As people read it in lists and filters, in each language.")
            ),
            FieldPanel("slug"),
            FieldPanel("position"),
        ],
        base_form_class=TermForm,
    )


class TopicViewSet(TermViewSet):
    """What courses are about."""

    model = Topic
    icon = "tag"
    name = "lms_topics"


class LevelViewSet(TermViewSet):
    """How much somebody should know already."""

    model = Level
    icon = "order-up"
    name = "lms_levels"


class TaxonomyGroup(ModelViewSetGroup):
    """Topics and levels in the menu."""

    menu_label = gettext_lazy("Topics and levels")
    menu_icon = "tag"
    menu_order = 700
    items = (TopicViewSet("lms_topics"), LevelViewSet("lms_levels"))
