"""``manage.py demo`` as a stranger runs it: prepared once, unchanged by a second run, ended with everything it started."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

#: The commands use databases of their own; the session's is made because it is where they are copied from.
pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
#: What may differ between two runs: the worker's list of tasks that were asked for.
VOLATILE = {"django_tasks_db_dbtaskresult"}


def command(var, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, str(ROOT / "site" / "manage.py"), "demo", *arguments],
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "ACADEMY_VAR": str(var),
            "PYTHONUNBUFFERED": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **options,
    )


def rows_of(var):
    """Return table → number of rows and a digest of them."""
    found = {}
    with sqlite3.connect(var / "academy.sqlite3") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table not in VOLATILE and not table.startswith(("sqlite_", "modelsearch_", "wagtailsearch_")):
                rows = sorted(map(repr, database.execute(f'SELECT * FROM "{table}"')))  # noqa: S608 -- names of tables
                found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


def free_ports():
    """Return a port whose successor is free as well."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def processes_of(var):
    """Return the processes, of whatever kind, that were started for this demo."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            alive = "Z" not in (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except (OSError, IndexError):
            continue
        if f"ACADEMY_VAR={var}".encode() in environment and alive and int(folder.name) != os.getpid():
            found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def get(url):
    with urllib.request.urlopen(url, timeout=20) as response:  # noqa: S310 -- our own server
        return response.read().decode(), response.headers


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, workshop, django_db_setup):
    """A demo prepared by two runs, and what the database held after each."""
    import shutil

    var = tmp_path_factory.mktemp("demo")
    if (workshop / "migrated.sqlite3").exists():
        shutil.copy(workshop / "migrated.sqlite3", var / "academy.sqlite3")
    outputs, states = [], []
    for _ in range(2):
        process = command(var, "--no-serve")
        outputs.append(process.communicate(timeout=600)[0])
        assert process.returncode == 0, outputs[-1]
        states.append(rows_of(var))
    return var, outputs, states


def test_a_second_run_changes_nothing(prepared):
    _var, outputs, states = prepared
    assert states[0] == states[1]
    assert "there already" in outputs[1] and "as they were" in outputs[1]


def test_people_presence_and_completions_are_there(prepared):
    _var, outputs, states = prepared
    counts = {table: count for table, (count, _) in states[0].items()}
    assert counts["lms_learner"] == 48
    assert 15 <= counts["lms_attendanceimport"] <= 20
    assert counts["lms_attendance"] > 150
    assert 20 <= counts["lms_completion"] <= 120
    assert counts["lms_attempt"] >= 8 and counts["lms_question"] > 80
    assert counts["lms_certificatedue"] + counts.get("lms_certificate", 0) >= 5
    assert "48 learners registered" in outputs[0] and "reports imported" in outputs[0]


def test_nothing_runs_that_was_not_asked_for(prepared):
    var, _outputs, _states = prepared
    assert processes_of(var) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_the_demo_serves_and_ends_everything_it_started(prepared, number):
    var, _outputs, _states = prepared
    port = free_ports()
    process = command(var, "--port", str(port))
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C ends everything" in line:
                break
        else:
            pytest.fail("".join(lines))
        text, headers = get(f"http://127.0.0.1:{port}/id/")
        assert "Usaha kecil, naik kelas." in text
        assert headers.get("Set-Cookie") is None
        style = re.search(r'href="(/static/lms/css/kelas\.[0-9a-f]+\.css)"', text)[1]
        assert "max-age=" in get(f"http://127.0.0.1:{port}{style}")[1]["Cache-Control"]
        partner, _ = get(f"http://127.0.0.1:{port + 1}/")
        embed = re.search(r'<iframe src="([^"]+)"', partner)[1]
        agenda, headers = get(embed)
        assert f"http://127.0.0.1:{port + 1}" in headers["Content-Security-Policy"]
        assert "Sarapan Digital" in agenda
        names = " ".join(processes_of(var))
        for part in ("granian", "db_worker", "sweep", "serve.py"):
            assert part in names
    finally:
        process.send_signal(number)
        rest = process.communicate(timeout=60)[0]
    assert process.returncode == 0, "".join(lines) + rest
    assert "Everything that the demo started has ended." in rest
    deadline = time.monotonic() + 10
    while processes_of(var) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert processes_of(var) == []


def test_a_port_that_is_taken_is_said_before_anything_is_done(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = command(tmp_path, "--port", str(port))
        output = process.communicate(timeout=120)[0]
    assert process.returncode == 1
    assert f"Port {port} is taken" in output
    assert not (tmp_path / "academy.sqlite3").exists()


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_a_port_that_is_none_is_refused_in_words(tmp_path, port):
    process = command(tmp_path, "--port", port)
    output = process.communicate(timeout=120)[0]
    assert process.returncode == 2
    assert "from 1 to 65534" in output


def test_reset_begins_anew(prepared):
    var, _outputs, _states = prepared
    (var / "mail").mkdir(exist_ok=True)
    (var / "mail" / "old.log").write_text("old")
    process = command(var, "--no-serve", "--reset")
    output = process.communicate(timeout=600)[0]
    assert process.returncode == 0, output
    assert "are gone" in output and "48 learners registered" in output
    assert not (var / "mail" / "old.log").exists()
    assert (var / "secret_key").exists()
