"""The guide on the admin's home: for the first course, and for each further one."""

from __future__ import annotations

from typing import Any

from wagtail.permissions import page_permission_policy

from lms.pages.models import CoursePage
from lms.wagtailadmin.dashboard.base import HomePanel

#: Courses that are not published yet, that the panel names.
SHOWN = 3


class GuidePanel(HomePanel):
    """Dashboard: how to make the first course; later the courses that are not published yet."""

    name = "lms_guide"
    template_name = "lms/wagtailadmin/guide/home_panel.html"

    def __init__(self, user: Any) -> None:
        mine = CoursePage.objects.filter(
            pk__in=page_permission_policy.instances_user_has_permission_for(user, "change")
            .order_by()
            .values("pk"),
            alias_of=None,
        )
        self.begun = list(
            mine.filter(live=False, first_published_at=None).order_by("-latest_revision_created_at")[:SHOWN]
        )
        self.first = not self.begun and not mine.exists()
        # What somebody has to do first stands first.
        self.order = 120 if self.first else 145

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Return what was begun."""
        return {"first": self.first, "begun": self.begun}


def guide_panel(user: Any) -> GuidePanel | None:
    """Return the panel for whoever may add pages, else None.

    Args:
        user: an admin user.
    """
    return GuidePanel(user) if page_permission_policy.user_has_permission(user, "add") else None
