"""The academy's own app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """Page types of the academy that Kelas does not bring: the home page and plain pages."""

    name = "academy.home"
    label = "home"
    verbose_name = _("Academy")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what needs the app registry to be complete."""
        from academy.home import receivers, share  # noqa: PLC0415 -- app ready
        from lms.core.work import register_sweep  # noqa: PLC0415 -- app ready

        receivers.connect()
        register_sweep("share pictures", share.sweep)
