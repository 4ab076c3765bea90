"""How a message reaches a person. E-mail now; another channel is another function here and a kind of address."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.html import linebreaks, urlize

from lms import conf
from lms.notifications.models import OutboxMessage
from lms.people.models import Address, Learner


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail: name, content, media type with its parameters."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Composed:
    """Words ready to be sent: one line of subject, plain text, attachments."""

    subject: str
    text: str
    attachments: tuple[Attachment, ...] = field(default=())


def address_for(learner: Learner) -> Address | None:
    """Return where a learner is written to: a verified e-mail, else the newest one; None when there is none."""
    if learner.erased_at is not None:
        return None
    emails = learner.addresses.filter(kind=Address.Kind.EMAIL)
    return emails.exclude(verified_at=None).order_by("-verified_at").first() or emails.order_by("-id").first()


def send_mail(composed: Composed, *, message: OutboxMessage, address: Address) -> None:
    """Send one mail. Its Message-ID is always the same for the same message, so a repeated one is recognised.

    Raises:
        Exception: whatever the mail backend raises; the outbox tries again.
    """
    sender = conf.MAIL_FROM or settings.DEFAULT_FROM_EMAIL
    domain = sender.rpartition("@")[2].strip("> ") or "localhost"
    mail = EmailMultiAlternatives(
        subject=" ".join(composed.subject.split()),
        body=composed.text,
        from_email=sender,
        to=[formataddr((message.learner.name, address.value))],
        headers={"Message-ID": f"<{message.public_id}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(linebreaks(urlize(composed.text, autoescape=True)), "text/html")
    for attachment in composed.attachments:
        mail.attach(attachment.name, attachment.content, attachment.media_type)
    mail.send()
