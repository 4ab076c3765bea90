"""What is done with sessions in the admin: move, cancel, confirm or dismiss a proposed change. Asked by GET, done by POST."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from lms.core import clock
from lms.core.dates import date_words
from lms.core.exceptions import KelasError
from lms.wagtailadmin.schedule_forms import MoveForm
from lms.wagtailadmin.scope import DECIDE, may, series_for
from lms.webinars.models import Occurrence, Registration, ScheduleChange, WebinarSeries
from lms.webinars.queries import schedule as queries
from lms.webinars.services import schedule as services

ICON = "calendar-alt"
#: Names that a question about a session gives; of further people it says how many.
NAMED = 10


class SeriesView:
    """What every view of one series shares: the series is one that the visitor may see, and children come from it."""

    request: HttpRequest
    kwargs: dict[str, Any]
    breadcrumbs_items: list[dict[str, Any]]
    decides = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever may look but not decide, where something is decided."""
        if self.decides and not self.may_decide:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    @cached_property
    def series(self) -> WebinarSeries:
        """The series of the address."""
        mine = series_for(self.request.user).select_related("activity").defer("rule")
        return get_object_or_404(mine, activity__key=self.kwargs["key"])

    @cached_property
    def may_decide(self) -> bool:
        """Whether the visitor may move, cancel, confirm and dismiss here."""
        return may(self.request.user, self.series, DECIDE)

    @cached_property
    def occurrence(self) -> Occurrence:
        """The session of the address."""
        own = queries.session_overview(self.series)
        occurrence = get_object_or_404(own, public_id=self.kwargs["public_id"])
        occurrence.people_words = people_words(occurrence)
        return occurrence

    @property
    def address(self) -> str:
        """Where the list of the series' sessions is."""
        return reverse("lms_sessions", args=[self.series.activity.key])

    def trail(self, *more: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the breadcrumbs down to the series, and further."""
        webinars = {"url": reverse("lms_schedule"), "label": _("Webinars")}
        here = {"url": self.address if more else "", "label": self.series.activity.title}
        return [*WagtailAdminTemplateMixin.breadcrumbs_items, webinars, here, *more]


def people_words(row: Any) -> str:
    """Return how many people a session or a change of one touches, from ``registered`` and ``waitlisted``."""
    number, waiting = row.registered, getattr(row, "waitlisted", 0)
    if not number and not waiting:
        return _("Nobody has a seat")
    words = ngettext("%(number)s has a seat", "%(number)s have a seat", number) % {"number": intcomma(number)}
    if waiting:
        queue = ngettext("%(number)s waits for one", "%(number)s wait for one", waiting)
        words += ", " + queue % {"number": intcomma(waiting)}
    return words


def names_words(occurrence: Any) -> str:
    """Return the names of whom a session touches: who has a seat, then who waits for one."""
    states = [Registration.State.REGISTERED, Registration.State.WAITLISTED]
    places = occurrence.registrations.filter(state__in=states).order_by("state", "queued_at", "pk")
    names = [name or _("(no name)") for name in places.values_list("learner__name", flat=True)[:NAMED]]
    words = ", ".join(names)
    if more := occurrence.registered + occurrence.waitlisted - len(names):
        words = ngettext("%(names)s and %(more)s more", "%(names)s and %(more)s more", more) % {
            "names": words,
            "more": intcomma(more),
        }
    return words


def told_words(done: str, number: int) -> str:
    """Return what was done to a session, and how many people are told of it."""
    if not number:
        return done
    told = ngettext("%(number)s person is told.", "%(number)s people are told.", number)
    return f"{done} {told % {'number': intcomma(number)}}"


def in_words(changes: Iterable[ScheduleChange]) -> list[ScheduleChange]:
    """Give each change what templates say of it: whom it touches, and when a moved session takes place."""
    rows = list(changes)
    for change in rows:
        change.people_words = people_words(change)
        change.new_span = SimpleNamespace(starts_at=change.new_starts_at, ends_at=change.new_ends_at)
    return rows


def touched(changes: Iterable[ScheduleChange]) -> int:
    """Return how many places changes touch: seats, and places in queues."""
    return sum(change.registered + change.waitlisted for change in changes)  # type: ignore[attr-defined]


# ── one session ──────────────────────────────────────────────────────────────────────────────────────────────────


class SessionActionView(SeriesView, WagtailAdminTemplateMixin, View):
    """Base of what is done with one session: asked by GET, done by POST."""

    header_icon = ICON
    decides = True
    label: Any = ""

    def get_page_title(self) -> str:
        """Say what is about to be done."""
        return str(self.label)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return self.trail({"url": "", "label": self.label})

    def show(self, **context: Any) -> HttpResponse:
        """Render the question."""
        shown: dict[str, Any] = {"series": self.series, "zone": self.series.zone, "cancel_url": self.address}
        if occurrence := context.get("occurrence"):
            shown["names"] = names_words(occurrence)
        return render(self.request, self.template_name, self.get_context_data(**shown, **context))


class CancelView(SessionActionView):
    """Cancel one session."""

    template_name = "lms/wagtailadmin/schedule/cancel.html"
    label = gettext_lazy("Cancel session")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask, and say whom it touches."""
        if self.occurrence.status == Occurrence.Status.CANCELLED:
            messages.info(request, _("This session was cancelled already."))
            return redirect(self.address)
        return self.show(occurrence=self.occurrence, over=self.occurrence.ends_at <= clock.now())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it."""
        return _do(
            request,
            self.address,
            _("The session was cancelled."),
            lambda: services.cancel_occurrence(occurrence=self.occurrence, user=request.user),
        )


class MoveView(SessionActionView):
    """Move one session to another time."""

    template_name = "lms/wagtailadmin/schedule/move.html"
    label = gettext_lazy("Move session")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask when, and say whom it touches."""
        return self.show(
            occurrence=self.occurrence, form=MoveForm(occurrence=self.occurrence, zone=self.series.zone)
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, or say what is wrong with the time."""
        form = MoveForm(request.POST, occurrence=self.occurrence, zone=self.series.zone)
        if form.is_valid():
            starts_at, ends_at = form.span
            try:
                services.move_occurrence(
                    occurrence=self.occurrence, starts_at=starts_at, ends_at=ends_at, user=request.user
                )
            except KelasError as error:
                form.add_error(None, str(error))
            else:
                number = self.occurrence.registered + self.occurrence.waitlisted
                messages.success(request, told_words(_("The session was moved."), number))
                return redirect(self.address)
        return self.show(occurrence=self.occurrence, form=form)


# ── proposed changes ─────────────────────────────────────────────────────────────────────────────────────────────


class DecideView(SessionActionView):
    """Confirm or dismiss changes: the ones that were shown when the button was pressed, and no others."""

    template_name = "lms/wagtailadmin/schedule/decide.html"
    confirms = True

    def get_page_title(self) -> str:
        """Say what is about to be done."""
        return _("Confirm changes") if self.confirms else _("Keep sessions as they are")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return self.trail({"url": "", "label": self.get_page_title()})

    @property
    def waiting(self) -> QuerySet[ScheduleChange]:
        """Changes of this series that wait."""
        return queries.waiting_changes(within=WebinarSeries.objects.filter(pk=self.series.pk))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show all that waits, and whom it touches."""
        changes = in_words(self.waiting)
        if not changes:
            messages.info(request, _("No change waits for a decision."))
            return redirect(self.address)
        return self.show(changes=changes, touched=touched(changes), confirms=self.confirms)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Decide on each change that was shown; one that fails is named and stops no other."""
        asked = ScheduleChange.objects.filter(
            occurrence__series=self.series, public_id__in=request.POST.getlist("change")
        ).select_related("occurrence")
        changes = list(asked.order_by("occurrence__starts_at", "pk"))
        refused = self._decide(changes)
        for change in changes:
            if change.pk in refused:
                when = date_words(change.occurrence.starts_at, self.series.zone)
                messages.error(request, f"{when}: {refused[change.pk]}")
        if done := len(changes) - len(refused):
            messages.success(request, self._words(done))
        return redirect(self.address)

    def _decide(self, changes: list[ScheduleChange]) -> dict[int, KelasError]:
        if self.confirms:
            return services.confirm_changes(changes=changes, user=self.request.user)
        refused = {}
        for change in changes:
            try:
                services.dismiss_change(change=change, user=self.request.user)
            except KelasError as error:
                refused[change.pk] = error
        return refused

    def _words(self, number: int) -> str:
        if self.confirms:
            words = ngettext(
                "One change was made. People with a place are told.",
                "%(number)s changes were made. People with a place are told.",
                number,
            )
        else:
            words = ngettext("One session stays as it is.", "%(number)s sessions stay as they are.", number)
        return words % {"number": number}


def _do(request: HttpRequest, address: str, done: str, action: Callable[[], object]) -> HttpResponse:
    try:
        action()
    except KelasError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(address)
