"""The admin's home: what is next, what needs a person, what changed; each only for who may see it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.users.models import UserProfile

from lms.catalogue.models import Activity, OutlineVersion
from lms.credentials.models import CertificateDue
from lms.notifications.models import OutboxMessage
from lms.notifications.queries import overdue
from lms.notifications.services import send_due
from lms.pages.models import CoursePage, LessonPage
from lms.people.models import Learner
from lms.progress.models import Enrolment
from lms.wagtailadmin.dashboard.changed import changes_for
from lms.wagtailadmin.dashboard.duties import duties_of
from lms.wagtailadmin.outbox import failed_for
from lms.webinars.models import AttendanceImport, Occurrence, Registration, ReportPerson, WebinarSeries
from tests.wagtailadmin.schedule_world import NOW, member, occurrences, seat, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def panel(client, user, name):
    """Return what one panel says to somebody."""
    client.force_login(user)
    words = text_of(client.get(reverse("wagtailadmin_home")))
    headings = ["What needs a person", "What is next", "What changed", "Your most recent edits", "Wagtail"]
    rest = words.partition(name)[2]
    return min((rest.partition(each)[0] for each in headings if each != name), key=len)


def words_of(user):
    return " ".join(duty.words for duty in duties_of(user))


# ── what is next ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_next_sessions_say_day_hour_zone_and_how_many_of_how_many_seats(
    client, publish, curricula, coordinator
):
    page = publish(
        parent=Page.objects.get(pk=curricula[0].pk), capacity=2, zone="Asia/Makassar", recurrence=""
    )
    seat(occurrences(page)[0])
    words = panel(client, coordinator, "What is next")
    assert "Jualan lewat WhatsApp" in words
    assert "Tuesday, 2 March 2027" in words
    assert "06:00–07:30 WITA" in words
    assert "1 of 2 seats are taken" in words
    assert "address of the meeting is missing" not in words


def test_a_session_that_nobody_can_join_is_named_and_leads_to_the_page(
    client, publish, curricula, coordinator
):
    page = publish(parent=Page.objects.get(pk=curricula[0].pk), join_url="", recurrence="")
    client.force_login(coordinator)
    response = client.get(reverse("wagtailadmin_home"))
    assert "Nobody can join: the address of the meeting is missing." in text_of(response)
    assert (
        reverse("wagtailadmin_pages:edit", args=[page.pk]) + "#tab-rules_and_dates"
        in response.content.decode()
    )
    Occurrence.objects.update(join_url="https://meet.example/own")
    assert "address of the meeting is missing" not in panel(client, coordinator, "What is next")


@pytest.mark.parametrize("language", ["en", "id"])
def test_its_link_opens_the_tab_of_the_dates_in_every_language(
    client, publish, curricula, coordinator, language
):
    page = publish(parent=Page.objects.get(pk=curricula[0].pk), join_url="", recurrence="")
    UserProfile.objects.update_or_create(user=coordinator, defaults={"preferred_language": language})
    client.force_login(coordinator)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert f"{address}#tab-rules_and_dates" in client.get(reverse("wagtailadmin_home")).content.decode()
    form = client.get(address).content.decode()
    label = {"en": "Rules and dates", "id": "Aturan dan tanggal"}[language]
    assert label in form
    tab = form.split('id="tab-rules_and_dates"')[1].split('role="tabpanel"')[1]
    assert 'name="join_url"' in tab


def test_without_sessions_the_panel_says_how_to_make_some(client, coordinator):
    assert "No session is to come. Open a webinar series" in panel(client, coordinator, "What is next")


def test_whoever_may_edit_nothing_sees_no_panel_of_ours(client, pages, curricula):
    client.force_login(member("tamu", curricula[0]))
    words = text_of(client.get(reverse("wagtailadmin_home")))
    assert "What is next" not in words
    assert "What needs a person" not in words
    assert "What changed" not in words


# ── what needs a person ──────────────────────────────────────────────────────────────────────────────────────────


def burden(series, course, number=1):
    """Leave so many of everything that waits for a person."""
    people = Learner.objects.bulk_create(Learner(name=f"Wati {each}") for each in range(number))
    own = Activity.objects.bulk_create(
        Activity(kind="occurrence", title=f"Sesi {each}", live=True) for each in range(2 * number)
    )
    over = Occurrence.objects.bulk_create(
        Occurrence(
            series=series,
            activity=activity,
            original_date=dt.date(2020, 1, 1) + dt.timedelta(days=each),
            starts_at=NOW - dt.timedelta(hours=30),
            ends_at=NOW - dt.timedelta(hours=29),
            revised_at=NOW,
        )
        for each, activity in enumerate(own)
    )
    Registration.objects.bulk_create(
        Registration(occurrence=one, learner=people[0], state="registered", queued_at=NOW) for one in over
    )
    reported, states = over[:number], AttendanceImport.State
    reports = AttendanceImport.objects.bulk_create(
        AttendanceImport(
            occurrence=one,
            file_name="laporan.csv",
            sha256=str(each),
            zone="Asia/Jakarta",
            state=state,
            applied_at=NOW,
        )
        for each, one in enumerate(reported)
        for state in ([states.APPLIED] if each % 2 else [states.PREVIEWED])
    )
    ReportPerson.objects.bulk_create(
        ReportPerson(attendance_import=one, position=position, name="Tamu", seconds=seconds)
        for one in reports
        for position, seconds in enumerate((600, 0))
    )
    Enrolment.objects.bulk_create(
        Enrolment(learner=one, activity=course, state="requested", started_at=NOW) for one in people
    )
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            learner=one,
            kind="session_registered",
            about=f"occurrence:{over[0].pk}",
            state="failed",
            send_after=NOW,
            outcome="SMTPRecipientsRefused",
            attempts=6,
        )
        for one in people
    )
    CertificateDue.objects.bulk_create(
        CertificateDue(learner=one, activity=course, earned_at=NOW, due_at=NOW, attempts=1, refusal="glyph")
        for one in people
    )
    return over


@pytest.fixture
def course(curricula, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        page = Page.objects.get(pk=curricula[0].pk).add_child(
            instance=CoursePage(title="Foto produk", enrolment_mode="approval")
        )
        page.add_child(instance=LessonPage(title="Cahaya"))
    return Activity.objects.get(translation_key=page.translation_key)


def test_each_duty_is_told_with_its_number_and_leads_to_where_it_is_done(client, pages, course, coordinator):
    series = WebinarSeries.objects.get(activity__title="Seri Pemasaran digital")
    burden(series, course, 4)
    found = {duty.words: duty.url for duty in duties_of(coordinator)}
    expected = {
        "One person was at a session, but nobody knows who it is: no minutes count for them. "
        "And 1 more in 1 other report.",
        "2 attendance reports were read but do not count yet.",
        "4 sessions are over and have no attendance report.",
        "4 people ask to take a course.",
        "4 certificates were earned and could not be issued.",
        "4 messages could not be sent.",
    }
    assert set(found) == expected
    client.force_login(coordinator)
    for words, url in found.items():
        assert client.get(url).status_code == 200, words
    assert client.get(found["4 people ask to take a course."]).context["filters"].state == "requested"


def test_nobody_is_told_of_what_they_may_not_see(client, pages, course, coordinator, stranger):
    burden(WebinarSeries.objects.get(activity__title="Seri Pemasaran digital"), course, 2)
    assert words_of(stranger) == ""
    assert "Nothing waits for you." in panel(client, stranger, "What needs a person")
    assert "4 people ask" not in panel(client, stranger, "What needs a person")
    assert "2 people ask to take a course." in panel(client, coordinator, "What needs a person")


def test_what_is_settled_is_no_duty(pages, course, coordinator):
    series = WebinarSeries.objects.get(activity__title="Seri Pemasaran digital")
    over = burden(series, course, 1)
    assert words_of(coordinator).count(".") == 5
    Enrolment.objects.update(state="active")
    OutboxMessage.objects.update(state="skipped")
    CertificateDue.objects.all().delete()
    AttendanceImport.objects.update(state="applied")
    ReportPerson.objects.update(match="ignored")
    assert words_of(coordinator) == "One session is over and has no attendance report."
    Occurrence.objects.filter(pk=over[1].pk).update(status="cancelled")
    assert words_of(coordinator) == ""


def test_a_report_beside_one_that_counts_is_no_duty(pages, course, coordinator):
    over = burden(WebinarSeries.objects.get(activity__title="Seri Pemasaran digital"), course, 1)
    assert "One attendance report was read but does not count yet." in words_of(coordinator)
    AttendanceImport.objects.create(
        occurrence=over[0],
        file_name="b.csv",
        sha256="b",
        zone="Asia/Jakarta",
        state="applied",
        applied_at=NOW,
    )
    assert "attendance report was read" not in words_of(coordinator)


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        (dt.timedelta(hours=1, minutes=59), False),
        (dt.timedelta(hours=2, minutes=1), True),
        (dt.timedelta(days=59), True),
        (dt.timedelta(days=61), False),
    ],
)
def test_a_report_is_asked_for_after_two_hours_and_for_sixty_days(pages, course, coordinator, ended, told):
    over = burden(WebinarSeries.objects.get(activity__title="Seri Pemasaran digital"), course, 1)
    AttendanceImport.objects.all().delete()
    Occurrence.objects.filter(pk=over[0].pk).update(status="cancelled")
    Occurrence.objects.filter(pk=over[1].pk).update(
        starts_at=NOW - ended - dt.timedelta(hours=1), ends_at=NOW - ended
    )
    assert ("One session is over and has no attendance report." in words_of(coordinator)) == told
    Registration.objects.all().delete()
    assert "attendance report" not in words_of(coordinator), "Nobody had a seat."


def test_messages_about_courses_and_certificates_are_seen_by_those_of_the_course(
    pages, course, coordinator, stranger
):
    learner = Learner.objects.create(name="Wati")
    run = Enrolment.objects.create(learner=learner, activity=course, started_at=NOW)
    other = Activity.objects.get(kind="curriculum", title="Keuangan digital")
    for about in (f"enrolment:{run.pk}", f"activity:{course.pk}", f"activity:{other.pk}", "code:1"):
        OutboxMessage.objects.create(
            learner=learner, kind="enrolled", about=about, state="failed", send_after=NOW
        )
    assert [each.about for each in failed_for(coordinator)] == [
        f"activity:{course.pk}",
        f"enrolment:{run.pk}",
    ]
    assert [each.about for each in failed_for(stranger)] == [f"activity:{other.pk}"]


def test_a_worker_that_does_not_run_is_told_to_everybody(pages, coordinator, now):
    OutboxMessage.objects.create(
        learner=Learner.objects.create(name="Wati"), kind="code", about="code:1", send_after=NOW
    )
    assert words_of(coordinator) == ""
    assert not overdue(dt.timedelta(minutes=15)).exists()
    now(NOW + dt.timedelta(hours=3))
    (duty,) = duties_of(coordinator)
    assert "have waited for 3\xa0hours: the worker does not seem to run" in duty.words
    assert duty.serious
    send_due()
    assert words_of(coordinator) == "", "The worker has been there."


def test_a_page_whose_publishing_failed_is_told(pages, coordinator, stranger):
    Activity.objects.filter(title="Seri Pemasaran digital").update(compile_error="RuleError: no date")
    assert "learners still see it as it was before: no date" in words_of(coordinator)
    assert words_of(stranger) == ""


# ── messages that could not be sent ──────────────────────────────────────────────────────────────────────────────


def test_a_failed_message_says_why_and_can_be_sent_again(
    client, pages, course, coordinator, editor, stranger
):
    burden(WebinarSeries.objects.get(activity__title="Seri Pemasaran digital"), course, 3)
    address = reverse("lms_outbox")
    client.force_login(editor)
    words = text_of(client.get(address))
    assert words.count("The mail server refuses this address. It may be mistyped.") == 3
    assert "Try again" not in words, "Whoever may not publish tells nobody anything."
    client.post(address)
    client.force_login(stranger)
    assert "Every message could be sent." in text_of(client.get(address))
    client.post(address, {"message": OutboxMessage.objects.first().public_id})
    assert OutboxMessage.objects.filter(state="failed").count() == 3
    client.force_login(coordinator)
    one = OutboxMessage.objects.first()
    client.post(address, {"message": one.public_id})
    one.refresh_from_db()
    assert (one.state, one.attempts, one.outcome) == ("pending", 0, "")
    response = client.post(address, follow=True)
    assert "2 messages are sent again." in response.content.decode()
    assert "Every message could be sent." in text_of(response)
    assert "Nothing was sent" in client.post(address, follow=True).content.decode()


# ── what changed ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_publishing_moving_and_new_rules_are_told_with_who_and_when(
    client, pages, course, coordinator, stranger, django_capture_on_commit_callbacks, now
):
    now(NOW + dt.timedelta(hours=1))
    page = CoursePage.objects.get()
    page.valid_months, page.sequential, page.needed = None, True, 1
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision(user=coordinator).publish(user=coordinator)
    found = [(each.what, each.title, each.who) for each in changes_for(coordinator)]
    assert ("Published", "Foto produk", "koordinator") in found
    assert ("Changed what it takes to finish", "Foto produk", "koordinator") in found
    assert OutlineVersion.objects.filter(number__gt=1).exists()
    assert "Foto produk" not in {
        title for _, title, _ in [(c.what, c.title, c.who) for c in changes_for(stranger)]
    }
    words = panel(client, coordinator, "What changed")
    assert "Changed what it takes to finish" in words
    assert "koordinator" in words


def test_a_moved_session_is_told_with_its_new_hour(client, pages, coordinator):
    session = occurrences(pages[0])[0]
    client.force_login(coordinator)
    series = session.series.activity.key
    client.post(
        reverse("lms_session_move", args=[series, session.public_id]),
        {"date": "2027-03-04", "time": "09:00", "zone": "Asia/Jakarta", "duration_minutes": 90},
    )
    session.refresh_from_db()
    assert session.changes.exists()
    words = panel(client, coordinator, "What changed")
    assert "Moved a session to Thursday, 4 March 2027, 09:00–10:30 WIB" in words


def test_the_panel_of_changes_says_what_will_stand_there(client, curricula, editor):
    assert "Nothing was published yet." in panel(client, editor, "What changed")


# ── what it costs ────────────────────────────────────────────────────────────────────────────────────────────────


def cost(client):
    client.get(reverse("wagtailadmin_home"))  # Wagtail fills caches of its own
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(reverse("wagtailadmin_home")).status_code == 200
    return len(captured)


@pytest.mark.parametrize("who", ["coordinator", "admin_user"])
def test_it_costs_the_same_for_10_and_1000(client, pages, course, request, who):
    user = request.getfixturevalue(who)
    client.force_login(user)
    series = WebinarSeries.objects.get(activity__title="Seri Pemasaran digital")

    def grow(number):
        for model in (ReportPerson, AttendanceImport, Registration, OutboxMessage, CertificateDue, Enrolment):
            model.objects.all().delete()
        Occurrence.objects.filter(original_date__lt=dt.date(2027, 1, 1)).delete()
        burden(series, course, number)
        page = Page.objects.get(pk=pages[0].pk)
        for _ in range(number // 10):
            log(instance=page, action="wagtail.publish", user=user)
        return cost(client)

    few = grow(10)
    assert grow(1000) == few


def test_indonesian_says_it_as_a_person_would(pages, course, coordinator):
    burden(WebinarSeries.objects.get(activity__title="Seri Pemasaran digital"), course, 2)
    with translation.override("id"):
        words = words_of(coordinator)
    assert "2 orang" in words
    assert "people" not in words
