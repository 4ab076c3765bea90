"""Attendance in the admin: what counts for a session, a report before and after it counts, who somebody in it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from lms.core import clock
from lms.core.exceptions import KelasError
from lms.core.not_found import stays_not_found
from lms.wagtailadmin.attendance_actions import (
    AgainView,
    ApplyView,
    DiscardView,
    TableView,
    UndoView,
)
from lms.wagtailadmin.attendance_forms import DATE_ORDERS, AssumptionsForm, UploadForm
from lms.wagtailadmin.attendance_views import (
    IDLE,
    AttendanceView,
    Match,
    ReportView,
    State,
    clock_and_zone,
    day_words,
    error_words,
    length_of,
    match_rows,
    minutes_of,
    platform_words,
    remarks_of,
)
from lms.webinars.models import Occurrence, ReportPerson
from lms.webinars.queries import attendance_people as people_reads
from lms.webinars.queries import attendance_report as reads
from lms.webinars.queries.attendance import needed_seconds
from lms.webinars.queries.attendance_plausibility import suggested_zones
from lms.webinars.services import attendance as services

#: Results of a search that are shown.
SHOWN = 20
#: Reports of one session that are shown; nobody uploads more.
REPORTS = 30


class SessionAttendanceView(AttendanceView):
    """What was counted for one session, its reports, and the form that adds one."""

    template_name = "lms/wagtailadmin/attendance/session.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        return self.show_with(UploadForm(zone=self.series.zone))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Read an uploaded report for a preview; nobody's attendance changes."""
        form = UploadForm(request.POST, request.FILES, zone=self.series.zone)
        if self.occurrence.status == Occurrence.Status.CANCELLED:
            messages.error(request, _("This session was cancelled, so no report can be added."))
            return redirect(self.session_address)
        if form.is_valid():
            upload = form.cleaned_data["report"]
            try:
                report = services.preview_report(
                    occurrence=self.occurrence,
                    source=upload.read(),
                    file_name=upload.name,
                    user=request.user,
                    zone=form.cleaned_data["zone"] or None,
                )
            except KelasError as error:
                for words in error_words(error):
                    form.add_error("report", words)
            else:
                return redirect("lms_attendance_report", *self.session_args, report.public_id)
        messages.error(request, _("No report was added. The reason stands below, at the file."))
        return self.show_with(form)

    def show_with(self, form: UploadForm) -> HttpResponse:
        """Render figures, people, reports and form."""
        paging = self.paginated(reads.attendance_of(self.occurrence))
        for row in paging["page_obj"].object_list:
            row.minutes, row.length = minutes_of(row.seconds), minutes_of(row.window_seconds)
        reports = list(reads.reports_of(self.occurrence)[:REPORTS])
        return self.show(
            form=form,
            figures=reads.figures(self.occurrence),
            reports=reports,
            unmatched=sum(each.unmatched_count for each in reports if each.state == State.APPLIED),
            needed_minutes=-(-needed_seconds(self.occurrence) // 60),
            length_minutes=length_of(self.occurrence),
            cancelled=self.occurrence.status == Occurrence.Status.CANCELLED,
            begun=self.occurrence.starts_at <= clock.now(),
            csv_address=reverse("lms_attendance_csv", args=self.session_args),
            **paging,
        )


class ReportScreenView(ReportView):
    """One report: what was assumed, what is odd, whom it names, and what can be done with it."""

    template_name = "lms/wagtailadmin/attendance/report.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        report, zone = self.report, self.series.zone
        counts = reads.match_counts(report)
        hosts = list(reads.hosts_of(report))
        for host in hosts:
            host.minutes = minutes_of(host.seconds)
        forecast = reads.forecast(self.occurrence, report) if report.people_count else None
        paging = self.paginated(reads.people_of(report))
        rows = list(paging["page_obj"].object_list)
        may_set = report.state in IDLE or self.may_decide
        asked = [person for person in rows if is_open(person)] if may_set else []
        suggested = people_reads.suggestions(self.occurrence, asked)
        for person in rows:
            person.suggested = [learner for learner, _score in suggested.get(person.pk, ())][:1]
            person.minutes = minutes_of(person.seconds)
            person.open = is_open(person)
            person.attends = forecast is not None and person.learner_id in forecast.attended
        first = reads.first_joining(report)
        question = services.open_question(report)
        warnings = remarks_of(report, "warning")
        for each in warnings:
            each["zones"] = self.other_zones(each)
        return self.show(
            report=report,
            platform=platform_words(report.platform),
            figures=reads.figures(self.occurrence),
            idle=report.state in IDLE,
            people=rows,
            people_total=report.people_count,
            hosts=hosts,
            unmatched=counts.get(Match.NONE, 0),
            matches=match_rows(counts),
            forecast=forecast,
            question=remarks_of(report, "question")[0] if question else None,
            readings=self.readings(question),
            warnings=warnings,
            notes=remarks_of(report, "note"),
            date_order=dict(DATE_ORDERS).get(report.date_order, ""),
            first_joined=clock_and_zone(first, zone) if first else "",
            starts=clock_and_zone(self.occurrence.starts_at, zone),
            report_zone=clock.zone_label(report.zone) if report.zone in clock.zone_names() else report.zone,
            form=self.form(),
            length_minutes=length_of(self.occurrence),
            error_text=_(report.error) if report.error else "",
            **paging,
        )

    def form(self) -> AssumptionsForm | None:
        """Return the form that reads the report anew, where that is possible."""
        if self.report.state not in IDLE or not self.report.file:
            return None
        form = AssumptionsForm(zone=self.report.zone, date_order=self.report.date_order)
        if self.report.zone not in clock.zone_names():  # the file itself says its zone
            del form.fields["zone"]
        if not self.report.date_order:
            del form.fields["date_order"]
        return form if form.fields else None

    def readings(self, question: dict[str, Any] | None) -> list[dict[str, str]]:
        """Return both readings of an ambiguous date, to choose from."""
        if question is None:
            return []
        days = question["params"]
        return [
            {"value": value, "label": str(label), "day": day_words(days.get(value))}
            for value, label in DATE_ORDERS
            if value != "ymd"
        ]

    def other_zones(self, remark: dict[str, Any]) -> list[dict[str, str]]:
        """Return the zones that a remark about shifted hours suggests."""
        hours = remark["params"].get("hours")
        if remark["code"] != "zone_shift" or not hours or self.report.state not in IDLE:
            return []
        zones = suggested_zones(self.occurrence, self.report.zone, hours)
        return [{"zone": zone, "label": clock.zone_label(zone, self.occurrence.starts_at)} for zone in zones]


def is_open(person: ReportPerson) -> bool:
    """Say whether somebody has to decide who this is: unknown, and there during the session."""
    return person.match == Match.NONE and person.seconds > 0


class PersonView(ReportView):
    """Who somebody in a report is: suggestions, a search among registered people, or nobody who learns."""

    template_name = "lms/wagtailadmin/attendance/person.html"

    def find(self) -> None:
        """Fetch the person through the report."""
        super().find()
        people = self.report.people.select_related("learner")
        self.person = get_object_or_404(people, position=self.kwargs["position"])

    def get_page_title(self) -> str:
        """Ask."""
        return _("Who is this?")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        label = _("Attendance on %(day)s") % {"day": self.session_day}
        return self.trail(
            {"url": self.session_address, "label": label},
            {"url": self.report_address, "label": self.report.file_name},
            {"url": "", "label": self.get_page_title()},
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show what the report says about the person, and who it may be."""
        typed = request.GET.get("q", "").replace("\0", "").strip()[:100]
        suggested = people_reads.suggestions(self.occurrence, [self.person]).get(self.person.pk, [])
        found = list(people_reads.search_registered(self.occurrence, typed)[: SHOWN + 1])
        self.mark_recognised([*found, *(learner for learner, _score in suggested)])
        return self.show(
            report=self.report,
            report_address=self.report_address,
            person=self.person,
            names=self.person.name.splitlines(),
            minutes=minutes_of(self.person.seconds),
            length_minutes=length_of(self.occurrence),
            suggested=[learner for learner, _score in suggested],
            typed=typed,
            found=found[:SHOWN],
            more=len(found) > SHOWN,
            may_set=self.report.state in IDLE or self.may_decide,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Store the answer. Only somebody registered for the series, or suggested, can be chosen."""
        self.refuse_unless_idle_or_deciding()
        answer = request.POST.get("answer", "")
        learner = None
        if answer == "learner":
            registered = people_reads.registered_learners(self.occurrence)
            chosen = request.POST.get("learner", "")
            learner = registered.filter(public_id=chosen).first() or self.suggested(chosen)
            if learner is None:
                messages.error(request, _("This person is not registered for the series. Choose again."))
                return redirect("lms_attendance_person", *self.report_args, self.person.position)
        elif answer not in ("nobody", "open"):
            messages.error(request, _("Nothing was chosen."))
            return redirect("lms_attendance_person", *self.report_args, self.person.position)
        return self.do(
            lambda: services.set_person(
                person=self.person, learner=learner, ignore=answer == "nobody", user=request.user
            ),
            self.report_address,
            _("Saved: who this is."),
        )

    def mark_recognised(self, learners: Iterable[Any]) -> None:
        """Say of learners under which other name they stand in this report. Two devices may still be one person."""
        others = self.report.people.exclude(pk=self.person.pk).filter(
            learner__in=[each.pk for each in learners]
        )
        names = dict(others.values_list("learner", "name"))
        for learner in learners:
            learner.printed_as = " / ".join(names.get(learner.pk, "").splitlines())

    def suggested(self, public_id: str) -> Any:
        """Return a suggested learner, such as one who verified the printed address without registering."""
        suggested = people_reads.suggestions(self.occurrence, [self.person]).get(self.person.pk, [])
        return next((learner for learner, _score in suggested if learner.public_id == public_id), None)


SESSION = "webinars/<uuid:key>/<str:public_id>/attendance/"
REPORT = SESSION + "reports/<str:report_id>/"
urlpatterns = [
    path(SESSION, SessionAttendanceView.as_view(), name="lms_attendance"),
    path(SESSION + "csv/", TableView.as_view(), name="lms_attendance_csv"),
    path(REPORT, ReportScreenView.as_view(), name="lms_attendance_report"),
    path(REPORT + "again/", AgainView.as_view(), name="lms_attendance_again"),
    path(REPORT + "apply/", ApplyView.as_view(), name="lms_attendance_apply"),
    path(REPORT + "undo/", UndoView.as_view(), name="lms_attendance_undo"),
    path(REPORT + "discard/", DiscardView.as_view(), name="lms_attendance_discard"),
    path(REPORT + "people/<int:position>/", PersonView.as_view(), name="lms_attendance_person"),
]
for pattern in urlpatterns:
    pattern.callback = stays_not_found(pattern.callback)
