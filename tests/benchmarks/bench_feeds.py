"""A calendar feed of 10,000 sessions, against django-ical on the same rows and against joining bytes that are at hand.

Run ``python tests/benchmarks/bench_feeds.py`` from the root of the repository; it prints a table and JSON. The peer needs
``pip install django-ical``; without it the ratios to it are left out. Every figure is CPU time of this process.

``warm`` is what a subscriber meets: an answer that is kept, through the whole stack of middleware. ``joined`` is the
first reader after a public change anywhere: every event is compared with its rows, and none is serialised.
``one changed`` serialises one. ``first`` serialises all 10,000.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

EVENTS = 10_000
SERIES = 50
TURNS = 5
RATIO_NEEDED = 300
ROOT = Path(__file__).resolve().parents[2]


def cpu(work: Callable[[], Any], turns: int = 1) -> float:
    """Return the CPU seconds of one turn, the median of several."""
    seen = []
    for _ in range(turns):
        start = time.process_time()
        work()
        seen.append(time.process_time() - start)
    return statistics.median(seen)


def rows() -> None:
    """Make the rows: 50 weekly series, 200 sessions each, within the window of a feed."""
    from tests.calendars import factories as make
    from tests.conftest import build_home

    build_home()
    first = dt.datetime.now(dt.UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    for number in range(SERIES):
        titles = {"id": f"Jualan lewat WhatsApp, kelompok {number}: dari katalog sampai kirim"}
        starts = [first + dt.timedelta(hours=36 * place) for place in range(EVENTS // SERIES)]
        make.sessions(make.series(titles), starts)


def peer() -> Callable[[Any], Any] | None:
    """Return django-ical's view of the same sessions with the same words, or None when it is not installed."""
    try:
        from django_ical.views import ICalFeed
    except ImportError:
        return None
    from lms.webinars.models import Occurrence

    class PeerFeed(ICalFeed):
        title, timezone = "Kelas", "Asia/Jakarta"

        def items(self):
            return Occurrence.objects.select_related("series__activity").order_by("starts_at", "pk")

        def item_guid(self, item):
            return item.uid

        def item_title(self, item):
            return item.series.activity.title

        def item_description(self, item):
            return f"{self.item_link(item)}\n\n06.00–07.30 WIB · 07.00–08.30 WITA\nAkademi Contoh"

        def item_link(self, item):
            return f"http://testserver/s/{item.public_id}/"

        item_location = item_link

        def item_start_datetime(self, item):
            return item.starts_at

        def item_end_datetime(self, item):
            return item.ends_at

        def item_timestamp(self, item):
            return item.revised_at

        item_updateddate = item_timestamp

        def item_status(self, item):
            return "CONFIRMED"

        def item_transparency(self, item):
            return "OPAQUE"

    return PeerFeed()


def measure() -> dict[str, Any]:
    """Measure on a database that is there and empty."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client, RequestFactory
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from wagtail.models import Site

    from lms.calendars import queries, services
    from lms.calendars.models import CachedEvent
    from lms.webinars.models import Occurrence
    from tests.calendars import factories as make

    rows()
    site = Site.objects.get(is_default_site=True)
    calendar = make.partner_calendar()
    path = reverse("lms_public:feed_partner", args=[calendar.public_id])

    def build() -> services.FeedBytes:
        feed = queries.partner_feed(calendar, site=site)
        return services.feed_bytes(feed=feed, site=site, language="id")

    done: dict[str, Any] = {"events": EVENTS}
    start = time.process_time()
    first = build()
    done["first_s"] = time.process_time() - start
    done["made_first"], done["bytes"] = first.made, len(first.body)
    done["joined_s"] = cpu(build, TURNS)
    done["made_joined"] = build().made

    one = Occurrence.objects.order_by("starts_at")[EVENTS // 2]
    Occurrence.objects.filter(pk=one.pk).update(sequence=1)
    start = time.process_time()
    done["made_one_changed"] = build().made
    done["one_changed_s"] = time.process_time() - start

    parts = [bytes(ics) for ics in CachedEvent.objects.values_list("ics", flat=True)]
    done["floor_join_s"] = cpu(lambda: b"".join(parts), TURNS)

    client = Client()
    cache.clear()
    fresh = client.get(path)
    done["warm_s"] = cpu(lambda: client.get(path), TURNS)
    done["warm_gzip_s"] = cpu(lambda: client.get(path, headers={"accept-encoding": "gzip"}), TURNS)
    done["gzip_bytes"] = len(client.get(path, headers={"accept-encoding": "gzip"}).content)
    tag = {"if-none-match": fresh["ETag"]}
    done["not_modified_s"] = cpu(lambda: client.get(path, headers=tag), TURNS)
    with CaptureQueriesContext(connection) as asked:
        done["not_modified_status"] = client.get(path, headers=tag).status_code
    done["not_modified_queries"] = len(asked)

    view = peer()
    if view is not None:
        request = RequestFactory().get("/")
        done["django_ical_s"] = cpu(lambda: view(request))
        done["times_faster_warm"] = done["django_ical_s"] / done["warm_s"]
        done["times_faster_joined"] = done["django_ical_s"] / done["joined_s"]
        done["times_faster_first"] = done["django_ical_s"] / done["first_s"]
    done["good"] = (
        done.get("times_faster_warm", RATIO_NEEDED) >= RATIO_NEEDED
        and done["not_modified_queries"] <= 2
        and done["not_modified_status"] == 304
        and (done["made_first"], done["made_joined"], done["made_one_changed"]) == (EVENTS, 0, 1)
    )
    return done


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
        return measure()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def main() -> int:
    """Print a table and JSON; 1 when a bar is missed."""
    done = run()
    labels = {
        "django_ical_s": "django-ical",
        "first_s": "ours, all events made",
        "one_changed_s": "ours, one event made",
        "joined_s": "ours, none made",
        "warm_s": "ours, kept answer",
        "warm_gzip_s": "ours, kept answer, gzip",
        "not_modified_s": "ours, 304",
        "floor_join_s": "joining bytes in memory",
    }
    print(
        f"Feed of {done['events']:,} sessions, {done['bytes'] / 1e6:.1f} MB ({done['gzip_bytes'] / 1e3:.0f} kB gzip)"
    )
    for key, label in labels.items():
        if key in done:
            print(f"  {label:<26}{done[key] * 1000:>12.2f} ms CPU")
    for key in ("times_faster_warm", "times_faster_joined", "times_faster_first"):
        if key in done:
            print(f"  {key.replace('_', ' '):<26}{done[key]:>12.0f} ×")
    print(f"  queries of a 304          {done['not_modified_queries']:>12}")
    print(json.dumps(done))
    return 0 if done["good"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
