"""A new question from within a quiz: the second tab of the chooser, so that nobody leaves the page that they are writing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail import blocks
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from lms.assessment.blocks import question_blocks
from lms.assessment.models import Question, QuestionBank


def kinds_without_pictures() -> blocks.StreamBlock:
    """Return the kinds of question as the chooser offers them.

    Choosing a picture opens a window of its own, and Wagtail has one at a time: it would throw this one away.
    """
    kinds = [(name, _without_picture(type(block))) for name, block in question_blocks()]
    return blocks.StreamBlock(kinds, max_num=1)


def _without_picture(kind: type[blocks.StructBlock]) -> blocks.StructBlock:
    # Wagtail leaves out an inherited part that is None, as Django's forms do.
    return type(kind)(kind.__name__, (kind,), {"picture": None})()


class NewQuestionForm(forms.ModelForm):
    """What a question needs; the bank it is kept in may be new as well."""

    new_bank = forms.CharField(
        label=gettext_lazy("Or the name of a new bank"), max_length=200, required=False, strip=True
    )

    class Meta:
        model = Question
        fields = ("bank", "difficulty", "points")

    def __init__(self, *args: Any, may_make_bank: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"] = blocks.BlockField(
            kinds_without_pictures(),
            label=capfirst(pgettext_lazy("quiz", "question")),
            help_text=_(
                "Choose a kind with the plus sign. A picture is added afterwards, where the question is edited."
            ),
        )
        bank = self.fields["bank"]
        bank.help_text = _("Questions about one subject are kept together; quizzes may draw from a bank.")
        if may_make_bank:
            # Marked as needed, until a new one is named instead.
            bank.required = not (self.data.get(self.add_prefix("new_bank")) or "").strip()
            bank.error_messages["required"] = _("Choose a bank, or give the name of a new one.")
        else:
            del self.fields["new_bank"]
        if not bank.queryset.exists() and may_make_bank:
            del self.fields["bank"]
            self.fields["new_bank"].label = _("Name of a new bank")
            self.fields["new_bank"].help_text = bank.help_text
            self.fields["new_bank"].required = True
        self.order_fields(["body", "bank", "new_bank", "difficulty", "points"])

    def _post_clean(self) -> None:
        """Give the question its content and its bank before it is checked."""
        if "body" in self.cleaned_data:
            field = Question._meta.get_field("body")
            content = self.fields["body"].block.get_prep_value(self.cleaned_data["body"])
            self.instance.body = field.to_python(content)
        super()._post_clean()

    def save(self, commit: bool = True) -> Question:
        """Store the question, and before it the bank that was named."""
        with transaction.atomic():
            if title := self.cleaned_data.get("new_bank"):
                # Named twice in a row it is one bank.
                self.instance.bank = QuestionBank.objects.filter(title__iexact=title).first() or (
                    QuestionBank.objects.create(title=title)
                )
            question: Question = super().save(commit)
        return question


class MakesQuestions:
    """The chooser's views that show or take the form."""

    creation_form_class = NewQuestionForm
    creation_form_template_name = "lms/wagtailadmin/assessment/new_question.html"
    request: HttpRequest

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        """Begin with the bank into which this editor last put a question, and nobody else's."""
        user = self.request.user
        latest = (
            ModelLogEntry.objects.filter(
                user=user, action="wagtail.create", content_type=ContentType.objects.get_for_model(Question)
            )
            .order_by("-timestamp", "-pk")
            .values_list("object_id", flat=True)
            .first()
        )
        bank = Question.objects.filter(pk=latest).values_list("bank", flat=True).first() if latest else None
        return super().get_creation_form_kwargs() | {  # type: ignore[misc]
            "initial": {"bank": bank},
            "may_make_bank": user.has_perm("lms.add_questionbank"),
        }

    def save_form(self, form: NewQuestionForm) -> Question:
        """Store the question, and say in the log who wrote it."""
        question = form.save()
        log(instance=question, action="wagtail.create", user=self.request.user)
        return question
