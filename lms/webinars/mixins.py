"""The abstract base for a site's webinar page type."""

from __future__ import annotations

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms import conf
from lms.catalogue.mixins import ActivityPageMixin, CountsTowardsCompletion, OffersCertificate
from lms.core.clock import default_zone
from lms.webinars.fields import RecurrenceRuleField


def preset_attend_percent() -> int:
    """Return the share of a session that counts as attended, as the host presets it (percent)."""
    return int(conf.ATTEND_PERCENT)


class WebinarSeriesMixin(ActivityPageMixin, CountsTowardsCompletion, OffersCertificate):
    """A series of live sessions. Wall-clock time and zone are stored; dates follow when the page is published."""

    lms_kind = "webinar_series"
    lms_owner_fields = (
        "start_date",
        "start_time",
        "duration_minutes",
        "zone",
        "recurrence",
        "join_url",
        "capacity",
        "attend_percent",
        "needed",
        "required",
        "certificate_design",
        "organiser_name",
        "organiser_email",
    )

    start_date = models.DateField(
        _("first date"), help_text=_("The date of the first session, or the day on which the rule starts.")
    )
    start_time = models.TimeField(_("starting time"), default=dt.time(19, 0))
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration in minutes"), default=90, validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    zone = models.CharField(_("time zone"), max_length=64, default=default_zone)
    recurrence = RecurrenceRuleField(
        _("repeats"), blank=True, default="", help_text=_("Leave empty for a single session.")
    )
    join_url = models.URLField(
        _("address of the meeting"),
        max_length=1000,
        blank=True,
        help_text=_(
            "Zoom, Meet or another. It is never shown: each person gets a personal link that leads to it."
        ),
    )
    capacity = models.PositiveIntegerField(
        _("seats per session"), null=True, blank=True, help_text=_("Leave empty for no limit.")
    )
    attend_percent = models.PositiveSmallIntegerField(
        _("share that counts as attended (percent)"),
        default=preset_attend_percent,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    needed = models.PositiveSmallIntegerField(
        _("sessions needed to complete the series"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty when every session is needed."),
    )
    organiser_name = models.CharField(_("organiser"), max_length=200, blank=True)
    organiser_email = models.EmailField(_("organiser's e-mail"), blank=True)

    class Meta:
        abstract = True
