"""The ten screens that the README and the guides show, and whose they are in the demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.management.base import CommandError
from django.urls import reverse

from lms.assessment.models import Attempt
from lms.credentials.models import Certificate
from lms.pages.models import LessonPage
from lms.people.queries import personal_token
from lms.webinars.models import AttendanceImport

PHONE, DESK = (360, 760), (1280, 800)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One picture. ``path`` finds where it is; ``login`` who signs in first; ``scroll_to`` what stands at the top."""

    name: str
    path: Callable[[], str]
    size: tuple[int, int] = PHONE
    language: str = "id"
    scheme: str = "light"
    login: str = ""
    scroll_to: str = ""
    partner: bool = False

    @property
    def width(self) -> int:
        """Of the window."""
        return self.size[0]

    @property
    def height(self) -> int:
        """Of the window."""
        return self.size[1]

    @property
    def scale(self) -> float:
        """Phones have small points."""
        return 1.5 if self.size == PHONE else 1

    def address(self, academy: str, partner: str) -> str:
        """Return the full address.

        Args:
            academy: where the demo runs.
            partner: where the partner's page runs.
        """
        return (partner if self.partner else academy) + self.path()


def _first(found: object, what: str) -> object:
    if found is None:
        raise CommandError(f"The demo has no {what} yet. Let it run until its first steps are done.")
    return found


def _certificate() -> Certificate:
    """Return the newest certificate of somebody who still comes to sessions."""
    rows = Certificate.objects.filter(erased_at=None, revoked_at=None).order_by("-issued_at", "pk")
    coming = rows.filter(learner__registrations__state="registered").first()
    return _first(coming or rows.first(), "certificate")  # type: ignore[return-value]


def _lesson() -> str:
    page = LessonPage.objects.live().filter(slug="foto-produk").first()
    return str(_first(page, "lesson foto-produk").url)  # type: ignore[attr-defined]


def _quiz() -> str:
    rows = Attempt.objects.filter(state=Attempt.State.GRADED, passed=True).order_by("pk")
    attempt: Attempt = _first(rows.first(), "quiz that was handed in")  # type: ignore[assignment]
    return reverse("lms_public:person_attempt", args=[personal_token(attempt.learner), attempt.public_id])


def _report() -> str:
    row: AttendanceImport = _first(  # type: ignore[assignment]
        AttendanceImport.objects.filter(state=AttendanceImport.State.APPLIED).order_by("pk").last(), "report"
    )
    return reverse("lms_attendance", args=[row.occurrence.series.activity.key, row.occurrence.public_id])


SCREENS = (
    Screen(name="home", path=lambda: "/id/"),
    Screen(name="lesson", path=_lesson),
    Screen(
        name="personal",
        path=lambda: reverse("lms_public:person", args=[personal_token(_certificate().learner)]),
    ),
    Screen(name="quiz", path=_quiz, scroll_to="main"),
    Screen(
        name="certificate", path=lambda: f"/c/{_certificate().serial}?lang=en", language="en", scheme="dark"
    ),
    Screen(
        name="calendar",
        path=lambda: "/en/calendar/?view=month",
        size=DESK,
        language="en",
        scroll_to=".month-head",
    ),
    Screen(name="design", path=lambda: "/en/design/", size=DESK, language="en", scroll_to="#colours"),
    Screen(name="attendance", path=_report, size=DESK, language="en", login="koordinator"),
    Screen(name="dashboard", path=lambda: "/admin/", size=DESK, login="koordinator"),
    Screen(name="partner", path=lambda: "/", size=DESK, partner=True),
)
