"""Where the running demo keeps what is measured: ``python -m tests.experience.addresses`` prints it as JSON.

Of every kind the fullest page is taken, so that a budget which holds there holds for its neighbours: the longest lesson,
the course with most parts, the learner who has most on the personal page. A process of its own reads the demo's database,
because the tests themselves know the demo only from outside.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.architecture.tree import ROOT

LANGUAGES = ("id", "en")


def read(folder: Path) -> dict[str, dict[str, str]]:
    """Return ``{name: {language: path}}`` for a demo that keeps its things in this folder."""
    environment = os.environ | {
        "ACADEMY_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "academy.settings.demo",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
    }
    printed = subprocess.run(
        [sys.executable, "-m", "tests.experience.addresses"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert printed.returncode == 0, printed.stderr[-3000:]
    found: dict[str, dict[str, str]] = json.loads(printed.stdout)
    return found


def _both(path: str) -> dict[str, str]:
    """Return an address that never moves in both languages: the language is in its query."""
    return {language: f"{path}?lang={language}" for language in LANGUAGES}


def _asked(paths: dict[str, str], query: str) -> dict[str, str]:
    """Return addresses with something asked of them."""
    return {language: f"{path}?{query}" for language, path in paths.items()}


def _translated(page: Any) -> dict[str, str]:
    """Return the paths of a page and its translation."""
    return {
        language: each.get_url_parts()[2]
        for language in LANGUAGES
        for each in page.get_translations(inclusive=True).live().filter(locale__language_code=language)
    }


def _fullest(model: Any, weight: Any) -> Any:
    """Return the live Indonesian page that has most of what ``weight`` counts."""
    pages = model.objects.live().filter(locale__language_code="id")
    return max(pages, key=lambda page: (weight(page), -page.pk))


def _length(page: Any) -> int:
    return len(json.dumps(page.body.get_prep_value(), default=str))


def _public_pages() -> dict[str, dict[str, str]]:
    from academy.home.models import PlainPage
    from lms.catalogue.queries import activity_of
    from lms.pages import models as pages
    from lms.webinars.queries import seats

    course = _fullest(pages.CoursePage, lambda page: page.get_descendants().live().count())
    series = _fullest(pages.WebinarSeriesPage, _length)
    key = activity_of(series).key
    session = seats.offer_of(key).sessions[0]
    return {
        "curriculum": _translated(_fullest(pages.CurriculumPage, lambda page: page.numchild)),
        "course": _translated(course),
        "module": _translated(_fullest(pages.ModulePage, lambda page: page.numchild)),
        "lesson": _translated(_fullest(pages.LessonPage, _length)),
        "quiz page": _translated(_fullest(pages.QuizPage, lambda page: len(page.questions))),
        "series": _translated(series),
        "plain page": _translated(_fullest(PlainPage, _length)),
        "session": _both(f"/s/{session.public_id}"),
        "register": {each: f"/{each}/register/{key}/" for each in LANGUAGES},
        "enrol": {each: f"/{each}/enrol/{activity_of(course).key}/" for each in LANGUAGES},
    }


def _personal_pages() -> dict[str, dict[str, str]]:
    from django.db.models import Count
    from django.urls import reverse

    from lms.assessment.models import Quiz
    from lms.catalogue.queries import activity_of
    from lms.learner.gate import may_open
    from lms.pages.models import LessonPage
    from lms.people.models import Learner
    from lms.people.queries import personal_token
    from lms.progress.models import Enrolment

    learner = Learner.objects.annotate(
        much=Count("registrations", distinct=True) + Count("enrolments", distinct=True)
    ).order_by("-much", "pk")[0]
    token = personal_token(learner)
    enrolment = Enrolment.objects.filter(learner=learner, activity__kind="course").order_by("pk")[0]
    lessons = {
        activity_of(page).key: page for page in LessonPage.objects.live().filter(locale__language_code="id")
    }
    doors = {key: may_open(learner=learner, key=key) for key in lessons}
    longest = max(
        (key for key, door in doors.items() if door and door.open), key=lambda key: _length(lessons[key])
    )
    quiz = Quiz.objects.filter(activity__live=True).order_by("pk")[0]

    def at(name: str, *arguments: Any) -> dict[str, str]:
        return _both(reverse(f"lms_public:{name}", args=[token, *arguments]))

    return {
        "dashboard": at("person"),
        "dashboard's settings": at("person_settings"),
        "dashboard's course": at("person_course", enrolment.activity.key),
        "lesson in the room": at("person_lesson", longest),
        "dashboard's quiz": at("person_quiz", quiz.activity.key),
    }


def _first_certificate(seconds: float = 120) -> Any:
    """Return the oldest certificate of the demo. Its worker issues them after the demo has begun to answer."""
    from lms.credentials.models import Certificate

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := Certificate.objects.filter(state="valid").order_by("pk").first():
            return found
        time.sleep(0.5)
    raise SystemExit(f"The demo's worker issued no certificate within {seconds:.0f} seconds.")


def _main() -> None:
    import django

    django.setup()
    from django.urls import reverse
    from django.utils import translation

    from lms.calendars.models import PartnerCalendar

    calendar = PartnerCalendar.objects.order_by("pk")[0]
    certificate = _first_certificate()
    found = _public_pages() | _personal_pages()
    for name in ("courses", "calendar", "search", "speakers"):
        found[name] = {}
        for language in LANGUAGES:
            with translation.override(language):
                found[name][language] = reverse(f"lms_pages:{name}")
    found |= {
        "courses, nothing fits": _asked(found["courses"], "level=x"),
        "calendar, a month": _asked(found["calendar"], "view=month&zone=wita"),
        "search, found": _asked(found["search"], "q=qris"),
        "search, nothing found": _asked(found["search"], "q=xyzzyq"),
        "speaker": {
            "id": "/id/pembicara/ibu-contoh-sari/",
            "en": "/en/speakers/ibu-contoh-sari/",
        },
    }
    found |= {
        "home": {language: f"/{language}/" for language in LANGUAGES},
        "verify": _both(f"/c/{certificate.serial}"),
        "verify form": _both("/c/"),
        "iframe": _both(f"/embed/v1/{calendar.public_id}/"),
        "no such page": {language: f"/{language}/tidak-ada/" for language in LANGUAGES},
        "no such certificate": _both("/c/0000-0000-0000-0"),
        "no such session": _both("/s/tidak-ada"),
        "a bad personal link": _both("/p/rusak"),
        "who is this": {language: f"/{language}/me/" for language in LANGUAGES},
        "sign in": {language: f"/{language}/account/login/" for language in LANGUAGES},
    }
    print(json.dumps(found))  # noqa: T201 -- that is what the command is for


if __name__ == "__main__":
    _main()
