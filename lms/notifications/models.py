"""The outbox: messages as rows, written with what caused them, sent once by a worker."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.models import PublicId, TimeStamped


class OutboxMessage(PublicId, TimeStamped):
    """One message to one person. Words are made at sending time from rows, so what is sent is still true."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        SKIPPED = "skipped", _("no longer wanted")
        FAILED = "failed", _("failed")

    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="outbox_messages")
    address = models.ForeignKey(
        "lms.Address", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=40)
    about = models.CharField(
        _("about"), max_length=80, help_text=_("What it is about, such as 'occurrence:12'.")
    )
    sequence = models.PositiveIntegerField(_("sequence of what it is about"), default=0)
    revision = models.PositiveIntegerField(_("revision of the registration"), default=0)
    params = models.JSONField(_("values"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    send_after = models.DateTimeField(_("not before"))
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "kind", "about", "sequence", "revision"], name="lms_message_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
                name="lms_sent_message_has_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "send_after"], name="lms_message_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
