"""What the screens of one course share: its address, its trail, who may decide, and the list of people with its filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from lms.catalogue.models import Activity
from lms.core import clock
from lms.core.exceptions import KelasError
from lms.progress import runs
from lms.progress.offers import mode_of
from lms.wagtailadmin.scope import DECIDE, courses_for

ICON = "group"
PER_PAGE = 50
#: Longest search that is looked at.
TYPED = 100


class CourseView(WagtailAdminTemplateMixin, View):
    """Base of every screen of one course: the course is one that the visitor may see, and children come from it."""

    header_icon = ICON
    #: Which of the course's screens this is, for the row of links above it.
    place = ""
    #: Whether looking at it needs the permission to decide.
    decides = False
    label: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the course before anything else is said about it; refuse whoever may look but not decide."""
        self.course: Activity = get_object_or_404(courses_for(request.user), key=kwargs["key"])
        if (self.decides or request.method == "POST") and not self.may_decide:
            raise PermissionDenied
        self.find()
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> None:
        """Fetch what else the address names, or raise 404."""

    @cached_property
    def may_decide(self) -> bool:
        """Whether the visitor may enrol, decide and exempt here."""
        user: Any = self.request.user
        return user.is_superuser or courses_for(user, DECIDE).filter(pk=self.course.pk).exists()

    @property
    def address(self) -> str:
        """Where the list of the course's people is."""
        return reverse("lms_enrolments", args=[self.course.key])

    def get_page_title(self) -> str:
        """Say what is shown or done here."""
        return str(self.label)

    def get_page_subtitle(self) -> str:
        """Name the course."""
        return self.course.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        courses = {"url": reverse("lms_courses"), "label": _("Courses")}
        here = {"url": self.address, "label": self.course.title}
        return [
            *WagtailAdminTemplateMixin.breadcrumbs_items,
            courses,
            here,
            *self.between(),
            {"url": "", "label": self.get_page_title()},
        ]

    def between(self) -> list[dict[str, Any]]:
        """Return further steps of the way here."""
        return []

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        """Render the screen."""
        shown = {
            "course": self.course,
            "zone": clock.default_zone(),
            "now": clock.now(),
            "may_decide": self.may_decide,
            "place": self.place,
            "address": self.address,
        }
        found = self.get_context_data(**shown, **context)
        return render(self.request, self.template_name, found, status=status)

    @cached_property
    def mode(self) -> str:
        """Who may start the course."""
        return mode_of(self.course.pk)

    def paginated(self, rows: Any) -> dict[str, Any]:
        """Return one page of rows for a template with Wagtail's pagination; an odd number is the nearest page."""
        paginator = WagtailPaginator(rows, PER_PAGE)
        page = paginator.get_page(self.request.GET.get("p"))
        return {"page_obj": page, "elided_page_range": paginator.get_elided_page_range(page.number)}

    def do(self, action: Callable[[], Any], address: str, done: Callable[[Any], str]) -> HttpResponse:
        """Do something, say what became of it, and lead on."""
        try:
            result = action()
        except KelasError as refusal:
            messages.error(self.request, str(refusal))
        else:
            words = done(result)
            if words:
                messages.success(self.request, words)
        return redirect(address)


# ── filters ──────────────────────────────────────────────────────────────────────────────────────────────────────

#: What a run can be filtered by: where it stands.
STATES = ("going_on", "requested", "completed", "over", "withdrawn", "declined")
#: What the tables can be sorted by; a minus before it turns the order round.
ORDERS = {
    "name": ("learner__name", "learner_id", "run"),
    "started": ("started_at", "pk"),
    "percent": ("percent", "pk"),
    "completed": ("completed_at", "pk"),
}


def state_words() -> dict[str, str]:
    """Return the states that a list can be filtered by, in words."""
    return {
        "going_on": _("taking part"),
        "requested": _("asking to take part"),
        "completed": _("has completed"),
        "over": _("ended"),
        "withdrawn": _("left the course"),
        "declined": _("declined"),
    }


class Filters:
    """What a list of runs is narrowed to, as the address says it. Odd values are left out."""

    def __init__(self, query: QueryDict, course: Activity) -> None:
        self.typed = query.get("q", "").replace("\0", "").strip()[:TYPED]
        self.state = query.get("state", "") if query.get("state") in STATES else ""
        self.cohorts = list(runs.cohorts_of(course.pk))
        keys = {cohort.public_id for cohort in self.cohorts}
        self.cohort = query.get("cohort", "") if query.get("cohort") in keys else ""
        asked = query.get("sort", "")
        self.sort = asked if asked.removeprefix("-") in ORDERS else ""

    def __bool__(self) -> bool:
        return bool(self.typed or self.state or self.cohort)

    def states(self) -> list[dict[str, Any]]:
        """Return the choices of states, for a form."""
        return [
            {"value": value, "label": label, "chosen": value == self.state}
            for value, label in state_words().items()
        ]

    def query(self, **changes: str) -> str:
        """Return the same filters as a query string, some of them changed."""
        values = {"q": self.typed, "state": self.state, "cohort": self.cohort, "sort": self.sort} | changes
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in values.items() if value})
        return query.urlencode()

    def columns(self) -> dict[str, str]:
        """Return for each sortable column the query that sorts by it: the other way round when it is sorted so already."""
        return {name: self.query(sort=f"-{name}" if self.sort == name else name) for name in ORDERS}

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow and sort runs."""
        now = clock.now()
        if self.typed:
            rows = runs.found_by(rows, self.typed)
        if self.cohort:
            rows = rows.filter(cohort__public_id=self.cohort)
        if self.state == "going_on":
            rows = runs.going_on(rows, now)
        elif self.state == "over":
            rows = runs.over(rows, now)
        elif self.state == "completed":
            rows = rows.filter(completed_at__isnull=False)
        elif self.state:
            rows = rows.filter(state=self.state)
        order = ORDERS[self.sort.removeprefix("-") or "name"]
        if self.sort.startswith("-"):
            return rows.order_by(*(F(name).desc(nulls_last=True) for name in order))
        return rows.order_by(*(F(name).asc(nulls_last=True) for name in order))


def where_words(run: Any) -> tuple[str, str]:
    """Return where a run stands, as a code and in words: requested, declined, withdrawn, over, later, completed, going_on."""
    now = clock.now()
    words = state_words()
    if run.state != runs.State.ACTIVE:
        return run.state, words[run.state]
    if run.completed_at is not None:
        return "completed", words["completed"]
    if run.ends_at is not None and run.ends_at <= now:
        return "over", words["over"]
    if run.started_at > now:
        return "later", _("begins later")
    return "going_on", words["going_on"]


def addressed(page: Any) -> list[Any]:
    """Give each run of a page its learner's addresses and where it stands, in words: one query for all."""
    rows = list(page.object_list)
    prefetch_related_objects(rows, "learner__addresses")
    for row in rows:
        in_words(row).addresses = ", ".join(each.value for each in row.learner.addresses.all())
    return rows


def in_words(run: Any) -> Any:
    """Give a run what templates say of it: where it stands, its last day, and the day on which it was completed."""
    run.where, run.where_words = where_words(run)
    run.last_day = day_of(run.ends_at - dt.timedelta(seconds=1)) if run.ends_at else None
    run.completed_on = day_of(run.completed_at)
    return run


def day_of(moment: dt.datetime | None) -> dt.date | None:
    """Return the day of a moment in the default zone."""
    return clock.wall_clock(moment, clock.default_zone()).date() if moment else None


def person_name(user: Any) -> str:
    """Return the name of a member of staff, as the record keeps it."""
    return user.get_full_name() or user.get_username()
