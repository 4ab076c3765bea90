"""One event to progress and completion among many enrolments, and everybody derived anew.

Run ``python tests/benchmarks/bench_progress.py [LEARNERS]`` from the root of the repository; it prints JSON.
``LMS_TEST_POSTGRES=1`` measures on PostgreSQL. Each learner is in ten courses (so 10,000 learners are 100,000
enrolments); one course has fifty lessons in five modules, of which everybody has done twenty, and stands in a curriculum.

*event*: one lesson marked, in its own transaction: ledger, progress, completion, upwards to the curriculum; CPU
milliseconds of this process, the median of 200. *rebuild*: the course of fifty lessons for all its learners; a cell is
one learner and one lesson; queries are counted for a batch of 500.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

LEARNERS = 10_000
COURSES = 10
LESSONS, MODULES, DONE = 50, 5, 20
EVENTS = 200
EVENT_ALLOWED_MS = 5.0
ROOT = Path(__file__).resolve().parents[2]
START = dt.datetime(2026, 3, 3, 12, 0, tzinfo=dt.UTC)


def run(learners: int = LEARNERS) -> dict[str, Any]:
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
        world = _world(learners)
        events = _events(world)
        rebuilt = _rebuild(world)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    return {
        "database": connection.vendor,
        "enrolments": learners * (COURSES + 1),
        **events,
        "event_needed_ms": f"<= {EVENT_ALLOWED_MS}",
        **rebuilt,
        "kept": events["event_cpu_ms"] <= EVENT_ALLOWED_MS and rebuilt["queries_of_a_batch_vary"] is False,
    }


def _world(count: int) -> dict[str, Any]:
    from django.db import connection, transaction

    from lms.catalogue.models import Activity
    from lms.catalogue.outlines import Part, write_outline
    from lms.people.models import Learner
    from lms.progress.models import Enrolment, LearningRecord

    with transaction.atomic():
        lessons = [
            Activity.objects.create(kind="lesson", title=f"Pelajaran {n}", live=True) for n in range(LESSONS)
        ]
        modules = [
            Activity.objects.create(kind="module", title=f"Modul {n}", live=True) for n in range(MODULES)
        ]
        courses = [
            Activity.objects.create(kind="course", title=f"Kursus {n}", live=True) for n in range(COURSES)
        ]
        curriculum = Activity.objects.create(kind="curriculum", title="Kurikulum", live=True)
        parts: list[Part] = []
        for place, module in enumerate(modules):
            at = len(parts)
            parts.append(Part(module.pk, group=True))
            share = LESSONS // MODULES
            parts += [Part(each.pk, parent=at) for each in lessons[place * share : (place + 1) * share]]
        write_outline(activity=courses[0], parts=parts, rules={})
        for course in courses[1:]:
            write_outline(activity=course, parts=[Part(lessons[0].pk), Part(lessons[1].pk)], rules={})
        write_outline(activity=curriculum, parts=[Part(course.pk) for course in courses], rules={})
        learners = Learner.objects.bulk_create(
            [Learner(name=f"Peserta {n}", public_id=f"p{n:021}") for n in range(count)], batch_size=2000
        )
        Enrolment.objects.bulk_create(
            [
                Enrolment(
                    learner=learner,
                    activity=activity,
                    started_at=START,
                    public_id=f"e{learner.pk:010}{activity.pk:011}",
                )
                for activity in (*courses, curriculum)
                for learner in learners
            ],
            batch_size=2000,
        )
        import uuid

        LearningRecord.objects.bulk_create(
            [
                LearningRecord(
                    statement_id=uuid.uuid4(),
                    learner=learner,
                    activity=lesson,
                    verb="completed",
                    occurred_at=START,
                    reason="lesson.marked",
                )
                for learner in learners
                for lesson in lessons[5 : 5 + DONE]
            ],
            batch_size=2000,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"lessons": lessons, "course": courses[0], "learners": learners}


def _events(world: dict[str, Any]) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from lms.progress import services

    step = max(1, len(world["learners"]) // EVENTS)
    spent, queries = [], []
    for number, learner in enumerate(world["learners"][::step][:EVENTS]):
        statement = services.Statement(
            cause=f"bench:{number}",
            learner_id=learner.pk,
            activity_id=world["lessons"][40].pk,
            verb="completed",
            occurred_at=START,
            reason="lesson.marked",
        )
        if number % 20 == 19:
            with CaptureQueriesContext(connection) as captured:
                services.record([statement])
            queries.append(len(captured))
            continue
        began = time.process_time()
        services.record([statement])
        spent.append((time.process_time() - began) * 1000)
    return {
        "event_cpu_ms": round(statistics.median(spent), 2),
        "event_cpu_ms_p95": round(sorted(spent)[int(len(spent) * 0.95)], 2),
        "event_queries": sorted(set(queries)),
    }


def _rebuild(world: dict[str, Any]) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from lms.progress import derive
    from lms.progress.models import ActivityProgress, Completion, Enrolment

    Completion.objects.all().delete()
    ActivityProgress.objects.all().delete()
    course = world["course"]
    ids = list(
        Enrolment.objects.filter(activity=course).order_by("learner_id").values_list("learner_id", flat=True)
    )
    counts = []
    for batch in (ids[:500], ids[500:1000]):
        with CaptureQueriesContext(connection) as captured:
            derive._derive_owner(course, batch)
        counts.append(len(captured))
    began, began_wall = time.process_time(), time.perf_counter()
    rows = derive.rebuild(activity_id=course.pk)
    spent, wall = time.process_time() - began, time.perf_counter() - began_wall
    again = time.process_time()
    assert derive.rebuild(activity_id=course.pk) == 0
    again = time.process_time() - again
    cells = len(ids) * LESSONS
    return {
        "rebuild_rows_written": rows,
        "rebuild_cpu_s": round(spent, 2),
        "rebuild_wall_s": round(wall, 2),
        "rebuild_cells_per_cpu_s": round(cells / spent),
        "check_cells_per_cpu_s": round(cells / again),
        "queries_of_a_batch": counts,
        "queries_of_a_batch_vary": len(set(counts)) > 1,
    }


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else LEARNERS), indent=1))
