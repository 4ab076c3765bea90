"""What this area writes when others report news. Connected from the app's ready()."""

from __future__ import annotations

from lms.people import handlers


def connect() -> None:
    """Register the person handlers of this area. Called once, when all apps are loaded."""
    handlers.connect()
