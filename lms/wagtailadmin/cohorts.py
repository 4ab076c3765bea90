"""Cohorts of a course in the admin: their dates and seats."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from lms.catalogue.mixins import EnrolmentMode
from lms.core import clock
from lms.core.not_found import stays_not_found
from lms.progress import runs, services
from lms.progress.offers import offered
from lms.wagtailadmin.enrolment_views import CourseView


class CohortForm(forms.Form):
    """Title, dates and seats of a cohort. What does not fit together is said by the service."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("People choose the cohort by it, for example “March 2027, in the evening”."),
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=AdminDateInput)
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=AdminDateInput,
        required=False,
        help_text=gettext_lazy(
            "What is done after it does not count for the cohort. Leave empty for no end."
        ),
    )
    closes_on = forms.DateField(
        label=gettext_lazy("Last day to enrol"),
        widget=AdminDateInput,
        required=False,
        help_text=gettext_lazy("Leave empty: until the last day."),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=0,
        max_value=1_000_000,
        required=False,
        help_text=gettext_lazy("Leave empty for no limit."),
    )


class CohortListView(CourseView):
    """The cohorts of a course, the latest first."""

    template_name = "lms/wagtailadmin/enrolment/cohorts.html"
    label = gettext_lazy("Cohorts")
    place = "cohorts"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show them."""
        paging = self.paginated(runs.cohorts_of(self.course.pk))
        today = clock.wall_clock(clock.now(), clock.default_zone()).date()
        return self.show(
            offers=[offered(cohort, today=today) for cohort in paging["page_obj"].object_list],
            today=today,
            uses_cohorts=self.mode == EnrolmentMode.COHORTS,
            **paging,
        )


class CohortView(CourseView):
    """One cohort, new or changed."""

    template_name = "lms/wagtailadmin/enrolment/cohort.html"
    decides = True
    place = "cohorts"
    cohort: Any = None

    def find(self) -> None:
        """Fetch the cohort through its course."""
        if "public_id" in self.kwargs:
            own = runs.cohorts_of(self.course.pk)
            self.cohort = get_object_or_404(own, public_id=self.kwargs["public_id"])

    @property
    def list_address(self) -> str:
        """Where the cohorts are listed."""
        return reverse("lms_cohorts", args=[self.course.key])

    def get_page_title(self) -> str:
        """Name it."""
        return self.cohort.title if self.cohort else _("New cohort")

    def between(self) -> list[dict[str, Any]]:
        """Return the list above."""
        return [{"url": self.list_address, "label": _("Cohorts")}]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        names = CohortForm.base_fields
        initial = {name: getattr(self.cohort, name) for name in names} if self.cohort else None
        return self.show(form=CohortForm(initial=initial), cohort=self.cohort, cancel_url=self.list_address)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep it, or say what does not fit, at its field."""
        form = CohortForm(request.POST)
        if form.is_valid():
            try:
                cohort = services.save_cohort(
                    activity_id=self.course.pk,
                    cohort_id=self.cohort.pk if self.cohort else None,
                    **form.cleaned_data,
                )
            except services.BadCohort as refusal:
                form.add_error(refusal.field, str(refusal))
            else:
                messages.success(request, _("“%(cohort)s” was saved.") % {"cohort": cohort.title})
                return redirect(self.list_address)
        messages.error(request, _("The cohort was not saved. The reason stands below, at the field."))
        return self.show(form=form, cohort=self.cohort, cancel_url=self.list_address)


class CohortDeleteView(CohortView):
    """Delete a cohort that nobody was in: one button, done by POST."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it."""
        title = self.cohort.title
        return self.do(
            lambda: services.delete_cohort(cohort_id=self.cohort.pk),
            self.list_address,
            lambda done: _("“%(cohort)s” was deleted.") % {"cohort": title},
        )


urlpatterns = [
    path("courses/<uuid:key>/cohorts/", CohortListView.as_view(), name="lms_cohorts"),
    path("courses/<uuid:key>/cohorts/add/", CohortView.as_view(), name="lms_cohort_add"),
    path("courses/<uuid:key>/cohorts/<str:public_id>/", CohortView.as_view(), name="lms_cohort"),
    path(
        "courses/<uuid:key>/cohorts/<str:public_id>/delete/",
        CohortDeleteView.as_view(),
        name="lms_cohort_delete",
    ),
]
for pattern in urlpatterns:
    pattern.callback = stays_not_found(pattern.callback)
