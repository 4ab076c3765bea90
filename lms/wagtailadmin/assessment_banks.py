"""Banks of questions in the admin; like questions, they are archived and never deleted."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import (
    IndexView,
    SnippetViewSet,
)

from lms.assessment.models import QuestionBank


class ArchivedRatherThanDeleted(ModelPermissionPolicy):
    """Nobody deletes: a question that was asked stays understandable, and a bank that was drawn from stays too."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Refuse to delete, also to superusers."""
        return action != "delete" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Leave deleting out of account."""
        return any(self.user_has_permission(user, action) for action in actions)


class BankIndexView(IndexView):
    """Banks with how many questions they offer: a constant number of queries."""

    def get_base_queryset(self) -> QuerySet[QuestionBank]:
        """Add the count."""
        return QuestionBank.objects.annotate(offered=Count("questions", filter=Q(questions__archived=False)))


class BankViewSet(SnippetViewSet):
    """Banks of questions."""

    model = QuestionBank
    icon = "folder-inverse"
    menu_label = gettext_lazy("Question banks")
    url_namespace = "lms_question_banks"
    url_prefix = "question-banks"
    chooser_admin_url_namespace = "lms_question_bank_chooser"
    chooser_base_url_path = "question-banks/choose"
    add_to_admin_menu = False
    copy_view_enabled = False
    index_view_class = BankIndexView
    list_display = [
        "title",
        "topic",
        Column("offered", label=gettext_lazy("Questions"), accessor="offered", sort_key="offered"),
    ]
    search_fields = ["title", "topic"]
    search_backend_name = None
    edit_handler = ObjectList(
        [
            FieldPanel("title", help_text=gettext_lazy("Only editors see it, such as: QRIS for beginners.")),
            FieldPanel("topic"),
        ]
    )
