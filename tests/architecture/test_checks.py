"""Every system check has an id, says what to do, and is seen to speak."""

from __future__ import annotations

import re
import sys
from types import ModuleType

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings
from django.urls import include, path

from tests.architecture.tree import ROOT


def ids() -> set[str]:
    messages = [message for message in run_checks() if message.id.startswith("lms.")]
    assert all(message.hint for message in messages)
    return {message.id for message in messages}


@pytest.fixture
def urlconf():
    def make(*patterns):
        module = ModuleType("tests.made_urls")
        module.urlpatterns = list(patterns)
        sys.modules["tests.made_urls"] = module
        return override_settings(ROOT_URLCONF="tests.made_urls")

    yield make
    sys.modules.pop("tests.made_urls", None)


def test_the_test_project_is_clean():
    assert ids() == set()


def test_public_urls_must_be_included(urlconf):
    with urlconf():
        assert ids() == {"lms.E002"}


def test_the_prefix_is_frozen(urlconf):
    with urlconf(path("kelas/", include("lms.public_urls"))):
        assert ids() == {"lms.E004"}
        with override_settings(LMS={"PUBLIC_URL_PREFIX": "kelas"}):
            assert ids() == set()


def test_a_private_storage_is_needed_outside_media(tmp_path):
    rest = {key: value for key, value in settings.STORAGES.items() if key != "lms_private"}
    with override_settings(STORAGES=rest):
        assert "lms.E003" in ids()
    inside = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "media/x")},
    }
    with override_settings(STORAGES=rest | {"lms_private": inside}, MEDIA_ROOT=str(tmp_path / "media")):
        assert "lms.E003" in ids()
    with override_settings(STORAGES=rest | {"lms_private": inside}, MEDIA_ROOT=str(tmp_path / "other")):
        assert "lms.E003" not in ids()


def test_ready_made_pages_cannot_live_beside_a_swapped_page(monkeypatch):
    monkeypatch.setattr("swapper.get_model_name", lambda *names: "basepage.BasePage")
    assert "lms.E005" in ids()


def test_zones_exist():
    with override_settings(LMS={"ZONES": ["Asia/Jakarta", "Asia/Bandung"]}):
        assert ids() == {"lms.E006"}


@pytest.mark.filterwarnings(
    "ignore:Overriding setting DATABASES"
)  # No connection is made: the check reads the setting.
def test_sqlite_needs_immediate_transactions():
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}}
    with override_settings(DATABASES={"default": database}):
        assert "lms.W001" in ids()


def test_every_id_has_a_test():
    known = set(re.findall(r'id="(lms\.[EW]\d+)"', (ROOT / "lms" / "checks.py").read_text()))
    tested = set(
        re.findall(r"lms\.[EW]\d+", (ROOT / "tests" / "architecture" / "test_checks.py").read_text())
    )
    assert known <= tested | {"lms.E001"}


def test_documents_with_direct_addresses_are_noticed():
    with override_settings(WAGTAILDOCS_SERVE_METHOD="direct"):
        assert ids() == {"lms.W002"}
    with override_settings(WAGTAILDOCS_SERVE_METHOD="redirect"):
        assert ids() == set()
