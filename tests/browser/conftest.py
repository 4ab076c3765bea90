"""A real browser, and the whole academy running as its README says."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.tree import ROOT

FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "id-ID",
    "timezone_id": "Asia/Makassar",
}
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "locale": "id-ID", "timezone_id": "America/New_York"}


@dataclass(frozen=True)
class Academy:
    """The running demo: its address, a partner's address, and the folder in which it keeps everything."""

    url: str
    partner_url: str
    folder: Path

    def mails(self) -> list[str]:
        """Return all mails that were sent, oldest first, with soft line ends undone."""
        return [path.read_text() for path in sorted((self.folder / "mail").glob("*.log"))]

    def mail(self, *words: str, seconds: float = 60) -> str:
        """Wait for a mail that holds all these words, decoded; return its text."""
        import email
        import email.policy

        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for raw in reversed(self.mails()):
                for piece in raw.split("\n" + "-" * 79 + "\n"):
                    if not piece.strip():
                        continue
                    message = email.message_from_string(piece, policy=email.policy.default)
                    body = message.get_body(preferencelist=("plain",))
                    text = f"{message['To']}\n{message['Subject']}\n{body.get_content() if body else ''}"
                    if all(word in text for word in words):
                        return text
            time.sleep(0.5)
        raise AssertionError(f"No mail with {words} within {seconds} s; {len(self.mails())} mails in all.")


def free_port() -> int:
    """Return a port that is free together with the one after it."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 -- our own server
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def demo(folder: Path, *options: str) -> dict[str, Any]:
    """Return what starts ``site/manage.py demo`` with its files in a folder."""
    return {
        "args": [sys.executable, "site/manage.py", "demo", *options],
        "cwd": ROOT,
        "env": {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        | {"ACADEMY_VAR": str(folder)},
    }


def prepared_academy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a demo that was built and does not run; all processes of one test run build it once."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder, ready = base / "prepared-academy", base / "prepared-academy-is-ready"
    with (base / "prepared-academy-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            shutil.rmtree(folder, ignore_errors=True)
            built = subprocess.run(
                **demo(folder, "--no-serve"), capture_output=True, text=True, timeout=400, check=False
            )
            assert built.returncode == 0, f"The demo was not built:\n{(built.stdout + built.stderr)[-4000:]}"
            ready.touch()
    return folder


@contextlib.contextmanager
def running_academy(folder: Path, prepared: Path | None = None) -> Iterator[Academy]:
    """Run ``site/manage.py demo`` in a folder of its own, with its worker and its partner.

    Args:
        folder: where it keeps what it makes; empty.
        prepared: a demo that was built already; a copy of it is run. None builds a new one.

    ``KELAS_ACADEMY=8000:/path/to/var`` uses one that runs already, on that port: for work on the tests.
    """
    if "KELAS_ACADEMY" in os.environ:
        number, _, place = os.environ["KELAS_ACADEMY"].partition(":")
        yield Academy(f"http://127.0.0.1:{number}", f"http://127.0.0.1:{int(number) + 1}", Path(place))
        return
    if prepared:
        shutil.copytree(prepared, folder / "var")
    port = free_port()
    log = (folder / "log.txt").open("w+")
    process = subprocess.Popen(
        **demo(folder / "var", "--port", str(port)), stdout=log, stderr=subprocess.STDOUT
    )
    running = Academy(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}", folder / "var")
    end = time.monotonic() + 400
    try:
        while not (answers(running.url + "/id/") and answers(running.partner_url)):
            if process.poll() is not None or time.monotonic() > end:
                log.seek(0)
                raise AssertionError(f"The demo did not start:\n{log.read()[-4000:]}")
            time.sleep(0.5)
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        log.seek(0)
        text = log.read()
        log.close()
    assert "Traceback" not in text, text[-4000:]


@pytest.fixture(scope="module")
def academy(tmp_path_factory) -> Iterator[Academy]:
    """One running demo for the tests of a module."""
    prepared = None if "KELAS_ACADEMY" in os.environ else prepared_academy(tmp_path_factory)
    with running_academy(tmp_path_factory.mktemp("academy"), prepared) as running:
        yield running


@pytest.fixture(scope="module")
def chromium():
    """One browser for the tests of a module."""
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright's loop runs in this thread; tests that read the database do so between its steps.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def path_of(url: str) -> str:
    """Return an address without its host."""
    return re.sub(r"^https?://[^/]+", "", url)
