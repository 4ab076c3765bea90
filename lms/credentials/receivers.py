"""What credentials writes when others report news: offers on publishing, certificates due on completion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lms import signals
from lms.catalogue.models import Activity
from lms.core import work
from lms.credentials import person, services
from lms.credentials.models import CertificateOffer


def connect() -> None:
    """Connect the receivers of this area. Called once, when all apps are loaded."""
    from lms.credentials import tasks  # noqa: PLC0415 -- app ready

    signals.compiled.connect(compiled, dispatch_uid="lms.credentials.compiled")
    signals.completed.connect(completed, dispatch_uid="lms.credentials.completed")
    signals.completion_lost.connect(completion_lost, dispatch_uid="lms.credentials.completion_lost")
    work.register_sweep("credentials", tasks.sweep)
    person.connect()


def compiled(sender: type, activity: Activity, page: Any, **kwargs: Any) -> int:
    """Keep which certificate an activity leads to, as its owner page says. Returns how many rows changed."""
    if page is None:
        return 0  # what somebody earned before the page went is still issued
    design_id = getattr(page, "certificate_design_id", None)
    there = CertificateOffer.objects.filter(activity=activity).first()
    if design_id is None:
        return there.delete()[0] if there else 0
    if there and there.design_id == design_id:
        return 0
    CertificateOffer.objects.update_or_create(activity=activity, defaults={"design_id": design_id})
    return 1


def completed(sender: type, completion_ids: Sequence[int], **kwargs: Any) -> None:
    """Completion makes a certificate due."""
    services.make_due(completion_ids=completion_ids)


def completion_lost(sender: type, lost: Sequence[tuple[int, int, int]], **kwargs: Any) -> None:
    """What was taken back before it was issued is not issued."""
    services.withdraw_due(lost=lost)
