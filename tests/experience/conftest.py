"""One running demo for everything that EXPERIENCE.md promises; these tests know it only from outside."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.browser.conftest import Academy, running_academy
from tests.browser.conftest import chromium as chromium
from tests.experience import addresses


def missing(tool: str, where: str = "") -> None:
    """Skip, and say what is missing; in CI a missing tool is a failure.

    Args:
        tool: what could not be found.
        where: how to get it.
    """
    words = f"{tool} is not here. {where}".strip()
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)


@pytest.fixture(scope="session", autouse=True)
def a_browser() -> None:
    """Say at once when there is no Chromium, before a demo is made for nothing."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path or not os.path.exists(path):
        missing("Chromium", "Install it (Debian: apt-get install chromium) or name it in CHROMIUM.")


@pytest.fixture(scope="session")
def academy(a_browser, tmp_path_factory) -> Iterator[Academy]:
    """The demo, made once for all of these tests."""
    with running_academy(tmp_path_factory.mktemp("academy")) as running:
        yield running


@pytest.fixture(scope="session")
def paths(academy) -> dict[str, dict[str, str]]:
    """Where the demo has what is looked at: ``{name: {language: path}}``."""
    return addresses.read(academy.folder)
