"""The app: connects receivers, registers kinds, person handlers and checks. Nothing else happens here."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KelasConfig(AppConfig):
    """Kelas for Django. Add ``"lms"`` to INSTALLED_APPS, and ``"lms.pages"`` for ready-made page types."""

    name = "lms"
    label = "lms"
    verbose_name = _("Learning")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what needs the app registry to be complete."""
        from lms import checks  # noqa: F401, PLC0415 -- app ready
        from lms.assessment import receivers as assessment  # noqa: PLC0415 -- app ready
        from lms.calendars import receivers as calendars  # noqa: PLC0415 -- app ready
        from lms.catalogue import receivers as catalogue  # noqa: PLC0415 -- app ready
        from lms.core import page_cache as core_pages  # noqa: PLC0415 -- app ready
        from lms.core import receivers as core  # noqa: PLC0415 -- app ready
        from lms.credentials import receivers as credentials  # noqa: PLC0415 -- app ready
        from lms.notifications import receivers as notifications  # noqa: PLC0415 -- app ready
        from lms.people import receivers as people  # noqa: PLC0415 -- app ready
        from lms.progress import receivers as progress  # noqa: PLC0415 -- app ready
        from lms.webinars import receivers as webinars  # noqa: PLC0415 -- app ready

        core_pages.personal_below("lms_public:person", "lms_public:join")
        for area in (
            core,
            people,
            catalogue,
            progress,
            assessment,
            webinars,
            credentials,
            calendars,
            notifications,
        ):
            area.connect()
