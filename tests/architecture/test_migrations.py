"""Migrations agree with the models, on Wagtail's page model and on a swapped one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.architecture.tree import ROOT

APPS = ["lms", "lms_pages", "lms_testapp"]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", *APPS, check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("label", ["lms", "lms_pages"])
def test_max_migration_names_the_last_one(label):
    folder = ROOT / apps.get_app_config(label).path / "migrations"
    last = max(path.stem for path in folder.glob("0*.py"))
    assert (folder / "max_migration.txt").read_text().strip() == last


def manage(settings: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        cwd=ROOT,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}"}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_app_works_on_a_swapped_page_model(tmp_path):
    """A host may swap Wagtail's Page; the optional page types cannot, and are left out there."""
    database = {"LMS_SWAPPED_DB": str(tmp_path / "swapped.sqlite3")}
    result = manage("tests.swapped_settings", "makemigrations", "lms", "--check", "--dry-run", **database)
    assert result.returncode == 0, result.stdout + result.stderr
    result = manage("tests.swapped_settings", "migrate", "-v", "0", **database)
    assert result.returncode == 0, result.stderr[-2000:]
    code = (
        "from lms.catalogue.models import ActivityPage as A; from lms.core.base_page import base_page; "
        "print(A._meta.get_field('page').related_model._meta.label, base_page()._meta.label)"
    )
    result = manage("tests.swapped_settings", "shell", "-v", "0", "-c", code, **database)
    assert result.stdout.split() == ["basepage.BasePage", "basepage.BasePage"], result.stderr[-2000:]
