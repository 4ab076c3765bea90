"""A recording watched: the parts seen are merged, and the ledger hears of each further step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.catalogue.models import Activity
from lms.core import clock
from lms.core.exceptions import KelasError
from lms.core.intervals import seconds, union
from lms.progress.models import LearningRecord, Watching
from lms.progress.services.ledger import Statement, lock_learners, record

#: The ledger hears of every tenth of a recording, and of the moment at which the share that is asked for is reached.
STEPS = 10
#: The fastest that players play; and how far the clocks of phone and server may be apart, in seconds.
FASTEST = 2
SLACK_SECONDS = 60
#: Parts that one report may name. A player that reports every half minute sends one or two.
MOST_SPANS = 200


class Implausible(KelasError):
    """More was reported as watched than time has passed for."""

    code = "implausible"


class BadSpans(KelasError):
    """What was reported is no list of parts of the recording."""

    code = "bad-spans"


def read_spans(value: Any) -> list[tuple[int, int]]:
    """Return parts of a recording from what a player sent.

    Args:
        value: pairs of seconds from the beginning, ``[[0, 30], [45.5, 60]]``; fractions are cut off.

    Raises:
        BadSpans: it is anything else.
    """
    refusal = BadSpans(_("Send the parts that were watched as pairs of seconds, for example [[0, 30]]."))
    if not isinstance(value, list) or len(value) > MOST_SPANS:
        raise refusal
    spans = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2:
            raise refusal
        if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in pair):
            raise refusal
        start, end = pair
        if not 0 <= start <= end <= 10**6:  # refuses what is not a number, too
            raise refusal
        spans.append((int(start), int(end)))
    return spans


@transaction.atomic
def record_watched(
    *,
    learner_id: int,
    lesson: Activity,
    spans: Iterable[tuple[int, int]],
    length_seconds: int,
    opened_at: dt.datetime,
    rule: Mapping[str, Any],
    learner_key: str,
) -> int:
    """Keep which parts of a lesson's recording were watched. Reporting the same twice changes nothing.

    Args:
        learner_id: who watched. Whether they may is asked before.
        lesson: whose recording.
        spans: parts seen, pairs of seconds of the recording.
        length_seconds: of the recording; what lies behind its end is left out.
        opened_at: when the learner opened the lesson for the first time; nothing was seen before.
        rule: of the lesson in its outline; ``min_watched`` is a step of its own.
        learner_key: the learner's public id.

    Returns:
        Seconds of the recording seen so far.

    Raises:
        Implausible: the server's clock says that so much cannot have been watched since the last report.
    """
    lock_learners([learner_id])
    now = clock.now()
    row = Watching.objects.select_for_update().filter(learner_id=learner_id, activity=lesson).first()
    before = row.seconds if row else 0
    known = [(start, end) for start, end in row.spans] if row else []
    merged = union([*known, *spans], window=(0, length_seconds))
    total = seconds(merged)
    if total == before:
        return total
    passed = (now - (row.updated_at if row else opened_at)).total_seconds()
    if total - before > FASTEST * max(0, passed) + SLACK_SECONDS:
        raise Implausible(
            _("%(claimed)s seconds cannot have been watched in the %(passed)s seconds since the last report.")
            % {"claimed": total - before, "passed": max(0, int(passed))}
        )
    spans_now = [list(pair) for pair in merged]
    if row is None:
        row = Watching(learner_id=learner_id, activity=lesson)
    row.spans, row.seconds = spans_now, total
    row.save()
    reached = [each for each in _steps(length_seconds, rule) if before < each <= total]
    record(
        [
            Statement(
                cause=f"watched:{lesson.key}:{learner_key}:{step}",
                learner_id=learner_id,
                activity_id=lesson.pk,
                verb=LearningRecord.Verb.WATCHED,
                occurred_at=now,
                duration_seconds=step,
                reason="recording.watched",
                reason_params={"seconds": step, "of": length_seconds},
            )
            for step in reached
        ]
    )
    return total


def _steps(length_seconds: int, rule: Mapping[str, Any]) -> list[int]:
    """Return the amounts that are worth a statement, in seconds: tenths of the recording, and what is asked for."""
    tenths = {-(-length_seconds * tenth // STEPS) for tenth in range(1, STEPS + 1)}
    asked = rule.get("min_watched")
    return sorted(tenths | ({asked} if asked and asked <= length_seconds else set()))
