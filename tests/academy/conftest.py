"""The academy's own tests: its content is loaded once, into a database that each test leaves as it was.

Run: ``pytest --ds=academy.settings.test -o addopts= tests/academy``.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _clean_cache():
    cache.clear()
    yield


@pytest.fixture(scope="session")
def workshop(tmp_path_factory) -> Path:
    """A folder for what the session makes once: a migrated empty database, the fixtures as they would be saved again."""
    return tmp_path_factory.mktemp("academy")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, workshop):
    """Load the demo's content after the migrations."""
    from django.core.management import call_command

    from academy.home.demo import fixtures, roles, schedule
    from lms.catalogue.compile import compile_all

    with django_db_blocker.unblock():
        if not fixtures.is_loaded():
            _copy_database(workshop / "migrated.sqlite3")
            fixtures.load()
            call_command("save_fixtures", to=workshop / "saved", verbosity=0, stdout=open("/dev/null", "w"))
            fixtures.set_address(host="testserver", port=80)
            schedule.set_dates(meeting_url="http://127.0.0.1:8001/room/")
            roles.make_roles()
        problems = [compiled.error for _, compiled in compile_all() if compiled.error]
    assert problems == []


def _copy_database(target: Path) -> None:
    name = settings.DATABASES["default"]["NAME"]
    with sqlite3.connect(name) as source, sqlite3.connect(target) as copy:
        source.backup(copy)


@pytest.fixture
def own_var(tmp_path, workshop):
    """A folder for a demo of its own, with a database that is migrated already where this session migrated one."""
    if (workshop / "migrated.sqlite3").exists():
        shutil.copy(workshop / "migrated.sqlite3", tmp_path / "academy.sqlite3")
    return tmp_path
