"""The ledger's writes: idempotent, derived at once, and what a rebuild finds is nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from lms import signals
from lms.catalogue.models import Activity
from lms.catalogue.outlines import Part, write_outline
from lms.core import clock
from lms.people.models import Learner
from lms.progress import derive, services
from lms.progress.models import ActivityProgress, Completion, Enrolment, LearningRecord, StaleOutline
from lms.progress.queries import standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    lessons = [Activity.objects.create(kind="lesson", title=f"Pelajaran {n}", live=True) for n in range(3)]
    course = Activity.objects.create(kind="course", title="Kursus", live=True)
    write_outline(activity=course, parts=[Part(lesson.pk) for lesson in lessons], rules={})
    course.lessons = lessons
    return course


@pytest.fixture
def learner():
    return Learner.objects.create(name="Ibu Contoh")


def said(learner, activity, at=None, cause=None):
    return services.Statement(
        cause=cause or f"test:{learner.pk}:{activity.pk}",
        learner_id=learner.pk,
        activity_id=activity.pk,
        verb="completed",
        occurred_at=at or clock.now(),
        reason="lesson.marked",
    )


@pytest.fixture
def completions_heard():
    calls = []

    def receiver(**kwargs):
        calls.append(kwargs["completion_ids"])

    signals.completed.connect(receiver, weak=False)
    yield calls
    signals.completed.disconnect(receiver)


def test_the_same_statement_twice_is_one_record_and_one_signal(course, learner, completions_heard):
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk)
    statements = [said(learner, lesson) for lesson in course.lessons]
    assert len(services.record(statements)) == 3
    assert services.record(statements) == []
    assert LearningRecord.objects.count() == 3
    assert len(completions_heard) == 1
    assert standing(learner_id=learner.pk, activity_id=course.pk).percent == 100


def test_evidence_from_before_the_enrolment_counts_in_the_first_run(course, learner):
    services.record([said(learner, lesson) for lesson in course.lessons[:2]])
    assert not Enrolment.objects.exists()
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk)
    assert standing(learner_id=learner.pk, activity_id=course.pk).percent == 66


def test_voiding_takes_the_completion_back_and_a_second_voiding_adds_nothing(course, learner):
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk)
    ids = services.record([said(learner, lesson) for lesson in course.lessons])
    assert Completion.objects.count() == 1
    assert len(services.void(record_ids=ids[:1], reason="mistake")) == 1
    assert Completion.objects.count() == 0
    assert standing(learner_id=learner.pk, activity_id=course.pk).percent == 66
    assert services.void(record_ids=ids[:1], reason="mistake") == []
    assert derive.rebuild() == 0


def test_replacing_evidence_is_a_difference(course, learner):
    other = Learner.objects.create(name="Pak Contoh")
    lesson = course.lessons[0]
    at = dt.datetime(2027, 3, 2, tzinfo=dt.UTC)

    def wanted(seconds):
        return services.Statement(
            cause=f"attended:{learner.pk}",
            learner_id=learner.pk,
            activity_id=lesson.pk,
            verb="attended",
            occurred_at=at,
            reason="attendance.report",
            duration_seconds=seconds,
        )

    def say(statements):
        return services.replace_evidence(
            activity_id=lesson.pk,
            verb="attended",
            learner_ids=[learner.pk, other.pk],
            wanted=statements,
            reason="attendance.corrected",
        )

    assert say({learner.pk: wanted(100)}) == 1
    assert say({learner.pk: wanted(100)}) == 0
    assert say({learner.pk: wanted(200)}) == 2
    assert say({}) == 1
    assert say({learner.pk: wanted(100)}) == 1
    unvoided = LearningRecord.objects.filter(voids=None, voided_by=None)
    assert [record.duration_seconds for record in unvoided] == [100]


def test_completed_survives_a_new_lesson_and_percent_follows_for_others(
    course, learner, django_capture_on_commit_callbacks
):
    other = Learner.objects.create(name="Pak Contoh")
    services.enrol(learner_ids=[learner.pk, other.pk], activity_id=course.pk)
    yesterday = clock.now() - dt.timedelta(days=1)
    services.record([said(learner, lesson, yesterday) for lesson in course.lessons])
    services.record([said(other, lesson, yesterday) for lesson in course.lessons[:1]])
    fourth = Activity.objects.create(kind="lesson", title="Pelajaran baru", live=True)
    with django_capture_on_commit_callbacks(execute=True):
        write_outline(activity=course, parts=[Part(each.pk) for each in [*course.lessons, fourth]], rules={})
    assert not StaleOutline.objects.exists()
    assert standing(learner_id=learner.pk, activity_id=course.pk).completed_at == yesterday
    assert standing(learner_id=other.pk, activity_id=course.pk).percent == 25
    assert derive.rebuild() == 0


def test_a_series_completes_its_course_and_taking_evidence_back_takes_both(course, learner):
    session = Activity.objects.create(kind="occurrence", title="Sesi", live=True)
    series = Activity.objects.create(kind="webinar_series", title="Seri", live=True)
    write_outline(activity=series, parts=[Part(session.pk, rule={"min_seconds": 60})], rules={"needed": 1})
    write_outline(activity=course, parts=[Part(course.lessons[0].pk), Part(series.pk)], rules={})
    for activity in (course, series):
        services.enrol(learner_ids=[learner.pk], activity_id=activity.pk)
    services.record([said(learner, course.lessons[0])])
    ids = services.record(
        [
            services.Statement(
                cause="a",
                learner_id=learner.pk,
                activity_id=session.pk,
                verb="attended",
                occurred_at=clock.now(),
                reason="attendance.report",
                duration_seconds=60,
            )
        ]
    )
    assert Completion.objects.count() == 2
    services.void(record_ids=ids, reason="attendance.corrected")
    assert Completion.objects.count() == 0
    assert derive.rebuild() == 0


def test_a_rebuild_puts_right_what_somebody_broke(course, learner):
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk)
    services.record([said(learner, lesson) for lesson in course.lessons])
    ActivityProgress.objects.update(percent=7)
    Completion.objects.all().delete()
    assert derive.rebuild(activity_id=course.pk) > 0
    assert derive.rebuild(activity_id=course.pk) == 0
    assert standing(learner_id=learner.pk, activity_id=course.pk).percent == 100


def test_withdrawing_keeps_everything_and_coming_back_goes_on(course, learner):
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk)
    services.record([said(learner, course.lessons[0])])
    assert services.withdraw(learner_id=learner.pk, activity_id=course.pk)
    assert not services.withdraw(learner_id=learner.pk, activity_id=course.pk)
    assert services.enrol(learner_ids=[learner.pk], activity_id=course.pk) == 1
    assert services.enrol(learner_ids=[learner.pk], activity_id=course.pk) == 0
    assert standing(learner_id=learner.pk, activity_id=course.pk).percent == 33


@pytest.mark.parametrize(("count", "most"), [(10, 26), (1000, 26 * 2 + 20)])
def test_recording_for_many_costs_a_constant_number_of_queries_per_batch(
    course, count, most, django_assert_max_num_queries
):
    """SQLite cuts an INSERT of many rows into pieces of 999 values: that is the 20."""
    learners = Learner.objects.bulk_create([Learner(name=f"Contoh {n}") for n in range(count)])
    services.enrol(learner_ids=[each.pk for each in learners], activity_id=course.pk)
    with django_assert_max_num_queries(most):
        services.record([said(each, course.lessons[0]) for each in learners])


def test_the_database_refuses_a_record_that_voids_without_saying_so(course, learner):
    with pytest.raises(IntegrityError), transaction.atomic():
        LearningRecord.objects.create(
            statement_id="00000000-0000-0000-0000-000000000001",
            learner=learner,
            activity=course,
            verb="voided",
            occurred_at=clock.now(),
            reason="x",
        )
