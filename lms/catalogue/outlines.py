"""Writing outlines: a new version when, and only when, something changed. Versions are never edited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from lms import signals
from lms.catalogue.models import Activity, OutlineItem, OutlineVersion
from lms.core import clock


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an outline to be: an activity, and what its owner page says of it.

    ``parent`` is the place in the sequence (from 0) of the part that groups it.
    """

    activity_id: int
    required: bool = True
    group: bool = False
    parent: int | None = None
    rule: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def write_outline(
    *, activity: Activity, parts: Sequence[Part], rules: dict[str, Any]
) -> OutlineVersion | None:
    """Make a new current version of an activity's outline if it differs from the present one.

    Args:
        activity: the owner (a course, a series). Its row should be locked by the caller.
        parts: in order; an activity at most once.
        rules: plain JSON that ``lms.progress.rules`` understands.

    Returns:
        The new version, or None when nothing changed.
    """
    fingerprint = _fingerprint(parts, rules)
    current = activity.outline_versions.filter(ended_at=None).first()
    if current and current.fingerprint == fingerprint:
        return None
    now = clock.now()
    number = 1
    if current:
        now = max(now, current.started_at)
        number = current.number + 1
        OutlineVersion.objects.filter(pk=current.pk).update(ended_at=now)
    version = OutlineVersion.objects.create(
        activity=activity, number=number, rules=rules, fingerprint=fingerprint, started_at=now
    )
    rows: list[OutlineItem] = []
    for position, part in enumerate(parts):
        rows.append(
            OutlineItem.objects.create(
                version=version,
                activity_id=part.activity_id,
                parent=rows[part.parent] if part.parent is not None else None,
                position=position,
                required=part.required,
                group=part.group,
                rule=part.rule,
            )
            if part.group
            else OutlineItem(
                version=version,
                activity_id=part.activity_id,
                parent=rows[part.parent] if part.parent is not None else None,
                position=position,
                required=part.required,
                rule=part.rule,
            )
        )
    OutlineItem.objects.bulk_create([row for row in rows if row.pk is None])
    signals.outline_versioned.send(sender=OutlineVersion, activity_id=activity.pk, version_id=version.pk)
    return version


def differs(*, activity_id: int, parts: Sequence[Part], rules: dict[str, Any]) -> bool:
    """Say whether ``write_outline`` would make a new version of this."""
    current = OutlineVersion.objects.filter(activity_id=activity_id, ended_at=None).first()
    return current is None or current.fingerprint != _fingerprint(parts, rules)


def _fingerprint(parts: Sequence[Part], rules: dict[str, Any]) -> str:
    plain = [[p.activity_id, p.required, p.group, p.parent, p.rule] for p in parts]
    return hashlib.sha256(json.dumps([plain, rules], sort_keys=True).encode()).hexdigest()
