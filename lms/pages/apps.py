"""The optional app with ready-made page types."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KelasPagesConfig(AppConfig):
    """Add ``"lms.pages"`` to INSTALLED_APPS to use these page types; leave it out to make your own on the mixins."""

    name = "lms.pages"
    label = "lms_pages"
    verbose_name = _("Learning pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect receivers, and tell an installed wagtail-localize what is not for translators."""
        from lms.pages import receivers  # noqa: PLC0415 -- app ready
        from lms.pages.translating import synchronise_rules  # noqa: PLC0415 -- app ready

        receivers.connect()
        synchronise_rules()
