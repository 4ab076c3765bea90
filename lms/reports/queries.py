"""Results of a course: for many runs at a time, in a number of queries that does not grow with people or parts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from lms.catalogue.models import Activity
from lms.catalogue.queries import title_in, with_titles
from lms.credentials.queries import for_activities
from lms.progress import rules, runs
from lms.progress.queries import current_outlines, outline_in_force

#: Runs whose results are gathered at a time.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a course's outline. ``counts``: it is required, as is everything that groups it."""

    activity_id: int
    key: Any
    kind: str
    title: str
    place: int
    group: bool
    counts: bool
    depth: int
    rule: Mapping[str, Any]
    #: Where minutes are counted: the activity itself, or the sessions of a series.
    counted_in: tuple[int, ...] = ()


@dataclass(slots=True)
class Cell:
    """What one run has of one part: when it was done, the best scaled score, seconds there or watched, an exemption."""

    done_at: dt.datetime | None = None
    score: float | None = None
    seconds: int | None = None
    waived: bool = False


@dataclass(slots=True)
class Result:
    """One run: the row of the database, what it has of each part (by activity id), and the certificate that stands."""

    run: Any
    cells: dict[int, Cell] = field(default_factory=dict)
    serial: str = ""


def parts_of(course_id: int, language: str) -> list[Part]:
    """Return the parts of a course's outline in force, in order; an empty list without one. At most seven queries."""
    version = outline_in_force(course_id)
    if version is None:
        return []
    ids = [item.activity_id for item in version.items]
    activities = {each.pk: each for each in with_titles(Activity.objects.filter(pk__in=ids))}
    series = [pk for pk in ids if activities[pk].kind == "webinar_series"]
    inside = current_outlines(series) if series else {}
    counting = {item.activity_id for item in rules.asked(version)[0]}
    depths: list[int] = []
    parts = []
    for place, item in enumerate(version.items):
        depths.append(0 if item.parent is None else depths[item.parent] + 1)
        activity = activities[item.activity_id]
        sessions = inside.get(item.activity_id)
        parts.append(
            Part(
                activity_id=item.activity_id,
                key=activity.key,
                kind=activity.kind,
                title=title_in(activity, language),
                place=place,
                group=item.group,
                counts=item.activity_id in counting,
                depth=depths[place],
                rule=item.rule,
                counted_in=tuple(each.activity_id for each in sessions.items)
                if sessions
                else (item.activity_id,),
            )
        )
    return parts


def required(parts: Iterable[Part]) -> list[Part]:
    """Return the parts that count and can be done."""
    return [part for part in parts if part.counts and not part.group]


def results_of(course_id: int, rows: Sequence[Any], parts: Sequence[Part]) -> list[Result]:
    """Return the results of some runs of a course, in the same order: three queries, however many.

    Args:
        course_id: the course.
        rows: runs, as ``runs_of_course`` returns them.
        parts: what is to be told of each.
    """
    learner_ids = {row.learner_id for row in rows}
    done = runs.done_in([row.pk for row in rows])
    where = {pk: part for part in parts for pk in (part.activity_id, *part.counted_in)}
    said: dict[int, list[Any]] = defaultdict(list)
    for record in runs.said_of(learner_ids=learner_ids, activity_ids=where):
        said[record[0]].append(record)
    serials = {
        (each.learner_id, each.run): each.serial
        for each in for_activities([course_id])
        .filter(learner_id__in=learner_ids, state="valid")
        .order_by("pk")
    }
    found = []
    for row in rows:
        result = Result(row, serial=serials.get((row.learner_id, row.run), ""))
        for part in parts:
            moment = done[row.pk].get(part.activity_id)
            if moment is not None:
                result.cells[part.activity_id] = Cell(done_at=moment)
        for _learner, activity_id, verb, occurred_at, seconds, score in said[row.learner_id]:
            if _counts(row, occurred_at):
                part = where[activity_id]
                _add(result.cells.setdefault(part.activity_id, Cell()), part, verb, seconds, score)
        found.append(result)
    return found


def _counts(run: Any, occurred_at: dt.datetime) -> bool:
    """Say whether something belongs to a run: the first one counts what came before it, too."""
    started = run.run == 1 or occurred_at >= run.started_at
    return started and (run.ends_at is None or occurred_at < run.ends_at)


def _add(cell: Cell, part: Part, verb: str, seconds: int | None, score: float | None) -> None:
    if verb == "waived":
        cell.waived = True
    if score is not None:
        cell.score = score if cell.score is None else max(cell.score, score)
    if seconds is not None:
        if part.kind == "webinar_series":
            cell.seconds = (cell.seconds or 0) + seconds  # of different sessions
        else:
            cell.seconds = max(cell.seconds or 0, seconds)  # the same recording, further


def all_results(course_id: int, rows: QuerySet[Any], parts: Sequence[Part]) -> Iterator[Result]:
    """Yield the results of any number of runs in the order that ``rows`` has, in pieces, so that they fit into memory."""
    ids = list(rows.values_list("pk", flat=True))
    mailable = runs.runs_of_course(course_id).prefetch_related("learner__addresses")
    for start in range(0, len(ids), BATCH):
        piece = ids[start : start + BATCH]
        found = {row.pk: row for row in mailable.filter(pk__in=piece)}
        yield from results_of(course_id, [found[pk] for pk in piece if pk in found], parts)
