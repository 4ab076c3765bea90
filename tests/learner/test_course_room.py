"""One course in the learner's room: how far, what next, what is missing, why; taking part again, leaving; and /me/."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import override_settings
from django.urls import reverse
from django.utils import translation

from lms.core import clock
from lms.learner.services import mark_lesson
from lms.people.models import Learner
from lms.people.queries import personal_token
from lms.progress import queries as progress
from lms.progress import services
from lms.progress.access import access_of
from lms.progress.services import Statement, enrol, record
from tests.learner.room_world import Doors, World, change
from tests.seating import make_learner

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2027, 3, 2, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def later(monkeypatch):
    at = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: at["now"])

    def move(**by):
        at["now"] += dt.timedelta(**by)

    return move


@pytest.fixture
def world(home, later):
    return World(home)


@pytest.fixture
def siti():
    return make_learner("Siti", "siti@contoh.example", language="en", verified=True)


@pytest.fixture
def doors(client, world, siti):
    return Doors(client, world, siti)


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def course(doors, name="person_course", **query):
    path = doors.address(name, doors.world.activity(doors.world.course).key)
    return doors.client.get(path, query)


def post(doors, name, **values):
    return doors.client.post(doors.address(name, doors.world.activity(doors.world.course).key), values)


def run_of(learner, world):
    return access_of(learner_id=learner.pk, activity_id=world.course_id).enrolment


# ── how far ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_says_how_far_and_leads_on(doors, world, siti):
    enrol(learner_ids=[siti.pk], activity_id=world.course_id)
    words = text(course(doors))
    assert "0 of 3 parts that are needed (0%)." in words and "Begin here A first look Begin" in words
    mark_lesson(learner=siti, key=world.activity(world.first).key)
    page = course(doors)
    words = text(page)
    assert "1 of 3 parts that are needed (33%)." in words
    assert "Continue where you left off Prices Continue" in words
    assert "Done on Tuesday, 2 March 2027." in words
    assert doors.address("person_lesson", doors.lesson.key) in page.content.decode()
    assert doors.address("person_quiz", doors.quiz.key) in page.content.decode()


def test_what_is_missing_stands_in_words_with_links(doors, world, siti):
    change(world.lesson, watch_percent=50)
    enrol(learner_ids=[siti.pk], activity_id=world.course_id)
    words = text(course(doors))
    assert "Still needed to finish" in words
    assert "A first look : read it and mark it as done" in words
    assert "Prices : watch 5 minutes of the recording" in words
    assert "Test yourself : pass with at least 70%" in words


def test_a_choice_says_how_many_are_enough(doors, world, siti):
    change(world.module, needed=1)
    enrol(learner_ids=[siti.pk], activity_id=world.course_id)
    words = text(course(doors))
    assert "Any one of these is enough." in words and "One of these: Prices" in words
    assert "0 of 2 parts" in words
    mark_lesson(learner=siti, key=doors.lesson.key)
    assert "One of these" not in text(course(doors))


def test_locked_says_what_is_missing_and_links_to_it(doors, world, siti):
    change(world.course, sequential=True)
    change(world.module, opens_on=dt.date(2027, 3, 9))
    enrol(learner_ids=[siti.pk], activity_id=world.course_id)
    page = course(doors)
    words = text(page)
    assert words.count("Opens on Tuesday, 9 March 2027.") == 1, "said of the module, not of each part again"
    assert words.count("First do: A first look") == 1
    assert doors.address("person_lesson", doors.lesson.key) not in page.content.decode()


def test_what_comes_before_the_whole_course_is_said_once(doors, world, siti):
    change(world.course, prerequisites=[("page", world.basics)])
    enrol(learner_ids=[siti.pk], activity_id=world.course_id)
    page = course(doors)
    words = text(page)
    assert "Something comes before this course." in words
    assert words.count("Complete this first: Basics") == 1
    assert doors.address("person_course", world.activity(world.basics).key) in page.content.decode()


def test_a_day_of_the_first_part_is_said(doors, world, siti):
    change(world.first, opens_on=dt.date(2027, 3, 9))
    enrol(learner_ids=[siti.pk], activity_id=world.course_id)
    assert text(course(doors)).count("Opens on Tuesday, 9 March 2027.") == 1


def test_what_was_recorded_stands_with_its_reason(doors, world, siti):
    enrol(learner_ids=[siti.pk], activity_id=world.course_id)
    doors.read()
    mark_lesson(learner=siti, key=doors.lesson.key)
    services.waive(
        learner_id=siti.pk,
        course_id=world.course_id,
        activity_id=world.activity(world.first).pk,
        reason="Has run a shop for ten years.",
        by="Koordinator",
    )
    record(
        [
            Statement(
                cause="a",
                learner_id=siti.pk,
                activity_id=doors.quiz.pk,
                verb="passed",
                occurred_at=NOW,
                reason="quiz.attempt",
                reason_params={"attempt": "x", "number": 2, "points": "7.50", "of": "10.00"},
                score_scaled=0.75,
            )
        ]
    )
    words = text(course(doors))
    assert "You opened it for the first time." in words and "You marked it as done." in words
    assert "You were exempted from it: Has run a shop for ten years." in words
    assert "Attempt 2: 7.5 of 10 points." in words
    assert "Completed on Tuesday, 2 March 2027" in words and "Still needed" not in words


def test_attendance_of_a_session_in_it_says_minutes_devices_and_report(
    client, home, make_series, later, siti
):
    from lms.catalogue.models import Activity
    from lms.pages.models import CoursePage
    from tests.learner.room_world import add, compiled

    page = add(home, CoursePage, "With mornings")
    make_series(page, title="Breakfast", recurrence="RRULE:FREQ=WEEKLY;COUNT=2")
    compiled()
    found = Activity.objects.get(kind="course")
    enrol(learner_ids=[siti.pk], activity_id=found.pk)
    session = Activity.objects.filter(kind="occurrence").first()
    record(
        [
            Statement(
                cause="b",
                learner_id=siti.pk,
                activity_id=session.pk,
                verb="attended",
                occurred_at=NOW,
                duration_seconds=83 * 60,
                reason="attendance.report",
                reason_params={"of_minutes": 90, "devices": 2, "report_date": "2027-03-04"},
            )
        ]
    )
    path = reverse("lms_public:person_course", args=[personal_token(siti), found.key])
    words = text(client.get(path))
    assert "You attended 83 of 90 minutes: two devices, report of 4 March 2027." in words


# ── taking part, again, and leaving ──────────────────────────────────────────────────────────────────────────────


def test_asking_waiting_and_taking_the_request_back(doors, world, siti):
    page = text(course(doors))
    assert "You are not in this course." in page and "Ask to take part" in page
    answer = post(doors, "person_join")
    assert answer.status_code == 302 and "done=requested" in answer["Location"]
    words = text(doors.client.get(answer["Location"]))
    assert "Your request is on its way." in words and "Take my request back" in words
    assert "waits for an answer" in text(doors.client.get(doors.address("person")))
    assert "Take your request back?" in text(course(doors, "person_leave_course"))
    assert run_of(siti, world).state == "requested", "looking changes nothing"
    post(doors, "person_leave_course")
    assert run_of(siti, world) is None


def test_a_declined_request_says_why_and_may_be_made_again(doors, world, siti):
    post(doors, "person_join")
    services.decline(enrolment_ids=[run_of(siti, world).pk], reason="Only for shops in Makassar.")
    words = text(course(doors))
    assert "was declined" in words and "The reason: Only for shops in Makassar." in words
    assert "Ask to take part" in words
    assert "was declined. See why" in text(doors.client.get(doors.address("person")))


def test_leaving_asks_first_and_keeps_what_was_done(doors, world, siti):
    change(world.course, enrolment_mode="open")
    post(doors, "person_join")
    mark_lesson(learner=siti, key=world.activity(world.first).key)
    assert "Leave this course?" in text(course(doors, "person_leave_course"))
    answer = post(doors, "person_leave_course")
    words = text(doors.client.get(answer["Location"]))
    assert "You have left the course." in words and "Take this course" in words
    assert progress.history(learner_id=siti.pk).count() == 1
    post(doors, "person_join")
    assert "1 of 3 parts" in text(course(doors))


def test_a_further_run_after_the_end(doors, world, siti, later):
    change(world.course, enrolment_mode="open", valid_months=1)
    post(doors, "person_join")
    mark_lesson(learner=siti, key=world.activity(world.first).key)
    later(days=40)
    words = text(course(doors))
    assert "Your time in this course has ended." in words and "Take it again" in words
    assert "Your time in this course has ended." in text(doors.client.get(doors.address("person")))
    answer = post(doors, "person_join")
    words = text(doors.client.get(answer["Location"]))
    assert "run 2" in words and "0 of 3 parts" in words
    post(doors, "person_join")
    assert run_of(siti, world).run == 2, "twice is once"


def test_a_cohort_is_chosen_by_its_dates_and_seats(doors, world, siti):
    change(world.course, enrolment_mode="cohorts")
    full = services.save_cohort(
        activity_id=world.course_id, title="March", starts_on=dt.date(2027, 3, 10), capacity=0
    )
    cohort = services.save_cohort(
        activity_id=world.course_id,
        title="April",
        starts_on=dt.date(2027, 4, 5),
        ends_on=dt.date(2027, 4, 30),
        capacity=12,
    )
    words = text(course(doors))
    assert "April 5 April 2027 until 30 April 2027 · 12 seats left" in words
    assert "March from 10 March 2027 · all seats are taken" in words
    refused = post(doors, "person_join", cohort=full.public_id)
    assert refused.status_code == 409 and "All seats" in text(refused)
    assert post(doors, "person_join").status_code == 409
    answer = post(doors, "person_join", cohort=cohort.public_id)
    assert answer.status_code == 302
    words = text(doors.client.get(answer["Location"]))
    assert "Opens on Monday, 5 April 2027." in words and "April" in words
    cohort.refresh_from_db()
    assert cohort.taken == 1


def test_what_is_not_offered_has_no_room(doors, world):
    from django.urls import NoReverseMatch

    key = doors.lesson.key
    for name in ("person_course", "person_leave_course"):
        assert doors.client.get(doors.address(name, key)).status_code == 404
        assert post(doors, "person_join").status_code == 302
    with pytest.raises(NoReverseMatch):
        doors.address("person_course", "x")


# ── /me/ ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def me(client):
    with translation.override("en"):
        return client.get(reverse("lms:me"))


def test_who_is_signed_in_is_led_to_a_fresh_personal_link(client, siti):
    user = get_user_model().objects.create_user("siti", password="rahasia")
    Learner.objects.filter(pk=siti.pk).update(user=user)
    client.force_login(user)
    answer = me(client)
    assert answer.status_code == 302 and answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "Hello, Siti." in text(client.get(answer["Location"]))


def test_an_account_without_a_page_is_told_how_it_gets_one(client):
    client.force_login(get_user_model().objects.create_user("budi", password="rahasia"))
    answer = me(client)
    assert answer.status_code == 200 and "No personal page belongs to this account yet." in text(answer)


def test_a_visitor_is_asked_for_the_address_and_may_sign_in_where_there_is_a_login(client):
    answer = me(client)
    assert answer.status_code == 200 and "we send the link again" in text(answer)
    assert "Sign in" not in text(answer)
    with override_settings(LOGIN_URL="/admin/login/"):
        assert "/admin/login/?next=%2Fen%2Fme%2F" in me(client).content.decode()


def ask(client, email, **headers):
    with translation.override("en"):
        path = reverse("lms:me")
    return client.post(path, {"email": email}, headers=headers, follow=True)


def test_the_link_is_sent_again_whatever_name_was_given(
    client, siti, mailoutbox, django_capture_on_commit_callbacks
):
    address = siti.addresses.get().value
    with django_capture_on_commit_callbacks(execute=True):
        answer = ask(client, f" {address.upper()} ")
    assert "Look into your mailbox." in text(answer)
    (mail,) = mailoutbox
    assert address in mail.to[0] and "/p/" in mail.body and "Somebody asked for the way" in mail.body
    link = re.search(r"/p/\S+", mail.body)[0]
    assert "Hello, Siti." in text(client.get(link))
    # Asked again at once: one mail, the same answer.
    with django_capture_on_commit_callbacks(execute=True):
        ask(client, address)
    assert len(mailoutbox) == 1


def test_the_answer_does_not_say_who_is_known(client, siti, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        unknown, known = ask(client, "nobody@contoh.example"), ask(client, siti.addresses.get().value)
    assert unknown.content == known.content and len(mailoutbox) == 1


def test_who_was_merged_gets_the_link_of_the_person_that_is_left(
    client, siti, mailoutbox, django_capture_on_commit_callbacks
):
    other = make_learner("Siti Lama")
    old = other.addresses.get().value
    Learner.objects.filter(pk=other.pk).update(canonical=siti)
    with django_capture_on_commit_callbacks(execute=True):
        ask(client, old)
    (mail,) = mailoutbox
    assert siti.addresses.get().value in mail.to[0]


def test_what_is_no_address_is_told_at_the_field_and_what_comes_from_elsewhere_is_refused(
    client, siti, mailoutbox
):
    answer = ask(client, "siti@")
    assert answer.status_code == 400 and "This address is not complete." in text(answer)
    assert ask(client, siti.addresses.get().value, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert mailoutbox == []


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "a\x00b@contoh.example",
        "آمنة@contoh.example",
        "🙂@contoh.example",
        "x" * 9999 + "@contoh.example",
        "a@b\r\nBcc: c@d.e",
    ],
)
def test_whatever_is_typed_is_answered_and_mails_nobody(
    client, siti, mailoutbox, django_capture_on_commit_callbacks, typed
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = ask(client, typed)
    assert answer.status_code in (200, 400) and mailoutbox == []
    assert "Send me my link" in text(answer)


def test_a_mailbox_is_not_flooded(client, siti):
    with override_settings(LMS={**settings.LMS, "REGISTRATIONS_PER_ADDRESS": 2}):
        answers = [ask(client, siti.addresses.get().value) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Look into your mailbox, or try again later." in text(answers[-1])


def test_a_curriculum_leads_to_its_courses(client, home, later, siti):
    from lms.catalogue.models import Activity
    from lms.pages.models import CoursePage, CurriculumPage
    from tests.learner.room_world import add, compiled

    above = add(home, CurriculumPage, "Digital marketing")
    add(above, CoursePage, "Own shop")
    compiled()
    curriculum, inside = Activity.objects.get(kind="curriculum"), Activity.objects.get(kind="course")
    enrol(learner_ids=[siti.pk], activity_id=curriculum.pk)
    room = client.get(reverse("lms_public:person_course", args=[personal_token(siti), curriculum.key]))
    path = reverse("lms_public:person_course", args=[personal_token(siti), inside.key])
    assert "Own shop: complete it" in text(room).replace(" :", ":") and path in room.content.decode()
    assert "You are not in this course." in text(client.get(path))
