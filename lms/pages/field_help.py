"""Help beside the fields of our page types that their models do not explain: what it is for, with an example."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

HELP: dict[str, Any] = {
    "body": _(
        "What people read, watch and try. Press the plus sign for a block; the eye beside it shows what it looks like."
    ),
    "level": _("How much somebody should know already. Levels have a title in each language: see the menu."),
    "topics": _(
        "What it is about. People find it by these; a topic that no course has is not offered to them."
    ),
    "enrolment_mode": _(
        "Open to everybody means that anybody can begin at once. With approval, requests wait under “Courses” in the menu."
    ),
    "counted_attempt": _("When somebody tries several times: which of their results stands."),
    "show_results": _(
        "When a learner sees how many points they have, and which answers were right or wrong."
    ),
    "speakers": _("One block for each person. The same name on two series is one person, so write it alike."),
    "start_time": _("On the clock of the time zone below, such as 19:00."),
    "duration_minutes": _("From the start until the end. 90 is an hour and a half."),
    "zone": _(
        "Where the hour above is meant. Visitors see it in their own zone as well: 19:00 WIB is 20:00 WITA."
    ),
    "organiser_name": _(
        "Who invites. It stands in calendars and mails; leave it empty for the name of the site."
    ),
    "organiser_email": _("Where an answer to an invitation arrives. Everybody who registers can read it."),
    "attend_percent": _(
        "Who is there for at least this share of the minutes has attended: 70% of 90 minutes are 63."
    ),
}


def described(panels: Iterable[Any]) -> list[Any]:
    """Give the panels of such fields their help, at any depth; one that has words of its own keeps them.

    Args:
        panels: not bound to a model yet.
    """
    panels = list(panels)
    for panel in panels:
        if isinstance(panel, FieldPanel) and not panel.help_text:
            panel.help_text = HELP.get(panel.field_name, "")
        described(getattr(panel, "children", ()))
    return panels
