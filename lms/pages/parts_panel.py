"""What stands below a course or module, in its order, with a way to each part and to a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.admin.staticfiles import versioned_static
from wagtail.models import Page

from lms.catalogue import kinds


class PartsPanel(Panel):
    """Lets an editor build a course from its own page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Parts"), "icon": "list-ol"} | kwargs)

    class BoundPanel(Panel.BoundPanel):
        """The parts of one page."""

        template_name = "lms/wagtailadmin/parts.html"

        @property
        def media(self) -> forms.Media:
            """Parts stand in rows."""
            return super().media + forms.Media(
                css={"all": [versioned_static("lms/admin/finishing/finishing.css")]}
            )

        def parts(self) -> list[dict[str, Any]]:
            """Return the direct parts in the order of the course: one query, however many."""
            if self.instance.pk is None:
                return []
            below = Page.objects.child_of(self.instance).select_related("content_type").order_by("path")
            return [
                {
                    "title": page.get_admin_display_title(),
                    "url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
                    "kind": _label(page.specific_class),
                    "live": page.live,
                    "pending": page.live and page.has_unpublished_changes,
                }
                for page in below
            ]

        def offers(self) -> list[dict[str, Any]]:
            """Return what this person may add here."""
            page = self.instance
            if page.pk is None or not page.permissions_for_user(self.request.user).can_add_subpage():
                return []
            return [
                {
                    "label": _label(model),
                    "url": reverse(
                        "wagtailadmin_pages:add",
                        args=[model._meta.app_label, model._meta.model_name, page.pk],
                    ),
                }
                for model in page.allowed_subpage_models()
                if model.can_create_at(page)
            ]

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the parts."""
            parts = self.parts()
            return super().get_context_data(parent_context) | {
                "saved": self.instance.pk is not None,
                "parts": parts,
                "offers": self.offers(),
                "order_url": (
                    reverse("wagtailadmin_explore", args=[self.instance.pk]) + "?ordering=ord"
                    if len(parts) > 1
                    else ""
                ),
            }


def _label(model: type | None) -> str:
    kind = kinds.kind_of(model) if model else None
    return capfirst(str(kind.label)) if kind else capfirst(str(model._meta.verbose_name)) if model else ""
