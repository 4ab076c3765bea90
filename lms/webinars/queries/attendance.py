"""Reads for attendance: what reports say about people at one session, and which presence the rules ask for."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from lms import conf
from lms.core import clock
from lms.progress import rules
from lms.progress.queries import outline_as_rules
from lms.webinars.models import Attendance, AttendanceImport, Occurrence, PresenceInterval, ReportPerson
from lms.webinars.presence import Presence, Stay, measure
from lms.webinars.rules import seconds_needed

#: Up to this many learners a query names them; for more, the session is read as a whole. (Both are one query.)
FEW = 500


@dataclass(frozen=True, slots=True)
class Found:
    """What reports say about one learner at one session. ``reported_on``: the day of the first of them, local."""

    presence: Presence
    reported_on: dt.date


def window_of(occurrence: Occurrence) -> Stay:
    """Return start and end of a session in whole seconds (POSIX time)."""
    return seconds_of(occurrence.starts_at), seconds_of(occurrence.ends_at)


def seconds_of(moment: dt.datetime) -> int:
    """Return an aware moment as whole seconds (POSIX time), rounded down."""
    return math.floor(moment.timestamp())


def moment_of(seconds: int) -> dt.datetime:
    """Return whole seconds (POSIX time) as an aware moment in UTC."""
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)


def applied_reports(occurrence_id: int) -> list[int]:
    """Return the ids of the reports that count for a session, oldest first."""
    return list(
        AttendanceImport.objects.filter(occurrence_id=occurrence_id, state=AttendanceImport.State.APPLIED)
        .order_by("created_at", "pk")
        .values_list("pk", flat=True)
    )


def presences(
    occurrence: Occurrence, *, report_ids: Iterable[int], learner_ids: Collection[int] | None = None
) -> dict[int, Found]:
    """Return learner id → what these reports say, for learners with any presence inside the session: three queries.

    Args:
        occurrence: the session, with its series.
        report_ids: the reports to count, applied or not: applying one is foretold by counting it.
        learner_ids: whose presence is wanted; None for everybody's.
    """
    report_ids = list(report_ids)
    days = {
        pk: clock.wall_clock(created_at, occurrence.series.zone).date()
        for pk, created_at in AttendanceImport.objects.filter(pk__in=report_ids).values_list(
            "pk", "created_at"
        )
    }
    people = ReportPerson.objects.filter(attendance_import_id__in=report_ids, learner__isnull=False)
    stays = PresenceInterval.objects.filter(
        person__attendance_import_id__in=report_ids, person__learner__isnull=False
    )
    wanted = None if learner_ids is None else set(learner_ids)
    if wanted is not None and len(wanted) <= FEW:
        people = people.filter(learner_id__in=wanted)
        stays = stays.filter(person__learner_id__in=wanted)
    totals: dict[int, list[int]] = defaultdict(list)
    listed: dict[int, set[int]] = defaultdict(set)
    for learner_id, report_id, total in people.values_list(
        "learner_id", "attendance_import_id", "duration_only_seconds"
    ):
        listed[learner_id].add(report_id)
        if total:
            totals[learner_id].append(total)
    reports: dict[int, dict[int, list[Stay]]] = defaultdict(lambda: defaultdict(list))
    for learner_id, report_id, joined_at, left_at in stays.values_list(
        "person__learner_id", "person__attendance_import_id", "joined_at", "left_at"
    ):
        reports[learner_id][report_id].append((seconds_of(joined_at), seconds_of(left_at)))
    window = window_of(occurrence)
    bridge = conf.BRIDGE_SECONDS
    found = {}
    for learner_id, report_set in listed.items():
        if wanted is not None and learner_id not in wanted:
            continue
        presence = measure(
            reports[learner_id].values() if learner_id in reports else (),
            totals.get(learner_id, ()),
            window=window,
            bridge_seconds=bridge,
        )
        if presence.seconds:
            found[learner_id] = Found(presence, min(days[pk] for pk in report_set))
    return found


def occurred_at(occurrence: Occurrence, presence: Presence) -> dt.datetime:
    """Return when a presence counts as having happened: its last second inside the session, else the session's end."""
    if presence.last_counted is None:
        return occurrence.ends_at
    return moment_of(presence.last_counted)


def attended_rule(occurrence: Occurrence) -> Callable[[int, dt.datetime], bool]:
    """Return a function (seconds, occurred at) → whether that is enough: two queries now, none when it is called.

    Enough means enough under any version of the series' outline that had not ended before the presence occurred. A later
    version that asks for more takes nothing from anybody.
    """
    asked = [
        (item, version.ended_at)
        for version in outline_as_rules(occurrence.series.activity_id)
        for item in version.items
        if item.activity_id == occurrence.activity_id
    ]

    def attended(seconds: int, moment: dt.datetime) -> bool:
        evidence = [rules.Evidence("attended", moment, seconds)]
        return any(rules.done_at(item, evidence, before=ended_at) is not None for item, ended_at in asked)

    return attended


def needed_seconds(occurrence: Occurrence) -> int:
    """Return how long the series asks people to be there today: its share of the session's length, rounded up."""
    length = occurrence.ends_at - occurrence.starts_at
    return seconds_needed(length, percent=occurrence.series.attend_percent)


def learners_of_reports(occurrence_id: int) -> list[int]:
    """Return everybody whose attendance at a session may need deriving: whom a report names, and who has attendance."""
    named = ReportPerson.objects.filter(
        attendance_import__occurrence_id=occurrence_id, learner__isnull=False
    ).values_list("learner_id", flat=True)
    present = Attendance.objects.filter(occurrence_id=occurrence_id).values_list("learner_id", flat=True)
    return sorted({*named, *present})
