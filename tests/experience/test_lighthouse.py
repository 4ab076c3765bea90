"""Lighthouse gives the five public page kinds 100 for accessibility and for search engines.

In CI each of the five kinds once; ``KELAS_LIGHTHOUSE=all`` asks for everything in both languages (4 minutes). Pages which no search engine may list (a
certificate, a partner's frame) get 100 in all that does not depend on being listed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import FLAGS
from tests.experience.addresses import LANGUAGES
from tests.experience.conftest import missing

pytestmark = pytest.mark.browser

CATEGORIES = ("accessibility", "seo")
#: Page kinds, and the audits in which a page says on purpose that it is nothing for search engines.
KINDS: dict[str, set[str]] = {
    "course": set(),
    "lesson": set(),
    "series": set(),
    "session": set(),
    "verify": {"is-crawlable"},
    "iframe": {"is-crawlable", "meta-description"},
    "dashboard": {"is-crawlable", "meta-description"},
    "lesson in the room": {"is-crawlable", "meta-description"},
}
IN_CI = [("course", "id"), ("session", "en"), ("dashboard", "id"), ("verify", "en"), ("iframe", "id")]
ALL = os.environ.get("KELAS_LIGHTHOUSE") == "all"
ASKED = [(name, language) for name in KINDS for language in LANGUAGES] if ALL else IN_CI


@pytest.fixture(scope="session")
def lighthouse() -> Path:
    """Lighthouse's command, in a folder of npm's that ``KELAS_NODE`` names."""
    cli = Path(os.environ.get("KELAS_NODE", "node_modules")) / "lighthouse" / "cli" / "index.js"
    if not cli.exists() or not shutil.which("node"):
        missing(
            "Lighthouse", "npm install --prefix DIR vnu-jar lighthouse@12, then KELAS_NODE=DIR/node_modules."
        )
    return cli.resolve()


def look(lighthouse: Path, url: str, folder: Path) -> dict:
    """Return Lighthouse's report of a page."""
    report = folder / "report.json"
    subprocess.run(
        [
            "node",
            str(lighthouse),
            url,
            f"--only-categories={','.join(CATEGORIES)}",
            "--quiet",
            "--output=json",
        ]
        + [f"--output-path={report}", f"--chrome-flags=--headless=new {' '.join(FLAGS)}"],
        env=os.environ | {"CHROME_PATH": os.environ.get("CHROMIUM") or shutil.which("chromium") or ""},
        capture_output=True,
        timeout=180,
        check=True,
        cwd=folder,
    )
    found: dict = json.loads(report.read_text())
    return found


@pytest.mark.parametrize(("name", "language"), ASKED)
def test_a_page_gets_all_points(academy, paths, lighthouse, tmp_path, name, language):
    report = look(lighthouse, academy.url + paths[name][language], tmp_path)
    on_purpose = KINDS[name]
    failed = {
        each["id"]: (each["title"], each.get("details", {}).get("items"))
        for category in CATEGORIES
        for reference in report["categories"][category]["auditRefs"]
        for each in [report["audits"][reference["id"]]]
        if reference["weight"] and each["score"] is not None and each["score"] < 1
    }
    assert set(failed) == on_purpose, failed
    assert report["categories"]["accessibility"]["score"] == 1
    assert on_purpose or report["categories"]["seo"]["score"] == 1
