"""For the academy's own tests: like the demo, with a file database that tests may lock and tasks that run at once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("ACADEMY_VAR", str(Path(tempfile.gettempdir()) / "kelas-academy-tests"))

from academy.settings.base import *  # noqa: F403
from academy.settings.base import DATABASES, MIDDLEWARE, STORAGES, VAR, mail

DEMO = True
SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["*"]
VAR.mkdir(parents=True, exist_ok=True)
DATABASES["default"]["TEST"] = {
    "NAME": os.environ.get("LMS_TEST_DB") or str(VAR / f"academy-{os.getpid()}.sqlite3")
}
DATABASES["default"]["CONN_MAX_AGE"] = 0
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
globals().update(mail("django.core.mail.backends.locmem.EmailBackend"))
