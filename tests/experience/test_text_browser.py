"""Somebody registers in a text browser: w3m at a terminal, every key pressed as a person presses it."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import shutil
import signal
import sqlite3
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path

import pytest

from tests.experience.conftest import missing

pytestmark = pytest.mark.browser

ROWS, COLUMNS = 60, 100
#: What w3m draws with: moves of the cursor, colours, and the like.
ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>78])")


class TextBrowser:
    """w3m at a terminal of its own. ``screen`` is what it drew since the last key."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self.process, self.terminal, self.screen = process, terminal, ""

    def read(self, quiet: float = 0.6, patience: float = 30) -> str:
        """Read until w3m draws no more."""
        drawn, end = b"", time.monotonic() + patience
        while time.monotonic() < end:
            ready, _, _ = select.select([self.terminal], [], [], quiet)
            if not ready:
                if drawn:
                    break
                continue
            try:
                drawn += os.read(self.terminal, 65536)
            except OSError:  # w3m has ended
                break
        self.screen = ESCAPES.sub(" ", drawn.decode(errors="replace").replace("\0", ""))
        return self.screen

    def press(self, keys: str) -> str:
        """Press keys and return what is drawn thereupon."""
        os.write(self.terminal, keys.encode())
        return self.read()

    def look(self) -> str:
        """Return the whole screen, drawn anew from the top of the page."""
        self.press("g")
        return self.press("\x0c")


@pytest.fixture
def w3m(tmp_path) -> Iterator[object]:
    if not shutil.which("w3m"):
        missing("w3m", "Install it (Debian: apt-get install w3m).")
    started: list[TextBrowser] = []

    def open_page(url: str, language: str) -> TextBrowser:
        ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        process = subprocess.Popen(
            ["w3m", "-cookie", "-o", f"accept_language={language}", url],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={"TERM": "vt100", "HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        )
        os.close(theirs)
        browser = TextBrowser(process, ours)
        started.append(browser)
        browser.read()
        return browser

    yield open_page
    for each in started:
        with contextlib.suppress(ProcessLookupError):
            each.process.send_signal(signal.SIGKILL)
        each.process.wait()
        os.close(each.terminal)


def as_text(url: str, tmp_path: Path) -> str:
    """Return a page as w3m writes it out."""
    written = subprocess.run(
        ["w3m", "-dump", "-cols", str(COLUMNS), url],
        capture_output=True,
        text=True,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
    )
    assert written.returncode == 0, written.stderr
    return written.stdout


def test_the_form_is_read_in_the_order_in_which_it_is_filled_in(academy, paths, w3m, tmp_path):
    for language, words in {
        "id": ("Daftar gratis", "Nama Anda", "Alamat email Anda", "Zona waktu Anda", "Saya setuju"),
        "en": ("Register for free", "Your name", "Your e-mail address", "Your time zone", "I agree"),
    }.items():
        text = as_text(academy.url + paths["register"][language], tmp_path)
        places = [text.index(each) for each in words]
        assert places == sorted(places), text
        assert "[ ]" in text and "[        " in text
        for label in words[1:3]:
            # A label stands on its own line, not glued to the explanation behind it.
            assert re.search(rf"^{label}$", text, re.M), text


@pytest.mark.parametrize(
    "name", ["home", "course", "lesson in the room", "series", "dashboard", "verify", "iframe"]
)
def test_a_page_says_what_it_says_without_styles_and_scripts(academy, paths, w3m, tmp_path, name):
    for path in paths[name].values():
        text = as_text(academy.url + path, tmp_path)
        assert len(text.split()) > 30 and "{{" not in text and "{%" not in text
        # Two links in a row are two words.
        assert not re.search(r"[a-z](Kalender|Calendar|English|Indonesia)\b", text), text


@pytest.mark.parametrize(
    ("language", "link", "thanks"),
    [("id", "Daftar gratis", "Terima kasih"), ("en", "Register for free", "Thank you")],
)
def test_somebody_registers(academy, paths, w3m, language, link, thanks):
    """From the page of the series: follow the link, fill in the form, send it, and read that it is done."""
    name, email = "Ibu Contoh Wiwik", f"wiwik.{language}.{time.time_ns()}@contoh.example"
    browser = w3m(academy.url + paths["series"][language], language)
    # "/" searches, Tab goes to the next link or field, Enter follows it or begins to type.
    browser.press(f"/{link}\r")
    browser.press("\r")
    first = {"id": "Nama Anda", "en": "Your name"}[language]
    assert first in browser.look(), browser.screen
    browser.press(f"/{first}\r")
    for typed in (name, email):
        browser.press("\t")
        browser.press("\r")
        browser.press(f"{typed}\r")
    # The time zone stays as it is; the box behind it is ticked.
    browser.press("\t")
    browser.press("\t")
    browser.press("\r")
    browser.press("/" + {"id": "^Daftar$", "en": "^Register$"}[language] + "\r")
    browser.press("\r")
    assert thanks in browser.look() and email in browser.screen, browser.screen
    with contextlib.closing(
        sqlite3.connect(f"file:{academy.folder / 'academy.sqlite3'}?mode=ro", uri=True)
    ) as database:
        found = database.execute(
            "SELECT learner.name, learner.language, count(*) FROM lms_registration AS row"
            " JOIN lms_learner AS learner ON learner.id = row.learner_id"
            " JOIN lms_address AS address ON address.learner_id = learner.id"
            " WHERE address.value = ? AND row.state = 'registered' GROUP BY learner.id",
            [email],
        ).fetchall()
    assert [(each[0], each[1]) for each in found] == [(name, language)] and found[0][2] >= 1
    assert email in academy.mail(email)
