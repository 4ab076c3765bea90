"""Who decided about the people of a course, in Wagtail's log of its page: what and how many, never whom."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogFormatter, log

from lms.catalogue.models import Activity
from lms.core.base_page import base_page

ACTIONS = {
    "lms.enrolment.approve": (_("Let people into a course"), _("Let people in: %(number)s")),
    "lms.enrolment.decline": (_("Decline requests for a course"), _("Declined requests: %(number)s")),
    "lms.enrolment.withdraw": (_("Take people out of a course"), _("Took people out: %(number)s")),
    "lms.enrolment.cohort": (_("Give people a seat in a cohort"), _("Gave seats in a cohort: %(number)s")),
    "lms.enrolment.enrol": (_("Enrol a list of people"), _("Enrolled from a list: %(number)s")),
    "lms.enrolment.again": (_("Start a further run"), _("Started further runs: %(number)s")),
    "lms.enrolment.waive": (_("Exempt a learner"), _("Exempted a learner: %(number)s")),
    "lms.enrolment.unwaive": (_("Take an exemption back"), _("Took exemptions back: %(number)s")),
}


def register_actions(registry: Any) -> None:
    """Make the actions known to Wagtail's log (hook ``register_log_actions``)."""
    for action, (label, words) in ACTIONS.items():
        registry.register_action(action)(_formatter(label, words))


def _formatter(label: Any, words: Any) -> type[LogFormatter]:
    class Formatter(LogFormatter):
        def format_message(self, log_entry: Any) -> str:
            return str(words) % {"number": log_entry.data.get("number", "–")}

    Formatter.label = label
    return Formatter


def note(*, course: Activity, user: Any, what: str, number: int) -> None:
    """Write into the log of a course's page that somebody decided about so many people; nothing where nothing changed.

    Args:
        course: as ``courses_for`` returns it, so that its page is known.
        user: who decided.
        what: the last word of one of the actions.
        number: people, or runs.
    """
    page_id = getattr(course, "governing_page_id", None)
    page = base_page().objects.filter(pk=page_id).first() if page_id and number else None
    if page is not None:
        log(instance=page, action=f"lms.enrolment.{what}", user=user, data={"number": number})
