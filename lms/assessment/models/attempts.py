"""What a learner was asked, what they answered, and what it was worth."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.assessment.models.questions import Question
from lms.assessment.models.quizzes import Quiz
from lms.core.files import private_storage
from lms.core.models import PublicId, TimeStamped


class Attempt(PublicId, TimeStamped):
    """One learner's one time through a quiz.

    ``paper`` is frozen at the start: the drawn questions in their order, their options as shuffled, their content and
    what was right then (see ``lms.assessment.contents``). Later corrections stand beside it, never in its place.
    ``deadline_at`` is told to the learner; answers arrive until ``closes_at``, which is later by the grace.
    """

    class State(models.TextChoices):
        OPEN = "open", _("in progress")
        TO_GRADE = "to_grade", _("to be graded")
        GRADED = "graded", _("graded")

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="quiz_attempts")
    number = models.PositiveSmallIntegerField(_("number"))
    language = models.CharField(_("language"), max_length=12)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    started_at = models.DateTimeField(_("started at"))
    deadline_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    closes_at = models.DateTimeField(_("answers arrive until"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    timed_out = models.BooleanField(
        _("closed by the clock"), default=False, help_text=_("Handed in for the learner when time was up.")
    )
    graded_at = models.DateTimeField(_("graded at"), null=True, blank=True)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark (percent)"))
    points = models.DecimalField(_("points"), max_digits=9, decimal_places=2, null=True, blank=True)
    points_possible = models.DecimalField(_("points possible"), max_digits=9, decimal_places=2)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    paper = models.JSONField(_("paper"), default=dict)
    times_said = models.PositiveSmallIntegerField(
        _("times said"), default=0, help_text=_("How often the ledger was told its result.")
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["quiz", "learner", "number"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "learner", "number"], name="lms_attempt_number"),
            models.UniqueConstraint(
                fields=["quiz", "learner"], condition=models.Q(state="open"), name="lms_attempt_one_open"
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="lms_attempt_number_from_one"),
            models.CheckConstraint(
                condition=models.Q(state="open", submitted_at__isnull=True)
                | ~models.Q(state="open") & models.Q(submitted_at__isnull=False),
                name="lms_attempt_open_iff_not_handed_in",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state="graded", points__isnull=False, passed__isnull=False, graded_at__isnull=False
                )
                | ~models.Q(state="graded") & models.Q(points__isnull=True, passed__isnull=True),
                name="lms_attempt_graded_iff_points",
            ),
            models.CheckConstraint(
                condition=models.Q(points__isnull=True)
                | models.Q(points__gte=0) & models.Q(points__lte=models.F("points_possible")),
                name="lms_attempt_points_within",
            ),
            models.CheckConstraint(
                condition=models.Q(deadline_at__isnull=True, closes_at__isnull=True)
                | models.Q(closes_at__gte=models.F("deadline_at")),
                name="lms_attempt_closes_after_deadline",
            ),
        ]
        indexes = [
            models.Index(fields=["closes_at"], condition=models.Q(state="open"), name="lms_attempt_overdue"),
            models.Index(fields=["quiz", "state"], name="lms_attempt_quiz_state"),
        ]

    def __str__(self) -> str:
        return self.public_id


class Answer(TimeStamped):
    """What was last saved for one question of an attempt. There is a row for each question from the start.

    ``revision`` counts what was saved. ``replaced`` keeps what a tab overwrote that did not know of it.
    """

    class Code(models.TextChoices):
        NONE = "", _("not graded")
        RIGHT = "right", _("right")
        PARTIAL = "partial", _("partly right")
        WRONG = "wrong", _("not right")
        UNIT = "unit", _("the number is right, the unit is not")
        UNREADABLE = "unreadable", _("not a number that we can read")
        EMPTY = "empty", _("not answered")
        TO_GRADE = "to_grade", _("to be graded")
        GRADED = "graded", _("graded by a person")

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    response = models.JSONField(_("answer"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    saved_at = models.DateTimeField(_("saved at"), null=True, blank=True)
    replaced = models.JSONField(_("overwritten"), default=list, blank=True)
    worth = models.DecimalField(
        _("worth"), max_digits=8, decimal_places=2, help_text=_("Points of a fully right answer.")
    )
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2, null=True, blank=True)
    feedback_code = models.CharField(
        _("outcome"), max_length=12, choices=Code.choices, blank=True, default=Code.NONE
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["attempt", "question"], name="lms_answer_once"),
            models.CheckConstraint(
                condition=models.Q(points__isnull=True)
                | models.Q(points__gte=0) & models.Q(points__lte=models.F("worth")),
                name="lms_answer_points_within",
            ),
            models.CheckConstraint(condition=models.Q(worth__gt=0), name="lms_answer_worth_something"),
            models.CheckConstraint(
                condition=models.Q(revision=0, saved_at__isnull=True)
                | models.Q(revision__gte=1, saved_at__isnull=False),
                name="lms_answer_saved_iff_revision",
            ),
        ]
        indexes = [models.Index(fields=["feedback_code", "attempt"], name="lms_answer_to_grade")]

    def __str__(self) -> str:
        return f"{self.attempt_id}:{self.question_id}"


class AnswerFile(PublicId, TimeStamped):
    """A file handed in for a written task. It is private, and served only to its learner and to who grades it."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(_("file"), storage=private_storage, upload_to="tasks/%Y/%m/")
    name = models.CharField(_("file name"), max_length=255)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("file of a task")
        verbose_name_plural = _("files of tasks")
        ordering = ["answer", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "sha256"], name="lms_answer_file_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TaskGrade(TimeStamped):
    """How a person graded a written task: points for each criterion, and a word to the learner."""

    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, related_name="grade")
    criteria = models.JSONField(
        _("points by criterion"), default=dict, help_text=_("Id of the criterion → points.")
    )
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2)
    comment = models.TextField(_("comment"), blank=True, max_length=5000)
    graded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    graded_at = models.DateTimeField(_("graded at"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("grade of a task")
        verbose_name_plural = _("grades of tasks")
        constraints = [
            models.CheckConstraint(condition=models.Q(points__gte=0), name="lms_task_grade_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.points}"


class RegradeDue(models.Model):
    """Row of work: what is right in a question was corrected, so attempts that were asked it are to be graded anew."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(_("since"))
    reached_attempt = models.PositiveBigIntegerField(_("reached attempt"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("attempts to grade anew")
        verbose_name_plural = _("attempts to grade anew")

    def __str__(self) -> str:
        return str(self.question_id)


class RecountDue(models.Model):
    """Row of work: another attempt counts than before in a quiz, so the ledger is to be told anew of everybody in it."""

    quiz = models.OneToOneField(Quiz, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(_("since"))
    reached_learner = models.PositiveBigIntegerField(_("reached learner"), default=0)

    class Meta:
        verbose_name = _("results to count anew")
        verbose_name_plural = _("results to count anew")

    def __str__(self) -> str:
        return str(self.quiz_id)
