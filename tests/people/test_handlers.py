"""Taking everything along, and leaving without a name: in every table, in every kept file, with the totals as they were."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder

from lms.core import clock
from lms.core.links import RevokedLink
from lms.credentials.models import Certificate
from lms.people.handlers import (
    Traces,
    all_handlers,
    erase_person,
    everybody_behind,
    export_person,
)
from lms.people.models import Address, Learner
from lms.people.queries import learner_of_link, personal_token
from lms.progress import derive
from lms.progress import queries as progress
from lms.webinars.models import (
    Attendance,
    JoinClick,
    Occurrence,
    PresenceInterval,
    Registration,
    ReportPerson,
    SeriesRegistration,
)
from lms.webinars.services.attendance_derive import derive_attendance
from lms.webinars.services.seats import register_for_series
from tests.people.world import live
from tests.seating import HIDDEN, make_learner, make_offer, seats_agree

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path):
    """A series with a session that is over and two to come, and two people who did everything."""
    settings.STORAGES = settings.STORAGES | {
        "lms_private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    series = make_offer(sessions=3, first=clock.now() - dt.timedelta(days=7, hours=1), needed=1)
    siti = live(series, "Siti Kenari Aminah", "siti.kenari@contoh.example", other="HP Mbak Kenari")
    budi = live(series, "Budi Merpati", "budi.merpati@contoh.example", other="Warung Merpati")
    return series, siti, budi


def everything() -> dict[str, str]:
    """Every column of every row of ours, as text, by table."""
    told = {}
    for model in apps.get_app_config("lms").get_models():
        rows = list(model._default_manager.values())
        told[model._meta.label] = json.dumps(rows, cls=DjangoJSONEncoder, default=str, ensure_ascii=False)
    return told


def naming(text: str) -> dict[str, int]:
    return {
        label: rows.casefold().count(text.casefold())
        for label, rows in everything().items()
        if text.casefold() in rows.casefold()
    }


def test_the_world_names_them_in_many_places(world):
    """Without this the test of erasure could not fail."""
    _, siti, _ = world
    assert len(naming("Siti Kenari Aminah")) >= 7, naming("Siti Kenari Aminah")
    assert all(file.storage.exists(file.name) for file in siti.files)


def test_an_export_holds_all_their_rows_and_nobody_elses(world):
    _, siti, budi = world
    told = export_person(siti.learner)
    text = json.dumps(told, ensure_ascii=False)
    for other in budi.texts:
        assert other not in text
    for own in siti.texts:
        assert own in text
    wanted: dict[str, int] = {}
    for handler in all_handlers():
        count = handler.rows([siti.learner.pk]).count()
        assert count > 0, handler.model
        wanted[handler.model] = wanted.get(handler.model, 0) + count  # some reach a person in two ways
    assert {label: len(rows) for label, rows in told.items()} == wanted


def test_an_export_is_understandable_and_holds_no_secret(world):
    _, siti, _ = world
    text = json.dumps(export_person(siti.learner), ensure_ascii=False)
    assert "Jualan lewat WhatsApp" in text and "Saya setuju." in text and "Bank Contoh" in text
    assert HIDDEN not in text and "link_version" not in text


def test_as_many_queries_for_one_row_as_for_many(world, django_assert_max_num_queries):
    _, siti, _ = world
    JoinClick.objects.bulk_create(
        JoinClick(
            registration=Registration.objects.filter(learner=siti.learner).first(), clicked_at=clock.now()
        )
        for _ in range(300)
    )
    with django_assert_max_num_queries(2 * len(all_handlers()) + 3):
        export_person(siti.learner)


def totals():
    return {
        "registrations": Registration.objects.count(),
        "series": SeriesRegistration.objects.count(),
        "clicks": JoinClick.objects.count(),
        "attendances": Attendance.objects.count(),
        "attended": Attendance.objects.filter(attended=True).count(),
        "seconds": sum(Attendance.objects.values_list("seconds", flat=True)),
        "presences": PresenceInterval.objects.count(),
        "report people": ReportPerson.objects.count(),
        "enrolments": [progress.count_enrolments(each) for each in range(1, 60)],
        "certificates": list(
            Certificate.objects.order_by("pk").values_list("serial", "sha256", "earned_at", "issued_at")
        ),
        "learners": Learner.objects.count(),
    }


def test_erasing_leaves_no_personal_text_in_any_table_or_file(world, django_capture_on_commit_callbacks):
    _, siti, budi = world
    before = totals()
    with django_capture_on_commit_callbacks(execute=True):
        counts = erase_person(learner=siti.learner)
    assert counts["lms.Learner"] == 1
    for text in (*siti.texts, siti.learner.public_id, "akun-siti"):
        assert naming(text) == {}, text
    assert not any(file.storage.exists(file.name) for file in siti.files)
    assert totals() == before
    for text in budi.texts:
        assert naming(text), "the other is untouched"
    assert all(file.storage.exists(file.name) for file in budi.files)


def test_what_was_derived_agrees_with_what_is_left(world):
    series, siti, _ = world
    erase_person(learner=siti.learner)
    past = series.occurrences.first()
    assert derive_attendance(occurrence_id=past.pk) == 0
    assert derive.rebuild() == 0
    row = Attendance.objects.get(learner=siti.learner)
    assert row.seconds == 80 * 60 and row.attended


def test_a_report_keeps_what_names_nobody(world):
    _, siti, _ = world
    report = ReportPerson.objects.filter(learner=siti.learner).get().attendance_import
    erase_person(learner=siti.learner)
    report.refresh_from_db()
    assert report.sha256 and not report.file and report.file_name == "" and report.uploaded_by is None
    assert report.warnings == [{"code": "renamed", "name": ""}, {"code": "order", "text": "dd/mm"}]


def test_seats_are_freed_for_who_waits():
    series = make_offer(sessions=1, capacity=1)
    holder, waiting = make_learner("Ani"), make_learner("Budi")
    for each in (holder, waiting):
        register_for_series(series=series, learner=each)
    erase_person(learner=holder)
    session = Occurrence.objects.get(series=series)
    assert Registration.objects.get(learner=waiting).state == "registered" and seats_agree(session)
    assert SeriesRegistration.objects.get(learner=holder).cancelled_at


def test_nothing_is_sent_to_somebody_who_is_gone(world):
    from lms.notifications.models import OutboxMessage

    _, siti, _ = world
    erase_person(learner=siti.learner)
    mine = OutboxMessage.objects.filter(learner=siti.learner)
    assert mine.exists() and not mine.filter(state__in=["pending", "sending"]).exists()


def test_old_links_open_nothing_and_a_newcomer_of_that_name_is_somebody_new(world):
    from lms.people.services import find_or_create_learner

    _, siti, _ = world
    token = personal_token(siti.learner)
    erase_person(learner=siti.learner)
    with pytest.raises(RevokedLink):
        learner_of_link(token)
    newcomer = find_or_create_learner(name="Siti Kenari Aminah", email="siti.kenari@contoh.example")
    assert newcomer.pk != siti.learner.pk


def test_erasing_twice_changes_nothing_more(world):
    _, siti, _ = world
    erase_person(learner=siti.learner)
    after = everything()
    siti.learner.refresh_from_db()
    again = erase_person(learner=siti.learner)
    assert "lms.Learner" not in again and "lms.Certificate" not in again
    changed = {label for label, rows in everything().items() if rows != after[label]}
    assert changed <= {"lms.OutboxMessage", "lms.Registration"}, "only when they were last touched"


def test_everybody_who_was_merged_into_them_goes_along():
    keeper = make_learner("Siti Kenari", "satu@contoh.example")
    merged = make_learner("Kenari Lama", "dua@contoh.example", canonical=keeper)
    earlier = make_learner("Kenari Purba", "tiga@contoh.example", canonical=merged)
    assert everybody_behind(earlier) == [keeper, merged, earlier]
    assert len(export_person(earlier)["lms.Address"]) == 3
    erase_person(learner=merged)
    assert not Address.objects.exists() and naming("Kenari") == {}


def test_a_failure_erases_nothing(world, monkeypatch, django_capture_on_commit_callbacks):
    from lms.people import handlers

    _, siti, _ = world

    def fail(ids, traces):
        raise RuntimeError("the disk is full")

    broken = handlers.PersonHandler("lms.Address", "learner", fail)
    monkeypatch.setitem(handlers._handlers, ("lms.Address", "learner"), broken)
    before = everything()
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        erase_person(learner=siti.learner)
    assert everything() == before and all(file.storage.exists(file.name) for file in siti.files)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Total 3", False),
        ("Halo Al!", True),
        ("al-hasil", True),
        ("kalimat", False),
        ("kirim ke AL@CONTOH.example", True),
        ("李明出席", True),
        ("", False),
    ],
)
def test_what_counts_as_naming_somebody(text, found):
    assert Traces(names={"Al", "李明", ""}, addresses={"al@contoh.example"}).found_in(text) is found


def test_values_without_a_name_stay_as_they_are():
    traces = Traces(names={"Siti"})
    value = {"a": [1, None, True, "Siti", {"Siti": 1, "b": 2.5}], "c": "bersih"}
    assert traces.out_of(value) == {"a": [1, None, True, "", {"b": 2.5}], "c": "bersih"}
