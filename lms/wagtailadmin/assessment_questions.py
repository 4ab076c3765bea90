"""Questions and banks in the admin: a form for each kind, a preview, a chooser that finds, and grading anew."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.forms.choosers import BaseFilterForm, SearchFilterMixin
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetCreateView,
)
from wagtail.snippets.views.snippets import (
    CopyView,
    EditView,
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from lms.assessment import contents, services
from lms.assessment.models import Answer, Kind, Question, QuestionBank
from lms.assessment.models.questions import Difficulty
from lms.core.not_found import stays_not_found
from lms.core.public_ids import new_public_id
from lms.wagtailadmin.assessment import QuizView
from lms.wagtailadmin.assessment_banks import ArchivedRatherThanDeleted, BankViewSet
from lms.wagtailadmin.assessment_new_question import MakesQuestions, NewQuestionForm

register_permission_policy(Question, ArchivedRatherThanDeleted(Question))
register_permission_policy(QuestionBank, ArchivedRatherThanDeleted(QuestionBank))


# ── choosing a question for a quiz ───────────────────────────────────────────────────────────────────────────────


class QuestionFilterForm(SearchFilterMixin, BaseFilterForm):
    """Find a question by its words, its bank, its kind, how hard it is."""

    bank = forms.ModelChoiceField(
        QuestionBank.objects.all(),
        required=False,
        label=gettext_lazy("Bank"),
        empty_label=gettext_lazy("All banks"),
    )
    kind = forms.ChoiceField(
        choices=[("", gettext_lazy("All kinds")), *Kind.choices], required=False, label=gettext_lazy("Kind")
    )
    difficulty = forms.ChoiceField(
        choices=[("", gettext_lazy("All")), *Difficulty.choices],
        required=False,
        label=gettext_lazy("Difficulty"),
    )

    def filter(self, objects: QuerySet[Question]) -> Any:
        """Narrow before searching: a search backend takes a queryset, and returns none."""
        for name in ("bank", "kind", "difficulty"):
            if wanted := self.cleaned_data.get(name):
                objects = objects.filter(**{name: wanted})
        return super().filter(objects)


class OfferedQuestions:
    """The questions that are offered: not the archived ones; with what tells them apart."""

    filter_form_class = QuestionFilterForm

    def get_object_list(self) -> QuerySet[Question]:
        """Return them with their banks."""
        return Question.objects.filter(archived=False).select_related("bank").order_by("-pk")

    @property
    def columns(self) -> list[Column]:
        """Add kind, bank and difficulty."""
        return [
            *super().columns,  # type: ignore[misc]
            Column("kind", label=_("Kind"), accessor="get_kind_display"),
            Column("bank", label=_("Bank"), accessor="bank"),
            Column("difficulty", label=_("Difficulty"), accessor="get_difficulty_display"),
        ]


class QuestionChooseView(MakesQuestions, OfferedQuestions, ChooseView):
    """The chooser."""


class QuestionChooseResultsView(OfferedQuestions, ChooseResultsView):
    """Its list, after searching."""


class QuestionCreateView(MakesQuestions, SnippetCreateView):
    """Takes a question that is written in the chooser."""


class QuestionChooserViewSet(SnippetChooserViewSet):
    """Choosing a question for a quiz, or writing one."""

    choose_view_class = QuestionChooseView
    choose_results_view_class = QuestionChooseResultsView
    create_view_class = QuestionCreateView
    creation_form_class = NewQuestionForm
    creation_tab_label = gettext_lazy("Write a new one")
    create_action_label = gettext_lazy("Keep the question and take it")


# ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────


class QuestionIndexView(IndexView):
    """Questions, the newest first, with how often they were asked: a constant number of queries."""

    def get_base_queryset(self) -> QuerySet[Question]:
        """Add banks and counts."""
        return Question.objects.select_related("bank").annotate(asked=Count("answers"))


class QuestionCopyView(CopyView):
    """A copy is another question: with a key of its own, never asked, not archived."""

    def get_initial_form_instance(self) -> Question:
        """Return the copy, before it is saved."""
        question: Question = super().get_initial_form_instance()
        question.pk, question.archived = None, False
        question.key, question.salt = new_public_id(), new_public_id()
        return question


class QuestionEditView(EditView):
    """Editing a question that was asked leaves papers as they are; what is right can be applied to them afterwards."""

    def get_success_buttons(self) -> list[Any]:
        """Offer to grade earlier attempts anew."""
        buttons = super().get_success_buttons()
        if Answer.objects.filter(question=self.object).exists():
            address = reverse("lms_questions:regrade", args=[self.object.pk])
            buttons.append(messages.button(address, _("Grade earlier attempts anew…")))
        return buttons


class RegradeView(QuizView):
    """Ask whether attempts that were asked a question are to be graded by what is right now, and have it done."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let in who may change questions."""
        if not request.user.has_perm("lms.change_question"):
            messages.error(request, _("Sorry, you do not have permission to access this area."))
            return redirect("wagtailadmin_home")
        self.question = get_object_or_404(Question, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask."""
        answers = Answer.objects.filter(question=self.question)
        title = _("Grade earlier attempts anew")
        return self.show(
            "regrade",
            title,
            [
                {"url": reverse("wagtailadmin_home"), "label": _("Home")},
                {"url": reverse("lms_questions:list"), "label": capfirst(_("questions"))},
                {"url": reverse("lms_questions:edit", args=[pk]), "label": self.question.label},
                {"url": "", "label": title},
            ],
            question=self.question,
            shown=contents.previews(self.question),
            asked=answers.count(),
            passed=answers.filter(attempt__passed=True).count(),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have it done."""
        services.ask_regrade(question_id=pk)
        messages.success(
            request, _("Earlier attempts are being graded anew. Results that change are recorded.")
        )
        return redirect("lms_questions:edit", pk)


class QuestionViewSet(SnippetViewSet):
    """Questions of all kinds."""

    model = Question
    icon = "help"
    menu_label = gettext_lazy("Questions")
    url_namespace = "lms_questions"
    url_prefix = "questions"
    chooser_admin_url_namespace = "lms_question_chooser"
    chooser_base_url_path = "questions/choose"
    chooser_viewset_class = QuestionChooserViewSet
    chooser_per_page = 20
    add_to_admin_menu = False
    index_view_class = QuestionIndexView
    copy_view_class = QuestionCopyView
    edit_view_class = QuestionEditView
    list_display = [
        "label",
        Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display", sort_key="kind"),
        "bank",
        Column(
            "difficulty",
            label=gettext_lazy("Difficulty"),
            accessor="get_difficulty_display",
            sort_key="difficulty",
        ),
        Column("asked", label=gettext_lazy("Asked"), accessor="asked", sort_key="asked"),
    ]
    list_filter = ["bank", "kind", "difficulty", "archived"]
    search_fields = ["label"]
    search_backend_name = None
    ordering = ["-pk"]
    edit_handler = ObjectList(
        [
            FieldPanel("body"),
            MultiFieldPanel(
                [
                    # There are few: a list is quicker than a chooser.
                    FieldPanel(
                        "bank",
                        widget=forms.Select,
                        help_text=gettext_lazy(
                            "Questions about one subject are kept together, and a quiz may draw some of them."
                        ),
                    ),
                    FieldRowPanel(
                        [
                            FieldPanel(
                                "difficulty",
                                help_text=gettext_lazy(
                                    "For you, to find and mix questions; learners do not see it."
                                ),
                            ),
                            FieldPanel("points"),
                        ]
                    ),
                    FieldPanel("archived"),
                ],
                heading=gettext_lazy("Where it is kept, and what it is worth"),
            ),
        ]
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add grading anew."""
        return [
            *super().get_urlpatterns(),
            path("regrade/<int:pk>/", stays_not_found(RegradeView.as_view()), name="regrade"),
        ]


class QuestionsGroup(SnippetViewSetGroup):
    """What quizzes are made of, under one point of the menu."""

    menu_label = gettext_lazy("Questions")
    menu_icon = "help"
    menu_order = 217
    items = (QuestionViewSet, BankViewSet)
