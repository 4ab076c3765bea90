"""Abstract bases for a site's page types. A page on one of these is compiled into an activity when it is published.

Use: ``class LessonPage(LessonMixin, Page)``. Nothing else is needed.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import PageChooserBlock
from wagtail.fields import StreamField


class ActivityPageMixin(models.Model):
    """What all our page types share. ``lms_kind`` names the registered kind."""

    lms_kind: ClassVar[str] = ""
    #: Names of fields that hold rules or schedule. They count on the owner page only; translations show them read-only.
    lms_owner_fields: ClassVar[tuple[str, ...]] = ()

    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=500,
        help_text=_("One or two sentences for lists, search results and shared links."),
    )

    class Meta:
        abstract = True

    def outline_rule(self) -> dict[str, Any]:
        """Return what the outline above says of this page, as plain JSON (see ``lms.progress.rules.Item``)."""
        return {}

    def outline_rules(self) -> dict[str, Any]:
        """Return the rules of the outline that this page owns, as plain JSON (see ``OutlineVersion.rules``)."""
        return {}


class OffersCertificate(models.Model):
    """Completing it can earn a certificate."""

    certificate_design = models.ForeignKey(
        "lms.CertificateDesign",
        verbose_name=_("certificate"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who completes this receives a certificate of this design. Leave empty for none."),
    )

    class Meta:
        abstract = True


class CountsTowardsCompletion(models.Model):
    """It stands in the outline of a course and may be needed to finish it."""

    required = models.BooleanField(
        _("needed to finish"),
        default=True,
        help_text=_("Switch off for something that is offered but not needed to finish."),
    )

    class Meta:
        abstract = True


class OpensLater(models.Model):
    """It may open on a date, or some days after a learner started."""

    opens_on = models.DateField(
        _("opens on"), null=True, blank=True, help_text=_("Leave empty when it is open from the start.")
    )
    opens_after_days = models.PositiveSmallIntegerField(
        _("opens days after the start"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(3650)],
        help_text=_("Counted from the day on which a learner starts the course. 7 opens it a week later."),
    )

    class Meta:
        abstract = True

    def outline_rule(self) -> dict[str, Any]:
        """Add the day on which it opens."""
        rule = super().outline_rule()  # type: ignore[misc]
        if self.opens_on:
            rule["opens_on"] = self.opens_on.isoformat()
        if self.opens_after_days:
            rule["opens_after_days"] = self.opens_after_days
        return rule


class NeedsSome(models.Model):
    """Some of what stands in it may be enough."""

    needed = models.PositiveSmallIntegerField(
        _("how many parts are needed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Of the parts directly in it that are needed to finish. Leave empty when every one is needed; 1 means that any "
            "one of them is enough."
        ),
    )

    class Meta:
        abstract = True


class EnrolmentMode(models.TextChoices):
    """Who may start a course, and how."""

    OPEN = "open", _("Everybody, at any time")
    APPROVAL = "approval", _("After somebody of ours has agreed")
    COHORTS = "cohorts", _("In a cohort with dates and seats")
    CLOSED = "closed", _("Only whom we enrol ourselves")


class CurriculumMixin(ActivityPageMixin, OffersCertificate):
    """A set of courses and series, such as digital marketing."""

    lms_kind = "curriculum"
    lms_owner_fields = ("certificate_design",)

    class Meta:
        abstract = True


class CourseMixin(NeedsSome, CountsTowardsCompletion, OffersCertificate, ActivityPageMixin):
    """A course: modules, lessons, quizzes, webinar series below it are its outline."""

    lms_kind = "course"
    lms_owner_fields = (
        "required",
        "certificate_design",
        "needed",
        "sequential",
        "enrolment_mode",
        "valid_months",
        "prerequisites",
    )

    sequential = models.BooleanField(
        _("one part after the other"),
        default=False,
        help_text=_("Each part opens when what stands before it is done. Otherwise the order is free."),
    )
    enrolment_mode = models.CharField(
        _("who may start"), max_length=10, choices=EnrolmentMode.choices, default=EnrolmentMode.OPEN
    )
    valid_months = models.PositiveSmallIntegerField(
        _("months until it is to be taken again"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("Counted from the start. Leave empty when a learner's result never ends."),
    )
    prerequisites = StreamField(
        [("page", PageChooserBlock(label=_("course or series")))],
        verbose_name=_("what you need before"),
        blank=True,
        help_text=_("Courses or webinar series that a learner completes before this course opens."),
    )

    class Meta:
        abstract = True

    def outline_rules(self) -> dict[str, Any]:
        """Say how many parts are needed, and in what order. Prerequisites are added when it is compiled."""
        rules = super().outline_rules()
        if self.needed:
            rules["needed"] = self.needed
        if self.sequential:
            rules["order"] = "sequential"
        return rules


class ModuleMixin(NeedsSome, CountsTowardsCompletion, OpensLater, ActivityPageMixin):
    """A part of a course that groups lessons. With ``needed`` 1 it says: any one of these."""

    lms_kind = "module"
    lms_owner_fields = ("required", "needed", "opens_on", "opens_after_days")

    class Meta:
        abstract = True

    def outline_rule(self) -> dict[str, Any]:
        """Add how many of its parts are needed."""
        rule = super().outline_rule()
        if self.needed:
            rule["needed"] = self.needed
        return rule


class LessonMixin(CountsTowardsCompletion, OpensLater, ActivityPageMixin):
    """Something to read, watch and try. Done when the learner marks it as done, or has watched enough of a recording.

    A page type may have a method ``lms_lesson_html(request, *, document_url=None) -> SafeString``: the content of the
    lesson without title or frame, for the learner's room. ``document_url`` gives the address of each file in it, so that
    files are fetched through the room. Without it the room links to the page.
    """

    lms_kind = "lesson"
    lms_owner_fields = (
        "required",
        "opens_on",
        "opens_after_days",
        "min_minutes",
        "recording_minutes",
        "watch_percent",
    )

    min_minutes = models.PositiveSmallIntegerField(
        _("least minutes"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(600)],
        help_text=_("From opening the lesson until it can be marked as done. Leave empty for no least time."),
    )
    recording_minutes = models.PositiveSmallIntegerField(
        _("length of the recording in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text=_("Only for a lesson that is a recording."),
    )
    watch_percent = models.PositiveSmallIntegerField(
        _("share of the recording to watch (percent)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("The lesson is done when this share was watched. Leave empty when it is marked by hand."),
    )

    class Meta:
        abstract = True

    def outline_rule(self) -> dict[str, Any]:
        """Add the least time, and how many seconds of the recording are to be watched."""
        rule = super().outline_rule()
        if self.min_minutes:
            rule["min_minutes"] = self.min_minutes
        if self.recording_minutes and self.watch_percent:
            # Rounded up: 70 % of 45 minutes are 1,890 seconds.
            rule["min_watched"] = -(-self.recording_minutes * 60 * self.watch_percent // 100)
        return rule
