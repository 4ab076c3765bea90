"""Errors that a person can do something about. Their text says what, where and what to do, in the reader's language."""

from __future__ import annotations


class KelasError(Exception):
    """Base of every refusal by Kelas's services.

    ``code`` is stable and for programs, ``message`` is a (lazily translated) sentence for people.
    """

    code = "refused"

    def __init__(self, message: object = "", *, code: str | None = None) -> None:
        self.message = message
        if code is not None:
            self.code = code
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(KelasError):
    """The person may not do this."""

    code = "not-allowed"


class Closed(KelasError):
    """It is too early, too late or no longer offered."""

    code = "closed"
