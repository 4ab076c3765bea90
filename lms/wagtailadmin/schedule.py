"""Webinars in the admin: the series that somebody manages, their sessions, and changes that wait for a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from lms.catalogue.queries import activity_of
from lms.core import clock
from lms.core.base_page import base_page
from lms.core.not_found import stays_not_found
from lms.wagtailadmin.adding import add_buttons
from lms.wagtailadmin.schedule_actions import (
    ICON,
    CancelView,
    DecideView,
    MoveView,
    SeriesView,
    in_words,
    people_words,
    touched,
)
from lms.wagtailadmin.schedule_panels import KIND
from lms.wagtailadmin.scope import series_for
from lms.webinars.models import Occurrence, ScheduleChange, WebinarSeries
from lms.webinars.queries import schedule as queries

# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────


class SeriesListView(BaseListingView):
    """The series that somebody manages: what waits for a decision first, then what comes next."""

    page_title = gettext_lazy("Webinars")
    header_icon = ICON
    template_name = "lms/wagtailadmin/schedule/series_list.html"
    results_template_name = "lms/wagtailadmin/schedule/series_results.html"
    index_url_name = "lms_schedule"
    index_results_url_name = "lms_schedule_results"
    paginate_by = 50
    is_searchable = True
    search_fields = ("activity__title",)

    def get_base_queryset(self) -> QuerySet[WebinarSeries]:
        """Return the series with their figures."""
        return queries.series_overview(within=series_for(self.request.user)).order_by(
            F("waiting").desc(), F("next_starts_at").asc(nulls_last=True), "activity__title", "pk"
        )

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Lead to a new series, whoever may add one."""
        return add_buttons(self.request.user, KIND)


class SessionListView(SeriesView, BaseListingView):
    """The sessions of one series, and the changes of them that wait for a decision."""

    header_icon = ICON
    template_name = "lms/wagtailadmin/schedule/sessions.html"
    results_template_name = "lms/wagtailadmin/schedule/session_results.html"
    index_results_url_name = None
    paginate_by = 50
    is_searchable = False

    def get_base_queryset(self) -> QuerySet[Occurrence]:
        """Return the sessions with their figures."""
        return queries.session_overview(self.series)

    def get_index_url(self) -> str:
        """Return where page 2 is to be found."""
        return self.address

    def get_page_title(self) -> str:
        """Name the series."""
        return _("Sessions of %(series)s") % {"series": self.series.activity.title}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return self.trail()

    @cached_property
    def page(self) -> Any:
        """The page of the series, or None when all are gone."""
        page_id = self.series.governing_page_id  # type: ignore[attr-defined]
        return base_page().objects.filter(pk=page_id).first()

    def get_header_buttons(self) -> list[HeaderButton]:
        """Lead to the page."""
        if self.page is None:
            return []
        edit = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        return [HeaderButton(_("Edit page"), url=edit, icon_name="edit", icon_only=True)]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what stands above the list, and what each row says in words."""
        context = super().get_context_data(*args, **kwargs)
        sessions = list(context["object_list"])
        now = clock.now()
        decided = _decisions(sessions)
        for one in sessions:
            one.phase, one.people_words = phase(one, now), people_words(one)
            one.decision = decided.get(one.pk)
            one.rule_differs = one.phase == "coming" and (one.starts_at, one.ends_at) != (
                one.slot_starts_at,
                one.slot_ends_at,
            )
        mine = WebinarSeries.objects.filter(pk=self.series.pk)
        changes = in_words(queries.waiting_changes(within=mine, now=now))
        return context | {
            "series": self.series,
            "zone": self.series.zone,
            "sessions": sessions,
            "changes": changes,
            "touched": touched(changes),
            "may_decide": self.may_decide,
            "page": self.page,
        }


def phase(occurrence: Occurrence, now: dt.datetime) -> str:
    """Return where a session stands: ``cancelled``, ``coming``, ``on`` or ``over``."""
    if occurrence.status == Occurrence.Status.CANCELLED:
        return "cancelled"
    if occurrence.starts_at > now:
        return "coming"
    return "on" if occurrence.ends_at > now else "over"


def _decisions(sessions: Iterable[Occurrence]) -> dict[int, ScheduleChange]:
    """Return occurrence id → what was last decided about it: one query."""
    done = ScheduleChange.objects.filter(
        occurrence__in=[one.pk for one in sessions], state=ScheduleChange.State.CONFIRMED
    )
    found = {}
    for change in done.select_related("decided_by").order_by("decided_at"):
        user = change.decided_by
        change.who = (user.get_full_name() or user.get_username()) if user else ""
        found[change.occurrence_id] = change
    return found


def sessions_of_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Lead from a page, in whatever language, to the sessions of its series."""
    page = get_object_or_404(base_page(), pk=page_id)
    activity = activity_of(page)
    if activity is not None and series_for(request.user).filter(activity=activity).exists():
        return redirect("lms_sessions", key=activity.key)
    never_compiled = not WebinarSeries.objects.filter(activity=activity).exists()
    if never_compiled and page.permissions_for_user(request.user).can_edit():
        messages.info(
            request, _("This series has no sessions yet. They are made when its page is published.")
        )
        return redirect("wagtailadmin_pages:edit", page.pk)
    raise Http404


urlpatterns = [
    path("webinars/", SeriesListView.as_view(), name="lms_schedule"),
    path("webinars/results/", SeriesListView.as_view(results_only=True), name="lms_schedule_results"),
    path("webinars/page/<int:page_id>/", sessions_of_page, name="lms_sessions_of_page"),
    path("webinars/<uuid:key>/", SessionListView.as_view(), name="lms_sessions"),
    path("webinars/<uuid:key>/confirm/", DecideView.as_view(), name="lms_changes_confirm"),
    path("webinars/<uuid:key>/dismiss/", DecideView.as_view(confirms=False), name="lms_changes_dismiss"),
    path("webinars/<uuid:key>/<str:public_id>/move/", MoveView.as_view(), name="lms_session_move"),
    path("webinars/<uuid:key>/<str:public_id>/cancel/", CancelView.as_view(), name="lms_session_cancel"),
]
for pattern in urlpatterns:
    pattern.callback = stays_not_found(pattern.callback)
