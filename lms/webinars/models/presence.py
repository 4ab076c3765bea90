"""Evidence of presence, and the attendance derived from it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.files import private_storage
from lms.core.models import PublicId, TimeStamped
from lms.webinars.models.schedule import Occurrence


class AttendanceImport(PublicId, TimeStamped):
    """One uploaded report of one session: previewed, applied by the worker, and undone if it was wrong."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("preview")
        QUEUED = "queued", _("being applied")
        APPLIED = "applied", _("applied")
        UNDONE = "undone", _("undone")
        FAILED = "failed", _("failed")

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="attendance_imports")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PREVIEWED)
    file = models.FileField(_("report"), storage=private_storage, upload_to="attendance/%Y/%m/", blank=True)
    file_name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    platform = models.CharField(_("platform"), max_length=30, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    delimiter = models.CharField(_("delimiter"), max_length=5, blank=True)
    date_order = models.CharField(_("date order"), max_length=3, blank=True)
    zone = models.CharField(_("time zone of the report"), max_length=64)
    warnings = models.JSONField(_("warnings"), default=list, blank=True)
    error = models.TextField(_("error"), blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("attendance report")
        verbose_name_plural = _("attendance reports")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence", "sha256"],
                condition=models.Q(state__in=["queued", "applied"]),
                name="lms_report_applied_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="applied") | models.Q(applied_at__isnull=False),
                name="lms_applied_report_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ReportPerson(models.Model):
    """One person as a report names them, and who we think it is. Seen under several names: one name a line."""

    class Match(models.TextChoices):
        EMAIL = "email", _("verified e-mail")
        REGISTERED_EMAIL = "registered_email", _("e-mail of a registration")
        NAME = "name", _("name of a registration")
        PERSON = "person", _("decided by a person")
        STAFF = "staff", _("host or panelist")
        IGNORED = "ignored", _("not a learner")
        NONE = "none", _("unmatched")

    attendance_import = models.ForeignKey(AttendanceImport, on_delete=models.CASCADE, related_name="people")
    position = models.PositiveIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=500, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    role = models.CharField(_("role"), max_length=20, blank=True)
    learner = models.ForeignKey(
        "lms.Learner", null=True, blank=True, on_delete=models.SET_NULL, related_name="report_appearances"
    )
    match = models.CharField(_("matched by"), max_length=20, choices=Match.choices, default=Match.NONE)
    duration_only_seconds = models.PositiveIntegerField(
        _("printed duration in seconds"), null=True, blank=True
    )
    seconds = models.PositiveIntegerField(_("merged seconds"), default=0)

    class Meta:
        verbose_name = _("person in a report")
        verbose_name_plural = _("people in reports")
        ordering = ["attendance_import", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["attendance_import", "position"], name="lms_report_person_position"
            )
        ]
        indexes = [models.Index(fields=["attendance_import", "match"], name="lms_report_person_match")]

    def __str__(self) -> str:
        return self.name or self.email


class PresenceInterval(models.Model):
    """From when to when somebody in a report was there. Counts while its report is applied and its person known."""

    person = models.ForeignKey(ReportPerson, on_delete=models.CASCADE, related_name="intervals")
    joined_at = models.DateTimeField(_("joined at"))
    left_at = models.DateTimeField(_("left at"))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_at__gte=models.F("joined_at")), name="lms_presence_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.joined_at:%H:%M}–{self.left_at:%H:%M}"


class Attendance(models.Model):
    """Derived: how long one learner was at one session, and whether that counts under any version of the rules."""

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="attendances")
    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="attendances")
    seconds = models.PositiveIntegerField(_("seconds"))
    window_seconds = models.PositiveIntegerField(_("length of the session in seconds"))
    first_joined_at = models.DateTimeField(_("first joined at"), null=True, blank=True)
    last_left_at = models.DateTimeField(_("last left at"), null=True, blank=True)
    attended = models.BooleanField(_("attended"), default=False)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "learner"], name="lms_attendance_once"),
            models.CheckConstraint(
                condition=models.Q(seconds__lte=models.F("window_seconds")),
                name="lms_attendance_within_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.seconds} s"


class StaleAttendance(models.Model):
    """Row of work: rules or times of a session changed, or a large report was undone, so derive its attendance anew."""

    occurrence = models.OneToOneField(Occurrence, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("attendance to derive anew")
        verbose_name_plural = _("attendance to derive anew")

    def __str__(self) -> str:
        return str(self.occurrence_id)
