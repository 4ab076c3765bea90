"""A report from bytes to completions, against the plainest writing of the same rows.

Run ``python tests/benchmarks/bench_attendance.py [PEOPLE]`` from the root of the repository; it prints JSON.
``LMS_TEST_POSTGRES=1`` measures on PostgreSQL. Everybody has three stays; nine of ten are registered and enrolled, the
others walk in with a verified address; four of five were there long enough.

*ours* is ``preview_report`` plus ``apply_import``: reading, matching, storing, deriving attendance, the ledger, enrolment,
progress and completion. *floor* is ``bulk_create`` of every row that ours wrote, the same rows in the same tables with
the same indexes, in one transaction. Figures are CPU seconds of this process (what the server of PostgreSQL spends is
not in them, so wall seconds stand beside).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PEOPLE = 33_000
STAYS = ((0, 25), (20, 50), (51, 88))
SHORT_STAYS = ((0, 25), (20, 30), (51, 60))
RATIO_ALLOWED = 3
GROWTH_ALLOWED = 11
ROOT = Path(__file__).resolve().parents[2]
START = dt.datetime(2026, 3, 3, 12, 0, tzinfo=dt.UTC)
BATCH = 2000


def run(people: int = PEOPLE) -> dict[str, Any]:
    """Set up an empty test database, measure a tenth and the whole, take it down again; return the figures."""
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
        _measure(300)  # warm up: imports, prepared statements, zone files
        tenth = _measure(people // 10)
        whole = _measure(people)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    growth = whole["ours_cpu_s"] / tenth["ours_cpu_s"]
    kept = whole["ratio_cpu"] <= RATIO_ALLOWED and whole["ratio_wall"] <= RATIO_ALLOWED
    return {
        "database": connection.vendor,
        "people": people,
        **whole,
        "needed": f"<= {RATIO_ALLOWED}",
        "ten_times_the_rows": round(growth, 2),
        "ten_times_needed": f"<= {GROWTH_ALLOWED}",
        "queries_per_500_people": round(whole["queries"] / (people / 500), 1),
        "kept": kept and growth <= GROWTH_ALLOWED,
    }


def _measure(people: int) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from lms.progress.models import Completion
    from lms.webinars.models import Attendance
    from lms.webinars.services import attendance

    _forget_everything()
    session, source = _world(people)
    _analyze(connection)

    def ours() -> None:
        report = attendance.preview_report(occurrence=session, source=source, file_name="report.csv")
        times["preview_s"] = round(time.perf_counter() - begun, 2)
        # The test settings run the worker's task at once.
        attendance.request_apply(attendance_import=report)

    times: dict[str, float] = {}
    before = _marks()
    begun = time.perf_counter()
    wall, cpu = _timed(ours)
    written = _written_since(before)
    if [len(written[Attendance]), len(written[Completion])] != [people, people - people // 5]:
        raise AssertionError(f"not applied: {len(written[Attendance])} {len(written[Completion])}")
    floor_wall, floor_cpu = _floor(written)
    figures = {
        "rows": sum(map(len, written.values())),
        "ours_cpu_s": round(cpu, 2),
        "floor_cpu_s": round(floor_cpu, 2),
        "ratio_cpu": round(cpu / floor_cpu, 2),
        "ours_wall_s": round(wall, 2),
        "floor_wall_s": round(floor_wall, 2),
        "ratio_wall": round(wall / floor_wall, 2),
        **times,
    }
    _forget_everything()
    session, source = _world(people)
    with CaptureQueriesContext(connection) as captured:
        report = attendance.preview_report(occurrence=session, source=source, file_name="report.csv")
        attendance.request_apply(attendance_import=report)
    return figures | {"queries": len(captured)}


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _tables() -> list[Any]:
    """What ours writes, parents before children."""
    from lms.progress.models import ActivityProgress, Completion, Enrolment, LearningRecord
    from lms.webinars.models import Attendance, PresenceInterval, ReportPerson

    return [
        ReportPerson,
        PresenceInterval,
        Attendance,
        Enrolment,
        LearningRecord,
        ActivityProgress,
        Completion,
    ]


def _marks() -> dict[Any, Any]:
    """What stands before, so that new and changed rows are known afterwards."""
    from lms.progress.models import ActivityProgress

    marks: dict[Any, Any] = {}
    for model in _tables():
        last = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        marks[model] = last
    marks["changed"] = dict(ActivityProgress.objects.values_list("pk", "percent"))
    return marks


def _written_since(marks: dict[Any, Any]) -> dict[Any, list[Any]]:
    """Every row that ours wrote: new ones, and the progress that it changed."""
    from lms.progress.models import ActivityProgress

    written = {model: list(model.objects.filter(pk__gt=marks[model]).order_by("pk")) for model in _tables()}
    written[ActivityProgress] += [
        row
        for row in ActivityProgress.objects.filter(pk__lte=marks[ActivityProgress])
        if row.percent != marks["changed"][row.pk]
    ]
    return written


def _floor(written: dict[Any, list[Any]]) -> tuple[float, float]:
    """Write the same rows again where they stood, as plainly as Django can: seconds of wall and of CPU."""
    from django.db import transaction

    for model in reversed(_tables()):
        pks = [row.pk for row in written[model]]
        for start in range(0, len(pks), 500):
            model.objects.filter(pk__in=pks[start : start + 500])._raw_delete("default")

    def write() -> None:
        with transaction.atomic():
            for model in _tables():
                model.objects.bulk_create(written[model], batch_size=BATCH)

    return _timed(write)


def _world(people: int) -> tuple[Any, bytes]:
    """A session that nine tenths of the people are registered for, and its report."""
    from lms.catalogue.models import Activity
    from lms.core import clock
    from lms.people.models import Address, Learner
    from lms.progress.services import enrol
    from lms.webinars.models import Occurrence, Registration, SeriesRegistration, WebinarSeries
    from lms.webinars.services.series import write_series_outline

    now = clock.now()
    series = WebinarSeries.objects.create(
        activity=Activity.objects.create(kind="webinar_series", title="Webinar besar", live=True),
        start_date=START.date(),
        start_time=dt.time(19),
        duration_minutes=90,
        zone="Asia/Jakarta",
    )
    session = Occurrence.objects.create(
        series=series,
        activity=Activity.objects.create(kind="occurrence", title="Webinar besar 1"),
        original_date=START.date(),
        starts_at=START,
        ends_at=START + dt.timedelta(minutes=90),
        revised_at=now,
    )
    write_series_outline(series)
    learners = Learner.objects.bulk_create(
        [Learner(name=f"Peserta {number}") for number in range(people)], batch_size=BATCH
    )
    Address.objects.bulk_create(
        [
            Address(learner=learner, value=f"p{number}@toko.example", verified_at=now)
            for number, learner in enumerate(learners)
        ],
        batch_size=BATCH,
    )
    registered = [learner for number, learner in enumerate(learners) if number % 10]
    SeriesRegistration.objects.bulk_create(
        [SeriesRegistration(series=series, learner=learner, registered_at=now) for learner in registered],
        batch_size=BATCH,
    )
    Registration.objects.bulk_create(
        [
            Registration(occurrence=session, learner=learner, state="registered", queued_at=now)
            for learner in registered
        ],
        batch_size=BATCH,
    )
    enrol(learner_ids=[learner.pk for learner in registered], activity_id=series.activity_id)
    return session, _report(people)


def _report(people: int) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest"]
    )
    local = START + dt.timedelta(hours=7)
    for number in range(people):
        for join, leave in STAYS if number % 5 else SHORT_STAYS:
            times = [
                (local + dt.timedelta(minutes=minutes, seconds=number % 60)).strftime("%m/%d/%Y %I:%M:%S %p")
                for minutes in (join, leave)
            ]
            writer.writerow([f"Peserta {number}", f"p{number}@toko.example", *times, leave - join, "Yes"])
    return out.getvalue().encode("utf-8-sig")


def _forget_everything() -> None:
    from django.db import connection

    from lms.catalogue.models import Activity, OutlineItem, OutlineVersion
    from lms.people.models import Address, Learner
    from lms.progress.models import StaleOutline
    from lms.webinars.models import (
        AttendanceImport,
        Occurrence,
        Registration,
        SeriesRegistration,
        StaleAttendance,
        WebinarSeries,
    )

    tables = [
        *reversed(_tables()),
        *(StaleOutline, StaleAttendance, AttendanceImport, Registration, SeriesRegistration, Address),
        *(OutlineItem, OutlineVersion, Occurrence, WebinarSeries, Activity, Learner),
    ]
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608 - names of our own tables


def _analyze(connection: Any) -> None:
    """Let the planner know the tables, as autovacuum does on a server that lives."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def main() -> None:
    print(json.dumps(run(*map(int, sys.argv[1:2])), indent=1))


if __name__ == "__main__":
    main()
