"""Serialised calendar events, and the calendars that partners embed or subscribe to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.models import PublicId, TimeStamped


class CachedEvent(models.Model):
    """One VEVENT as bytes, made once per change, language and variant. Feeds only join these.

    A session that could not be written has no bytes and an ``error``: feeds leave it out, the admin shows it.
    """

    occurrence = models.ForeignKey("lms.Occurrence", on_delete=models.CASCADE, related_name="cached_events")
    language = models.CharField(_("language"), max_length=10)
    variant = models.CharField(_("variant"), max_length=10, default="zoned")
    ics = models.BinaryField(_("serialised event"))
    fingerprint = models.CharField(_("fingerprint of what it was made from"), max_length=64)
    error = models.TextField(_("why it is left out of feeds"), blank=True)

    class Meta:
        verbose_name = _("serialised event")
        verbose_name_plural = _("serialised events")
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence", "language", "variant"], name="lms_cached_event_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.occurrence_id}:{self.language}:{self.variant}"


class PartnerCalendar(PublicId, TimeStamped):
    """What a partner shows: which activities, in which language and colour, on which hosts. No filter means everything."""

    partner = models.ForeignKey("lms.Partner", on_delete=models.CASCADE, related_name="calendars")
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=10, default="id")
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    accent = models.CharField(_("accent colour"), max_length=7, blank=True)
    activities = models.ManyToManyField(
        "lms.Activity", blank=True, related_name="+", verbose_name=_("curricula, courses and series")
    )
    allowed_hosts = models.JSONField(
        _("hosts that may embed it"),
        default=list,
        blank=True,
        help_text=_(
            "Origins such as https://www.bank.example, one an entry. None means that it cannot be embedded."
        ),
    )
    site = models.ForeignKey(
        "wagtailcore.Site", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("partner calendar")
        verbose_name_plural = _("partner calendars")
        ordering = ["partner__name", "name"]

    def __str__(self) -> str:
        return self.name
