"""The form into a course keeps to the course's rule, and tells nobody who is known here."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.urls import reverse
from django.utils import translation

from lms.catalogue.models import Activity
from lms.core import clock
from lms.notifications.services import send_due
from lms.people.models import Learner
from lms.people.queries import personal_token
from lms.progress import services
from lms.progress.access import access_of
from lms.progress.models import Enrolment, EnrolmentPolicy
from tests.learner.test_course import EMAIL, make_course
from tests.seating import make_learner

pytestmark = pytest.mark.django_db

TODAY = clock.now().date()


@pytest.fixture
def course():
    return make_course()[0]


def rule(course, mode):
    EnrolmentPolicy.objects.create(activity=course, mode=mode)


def cohort(course, title="April", **fields):
    values = {"starts_on": TODAY + dt.timedelta(days=30), "capacity": 12}
    return services.save_cohort(activity_id=course.pk, title=title, **(values | fields))


def address(course, name="enrol"):
    with translation.override("en"):
        return reverse(f"lms:{name}", args=[course.key])


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def send(client, course, **typed):
    page = client.get(address(course)).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z_]+)"(?: value="([^"]*)")?', page))
    return client.post(
        address(course), hidden | {"name": "Siti Aminah", "email": EMAIL, "consent": "on"} | typed
    )


def run(course):
    return Enrolment.objects.get(activity=course)


def test_with_approval_it_is_a_request(client, course):
    rule(course, "approval")
    make_learner("Siti Aminah", EMAIL, verified=True)
    page = text(client.get(address(course)))
    assert "Ask to take part" in page and "Send my request" in page and "reads your request" in page
    answer = send(client, course)
    assert answer.status_code == 302 and run(course).state == "requested"
    assert "you see when your request is answered" in text(client.get(answer["Location"]))
    send(client, course)
    assert Enrolment.objects.count() == 1


def test_a_cohort_is_chosen_by_dates_and_seats(client, course):
    rule(course, "cohorts")
    april = cohort(course)
    cohort(course, "Mei", capacity=0)
    page = text(client.get(address(course)))
    assert "When do you want to take part?" in page and "· 12 seats left" in page
    assert "Mei (" in page and "all seats are taken" in page
    assert send(client, course, which="").status_code == 400
    assert not Learner.objects.exists()
    assert send(client, course, which=april.public_id).status_code == 302
    april.refresh_from_db()
    assert run(course).cohort == april and april.taken == 1


def test_a_cohort_that_takes_nobody_cannot_be_chosen_by_hand(client, course):
    rule(course, "cohorts")
    cohort(course)
    full = cohort(course, "Mei", capacity=0)
    answer = send(client, course, which=full.public_id)
    assert answer.status_code == 400 and "These dates are not open any more." in text(answer)
    assert not Learner.objects.exists()


@pytest.mark.parametrize("seats", [None, 0])
def test_without_a_seat_the_page_says_so(client, course, seats):
    rule(course, "cohorts")
    if seats is not None:
        cohort(course, capacity=seats)
    page = client.get(address(course))
    words = text(page)
    assert "<form" not in page.content.decode().split("<main")[1]
    assert ("no seats are free" if seats == 0 else "next dates are not fixed yet") in words
    posted = client.post(address(course), {"name": "Siti", "email": EMAIL, "consent": "on"})
    assert posted.status_code == 409 and not Learner.objects.exists()


def test_a_closed_course_says_who_takes_part(client, course):
    rule(course, "closed")
    words = text(client.get(address(course)))
    assert "Only people whom the organiser enrols take part in this course." in words
    posted = client.post(address(course), {"name": "Siti", "email": EMAIL, "consent": "on"})
    assert posted.status_code == 409 and not Learner.objects.exists()


def test_the_answer_is_the_same_for_whoever_is_in_another_cohort(client, course):
    """Typing somebody's name and address tells nothing of them, and moves them nowhere."""
    rule(course, "cohorts")
    april, may = cohort(course), cohort(course, "Mei")
    siti = make_learner("Siti Aminah", EMAIL, verified=True)
    services.enrol_in_cohort(learner_ids=[siti.pk], cohort_id=april.pk)
    known = send(client, course, which=may.public_id)
    unknown = send(client, course, which=may.public_id, email="lain@contoh.example")
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]
    assert access_of(learner_id=siti.pk, activity_id=course.pk).enrolment.cohort == april


def test_a_course_that_is_not_open_to_all_does_not_say_that_everybody_can_read_it(client, course):
    assert "Everybody can read the lessons." in text(client.get(address(course)))
    current = course.outline_versions.get(ended_at=None)
    current.rules = {"order": "sequential"}
    current.save()
    words = text(client.get(address(Activity.objects.get(pk=course.pk))))
    assert "Everybody can read the lessons." not in words and "leads you through the course" in words


def test_who_left_goes_on_where_they_were(client, course):
    siti = make_learner("Siti Aminah", EMAIL, verified=True)
    services.enrol(learner_ids=[siti.pk], activity_id=course.pk)
    services.withdraw(learner_id=siti.pk, activity_id=course.pk)
    assert send(client, course).status_code == 302
    assert run(course).state == "active" and run(course).run == 1


def test_the_receipt_leads_into_the_room_of_who_is_signed_in_and_nobody_else(
    client, course, django_user_model
):
    """The public page is where they came from; only the mail, or an account, leads into the room."""
    siti = make_learner("Siti Aminah", EMAIL, verified=True, language="en")
    receipt = send(client, course)["Location"]
    unknown = client.get(receipt).content.decode()
    assert "/p/" not in unknown and "To the course" not in unknown
    siti.user = django_user_model.objects.create_user("siti")
    siti.save()
    client.force_login(siti.user)
    room = reverse("lms_public:person_course", args=[personal_token(siti), course.key])
    assert f'href="{room}"' in client.get(receipt).content.decode()
    other = make_course()[0]
    assert "/p/" not in client.get(address(other, "enrolled")).content.decode()


def test_the_mailed_link_opens_the_course_itself(client, home, course, mailoutbox):
    siti = make_learner("Siti Aminah", EMAIL, verified=True, language="en")
    send(client, course)
    send_due()
    room = reverse("lms_public:person_course", args=["x", course.key]).partition("/x/")[2]
    [path] = re.findall(rf"https?://[^/\s]+(/p/[^/\s]+/{room})\n", mailoutbox[0].body)
    page = client.get(path)
    assert page.status_code == 200 and "0 of 2 parts" in text(page)
    assert siti.name in text(page)
