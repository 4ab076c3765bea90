"""Panels of our page types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.admin.staticfiles import versioned_static

from lms.catalogue.models import Activity
from lms.catalogue.queries import activity_of, holds_rules
from lms.catalogue.tree import keys_above
from lms.pages.finishing import Finishing, finish_course, finish_part, finish_series
from lms.pages.outline import read_outline


class FinishingPanel(Panel):
    """Shows an editor what a learner must do to finish, in the same words as the published page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("What a learner must do")} | kwargs)

    class BoundPanel(Panel.BoundPanel):
        """The words for one page."""

        template_name = "lms/wagtailadmin/finishing.html"

        @property
        def media(self) -> forms.Media:
            """Lists within lists have marks."""
            return super().media + forms.Media(
                css={"all": [versioned_static("lms/admin/finishing/finishing.css")]}
            )

        def is_shown(self) -> bool:
            """Nothing was compiled of a page that was never saved."""
            return super().is_shown() and self.instance.pk is not None

        def finishing(self) -> Finishing:
            """Return the rules of this page as saved; of its surroundings, and of a translation, those last published."""
            page = self.instance
            activity = activity_of(page)
            draft = page if holds_rules(page) else None
            if page.lms_kind == "webinar_series":
                return finish_series(activity, page.title, draft=draft)
            language = page.locale.language_code
            owner = activity if page.lms_kind == "course" else _course_above(page)
            # Editors see private parts as well.
            outline = read_outline(owner, language=language, request=self.request, private=True)
            if page.lms_kind == "course":
                return finish_course(activity, outline, valid_months=page.valid_months, draft=draft)
            return finish_part(activity, outline, draft=draft)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the words."""
            page = self.instance
            return super().get_context_data(parent_context) | {
                "finishing": self.finishing(),
                "whole": page.lms_kind in ("course", "webinar_series"),
                "pending": page.live and page.has_unpublished_changes,
            }


def _course_above(page: Any) -> Activity | None:
    return Activity.objects.filter(translation_key__in=keys_above(page.path)[:1]).first()
