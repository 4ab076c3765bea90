"""The guide in the admin: a form that makes drafts, then the steps that are left, until the course is published."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.permissions import page_permission_policy

from lms.core.exceptions import KelasError
from lms.core.not_found import stays_not_found
from lms.pages.guide import services
from lms.pages.guide.forms import NEW, NewCourseForm
from lms.pages.guide.steps import steps_of
from lms.pages.models import CoursePage
from lms.wagtailadmin.checks.words import sentences

ICON = "list-ol"


class GuideView(View):
    """What both screens share: Wagtail's header, and the way here."""

    def show(self, template: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render a screen."""
        return render(
            self.request,
            f"lms/wagtailadmin/guide/{template}.html",
            {
                "header_title": title,
                "page_title": title,
                "header_icon": ICON,
                "breadcrumbs_items": [
                    {"url": reverse("wagtailadmin_home"), "label": _("Home")},
                    {"url": "", "label": title},
                ],
                **context,
            },
            status=status,
        )


class NewCourseView(GuideView):
    """A title and one line for each lesson become drafts."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for whoever may add pages somewhere."""
        if not page_permission_policy.user_has_permission(request.user, "add"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask."""
        return self.ask(NewCourseForm(user=request.user))

    def ask(self, form: NewCourseForm) -> HttpResponse:
        """Show the form, or say that there is no place for a course."""
        return self.show("new", _("Make a course step by step"), form=form)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the drafts."""
        form = NewCourseForm(request.POST, user=request.user)
        if not form.is_valid():
            messages.error(request, _("Nothing was made yet. What is wrong stands beside the field."))
            return self.ask(form)
        given = form.cleaned_data
        with transaction.atomic():
            if given["place"] == NEW:
                parent = services.make_curriculum(
                    parent=form.root, title=given["curriculum_title"], user=request.user
                )
            else:
                parent = form.curricula[int(given["place"])]
            course = services.make_course(
                parent=parent,
                title=given["title"],
                summary=given["summary"],
                outline=given["outline"],
                quiz_title=_("Quiz: %(title)s") % {"title": given["title"]} if given["with_quiz"] else "",
                user=request.user,
            )
        # Counted like everywhere in the guide: the course and what is below it.
        number = course.get_descendant_count() + 1
        words = ngettext(
            "The course is made: %(number)s page, still a draft. Nobody sees it yet.",
            "The course is made: %(number)s pages, still drafts. Nobody sees them yet.",
            number,
        )
        messages.success(request, words % {"number": number})
        return redirect("lms_guide_course", course.pk)


class CourseStepsView(GuideView):
    """The steps of one course; a POST publishes it with all its parts."""

    @cached_property
    def course(self) -> CoursePage:
        """The course of the address, for whoever may edit it."""
        allowed = page_permission_policy.instances_user_has_permission_for(self.request.user, "change")
        found = CoursePage.objects.filter(pk__in=allowed.order_by().values("pk"), alias_of=None)
        return get_object_or_404(found, pk=self.kwargs["page_id"])

    @cached_property
    def may_publish(self) -> bool:
        """Whether the visitor may publish the course, and the curriculum above it while that is a draft."""
        above = self.course.get_parent()
        pages = [self.course] if above.live else [above, self.course]
        return all(page.permissions_for_user(self.request.user).can_publish() for page in pages)

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Show how far it is."""
        return self.show_steps()

    def show_steps(self, refused: list[dict[str, Any]] | None = None) -> HttpResponse:
        """Show the steps, and what stopped publishing."""
        steps = steps_of(self.course)
        return self.show(
            "course",
            _("“%(title)s” step by step") % {"title": self.course.get_admin_display_title()},
            status=409 if refused else 200,
            course=self.course,
            steps=steps,
            done=sum(step.done for step in steps),
            following=next((step for step in steps if not step.done and not step.optional), None),
            finished=steps[-1].done,
            may_publish=self.may_publish,
            refused=refused or [],
        )

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Publish all of it, or say what is missing."""
        if not self.may_publish:
            raise PermissionDenied
        try:
            number = services.publish_course(course=self.course, user=request.user)
        except services.NotReady as refusal:
            return self.show_steps(
                [{"page": page, "words": " ".join(sentences(finding))} for page, finding in refusal.found]
            )
        except KelasError as refusal:
            messages.warning(request, str(refusal))
        else:
            words = ngettext(
                "The course is published: %(number)s page.",
                "The course is published: %(number)s pages.",
                number,
            )
            messages.success(request, words % {"number": number})
        return redirect("lms_guide_course", self.course.pk)


urlpatterns = [
    path("courses/new/", stays_not_found(NewCourseView.as_view()), name="lms_guide"),
    path("courses/new/<int:page_id>/", stays_not_found(CourseStepsView.as_view()), name="lms_guide_course"),
]
