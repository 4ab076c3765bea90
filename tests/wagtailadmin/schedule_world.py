"""Rows and words for the tests of the schedule in the admin."""

from __future__ import annotations

import datetime as dt
import html
import re

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission

from lms.catalogue.models import Activity
from lms.people.models import Learner
from lms.webinars.models import (
    Occurrence,
    Registration,
    ScheduleChange,
)

NOW = dt.datetime(2027, 2, 20, 12, 0, tzinfo=dt.UTC)
State = ScheduleChange.State


def member(name, page, *permissions):
    """Make somebody who has these permissions on a page and below."""
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in permissions:
        permission = Permission.objects.get(
            codename=f"{codename}_page", content_type__app_label="wagtailcore"
        )
        GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    user = get_user_model().objects.create_user(name, email=f"{name}@academy.example", password="x")
    user.groups.add(group)
    return user


def key_of(page):
    return Activity.objects.get(translation_key=page.translation_key).key


def occurrences(page):
    return list(
        Occurrence.objects.filter(series__activity__translation_key=page.translation_key).order_by(
            "starts_at", "pk"
        )
    )


def seat(occurrence, name="Wati", state=Registration.State.REGISTERED):
    return Registration.objects.create(
        occurrence=occurrence, learner=Learner.objects.create(name=name), state=state, queued_at=NOW
    )


def text_of(response):
    """Return what a reader sees of the main part, in one line."""
    body = response.content.decode().partition("<main")[2]
    return (
        re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))
        .replace(" ,", ",")
        .replace(" .", ".")
    )


def said(client_response):
    return [str(message).strip() for message in client_response.context["messages"]]
