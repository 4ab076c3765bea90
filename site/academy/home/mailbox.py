"""The demo's mail box: a page that shows the mails which the demo wrote as files instead of sending them.

It exists with the demo's settings only, on one's own machine.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lms.core.not_found import stays_not_found

#: Django's file backend writes this line after each message.
_END = b"\n" + b"-" * 79 + b"\n"
_LINK = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)])")
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, as a person wants to see it. ``text`` is a list of (piece, is a link)."""

    number: int
    to: str
    subject: str
    date: str
    text: list[tuple[str, bool]]
    attachments: list[str] = field(default_factory=list)


@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Show the newest mails first."""
    messages = list(enumerate(_messages()))
    mails = [_mail(number, message) for number, message in reversed(messages[-SHOWN:])]
    return render(request, "home/mailbox.html", {"mails": mails, "count": len(messages)})


@stays_not_found
@never_cache
def attachment(request: HttpRequest, number: int, part: int) -> HttpResponse:
    """Hand out one attachment of a mail as a download."""
    try:
        found = list(_messages()[number].iter_attachments())[part]
    except IndexError:
        raise Http404 from None
    content = found.get_payload(decode=True) or b""
    name = re.sub(r"[^\w.-]", "_", found.get_filename() or "attachment")
    return HttpResponse(
        content,
        content_type=found.get_content_type(),
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _folder() -> Path | None:
    mailers = getattr(settings, "MAILERS", {}).get("default", {}).get("OPTIONS", {})
    path = mailers.get("file_path") or getattr(settings, "EMAIL_FILE_PATH", None)
    return Path(path) if path else None


def _messages() -> list[EmailMessage]:
    """Return all mails, oldest first. Two files of one second tell their order by the time they were written only."""
    folder = _folder()
    found: list[EmailMessage] = []
    files = folder.glob("*.log") if folder and folder.is_dir() else ()
    for path in sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.name)):
        for piece in path.read_bytes().split(_END):
            if piece.strip():
                found.append(email.message_from_bytes(piece, policy=email.policy.default))  # type: ignore[arg-type]
    return found


def _mail(number: int, message: EmailMessage) -> Mail:
    body = message.get_body(preferencelist=("plain",))
    text = body.get_content() if body is not None else ""
    return Mail(
        number=number,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        date=str(message["Date"] or ""),
        text=[(piece, bool(place % 2)) for place, piece in enumerate(_LINK.split(text))],
        attachments=[part.get_filename() or part.get_content_type() for part in message.iter_attachments()],
    )
