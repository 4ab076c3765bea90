"""Indonesian is complete, its placeholders are right, and the compiled catalogues are those of the sources."""

from __future__ import annotations

import importlib.util
import shutil

import polib
import pytest
from django.utils import translation

from tests.architecture.tree import ROOT

spec = importlib.util.spec_from_file_location("kelas_translations", ROOT / ".ci" / "translations.py")
translations = importlib.util.module_from_spec(spec)
spec.loader.exec_module(translations)


def test_nothing_is_missing_fuzzy_stale_or_broken():
    assert translations.problems(sources=shutil.which("xgettext") is not None) == []


def test_a_missing_translation_and_a_wrong_placeholder_are_noticed(tmp_path, monkeypatch):
    folder = tmp_path / "x" / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="Hello %(name)s", msgstr="Halo %(nama)s"))
    catalogue.append(polib.POEntry(msgid="Bye", msgstr=""))
    catalogue.save(str(folder / "django.po"))
    (folder / "django.mo").write_bytes(b"old")
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "CATALOGUES", {"x": "x"})
    found = "\n".join(translations.problems(sources=False))
    assert "not translated: 'Bye'" in found and "placeholder" in found and ".mo" in found


def test_the_catalogue_is_used():
    with translation.override("id"):
        assert translation.gettext("Check a certificate") == "Periksa sertifikat"


@pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="needs GNU gettext (xgettext): apt install gettext"
)
def test_a_message_that_nobody_translated_is_noticed(monkeypatch):
    monkeypatch.setattr(translations, "CATALOGUES", {"lms": "lms/locale"})
    fresh = translations.collect("lms")
    fresh.append(polib.POEntry(msgid="Brand new words."))
    monkeypatch.setattr(translations, "collect", lambda folder: fresh)
    assert any("Brand new words." in each for each in translations.problems())
