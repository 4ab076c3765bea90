"""Who may manage which series and courses: Wagtail's page permissions on the page that governs one.

That is the owner page. While none is live it is the page that would own it: the main language's, else the oldest. What
has no page any more is left to superusers.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.permissions import page_permission_policy

from lms.assessment.models import Quiz
from lms.catalogue.models import Activity, ActivityPage
from lms.webinars.models import WebinarSeries

#: May see sessions, people and reports.
VIEW = "change"
#: May move and cancel sessions and decide on proposals: people are told at once, as when something is published.
DECIDE = "publish"
#: Kinds of activities that people are enrolled in here; series have their own screens.
COURSES = ("course", "curriculum")


def series_for(user: Any, action: str = VIEW) -> QuerySet[WebinarSeries]:
    """Return the series that a person may act on. Fetch children (sessions, reports, people) through these only.

    Args:
        user: an admin user.
        action: a page permission of Wagtail: ``change``, ``publish`` …

    Returns:
        A queryset annotated with ``governing_page_id``; None there when every page is gone.
    """
    return _within(WebinarSeries.objects.annotate(governing_page_id=_governing("activity")), user, action)


def courses_for(user: Any, action: str = VIEW) -> QuerySet[Activity]:
    """Return the courses and curricula that a person may act on. Fetch runs, cohorts and results through these only.

    Args:
        user: an admin user.
        action: a page permission of Wagtail.

    Returns:
        A queryset annotated with ``governing_page_id``; None there when every page is gone.
    """
    courses = Activity.objects.filter(kind__in=COURSES).annotate(governing_page_id=_governing("pk"))
    return _within(courses, user, action)


def quizzes_for(user: Any, action: str = VIEW) -> QuerySet[Quiz]:
    """Return the quizzes that a person may act on. Fetch attempts, tasks and files through these only.

    Args:
        user: an admin user.
        action: a page permission of Wagtail; ``DECIDE`` for grading.
    """
    return _within(Quiz.objects.annotate(governing_page_id=_governing("activity")), user, action)


def _governing(activity: str) -> Subquery:
    main = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    pages = (
        ActivityPage.objects.filter(activity=OuterRef(activity), page__isnull=False)
        .annotate(main=Q(locale__language_code=main))
        .order_by("-owner", "-main", "page_id")
    )
    return Subquery(pages.values("page_id")[:1])


def _within(rows: QuerySet[Any], user: Any, action: str) -> QuerySet[Any]:
    if user.is_active and user.is_superuser:
        return rows
    pages = page_permission_policy.instances_user_has_permission_for(user, action)
    return rows.filter(governing_page_id__in=pages.order_by().values("pk"))


def may(user: Any, series: WebinarSeries, action: str = DECIDE) -> bool:
    """Say whether a person may do something with a series: one query."""
    return series_for(user, action).filter(pk=series.pk).exists()
