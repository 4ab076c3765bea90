"""Results of a course: what the table and the files say, for whom, and what it costs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from lms.catalogue.models import Activity
from lms.catalogue.outlines import Part, write_outline
from lms.core import clock
from lms.credentials.models import Certificate
from lms.people.models import Learner
from lms.progress import services
from lms.progress.models import Enrolment
from lms.reports import queries
from tests.progress.people import done, make_course, make_person
from tests.reports import xapi_rules
from tests.wagtailadmin.schedule_world import text_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def admin(client):
    user = get_user_model().objects.create_superuser("ayu", "ayu@academy.example", "x")
    client.force_login(user)
    return user


@pytest.fixture
def course(home):
    """A lesson, a quiz with a least score, a series of two sessions, and something optional."""
    course = make_course(lessons=1)
    quiz = Activity.objects.create(kind="quiz", title="Kuis", live=True)
    series = Activity.objects.create(kind="webinar_series", title="Seri", live=True)
    sessions = [Activity.objects.create(kind="occurrence", title=f"Sesi {n}", live=True) for n in range(2)]
    extra = Activity.objects.create(kind="lesson", title="Tambahan", live=True)
    write_outline(
        activity=series,
        parts=[Part(each.pk, rule={"min_seconds": 60}) for each in sessions],
        rules={"needed": 1},
    )
    write_outline(
        activity=course,
        parts=[
            Part(course.lessons[0].pk),
            Part(quiz.pk, rule={"min_score": 0.7}),
            Part(series.pk),
            Part(extra.pk, required=False),
        ],
        rules={},
    )
    course.exam, course.series, course.sessions = quiz, series, sessions
    return course


def say(learner, activity, verb, at=None, **fields):
    at = at or clock.now()
    return services.record(
        [
            services.Statement(
                cause=f"{learner.pk}:{activity.pk}:{verb}:{at}:{fields}",
                learner_id=learner.pk,
                activity_id=activity.pk,
                verb=verb,
                occurred_at=at,
                reason="test",
                **fields,
            )
        ]
    )


@pytest.fixture
def siti(course):
    learner = make_person("Siti Aminah", "siti@toko.example")
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk)
    done(learner, course.lessons[0])
    say(learner, course.exam, "failed", score_scaled=0.5)
    say(learner, course.exam, "passed", score_scaled=0.8)
    say(learner, course.sessions[0], "attended", duration_seconds=3659)
    say(learner, course.sessions[1], "attended", duration_seconds=61)
    return learner


def at(name, course, *more):
    return reverse(name, args=[course.key, *more])


def table(client, course, **query):
    response = client.get(at("lms_course_results_file", course, "csv"), query)
    content = response.getvalue().decode()
    assert content.startswith("\ufeff") and "no-store" in response["Cache-Control"]
    return list(csv.reader(io.StringIO(content[1:])))


def test_each_part_that_counts_says_when_how_well_and_how_long(client, course, siti, admin):
    words = text_of(client.get(at("lms_course_results", course)))
    assert "80%" in words and "62 minutes" in words and "66%" in words and "Tambahan" not in words
    header, row = table(client, course)
    cells = dict(zip(header, row, strict=True))
    assert cells["Name"] == "Siti Aminah" and cells["E-mail"] == "siti@toko.example"
    assert (cells["Progress (percent)"], cells["Kuis: score (percent)"]) == ("66", "80.0")
    assert cells["Seri: minutes"] == "62" and cells["Status"] == "taking part"
    assert cells["Pelajaran 0: done (WIB)"].startswith(str(clock.now().year))
    assert "Seri: done (WIB)" in cells and not cells["Completed (WIB)"]


def test_the_workbook_says_the_same_with_dates_and_numbers(client, course, siti, admin):
    response = client.get(at("lms_course_results_file", course, "xlsx"))
    rows = list(load_workbook(io.BytesIO(response.content)).active.values)
    cells = dict(zip(rows[0], rows[1], strict=True))
    assert (cells["Kuis: score (percent)"], cells["Seri: minutes"], cells["Progress (percent)"]) == (
        80,
        62,
        66,
    )
    assert isinstance(cells["Started (WIB)"], dt.datetime)
    assert client.get(at("lms_course_results_file", course, "exe")).status_code == 404


def test_a_name_like_a_formula_stays_text(client, course, siti, admin):
    Learner.objects.update(name='=HYPERLINK("http://x.example")')
    assert table(client, course)[1][0].startswith("'=HYPERLINK")
    response = client.get(at("lms_course_results_file", course, "xlsx"))
    cell = load_workbook(io.BytesIO(response.content)).active["A2"]
    assert cell.data_type == "s" and cell.value.startswith("'=")


def test_files_hold_what_is_filtered_on_the_screen(client, course, siti, admin):
    budi = make_person("Budi", "budi@toko.example")
    services.enrol(learner_ids=[budi.pk], activity_id=course.pk)
    assert [row[0] for row in table(client, course)[1:]] == ["Budi", "Siti Aminah"]
    assert [row[0] for row in table(client, course, q="siti@")[1:]] == ["Siti Aminah"]
    assert [row[0] for row in table(client, course, sort="-percent")[1:]] == ["Siti Aminah", "Budi"]
    assert table(client, course, state="completed")[1:] == []


def test_a_completed_run_shows_its_day_and_its_certificate(client, course, siti, admin):
    say(siti, course.series, "waived")
    run = Enrolment.objects.get()
    Certificate.objects.create(
        serial="VV4PMSCN79MFQ",
        learner=siti,
        activity=course,
        holder_name="Siti Aminah",
        title="Foto produk",
        content={},
        design_revision=1,
        issuer_name="Akademi",
        earned_at=clock.now(),
        issued_at=clock.now(),
        sha256="0" * 64,
        pdf="x.pdf",
    )
    words = text_of(client.get(at("lms_course_results", course)))
    assert "completed" in words and "VV4P" in words and "exempted" in words
    assert "VV4P" in text_of(client.get(at("lms_enrolment", course, run.public_id)))
    row = dict(zip(*table(client, course), strict=True))
    assert (
        row["Certificate"] == "VV4PMSCN79MFQ" and row["Status"] == "has completed" and row["Completed (WIB)"]
    )


def test_each_run_has_its_own_results(client, course, siti, admin):
    services.start_again(learner_id=siti.pk, activity_id=course.pk, after_run=1, end_now=True)
    say(siti, course.exam, "passed", score_scaled=0.9)
    _header, first, second = table(client, course)
    header = dict.fromkeys(_header)
    one, two = dict(zip(header, first, strict=True)), dict(zip(header, second, strict=True))
    assert (one["Run"], one["Kuis: score (percent)"], one["Status"]) == ("1", "80.0", "ended")
    assert (two["Run"], two["Kuis: score (percent)"], two["Seri: minutes"]) == ("2", "90.0", "")


def test_what_was_taken_back_is_not_counted_but_stays_in_the_story(client, course, siti, admin):
    ids = say(siti, course.exam, "passed", score_scaled=1)
    services.void(record_ids=ids, reason="test")
    assert dict(zip(*table(client, course), strict=True))["Kuis: score (percent)"] == "80.0"
    words = text_of(client.get(at("lms_enrolment", course, Enrolment.objects.get().public_id)))
    assert "Taken back: Passed, 100%" in words and "(taken back)" in words
    assert "Was there, 60 minutes" in words


def test_the_record_of_a_course_is_valid_xapi(client, course, siti, admin):
    response = client.get(at("lms_course_xapi", course))
    found = json.loads(response.getvalue())
    for each in found:
        xapi_rules.check(each)
    assert len(found) == 5 and "xapi.json" in response["Content-Disposition"]


@pytest.fixture
def crowd(course):
    def add(count):
        people = Learner.objects.bulk_create(Learner(name=f"Peserta {n}") for n in range(count))
        services.enrol(learner_ids=[one.pk for one in people], activity_id=course.pk)
        services.record(
            [
                services.Statement(
                    cause=f"crowd:{one.pk}",
                    learner_id=one.pk,
                    activity_id=course.lessons[0].pk,
                    verb="completed",
                    occurred_at=clock.now(),
                    reason="lesson.marked",
                )
                for one in people
            ]
        )

    return add


def cost(client, address):
    client.get(address).getvalue()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        response.getvalue()
    assert response.status_code == 200
    # The frame of every screen of the admin (who is signed in, the menu's pages and badges) is not ours to pay.
    ours = [each for each in queries if 'FROM "lms_' in each["sql"]]
    assert len(queries) - len(ours) <= 6
    return len(ours)


def test_a_thousand_people_cost_as_much_as_ten(client, course, siti, admin, crowd):
    screen, file = at("lms_course_results", course), at("lms_course_results_file", course, "csv")
    story = at("lms_enrolment", course, Enrolment.objects.get(learner=siti).public_id)
    crowd(10)
    few = [cost(client, address) for address in (screen, file, story)]
    crowd(990)
    many = [cost(client, address) for address in (screen, file, story)]
    assert (many[0], many[2]) == (few[0], few[2])
    assert few[0] <= 20 and few[2] <= 20
    # A file is read in pieces of 500 runs; each costs the same.
    assert many[1] <= few[1] + 2 * 6 and few[1] <= 20


@pytest.mark.parametrize("count", [5, 100])
def test_a_hundred_parts_cost_as_much_as_five(client, home, admin, count):
    course = make_course(lessons=count)
    learner = make_person()
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk)
    done(learner, course.lessons[0])
    rows = list(Enrolment.objects.filter(activity=course).select_related("learner"))
    with CaptureQueriesContext(connection) as captured:
        parts = queries.parts_of(course.pk, "id")
        queries.results_of(course.pk, rows, parts)
    assert len(parts) == count and len(captured) == 6
    assert cost(client, at("lms_course_results", course)) <= 20
