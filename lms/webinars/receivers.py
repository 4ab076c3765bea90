"""What this area writes when others report news. Connected from the app's ready()."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lms import signals
from lms.catalogue import kinds
from lms.catalogue.models import Activity
from lms.webinars import person, receivers_attendance
from lms.webinars.services.series import compile_series

SERIES = "webinar_series"


def connect() -> None:
    """Register this area's kinds and connect its receivers. Called once, when all apps are loaded."""
    kinds.register(kinds.Kind(SERIES, _("webinar series"), level=10))
    kinds.register(kinds.Kind("occurrence", _("session")))
    signals.compiled.connect(series_compiled, weak=False, dispatch_uid="lms.webinars.series_compiled")
    receivers_attendance.connect()
    person.connect()


def series_compiled(sender: type, activity: Activity, page: Any | None, changed: bool, **kwargs: Any) -> int:
    """A page was compiled: if it is a series, its sessions follow. Returns how many rows were written."""
    if activity.kind != SERIES:
        return 0
    return compile_series(activity=activity, page=page, renamed=changed)
