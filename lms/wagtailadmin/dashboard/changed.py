"""What changed: published pages, decided dates, rules of courses; who did it, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import PageLogEntry
from wagtail.users.utils import get_deleted_user_display_name

from lms.catalogue import kinds
from lms.catalogue.models import OutlineVersion
from lms.core.base_page import base_page
from lms.core.dates import date_words, span_words
from lms.wagtailadmin.dashboard.base import HomePanel
from lms.wagtailadmin.scope import courses_for, series_for
from lms.webinars.models import ScheduleChange

#: Changes that the panel names.
SHOWN = 8
#: What is done to a page that learners notice.
PUBLIC_ACTIONS = {
    "wagtail.publish": gettext_lazy("Published"),
    "wagtail.unpublish": gettext_lazy("Took it down"),
    "wagtail.publish.scheduled": gettext_lazy("Published, as it was scheduled"),
    "wagtail.unpublish.scheduled": gettext_lazy("Taken down, as it was scheduled"),
    "wagtail.move": gettext_lazy("Moved to another place"),
    "wagtail.delete": gettext_lazy("Deleted"),
}
#: An outline is compiled so soon after whatever changed it.
COMPILED_WITHIN = dt.timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed. ``who`` is empty where nobody is known."""

    when: dt.datetime
    what: str
    title: str
    url: str = ""
    who: str = ""


class ChangedPanel(HomePanel):
    """Dashboard: what changed lately, or that nothing was published yet."""

    name = "lms_changed"
    template_name = "lms/wagtailadmin/dashboard/changed.html"
    order = 160

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Return the changes, the latest first."""
        return {"changes": changes_for(parent_context["request"].user)}


def changes_for(user: Any) -> list[Change]:
    """Return the latest changes that a person may see: a handful of queries, however many there are.

    Args:
        user: who may edit some pages.
    """
    entries = _entries(user)
    found = [*_pages(entries), *_dates(user), *_rules(user, entries)]
    return sorted(found, key=lambda each: each.when, reverse=True)[:SHOWN]


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _entries(user: Any) -> list[PageLogEntry]:
    """Return what was last done to our pages; more than are shown, since they also say who changed a rule."""
    ours = ContentType.objects.get_for_models(*kinds.page_models()).values()
    # Deleted pages are in this list only for whoever may see everything.
    return list(
        PageLogEntry.objects.viewable_by_user(user)
        .filter(content_type__in=[each.pk for each in ours], action__in=PUBLIC_ACTIONS)
        .select_related("user")
        .order_by("-timestamp", "-pk")[: SHOWN * 4]
    )


def _pages(entries: Iterable[PageLogEntry]) -> Iterator[Change]:
    entries = list(entries)[:SHOWN]
    ids = [entry.page_id for entry in entries if not entry.deleted]
    titles = dict(base_page().objects.filter(pk__in=ids).values_list("pk", "draft_title"))
    for entry in entries:
        there = entry.page_id in titles
        yield Change(
            entry.timestamp,
            str(PUBLIC_ACTIONS[entry.action]),
            titles.get(entry.page_id) or entry.label,
            reverse("wagtailadmin_pages:edit", args=[entry.page_id]) if there else "",
            _name(entry.user_id, entry.user),
        )


def _name(user_id: Any, user: Any) -> str:
    if user is not None:
        return user.get_full_name() or user.get_username()
    return get_deleted_user_display_name(user_id) if user_id else ""


# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _dates(user: Any) -> Iterator[Change]:
    decided = (
        ScheduleChange.objects.filter(
            state__in=[ScheduleChange.State.CONFIRMED, ScheduleChange.State.DISMISSED],
            decided_at__isnull=False,
            occurrence__series__in=series_for(user).order_by().values("pk"),
        )
        .select_related("occurrence__series__activity", "decided_by")
        .defer("occurrence__series__rule")
        .order_by("-decided_at", "-pk")[:SHOWN]
    )
    for change in decided:
        series = change.occurrence.series
        yield Change(
            change.decided_at,
            _date_words(change, series.zone),
            series.activity.title,
            reverse("lms_sessions", args=[series.activity.key]),
            _name(change.decided_by_id, change.decided_by),
        )


def _date_words(change: ScheduleChange, zone: str) -> str:
    if change.state == ScheduleChange.State.DISMISSED:
        return _("Kept a session as it is")
    if change.kind == ScheduleChange.Kind.CANCEL:
        return _("Cancelled a session")
    if change.new_starts_at is None or change.new_ends_at is None:
        return _("Moved a session")
    return _("Moved a session to %(day)s, %(time)s") % {
        "day": date_words(change.new_starts_at, zone),
        "time": span_words(change.new_starts_at, change.new_ends_at, zone),
    }


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rules(user: Any, entries: list[PageLogEntry]) -> Iterator[Change]:
    before = OutlineVersion.objects.filter(
        activity=OuterRef("activity"), number__lt=OuterRef("number")
    ).order_by("-number")
    versions = (
        OutlineVersion.objects.filter(number__gt=1, activity__in=courses_for(user).order_by().values("pk"))
        .select_related("activity")
        .annotate(rules_before=Subquery(before.values("rules")[:1]))
        .order_by("-started_at", "-pk")[:SHOWN]
    )
    for version in versions:
        same = version.rules == version.rules_before
        yield Change(
            version.started_at,
            _("Changed what the course consists of") if same else _("Changed what it takes to finish"),
            version.activity.title,
            reverse("lms_enrolments", args=[version.activity.key]),
            _who(version.started_at, entries),
        )


def _who(moment: dt.datetime, entries: list[PageLogEntry]) -> str:
    """Return who did what an outline followed from; nothing where nobody did it just then."""
    near = [
        entry
        for entry in entries
        if -COMPILED_WITHIN <= moment - entry.timestamp <= COMPILED_WITHIN and entry.user_id
    ]
    entry = min(near, key=lambda each: abs(moment - each.timestamp), default=None)
    return _name(entry.user_id, entry.user) if entry else ""
