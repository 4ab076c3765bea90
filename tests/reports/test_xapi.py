"""The record as xAPI: every statement obeys the rules of 1.0.3, ids are stable, and nothing personal leaves unasked."""

from __future__ import annotations

import copy
import datetime as dt
import json
import uuid

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from lms.core import clock
from lms.people.models import Address
from lms.progress import services
from lms.progress.models import LearningRecord
from lms.reports.export import statements
from lms.reports.xapi import VERBS, Told, duration, statement
from tests.progress.people import done, make_course, make_person
from tests.reports import xapi_rules

HOME = "https://academy.example"
KEY = "6f0f7b5e-5f0c-4a55-9b0e-6f1d4a0c2e11"


def told(verb="completed", **fields):
    values = {
        "statement_id": KEY,
        "learner": "oysCjuEe4Lmr7aDCVMRj0A",
        "verb": verb,
        "activity_key": KEY,
        "activity_title": "Foto produk",
        "activity_kind": "lesson",
        "occurred_at": dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC),
        "voids": KEY if verb == "voided" else "",
    }
    return Told(**(values | fields))


@st.composite
def anything_told(draw):
    verb = draw(st.sampled_from(sorted(VERBS)))
    ids = st.uuids(version=5).map(str)
    words = st.text(st.characters(codec="utf-8"), max_size=30)
    return told(
        verb,
        statement_id=draw(ids),
        voids=draw(ids) if verb == "voided" else "",
        activity_key=draw(st.uuids(version=4).map(str)),
        activity_title=draw(words),
        activity_kind=draw(st.sampled_from(["course", "lesson", "quiz", "occurrence", "sesuatu"])),
        occurred_at=draw(
            st.datetimes(
                dt.datetime(1970, 1, 2),
                dt.datetime(9999, 12, 30),
                timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=7))]),
            )
        ),
        reason=draw(st.sampled_from(["", "lesson.marked"])),
        duration_seconds=draw(st.none() | st.integers(0, 2**31 - 1)),
        score_scaled=draw(st.none() | st.decimals(-1, 1, places=5)),
        email=draw(st.just("") | st.from_regex(r"[a-z+._%'-]{1,9}@[a-z]{1,9}\.example", fullmatch=True)),
        grouping=draw(st.just(()) | st.tuples(ids)),
    )


@given(anything_told(), st.sampled_from(["id", "en", "pt-br", "und"]))
def test_every_record_is_a_valid_statement_and_survives_json(record, language):
    made = statement(record, home=HOME, language=language)
    xapi_rules.check(made)
    assert json.loads(json.dumps(made)) == made
    assert statement(record, home=HOME, language=language) == made


BREAKS = [
    (("id",), "x"),
    (("actor",), {"name": "Siti"}),
    (("actor", "mbox"), "mailto:a@b.example"),
    (("verb", "id"), "completed"),
    (("object", "id"), "pelajaran 1"),
    (("object", "definition", "name"), {"Bahasa Indonesia": "x"}),
    (("result", "duration"), "90"),
    (("result", "score"), {"scaled": 1.2}),
    (("result", "success"), "yes"),
    (("result", "extensions"), {"reason": "x"}),
    (("context", "platform"), None),
    (("timestamp",), "2027-03-01"),
    (("timestamp",), "2027-03-01T12:00:00-00:00"),
    (("learner",), "x"),
    (("verb", "id"), "http://adlnet.gov/expapi/verbs/voided"),
]


@pytest.mark.parametrize(("path", "value"), BREAKS)
def test_the_rules_notice_what_is_wrong(path, value):
    made = copy.deepcopy(statement(told("waived", duration_seconds=5, score_scaled=0.5), home=HOME))
    xapi_rules.check(made)
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(xapi_rules.Broken):
        xapi_rules.check(made)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "PT0S"), (59, "PT59S"), (60, "PT1M"), (3600, "PT1H"), (3661, "PT1H1M1S"), (90061, "PT25H1M1S")],
)
def test_durations(seconds, words):
    assert duration(seconds) == words


def test_what_each_verb_says():
    made = {verb: statement(told(verb, score_scaled=0.75, duration_seconds=60), home=HOME) for verb in VERBS}
    assert made["passed"]["result"] == {"success": True, "score": {"scaled": 0.75}, "duration": "PT1M"}
    assert made["failed"]["result"]["success"] is False
    assert made["completed"]["result"]["completion"] is True
    assert "success" not in made["attended"]["result"]
    assert made["waived"]["result"]["extensions"]
    assert made["voided"]["object"] == {"objectType": "StatementRef", "id": KEY}
    assert "result" not in made["voided"] and "context" not in made["voided"]


# ── from the ledger ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def course(home):
    return make_course()


@pytest.fixture
def siti(course):
    learner = make_person("Siti Aminah", "siti@toko.example")
    services.enrol(learner_ids=[learner.pk], activity_id=course.pk)
    ids = done(learner, course.lessons[0])
    services.void(record_ids=ids, reason="lesson.unmarked")
    services.waive(
        learner_id=learner.pk,
        course_id=course.pk,
        activity_id=course.lessons[1].pk,
        reason="Siti sudah mahir",
        by="Koordinator",
    )
    return learner


@pytest.mark.django_db
def test_the_ledger_is_told_in_order_and_without_anything_personal(course, siti):
    found = list(statements())
    for each in found:
        xapi_rules.check(each)
    assert [each["id"] for each in found] == [
        str(pk) for pk in LearningRecord.objects.order_by("pk").values_list("statement_id", flat=True)
    ]
    assert found[1]["object"]["id"] == found[0]["id"]
    assert {each["actor"]["account"]["name"] for each in found} == {siti.public_id}
    assert found[0]["actor"]["account"]["homePage"] == "http://testserver"
    written = json.dumps(found)
    for personal in ("Siti", "siti@", "Koordinator", "mahir"):
        assert personal not in written
    assert list(statements()) == found


@pytest.mark.django_db
def test_an_address_is_told_only_when_asked_for_and_proven(course, siti):
    assert all("mbox" not in each["actor"] for each in statements(with_mail=True))
    Address.objects.update(verified_at=clock.now())
    found = list(statements(with_mail=True))
    assert {each["actor"]["mbox"] for each in found} == {"mailto:siti@toko.example"}


@pytest.mark.django_db
def test_a_course_is_told_with_its_parts_of_all_times_and_sessions_of_its_series(course, siti):
    from lms.catalogue.models import Activity
    from lms.catalogue.outlines import Part, write_outline

    series = Activity.objects.create(kind="webinar_series", title="Seri", live=True)
    session = Activity.objects.create(kind="occurrence", title="Sesi", live=True)
    write_outline(activity=series, parts=[Part(session.pk)], rules={})
    write_outline(activity=course, parts=[Part(course.lessons[2].pk), Part(series.pk)], rules={})
    other = make_course()
    for activity in (session, other.lessons[0]):
        done(siti, activity)
    found = list(statements(course=course))
    assert [each["object"].get("id") for each in found][-1] == f"urn:uuid:{session.key}"
    assert len(found) == 4 and LearningRecord.objects.count() == 5
    assert found[0]["context"]["contextActivities"]["grouping"][0]["id"] == f"urn:uuid:{course.key}"


@pytest.mark.django_db
def test_since_a_moment_only_what_was_stored_then(course, siti):
    LearningRecord.objects.update(stored_at=dt.datetime(2027, 3, 1, tzinfo=dt.UTC))
    last = LearningRecord.objects.latest("pk")
    LearningRecord.objects.filter(pk=last.pk).update(stored_at=dt.datetime(2027, 3, 2, tzinfo=dt.UTC))
    found = list(statements(since=dt.datetime(2027, 3, 2, tzinfo=dt.UTC)))
    assert [each["id"] for each in found] == [str(last.statement_id)]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [10, 1000])
def test_the_ledger_costs_a_query_a_piece(course, count, django_assert_max_num_queries):
    learners = [make_person(f"P {n}") for n in range(10)]
    services.record(
        [
            services.Statement(
                cause=f"x:{n}",
                learner_id=learners[n % 10].pk,
                activity_id=course.lessons[0].pk,
                verb="watched",
                duration_seconds=n,
                occurred_at=clock.now(),
                reason="recording.watched",
            )
            for n in range(count)
        ]
    )
    with django_assert_max_num_queries(4):
        assert len(list(statements())) == count


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_command_writes_lines_or_an_array(course, siti, tmp_path, capsys):
    call_command("export_xapi")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    target = tmp_path / "ledger.json"
    call_command("export_xapi", course=str(course.key), output=target, array=True, since="2020-01-01")
    array = json.loads(target.read_text(encoding="utf-8"))
    assert [each["id"] for each in array] == [each["id"] for each in lines]
    assert list(tmp_path.iterdir()) == [target]
    assert str(uuid.UUID(lines[0]["id"])) == lines[0]["id"]


@pytest.mark.django_db
def test_nothing_is_an_empty_array(home, tmp_path):
    target = tmp_path / "ledger.json"
    call_command("export_xapi", output=target, array=True)
    assert json.loads(target.read_text()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"course": "x"}, "no course with the key x"),
        ({"course": KEY}, "no course with the key"),
        ({"since": "kemarin"}, "neither a date nor a moment"),
        ({"since": "2027-02-30"}, "neither a date nor a moment"),
        ({"output": "/tidak/ada/x.json"}, "Cannot write"),
    ],
)
def test_the_command_says_what_is_wrong(home, arguments, words):
    from pathlib import Path

    if "output" in arguments:
        arguments = {"output": Path(arguments["output"])}
    with pytest.raises(CommandError, match=words):
        call_command("export_xapi", **arguments)


@pytest.mark.django_db
def test_without_a_site_it_says_so(course, siti):
    from wagtail.models import Site

    Site.objects.all().delete()
    with pytest.raises(CommandError, match="no default site"):
        call_command("export_xapi")
