"""The list at the top of the page editor: what stops publishing, what is good to know, and a way to each field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.admin.staticfiles import versioned_static

from lms.wagtailadmin.checks.reading import read_facts
from lms.wagtailadmin.checks.rules import findings
from lms.wagtailadmin.checks.values import Finding, Level
from lms.wagtailadmin.checks.words import sentences


class ChecksPanel(Panel):
    """Put it first in the panels of a page type of your own on our mixins."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Before publishing"), "icon": "tasks"} | kwargs)

    class BoundPanel(Panel.BoundPanel):
        """The findings of one page."""

        template_name = "lms/wagtailadmin/checks.html"

        @property
        def media(self) -> forms.Media:
            """The links open the tab in which a field stands."""
            return super().media + forms.Media(
                css={"all": [versioned_static("lms/admin/checks/checks.css")]},
                js=[versioned_static("lms/admin/checks/checks.js")],
            )

        def is_shown(self) -> bool:
            """A page that was never saved has nothing to look through, and an alias is not edited."""
            return super().is_shown() and self.instance.pk is not None and not self.instance.alias_of_id

        @cached_property
        def found(self) -> list[dict[str, Any]]:
            """The findings in words, what stops publishing first. What is so in several blocks is said once, with a number."""
            rows: dict[tuple[Any, ...], dict[str, Any]] = {}
            for each in findings(read_facts(self.instance)):
                row = self._shown(each)
                same = (row["stops"], row["what"], row["todo"], row["field"], row["url"])
                rows.setdefault(same, row | {"count": 0})["count"] += 1
            return list(rows.values())

        def _shown(self, finding: Finding) -> dict[str, Any]:
            what, todo = sentences(finding)
            field = self.form.fields.get(finding.field) if finding.field else None
            return {
                "stops": finding.level == Level.STOP,
                "what": what,
                "todo": todo,
                "field": finding.field if field is not None else "",
                "label": field.label if field is not None else "",
                "block": finding.block,
                "url": reverse("wagtailadmin_pages:edit", args=[finding.page_id]) if finding.page_id else "",
            }

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the findings."""
            return super().get_context_data(parent_context) | {
                "stops": [each for each in self.found if each["stops"]],
                "tells": [each for each in self.found if not each["stops"]],
            }
