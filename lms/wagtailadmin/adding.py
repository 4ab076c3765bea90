"""Adding a page of a kind from a list of ours: Wagtail asks for its parent where there are several."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import get_page_models
from wagtail.permissions import page_permission_policy


def add_buttons(user: Any, kind: str) -> list[HeaderButton]:
    """Return a button for each page type of a kind that a person may add somewhere: one query a type.

    Args:
        user: an admin user.
        kind: an activity kind, as ``lms_kind`` of page types says it.
    """
    models = [model for model in get_page_models() if getattr(model, "lms_kind", "") == kind]
    return [
        HeaderButton(
            _("Add %(type)s") % {"type": model.get_verbose_name().lower()},
            url=reverse(
                "wagtailadmin_pages:choose_parent", args=[model._meta.app_label, model._meta.model_name]
            ),
            icon_name="plus",
        )
        for model in models
        if may_add(user, model)
    ]


def may_add(user: Any, model: Any) -> bool:
    """Say whether there is a page below which a person may add a page of a type."""
    if not model.is_creatable:
        return False
    parents = ContentType.objects.get_for_models(*model.allowed_parent_page_models()).values()
    mine = page_permission_policy.instances_user_has_permission_for(user, "add")
    return mine.filter(content_type__in=parents).exists()
