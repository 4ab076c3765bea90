"""What the panels share: they are for whoever may edit pages, and bring one style sheet."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component
from wagtail.permissions import page_permission_policy

from lms.wagtailadmin.scope import VIEW


class HomePanel(Component):
    """A panel on the admin's home."""

    @property
    def media(self) -> forms.Media:
        """Rows become cards on a phone."""
        return forms.Media(css={"all": [versioned_static("lms/admin/dashboard/dashboard.css")]})

    def render_html(self, parent_context: Any = None) -> str:
        """Render nothing, and ask nothing, for whoever may edit no page."""
        user = parent_context["request"].user
        if not page_permission_policy.user_has_permission(user, VIEW):
            return ""
        return super().render_html(parent_context)
