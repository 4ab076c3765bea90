"""A public page from the page cache, against a bare Django view behind the same middleware.

Run ``python tests/benchmarks/bench_pages.py`` from the root of the repository; it prints a table and JSON. Figures are CPU
milliseconds of this process per request, through Django's WSGI handler; floor and ours take turns. ``KELAS_REDIS``
(redis://…) measures with Redis instead of the local memory cache.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TURNS = 9
REQUESTS = 200
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
    if "KELAS_REDIS" in os.environ:
        os.environ["LMS_TEST_REDIS"] = os.environ["KELAS_REDIS"]
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
    import io

    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpResponse
    from django.test.utils import override_settings
    from django.urls import path

    import tests.urls as urls
    from tests.conftest import build_home

    urls.urlpatterns.insert(0, path("bare/", lambda request: HttpResponse("ok")))
    address = _publish(build_home())
    with override_settings(DEBUG=False):
        handler = WSGIHandler()

        def get(where: str) -> bytes:
            environ = {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": where,
                "SERVER_NAME": "testserver",
                "SERVER_PORT": "80",
                "HTTP_HOST": "testserver",
                "wsgi.input": io.BytesIO(),
                "wsgi.url_scheme": "http",
                "wsgi.errors": sys.stderr,
            }
            status: list[str] = []
            response = handler(environ, lambda code, headers: status.append(code))
            body = b"".join(response)
            response.close()
            if not status[0].startswith("200"):
                raise AssertionError(f"{where}: {status[0]}")
            return body

        page = get(address)
        get(address)
        turns = [(_cpu_ms(lambda: get("/bare/")), _cpu_ms(lambda: get(address))) for _ in range(TURNS)]
        from django.core.cache import cache

        start = time.process_time()
        for _ in range(10):
            cache.clear()
            get(address)
        uncached = (time.process_time() - start) * 100
    ratio = statistics.median(ours / bare for bare, ours in turns)
    redis = "LMS_TEST_REDIS" in os.environ
    most = 4 if redis else 2
    return {
        "cache": "redis" if redis else "locmem",
        "page_bytes": len(page),
        "bare_ms": round(statistics.median(bare for bare, _ in turns), 3),
        "cached_ms": round(statistics.median(ours for _, ours in turns), 3),
        "uncached_ms": round(uncached, 1),
        "ratio": round(ratio, 2),
        "needed": f"<= {most}",
        "kept": ratio <= most,
    }


def _publish(home: Any) -> str:
    import datetime as dt

    from lms.pages.models import WebinarSeriesPage

    page = home.add_child(
        instance=WebinarSeriesPage(
            title="Jualan lewat WhatsApp",
            live=False,
            start_date=dt.date.today() + dt.timedelta(days=7),
            start_time=dt.time(19, 0),
            zone="Asia/Jakarta",
            recurrence="RRULE:FREQ=WEEKLY;COUNT=8",
        )
    )
    page.save_revision().publish()
    return WebinarSeriesPage.objects.get(pk=page.pk).url


def main() -> None:
    figures = run()
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
