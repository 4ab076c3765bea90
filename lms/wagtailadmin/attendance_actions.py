"""What is done with a report: read it anew, apply, undo, discard; and the table of attendance as a file."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from lms.core import clock
from lms.core.cells import safe_cell
from lms.wagtailadmin.attendance_forms import AssumptionsForm
from lms.wagtailadmin.attendance_views import AttendanceView, ReportView, State, minutes_of
from lms.webinars.queries import attendance_report as reads
from lms.webinars.services import attendance as services


class AgainView(ReportView):
    """Read a report anew, with another zone or order of dates."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it."""
        form = AssumptionsForm(request.POST, zone=self.report.zone, date_order=self.report.date_order)
        if not form.is_valid():
            messages.error(request, _("Choose a time zone and an order of the dates from the lists."))
            return redirect(self.report_address)
        given = form.cleaned_data
        return self.do(
            lambda: services.preview_again(
                attendance_import=self.report,
                user=request.user,
                zone=given["zone"] or None,
                date_order=given["date_order"] or None,
            ),
            self.report_address,
            _("The report was read anew."),
        )


class ApplyView(ReportView):
    """Let a report count. Pressing the button twice is pressing it once."""

    decides = True

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask the worker, unless the report was read anew since it was shown."""
        seen = request.POST.get("seen")
        if seen and self.report.state == State.PREVIEWED and seen != self.report.updated_at.isoformat():
            messages.error(
                request, _("Somebody read the report anew after you opened it. Look at it once more.")
            )
            return redirect(self.report_address)
        return self.do(
            lambda: services.request_apply(attendance_import=self.report, user=request.user),
            self.report_address,
        )


class UndoView(ReportView):
    """Take a report back: asked by GET, done by POST."""

    template_name = "lms/wagtailadmin/attendance/undo.html"
    decides = True

    def get_page_title(self) -> str:
        """Say what is about to be done."""
        return _("Undo the report")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask."""
        if self.report.state not in (State.APPLIED, State.QUEUED):
            messages.info(request, _("This report does not count, so there is nothing to undo."))
            return redirect(self.report_address)
        return self.show(report=self.report, cancel_url=self.report_address)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it."""
        return self.do(
            lambda: services.undo_import(attendance_import=self.report, user=request.user),
            self.report_address,
            _("The report no longer counts."),
        )


class DiscardView(ReportView):
    """Throw a preview away."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it."""
        if services.discard_preview(attendance_import=self.report, user=request.user):
            messages.success(request, _("The preview was discarded. Nobody's attendance changed."))
            return redirect(self.session_address)
        messages.error(request, _("Only a preview that never counted can be discarded."))
        return redirect(self.report_address)


# ── the table as a file ──────────────────────────────────────────────────────────────────────────────────────────

COLUMNS = (
    gettext_lazy("Name"),
    gettext_lazy("E-mail"),
    gettext_lazy("Had a seat"),
    gettext_lazy("First joined"),
    gettext_lazy("Last left"),
    gettext_lazy("Minutes"),
    gettext_lazy("Minutes of the session"),
    gettext_lazy("Attended"),
)


class TableView(AttendanceView):
    """The attendance of one session as CSV: UTF-8 with a mark, so that spreadsheet programs see the letters."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Send it."""
        day = clock.wall_clock(self.occurrence.starts_at, self.series.zone).date()
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{_("attendance")}-{day.isoformat()}.csv"'
        response["Cache-Control"] = "private, no-store"
        csv.writer(response).writerows(self.rows())
        return response

    def rows(self) -> Iterator[list[Any]]:
        """Yield the rows of the file; times are those of the clock in the series' zone."""
        yield [str(column) for column in COLUMNS]
        yes, no = _("yes"), _("no")
        for row in reads.attendance_of(self.occurrence).prefetch_related("learner__addresses"):
            cells = [
                row.learner.name,
                ", ".join(each.value for each in row.learner.addresses.all() if each.kind == "email"),
                yes if row.registered else no,
                self.moment(row.first_joined_at),
                self.moment(row.last_left_at),
                minutes_of(row.seconds),
                minutes_of(row.window_seconds),
                yes if row.attended else no,
            ]
            yield [safe_cell(cell) for cell in cells]

    def moment(self, value: dt.datetime | None) -> str:
        """Return a moment as spreadsheet programs read it, or nothing."""
        return clock.wall_clock(value, self.series.zone).strftime("%Y-%m-%d %H:%M:%S") if value else ""
