"""Results of a course in the admin: a table that can be searched, sorted and taken along, and one learner's whole story."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from lms.core.not_found import stays_not_found
from lms.core.serials import display
from lms.progress import runs, services
from lms.reports import queries
from lms.reports.queries import Cell
from lms.reports.words import minutes_words, reason_words, record_words, score_words
from lms.wagtailadmin.enrolment_log import note
from lms.wagtailadmin.enrolment_views import (
    CourseView,
    Filters,
    day_of,
    in_words,
    person_name,
)
from lms.wagtailadmin.results_files import RecordView, ResultsFileView

#: Records of one learner that are shown.
HISTORY = 200


class ResultsView(CourseView):
    """The results of a course: one row for each run, one column for each part that counts."""

    template_name = "lms/wagtailadmin/results/results.html"
    label = gettext_lazy("Results")
    place = "results"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show them."""
        filters = Filters(request.GET, self.course)
        parts = queries.required(queries.parts_of(self.course.pk, get_language() or ""))
        paging = self.paginated(filters.apply(runs.runs_of_course(self.course.pk)))
        rows = [in_words(run) for run in paging["page_obj"].object_list]
        results = queries.results_of(self.course.pk, rows, parts)
        return self.show(
            filters=filters,
            parts=parts,
            results=[
                {
                    "run": each.run,
                    "cells": [cell_words(each.cells.get(part.activity_id)) for part in parts],
                    "serial": each.serial,
                    "shown_serial": display(each.serial) if each.serial else "",
                }
                for each in results
            ],
            **paging,
        )


def cell_words(cell: Cell | None) -> dict[str, Any]:
    """Return what a cell of the table shows."""
    if cell is None:
        return {"done_on": None, "detail": ""}
    detail = []
    if cell.score is not None:
        detail.append(score_words(cell.score))
    if cell.seconds is not None:
        detail.append(minutes_words(cell.seconds))
    if cell.waived:
        detail.append(_("exempted"))
    return {"done_on": day_of(cell.done_at), "detail": ", ".join(detail)}


# ── one learner ──────────────────────────────────────────────────────────────────────────────────────────────────


class LearnerView(CourseView):
    """One learner's run of a course: each part, exemptions, earlier and later runs, and everything that was recorded."""

    template_name = "lms/wagtailadmin/results/learner.html"
    place = "people"

    def find(self) -> None:
        """Fetch the run through its course."""
        own = runs.runs_of_course(self.course.pk)
        self.run: Any = get_object_or_404(own, public_id=self.kwargs["public_id"])

    def get_page_title(self) -> str:
        """Name the learner."""
        return self.run.learner.name or _("(no name)")

    @property
    def own_address(self) -> str:
        """Where this run is shown."""
        return reverse("lms_enrolment", args=[self.course.key, self.run.public_id])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        parts = queries.parts_of(self.course.pk, get_language() or "")
        result = queries.results_of(self.course.pk, [self.run], parts)[0]
        learner_id = self.run.learner_id
        ids = {pk for part in parts for pk in (part.activity_id, *part.counted_in)} | {self.course.pk}
        records = list(runs.everything_said(learner_id=learner_id, activity_ids=ids)[: HISTORY + 1])
        waived = runs.waived_in(learner_id=learner_id, activity_ids=ids)
        in_words(self.run)
        others = runs.runs_of_course(self.course.pk).filter(learner_id=learner_id).order_by("run")
        return self.show(
            run=self.run,
            learner=self.run.learner,
            addresses=self.run.learner.addresses.all(),
            runs=[in_words(row) for row in others],
            parts=[
                {
                    "part": part,
                    "indent": part.depth * 1.5,
                    "waived": part.activity_id in waived,
                    **cell_words(result.cells.get(part.activity_id)),
                }
                for part in parts
            ],
            course_waived=self.course.pk in waived,
            running=self.run.where in ("going_on", "later", "completed"),
            may_start_again=self.run.state == runs.State.ACTIVE and self.run.run == others.count(),
            serial=result.serial,
            shown_serial=display(result.serial) if result.serial else "",
            history=[
                {
                    "record": each,
                    "words": record_words(each),
                    "reasons": reason_words(each.reason, each.reason_params),
                    "voided": hasattr(each, "voided_by"),
                }
                for each in records[:HISTORY]
            ],
            more=len(records) > HISTORY,
        )


class LearnerActView(LearnerView):
    """What is decided about one learner: exempt, take that back, start again. Done by POST."""

    decides = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it."""
        what = request.POST.get("do", "")
        if what == "again":
            return self.again()
        if what in ("waive", "unwaive"):
            return self.exempt(what)
        raise Http404

    def again(self) -> HttpResponse:
        """Start a further run."""
        run = self.run

        def start() -> Any:
            new = services.start_again(
                learner_id=run.learner_id, activity_id=self.course.pk, after_run=run.run, end_now=True
            )
            note(course=self.course, user=self.request.user, what="again", number=1)
            return new

        return self.do(
            start, self.own_address, lambda new: _("Run %(number)s has started.") % {"number": new.run}
        )

    def exempt(self, what: str) -> HttpResponse:
        """Exempt the learner from a part or the whole, or take that back."""
        key = self.request.POST.get("part", "")
        keys = {str(part.key): part.activity_id for part in queries.parts_of(self.course.pk, "")}
        keys[str(self.course.key)] = self.course.pk
        if key not in keys:
            raise Http404
        about: dict[str, Any] = {
            "learner_id": self.run.learner_id,
            "course_id": self.course.pk,
            "activity_id": keys[key],
            "by": person_name(self.request.user),
        }

        def decided(count: int) -> int:
            note(course=self.course, user=self.request.user, what=what, number=count)
            return count

        if what == "waive":
            reason = self.request.POST.get("reason", "")
            return self.do(
                lambda: decided(services.waive(**about, reason=reason)),
                self.own_address,
                lambda count: _("The exemption was recorded.") if count else _("That was exempted already."),
            )
        return self.do(
            lambda: decided(services.take_waiver_back(**about)),
            self.own_address,
            lambda count: _("The exemption was taken back.") if count else _("There was no exemption."),
        )


urlpatterns = [
    path("courses/<uuid:key>/results/", ResultsView.as_view(), name="lms_course_results"),
    path("courses/<uuid:key>/results.<str:form>", ResultsFileView.as_view(), name="lms_course_results_file"),
    path("courses/<uuid:key>/xapi.json", RecordView.as_view(), name="lms_course_xapi"),
    path("courses/<uuid:key>/people/<str:public_id>/", LearnerView.as_view(), name="lms_enrolment"),
    path("courses/<uuid:key>/people/<str:public_id>/do/", LearnerActView.as_view(), name="lms_enrolment_do"),
]
for pattern in urlpatterns:
    pattern.callback = stays_not_found(pattern.callback)
