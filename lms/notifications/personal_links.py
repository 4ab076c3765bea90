"""Addresses that stand in a mail to one person: their page, what is in their room, the way into a meeting."""

from __future__ import annotations

from django.urls import reverse

from lms.assessment.models import Attempt
from lms.catalogue.models import Activity
from lms.core import links
from lms.core.addresses import absolute
from lms.people.models import Address, Learner
from lms.people.queries import personal_token
from lms.webinars.models import Registration

#: Kinds of activity that have a room of their own under the personal link.
COURSES = ("course", "curriculum")


def personal_link(learner: Learner, address: Address) -> str:
    """Return the address of a learner's personal page; its mark says to which address it was sent, and proves it when used."""
    return absolute(reverse("lms_public:person", args=[personal_token(learner, address)]))


def course_link(activity: Activity, learner: Learner, address: Address) -> str:
    """Return the address of a course in a learner's room; empty for what has no room of its own."""
    if not activity.public or activity.kind not in COURSES:
        return ""
    token = personal_token(learner, address)
    return absolute(reverse("lms_public:person_course", args=[token, activity.key]))


def attempt_link(attempt: Attempt, learner: Learner, address: Address) -> str:
    """Return the address of an attempt's result in a learner's room."""
    token = personal_token(learner, address)
    return absolute(reverse("lms_public:person_attempt", args=[token, attempt.public_id]))


def join_link(registration: Registration) -> str:
    """Return the personal link that records the join and leads to the meeting."""
    token = links.sign(purpose="join", public_id=registration.public_id, version=registration.link_version)
    return absolute(reverse("lms_public:join", args=[token]))
