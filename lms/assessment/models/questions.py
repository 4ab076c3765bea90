"""Questions and the banks they are kept in. One question is one record in all languages, with one key."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.fields import StreamField
from wagtail.models import PreviewableMixin
from wagtail.search import index

from lms.assessment import contents
from lms.assessment.blocks import question_blocks
from lms.core.models import TimeStamped
from lms.core.public_ids import PUBLIC_ID_LENGTH, new_public_id


class QuestionBank(index.Indexed, TimeStamped):
    """Questions about one subject, from which quizzes may draw."""

    title = models.CharField(_("title"), max_length=200)
    topic = models.CharField(
        _("topic"), max_length=200, blank=True, help_text=_("What its questions are about, in a few words.")
    )

    search_fields = [index.SearchField("title"), index.AutocompleteField("title"), index.SearchField("topic")]

    class Meta:
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class Kind(models.TextChoices):
    """How a question is answered."""

    SINGLE = "single", _("one answer")
    MULTIPLE = "multiple", _("several answers")
    TRUE_FALSE = "true_false", _("true or false")
    NUMBER = "number", _("a number")
    SHORT_TEXT = "short_text", _("a few words")
    MATCHING = "matching", _("matching")
    ORDERING = "ordering", _("ordering")
    WRITTEN_TASK = "written_task", _("written task")


class Difficulty(models.IntegerChoices):
    """How hard a question is thought to be. What it turned out to be stands in the analysis of a quiz."""

    EASY = 1, _("easy")
    MEDIUM = 2, _("medium")
    HARD = 3, _("hard")


class QuestionManager(models.Manager["Question"]):
    """Finds a question by what fixtures call it."""

    def get_by_natural_key(self, key: str) -> Question:
        """Return the question with that key."""
        return self.get(key=key)


class Question(PreviewableMixin, index.Indexed, TimeStamped):
    """One question in all languages, with what is right. Its options have ids that translations share.

    ``body`` holds exactly one block; the kind of the block is the kind of the question. A question that was asked is
    archived and not deleted; an attempt keeps the question as it was asked.
    """

    key = models.CharField(
        _("key"), max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False
    )
    #: Never shown: makes ids of which nobody can tell what belongs together.
    salt = models.CharField(max_length=PUBLIC_ID_LENGTH, default=new_public_id, editable=False)
    bank = models.ForeignKey(
        QuestionBank, on_delete=models.PROTECT, related_name="questions", verbose_name=_("bank")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, editable=False)
    label = models.CharField(pgettext_lazy("quiz", "question"), max_length=160, editable=False)
    difficulty = models.PositiveSmallIntegerField(
        _("difficulty"), choices=Difficulty.choices, default=Difficulty.MEDIUM
    )
    points = models.DecimalField(
        _("points"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(1000))],
        help_text=_("What a fully right answer is worth. Of a written task it is the sum of its criteria."),
    )
    body = StreamField(
        question_blocks(),
        verbose_name=pgettext_lazy("quiz", "question"),
        # One is needed anyway, as the field may not be blank; ``min_num`` would greet an empty form with an error.
        max_num=1,
        help_text=_("Choose a kind."),
    )
    archived = models.BooleanField(
        _("archived"),
        default=False,
        help_text=_("It is drawn no more and offered no more; quizzes that name it go on asking it."),
    )

    objects = QuestionManager()

    search_fields = [
        index.SearchField("label"),
        index.AutocompleteField("label"),
        index.FilterField("archived"),
        index.FilterField("kind"),
        index.FilterField("bank_id"),
        index.FilterField("difficulty"),
    ]

    class Meta:
        verbose_name = pgettext_lazy("quiz", "question")
        verbose_name_plural = _("questions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(difficulty__gte=1) & models.Q(difficulty__lte=3),
                name="lms_question_difficulty_1_to_3",
            ),
            models.CheckConstraint(condition=models.Q(points__gt=0), name="lms_question_worth_something"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in Kind]), name="lms_question_kind_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["bank", "difficulty"], condition=models.Q(archived=False), name="lms_question_drawn"
            )
        ]

    def __str__(self) -> str:
        return self.label

    def natural_key(self) -> tuple[str]:
        """Return what fixtures call it."""
        return (self.key,)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the question; its kind, its label and a task's points are read from its content."""
        self.kind, self.label = contents.kind_and_label(self)
        if self.kind == Kind.WRITTEN_TASK:
            self.points = contents.rubric_points(self) or self.points
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "kind", "label", "points"}
        super().save(*args, **kwargs)

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        """Return the template of the preview beside the form."""
        return "lms/wagtailadmin/assessment/question_preview.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        """Show the question in every language in which it says something, with what is right."""
        return super().get_preview_context(request, mode_name) | {"shown": contents.previews(self)}
