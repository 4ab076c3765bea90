"""Who wants to come to a series, who has a seat at which session, and who pressed join."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.models import PublicId, TimeStamped
from lms.webinars.models.schedule import Occurrence, WebinarSeries


class SeriesRegistration(PublicId, TimeStamped):
    """A standing wish: come to every session of the series, also to those that are added later."""

    series = models.ForeignKey(WebinarSeries, on_delete=models.PROTECT, related_name="registrations")
    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="series_registrations")
    partner = models.ForeignKey(
        "lms.Partner",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("came through"),
    )
    registered_at = models.DateTimeField(_("registered at"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    revision = models.PositiveIntegerField(
        _("revision"), default=1, help_text=_("Rises when somebody cancels and comes back.")
    )

    class Meta:
        verbose_name = _("registration for a series")
        verbose_name_plural = _("registrations for series")
        constraints = [
            models.UniqueConstraint(fields=["series", "learner"], name="lms_series_registration_once")
        ]

    def __str__(self) -> str:
        return self.public_id


class Registration(PublicId, TimeStamped):
    """One learner's place at one session: a seat, a place in the queue, or cancelled."""

    class State(models.TextChoices):
        REGISTERED = "registered", _("registered")
        WAITLISTED = "waitlisted", _("on the waiting list")
        CANCELLED = "cancelled", _("cancelled")

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="registrations")
    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="registrations")
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    queued_at = models.DateTimeField(
        _("in the queue since"), help_text=_("Decides who is first when a seat is freed.")
    )
    revision = models.PositiveIntegerField(_("revision"), default=1)
    link_version = models.PositiveIntegerField(_("link version"), default=1)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "learner"], name="lms_registration_once")
        ]
        indexes = [models.Index(fields=["occurrence", "state", "queued_at"], name="lms_registration_queue")]

    def __str__(self) -> str:
        return self.public_id


class JoinClick(models.Model):
    """A personal join link was followed. Recorded before the redirect; it is no proof of attendance."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="join_clicks")
    clicked_at = models.DateTimeField(_("clicked at"))

    class Meta:
        verbose_name = _("join click")
        verbose_name_plural = _("join clicks")

    def __str__(self) -> str:
        return f"{self.clicked_at:%Y-%m-%d %H:%M}"
