"""A real deployment. Everything that differs from machine to machine comes from environment variables.

Needed: ``SECRET_KEY``, ``ALLOWED_HOSTS`` (comma-separated), ``BASE_URL`` (``https://academy.example``).
Optional: ``MAINTENANCE`` (``1``: every address says that work is done), ``DATABASE_URL``
(``postgres://user:password@host:5432/name``), ``REDIS_URL``, ``SMTP_URL``
(``smtps://user:password@host:465``), ``DEFAULT_FROM_EMAIL``, ``ACADEMY_VAR``, ``TRUSTED_PROXIES`` (how many proxies stand in front;
they must set ``X-Forwarded-Proto``).
"""

from __future__ import annotations

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from academy.settings.base import *  # noqa: F403
from academy.settings.base import DEFAULT_FROM_EMAIL, LMS, mail


def needed(name: str) -> str:
    """Return an environment variable that a deployment cannot do without."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(
            f"Set the environment variable {name}; see academy/settings/production.py."
        )
    return value


def postgres(url: str) -> dict[str, object]:
    """Return Django's settings for a database address ``postgres://user:password@host:port/name?option=value``."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL reads postgres://user:password@host:port/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


SECRET_KEY = needed("SECRET_KEY")
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
ALLOWED_HOSTS = [host.strip() for host in needed("ALLOWED_HOSTS").split(",") if host.strip()]
WAGTAILADMIN_BASE_URL = needed("BASE_URL").rstrip("/")
CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", DEFAULT_FROM_EMAIL)

if os.environ.get("DATABASE_URL"):
    DATABASES = {"default": postgres(os.environ["DATABASE_URL"])}
if os.environ.get("REDIS_URL"):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": os.environ["REDIS_URL"],
            "KEY_PREFIX": "academy",
        }
    }
if os.environ.get("SMTP_URL"):
    _smtp = urlsplit(os.environ["SMTP_URL"])
    globals().update(
        mail(
            "django.core.mail.backends.smtp.EmailBackend",
            host=_smtp.hostname or "localhost",
            port=_smtp.port or (465 if _smtp.scheme == "smtps" else 587),
            username=unquote(_smtp.username or ""),
            password=unquote(_smtp.password or ""),
            use_ssl=_smtp.scheme == "smtps",
            use_tls=_smtp.scheme == "smtp+tls",
            timeout=20,
        )
    )

#: Set while work is done that visitors should not meet, such as moving a database: every address answers 503.
MAINTENANCE = os.environ.get("MAINTENANCE", "") not in ("", "0")

# ── transport ────────────────────────────────────────────────────────────────────────────────────────────────────

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
if _proxies := int(os.environ.get("TRUSTED_PROXIES", "0")):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = _proxies
    # Else everybody would come from the proxy's address, and a burst would soon be held up.
    LMS = LMS | {"TRUSTED_PROXIES": _proxies}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
