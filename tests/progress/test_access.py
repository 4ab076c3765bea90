"""What of a course is open to one learner: every state of a run, and the same number of queries whatever its size."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test.utils import CaptureQueriesContext

from lms.catalogue.models import Activity
from lms.catalogue.outlines import Part, write_outline
from lms.core import clock
from lms.people.models import Learner
from lms.progress import access, services
from lms.progress.access import access_of, open_to_all, opens_later
from lms.progress.models import Cohort, Enrolment, EnrolmentPolicy
from lms.progress.queries import outline_in_force
from lms.progress.rules import Lock

pytestmark = pytest.mark.django_db


def make_course(count=3, *, rules=None, rule=None) -> tuple[Activity, list[Activity]]:
    lessons = [
        Activity.objects.create(kind="lesson", title=f"Pelajaran {n}", live=True) for n in range(count)
    ]
    course = Activity.objects.create(kind="course", title="Kursus", live=True)
    write_outline(
        activity=course,
        parts=[Part(lesson.pk, rule=dict(rule or {})) for lesson in lessons],
        rules=rules or {},
    )
    return course, lessons


@pytest.fixture
def learner():
    return Learner.objects.create(name="Ibu Contoh")


def enrol(learner, course, **fields):
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk)
    run = Enrolment.objects.get(learner=learner, activity=course)
    Enrolment.objects.filter(pk=run.pk).update(**fields)
    return run


def finish(learner, lesson):
    services.record(
        [
            services.Statement(
                cause=f"t:{lesson.pk}:{learner.pk}",
                learner_id=learner.pk,
                activity_id=lesson.pk,
                verb="completed",
                occurred_at=clock.now(),
                reason="lesson.marked",
            )
        ]
    )


def codes(learner, course):
    found = access_of(learner_id=learner.pk if learner else None, activity_id=course.pk)
    return [[lock.code for lock in part.locks] for part in found.parts]


def test_nothing_without_an_outline(learner):
    course = Activity.objects.create(kind="course", title="Kosong", live=True)
    assert access_of(learner_id=learner.pk, activity_id=course.pk) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": "requested"}, access.REQUESTED),
        ({"state": "declined"}, access.DECLINED),
        ({"state": "withdrawn"}, access.WITHDRAWN),
    ],
)
def test_each_state_of_a_run_says_why_nothing_is_open(learner, fields, code):
    course, _ = make_course()
    enrol(learner, course, **fields)
    assert codes(learner, course) == [[code]] * 3


def test_whoever_is_not_in_it_and_whoever_is_unknown(learner):
    course, _ = make_course()
    assert codes(learner, course) == codes(None, course) == [[access.NOT_ENROLLED]] * 3


def test_a_run_ends_at_a_moment(learner):
    course, _ = make_course()
    run = enrol(learner, course)
    end = run.started_at + dt.timedelta(days=30)
    Enrolment.objects.filter(pk=run.pk).update(ends_at=end)
    before = access_of(learner_id=learner.pk, activity_id=course.pk, now=end - dt.timedelta(seconds=1))
    after = access_of(learner_id=learner.pk, activity_id=course.pk, now=end)
    assert before.parts[0].open
    assert after.parts[0].locks == [Lock(access.ENDED)]


def test_a_cohort_begins_on_its_first_day_in_the_default_zone(learner):
    course, _ = make_course()
    cohort = Cohort.objects.create(activity=course, title="Maret", starts_on=dt.date(2027, 3, 2))
    enrol(learner, course, cohort=cohort)
    # 00:00 WIB on 2 March is 17:00 UTC on 1 March.
    midnight = dt.datetime(2027, 3, 1, 17, tzinfo=dt.UTC)
    early = access_of(learner_id=learner.pk, activity_id=course.pk, now=midnight - dt.timedelta(seconds=1))
    assert early.parts[0].locks == [Lock("date", opens_on=dt.date(2027, 3, 2))]
    assert access_of(learner_id=learner.pk, activity_id=course.pk, now=midnight).parts[0].open


def test_the_order_and_the_next_part(learner):
    course, lessons = make_course(rules={"order": "sequential"})
    enrol(learner, course)
    assert codes(learner, course) == [[], ["before"], ["before"]]
    finish(learner, lessons[0])
    found = access_of(learner_id=learner.pk, activity_id=course.pk)
    assert found.next_part.activity_id == lessons[1].pk
    assert (found.reached, found.needed, found.standing.percent) == (1, 3, 33)
    assert found.part(lessons[0].pk).done_at is not None
    assert found.part(-1) is None


def test_prerequisites_that_are_no_longer_offered_trap_nobody(learner):
    first, lessons = make_course(1)
    Activity.objects.filter(pk=first.pk).update(translation_key=first.key)
    course, _ = make_course(
        1, rules={"prerequisites": [str(first.key), "00000000-0000-4000-8000-000000000000"]}
    )
    enrol(learner, course)
    found = access_of(learner_id=learner.pk, activity_id=course.pk)
    assert found.parts[0].locks == [Lock("prerequisite", (first.pk,))]
    assert found.prerequisites == (first.pk,)
    enrol(learner, first)
    finish(learner, lessons[0])
    assert codes(learner, course) == [[]]
    other = Learner.objects.create(name="Pak Contoh")
    enrol(other, course)
    assert codes(other, course) == [["prerequisite"]]
    Activity.objects.filter(pk=first.pk).update(live=False)
    assert codes(other, course) == [[]]


def test_the_least_time_runs_from_the_first_opening(learner):
    course, lessons = make_course(1, rule={"min_minutes": 10})
    enrol(learner, course)
    opened = clock.now()
    for number, moment in enumerate([opened + dt.timedelta(minutes=3), opened]):
        services.record(
            [
                services.Statement(
                    cause=f"open:{number}",
                    learner_id=learner.pk,
                    activity_id=lessons[0].pk,
                    verb="experienced",
                    occurred_at=moment,
                    reason="lesson.opened",
                )
            ]
        )
    part = access_of(learner_id=learner.pk, activity_id=course.pk).parts[0]
    assert part.opened_at == opened
    assert part.seconds_to_wait(opened + dt.timedelta(minutes=4)) == 360
    assert part.seconds_to_wait(opened + dt.timedelta(minutes=10)) == 0


def test_which_courses_everybody_may_read():
    free, _ = make_course(1)
    in_order, _ = make_course(1, rules={"order": "sequential"})
    needing, _ = make_course(1, rules={"prerequisites": [str(free.key)]})
    by_hand, _ = make_course(1)
    EnrolmentPolicy.objects.create(activity=by_hand, mode="approval")
    yearly, _ = make_course(1)
    EnrolmentPolicy.objects.create(activity=yearly, mode="open", valid_months=12)
    ids = [each.pk for each in (free, in_order, needing, by_hand, yearly)]
    assert open_to_all(ids) == {free.pk, yearly.pk}


@pytest.mark.parametrize(
    ("rule", "later"),
    [
        ({}, False),
        ({"opens_on": "2027-03-02"}, True),
        ({"opens_on": "2027-03-01"}, False),
        ({"opens_after_days": 1}, True),
    ],
)
def test_which_parts_open_later(rule, later):
    course, _ = make_course(1, rule=rule)
    assert opens_later(outline_in_force(course.pk), 0, today=dt.date(2027, 3, 1)) is later


def test_a_part_of_a_module_that_opens_later_opens_later():
    lesson, module = (Activity.objects.create(kind=kind, title=kind) for kind in ("lesson", "module"))
    course = Activity.objects.create(kind="course", title="Kursus", live=True)
    parts = [Part(module.pk, group=True, rule={"opens_on": "2027-05-01"}), Part(lesson.pk, parent=0)]
    write_outline(activity=course, parts=parts, rules={})
    assert opens_later(outline_in_force(course.pk), 1, today=dt.date(2027, 4, 30))
    assert not opens_later(outline_in_force(course.pk), 1, today=dt.date(2027, 5, 1))


@pytest.mark.parametrize("count", [5, 100])
def test_the_number_of_queries_does_not_depend_on_the_size(learner, connection_of, count):
    first, _ = make_course(1)
    Activity.objects.filter(pk=first.pk).update(translation_key=first.key)
    course, lessons = make_course(count, rules={"order": "sequential", "prerequisites": [str(first.key)]})
    enrol(learner, course)
    finish(learner, lessons[0])
    with CaptureQueriesContext(connection_of) as queries:
        access_of(learner_id=learner.pk, activity_id=course.pk)
    assert len(queries) == 6


@pytest.fixture
def connection_of():
    from django.db import connection

    return connection
