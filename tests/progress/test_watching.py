"""A recording watched: merged, clipped, plausible, and said in the ledger once for each step."""

from __future__ import annotations

import datetime as dt
import json
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.catalogue.models import Activity
from lms.catalogue.outlines import Part, write_outline
from lms.people.models import Learner
from lms.progress import derive, services
from lms.progress.models import Completion, LearningRecord, Watching

pytestmark = pytest.mark.django_db

OPENED = dt.datetime(2027, 3, 1, 5, tzinfo=dt.UTC)
RULE = {"min_watched": 700}


@pytest.fixture
def lesson():
    return Activity.objects.create(kind="lesson", title="Rekaman", live=True)


@pytest.fixture
def learner():
    return Learner.objects.create(name="Ibu Contoh")


def report(learner, lesson, spans, *, after, rule=RULE, length=1000):
    with mock.patch("django.utils.timezone.now", lambda: OPENED + dt.timedelta(seconds=after)):
        return services.record_watched(
            learner_id=learner.pk,
            lesson=lesson,
            spans=spans,
            length_seconds=length,
            opened_at=OPENED,
            rule=rule,
            learner_key=learner.public_id,
        )


def steps(learner):
    rows = LearningRecord.objects.filter(learner=learner, verb="watched").order_by("duration_seconds")
    return list(rows.values_list("duration_seconds", flat=True))


def test_parts_are_merged_and_what_lies_behind_the_end_is_left_out(learner, lesson):
    assert report(learner, lesson, [(0, 60), (30, 90)], after=60) == 90
    assert report(learner, lesson, [(80, 120), (990, 4000)], after=120) == 130
    row = Watching.objects.get()
    assert row.spans == [[0, 120], [990, 1000]]
    assert steps(learner) == [100]


def test_every_tenth_and_the_share_that_is_asked_for_are_said_once(learner, lesson):
    report(learner, lesson, [(0, 699)], after=700, rule={"min_watched": 650})
    report(learner, lesson, [(0, 699)], after=800, rule={"min_watched": 650})
    assert steps(learner) == [100, 200, 300, 400, 500, 600, 650]
    report(learner, lesson, [(699, 1000)], after=1000, rule={"min_watched": 650})
    assert steps(learner) == [100, 200, 300, 400, 500, 600, 650, 700, 800, 900, 1000]
    assert LearningRecord.objects.filter(verb="watched").count() == 11


def test_what_the_clock_does_not_allow_is_refused_and_nothing_is_kept(learner, lesson):
    # Twice the speed, and a minute that clocks may differ.
    assert report(learner, lesson, [(0, 260)], after=100) == 260
    with pytest.raises(services.Implausible, match="641 seconds cannot .* in the 290 seconds"):
        report(learner, lesson, [(300, 941)], after=390)
    assert report(learner, lesson, [(300, 940)], after=390) == 900
    assert Watching.objects.get().spans == [[0, 260], [300, 940]]


def test_a_clock_that_goes_back_allows_the_slack_only(learner, lesson):
    with pytest.raises(services.Implausible):
        report(learner, lesson, [(0, 61)], after=-500)
    assert report(learner, lesson, [(0, 60)], after=-500) == 60


def test_enough_of_it_completes_the_course(learner, lesson):
    course = Activity.objects.create(kind="course", title="Kursus", live=True)
    write_outline(activity=course, parts=[Part(lesson.pk, rule=RULE)], rules={})
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk, at=OPENED)
    report(learner, lesson, [(0, 699)], after=699)
    assert not Completion.objects.exists()
    report(learner, lesson, [(0, 700)], after=720)
    assert Completion.objects.get().completed_at == OPENED + dt.timedelta(seconds=720)
    assert derive.rebuild() == 0


@pytest.mark.parametrize(
    "value",
    [
        None,
        "0-30",
        {"0": 30},
        [[0]],
        [[0, 30, 60]],
        [(0, 30)],
        [["0", "30"]],
        [[True, 30]],
        [[30, 0]],
        [[-1, 30]],
        [[0, 1_000_001]],
        [[float("nan"), 3]],
        [[0, float("inf")]],
        [[0, 1]] * 201,
    ],
)
def test_anything_but_pairs_of_seconds_is_refused(value):
    with pytest.raises(services.BadSpans, match="pairs of seconds"):
        services.read_spans(value)


def test_pairs_of_seconds_are_read_and_fractions_cut_off():
    assert services.read_spans([[0, 30.9], [45.5, 1_000_000]]) == [(0, 30), (45, 1_000_000)]
    assert services.read_spans([]) == []
    assert services.read_spans([[0, 1]] * 200) == [(0, 1)] * 200


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3), st.lists))
def test_whatever_is_sent_is_read_or_refused(value):
    try:
        spans = services.read_spans(value)
    except services.BadSpans:
        return
    assert all(0 <= start <= end <= 10**6 for start, end in spans)
    json.dumps(spans)
