"""Where the schedule shows elsewhere in the admin: menu, page menus, and after publishing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.permissions import page_permission_policy

from lms.catalogue.queries import activity_of
from lms.core import clock
from lms.core.base_page import base_page
from lms.wagtailadmin.schedule_actions import ICON
from lms.wagtailadmin.scope import VIEW, series_for
from lms.webinars.models import WebinarSeries
from lms.webinars.queries import schedule as queries

KIND = "webinar_series"


class WebinarsMenuItem(MenuItem):
    """The series that somebody manages, with the number of changes that wait for a decision."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Webinars"),
            reverse_lazy("lms_schedule"),
            name="webinars",
            icon_name=ICON,
            order=210,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to whoever may edit pages."""
        return page_permission_policy.user_has_permission(request.user, VIEW)

    def render_component(self, request: HttpRequest) -> Any:
        """Add the number. One object serves all requests, so it is not kept."""
        component = super().render_component(request)
        waiting = queries.waiting_changes(within=series_for(request.user)).count()
        if waiting:
            component.label = _("Webinars (%(number)s)") % {"number": waiting}
        return component


def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Offer the sessions in the menu beside the title of a series' page."""
    return _buttons(page)


def listing_buttons(page: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Offer the sessions in the menu of a series' page in lists. No query: there is one menu a page."""
    return _buttons(page)


def _buttons(page: Any) -> Iterator[Button]:
    if getattr(page.specific_class, "lms_kind", "") == KIND:
        address = reverse("lms_sessions_of_page", args=[page.pk])
        yield Button(_("Sessions"), url=address, icon_name=ICON, priority=12)


def tell_after_publishing(request: HttpRequest, page: Any) -> None:
    """Say after publishing what became of the sessions. Compiling is done by then; this only reads."""
    if getattr(page, "lms_kind", "") != KIND:
        return
    activity = activity_of(page)
    if activity is None:
        return
    if activity.compile_error:
        messages.error(
            request,
            _("The page was published, but its sessions could not be brought up to date: %(reason)s")
            % {"reason": activity.compile_error.partition(": ")[2] or activity.compile_error},
        )
        return
    series = WebinarSeries.objects.filter(activity=activity).first()
    if series is None or not activity.live:
        return
    button = messages.button(reverse("lms_sessions", args=[activity.key]), _("Sessions"))
    waiting = queries.waiting_changes(within=WebinarSeries.objects.filter(pk=series.pk)).count()
    if waiting:
        words = ngettext(
            "One session has people, so its change waits for a decision.",
            "%(number)s sessions have people, so their changes wait for a decision.",
            waiting,
        )
        messages.warning(request, words % {"number": waiting}, buttons=[button])
        return
    coming = queries.occurrences_of(series, cancelled=False).filter(starts_at__gt=clock.now()).count()
    words = ngettext("One session is to come.", "%(number)s sessions are to come.", coming)
    messages.info(request, words % {"number": coming}, buttons=[button])


def tell_after_taking_down(request: HttpRequest, page: Any) -> None:
    """Say after unpublishing or deleting a series' page that people still have places, and where to cancel sessions."""
    if getattr(page.specific_class, "lms_kind", "") != KIND:
        return
    activity = activity_of(page)
    # Wagtail deletes in a transaction, so compiling may still be to come: the pages themselves are asked.
    pages = base_page().objects.filter(translation_key=activity.translation_key) if activity else None
    if pages is None or pages.filter(live=True).exists():
        return
    coming = queries.coming_sessions(within=WebinarSeries.objects.filter(activity=activity))
    held = len(queries.has_people(coming.values_list("pk", flat=True)))
    if not held:
        return
    words = ngettext(
        "People still have places at one session of this series. They were told nothing: cancel it if it does not "
        "take place.",
        "People still have places at %(number)s sessions of this series. They were told nothing: cancel those that "
        "do not take place.",
        held,
    )
    button = messages.button(reverse("lms_sessions", args=[activity.key]), _("Sessions"))
    messages.warning(request, words % {"number": held}, buttons=[button])
