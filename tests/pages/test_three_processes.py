"""Three processes with caches of their own (or one Redis): what is published shows on the next request of each.

``LMS_TEST_REDIS`` lets them share a cache, as several machines do; without it each has its local memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from wagtail.models import Page, PageViewRestriction

from lms.pages.models import LessonPage

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def three():
    """Return a function that asks three processes for a path, one after the other."""
    running = [
        subprocess.Popen(
            [
                sys.executable,
                "-W",
                "ignore",
                "-m",
                "tests.pages.worker",
                str(connection.settings_dict["NAME"]),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]

    def ask(path):
        answers = []
        for process in running:
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
            answers.append(json.loads(process.stdout.readline()))
        return answers

    yield ask
    for process in running:
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=30)


def seen(answers):
    """Return the answers' status, and whether each holds the words that the test changes."""
    return [(each["status"], "by the door" in each["page"], "Switch off" in each["page"]) for each in answers]


def test_what_is_published_shows_on_the_next_request_of_each(course, three):
    path = course["first"].get_url()
    cache.clear()
    three(path)
    kept = three(path)
    assert [each["queries"] for each in kept] == [
        1,
        1,
        1,
    ]  # from the cache: only its generation was asked for
    assert seen(kept) == [(200, False, True)] * 3

    page = LessonPage.objects.get(pk=course["first"].pk)
    page.body = [("paragraph", "<p>Stand by the door.</p>")]
    draft = page.save_revision()
    assert seen(three(path)) == [(200, False, True)] * 3  # a draft shows nowhere
    draft.publish()
    assert seen(three(path)) == [(200, True, False)] * 3

    PageViewRestriction.objects.create(
        page=Page.objects.get(pk=course["course"].pk), restriction_type=PageViewRestriction.LOGIN
    )
    assert seen(three(path)) == [(302, False, False)] * 3
    PageViewRestriction.objects.all().delete()
    assert seen(three(path)) == [(200, True, False)] * 3

    Page.objects.get(pk=page.pk).specific.unpublish()
    assert seen(three(path)) == [(404, False, False)] * 3
