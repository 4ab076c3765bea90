"""Requests, runs that end and start again, withdrawal, exemptions: idempotent, and a rebuild always agrees."""

from __future__ import annotations

import datetime as dt

import pytest

from lms import signals
from lms.core import clock
from lms.core.exceptions import Closed, KelasError, NotAllowed
from lms.progress import services
from lms.progress.access import access_of
from lms.progress.models import Completion, Enrolment, EnrolmentPolicy, LearningRecord
from lms.progress.queries import standing
from tests.progress.people import done, make_course, make_person, rebuild_agrees, runs

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def siti():
    return make_person()


@pytest.fixture
def heard():
    calls = []

    def receiver(change, enrolment_ids, **kwargs):
        calls.append((change, len(enrolment_ids)))

    signals.enrolment_changed.connect(receiver, weak=False)
    yield calls
    signals.enrolment_changed.disconnect(receiver)


def percents(learner, course):
    rows = Enrolment.objects.filter(learner=learner, activity=course).order_by("run")
    return [row.progress.get(activity=course).percent for row in rows]


# ── by approval ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_request_is_no_run_until_somebody_agrees(siti, heard):
    course = make_course("approval")
    done(siti, course.lessons[0])
    request = services.join(learner_id=siti.pk, activity_id=course.pk)
    assert services.join(learner_id=siti.pk, activity_id=course.pk) == request
    assert runs(siti, course) == [(1, "requested")]
    assert not request.progress.exists()
    access = access_of(learner_id=siti.pk, activity_id=course.pk)
    assert {lock.code for part in access.parts for lock in part.locks} == {"requested"}
    assert services.approve(enrolment_ids=[request.pk]) == 1
    assert services.approve(enrolment_ids=[request.pk]) == 0
    assert runs(siti, course) == [(1, "active")] and percents(siti, course) == [33]
    assert heard == [("requested", 1), ("approved", 1)]
    assert rebuild_agrees()


def test_what_was_declined_says_why_and_may_be_asked_for_again(siti, heard):
    course = make_course("approval")
    request = services.request_enrolment(learner_id=siti.pk, activity_id=course.pk)
    with pytest.raises(KelasError) as refusal:
        services.decline(enrolment_ids=[request.pk], reason="  …  ")
    assert refusal.value.code == "reason"
    assert services.decline(enrolment_ids=[request.pk], reason="Kelas ini\nuntuk  mitra.") == 1
    assert services.decline(enrolment_ids=[request.pk], reason="Lain") == 0
    request.refresh_from_db()
    assert (request.state, request.note) == ("declined", "Kelas ini untuk mitra.")
    again = services.request_enrolment(learner_id=siti.pk, activity_id=course.pk)
    assert (again.pk, again.state, again.note) == (request.pk, "requested", "")
    assert services.approve(enrolment_ids=[request.pk]) == 1
    assert [change for change, _ in heard] == ["requested", "declined", "requested", "approved"]


def test_staff_may_let_in_whom_they_declined_and_whom_nobody_asked_about(siti):
    course = make_course("approval")
    request = services.request_enrolment(learner_id=siti.pk, activity_id=course.pk)
    services.decline(enrolment_ids=[request.pk], reason="Penuh")
    assert services.approve(enrolment_ids=[request.pk]) == 1
    budi = make_person("Budi")
    assert services.enrol(learner_ids=[siti.pk, budi.pk], activity_id=course.pk) == 1
    assert runs(siti, course) == runs(budi, course) == [(1, "active")]


def test_a_request_that_was_taken_back_is_gone_and_cannot_be_approved(siti):
    course = make_course("approval")
    request = services.request_enrolment(learner_id=siti.pk, activity_id=course.pk)
    assert services.withdraw(learner_id=siti.pk, activity_id=course.pk)
    assert not services.withdraw(learner_id=siti.pk, activity_id=course.pk)
    assert services.approve(enrolment_ids=[request.pk]) == 0
    assert runs(siti, course) == []


def test_whoever_left_and_is_let_in_again_goes_on_where_they_were(siti):
    course = make_course("approval")
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
    done(siti, course.lessons[0])
    services.withdraw(learner_id=siti.pk, activity_id=course.pk)
    request = services.join(learner_id=siti.pk, activity_id=course.pk)
    assert runs(siti, course) == [(1, "withdrawn"), (2, "requested")]
    assert percents_of_judged(siti, course) == [33]
    assert rebuild_agrees()
    assert services.approve(enrolment_ids=[request.pk]) == 1
    assert runs(siti, course) == [(1, "active")] and percents(siti, course) == [33]
    assert services.approve(enrolment_ids=[request.pk]) == 0
    assert rebuild_agrees()


def percents_of_judged(learner, course):
    rows = Enrolment.objects.filter(learner=learner, activity=course, state__in=Enrolment.JUDGED)
    return [row.progress.get(activity=course).percent for row in rows.order_by("run")]


def test_a_request_for_another_course_is_not_let_in_by_mistake(siti):
    first, second = make_course("approval"), make_course("approval")
    one = services.request_enrolment(learner_id=siti.pk, activity_id=first.pk)
    services.request_enrolment(learner_id=siti.pk, activity_id=second.pk)
    assert services.approve(enrolment_ids=[one.pk]) == 1
    assert runs(siti, second) == [(1, "requested")]


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_course_says_who_may_start(siti):
    closed, open_to_all = make_course("closed"), make_course()
    with pytest.raises(Closed, match="enrols"):
        services.join(learner_id=siti.pk, activity_id=closed.pk)
    assert runs(siti, closed) == []
    services.enrol(learner_ids=[siti.pk], activity_id=closed.pk)
    assert services.join(learner_id=siti.pk, activity_id=closed.pk).state == "active"
    assert services.join(learner_id=siti.pk, activity_id=open_to_all.pk).state == "active"
    with pytest.raises(Closed) as refusal:
        services.request_enrolment(learner_id=siti.pk, activity_id=open_to_all.pk)
    assert refusal.value.code == "no-requests"


def test_nobody_joins_what_is_no_longer_offered(siti):
    course = make_course()
    type(course).objects.filter(pk=course.pk).update(live=False, public=False)
    with pytest.raises(Closed) as refusal:
        services.join(learner_id=siti.pk, activity_id=course.pk)
    assert refusal.value.code == "not-offered"


# ── runs that end ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_ends_so_many_months_after_its_start_and_the_next_begins_from_nothing(siti):
    course = make_course(months=12)
    started = clock.now() - dt.timedelta(days=800)
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk, at=started)
    done(siti, course.lessons[0], started - DAY)
    done(siti, course.lessons[1], started + DAY)
    done(siti, course.lessons[2], started + 500 * DAY)
    assert percents(siti, course) == [66]
    assert services.enrol(learner_ids=[siti.pk], activity_id=course.pk) == 0
    second = services.join(learner_id=siti.pk, activity_id=course.pk)
    assert services.join(learner_id=siti.pk, activity_id=course.pk) == second
    done(siti, course.lessons[2], clock.now(), cause="anew")
    assert runs(siti, course) == [(1, "active"), (2, "active")]
    assert percents(siti, course) == [66, 33]
    assert rebuild_agrees()


def test_starting_again_keeps_the_old_completion_and_happens_once(siti):
    course = make_course(months=1)
    started = clock.now() - dt.timedelta(days=90)
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk, at=started)
    for lesson in course.lessons:
        done(siti, lesson, started + DAY)
    assert Completion.objects.count() == 1
    first = services.start_again(learner_id=siti.pk, activity_id=course.pk, after_run=1)
    assert services.start_again(learner_id=siti.pk, activity_id=course.pk, after_run=1) == first
    assert (first.run, Completion.objects.count()) == (2, 1)
    assert percents(siti, course) == [100, 0]
    assert rebuild_agrees()


def test_a_run_that_goes_on_is_not_started_again_unless_it_is_ended(siti):
    course = make_course()
    with pytest.raises(NotAllowed) as refusal:
        services.start_again(learner_id=siti.pk, activity_id=course.pk, after_run=1)
    assert refusal.value.code == "not-enrolled"
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
    done(siti, course.lessons[0])
    with pytest.raises(NotAllowed) as refusal:
        services.start_again(learner_id=siti.pk, activity_id=course.pk, after_run=1)
    assert refusal.value.code == "still-running"
    for _ in range(2):
        services.start_again(learner_id=siti.pk, activity_id=course.pk, after_run=1, end_now=True)
    assert runs(siti, course) == [(1, "active"), (2, "active")]
    assert percents(siti, course) == [33, 0]
    assert rebuild_agrees()


def test_withdrawing_touches_only_what_goes_on(siti):
    course = make_course(months=1)
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk, at=clock.now() - 90 * DAY)
    assert not services.withdraw(learner_id=siti.pk, activity_id=course.pk)
    services.join(learner_id=siti.pk, activity_id=course.pk)
    assert services.withdraw_runs(enrolment_ids=Enrolment.objects.values_list("pk", flat=True)) == 1
    assert runs(siti, course) == [(1, "active"), (2, "withdrawn")]
    services.join(learner_id=siti.pk, activity_id=course.pk)
    assert runs(siti, course) == [(1, "active"), (2, "active")]


def test_the_end_is_a_promise_that_a_later_rule_does_not_break(siti):
    course = make_course(months=12)
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
    ends_at = Enrolment.objects.get().ends_at
    EnrolmentPolicy.objects.update(valid_months=1)
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
    assert Enrolment.objects.get().ends_at == ends_at


# ── exemptions ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_exemption_counts_says_why_and_can_be_taken_back(siti):
    course = make_course()
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
    about = {"learner_id": siti.pk, "course_id": course.pk, "activity_id": course.lessons[0].pk}
    assert services.waive(**about, reason="Sudah mahir", by="Koordinator") == 1
    assert services.waive(**about, reason="Sudah mahir", by="Koordinator") == 0
    record = LearningRecord.objects.get()
    assert (record.verb, record.reason) == ("waived", "staff.waived")
    assert record.reason_params == {"reason": "Sudah mahir", "by": "Koordinator"}
    assert standing(learner_id=siti.pk, activity_id=course.pk).percent == 33
    assert services.take_waiver_back(**about, by="Koordinator") == 1
    assert services.take_waiver_back(**about, by="Koordinator") == 0
    assert standing(learner_id=siti.pk, activity_id=course.pk).percent == 0
    assert services.waive(**about, reason="Tetap mahir", by="Koordinator") == 1
    assert standing(learner_id=siti.pk, activity_id=course.pk).percent == 33
    assert rebuild_agrees()


def test_an_exemption_from_the_whole_completes_it(siti):
    course = make_course()
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
    about = {"learner_id": siti.pk, "course_id": course.pk, "activity_id": course.pk}
    assert services.waive(**about, reason="Lulus di tempat lain", by="K") == 1
    assert standing(learner_id=siti.pk, activity_id=course.pk).percent == 100
    services.take_waiver_back(**about, by="K")
    assert not Completion.objects.exists() and rebuild_agrees()


def test_an_exemption_from_a_module_is_one_from_everything_in_it_that_counts(siti):
    from lms.catalogue.models import Activity
    from lms.catalogue.outlines import Part, write_outline

    module = Activity.objects.create(kind="module", title="Modul", live=True)
    course = make_course()
    parts = [
        Part(module.pk, group=True),
        Part(course.lessons[0].pk, parent=0),
        Part(course.lessons[1].pk, parent=0, required=False),
        Part(course.lessons[2].pk),
    ]
    write_outline(activity=course, parts=parts, rules={})
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
    about = {"learner_id": siti.pk, "course_id": course.pk, "activity_id": module.pk}
    assert services.waive(**about, reason="Sudah mahir", by="K") == 1
    assert LearningRecord.objects.get().activity == course.lessons[0]
    assert services.take_waiver_back(**about, by="K") == 1


def test_an_earlier_exemption_does_not_count_in_a_further_run_and_a_new_one_does(siti):
    course = make_course()
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
    about = {"learner_id": siti.pk, "course_id": course.pk, "activity_id": course.lessons[0].pk}
    services.waive(**about, reason="Sudah mahir", by="K")
    services.start_again(learner_id=siti.pk, activity_id=course.pk, after_run=1, end_now=True)
    assert percents(siti, course) == [33, 0]
    assert services.waive(**about, reason="Tetap", by="K") == 1
    assert services.waive(**about, reason="Tetap", by="K") == 0
    assert percents(siti, course) == [33, 33] and rebuild_agrees()


@pytest.mark.parametrize("case", ["nobody", "withdrawn", "requested", "ended", "no part"])
def test_only_who_takes_the_course_is_exempted_and_only_from_its_parts(siti, case):
    course, other = make_course("approval"), make_course()
    if case == "requested":
        services.request_enrolment(learner_id=siti.pk, activity_id=course.pk)
    elif case != "nobody":
        services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
    if case == "withdrawn":
        services.withdraw(learner_id=siti.pk, activity_id=course.pk)
    if case == "ended":
        Enrolment.objects.update(started_at=clock.now() - 2 * DAY, ends_at=clock.now() - DAY)
    activity = other.lessons[0] if case == "no part" else course.lessons[0]
    with pytest.raises(NotAllowed) as refusal:
        services.waive(
            learner_id=siti.pk, course_id=course.pk, activity_id=activity.pk, reason="Mahir", by="K"
        )
    assert refusal.value.code == ("no-part" if case == "no part" else "not-enrolled")
    assert not LearningRecord.objects.exists()
