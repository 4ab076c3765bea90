"""The processes of a running demo: web server, task worker, sweep, the partner's site. They start and end together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings

#: Seconds that a process has to end by itself before it is killed.
GRACE = 8
HOST = "127.0.0.1"
#: Requests answered at the same time; granian warns of more than twice the cores and one.
THREADS = min(4, 2 * (os.cpu_count() or 1) + 1)


@dataclass
class Processes:
    """Processes that this one started, each in a group of its own, so that a signal reaches what they start in turn."""

    running: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

    def start(self, name: str, arguments: Sequence[str], **environment: str) -> None:
        """Start one.

        Args:
            name: for messages.
            arguments: of the Python that runs the demo.
            environment: further variables.
        """
        process = subprocess.Popen(  # noqa: S603 -- our own arguments, no shell
            [sys.executable, *arguments],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.running.append((name, process))

    def ended(self) -> str:
        """Return the name of a process that has ended by itself, or an empty text."""
        return next((name for name, process in self.running if process.poll() is not None), "")

    def stop(self) -> None:
        """End all, the last one first; what does not end in time is killed, with everything that it started."""
        for _name, process in reversed(self.running):
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for _name, process in self.running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _signal(process, signal.SIGKILL)
            process.wait()
        self.running.clear()


def is_free(port: int) -> bool:
    """Say whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int, *, seconds: float = 20) -> bool:
    """Wait until somebody listens on a port of this machine, for so many seconds at most."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((HOST, port)) == 0:
                return True
        time.sleep(0.1)
    return False


def start_all(*, port: int, partner_port: int, embed_url: str) -> Processes:
    """Start everything that a running demo consists of.

    Args:
        port: of the academy.
        partner_port: of the partner's site.
        embed_url: full address of the agenda that the partner shows.
    """
    site = settings.ROOT / "site"
    manage = str(site / "manage.py")
    paths = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH", "")]))
    own = {"PYTHONPATH": paths, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    processes = Processes()
    try:
        processes.start(
            "web server",
            ["-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
            + [
                "--workers",
                "1",
                "--blocking-threads",
                str(THREADS),
                "--log-level",
                "warning",
                "academy.wsgi:application",
            ],
            **own,
        )
        processes.start(
            "task worker",
            [manage, "db_worker", "--queue-name", "*", "--interval", "0.5", "--verbosity", "0"],
            **own,
        )
        processes.start("sweep", [manage, "sweep", "--every", "20", "--verbosity", "0"], **own)
        server = Path(__file__).resolve().parents[2] / "partner_page" / "serve.py"
        processes.start("partner's site", [str(server), str(partner_port), embed_url])
    except BaseException:
        processes.stop()
        raise
    return processes


def wait(processes: Processes) -> str:
    """Wait until somebody asks to stop (Ctrl-C, SIGTERM, a closed terminal), or one of the processes ends.

    Returns:
        The name of the process that ended by itself, or an empty text.
    """
    asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        asked.set()

    numbers = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before: dict[int, Any] = {number: signal.signal(number, stop) for number in numbers}
    try:
        while not asked.wait(0.5):
            if name := processes.ended():
                return name
        return ""
    finally:
        processes.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        pass
    except AttributeError:  # no process groups here
        process.terminate()
