"""Finding a person over all courses and series: a screen, its place in the menu and the search, a panel on the admin's home."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import page_permission_policy

from lms.core.not_found import stays_not_found
from lms.core.serials import display
from lms.reports.people import Places, Scope, find_people, places_of
from lms.wagtailadmin.certificates import activities_for
from lms.wagtailadmin.dashboard.base import HomePanel
from lms.wagtailadmin.enrolment_views import TYPED, in_words
from lms.wagtailadmin.paging import paged
from lms.wagtailadmin.scope import VIEW, courses_for, series_for
from lms.webinars.queries.people import PersonInSeries

ICON = "user"
#: People on a page; each comes with everything that they take part in.
PER_PAGE = 20


def scope_for(user: Any) -> Scope:
    """Return what an admin user looks after."""
    return Scope(
        courses=courses_for(user),
        series=series_for(user),
        activities=activities_for(user),
        everything=user.is_active and user.is_superuser,
    )


def may_search(user: Any) -> bool:
    """Say whether somebody may look for people at all: whoever may edit pages."""
    return page_permission_policy.user_has_permission(user, VIEW)


class ForSearchers:
    """Mixin for ways to the search: whoever may edit pages sees them."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to whoever may edit pages."""
        return may_search(request.user)


class PeopleMenuItem(ForSearchers, MenuItem):
    """The way to the search."""


class PeopleSearchArea(ForSearchers, SearchArea):
    """People beside pages, pictures and documents, where Wagtail searches."""


def menu_item() -> PeopleMenuItem:
    """Return the search's place in the menu, after the webinars."""
    return PeopleMenuItem(
        gettext_lazy("People"), reverse_lazy("lms_people"), name="people", icon_name=ICON, order=220
    )


def search_area() -> PeopleSearchArea:
    """Return the search's place where Wagtail searches."""
    return PeopleSearchArea(
        gettext_lazy("People"), reverse("lms_people"), name="people", icon_name=ICON, order=150
    )


class FindPersonPanel(HomePanel):
    """Dashboard: a field in which a name is typed."""

    name = "lms_find_person"
    template_name = "lms/wagtailadmin/people/home_panel.html"
    order = 150

    @property
    def media(self) -> forms.Media:
        """The field stands beside its button."""
        return super().media + forms.Media(css={"all": [versioned_static("lms/admin/people/people.css")]})


class PeopleSearchView(WagtailAdminTemplateMixin, View):
    """Who fits what was typed, and where each of them stands."""

    header_icon = ICON
    template_name = "lms/wagtailadmin/people/search.html"
    page_title = gettext_lazy("Find a person")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for whoever may edit pages."""
        if not may_search(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        return [home, {"url": "", "label": self.get_page_title()}]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the field, and whom it finds."""
        typed = request.GET.get("q", "").replace("\0", "").strip()[:TYPED]
        scope = scope_for(request.user)
        paging = paged(request, find_people(typed, scope), PER_PAGE)
        people = list(paging["page_obj"].object_list)
        found = places_of([each.pk for each in people], scope) if people else {}
        context = self.get_context_data(
            typed=typed, people=[shown(each, found.get(each.pk, Places())) for each in people], **paging
        )
        return render(request, self.template_name, context)


def shown(learner: Any, places: Places) -> dict[str, Any]:
    """Return what the screen says of one person."""
    return {
        "learner": learner,
        "addresses": [each.value for each in learner.addresses.all()],
        "runs": [in_words(run) for run in places.runs],
        "series": [{"series": each.series, "words": series_words(each)} for each in places.series],
        "certificates": [
            {"certificate": each, "serial": display(each.serial)} for each in places.certificates
        ],
    }


def series_words(place: PersonInSeries) -> str:
    """Say how somebody stands in a series: what they are registered for, and how often they were there."""
    words = []
    if place.seats:
        seats = ngettext(
            "registered for %(number)s session", "registered for %(number)s sessions", place.seats
        )
        words.append(seats % {"number": place.seats})
    elif place.every:
        words.append(_("registered for all sessions"))
    if place.waitlisted:
        waits = ngettext(
            "on the waiting list of %(number)s session",
            "on the waiting list of %(number)s sessions",
            place.waitlisted,
        )
        words.append(waits % {"number": place.waitlisted})
    if place.attended:
        there = ngettext("attended %(number)s session", "attended %(number)s sessions", place.attended)
        words.append(there % {"number": place.attended})
    return ", ".join(words) or _("no longer registered")


urlpatterns = [path("people/", stays_not_found(PeopleSearchView.as_view()), name="lms_people")]
