"""Panels for our page types. Rules and schedule belong to the owner page; translations show them read-only."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList

from lms.catalogue.queries import holds_rules


class OwnerFieldPanel(FieldPanel):
    """A field that counts on the owner page only (``ActivityPageForm`` keeps it unchanged on a translation)."""

    class BoundPanel(FieldPanel.BoundPanel):
        """The field as shown for one page."""

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            if not holds_rules(self.instance):
                self.help_text = _("Set on the page in the main language; it holds for all translations.")


class SchedulePanel(MultiFieldPanel):
    """The fields that make a series' dates. The recurrence widget finds its neighbours inside this panel."""


class Tab(ObjectList):
    """A tab with the same address in every language. Wagtail takes it from the heading, which is translated."""

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name

    def clone_kwargs(self) -> dict[str, Any]:
        """Keep the name when the tab is bound to a model."""
        return super().clone_kwargs() | {"name": self.name}

    @property
    def clean_name(self) -> str:
        """The end of the tab's address: ``#tab-<name>``."""
        return self.name or super().clean_name
