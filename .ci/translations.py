"""Translations: collect messages, and compile catalogues. Needs GNU gettext (xgettext) and polib.

``python .ci/translations.py update`` rewrites the .po files from the sources (new messages come in empty) and compiles the .mo
files, which are committed, because an installation has no gettext. ``python .ci/translations.py check`` changes nothing and
says what is wrong.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
#: Folder that is searched for messages → where its catalogue lies.
CATALOGUES = {"lms": "lms/locale", "site/academy": "site/academy/locale"}
LANGUAGE = "id"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
HEADER = {
    "Project-Id-Version": "Kelas",
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def collect(folder: str) -> polib.POFile:
    """Return a fresh catalogue of the messages in a folder's sources, without translations."""
    with tempfile.TemporaryDirectory() as work:
        copy = Path(work) / "tree"
        ignore = shutil.ignore_patterns("__pycache__", "locale", "static", "migrations", "*.typ", "*.ttf")
        shutil.copytree(ROOT / folder, copy, ignore=ignore)
        (copy / "locale").mkdir()
        subprocess.run(
            [sys.executable, "-m", "django", "makemessages", "-l", LANGUAGE, "--no-location", "--no-wrap", "-v", "0"],
            cwd=copy,
            check=True,
            env={key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"},
        )
        return polib.pofile(str(copy / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"), wrapwidth=0)


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    """Return what makes a message one."""
    return (entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def path_of(place: str) -> Path:
    """Return where a catalogue's .po file lies."""
    return ROOT / place / LANGUAGE / "LC_MESSAGES" / "django.po"


def update() -> None:
    """Rewrite .po files from the sources, keeping translations, and compile them."""
    for folder, place in CATALOGUES.items():
        path = path_of(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        old = {key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
        fresh = collect(folder)
        catalogue = polib.POFile(wrapwidth=0)
        catalogue.metadata = HEADER
        for entry in sorted(fresh, key=key):
            known = old.get(key(entry))
            made = polib.POEntry(msgctxt=entry.msgctxt, msgid=entry.msgid, msgid_plural=entry.msgid_plural)
            made.flags = [flag for flag in entry.flags if flag != "fuzzy"]
            if entry.msgid_plural:
                made.msgstr_plural = dict(known.msgstr_plural) if known else {0: ""}
            else:
                made.msgstr = known.msgstr if known else ""
            catalogue.append(made)
        catalogue.save(str(path))
        path.with_suffix(".mo").write_bytes(catalogue.to_binary())


def problems(*, sources: bool = True) -> list[str]:
    """Return what is wrong: messages missing or left over, translations missing or fuzzy, placeholders, stale .mo."""
    found = []
    for folder, place in CATALOGUES.items():
        path = path_of(place)
        catalogue = polib.pofile(str(path), wrapwidth=0)
        entries = {key(entry): entry for entry in catalogue}
        for entry in catalogue:
            texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
            if "fuzzy" in entry.flags or not all(texts) or not texts:
                found.append(f"{place}: not translated: {entry.msgid[:70]!r}")
            wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
            for text in texts:
                if text and set(PLACEHOLDER.findall(text)) - wanted:
                    found.append(f"{place}: unknown placeholder in the translation of {entry.msgid[:70]!r}")
                if text and not entry.msgid_plural and set(PLACEHOLDER.findall(text)) != wanted:
                    found.append(f"{place}: placeholders differ in {entry.msgid[:70]!r}")
        if path.with_suffix(".mo").read_bytes() != catalogue.to_binary():
            found.append(f"{place}: the .mo file is not compiled from the .po file")
        if sources:
            fresh = {key(entry) for entry in collect(folder)}
            found += [f"{place}: not in the catalogue: {each[1][:70]!r}" for each in sorted(fresh - entries.keys())]
            found += [f"{place}: no longer in the sources: {each[1][:70]!r}" for each in sorted(entries.keys() - fresh)]
    return found


def main() -> None:
    if sys.argv[1:] == ["update"]:
        update()
    elif sys.argv[1:] == ["check"]:
        wrong = problems()
        print("\n".join(wrong) or "Indonesian is complete.")
        sys.exit(bool(wrong))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
