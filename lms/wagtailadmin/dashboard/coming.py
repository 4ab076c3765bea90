"""What is next: the next sessions of somebody's series, with their seats and what is missing for them."""

from __future__ import annotations

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core import clock
from lms.wagtailadmin.dashboard.base import HomePanel
from lms.wagtailadmin.scope import series_for
from lms.webinars.models import Occurrence
from lms.webinars.queries import schedule

#: Sessions that the panel names.
SHOWN = 5


class ComingPanel(HomePanel):
    """Dashboard: the next sessions, or how to make the first one."""

    name = "lms_coming"
    template_name = "lms/wagtailadmin/dashboard/coming.html"
    order = 140

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Return the sessions: at most three queries."""
        mine = series_for(parent_context["request"].user)
        coming = schedule.coming_sessions(within=mine, now=clock.now())
        sessions = list(coming[:SHOWN])
        for one in sessions:
            one.seats = seats_words(one)
            one.joins = bool(one.join_url or one.series.join_url)
        lacking = {one.series_id for one in sessions if not one.joins}
        pages = dict(mine.filter(pk__in=lacking).values_list("pk", "governing_page_id")) if lacking else {}
        for one in sessions:
            one.page_id = pages.get(one.series_id)
        # Fewer than are shown are all there are.
        total = coming.count() if len(sessions) == SHOWN else len(sessions)
        return {"sessions": sessions, "more": total - len(sessions), "total": total}


def seats_words(occurrence: Occurrence) -> str:
    """Return how many of how many seats are taken, from ``registered``; without a limit how many people come."""
    number = occurrence.registered  # type: ignore[attr-defined]
    values = {"number": intcomma(number)}
    if occurrence.capacity is not None:
        values["seats"] = intcomma(occurrence.capacity)
        words = ngettext(
            "%(number)s of %(seats)s seat is taken",
            "%(number)s of %(seats)s seats are taken",
            occurrence.capacity,
        )
        return words % values
    if not number:
        return _("Nobody has registered; there is no limit")
    words = ngettext(
        "%(number)s person has registered; there is no limit",
        "%(number)s people have registered; there is no limit",
        number,
    )
    return words % values
