"""Compiling a series: from its published page to dated sessions, as :mod:`lms.webinars.rules` decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F

from lms import signals
from lms.catalogue.models import Activity
from lms.catalogue.outlines import Part, write_outline
from lms.core import clock
from lms.webinars.fields import rule_text
from lms.webinars.models import Occurrence, ScheduleChange, WebinarSeries
from lms.webinars.queries.schedule import has_people
from lms.webinars.recurrence import expand
from lms.webinars.rules import Present, Proposal, ScheduleDiff, Span, schedule_diff, seconds_needed
from lms.webinars.services.seats import seat_standing_wishes, set_capacity

#: Fields of the page that the series repeats as they are; the rule is kept as text beside them.
COPIED = (
    "start_date",
    "start_time",
    "duration_minutes",
    "zone",
    "join_url",
    "capacity",
    "attend_percent",
    "needed",
    "organiser_name",
    "organiser_email",
)


@transaction.atomic
def compile_series(*, activity: Activity, page: Any | None, renamed: bool = False) -> int:
    """Bring a series and its sessions to what the published page says. Doing it again changes nothing.

    A series whose pages are all unpublished or gone keeps its sessions and the people in them; nobody is told
    anything. It only stops being public, until it is published again or somebody cancels its sessions.

    Args:
        activity: of the kind ``webinar_series``; its row is locked by the caller.
        page: the owner page (on ``WebinarSeriesMixin``), or None when no page is live.
        renamed: a title changed in some language.

    Returns:
        How many rows were written.

    Raises:
        RuleError: the page's rule cannot become sessions.
    """
    if page is None:
        series = WebinarSeries.objects.filter(activity=activity).first()
        return mirror_activities(series, activity) if series else 0
    now = clock.now()
    rule = rule_text(page.recurrence)
    slots = expand(
        rule,
        start_date=page.start_date,
        start_time=page.start_time,
        duration_minutes=page.duration_minutes,
        zone=page.zone,
    )
    series, written = _write_series(activity, {name: getattr(page, name) for name in COPIED} | {"rule": rule})
    renamed = renamed or bool({"organiser_name", "organiser_email"} & written)
    # Sessions to come are locked against those who give back a place; who takes one waits for the activity.
    coming = {
        one.pk: one for one in series.occurrences.select_for_update().filter(starts_at__gt=now).order_by("pk")
    }
    past = list(series.occurrences.filter(starts_at__lte=now))
    diff = schedule_diff(slots, _present(past, coming), now=now)
    added = _add(series, activity, diff, now)
    significant = _change(coming, diff, now)
    news = set(significant)
    if renamed:
        for one in coming.values():
            one.revised_at = now
        news |= coming.keys()
    changed = news | diff.slots.keys()
    _save([coming[key] for key in sorted(changed)])
    count = bool(written) + len(added) + len(changed) + _settle_and_propose(diff, now)
    count += mirror_activities(series, activity)
    count += write_series_outline(series)
    if added or news:
        signals.occurrences_changed.send(
            sender=Occurrence,
            occurrence_ids=[one.pk for one in added] + sorted(news),
            significant=sorted(significant),
        )
    seat_standing_wishes(occurrence_ids=[one.pk for one in added if one.starts_at > now])
    return count + set_capacity(
        occurrence_ids=[one.pk for one in coming.values() if one.status == Occurrence.Status.SCHEDULED],
        capacity=series.capacity,
    )


def lock_schedule(series_id: int) -> None:
    """Lock what everybody locks first who changes a schedule or takes a seat: the activity of the series."""
    Activity.objects.select_for_update(of=("self",)).get(webinar_series=series_id)


def write_series_outline(series: WebinarSeries) -> int:
    """Write the outline of a series: its sessions that take place, in order. Returns 1 if there is a new version.

    Attending a session means presence for the series' share of its length, rounded up to a whole second.
    """
    sessions = series.occurrences.filter(status=Occurrence.Status.SCHEDULED).order_by("starts_at", "pk")
    parts = [
        Part(
            activity_id,
            rule={"min_seconds": seconds_needed(ends_at - starts_at, percent=series.attend_percent)},
        )
        for activity_id, starts_at, ends_at in sessions.values_list("activity_id", "starts_at", "ends_at")
    ]
    rules = {"needed": series.needed} if series.needed else {}
    activity = Activity.objects.get(pk=series.activity_id)
    return int(write_outline(activity=activity, parts=parts, rules=rules) is not None)


def session_title(title: str, starts_at: dt.datetime, zone: str) -> str:
    """Return the title of a session where none of its own words fit: that of its series and the local date.

    The date is written as in ISO 8601, because one title serves all languages.
    """
    date = clock.wall_clock(starts_at, zone).date().isoformat()
    return f"{title[: 255 - len(date) - 3]} · {date}"


def mirror_activities(series: WebinarSeries, activity: Activity) -> int:
    """Keep the activities of all sessions in step with their series: live, public, site, title. Returns how many."""
    changed = []
    for one in Activity.objects.filter(occurrence__series=series).annotate(
        starts_at=F("occurrence__starts_at")
    ):
        wanted = _mirrored(activity) | {"title": session_title(activity.title, one.starts_at, series.zone)}
        if any(getattr(one, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(one, name, value)
            one.updated_at = clock.now()
            changed.append(one)
    if changed:
        Activity.objects.bulk_update(
            changed, ["site", "live", "public", "retired_at", "title", "updated_at"], batch_size=100
        )
    return len(changed)


def _mirrored(activity: Activity) -> dict[str, Any]:
    return {
        "site_id": activity.site_id,
        "live": activity.live,
        "public": activity.public,
        "retired_at": activity.retired_at,
    }


def _write_series(activity: Activity, values: dict[str, Any]) -> tuple[WebinarSeries, set[str]]:
    """Return the series, and the names of what differed."""
    series = WebinarSeries.objects.filter(activity=activity).first()
    if series is None:
        return WebinarSeries.objects.create(activity=activity, **values), set(values)
    different = {name for name, value in values.items() if getattr(series, name) != value}
    if different:
        for name in different:
            setattr(series, name, values[name])
        series.save(update_fields=[*different, "updated_at"])
    return series, different


def _present(past: Iterable[Occurrence], coming: dict[int, Occurrence]) -> list[Present]:
    people = has_people(coming)
    waiting = {
        change.occurrence_id: Proposal(
            change.kind,
            (change.new_starts_at, change.new_ends_at)
            if change.new_starts_at and change.new_ends_at
            else None,
        )
        for change in ScheduleChange.objects.filter(
            occurrence_id__in=coming, state=ScheduleChange.State.PROPOSED
        )
    }
    return [
        Present(
            key=one.pk,
            original_date=one.original_date,
            ordinal=one.ordinal,
            span=(one.starts_at, one.ends_at),
            slot=(one.slot_starts_at, one.slot_ends_at) if one.slot_starts_at and one.slot_ends_at else None,
            cancelled=one.status == Occurrence.Status.CANCELLED,
            people=one.pk in people,
            proposal=waiting.get(one.pk),
        )
        for one in (*past, *coming.values())
    ]


def _add(series: WebinarSeries, activity: Activity, diff: ScheduleDiff, now: dt.datetime) -> list[Occurrence]:
    activities = Activity.objects.bulk_create(
        Activity(
            kind="occurrence",
            title=session_title(activity.title, slot.starts_at, series.zone),
            **_mirrored(activity),
        )
        for slot in diff.add
    )
    return Occurrence.objects.bulk_create(
        Occurrence(
            series=series,
            activity=own,
            original_date=slot.original_date,
            ordinal=slot.ordinal,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            slot_starts_at=slot.starts_at,
            slot_ends_at=slot.ends_at,
            capacity=series.capacity,
            revised_at=now,
        )
        for own, slot in zip(activities, diff.add, strict=True)
    )


def _change(coming: dict[int, Occurrence], diff: ScheduleDiff, now: dt.datetime) -> set[int]:
    """Change sessions in memory as the diff says; return the ids of those whose time or status is another."""
    for key, slot in diff.slots.items():
        coming[key].slot_starts_at, coming[key].slot_ends_at = slot or (None, None)
    for key, span in diff.move.items():
        revise(coming[key], now, span=span)
    for key in diff.cancel:
        revise(coming[key], now, status=Occurrence.Status.CANCELLED)
    return {*diff.move, *diff.cancel}


def revise(
    occurrence: Occurrence, now: dt.datetime, *, span: Span | None = None, status: str | None = None
) -> None:
    """Change time or status of a session in memory; SEQUENCE rises by one (RFC 5545 3.8.7.4)."""
    if span is not None:
        occurrence.starts_at, occurrence.ends_at = span
    if status is not None:
        occurrence.status = status
    occurrence.sequence += 1
    occurrence.revised_at = now


def _save(rows: list[Occurrence]) -> None:
    for one in rows:
        one.updated_at = clock.now()
    if rows:
        Occurrence.objects.bulk_update(
            rows,
            [
                "starts_at",
                "ends_at",
                "slot_starts_at",
                "slot_ends_at",
                "status",
                "sequence",
                "revised_at",
                "updated_at",
            ],
            batch_size=50,
        )


def _settle_and_propose(diff: ScheduleDiff, now: dt.datetime) -> int:
    if diff.settle:
        ScheduleChange.objects.filter(
            occurrence_id__in=diff.settle, state=ScheduleChange.State.PROPOSED
        ).update(state=ScheduleChange.State.OBSOLETE, decided_at=now, updated_at=now)
    ScheduleChange.objects.bulk_create(
        ScheduleChange(
            occurrence_id=key,
            kind=proposal.kind,
            new_starts_at=proposal.span[0] if proposal.span else None,
            new_ends_at=proposal.span[1] if proposal.span else None,
        )
        for key, proposal in diff.propose.items()
    )
    return len(diff.settle) + len(diff.propose)
