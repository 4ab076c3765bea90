"""Quizzes as compiled from their published pages."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.assessment.models.questions import Difficulty, Question, QuestionBank
from lms.core.models import TimeStamped


class Counted(models.TextChoices):
    """Which of several attempts is a learner's result."""

    BEST = "best", _("The best one")
    LAST = "last", _("The last one")
    FIRST = "first", _("The first one")


class ShowResults(models.TextChoices):
    """When a learner sees which answers were right and what was said to them."""

    ALWAYS = "always", _("After each attempt")
    PASSED = "passed", _("After passing")
    NEVER = "never", _("Never; only the result")


class Quiz(TimeStamped):
    """What the published page of a quiz says. Attempts keep the questions that they were given."""

    activity = models.OneToOneField("lms.Activity", on_delete=models.PROTECT, related_name="quiz")
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark (percent)"), validators=[MaxValueValidator(100)]
    )
    attempts_allowed = models.PositiveSmallIntegerField(_("attempts allowed"), null=True, blank=True)
    cooling_minutes = models.PositiveIntegerField(_("minutes between attempts"), default=0)
    time_limit_minutes = models.PositiveSmallIntegerField(_("time limit in minutes"), null=True, blank=True)
    grace_seconds = models.PositiveSmallIntegerField(_("grace in seconds"), default=30)
    counted_attempt = models.CharField(_("attempt that counts"), max_length=10, choices=Counted.choices)
    shuffle_options = models.BooleanField(_("shuffle answers"), default=True)
    show_results = models.CharField(_("show results"), max_length=10, choices=ShowResults.choices)
    show_right_answers = models.BooleanField(_("show right answers"), default=True)

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints = [
            models.CheckConstraint(condition=models.Q(pass_mark__lte=100), name="lms_quiz_pass_mark_percent"),
            models.CheckConstraint(
                condition=models.Q(attempts_allowed__isnull=True) | models.Q(attempts_allowed__gte=1),
                name="lms_quiz_some_attempt_allowed",
            ),
            models.CheckConstraint(
                condition=models.Q(time_limit_minutes__isnull=True) | models.Q(time_limit_minutes__gte=1),
                name="lms_quiz_some_time_allowed",
            ),
        ]

    def __str__(self) -> str:
        return f"quiz of {self.activity_id}"


class QuizPart(models.Model):
    """One question that a quiz names, or a draw of some from a bank."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField(_("position"))
    question = models.ForeignKey(
        Question, null=True, blank=True, on_delete=models.PROTECT, related_name="quiz_parts"
    )
    bank = models.ForeignKey(
        QuestionBank, null=True, blank=True, on_delete=models.PROTECT, related_name="quiz_parts"
    )
    difficulty = models.PositiveSmallIntegerField(
        _("difficulty"), choices=Difficulty.choices, null=True, blank=True
    )
    how_many = models.PositiveSmallIntegerField(_("how many"), default=1)

    class Meta:
        verbose_name = _("part of a quiz")
        verbose_name_plural = _("parts of quizzes")
        ordering = ["quiz", "position"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "position"], name="lms_quiz_part_position"),
            models.UniqueConstraint(
                fields=["quiz", "question"],
                condition=models.Q(question__isnull=False),
                name="lms_quiz_question_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    question__isnull=False, bank__isnull=True, difficulty__isnull=True, how_many=1
                )
                | models.Q(question__isnull=True, bank__isnull=False, how_many__gte=1),
                name="lms_quiz_part_names_or_draws",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id}:{self.position}"
