"""The ledger and what is derived from it. Only ``lms.progress`` touches these tables."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.catalogue.mixins import EnrolmentMode
from lms.core.models import PublicId, TimeStamped


class EnrolmentPolicy(models.Model):
    """Who may start an activity, and for how long a run counts; compiled from its owner page. No row: open, no end."""

    activity = models.OneToOneField(
        "lms.Activity", on_delete=models.CASCADE, related_name="enrolment_policy", verbose_name=_("activity")
    )
    mode = models.CharField(
        _("who may start"), max_length=10, choices=EnrolmentMode.choices, default=EnrolmentMode.OPEN
    )
    valid_months = models.PositiveSmallIntegerField(
        _("months until it is to be taken again"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("rule of enrolment")
        verbose_name_plural = _("rules of enrolment")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mode__in=EnrolmentMode.values), name="lms_enrolment_policy_mode"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_months__isnull=True) | models.Q(valid_months__gte=1),
                name="lms_enrolment_policy_months",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id}: {self.mode}"


class Cohort(PublicId, TimeStamped):
    """People who take a course together, between two dates. Enrolment ends with ``closes_on``, or when seats run out."""

    activity = models.ForeignKey(
        "lms.Activity", on_delete=models.PROTECT, related_name="cohorts", verbose_name=_("course")
    )
    title = models.CharField(_("title"), max_length=200)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("Leave empty for no end."))
    closes_on = models.DateField(
        _("last day to enrol"), null=True, blank=True, help_text=_("Leave empty: until the last day.")
    )
    capacity = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, help_text=_("Leave empty for no limit.")
    )
    taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["activity", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capacity__isnull=True) | models.Q(taken__lte=models.F("capacity")),
                name="lms_cohort_taken_within_capacity",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="lms_cohort_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Enrolment(PublicId, TimeStamped):
    """One run of a learner through an activity that has an outline (a course, a series).

    ``ends_at``: evidence from then on does not count for this run (its cohort or its validity ended); null: no end.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        ACTIVE = "active", _("active")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    #: States in which evidence is judged. A request is not a run yet.
    JUDGED = (State.ACTIVE, State.WITHDRAWN)

    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="enrolments")
    activity = models.ForeignKey("lms.Activity", on_delete=models.PROTECT, related_name="enrolments")
    run = models.PositiveSmallIntegerField(_("run"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    started_at = models.DateTimeField(
        _("started at"),
        help_text=_("Run 1 counts earlier evidence too; later runs only what came after this."),
    )
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    cohort = models.ForeignKey(
        Cohort,
        verbose_name=_("cohort"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="enrolments",
    )
    note = models.CharField(
        _("reason"), max_length=500, blank=True, help_text=_("Why it was declined; the learner reads it.")
    )

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            # The activity first: people are looked up in batches of one activity, and SQLite without statistics takes
            # the index that fits the most terms from its left.
            models.UniqueConstraint(fields=["activity", "learner", "run"], name="lms_enrolment_run_once"),
            models.CheckConstraint(condition=models.Q(run__gte=1), name="lms_enrolment_run_from_one"),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gte=models.F("started_at")),
                name="lms_enrolment_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["activity", "state"], name="lms_enrolment_activity_state")]

    def __str__(self) -> str:
        return f"{self.learner_id}:{self.activity_id}:{self.run}"


class LearningRecord(models.Model):
    """One statement of the ledger (xAPI shape: actor, verb, object, result, context). Never edited, never deleted alone.

    A mistake is voided by a further record. ``statement_id`` comes from what caused the record, so saying it twice
    adds nothing. ``reason`` and ``reason_params`` are turned into words by ``lms.learner``.
    """

    class Verb(models.TextChoices):
        COMPLETED = "completed", _("completed")
        ATTENDED = "attended", _("attended")
        PASSED = "passed", _("passed")
        FAILED = "failed", _("failed")
        EXPERIENCED = "experienced", _("opened")
        WATCHED = "watched", _("watched")
        WAIVED = "waived", _("exempted")
        VOIDED = "voided", _("voided")

    statement_id = models.UUIDField(_("statement id"), unique=True)
    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="learning_records")
    activity = models.ForeignKey("lms.Activity", on_delete=models.PROTECT, related_name="learning_records")
    verb = models.CharField(_("verb"), max_length=12, choices=Verb.choices)
    occurred_at = models.DateTimeField(_("occurred at"))
    stored_at = models.DateTimeField(_("stored at"), auto_now_add=True)
    duration_seconds = models.PositiveIntegerField(_("duration in seconds"), null=True, blank=True)
    score_scaled = models.DecimalField(
        _("scaled score"), max_digits=6, decimal_places=5, null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=60)
    reason_params = models.JSONField(_("reason's values"), default=dict, blank=True)
    voids = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="voided_by",
        verbose_name=_("voids"),
    )

    class Meta:
        verbose_name = _("learning record")
        verbose_name_plural = _("learning records")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verb="voided", voids__isnull=False)
                | ~models.Q(verb="voided") & models.Q(voids__isnull=True),
                name="lms_record_voids_iff_voided",
            ),
            models.CheckConstraint(
                condition=models.Q(score_scaled__isnull=True)
                | models.Q(score_scaled__gte=-1) & models.Q(score_scaled__lte=1),
                name="lms_record_score_scaled_range",
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "activity"], name="lms_record_learner_activity"),
            models.Index(fields=["activity", "verb", "learner"], name="lms_record_activity_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.verb} {self.activity_id}"


class ActivityProgress(models.Model):
    """Derived: how far one run has come with one activity of its outline, or with the whole (its own activity)."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="progress")
    activity = models.ForeignKey("lms.Activity", on_delete=models.PROTECT, related_name="+")
    percent = models.PositiveSmallIntegerField(_("percent"), default=0)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "activity"], name="lms_progress_once"),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="lms_progress_percent_range"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}:{self.activity_id} {self.percent} %"


class Completion(models.Model):
    """Derived: one run satisfied one version of its outline."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="completion")
    version = models.ForeignKey("lms.OutlineVersion", on_delete=models.PROTECT, related_name="+")
    completed_at = models.DateTimeField(_("completed at"))

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.completed_at:%Y-%m-%d}"


class StaleOutline(models.Model):
    """Row of work: an outline changed, so everybody's progress in it is to be derived anew."""

    activity = models.OneToOneField("lms.Activity", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(_("since"))
    reached_enrolment = models.PositiveBigIntegerField(_("done up to enrolment"), default=0)

    class Meta:
        verbose_name = _("progress to derive anew")
        verbose_name_plural = _("progress to derive anew")

    def __str__(self) -> str:
        return str(self.activity_id)


class Watching(models.Model):
    """Which parts of a lesson's recording a learner has seen, merged. Reported by the learner's own player."""

    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="watched_recordings")
    activity = models.ForeignKey("lms.Activity", on_delete=models.PROTECT, related_name="+")
    spans = models.JSONField(
        _("parts seen"), default=list, help_text=_("Pairs of seconds of the recording, merged and in order.")
    )
    seconds = models.PositiveIntegerField(_("seconds seen"), default=0)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("recording watched")
        verbose_name_plural = _("recordings watched")
        constraints = [
            models.UniqueConstraint(fields=["activity", "learner"], name="lms_watching_once"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}:{self.activity_id} {self.seconds} s"
