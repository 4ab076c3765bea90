"""The ledger's writes under hard conditions: a process that dies at any statement, and the same said by many at once."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db import connection, transaction

from lms import signals
from lms.catalogue.models import Activity
from lms.catalogue.outlines import Part, write_outline
from lms.core import clock
from lms.people.models import Learner
from lms.progress import derive, services, tasks
from lms.progress.models import (
    ActivityProgress,
    Completion,
    Enrolment,
    LearningRecord,
    StaleOutline,
    Watching,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process is gone."""


class World:
    """A course of two lessons in a curriculum; a learner who has done one of them, and one who has done both."""

    def __init__(self):
        self.lessons = [
            Activity.objects.create(kind="lesson", title=f"Pelajaran {number}", live=True) for number in "12"
        ]
        self.course = Activity.objects.create(kind="course", title="Kursus", live=True)
        self.curriculum = Activity.objects.create(kind="curriculum", title="Kurikulum", live=True)
        rule = {"min_watched": 60}
        parts = [Part(self.lessons[0].pk), Part(self.lessons[1].pk)]
        write_outline(activity=self.course, parts=parts, rules={})
        write_outline(activity=self.curriculum, parts=[Part(self.course.pk)], rules={})
        self.siti, self.budi = (Learner.objects.create(name=name) for name in ("Siti", "Budi"))
        for activity in (self.course, self.curriculum):
            services.enrol(learner_ids=[self.siti.pk, self.budi.pk], activity_id=activity.pk)
        services.record([self.said(self.siti, 0), self.said(self.budi, 0), self.said(self.budi, 1)])
        self.rule = rule

    def said(self, learner, number):
        return services.Statement(
            cause=f"lesson:{number}:{learner.pk}",
            learner_id=learner.pk,
            activity_id=self.lessons[number].pk,
            verb="completed",
            occurred_at=clock.now() - dt.timedelta(minutes=5),
            reason="lesson.marked",
        )

    def record(self):
        services.record([self.statement])

    def void(self):
        records = LearningRecord.objects.filter(learner=self.budi, voids=None).values_list("pk", flat=True)
        services.void(record_ids=list(records), reason="test")

    def replace(self):
        services.replace_evidence(
            activity_id=self.lessons[1].pk,
            verb="completed",
            learner_ids=[self.siti.pk, self.budi.pk],
            wanted={self.siti.pk: self.statement},
            reason="test",
        )

    def enrol(self):
        third = Activity.objects.get(title="Kursus lain")
        services.enrol(learner_ids=[self.siti.pk, self.budi.pk], activity_id=third.pk)

    def watch(self):
        services.record_watched(
            learner_id=self.siti.pk,
            lesson=self.lessons[1],
            spans=[(0, 90)],
            length_seconds=100,
            opened_at=clock.now() - dt.timedelta(minutes=5),
            rule=self.rule,
            learner_key=self.siti.public_id,
        )

    def change_the_outline(self):
        # Publishing and the worker: each is a transaction of its own.
        write_outline(activity=self.course, parts=[Part(self.lessons[0].pk)], rules={})
        tasks.sweep()

    def repair(self):
        derive.rebuild()


@pytest.fixture
def world():
    found = World()
    found.statement = found.said(found.siti, 1)
    other = Activity.objects.create(kind="course", title="Kursus lain", live=True)
    write_outline(activity=other, parts=[Part(found.lessons[0].pk)], rules={})
    return found


def everything():
    """All rows, without what only says when something was stored."""
    return (
        sorted(Enrolment.objects.values_list("learner", "activity", "run", "state")),
        sorted(
            LearningRecord.objects.values_list(
                "statement_id", "learner", "activity", "verb", "duration_seconds"
            )
        ),
        sorted(ActivityProgress.objects.values_list("enrolment", "activity", "percent")),
        sorted(Completion.objects.values_list("enrolment", "version__number")),
        sorted(Watching.objects.values_list("learner", "activity", "seconds")),
    )


def killed_at(number, act):
    """Do something whose so-manieth statement dies. Returns whether it died."""
    left = number

    def dies(execute, sql, params, many, context):
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(dies):
            act()
    except Killed:
        return True
    return False


@pytest.mark.parametrize("name", ["record", "void", "replace", "enrol", "watch"])
def test_killed_at_any_statement_it_is_before_or_after_and_a_retry_completes(world, name):
    act = getattr(world, name)
    before = everything()
    killed, number = True, 0
    while killed:
        number += 1
        killed = killed_at(number, act)
        if killed:
            assert everything() == before, f"between, after statement {number}"
            assert derive.rebuild() == 0
        assert number < 200
    after = everything()
    assert after != before and number > 3
    assert derive.rebuild() == 0
    act()
    assert everything() == after, "A retry of what was done changes nothing."


def test_a_worker_killed_at_any_statement_goes_on_where_it_was(world):
    write_outline(activity=world.course, parts=[Part(world.lessons[0].pk)], rules={})
    StaleOutline.objects.update_or_create(
        activity=world.course, defaults={"since": clock.now(), "reached_enrolment": 0}
    )
    number, killed = 0, True
    while killed:
        number += 1
        killed = killed_at(number, tasks.sweep)
        assert Completion.objects.filter(enrolment__learner=world.budi).count() == 2
    assert number > 5
    assert not StaleOutline.objects.exists()
    assert Completion.objects.filter(enrolment__learner=world.siti, enrolment__activity=world.course).exists()
    assert derive.rebuild() == 0


def test_a_repair_killed_at_any_statement_is_done_by_the_next(world):
    right = everything()
    number, killed = 0, True
    while killed:
        Completion.objects.all().delete()
        ActivityProgress.objects.filter(percent__gte=50).update(percent=7)
        number += 1
        killed = killed_at(number, world.repair)
        assert Completion.objects.count() in (0, 1, 2)
    assert everything() == right


# ── at once ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def news():
    heard = []

    def recorded(record_ids, **kwargs):
        heard.extend(("recorded", each) for each in record_ids)

    def completed(completion_ids, **kwargs):
        heard.extend(("completed", each) for each in completion_ids)

    signals.recorded.connect(recorded, weak=False)
    signals.completed.connect(completed, weak=False)
    yield heard
    signals.recorded.disconnect(recorded)
    signals.completed.disconnect(completed)


def test_twenty_sayings_of_one_statement_are_one_record_and_one_signal(world, news):
    results, errors = at_once([partial(services.record, [world.statement])] * 20)
    assert errors == []
    assert sorted(len(each) for each in results) == [0] * 19 + [1]
    assert LearningRecord.objects.filter(statement_id=world.statement.statement_id).count() == 1
    assert Completion.objects.filter(enrolment__learner=world.siti).count() == 2  # course and curriculum
    kinds = [kind for kind, _ in news]
    assert (kinds.count("recorded"), kinds.count("completed")) == (1, 2)


def test_the_last_two_lessons_done_at_once_complete_the_course_once(world, news):
    learners = Learner.objects.bulk_create(
        [Learner(name=f"P{number}", public_id=f"p{number}") for number in range(6)]
    )
    for activity in (world.course, world.curriculum):
        services.enrol(learner_ids=[each.pk for each in learners], activity_id=activity.pk)
    jobs = [
        partial(services.record, [world.said(learner, number)]) for learner in learners for number in (0, 1)
    ]
    _, errors = at_once(jobs)
    assert errors == []
    kinds = [kind for kind, _ in news]
    assert (kinds.count("recorded"), kinds.count("completed")) == (12, 12)
    assert derive.rebuild() == 0


def test_saying_and_taking_back_and_changing_the_outline_at_once_end_in_what_a_rebuild_finds(world):
    def publish():
        with transaction.atomic():
            activity = Activity.objects.select_for_update().get(pk=world.course.pk)
            write_outline(activity=activity, parts=[Part(world.lessons[0].pk)], rules={})

    _, errors = at_once([world.record, world.void, publish, tasks.sweep, world.record, world.void])
    assert errors == []
    tasks.sweep()
    assert derive.rebuild() == 0
    assert not Completion.objects.filter(enrolment__learner=world.budi).exists()


@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="SQLite runs one writing transaction at a time, so this race cannot be shown there",
)
def test_the_race_is_real_without_the_lock(world, monkeypatch):
    """The control: two halves of a course recorded at once, each blind to the other, complete nothing."""
    barrier = []

    def blind(name):
        with transaction.atomic():
            rows = list(LearningRecord.objects.filter(learner=world.siti).values_list("pk", flat=True))
            barrier.append(len(rows))
            LearningRecord.objects.create(
                statement_id=world.said(world.siti, 1).statement_id if name else world.statement.statement_id,
                learner=world.siti,
                activity=world.lessons[1],
                verb="completed",
                occurred_at=clock.now(),
                reason="test",
            )

    _, errors = at_once([partial(blind, 0), partial(blind, 1)])
    assert [type(error).__name__ for error in errors] == ["IntegrityError"]
    # With the lock nobody meets that error: the first test of this section is the same, twenty times.
