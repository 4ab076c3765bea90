"""Finding a person: by name, address or serial; only among one's own; with where they stand; at a constant cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from lms.catalogue.models import Activity
from lms.core import serials
from lms.credentials.models import Certificate
from lms.pages.models import CoursePage
from lms.progress.services import enrol
from lms.webinars.models import Attendance, Occurrence, Registration
from tests.wagtailadmin.schedule_world import member, text_of
from tests.webinars.attendance_world import make_learner, register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def course(curricula, django_capture_on_commit_callbacks):
    """A course in the first curriculum."""
    with django_capture_on_commit_callbacks(execute=True):
        page = Page.objects.get(pk=curricula[0].pk).add_child(instance=CoursePage(title="Kursus Foto"))
        page.save_revision().publish()
    return Activity.objects.get(translation_key=page.translation_key)


@pytest.fixture
def own(pages):
    """The first session of the first curriculum's series."""
    return first_session(pages[0])


@pytest.fixture
def other(pages):
    """The first session of the second curriculum's series."""
    return first_session(pages[1])


def first_session(page):
    sessions = Occurrence.objects.filter(series__activity__translation_key=page.translation_key)
    return sessions.order_by("starts_at").first()


def certify(learner, activity, **fields):
    now = timezone.now()
    return Certificate.objects.create(
        serial=serials.new_serial(), learner=learner, activity=activity, holder_name=learner.name,
        title=activity.title, content={}, design_revision=1, issuer_name="Akademi", earned_at=now, issued_at=now,
        sha256="0" * 64, **fields,
    )  # fmt: skip


def found(client, typed):
    response = client.get(reverse("lms_people"), {"q": typed})
    assert response.status_code == 200
    return [person["learner"].name for person in response.context["people"]]


def test_a_person_is_found_by_parts_of_name_and_address_and_by_serial(client, coordinator, course, own):
    siti = make_learner("Siti Aminah", "siti@toko.example")
    enrol(learner_ids=[siti.pk], activity_id=course.pk)
    register(make_learner("Budi Lubis", "budi@warung.example"), own)
    certificate = certify(siti, course)
    client.force_login(coordinator)
    assert found(client, "amin") == ["Siti Aminah"]
    assert found(client, "SITI toko") == ["Siti Aminah"]
    assert found(client, "@warung.example") == ["Budi Lubis"]
    assert found(client, serials.display(certificate.serial).lower()) == ["Siti Aminah"]
    assert found(client, "i") == ["Budi Lubis", "Siti Aminah"]
    assert found(client, "nobody") == [] and found(client, "   ") == []


def test_it_says_where_a_person_stands_and_leads_there(client, coordinator, course, own):
    siti = make_learner("Siti Aminah", "siti@toko.example")
    run = enrol(learner_ids=[siti.pk], activity_id=course.pk) and siti.enrolments.get(activity=course)
    register(siti, own)
    Attendance.objects.create(occurrence=own, learner=siti, seconds=5400, window_seconds=5400, attended=True)
    certificate = certify(siti, course)
    client.force_login(coordinator)
    page = client.get(reverse("lms_people"), {"q": "siti"})
    words, markup = text_of(page), page.content.decode()
    assert "Kursus Foto taking part" in words
    assert "Seri Pemasaran digital registered for 1 session, attended 1 session" in words
    assert serials.display(certificate.serial) in words
    for address in (
        reverse("lms_enrolment", args=[course.key, run.public_id]),
        reverse("lms_sessions", args=[own.series.activity.key]),
        reverse("lms_public:certificate", args=[certificate.serial]),
    ):
        assert f'href="{address}"' in markup


def test_nobody_finds_the_people_of_others_nor_what_else_they_do(
    client, coordinator, stranger, course, own, other
):
    siti, budi = make_learner("Siti Aminah"), make_learner("Budi Lubis")
    register(siti, own)
    register(siti, other)
    enrol(learner_ids=[budi.pk], activity_id=course.pk)
    foreign = certify(siti, other.series.activity)
    client.force_login(coordinator)
    assert found(client, "budi") == ["Budi Lubis"]
    assert found(client, foreign.serial) == []
    page = client.get(reverse("lms_people"), {"q": "siti"}).content.decode()
    assert "Seri Pemasaran digital" in page
    assert "Seri Keuangan digital" not in page and serials.display(foreign.serial) not in page
    client.force_login(stranger)
    assert found(client, "budi") == []
    assert found(client, foreign.serial) == ["Siti Aminah"]


def test_a_superuser_finds_also_who_takes_part_in_nothing(admin_client):
    make_learner("Siti Aminah")
    assert found(admin_client, "siti") == ["Siti Aminah"]


def test_who_left_and_who_was_merged_are_not_found(client, coordinator, own):
    gone, merged, siti = make_learner(""), make_learner("Siti A."), make_learner("Siti Aminah")
    for each in (gone, merged, siti):
        register(each, own)
    gone.erased_at = timezone.now()
    gone.save()
    merged.canonical = siti
    merged.save()
    client.force_login(coordinator)
    assert found(client, "siti") == ["Siti Aminah"]


def test_who_cancelled_is_still_found_and_that_is_said(client, coordinator, own):
    siti = make_learner("Siti Aminah")
    register(siti, own, state=Registration.State.CANCELLED, series_too=False)
    client.force_login(coordinator)
    assert "no longer registered" in text_of(client.get(reverse("lms_people"), {"q": "siti"}))


def test_it_stands_in_the_menu_in_the_search_and_on_the_home_of_whoever_edits_pages(
    client, coordinator, home
):
    address = reverse("lms_people")
    client.force_login(coordinator)
    start = client.get(reverse("wagtailadmin_home"))
    assert "Find a person" in text_of(start) and f'action="{address}"' in start.content.decode()
    assert f'"{address}"' in start.content.decode().partition("wagtail-sidebar-props")[2]
    search = client.get(reverse("wagtailadmin_pages:search"), {"q": "siti"})
    assert f"{address}?q=siti" in search.content.decode()
    client.force_login(member("pustakawan", Page.objects.get(pk=home.pk)))
    assert client.get(address).status_code == 302
    assert "Find a person" not in text_of(client.get(reverse("wagtailadmin_home")))


def test_many_people_cost_as_few(client, coordinator, course, own):
    client.force_login(coordinator)

    def cost(expected):
        with CaptureQueriesContext(connection) as queries:
            assert len(found(client, "peserta")) == expected
        return len(queries)

    def add(number):
        for each in range(number):
            learner = make_learner(f"Peserta {each}", f"p{each}-{number}@toko.example")
            enrol(learner_ids=[learner.pk], activity_id=course.pk)
            register(learner, own)
            certify(learner, course)

    add(2)
    cost(2)
    few = cost(2)
    add(15)
    assert cost(17) == few


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "' OR 1=1 --", "\0", "x" * 5000, "a " * 2000, "<script>alert(1)</script>"]
)
def test_what_is_typed_is_words_and_nothing_else(typed, client, coordinator, course):
    enrol(learner_ids=[make_learner("Siti Aminah", "siti@toko.example").pk], activity_id=course.pk)
    client.force_login(coordinator)
    response = client.get(reverse("lms_people"), {"q": typed})
    assert response.status_code == 200 and b"<script>alert" not in response.content
    everybody = not typed.strip("\0 a")  # each of the words is in the name
    assert bool(response.context["people"]) is (everybody and "a" in typed)


def test_names_in_any_script_are_found_and_are_no_markup(client, coordinator, course):
    names = ["أمينة بنت حسن", "Toko 🙂 Ceria", "<b>Nama</b>"]
    people = [make_learner(name, f"p{number}@toko.example") for number, name in enumerate(names)]
    enrol(learner_ids=[each.pk for each in people], activity_id=course.pk)
    client.force_login(coordinator)
    for typed, name in zip(["أمينة", "🙂", "<b>"], names, strict=True):
        assert found(client, typed) == [name]
    assert b"<b>Nama" not in client.get(reverse("lms_people"), {"q": "<b>"}).content
