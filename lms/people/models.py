"""Learners, their addresses and consents, and partner organisations. Accounts are optional."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.models import PublicId, TimeStamped

hex_colour = RegexValidator(
    r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six digits, for example #0b6e4f.")
)


class Learner(PublicId, TimeStamped):
    """A person who learns. May have no account; a merged one points at the learner who stands for both."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="lms_learners",
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, default="id")
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    link_version = models.PositiveIntegerField(_("link version"), default=1)
    canonical = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
    )
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    class Meta:
        verbose_name = _("learner")
        verbose_name_plural = _("learners")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(user__isnull=False, canonical__isnull=True),
                name="lms_one_learner_per_account",
            ),
            models.CheckConstraint(
                condition=models.Q(canonical__isnull=True) | ~models.Q(canonical=models.F("id")),
                name="lms_learner_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(name=""),
                name="lms_erased_learner_has_no_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.public_id


class Address(TimeStamped):
    """Where a learner can be reached. Two people may share one (a couple's phone); each proves it for themselves."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")
        WHATSAPP = "whatsapp", _("WhatsApp")

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.EMAIL)
    value = models.CharField(_("address"), max_length=254, help_text=_("Stored trimmed and in lower case."))
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["learner", "kind", "value"], name="lms_address_once_per_learner")
        ]
        indexes = [models.Index(fields=["kind", "value"], name="lms_address_value")]

    def __str__(self) -> str:
        return self.value


class Consent(models.Model):
    """That a person agreed to a wording, and when; kept as long as the person is."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=40)
    version = models.CharField(_("version of the wording"), max_length=40)
    wording = models.TextField(_("wording"), blank=True)
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "purpose", "version"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="lms_one_live_consent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class OneTimeCode(PublicId):
    """Six digits that were sent to somebody's address, for one purpose, once. The digits follow from the row and our key."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="one_time_codes")
    purpose = models.CharField(_("purpose"), max_length=80)
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("expires at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        indexes = [models.Index(fields=["learner", "purpose"], name="lms_code_learner_purpose")]

    def __str__(self) -> str:
        return self.purpose


class Partner(PublicId, TimeStamped):
    """An organisation that shows our calendar to its own people. Identity only; its calendars live in ``calendars``."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    url = models.URLField(_("web site"), blank=True)
    accent = models.CharField(_("accent colour"), max_length=7, default="#0b6e4f", validators=[hex_colour])

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
