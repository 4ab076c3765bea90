"""The people of a course in the admin: lists, decisions, cohorts, and enrolling many from a file."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from lms.catalogue.models import Activity
from lms.notifications.models import OutboxMessage
from lms.pages.models import CoursePage, LessonPage
from lms.people.models import Learner
from lms.progress import services
from lms.progress.models import Cohort, Enrolment, LearningRecord
from tests.progress.people import done, make_person, runs, seats_are_true
from tests.wagtailadmin.schedule_world import said, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def publish_course(curricula, django_capture_on_commit_callbacks):
    def publish(parent=None, *, lessons=2, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            page = Page.objects.get(pk=(parent or curricula[0]).pk).add_child(
                instance=CoursePage(**({"title": "Foto produk"} | fields))
            )
            for number in range(lessons):
                page.add_child(instance=LessonPage(title=f"Pelajaran {number}"))
        course = Activity.objects.get(translation_key=page.translation_key)
        course.page = page
        course.lessons = list(Activity.objects.filter(kind="lesson", pages__page__in=page.get_children()))
        return course

    return publish


@pytest.fixture
def course(publish_course):
    return publish_course(enrolment_mode="approval")


@pytest.fixture
def siti(course):
    learner = make_person("Siti Aminah", "siti@toko.example")
    services.request_enrolment(learner_id=learner.pk, activity_id=course.pk)
    return learner


def at(name, course, *more):
    return reverse(name, args=[course.key, *more])


def run_of(learner):
    return Enrolment.objects.filter(learner=learner).latest("run")


def decide(client, course, what, *people, **fields):
    chosen = [run_of(one).public_id for one in people]
    return client.post(at("lms_enrolments_decide", course), {"do": what, "run": chosen} | fields, follow=True)


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────


GETS = (
    "lms_enrolments",
    "lms_course_results",
    "lms_cohorts",
    "lms_enrol_many",
    "lms_cohort_add",
    "lms_course_xapi",
)


def test_courses_of_others_do_not_exist(client, course, siti, stranger):
    client.force_login(stranger)
    addresses = [at(name, course) for name in GETS]
    addresses += [at("lms_course_results_file", course, form) for form in ("csv", "xlsx")]
    addresses += [at("lms_enrolment", course, run_of(siti).public_id)]
    assert {client.get(address).status_code for address in addresses} == {404}
    posts = [at("lms_enrolments_decide", course), at("lms_enrol_many", course), at("lms_cohort_add", course)]
    posts += [at("lms_enrolment_do", course, run_of(siti).public_id)]
    assert {client.post(address).status_code for address in posts} == {404}
    assert "Foto produk" not in text_of(client.get(reverse("lms_courses")))
    assert client.get(reverse("lms_enrolments_of_page", args=[course.page.pk])).status_code == 404


def test_an_editor_looks_and_decides_nothing(client, course, siti, editor):
    client.force_login(editor)
    page = client.get(at("lms_enrolments", course))
    assert "Siti Aminah" in text_of(page) and b'name="run"' not in page.content
    for name in ("lms_enrol_many", "lms_cohort_add", "lms_course_xapi"):
        assert client.get(at(name, course)).status_code == 302, name
    decide(client, course, "approve", siti)
    client.post(at("lms_enrol_many", course), {"list": "x"})
    client.post(at("lms_cohort_add", course), {"title": "x", "starts_on": "2027-03-01"})
    client.post(at("lms_enrolment_do", course, run_of(siti).public_id), {"do": "again"})
    assert runs(siti, course) == [(1, "requested")] and not Cohort.objects.exists()


def test_a_run_of_another_course_is_not_found_through_this_one(
    client, course, siti, publish_course, coordinator
):
    other = publish_course(title="Kursus lain")
    client.force_login(coordinator)
    assert client.get(at("lms_enrolment", other, run_of(siti).public_id)).status_code == 404
    decide(client, other, "approve", siti)
    assert runs(siti, course) == [(1, "requested")]


# ── deciding ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_asks_is_let_in(client, course, siti, coordinator):
    client.force_login(coordinator)
    assert "1 asks to take part" in text_of(client.get(reverse("lms_courses")))
    assert "1 person asks to take part." in text_of(client.get(at("lms_enrolments", course)))
    response = decide(client, course, "approve", siti)
    assert said(response) == ["1 person was let in."]
    assert runs(siti, course) == [(1, "active")]
    assert said(decide(client, course, "approve", siti)) == ["0 people were let in."]


def test_declining_asks_for_a_reason_first(client, course, siti, coordinator):
    client.force_login(coordinator)
    question = decide(client, course, "decline", siti)
    assert "Siti Aminah" in text_of(question) and runs(siti, course) == [(1, "requested")]
    again = decide(client, course, "decline", siti, confirmed="yes", reason=" ")
    assert "Give a reason." in text_of(again) and again.status_code == 409
    decide(client, course, "decline", siti, confirmed="yes", reason="Khusus mitra")
    assert run_of(siti).note == "Khusus mitra"
    assert "Khusus mitra" in text_of(client.get(at("lms_enrolments", course)))


def test_taking_out_is_confirmed(client, course, siti, coordinator):
    services.approve(enrolment_ids=[run_of(siti).pk])
    client.force_login(coordinator)
    decide(client, course, "withdraw", siti)
    assert runs(siti, course) == [(1, "active")]
    decide(client, course, "withdraw", siti, confirmed="yes")
    assert runs(siti, course) == [(1, "withdrawn")]


@pytest.mark.parametrize("fields", [{}, {"do": "approve"}, {"do": "nonsense", "run": "x"}])
def test_nothing_chosen_is_said(client, course, siti, coordinator, fields):
    client.force_login(coordinator)
    response = client.post(at("lms_enrolments_decide", course), fields, follow=True)
    assert response.status_code == 200 and len(said(response)) == 1
    assert runs(siti, course) == [(1, "requested")]


def test_people_are_searched_filtered_and_sorted(client, course, siti, coordinator):
    budi, wati = make_person("Budi", "budi@warung.example"), make_person("Wati", "wati@toko.example")
    services.enrol(learner_ids=[budi.pk, wati.pk], activity_id=course.pk)
    done(wati, course.lessons[0])
    client.force_login(coordinator)

    def shown(**query):
        response = client.get(at("lms_enrolments", course), query)
        return [row.learner.name for row in response.context["people"]]

    assert shown() == ["Budi", "Siti Aminah", "Wati"]
    assert shown(sort="-name") == ["Wati", "Siti Aminah", "Budi"]
    assert shown(sort="-percent") == ["Wati", "Budi", "Siti Aminah"]
    assert shown(q="TOKO.example") == ["Siti Aminah", "Wati"]
    assert shown(q="aminah siti") == ["Siti Aminah"]
    assert shown(state="requested") == ["Siti Aminah"] and shown(state="going_on") == ["Budi", "Wati"]
    assert shown(state="completed") == [] and shown(q="tidak ada") == []
    assert shown(state="'", sort="x", cohort="y", q="\0") == ["Budi", "Siti Aminah", "Wati"]


def test_the_list_costs_the_same_for_ten_and_for_many(client, course, coordinator):
    client.force_login(coordinator)

    def add(count):
        people = Learner.objects.bulk_create(Learner(name=f"Peserta {n}") for n in range(count))
        services.enrol(learner_ids=[one.pk for one in people], activity_id=course.pk)

    def cost():
        client.get(at("lms_enrolments", course))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(at("lms_enrolments", course)).status_code == 200
        return len(queries)

    add(10)
    few = cost()
    add(200)
    assert cost() == few <= 20


# ── cohorts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_cohort_is_made_changed_filled_and_deleted(client, course, siti, coordinator):
    client.force_login(coordinator)
    today = timezone.localdate()
    fields = {"title": "Maret", "starts_on": today, "ends_on": today + dt.timedelta(days=30), "capacity": "1"}
    client.post(at("lms_cohort_add", course), fields)
    cohort = Cohort.objects.get()
    assert decide(client, course, "cohort", siti).context["cohorts"].get() == cohort
    decide(client, course, "cohort", siti, confirmed="yes", cohort=cohort.public_id)
    assert runs(siti, course) == [(1, "active")] and seats_are_true()
    budi = make_person("Budi")
    services.request_enrolment(learner_id=budi.pk, activity_id=course.pk)
    full = decide(client, course, "cohort", budi, confirmed="yes", cohort=cohort.public_id)
    assert "All seats of “Maret” are taken." in text_of(full)
    edit = at("lms_cohort", course, cohort.public_id)
    refused = client.post(edit, fields | {"capacity": "0"})
    assert "One seat is taken already" in text_of(refused)
    client.post(edit, fields | {"capacity": "2", "title": "April"})
    cohort.refresh_from_db()
    assert (cohort.title, cohort.capacity) == ("April", 2)
    kept = client.post(at("lms_cohort_delete", course, cohort.public_id), follow=True)
    assert Cohort.objects.exists() and "so it stays" in said(kept)[-1]
    client.post(at("lms_cohort_add", course), {"title": "Mei", "starts_on": today})
    mei = Cohort.objects.get(title="Mei")
    client.post(at("lms_cohort_delete", course, mei.public_id))
    assert not Cohort.objects.filter(title="Mei").exists()
    assert "1 of 2" in text_of(client.get(at("lms_cohorts", course)))


def test_dates_that_do_not_fit_are_said_at_their_field(client, course, coordinator):
    client.force_login(coordinator)
    response = client.post(
        at("lms_cohort_add", course), {"title": "M", "starts_on": "2027-03-02", "ends_on": "2027-03-01"}
    )
    assert response.context["form"].errors.keys() == {"ends_on"} and not Cohort.objects.exists()
    response = client.post(at("lms_cohort_add", course), {"title": "", "starts_on": "besok"})
    assert response.context["form"].errors.keys() == {"title", "starts_on"}


# ── enrolling many ───────────────────────────────────────────────────────────────────────────────────────────────

LIST = (
    "Nama,E-mail,Bahasa\nSiti Aminah,siti@toko.example,id\nBudi,budi@warung.example,\n,kosong@toko.example,\n"
)


def upload(client, course, text=LIST):
    file = SimpleUploadedFile("peserta.csv", text.encode(), "text/csv")
    return client.post(at("lms_enrol_many", course), {"people": file})


def signed(response):
    return response.context["signed"]


def test_a_list_is_previewed_and_then_enrolled_once(client, course, siti, coordinator):
    client.force_login(coordinator)
    before = (Learner.objects.count(), Enrolment.objects.count())
    preview = upload(client, course)
    words = text_of(preview)
    assert "2 of 2 people will be enrolled." in words and "There is no name." in words
    assert (Learner.objects.count(), Enrolment.objects.count()) == before
    for expected in ("2 people were enrolled.", "0 people were enrolled. 2 take part already"):
        response = client.post(
            at("lms_enrol_many", course), {"list": signed(preview), "send_links": "yes"}, follow=True
        )
        assert said(response)[0].startswith(expected)
    assert Learner.objects.count() == before[0] + 1  # Siti was known, by her only address
    assert Enrolment.objects.filter(activity=course, state="active").count() == 2
    assert OutboxMessage.objects.filter(kind="enrolled").count() == 2
    again = upload(client, course)
    assert "0 of 2 people will be enrolled." in text_of(again)


def test_without_seats_for_everybody_nobody_is_enrolled_and_the_preview_stays(client, course, coordinator):
    cohort = services.save_cohort(
        activity_id=course.pk, title="Maret", starts_on=timezone.localdate(), capacity=1
    )
    client.force_login(coordinator)
    preview = upload(client, course)
    response = client.post(
        at("lms_enrol_many", course), {"list": signed(preview), "cohort": cohort.public_id}
    )
    assert response.status_code == 409 and "1 seat left, and 2 are needed" in text_of(response)
    assert not Enrolment.objects.exists() and not Learner.objects.exists()
    client.post(at("lms_enrol_many", course), {"list": signed(response), "cohort": ""})
    assert Enrolment.objects.count() == 2 and not OutboxMessage.objects.exists()


def test_a_preview_of_another_course_or_person_is_not_applied(
    client, course, publish_course, coordinator, home
):
    from tests.wagtailadmin.schedule_world import member

    other = publish_course(title="Kursus lain")
    client.force_login(coordinator)
    preview = signed(upload(client, course))
    for target, value in ((other, preview), (course, preview + "x"), (course, "")):
        response = client.post(at("lms_enrol_many", target), {"list": value}, follow=True)
        assert "Choose the file once more." in said(response)[0]
    client.force_login(member("rekan", Page.objects.get(pk=home.pk), "change", "publish"))
    client.post(at("lms_enrol_many", course), {"list": preview})
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "%PDF-1.4", '{"a": 1}'])
def test_a_file_that_is_no_list_says_what_to_do(client, course, coordinator, text):
    client.force_login(coordinator)
    response = upload(client, course, text)
    assert response.status_code == 200
    assert response.context["form"].errors["people"]


def test_the_examples_can_be_filled_and_read(client, course, coordinator):
    from lms.reports.people_list import read_people

    client.force_login(coordinator)
    for form in ("csv", "xlsx"):
        response = client.get(reverse("lms_enrol_example", args=[form]))
        found = read_people(response.getvalue())
        assert len(found.people) == 2 and not found.problems
    assert client.get(reverse("lms_enrol_example", args=["exe"])).status_code == 404


def test_names_are_escaped(client, course, coordinator):
    client.force_login(coordinator)
    response = upload(client, course, 'Nama,E-mail\n"<script>alert(1)</script> Siti",x@toko.example\n')
    assert b"<script>alert" not in response.content
    client.post(at("lms_enrol_many", course), {"list": signed(response)})
    for name in ("lms_enrolments", "lms_course_results"):
        assert b"<script>alert" not in client.get(at(name, course)).content


# ── one learner ──────────────────────────────────────────────────────────────────────────────────────────────────


def act(client, course, learner, **fields):
    return client.post(at("lms_enrolment_do", course, run_of(learner).public_id), fields, follow=True)


def test_a_learner_is_exempted_with_a_reason_and_it_is_taken_back(client, course, siti, coordinator):
    services.approve(enrolment_ids=[run_of(siti).pk])
    client.force_login(coordinator)
    part = str(course.lessons[0].key)
    response = act(client, course, siti, do="waive", part=part, reason="")
    assert said(response) == ["Give a reason. The learner reads it."]
    response = act(client, course, siti, do="waive", part=part, reason="Sudah mahir")
    words = text_of(response)
    assert "50% done" in words and "Sudah mahir" in words
    assert "Decided by koordinator." in words
    assert said(act(client, course, siti, do="waive", part=part, reason="x")) == [
        "That was exempted already."
    ]
    act(client, course, siti, do="unwaive", part=part)
    assert run_of(siti).progress.get(activity=course).percent == 0
    assert "Taken back: Exempted" in text_of(client.get(at("lms_enrolment", course, run_of(siti).public_id)))


def test_nobody_is_exempted_from_what_is_no_part(client, course, siti, publish_course, coordinator):
    services.approve(enrolment_ids=[run_of(siti).pk])
    other = publish_course(title="Kursus lain")
    client.force_login(coordinator)
    for part in (str(other.lessons[0].key), str(other.key), "x", ""):
        assert act(client, course, siti, do="waive", part=part, reason="Mahir").status_code == 404
    assert act(client, course, siti, do="other").status_code == 404
    assert not LearningRecord.objects.exists()


def test_a_further_run_is_started_once(client, course, siti, coordinator):
    services.approve(enrolment_ids=[run_of(siti).pk])
    first = run_of(siti)
    client.force_login(coordinator)
    for _ in range(2):
        client.post(at("lms_enrolment_do", course, first.public_id), {"do": "again"})
    assert runs(siti, course) == [(1, "active"), (2, "active")]
    words = text_of(client.get(at("lms_enrolment", course, first.public_id)))
    assert re.search(r"Runs: 1 \(ended\) · +2 \(taking part\)", words)


def test_a_page_leads_to_its_people(client, course, coordinator):
    client.force_login(coordinator)
    response = client.get(reverse("lms_enrolments_of_page", args=[course.page.pk]))
    assert response.url == at("lms_enrolments", course)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[course.page.pk]))
    assert reverse("lms_enrolments_of_page", args=[course.page.pk]) in page.content.decode()


def test_the_log_of_the_page_says_who_decided_and_not_about_whom(client, course, siti, coordinator):
    client.force_login(coordinator)
    decide(client, course, "approve", siti)
    decide(client, course, "approve", siti)
    part = str(course.lessons[0].key)
    act(client, course, siti, do="waive", part=part, reason="Sudah mahir")
    client.post(at("lms_enrol_many", course), {"list": signed(upload(client, course))})
    entries = PageLogEntry.objects.filter(page=course.page.pk, action__startswith="lms.enrolment").order_by(
        "pk"
    )
    assert [(each.action.rpartition(".")[2], each.data, each.user) for each in entries] == [
        ("approve", {"number": 1}, coordinator),
        ("waive", {"number": 1}, coordinator),
        ("enrol", {"number": 1}, coordinator),
    ]
    history = client.get(reverse("wagtailadmin_pages:history", args=[course.page.pk])).content.decode()
    assert "Let people in: 1" in history and "Siti Aminah" not in history
