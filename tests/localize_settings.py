"""The test project with wagtail-localize in place of Wagtail's simple translation."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [
    "wagtail_localize",
    "wagtail_localize.locales",
    *[app for app in INSTALLED_APPS if app != "wagtail.contrib.simple_translation"],
]
if "LMS_LOCALIZE_DB" in os.environ:
    DATABASES["default"] = {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["LMS_LOCALIZE_DB"]}
