"""The demo on one's own machine: files below ``var/``, no outside service, mails as files."""

from __future__ import annotations

import secrets

from academy.settings.base import *  # noqa: F403
from academy.settings.base import LMS, VAR, mail

DEMO = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def _own_secret() -> str:
    """Return this machine's secret key; it is made on the first run and never leaves ``var/``."""
    path = VAR / "secret_key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x") as file:
                path.chmod(0o600)
                file.write(secrets.token_urlsafe(50))
        except FileExistsError:  # another process of the demo was first
            pass
    return path.read_text()


SECRET_KEY = _own_secret()
globals().update(mail("django.core.mail.backends.filebased.EmailBackend", file_path=str(VAR / "mail")))

WHITENOISE_MAX_AGE = 60
LMS = LMS | {"PAGE_CACHE_SECONDS": 60}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django_tasks": {"level": "WARNING"}, "django_tasks_db": {"level": "ERROR"}},
}
