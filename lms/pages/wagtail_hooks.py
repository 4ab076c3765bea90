"""Wiring of the ready-made page types with Wagtail."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern
from wagtail import hooks
from wagtail.admin.ui.components import Component

from lms.pages.guide import views as guide
from lms.pages.guide.panel import guide_panel
from lms.pages.media_files import send_part

# After Wagtail's own restrictions and after the gate of lessons, which say no.
hooks.register("before_serve_document", send_part, order=200)


# Before the addresses of courses, which take any word after "courses/".
@hooks.register("register_admin_urls", order=-1)
def guide_urls() -> list[URLPattern]:
    """Serve the guide to a course."""
    return guide.urlpatterns


@hooks.register("construct_homepage_panels")
def guide_on_dashboard(request: HttpRequest, panels: list[Component]) -> None:
    """Offer the guide on the admin's home."""
    panel = guide_panel(request.user)
    if panel is not None:
        panels.append(panel)
