"""What the owner page says about enrolment, as a row."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from lms.catalogue.mixins import EnrolmentMode
from lms.catalogue.models import Activity
from lms.progress.models import EnrolmentPolicy


@transaction.atomic
def compile_policy(*, activity: Activity, page: Any | None) -> int:
    """Bring the rule of enrolment to what the owner page says; without a live page the last one stays.

    Args:
        activity: what was compiled.
        page: its owner page, specific; None when it has no live page.

    Returns:
        How many rows were written.
    """
    if page is None or not hasattr(page, "enrolment_mode"):
        return 0
    wanted = {"mode": page.enrolment_mode, "valid_months": page.valid_months}
    there = EnrolmentPolicy.objects.filter(activity=activity).first()
    if there is None:
        if wanted == {"mode": EnrolmentMode.OPEN, "valid_months": None}:
            return 0
        EnrolmentPolicy.objects.create(activity=activity, **wanted)
        return 1
    changed = [name for name, value in wanted.items() if getattr(there, name) != value]
    if not changed:
        return 0
    for name in changed:
        setattr(there, name, wanted[name])
    there.save(update_fields=changed)
    return 1
