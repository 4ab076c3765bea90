"""The pictures of the README are taken from the running demo by one command, which says what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.architecture.tree import ROOT
from tests.browser.conftest import free_port

pytestmark = pytest.mark.browser


def pictures(academy, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "site/manage.py", "pictures", *arguments],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        | {"ACADEMY_VAR": str(academy.folder)}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_ten_are_taken_and_light(academy, tmp_path):
    done = pictures(academy, "--port", str(urlsplit(academy.url).port), "--to", str(tmp_path))
    assert done.returncode == 0, done.stderr
    found = sorted(tmp_path.glob("*.webp"))
    assert len(found) == 10 == len(done.stdout.splitlines())
    for path in found:
        assert path.stat().st_size <= 60_000
        with Image.open(path) as image:
            assert image.size in ((540, 1140), (1280, 800))
            assert len(image.getcolors(1_000_000) or [()] * 1000) > 200, f"{path.name} is empty"
    assert {path.name for path in found} <= {path.name for path in (ROOT / "docs" / "images").glob("*.webp")}


def test_what_is_missing_is_said(academy, tmp_path):
    port = str(free_port())
    done = pictures(academy, "--port", port)
    assert done.returncode != 0 and f"python site/manage.py demo --port {port}" in done.stderr
    done = pictures(academy, "--only", "nothing")
    assert "There is no picture nothing. There are: home, lesson" in done.stderr
    running = str(urlsplit(academy.url).port)
    done = pictures(academy, "--port", running, "--to", str(tmp_path), CHROMIUM="/nowhere/chromium")
    assert "No Chromium could be started" in done.stderr and "Traceback" not in done.stderr
