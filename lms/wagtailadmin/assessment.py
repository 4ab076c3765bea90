"""Quizzes in the admin: how they went, tasks that wait for a grader, and what answers say about questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.permissions import page_permission_policy

from lms.assessment import queries, services
from lms.assessment.models import Answer, Quiz
from lms.assessment.refusals import Refused
from lms.assessment.statistics import LEAST
from lms.catalogue.queries import activity_of
from lms.core import clock
from lms.core.base_page import base_page
from lms.core.not_found import stays_not_found
from lms.wagtailadmin.assessment_forms import GradeForm
from lms.wagtailadmin.assessment_words import attempt_words, percent, question_rows, standing_words
from lms.wagtailadmin.paging import paged
from lms.wagtailadmin.scope import DECIDE, VIEW, quizzes_for

ICON = "clipboard-list"


class QuizzesMenuItem(MenuItem):
    """Quizzes, with the number of tasks that wait for a grader."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Quizzes"), reverse_lazy("lms_quizzes"), name="quizzes", icon_name=ICON, order=215
        )

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to whoever may edit pages."""
        return page_permission_policy.user_has_permission(request.user, VIEW)

    def render_component(self, request: HttpRequest) -> Any:
        """Add the number. One object serves all requests, so it is not kept."""
        component = super().render_component(request)
        waiting = queries.waiting_tasks(quizzes_for(request.user)).count()
        if waiting:
            component.label = _("Quizzes (%(number)s)") % {"number": waiting}
        return component


class QuizView(WagtailAdminTemplateMixin, View):
    """What the screens share: the way here, and that a quiz is one that the visitor may see."""

    header_icon = ICON

    @cached_property
    def quiz(self) -> Quiz:
        """The quiz of the address."""
        mine = quizzes_for(self.request.user).select_related("activity")
        return get_object_or_404(mine, activity__key=self.kwargs["key"])

    @cached_property
    def may_grade(self) -> bool:
        """Whether the visitor may grade here."""
        return quizzes_for(self.request.user, DECIDE).filter(pk=self.quiz.pk).exists()

    def way(self, *more: dict[str, str]) -> list[dict[str, Any]]:
        """Return breadcrumbs from the start to here."""
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("lms_quizzes"), "label": _("Quizzes")},
            *more,
        ]

    def way_below(self, title: str = "") -> list[dict[str, Any]]:
        """Return breadcrumbs through the quiz."""
        above = {
            "url": reverse("lms_quiz_analysis", args=[self.quiz.activity.key]),
            "label": self.quiz.activity.title,
        }
        return self.way(above, {"url": "", "label": title}) if title else self.way(above | {"url": ""})

    def show(self, template: str, title: str, way: list[dict[str, Any]], **context: Any) -> HttpResponse:
        """Render a screen with Wagtail's slim header."""
        return render(
            self.request,
            f"lms/wagtailadmin/assessment/{template}.html",
            {
                "header_title": title,
                "page_title": title,
                "header_icon": ICON,
                "breadcrumbs_items": way,
                "zone": clock.default_zone(),
                **context,
            },
        )


class QuizListView(QuizView):
    """The quizzes that somebody manages; those with tasks to grade first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        paging = paged(request, queries.overview(quizzes_for(request.user)))
        for quiz in paging["page_obj"].object_list:
            quiz.share = percent(quiz.passed_people / quiz.graded_people) if quiz.graded_people else ""
        return self.show(
            "quizzes", _("Quizzes"), self.way()[:1] + [{"url": "", "label": _("Quizzes")}], **paging
        )


class AnalysisView(QuizView):
    """One quiz: how it went, and what its answers say about its questions."""

    def get(self, request: HttpRequest, key: Any) -> HttpResponse:
        """Show it."""
        analysis = queries.analysis_of(self.quiz, get_language() or "")
        mine = Quiz.objects.filter(pk=self.quiz.pk)
        return self.show(
            "analysis",
            self.quiz.activity.title,
            self.way_below(),
            quiz=self.quiz,
            analysis=analysis,
            rows=question_rows(analysis),
            mean=percent(analysis.mean) if analysis.mean is not None else "",
            least=LEAST,
            waiting=queries.waiting_tasks(mine).count(),
        )


class QueueView(QuizView):
    """Tasks that wait for a grader: of one quiz, or of all that somebody manages; the longest waiting first."""

    def get(self, request: HttpRequest, key: Any = None) -> HttpResponse:
        """Show them."""
        if key is None:
            mine, way = quizzes_for(request.user), self.way({"url": "", "label": _("To be graded")})
        else:
            mine, way = Quiz.objects.filter(pk=self.quiz.pk), self.way_below(_("To be graded"))
        paging = paged(request, queries.waiting_tasks(mine))
        for answer in paging["page_obj"].object_list:
            answer.words = attempt_words(answer.attempt)
        return self.show("queue", _("To be graded"), way, quiz=self.quiz if key else None, **paging)


class GradeView(QuizView):
    """One written task: what was asked, what was answered, and the form to grade it."""

    @cached_property
    def answer(self) -> Answer:
        """The answer of the address, fetched through its quiz."""
        answer = queries.task_of(
            self.quiz, attempt=self.kwargs["attempt"], question_key=self.kwargs["question"]
        )
        if answer is None:
            raise Http404
        return answer

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        return self.show_with(self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Grade it, and lead to the next one that waits."""
        if not self.may_grade:
            raise PermissionDenied
        form = self.form(request.POST)
        if form.is_valid():
            try:
                services.grade_task(
                    answer_id=self.answer.pk,
                    points=form.points(),
                    comment=form.cleaned_data["comment"],
                    graded_by_id=request.user.pk,
                )
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Graded."))
                return redirect(self.after())
        messages.error(request, _("Nothing was graded. The reason stands at the field."))
        return self.show_with(form)

    def form(self, posted: Any = None) -> GradeForm:
        """Return the form, with what was given before."""
        grade = getattr(self.answer, "grade", None)
        return GradeForm(
            posted,
            rubric=queries.task_shown(self.answer).rubric,
            given=queries.given_points(self.answer),
            initial={"comment": grade.comment if grade else ""},
        )

    def after(self) -> str:
        """Return where to go: the next task that waits in this quiz, else the queue of all."""
        if "next" not in self.request.POST:
            return reverse("lms_grading", args=[self.quiz.activity.key])
        following = queries.waiting_tasks(Quiz.objects.filter(pk=self.quiz.pk)).first()
        if following is None:
            messages.info(self.request, _("Nothing else waits in this quiz."))
            return reverse("lms_grading_all")
        return reverse(
            "lms_grade", args=[self.quiz.activity.key, following.attempt.public_id, following.question.key]
        )

    def show_with(self, form: GradeForm) -> HttpResponse:
        """Render the task and the form."""
        answer = self.answer
        grade = getattr(answer, "grade", None)
        title = _("Grade: %(who)s") % {"who": answer.attempt.learner.name or _("(no name)")}
        return self.show(
            "grade",
            title,
            self.way_below(title),
            quiz=self.quiz,
            answer=answer,
            grade=grade,
            words=attempt_words(answer.attempt),
            task=queries.task_shown(answer),
            form=form,
            standing=standing_words(queries.standing_of(answer), form.rubric, form.sum_so_far()),
            may_grade=self.may_grade,
        )


class TaskFileView(QuizView):
    """A file that was handed in, for who may see the quiz. Always a download: it is somebody else's content."""

    def get(self, request: HttpRequest, key: Any, public_id: str) -> HttpResponse:
        """Send it."""
        file = queries.file_in(self.quiz, public_id)
        if file is None:
            raise Http404
        response = FileResponse(
            file.file.open("rb"), as_attachment=True, filename=file.name, content_type=file.content_type
        )
        response["X-Content-Type-Options"] = "nosniff"
        return response


def quiz_of_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Lead from a page, in whatever language, to how its quiz went."""
    page = get_object_or_404(base_page(), pk=page_id)
    activity = activity_of(page)
    if activity is not None and quizzes_for(request.user).filter(activity=activity).exists():
        return redirect("lms_quiz_analysis", key=activity.key)
    if page.permissions_for_user(request.user).can_edit():
        messages.info(request, _("This quiz was not published yet, so nobody has taken it."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    raise Http404


def page_buttons(page: Any, user: Any, *args: Any, **kwargs: Any) -> Iterator[Button]:
    """Offer how a quiz went in the menus of its page. No query: there is one menu a page in lists."""
    if getattr(page.specific_class, "lms_kind", "") == "quiz":
        address = reverse("lms_quiz_of_page", args=[page.pk])
        yield Button(_("Attempts and figures"), url=address, icon_name=ICON, priority=12)


urlpatterns = [
    path("quizzes/page/<int:page_id>/", quiz_of_page, name="lms_quiz_of_page"),
    path("quizzes/", QuizListView.as_view(), name="lms_quizzes"),
    path("quizzes/grading/", QueueView.as_view(), name="lms_grading_all"),
    path("quizzes/<uuid:key>/", AnalysisView.as_view(), name="lms_quiz_analysis"),
    path("quizzes/<uuid:key>/grading/", QueueView.as_view(), name="lms_grading"),
    path("quizzes/<uuid:key>/grading/<str:attempt>/<str:question>/", GradeView.as_view(), name="lms_grade"),
    path("quizzes/<uuid:key>/files/<str:public_id>/", TaskFileView.as_view(), name="lms_task_file"),
]
for pattern in urlpatterns:
    pattern.callback = stays_not_found(pattern.callback)
