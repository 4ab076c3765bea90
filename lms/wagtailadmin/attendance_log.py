"""Words for what people did with attendance reports, in Wagtail's log and its site history report."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "lms.attendance.preview": (_("Read an attendance report"), _("Read the report for a preview")),
    "lms.attendance.apply": (_("Apply an attendance report"), _("Applied the report")),
    "lms.attendance.undo": (_("Undo an attendance report"), _("Took the report back")),
    "lms.attendance.discard": (_("Discard an attendance report"), _("Discarded the preview")),
    "lms.attendance.decide": (
        _("Decide who somebody in a report is"),
        _("Decided who somebody in the report is"),
    ),
}


def register_actions(registry: Any) -> None:
    """Make the actions known to Wagtail's log (hook ``register_log_actions``)."""
    for action, (label, message) in ACTIONS.items():
        registry.register_action(action, label, message)
