"""Certificates. An issued one is frozen: names, titles, design, bytes and hash never change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.files import private_storage
from lms.core.models import PublicId, TimeStamped
from lms.people.models import hex_colour


class Issuer(TimeStamped):
    """The organisation that stands behind a certificate (Open Badges: issuer profile)."""

    name = models.CharField(_("name"), max_length=200)
    url = models.URLField(_("web site"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        verbose_name = _("issuer")
        verbose_name_plural = _("issuers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CertificateDesign(TimeStamped):
    """How certificates look and who signs. Editing raises ``revision``; issued certificates keep theirs."""

    class Template(models.TextChoices):
        CLASSIC = "classic", _("Classic")
        MODERN = "modern", _("Modern")

    name = models.CharField(_("name"), max_length=200)
    template = models.CharField(
        _("design"), max_length=40, choices=Template.choices, default=Template.CLASSIC
    )
    issuer = models.ForeignKey(
        Issuer, on_delete=models.PROTECT, related_name="designs", verbose_name=_("issuer")
    )
    language = models.CharField(_("language"), max_length=10, default="id")
    accent = models.CharField(_("accent colour"), max_length=7, default="#0b6e4f", validators=[hex_colour])
    signatory_name = models.CharField(_("signed by"), max_length=200, blank=True)
    signatory_role = models.CharField(_("position of the signatory"), max_length=200, blank=True)
    place = models.CharField(_("place of issue"), max_length=100, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)

    class Meta:
        verbose_name = _("certificate design")
        verbose_name_plural = _("certificate designs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CertificateOffer(models.Model):
    """Compiled from the owner page: completing this activity earns a certificate of this design."""

    activity = models.OneToOneField(
        "lms.Activity", on_delete=models.CASCADE, related_name="certificate_offer"
    )
    design = models.ForeignKey(CertificateDesign, on_delete=models.PROTECT, related_name="offers")

    class Meta:
        verbose_name = _("offer of a certificate")
        verbose_name_plural = _("offers of certificates")

    def __str__(self) -> str:
        return str(self.activity_id)


class CertificateDue(models.Model):
    """Row of work: somebody earned a certificate that is not issued yet. ``refusal`` says why it could not be."""

    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="certificates_due")
    activity = models.ForeignKey("lms.Activity", on_delete=models.CASCADE, related_name="+")
    run = models.PositiveSmallIntegerField(_("run"), default=1)
    kind = models.CharField(_("kind"), max_length=20, default="completion")
    earned_at = models.DateTimeField(_("earned at"))
    due_at = models.DateTimeField(_("due since"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    refusal = models.TextField(_("why it could not be issued"), blank=True)

    class Meta:
        verbose_name = _("certificate to issue")
        verbose_name_plural = _("certificates to issue")
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "activity", "run", "kind"], name="lms_certificate_due_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}:{self.activity_id}"


class Certificate(PublicId, TimeStamped):
    """An issued certificate (Open Badges: assertion). Every state keeps its public address ``/c/<serial>``."""

    class State(models.TextChoices):
        VALID = "valid", _("valid")
        REVOKED = "revoked", _("revoked")
        SUPERSEDED = "superseded", _("superseded")

    serial = models.CharField(_("serial"), max_length=13, unique=True)
    learner = models.ForeignKey(
        "lms.Learner", null=True, blank=True, on_delete=models.SET_NULL, related_name="certificates"
    )
    activity = models.ForeignKey(
        "lms.Activity", null=True, blank=True, on_delete=models.SET_NULL, related_name="certificates"
    )
    run = models.PositiveSmallIntegerField(_("run"), default=1)
    kind = models.CharField(_("kind"), max_length=20, default="completion")
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.VALID)
    holder_name = models.CharField(_("holder"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=255)
    content = models.JSONField(_("frozen content"), help_text=_("All words on the document, as issued."))
    design = models.ForeignKey(
        CertificateDesign, null=True, blank=True, on_delete=models.SET_NULL, related_name="certificates"
    )
    design_revision = models.PositiveIntegerField(_("revision of the design"))
    issuer_name = models.CharField(_("issuer"), max_length=200)
    earned_at = models.DateTimeField(_("earned at"))
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revocation_reason = models.TextField(_("reason for the revocation"), blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    pdf = models.FileField(_("PDF"), storage=private_storage, upload_to="certificates/%Y/%m/", blank=True)
    sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64)
    erased_at = models.DateTimeField(_("holder erased at"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "activity", "run", "kind"],
                condition=models.Q(state="valid"),
                name="lms_one_live_certificate",
            ),
            models.CheckConstraint(
                condition=models.Q(state="revoked", revoked_at__isnull=False)
                | ~models.Q(state="revoked") & models.Q(revoked_at__isnull=True),
                name="lms_certificate_revoked_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.serial
