"""Results of a course to take along: a table as CSV or Excel, and the record as xAPI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lms.core import clock
from lms.progress import runs
from lms.reports import queries
from lms.reports.export import as_array, statements
from lms.reports.queries import Cell, Part, Result
from lms.reports.tables import as_csv, as_xlsx, download
from lms.wagtailadmin.enrolment_views import (
    CourseView,
    Filters,
    where_words,
)


class ResultsFileView(CourseView):
    """The same results as a file: what is filtered and sorted on the screen, all pages of it."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Send it."""
        form = kwargs["form"]
        if form not in ("csv", "xlsx"):
            raise Http404
        filters = Filters(request.GET, self.course)
        rows = filters.apply(runs.runs_of_course(self.course.pk))
        parts = queries.required(queries.parts_of(self.course.pk, get_language() or ""))
        day = clock.wall_clock(clock.now(), clock.default_zone()).date()
        name = f"{slugify(self.course.title) or _('results')}-{day.isoformat()}"
        table = self.table(queries.all_results(self.course.pk, rows, parts), parts)
        return as_xlsx(table, name) if form == "xlsx" else as_csv(table, name)

    def table(self, results: Iterator[Result], parts: list[Part]) -> Iterator[list[Any]]:
        """Yield the rows of the file; moments are those of the clock in the default zone, which the names of columns say."""
        zone = clock.default_zone()
        label = clock.zone_label(zone)
        yield [
            _("Name"),
            _("E-mail"),
            _("Learner id"),
            _("Status"),
            _("Run"),
            _("Cohort"),
            _("Started (%(zone)s)") % {"zone": label},
            _("Progress (percent)"),
            _("Completed (%(zone)s)") % {"zone": label},
            _("Certificate"),
            *(title for part in parts for title in part_columns(part, label)),
        ]
        for each in results:
            run = each.run
            yield [
                run.learner.name,
                ", ".join(row.value for row in run.learner.addresses.all() if row.kind == "email"),
                run.learner.public_id,
                where_words(run)[1],
                run.run,
                run.cohort.title if run.cohort else "",
                clock.wall_clock(run.started_at, zone),
                run.percent,
                clock.wall_clock(run.completed_at, zone) if run.completed_at else None,
                each.serial,
                *(
                    value
                    for part in parts
                    for value in part_values(part, each.cells.get(part.activity_id), zone)
                ),
            ]


def part_columns(part: Part, zone: str) -> list[str]:
    """Return the names of the columns that a part has in a file: when it was done, and its score or minutes."""
    columns = [_("%(part)s: done (%(zone)s)") % {"part": part.title, "zone": zone}]
    if scored(part):
        columns.append(_("%(part)s: score (percent)") % {"part": part.title})
    if timed(part):
        columns.append(_("%(part)s: minutes") % {"part": part.title})
    return columns


def part_values(part: Part, cell: Cell | None, zone: str) -> list[Any]:
    """Return what stands in these columns."""
    cell = cell or Cell()
    values: list[Any] = [clock.wall_clock(cell.done_at, zone) if cell.done_at else None]
    if scored(part):
        values.append(None if cell.score is None else round(cell.score * 100, 2))
    if timed(part):
        values.append(None if cell.seconds is None else cell.seconds // 60)
    return values


def scored(part: Part) -> bool:
    """Say whether a part has a score."""
    return part.kind == "quiz" or "min_score" in part.rule


def timed(part: Part) -> bool:
    """Say whether a part has minutes."""
    timed_rule = "min_seconds" in part.rule or "min_watched" in part.rule
    return part.kind in ("webinar_series", "occurrence") or timed_rule


class RecordView(CourseView):
    """The ledger of a course as xAPI statements, for those who may decide."""

    decides = True

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Send them, piece by piece."""
        pieces = as_array(statements(course=self.course))
        name = f"{slugify(self.course.title) or 'xapi'}-xapi.json"
        return download(StreamingHttpResponse(pieces, content_type="application/json; charset=utf-8"), name)
