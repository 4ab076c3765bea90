"""What the attendance screens of one session share, and their words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from lms.core import clock
from lms.core.dates import clock_words, date_words
from lms.core.exceptions import KelasError
from lms.wagtailadmin.schedule_actions import SeriesView
from lms.webinars.models import AttendanceImport, Occurrence, ReportPerson
from lms.webinars.queries import attendance_report as reads
from lms.webinars.report_words import sentence

ICON = "group"
PER_PAGE = 50
State = AttendanceImport.State
Match = ReportPerson.Match
#: States in which a report counts for nothing, so whoever may look may also read it anew.
IDLE = (State.PREVIEWED, State.UNDONE, State.FAILED)


class AttendanceView(SeriesView, WagtailAdminTemplateMixin, View):
    """Base of the screens of one session: the session is one of a series that the visitor may see."""

    header_icon = ICON

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find what the address names before anything else is said about it."""
        self.occurrence.series = self.series
        self.find()
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> None:
        """Fetch what else the address names, or raise 404."""

    @property
    def session_address(self) -> str:
        """Where the attendance of the session is."""
        return reverse("lms_attendance", args=self.session_args)

    @property
    def session_args(self) -> list[Any]:
        """What every address of the session's attendance begins with."""
        return [self.series.activity.key, self.occurrence.public_id]

    @cached_property
    def session_day(self) -> str:
        """The session as breadcrumbs name it."""
        return date_words(self.occurrence.starts_at, self.series.zone)

    def get_page_title(self) -> str:
        """Say where we are."""
        return _("Attendance on %(day)s") % {"day": self.session_day}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        label = _("Attendance on %(day)s") % {"day": self.session_day}
        return self.trail({"url": "", "label": label})

    def show(self, **context: Any) -> HttpResponse:
        """Render the screen."""
        shown = {
            "series": self.series,
            "zone": self.series.zone,
            "occurrence": self.occurrence,
            "may_decide": self.may_decide,
            "session_address": self.session_address,
        }
        return render(self.request, self.template_name, self.get_context_data(**shown, **context))

    def paginated(self, rows: Any) -> dict[str, Any]:
        """Return one page of rows for a template with Wagtail's pagination; an odd number is the nearest page."""
        paginator = WagtailPaginator(rows, PER_PAGE)
        page = paginator.get_page(self.request.GET.get("p"))
        return {"page_obj": page, "elided_page_range": paginator.get_elided_page_range(page.number)}


class ReportView(AttendanceView):
    """Base of what concerns one report: it is a report of this very session."""

    def find(self) -> None:
        """Fetch the report through its session."""
        self.report = get_object_or_404(reads.reports_of(self.occurrence), public_id=self.kwargs["report_id"])
        self.report.occurrence = self.occurrence

    @property
    def report_address(self) -> str:
        """Where the report is shown."""
        return reverse("lms_attendance_report", args=self.report_args)

    @property
    def report_args(self) -> list[Any]:
        """What every address of the report begins with."""
        return [*self.session_args, self.report.public_id]

    def get_page_title(self) -> str:
        """Name the report."""
        return self.report.file_name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        label = _("Attendance on %(day)s") % {"day": self.session_day}
        return self.trail(
            {"url": self.session_address, "label": label}, {"url": "", "label": self.report.file_name}
        )

    def refuse_unless_idle_or_deciding(self) -> None:
        """A report that counts, or is about to, is changed only by people who may decide."""
        if self.report.state not in IDLE and not self.may_decide:
            raise PermissionDenied

    def do(self, action: Callable[[], object], address: str, done: str = "") -> HttpResponse:
        """Do something, say what became of it, and lead on."""
        try:
            action()
        except KelasError as error:
            say_error(self.request, error)
        else:
            if done:
                messages.success(self.request, done)
        return redirect(address)


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────


def error_words(error: KelasError) -> list[str]:
    """Return a refusal as sentences: what is wrong, then the rows it was seen in."""
    return [str(error), *getattr(error, "details", ())]


def say_error(request: HttpRequest, error: KelasError) -> None:
    """Show a refusal on the next screen."""
    messages.error(request, " ".join(error_words(error)))


def minutes_of(seconds: int) -> int:
    """Return whole minutes for people to read, rounded down: nobody is shown a minute that they were not there."""
    return seconds // 60


def length_of(occurrence: Occurrence) -> int:
    """Return the length of a session in whole minutes."""
    return minutes_of(int((occurrence.ends_at - occurrence.starts_at).total_seconds()))


def remarks_of(report: AttendanceImport, kind: str) -> list[dict[str, Any]]:
    """Return the remarks of one kind with their sentence in the reader's language."""
    return [each | {"text": sentence(each)} for each in report.warnings if each.get("kind") == kind]


def clock_and_zone(moment: Any, zone: str) -> str:
    """Return ``18:58 WIB``."""
    return f"{clock_words(moment, zone)} {clock.zone_label(zone, moment)}"


def platform_words(format_id: str) -> str:
    """Return the name of the platform that printed a report: a proper name, the same in every language."""
    names = {"zoom": "Zoom", "teams": "Microsoft Teams", "meet": "Google Meet"}
    return names.get(format_id.partition(".")[0], format_id)


def day_words(stored: Any) -> str:
    """Return a stored date (ISO 8601) in words, or nothing where there is none."""
    try:
        return date_format(dt.date.fromisoformat(str(stored)), "l, j F Y")
    except ValueError:
        return ""


def match_rows(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return how people were recognised, as rows of a list: what, how many; nothing that is none."""
    words: Sequence[tuple[str, Any]] = [
        (Match.NONE, _("not recognised yet")),
        (Match.NAME, _("by the name of a registration; please look at these")),
        (Match.REGISTERED_EMAIL, _("by the e-mail address of a registration")),
        (Match.EMAIL, _("by a verified e-mail address")),
        (Match.PERSON, _("decided by a person")),
        (Match.IGNORED, _("not learners, not counted")),
        (reads.ABSENT, _("not there during the session, so there is nothing to decide")),
    ]
    return [
        {"match": str(match), "number": counts[match], "words": label}
        for match, label in words
        if counts.get(match)
    ]
