"""System checks: what is missing or dangerous in a host's settings, each with an id, a reason and a remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import swapper
from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.files.storage import FileSystemStorage, InvalidStorageError, storages
from django.urls import NoReverseMatch, reverse

from lms import conf
from lms.core.clock import zone_names
from lms.core.files import PRIVATE_ALIAS


@register()
def check_settings_known(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """lms.E001: a key in ``LMS`` that Kelas does not know is a typing error that would silently do nothing."""
    known = ", ".join(sorted(conf.SETTINGS))
    return [
        Error(f"LMS has an unknown key {key!r}.", hint=f"Known keys: {known}.", id="lms.E001")
        for key in conf.unknown_keys()
    ]


@register()
def check_public_urls(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """lms.E002, lms.E004: the addresses that never move must be there, once, where the settings say they are."""
    try:
        path = reverse("lms_public:certificate", args=["0" * 13])
    except NoReverseMatch:
        return [
            Error(
                "lms.public_urls is not included in the URL configuration.",
                hint='Add path("", include("lms.public_urls")) outside of i18n_patterns.',
                id="lms.E002",
            )
        ]
    prefix = conf.PUBLIC_URL_PREFIX.strip("/")
    wanted = f"/{prefix}/c/" if prefix else "/c/"
    if path.startswith(wanted):
        return []
    return [
        Error(
            f"lms.public_urls answers at {path[: path.index('c/0')]!r}, but LMS['PUBLIC_URL_PREFIX'] is {prefix!r}.",
            hint="Printed certificates and mailed links carry this address: put it back, or state it in the setting "
            "before the first certificate is issued.",
            id="lms.E004",
        )
    ]


@register()
def check_private_storage(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """lms.E003: private files need a storage of their own, not below MEDIA_ROOT, which a web server serves."""
    try:
        storage = storages[PRIVATE_ALIAS]
    except InvalidStorageError:
        return [
            Error(
                f"STORAGES has no alias {PRIVATE_ALIAS!r}.",
                hint="Attendance reports and certificates are kept there. Add one outside MEDIA_ROOT.",
                id="lms.E003",
            )
        ]
    if isinstance(storage, FileSystemStorage) and settings.MEDIA_ROOT:
        private, media = Path(storage.location).resolve(), Path(settings.MEDIA_ROOT).resolve()
        if private == media or media in private.parents:
            return [
                Error(
                    f"The storage {PRIVATE_ALIAS!r} lies inside MEDIA_ROOT.",
                    hint="Move it outside: whatever lies in MEDIA_ROOT can be fetched by anybody who knows its name.",
                    id="lms.E003",
                )
            ]
    return []


@register()
def check_pages_swapped(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """lms.E005: our ready-made page types inherit from Wagtail's own Page and cannot live beside a swapped one."""
    if apps.is_installed("lms.pages") and swapper.get_model_name("wagtailcore", "Page") != "wagtailcore.Page":
        return [
            Error(
                "lms.pages is installed, but WAGTAIL_PAGE_MODEL is swapped.",
                hint="Take lms.pages out of INSTALLED_APPS and make page types of your own on the mixins.",
                id="lms.E005",
            )
        ]
    return []


@register()
def check_zones(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """lms.E006: zones are IANA names."""
    named = [*conf.ZONES, *([conf.DEFAULT_ZONE] if conf.DEFAULT_ZONE else [])]
    return [
        Error(
            f"LMS names a zone {zone!r} that does not exist.",
            hint="Write for example Asia/Jakarta.",
            id="lms.E006",
        )
        for zone in named
        if zone not in zone_names()
    ]


@register()
def check_sqlite(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """lms.W001: with SQLite's default transactions, two people who register at once see "database is locked"."""
    database = settings.DATABASES.get("default", {})
    if not database.get("ENGINE", "").endswith("sqlite3"):
        return []
    if database.get("OPTIONS", {}).get("transaction_mode") == "IMMEDIATE":
        return []
    return [
        Warning(
            "SQLite runs with deferred transactions.",
            hint='Set OPTIONS = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": '
            '"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"}.',
            id="lms.W001",
        )
    ]


@register()
def check_documents(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """lms.W002: files of lessons that are not open to all must not have a direct address."""
    direct = getattr(settings, "WAGTAILDOCS_SERVE_METHOD", None) == "direct"
    if not (direct and apps.is_installed("wagtail.documents")):
        return []
    return [
        Warning(
            'WAGTAILDOCS_SERVE_METHOD is "direct": files of lessons can be fetched by everybody who has their address.',
            hint='Take it out, or write "serve_view" or "redirect", and let the web server deny media/documents/.',
            id="lms.W002",
        )
    ]
