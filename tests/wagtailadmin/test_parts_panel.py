"""The parts of a course in its edit form: in order, each with a way to it, and a way to a new one."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from lms.pages.models import CoursePage, LessonPage, ModulePage
from tests.learner.room_world import add

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, home):
    client.force_login(get_user_model().objects.create_superuser("ayu", "ayu@contoh.example", "rahasia"))
    return client


def parts(client, page):
    """Return the panel's piece of the edit form."""
    text = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    return re.search(r'<div class="lms-parts">.*?</div>', text, re.S).group(0)


def test_parts_stand_in_the_order_of_the_course_with_what_is_not_published(editor, home):
    course = add(home, CoursePage, "Own shop")
    first, second = add(course, ModulePage, "Selling"), add(course, ModulePage, "Answering")
    second.move(first, pos="left")
    draft = Page.objects.get(pk=course.pk).add_child(instance=LessonPage(title="Prices", live=False))
    changed = add(course, LessonPage, "Photos")
    changed.title = "Photos by the window"
    changed.save_revision()
    text = parts(editor, course)
    assert re.findall(r'edit/">(.*?)</a> <span>(.*?)</span>', text) == [
        ("Answering", "Module"),
        ("Selling", "Module"),
        ("Prices", "Lesson"),
        ("Photos by the window", "Lesson"),
    ]
    assert reverse("wagtailadmin_pages:edit", args=[draft.pk]) in text
    assert text.count("has changes that are not published") == 1
    assert re.findall(rf"/add/lms_pages/(\w+)/{course.pk}/", text) == [
        "modulepage",
        "lessonpage",
        "quizpage",
        "webinarseriespage",
    ]


def test_an_empty_module_says_so_and_offers_what_may_stand_in_it(editor, home):
    module = add(add(home, CoursePage, "Own shop"), ModulePage, "Selling")
    text = parts(editor, module)
    assert "Nothing stands here yet." in text and "/add/lms_pages/lessonpage/" in text
    assert "modulepage" not in text and "another order" not in text


def test_a_page_that_was_never_saved_has_no_parts(editor, home):
    address = reverse("wagtailadmin_pages:add", args=["lms_pages", "coursepage", home.pk])
    assert "Save this page first" in editor.get(address).content.decode()


def test_who_may_not_add_is_offered_nothing(client, home):
    course = add(home, CoursePage, "Own shop")
    group = Group.objects.create(name="Proof readers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group,
        page=Page.objects.get(pk=home.pk),
        permission=Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page"),
    )
    user = get_user_model().objects.create_user("hasan", "hasan@contoh.example", "rahasia")
    user.groups.add(group)
    client.force_login(user)
    text = parts(client, course)
    assert "Nothing stands here yet." in text and "Add here:" not in text


def test_it_costs_the_same_for_few_and_many(editor, home):
    course = add(home, CoursePage, "Own shop")
    counts = []
    for many in (2, 8):
        for number in range(many):
            add(course, LessonPage, f"Lesson {many} {number}")
        parts(editor, course)
        with CaptureQueriesContext(connection) as found:
            parts(editor, course)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_list_of_a_course_is_in_its_own_order(editor, home):
    course = add(home, CoursePage, "Own shop")
    add(course, ModulePage, "Zebra")
    add(course, ModulePage, "Apple")
    text = editor.get(reverse("wagtailadmin_explore", args=[course.pk])).content.decode()
    assert text.index("Zebra") < text.index("Apple")
