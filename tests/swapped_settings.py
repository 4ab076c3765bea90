"""The test project with Wagtail's page model swapped, and without our ready-made page types."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [
    "wagtail.test.basepage",
    *[app for app in INSTALLED_APPS if app not in ("tests.testapp", "lms.pages")],
]
WAGTAIL_PAGE_MODEL = "basepage.BasePage"
ROOT_URLCONF = "tests.urls"
if "LMS_SWAPPED_DB" in os.environ:
    DATABASES["default"]["NAME"] = os.environ["LMS_SWAPPED_DB"]
