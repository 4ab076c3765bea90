"""What the home page is given: compiled rows only, with a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from wagtail.models import Page, Site

from lms.catalogue.models import ActivityPage, OutlineItem
from lms.pages.agenda import Session, sessions
from lms.pages.models import CurriculumPage
from lms.webinars.queries.schedule import upcoming

SESSIONS = 3


@dataclass(frozen=True, slots=True)
class CurriculumCard:
    """A curriculum on the home page, with how much it holds."""

    title: str
    summary: str
    url: str
    accent: str
    courses: int
    series: int


def curricula(home: Page, *, language: str, request: HttpRequest) -> list[CurriculumCard]:
    """Return the public curricula below the home page in its language: three queries.

    Args:
        home: the home page in one language.
        language: its language.
        request: for addresses.
    """
    rows = ActivityPage.objects.filter(
        activity__kind="curriculum", activity__public=True, live=True, public=True, locale=home.locale_id
    )
    keys = dict(rows.filter(page__path__startswith=home.path).values_list("page_id", "activity_id"))
    counts: dict[int, dict[str, int]] = {pk: {"course": 0, "webinar_series": 0} for pk in keys.values()}
    items = OutlineItem.objects.filter(
        version__activity_id__in=counts, version__ended_at=None, activity__public=True
    ).values_list("version__activity_id", "activity__kind", "activity_id")
    courses = {}
    for owner, kind, activity_id in items:
        if kind in counts[owner]:
            counts[owner][kind] += 1
        if kind == "course":
            courses[activity_id] = owner
    for course in OutlineItem.objects.filter(
        version__activity_id__in=courses,
        version__ended_at=None,
        activity__public=True,
        activity__kind="webinar_series",
    ).values_list("version__activity_id", flat=True):
        counts[courses[course]]["webinar_series"] += 1
    pages = CurriculumPage.objects.filter(pk__in=keys).select_related("locale").order_by("path")
    return [
        CurriculumCard(
            title=page.title,
            summary=page.summary,
            url=page.get_url(request) or "",
            accent=page.accent,
            courses=counts[keys[page.pk]]["course"],
            series=counts[keys[page.pk]]["webinar_series"],
        )
        for page in pages
    ]


def next_sessions(site: Site | None, *, language: str, request: HttpRequest) -> list[Session]:
    """Return the next public sessions of the whole site.

    Args:
        site: whose.
        language: for titles and addresses.
        request: for addresses.
    """
    return sessions(upcoming(site=site)[:SESSIONS], language=language, request=request)
