"""The way into a session, against a bare view with one SELECT and one INSERT behind the same middleware.

Run ``python tests/benchmarks/bench_join.py`` from the root of the repository; it prints JSON. Figures are CPU
milliseconds of this process per request, through Django's WSGI handler; floor and ours take turns. Everybody has a seat
of their own, as in the minute before a session begins. ``LMS_TEST_POSTGRES=1`` measures on PostgreSQL.

The floor is lean: it fetches one column by the same index, and writes the same row.
"""

from __future__ import annotations

import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

TURNS = 9
REQUESTS = 300
PEOPLE = 300
RATIO_ALLOWED = 2
QUERIES_ALLOWED = 3
ROOT = Path(__file__).resolve().parents[2]


def _cpu_ms(work: Callable[[], Any]) -> float:
    start = time.process_time()
    for _ in range(REQUESTS):
        work()
    return (time.process_time() - start) * 1000 / REQUESTS


def run() -> dict[str, Any]:
    """Set up an empty test database, measure, take it down again; return the figures."""
    sys.path[:0] = [str(ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return _measure()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _measure() -> dict[str, Any]:
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection
    from django.http import HttpResponseRedirect
    from django.test.utils import CaptureQueriesContext, override_settings
    from django.urls import path

    import tests.urls as urls
    from lms.core import clock
    from lms.webinars.models import JoinClick, Registration

    def bare(request: Any, public_id: str) -> HttpResponseRedirect:
        found = Registration.objects.filter(public_id=public_id).values_list("pk", flat=True).get()
        JoinClick(registration_id=found, clicked_at=clock.now()).save(force_insert=True)
        return HttpResponseRedirect("https://meet.example/bare")

    urls.urlpatterns.insert(0, path("bare/<str:public_id>", bare))
    bare_paths, join_paths = _seats()
    with override_settings(DEBUG=False):
        handler = WSGIHandler()

        def get(where: str) -> None:
            environ = {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": where,
                "SERVER_NAME": "testserver",
                "SERVER_PORT": "80",
                "HTTP_HOST": "testserver",
                "HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 9; CUBOT X19) Chrome/91.0 Mobile Safari/537.36",
                "wsgi.input": io.BytesIO(),
                "wsgi.url_scheme": "http",
                "wsgi.errors": sys.stderr,
            }
            status: list[str] = []
            response = handler(environ, lambda code, headers: status.append(code))
            b"".join(response)
            response.close()
            if not status[0].startswith("302"):
                raise AssertionError(f"{where}: {status[0]}")

        for _ in range(PEOPLE):
            get(next(bare_paths))
            get(next(join_paths))
        before = JoinClick.objects.count()
        turns = [
            (_cpu_ms(lambda: get(next(bare_paths))), _cpu_ms(lambda: get(next(join_paths))))
            for _ in range(TURNS)
        ]
        recorded = JoinClick.objects.count() - before == 2 * TURNS * REQUESTS
        with CaptureQueriesContext(connection) as captured:
            get(next(join_paths))
    ratio = statistics.median(ours / floor for floor, ours in turns)
    return {
        "database": connection.vendor,
        "bare_ms": round(statistics.median(floor for floor, _ in turns), 3),
        "join_ms": round(statistics.median(ours for _, ours in turns), 3),
        "ratio": round(ratio, 2),
        "needed": f"<= {RATIO_ALLOWED}",
        "queries": len(captured),
        "queries_needed": f"<= {QUERIES_ALLOWED}",
        "every_click_recorded": recorded,
        "kept": ratio <= RATIO_ALLOWED and len(captured) <= QUERIES_ALLOWED and recorded,
    }


def _seats() -> tuple[Iterator[str], Iterator[str]]:
    import datetime as dt

    from lms.core import clock, links
    from lms.webinars.models import Registration
    from tests.seating import make_learner, make_offer

    now = clock.now()
    occurrence = make_offer(sessions=1, first=now + dt.timedelta(minutes=10)).occurrences.get()
    rows = Registration.objects.bulk_create(
        Registration(
            occurrence=occurrence, learner=make_learner(verified=True), state="registered", queued_at=now
        )
        for _ in range(PEOPLE)
    )
    bare = [f"/bare/{row.public_id}" for row in rows]
    join = [f"/j/{links.sign(purpose='join', public_id=row.public_id, version=1)}" for row in rows]
    return cycle(bare), cycle(join)


def main() -> None:
    print(json.dumps(run(), indent=1))


if __name__ == "__main__":
    main()
