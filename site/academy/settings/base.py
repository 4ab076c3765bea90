"""What every way of running the academy shares. Nothing here depends on the machine."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.utils.translation import gettext_lazy as _

#: The repository: ``site/academy/settings/base.py`` is three folders down.
ROOT = Path(__file__).resolve().parents[3]
#: Everything that running leaves behind (database, media, mails). One folder, ignored by git.
VAR = Path(os.environ.get("ACADEMY_VAR") or ROOT / "var").resolve()

DEBUG = False

# ── applications ─────────────────────────────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    "academy.home",
    # Kelas: the app, and its ready-made page types.
    "lms",
    "lms.pages",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.redirects",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "academy.home.maintenance.MaintenanceMiddleware",
    # Outside of the page cache, which keeps its own compressed copies.
    "django.middleware.gzip.GZipMiddleware",
    "lms.core.page_cache.PageCacheMiddleware",
    "lms.core.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "academy.urls"
WSGI_APPLICATION = "academy.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before all apps, so that the academy can override any template of theirs.
        "DIRS": [ROOT / "site" / "academy" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# ── language and time ────────────────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "id"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [ROOT / "site" / "academy" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

# ── where things are kept ────────────────────────────────────────────────────────────────────────────────────────

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "academy.sqlite3",
        # IMMEDIATE takes the write lock when a transaction begins, so two writers queue instead of failing half-way.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "site" / "academy" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Attendance reports and certificates: never below MEDIA_ROOT, never at a public address.
    "lms_private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR / "private")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# ── mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────

DEFAULT_FROM_EMAIL = "Akademi Naik Kelas <halo@academy.example>"


def mail(backend: str, **options: object) -> dict[str, object]:
    """Return the settings that choose a mail backend, in the words of the installed Django.

    Args:
        backend: dotted path of the backend's class.
        options: as Django 6.1's ``MAILERS`` takes them, for example ``file_path`` or ``host``.
    """
    if django.VERSION >= (6, 1):
        return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}
    older = {"username": "EMAIL_HOST_USER", "password": "EMAIL_HOST_PASSWORD", "file_path": "EMAIL_FILE_PATH"}
    return {"EMAIL_BACKEND": backend} | {
        older.get(name, f"EMAIL_{name.upper()}"): value for name, value in options.items()
    }


# ── people who sign in ───────────────────────────────────────────────────────────────────────────────────────────

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"

# Learners need no account. Who wants one proves an e-mail address with a code, and never meets a password.
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mail is slow on a weak network
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
# A class, a village or a phone carrier shares one address, so limits per address are generous and limits per person strict.
ACCOUNT_RATE_LIMITS = {
    "signup": "300/m/ip",
    "login": "300/m/ip",
    "login_failed": "300/m/ip,5/5m/key",
    "request_login_code": "300/m/ip,3/m/key",
    "reset_password": "300/m/ip,5/m/key",
    "reset_password_from_key": "300/m/ip",
}

# ── Wagtail ──────────────────────────────────────────────────────────────────────────────────────────────────────

WAGTAIL_SITE_NAME = "Akademi Naik Kelas"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
WAGTAIL_USER_TIME_ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
# The admin asks nobody outside: no avatars from elsewhere, no look-up of new versions, no embeds fetched.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []

# ── Kelas ────────────────────────────────────────────────────────────────────────────────────────────────────────

LMS: dict[str, object] = {"PRIVACY_URL": "/id/privasi/"}

# ── security that costs nothing anywhere ─────────────────────────────────────────────────────────────────────────

SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
# Long reports are read from disk, not from memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
