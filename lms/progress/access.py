"""What of a course is open to one learner, and why not: the outline in force, judged by the rules of opening."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms.catalogue.models import Activity, OutlineVersion
from lms.core import clock
from lms.progress import rules
from lms.progress.models import Completion, Enrolment, EnrolmentPolicy, LearningRecord
from lms.progress.queries import Standing, standings, with_parts

#: Reasons why nothing of a course is open: there is no run, it waits for approval, was declined or left, has ended, begins later.
NOT_ENROLLED = "not_enrolled"
REQUESTED = "requested"
DECLINED = "declined"
WITHDRAWN = "withdrawn"
ENDED = "ended"
STARTS_LATER = "date"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an outline for one learner. No locks: it is open."""

    activity_id: int
    place: int
    parent: int | None
    group: bool
    counts: bool
    rule: Mapping[str, Any]
    done_at: dt.datetime | None
    locks: Sequence[rules.Lock]
    opened_at: dt.datetime | None = None

    @property
    def open(self) -> bool:
        """Say whether it may be opened now."""
        return not self.locks

    def seconds_to_wait(self, now: dt.datetime) -> int:
        """Return for how many seconds longer it cannot be marked as done."""
        return rules.seconds_to_wait(self.rule, opened_at=self.opened_at, now=now)


@dataclass(frozen=True, slots=True)
class Access:
    """What one learner may open of one course, and how far they are: ``reached`` of ``needed`` steps.

    ``closed``: why nothing of it is open, whatever a part itself asks for.
    """

    activity_id: int
    enrolment: Enrolment | None
    standing: Standing | None
    version: rules.Version
    parts: Sequence[Part]
    reached: int
    needed: int
    prerequisites: Sequence[int]
    closed: Sequence[rules.Lock] = ()

    def part(self, activity_id: int) -> Part | None:
        """Return the part that an activity is, or None when the outline in force lacks it."""
        return next((each for each in self.parts if each.activity_id == activity_id), None)

    @property
    def next_part(self) -> Part | None:
        """Return what to do next: the first open part that counts and is not done, else the first that is open and undone."""
        undone = [each for each in self.parts if not each.group and each.done_at is None and each.open]
        return next((each for each in undone if each.counts), undone[0] if undone else None)


def access_of(
    *,
    learner_id: int | None,
    activity_id: int,
    now: dt.datetime | None = None,
    in_force: OutlineVersion | None = None,
) -> Access | None:
    """Return what of a course is open to a learner by their latest run.

    Args:
        learner_id: whose; None for somebody unknown, to whom only what needs no run is open.
        activity_id: a course, or whatever has an outline.
        now: the server's time; dates are meant in the default zone.
        in_force: the outline in force, where the caller has it already; that saves a query.

    Returns:
        None when there is no outline. At most six queries, and one more for an outline
        that this process has not read yet, whatever the size of the course.
    """
    row = in_force or OutlineVersion.objects.filter(activity_id=activity_id, ended_at=None).first()
    if row is None:
        return None
    version = replace(
        with_parts([row])[0], prerequisites=prerequisites_by_key(row.rules.get("prerequisites", ()))
    )
    now = now or clock.now()
    today = day_of(now)
    enrolment = (
        Enrolment.objects.filter(learner_id=learner_id, activity_id=activity_id)
        .select_related("cohort", "completion")
        .order_by("-run")
        .first()
        if learner_id
        else None
    )
    standing = standings([enrolment])[enrolment.pk] if enrolment else None
    done: Mapping[int, dt.datetime] = standing.done if standing else {}
    completed = _completed(learner_id, version.prerequisites)
    closed = _closed(enrolment, today=today, now=now)
    opened = _opened(learner_id, [item.activity_id for item in version.items])
    started_on = day_of(enrolment.started_at) if enrolment else today
    counting = {item.activity_id for item in rules.asked(version)[0]}
    parts = [
        Part(
            activity_id=item.activity_id,
            place=place,
            parent=item.parent,
            group=item.group,
            counts=item.activity_id in counting,
            rule=item.rule,
            done_at=done.get(item.activity_id),
            locks=closed
            or rules.locks(
                version, place, done=done, completed=completed, started_on=started_on, today=today
            ),
            opened_at=opened.get(item.activity_id),
        )
        for place, item in enumerate(version.items)
    ]
    reached, needed = rules.steps(version, done)
    return Access(
        activity_id, enrolment, standing, version, parts, reached, needed, version.prerequisites, closed
    )


def open_to_all(activity_ids: Collection[int]) -> set[int]:
    """Return those of some courses whose lessons everybody may read: open enrolment, free order, nothing needed before.

    A part of one may still open later; ``opens_later`` says which. Two queries.
    """
    closed = set(
        EnrolmentPolicy.objects.filter(activity_id__in=activity_ids)
        .exclude(mode=EnrolmentPolicy._meta.get_field("mode").default)
        .values_list("activity_id", flat=True)
    )
    for pk, found in OutlineVersion.objects.filter(activity_id__in=activity_ids, ended_at=None).values_list(
        "activity_id", "rules"
    ):
        if not _free(found):
            closed.add(pk)
    return set(activity_ids) - closed


def is_open_to_all(version: OutlineVersion) -> bool:
    """Say the same of one course, by its outline in force. No query where the activity came with its ``enrolment_policy``."""
    policy = getattr(version.activity, "enrolment_policy", None)
    mode = EnrolmentPolicy._meta.get_field("mode").default
    return (policy is None or policy.mode == mode) and _free(version.rules)


def _free(found: Mapping[str, Any]) -> bool:
    return not (found.get("order") or found.get("prerequisites"))


def opens_later(version: rules.Version, place: int, *, today: dt.date) -> bool:
    """Say whether a part has a day of opening, its own or that of what groups it, that is to come for somebody.

    Days after the start differ from learner to learner: such a part is never open to all.
    """
    at: int | None = place
    while at is not None:
        rule = version.items[at].rule
        if "opens_after_days" in rule or dt.date.fromisoformat(rule.get("opens_on", "0001-01-01")) > today:
            return True
        at = version.items[at].parent
    return False


def day_of(moment: dt.datetime) -> dt.date:
    """Return the date of a moment in the default zone, in which opening days are meant."""
    return clock.wall_clock(moment, clock.default_zone()).date()


def _closed(enrolment: Enrolment | None, *, today: dt.date, now: dt.datetime) -> list[rules.Lock]:
    """Return the one reason why nothing is open; nothing while a run is going on."""
    if enrolment is None:
        return [rules.Lock(NOT_ENROLLED)]
    states = {
        Enrolment.State.REQUESTED: REQUESTED,
        Enrolment.State.DECLINED: DECLINED,
        Enrolment.State.WITHDRAWN: WITHDRAWN,
    }
    code = states.get(Enrolment.State(enrolment.state))
    if code:
        return [rules.Lock(code)]
    if enrolment.ends_at is not None and enrolment.ends_at <= now:
        return [rules.Lock(ENDED)]
    if enrolment.cohort is not None and enrolment.cohort.starts_on > today:
        return [rules.Lock(STARTS_LATER, opens_on=enrolment.cohort.starts_on)]
    return []


def prerequisites_in_force(activity_id: int) -> tuple[int, ...]:
    """Return the live activities to complete before a course opens: at most two queries."""
    found = (
        OutlineVersion.objects.filter(activity_id=activity_id, ended_at=None)
        .values_list("rules", flat=True)
        .first()
    )
    return prerequisites_by_key((found or {}).get("prerequisites", ()))


def prerequisites_by_key(keys: Sequence[str]) -> tuple[int, ...]:
    """Return the live activities of some translation keys. One that is no longer offered is needed by nobody."""
    wanted = [uuid.UUID(each) for each in keys]
    if not wanted:
        return ()
    rows = Activity.objects.filter(translation_key__in=wanted, live=True).values_list("translation_key", "pk")
    ids = dict(rows)
    return tuple(ids[key] for key in wanted if key in ids)


def _completed(learner_id: int | None, activity_ids: Sequence[int]) -> set[int]:
    if not learner_id or not activity_ids:
        return set()
    return set(
        Completion.objects.filter(
            enrolment__learner_id=learner_id, enrolment__activity_id__in=activity_ids
        ).values_list("enrolment__activity_id", flat=True)
    )


def _opened(learner_id: int | None, activity_ids: Sequence[int]) -> dict[int, dt.datetime]:
    """Return activity id → when the learner opened it for the first time."""
    if not learner_id:
        return {}
    rows = LearningRecord.objects.filter(
        learner_id=learner_id, activity_id__in=activity_ids, verb=LearningRecord.Verb.EXPERIENCED
    )
    return dict(rows.order_by("-occurred_at").values_list("activity_id", "occurred_at"))
