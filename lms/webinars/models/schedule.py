"""Series and their dated occurrences, compiled from the owner page when it is published."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.models import PublicId, TimeStamped


def new_uid() -> str:
    """Return a calendar UID that never changes and says nothing (RFC 7986 5.3)."""
    return f"{uuid.uuid4()}@kelas"


class WebinarSeries(TimeStamped):
    """A series as last published. ``rule`` is RFC 5545 text; it is expanded on the wall clock of ``zone``."""

    activity = models.OneToOneField("lms.Activity", on_delete=models.PROTECT, related_name="webinar_series")
    start_date = models.DateField(_("first date"))
    start_time = models.TimeField(_("starting time"))
    duration_minutes = models.PositiveSmallIntegerField(_("duration in minutes"))
    zone = models.CharField(_("time zone"), max_length=64)
    rule = models.TextField(_("recurrence rule"), blank=True)
    join_url = models.URLField(_("provider's address"), max_length=1000, blank=True)
    capacity = models.PositiveIntegerField(_("seats per session"), null=True, blank=True)
    attend_percent = models.PositiveSmallIntegerField(
        _("share that counts as attended"),
        default=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    needed = models.PositiveSmallIntegerField(_("sessions needed"), null=True, blank=True)
    organiser_name = models.CharField(_("organiser"), max_length=200, blank=True)
    organiser_email = models.EmailField(_("organiser's e-mail"), blank=True)

    class Meta:
        verbose_name = _("webinar series")
        verbose_name_plural = _("webinar series")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(attend_percent__gte=1, attend_percent__lte=100),
                name="lms_series_attend_percent",
            ),
            models.CheckConstraint(
                condition=models.Q(duration_minutes__gte=1), name="lms_series_has_duration"
            ),
        ]

    def __str__(self) -> str:
        return self.activity.title


class Occurrence(PublicId, TimeStamped):
    """One dated session of a series (RFC 5545: recurrence instance). Known by (series, original local date, ordinal).

    ``slot_starts_at`` and ``slot_ends_at`` say where the rule, as last published, puts it; both are null once the rule
    no longer gives it. A session that stands elsewhere was moved by a person, or kept by one.
    """

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("scheduled")
        CANCELLED = "cancelled", _("cancelled")

    series = models.ForeignKey(WebinarSeries, on_delete=models.PROTECT, related_name="occurrences")
    activity = models.OneToOneField("lms.Activity", on_delete=models.PROTECT, related_name="occurrence")
    original_date = models.DateField(_("original date"))
    ordinal = models.PositiveSmallIntegerField(_("ordinal on that date"), default=0)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    slot_starts_at = models.DateTimeField(_("start by the rule"), null=True, blank=True, editable=False)
    slot_ends_at = models.DateTimeField(_("end by the rule"), null=True, blank=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.SCHEDULED)
    join_url = models.URLField(
        _("provider's address, if other than the series'"), max_length=1000, blank=True
    )
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    taken = models.PositiveIntegerField(_("seats taken"), default=0)
    uid = models.CharField(_("calendar UID"), max_length=255, unique=True, default=new_uid, editable=False)
    sequence = models.PositiveIntegerField(_("calendar SEQUENCE"), default=0)
    revised_at = models.DateTimeField(
        _("last revised at"), help_text=_("DTSTAMP and LAST-MODIFIED in calendars.")
    )

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "original_date", "ordinal"], name="lms_occurrence_identity"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="lms_occurrence_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__isnull=True) | models.Q(taken__lte=models.F("capacity")),
                name="lms_occurrence_not_overbooked",
            ),
            models.CheckConstraint(
                condition=models.Q(slot_starts_at__isnull=True, slot_ends_at__isnull=True)
                | models.Q(slot_ends_at__gt=models.F("slot_starts_at")),
                name="lms_occurrence_slot_whole",
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="lms_occurrence_start")]

    def __str__(self) -> str:
        return f"{self.original_date}"


class ScheduleChange(PublicId, TimeStamped):
    """A published change that touches a session with people: proposed here, done only when a person confirms.

    A move or cancellation that a person made directly is kept here as confirmed, so that it is known who did what.
    """

    class Kind(models.TextChoices):
        MOVE = "move", _("move")
        CANCEL = "cancel", _("cancel")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waiting for a decision")
        CONFIRMED = "confirmed", _("confirmed")
        DISMISSED = "dismissed", _("dismissed")
        OBSOLETE = "obsolete", _("no longer wanted")

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    new_starts_at = models.DateTimeField(_("new start"), null=True, blank=True)
    new_ends_at = models.DateTimeField(_("new end"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("change of schedule")
        verbose_name_plural = _("changes of schedule")
        ordering = ["occurrence__starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence"], condition=models.Q(state="proposed"), name="lms_one_proposed_change"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="move")
                | models.Q(new_starts_at__isnull=False, new_ends_at__isnull=False),
                name="lms_move_has_new_times",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurrence_id}"
