"""A burst of visitors within a minute: each reads the catalogue, a course and a webinar, and registers. Nobody is lost.

Run ``python tests/benchmarks/bench_burst.py [VISITORS]`` from the root of the repository; it prints JSON. The academy runs
with its production settings behind granian with three workers, in a folder and on a port of its own; visitors are threads of this
process, each with an address of its own, as a proxy tells it. The series has fewer seats than visitors: the others wait in its queue. ``KELAS_BURST_DATABASE_URL`` (``postgres://…``, an empty
database) measures on PostgreSQL, else SQLite; ``KELAS_REDIS`` lets the workers share a cache.

No ratio and no time to beat: every answer is as it should be, every registration is there, and it took less than a minute.
"""

from __future__ import annotations

import html
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

VISITORS = 500
WORKERS = 3
AT_ONCE = 40
SECONDS_ALLOWED = 60
ROOT = Path(__file__).resolve().parents[2]

PREPARE = """
import json, django; django.setup()
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
call_command("migrate", verbosity=0, interactive=False)
from academy.home.demo import fixtures, schedule, static_files
if not fixtures.is_loaded():
    fixtures.load()
fixtures.set_address(host="127.0.0.1", port=443)
schedule.set_dates(meeting_url="https://meet.example/")
from lms.catalogue.compile import compile_all
list(compile_all())
static_files.collect()
from lms.core import clock
from lms.pages.models import CoursePage, WebinarSeriesPage
from lms.webinars.models import WebinarSeries
series = next(
    each for each in WebinarSeries.objects.filter(activity__public=True).order_by("pk")
    if each.occurrences.filter(starts_at__gt=clock.now()).exists()
)
page = series.activity.pages.get(owner=True).page
translation.activate("id")
print("FOUND " + json.dumps({
    "catalogue": "/id/kursus/",
    "course": CoursePage.objects.live().public().filter(locale=page.locale).first().get_url(),
    "series": page.get_url(),
    "register": reverse("lms:register", args=[series.activity.key]),
    "series_id": series.pk,
    "capacity": series.capacity,
}))
"""

COUNT = """
import json, sys, django; django.setup()
from lms.webinars.models import Registration, SeriesRegistration
from lms.core import clock
mine = {"learner__addresses__value__startswith": "ledakan-"}
seats = Registration.objects.filter(occurrence__series_id=int(sys.argv[1]), **mine)
print("FOUND " + json.dumps({
    "registered": SeriesRegistration.objects.filter(
        series_id=int(sys.argv[1]), **mine).values("learner").distinct().count(),
    "seats": seats.count(),
    "sessions": seats.values("occurrence").distinct().count(),
    "most_seats_taken": max(
        (seats.filter(state="registered", occurrence=pk).count() for pk in set(seats.values_list("occurrence", flat=True))),
        default=0,
    ),
}))
"""


def run(visitors: int = VISITORS) -> dict[str, Any]:
    """Prepare an academy, start it, send the visitors, count who is registered; return the figures."""
    with tempfile.TemporaryDirectory(prefix="kelas-burst-") as folder:
        environment = _environment(Path(folder))
        where = _asked(PREPARE, environment)
        port = _free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
            + ["--port", str(port), "--workers", str(WORKERS), "--blocking-threads", "4"]
            + ["--log-level", "warning", "academy.wsgi:application"],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port, where["catalogue"])
            began = time.perf_counter()
            with ThreadPoolExecutor(AT_ONCE) as pool:
                visits = list(pool.map(lambda number: _visit(port, where, number), range(visitors)))
            seconds = time.perf_counter() - began
        finally:
            server.terminate()
            server.wait(timeout=30)
        there = _asked(COUNT, environment, str(where["series_id"]))
    wrong = Counter(step for visit in visits for step in visit["wrong"])
    waits = sorted(wait for visit in visits for wait in visit["waits"])
    return {
        "database": "postgresql" if "DATABASE_URL" in environment else "sqlite",
        "cache": "redis" if "REDIS_URL" in environment else "local memory of each worker",
        "workers": WORKERS,
        "visitors": visitors,
        "at_once": AT_ONCE,
        "seconds": round(seconds, 1),
        "requests": len(waits),
        "requests_per_second": round(len(waits) / seconds, 1),
        "registrations_per_second": round(visitors / seconds, 1),
        "median_ms": round(1000 * statistics.median(waits)),
        "p99_ms": round(1000 * waits[int(len(waits) * 0.99)]),
        "wrong_answers": dict(wrong),
        "capacity": where["capacity"],
        **there,
        "kept": not wrong
        and (where["capacity"] is None or there["most_seats_taken"] <= where["capacity"])
        and there["registered"] == visitors
        and there["seats"] == visitors * there["sessions"]
        and seconds <= SECONDS_ALLOWED,
    }


def _visit(port: int, where: dict[str, str], number: int) -> dict[str, list[Any]]:
    """Be one visitor: their own connection, as a browser keeps it."""
    found: dict[str, list[Any]] = {"wrong": [], "waits": []}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Host": "127.0.0.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        "Accept-Encoding": "identity",
    }

    def ask(step: str, path: str, wanted: int, **more: Any) -> tuple[str, str]:
        began = time.perf_counter()
        try:
            connection.request(
                more.pop("method", "GET"), path, headers=headers | more.pop("head", {}), **more
            )
            response = connection.getresponse()
            body = response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            found["wrong"].append(f"{step}: {type(error).__name__}")
            connection.close()
            return "", ""
        found["waits"].append(time.perf_counter() - began)
        if response.status != wanted:
            found["wrong"].append(f"{step}: {response.status}")
        return body, response.getheader("Location") or ""

    for step in ("catalogue", "course", "series"):
        ask(step, where[step], 200)
    form, _ = ask("form", where["register"], 200)
    values = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', form)
    }
    values |= {"name": f"Ledakan {number}", "email": f"ledakan-{number}@toko.example", "consent": "on"}
    _, receipt = ask(
        "registering",
        where["register"],
        302,
        method="POST",
        body=urlencode(values),
        head={"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"},
    )
    if receipt:
        ask("receipt", receipt, 200)
    connection.close()
    return found


def _environment(folder: Path) -> dict[str, str]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "academy.settings.production",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "site"))),
        "PYTHONWARNINGS": "ignore",
        "SECRET_KEY": "only-for-this-benchmark",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BASE_URL": "https://127.0.0.1",
        "TRUSTED_PROXIES": "1",
        "ACADEMY_VAR": str(folder),
        "LOG_LEVEL": "ERROR",
    }
    for name, given in (("DATABASE_URL", "KELAS_BURST_DATABASE_URL"), ("REDIS_URL", "KELAS_REDIS")):
        environment.pop(name, None)
        if given in os.environ:
            environment[name] = os.environ[given]
    return environment


def _asked(code: str, environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    """Run code in the academy and return what it found."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    for line in reversed(done.stdout.splitlines()):
        if line.startswith("FOUND "):
            return json.loads(line.removeprefix("FOUND "))
    raise RuntimeError(done.stderr[-2000:])


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(port: int, path: str) -> None:
    for _ in range(240):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", path, headers={"Host": "127.0.0.1", "X-Forwarded-Proto": "https"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError("the web server does not answer")


def main() -> None:
    print(json.dumps(run(*map(int, sys.argv[1:2])), indent=1))


if __name__ == "__main__":
    main()
