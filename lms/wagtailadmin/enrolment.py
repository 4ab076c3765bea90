"""Enrolment in the admin: the courses that somebody manages, who takes them, and what is decided about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import Button
from wagtail.permissions import page_permission_policy

from lms.catalogue.models import Activity
from lms.catalogue.queries import activity_of
from lms.core.base_page import base_page
from lms.core.exceptions import KelasError
from lms.core.not_found import stays_not_found
from lms.progress import runs, services
from lms.wagtailadmin.enrolment_log import note
from lms.wagtailadmin.enrolment_views import ICON, CourseView, Filters, addressed
from lms.wagtailadmin.scope import COURSES, VIEW, courses_for

#: People that one click may concern.
MOST = 500


class CourseListView(BaseListingView):
    """The courses that somebody manages: who asks first, then by title."""

    page_title = gettext_lazy("Courses")
    header_icon = ICON
    template_name = "lms/wagtailadmin/enrolment/courses.html"
    results_template_name = "lms/wagtailadmin/enrolment/courses_results.html"
    index_url_name = "lms_courses"
    index_results_url_name = "lms_courses_results"
    paginate_by = 50
    is_searchable = True
    search_fields = ("title",)

    def get_base_queryset(self) -> QuerySet[Activity]:
        """Return the courses with their figures."""
        return runs.with_figures(courses_for(self.request.user)).order_by(F("asking").desc(), "title", "pk")


class PeopleView(CourseView):
    """Who takes a course, asks to, or did; searched, filtered, and chosen to decide about many at once."""

    template_name = "lms/wagtailadmin/enrolment/people.html"
    label = gettext_lazy("Participants")
    place = "people"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show them."""
        filters = Filters(request.GET, self.course)
        paging = self.paginated(filters.apply(runs.runs_of_course(self.course.pk)))
        figures = runs.figures_of(self.course.pk)
        return self.show(
            filters=filters,
            people=addressed(paging["page_obj"]),
            asking=figures.get(runs.State.REQUESTED, 0),
            anybody=bool(figures),
            **paging,
        )


class DecideView(CourseView):
    """Something is decided about the people who were chosen: at once, or asked back where a reason or a cohort is needed."""

    template_name = "lms/wagtailadmin/enrolment/decide.html"
    decides = True
    http_method_names = ["post"]
    #: What needs a second screen.
    ASKED = ("decline", "withdraw", "cohort")

    def get_page_title(self) -> str:
        """Say what is about to be done."""
        return {
            "decline": _("Decline"),
            "withdraw": _("Take people out of the course"),
            "cohort": _("Choose a cohort"),
        }.get(self.request.POST.get("do", ""), _("Let people in"))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, or ask."""
        what = request.POST.get("do", "")
        chosen = request.POST.getlist("run")[:MOST]
        rows = (
            runs.runs_of_course(self.course.pk).filter(public_id__in=chosen).order_by("learner__name", "pk")
        )
        if not rows:
            messages.error(request, _("Nobody was chosen. Tick the people first."))
            return redirect(self.address)
        acts = {
            "approve": self.approve,
            "decline": self.decline,
            "withdraw": self.withdraw,
            "cohort": self.cohort,
        }
        if what not in acts:
            messages.error(request, _("Nothing was chosen."))
            return redirect(self.address)
        if what in self.ASKED and "confirmed" not in request.POST:
            return self.ask(what, list(rows))
        try:
            words, count = acts[what](list(rows))
            note(course=self.course, user=request.user, what=what, number=count)
            messages.success(request, words)
        except KelasError as refusal:
            if what in self.ASKED:
                return self.ask(what, list(rows), error=str(refusal))
            messages.error(request, str(refusal))
        return redirect(self.address)

    def ask(self, what: str, rows: list[Any], error: str = "") -> HttpResponse:
        """Show whom it concerns, and ask for what is needed."""
        return self.show(
            status=409 if error else 200,
            what=what,
            rows=rows,
            error=error,
            reason=self.request.POST.get("reason", ""),
            cohorts=runs.cohorts_of(self.course.pk),
        )

    def approve(self, rows: list[Any]) -> tuple[str, int]:
        """Let in who asked."""
        count = services.approve(enrolment_ids=[row.pk for row in rows])
        words = ngettext("%(number)s person was let in.", "%(number)s people were let in.", count)
        return words % {"number": count}, count

    def decline(self, rows: list[Any]) -> tuple[str, int]:
        """Decline requests."""
        count = services.decline(
            enrolment_ids=[row.pk for row in rows], reason=self.request.POST.get("reason", "")
        )
        words = ngettext("%(number)s request was declined.", "%(number)s requests were declined.", count)
        return words % {"number": count}, count

    def withdraw(self, rows: list[Any]) -> tuple[str, int]:
        """Take people out."""
        count = services.withdraw_runs(enrolment_ids=[row.pk for row in rows])
        words = ngettext(
            "%(number)s person was taken out of the course.",
            "%(number)s people were taken out of the course.",
            count,
        )
        return words % {"number": count}, count

    def cohort(self, rows: list[Any]) -> tuple[str, int]:
        """Give people a seat in a cohort."""
        cohort = runs.cohorts_of(self.course.pk).filter(public_id=self.request.POST.get("cohort", "")).first()
        if cohort is None:
            raise KelasError(_("Choose a cohort from the list."), code="choose-cohort")
        count = services.enrol_in_cohort(
            learner_ids=[row.learner_id for row in rows], cohort_id=cohort.pk, by_staff=True, tell=True
        )
        words = ngettext(
            "%(number)s person has a seat in “%(cohort)s” now.",
            "%(number)s people have a seat in “%(cohort)s” now.",
            count,
        )
        return words % {"number": count, "cohort": cohort.title}, count


# ── where it shows elsewhere ─────────────────────────────────────────────────────────────────────────────────────


class CoursesMenuItem(MenuItem):
    """The courses that somebody manages, with the number of people who ask to take part."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Courses"), reverse_lazy("lms_courses"), name="courses", icon_name=ICON, order=205
        )

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to whoever may edit pages."""
        return page_permission_policy.user_has_permission(request.user, VIEW)

    def render_component(self, request: HttpRequest) -> Any:
        """Add the number. One object serves all requests, so it is not kept."""
        component = super().render_component(request)
        waiting = runs.asking_in(courses_for(request.user))
        if waiting:
            component.label = _("Courses (%(number)s)") % {"number": waiting}
        return component


def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Offer the participants in the menu beside the title of a course's page."""
    return _buttons(page)


def listing_buttons(page: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Offer the participants in the menu of a course's page in lists. No query: there is one menu a page."""
    return _buttons(page)


def _buttons(page: Any) -> Iterator[Button]:
    if getattr(page.specific_class, "lms_kind", "") in COURSES:
        address = reverse("lms_enrolments_of_page", args=[page.pk])
        yield Button(_("Participants"), url=address, icon_name=ICON, priority=12)


def enrolments_of_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Lead from a page, in whatever language, to the people of its course."""
    page = get_object_or_404(base_page(), pk=page_id)
    activity = activity_of(page)
    if activity is not None and courses_for(request.user).filter(pk=activity.pk).exists():
        return redirect("lms_enrolments", key=activity.key)
    is_course = getattr(page.specific_class, "lms_kind", "") in COURSES
    if activity is None and is_course and page.permissions_for_user(request.user).can_edit():
        messages.info(request, _("Nobody can take part yet. The course is made when its page is published."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    raise Http404


urlpatterns = [
    path("courses/", CourseListView.as_view(), name="lms_courses"),
    path("courses/results/", CourseListView.as_view(results_only=True), name="lms_courses_results"),
    path("courses/page/<int:page_id>/", enrolments_of_page, name="lms_enrolments_of_page"),
    path("courses/<uuid:key>/", PeopleView.as_view(), name="lms_enrolments"),
    path("courses/<uuid:key>/decide/", DecideView.as_view(), name="lms_enrolments_decide"),
]
for pattern in urlpatterns:
    pattern.callback = stays_not_found(pattern.callback)
