"""The abstract base for a site's quiz page type."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from lms.assessment.blocks import quiz_blocks
from lms.assessment.models.quizzes import Counted, ShowResults
from lms.catalogue.mixins import ActivityPageMixin, CountsTowardsCompletion, OpensLater


class QuizMixin(CountsTowardsCompletion, OpensLater, ActivityPageMixin):
    """A quiz: questions by name and draws from banks, a pass mark, and how often and how long it may be tried."""

    lms_kind = "quiz"
    lms_owner_fields = (
        "required",
        "opens_on",
        "opens_after_days",
        "questions",
        "pass_mark",
        "attempts_allowed",
        "cooling_minutes",
        "time_limit_minutes",
        "grace_seconds",
        "counted_attempt",
        "shuffle_options",
        "show_results",
        "show_right_answers",
    )

    questions = StreamField(
        quiz_blocks(),
        verbose_name=_("questions"),
        help_text=_("In this order. A draw gives each attempt other questions of its bank."),
    )
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark (percent)"),
        default=70,
        validators=[MaxValueValidator(100)],
        help_text=_("Share of the points that passes. With 0 everybody passes who hands in."),
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts allowed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_("Leave empty for no limit."),
    )
    cooling_minutes = models.PositiveIntegerField(
        _("minutes between attempts"),
        default=0,
        validators=[MaxValueValidator(60 * 24 * 365)],
        help_text=_("From handing in until the next attempt may begin. 1440 is a day."),
    )
    time_limit_minutes = models.PositiveSmallIntegerField(
        _("time limit in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60 * 24)],
        help_text=_("Leave empty for no limit. Kept by the server's clock, also while a phone is offline."),
    )
    grace_seconds = models.PositiveSmallIntegerField(
        _("grace in seconds"),
        default=30,
        validators=[MaxValueValidator(600)],
        help_text=_("After the time limit answers still arrive for so long: networks are slow."),
    )
    counted_attempt = models.CharField(
        _("attempt that counts"), max_length=10, choices=Counted.choices, default=Counted.BEST
    )
    shuffle_options = models.BooleanField(
        _("shuffle answers"), default=True, help_text=_("In each attempt answers stand in another order.")
    )
    show_results = models.CharField(
        _("show results"), max_length=10, choices=ShowResults.choices, default=ShowResults.ALWAYS
    )
    show_right_answers = models.BooleanField(
        _("show right answers"),
        default=True,
        help_text=_(
            "Together with the results. Switch off when people may try again with the same questions."
        ),
    )

    class Meta:
        abstract = True

    def outline_rule(self) -> dict[str, Any]:
        """Add the score that is enough: a quiz is done when an attempt that counts reaches the pass mark."""
        return super().outline_rule() | {"min_score": self.pass_mark / 100}
