"""Valid HTML, by the Nu checker: every public page kind in both languages, the personal page and its room, and errors."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.experience.conftest import missing

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def nu() -> list[str]:
    """The command that checks; the jar lies in a folder of npm's that ``KELAS_NODE`` names."""
    folder = Path(os.environ.get("KELAS_NODE", "node_modules"))
    jar = folder / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.exists():
        missing(
            "The Nu HTML checker",
            "npm install --prefix DIR vnu-jar lighthouse@12, then KELAS_NODE=DIR/node_modules.",
        )
    if not shutil.which("java"):
        missing("Java", "Install it (Debian: apt-get install default-jre-headless).")
    return ["java", "-Xss1m", "-jar", str(jar.resolve()), "--format", "json", "--stdout"]


def complaints(nu: list[str], files: list[Path]) -> list[str]:
    """Return what the checker says, warnings included, each with its file and line."""
    checked = subprocess.run([*nu, *map(str, files)], capture_output=True, text=True)
    messages = json.loads(checked.stdout)["messages"]
    return [
        f"{Path(each.get('url', '')).name}:{each.get('lastLine')} {each['type']}: {each['message']}\n    {each.get('extract', '')}"
        for each in messages
    ]


def fetch(url: str) -> str:
    """Return a page's HTML, that of an error too."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 -- our own server
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        assert error.code in (404, 409, 410, 403), (url, error.code)
        return error.read().decode()


def test_the_checker_sees_what_is_wrong(nu, tmp_path):
    bad = tmp_path / "bad.html"
    bad.write_text('<!doctype html><html lang="id"><title>x</title><p><div>y</div></p><img src="z">')
    assert len(complaints(nu, [bad])) >= 2


def test_every_page_kind_is_valid(academy, paths, nu, tmp_path):
    files = []
    for name, both in paths.items():
        assert set(both) == {"id", "en"}, name
        for language, path in both.items():
            file = tmp_path / f"{re.sub('[^a-z]+', '-', name)}.{language}.html"
            file.write_text(fetch(academy.url + path))
            files.append(file)
    found = complaints(nu, files)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_a_learner_makes_on_the_way_is_valid(academy, chromium, paths, nu, tmp_path, language):
    """A form that was filled in wrongly, the page that thanks, a quiz that was begun, looked over and handed in."""
    files: list[Path] = []
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()

    def after(name: str, act: Callable[[], Any]) -> None:
        """Keep what the server sends (not what the browser makes of it) when something is done."""
        with page.expect_navigation() as happening:
            act()
        answer = happening.value
        assert answer is not None and answer.status < 500
        files.append(tmp_path / f"{name}.html")
        files[-1].write_text(answer.text())

    form = page.locator("form[data-person-form]")
    page.goto(academy.url + paths["register"][language])
    form.evaluate("form => { form.noValidate = true; }")
    after("register-wrong", form.locator("[type=submit]").click)
    assert page.locator("[aria-invalid=true]").count() == 3
    form.locator("[name=name]").fill("Ibu Contoh Markah")
    form.locator("[name=email]").fill(f"markah.{language}@contoh.example")
    form.locator("[name=consent]").check()
    after("registered", form.locator("[type=submit]").click)
    expect(page.locator("h1")).to_contain_text("Ibu Contoh Markah")

    page.goto(academy.url + paths["dashboard's quiz"][language])
    after("attempt", page.locator("main form [type=submit]").click)
    begun = re.sub(r"\?.*", "", page.url) + f"?lang={language}"
    after("attempt-in-the-language", lambda: page.goto(begun))
    assert page.locator("main .question").count() > 3
    after("attempt-looked-over", page.locator("[name=do][value=submit]").click)
    after("attempt-handed-in", page.locator("[name=do][value=submit]").click)
    context.close()
    found = complaints(nu, files)
    assert not found, "\n".join(found)
