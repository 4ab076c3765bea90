"""A quiz before it begins: its rules in words, earlier attempts, and whether another may start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.assessment import queries as assessment
from lms.assessment.models import Attempt, Counted, Quiz, ShowResults
from lms.core import clock
from lms.core.dates import clock_words, date_words
from lms.learner.words import number_words
from lms.people.models import Learner


@dataclass(frozen=True, slots=True)
class Earlier:
    """An attempt that was made: how it stands, in words. ``counts``: it is the learner's result."""

    attempt: Attempt
    words: str
    when: str
    counts: bool


@dataclass(frozen=True, slots=True)
class QuizIntro:
    """What stands before a quiz. ``refusal``: why no attempt may start now; ``running``: the one to go on with."""

    quiz: Quiz
    rules: Sequence[str]
    earlier: Sequence[Earlier]
    running: Attempt | None
    refusal: str
    passed: bool
    only_tasks: bool = False


def intro_of(learner: Learner, activity_id: int, *, now: dt.datetime) -> QuizIntro | None:
    """Return what a learner reads before a quiz: four queries; None when it was never published.

    Args:
        learner: who.
        activity_id: of the quiz.
        now: the server's time.
    """
    quiz = assessment.quiz_of(activity_id)
    if quiz is None:
        return None
    attempts = assessment.attempts_of(learner.pk, activity_id)
    running = next((each for each in attempts if each.state == Attempt.State.OPEN), None)
    parts = list(quiz.parts.annotate(kind=F("question__kind")))
    # What is drawn from a bank may be of any kind: only tasks that are named make a task of the whole.
    only_tasks = bool(parts) and all(getattr(each, "kind", None) == "written_task" for each in parts)
    refusal = assessment.may_start_after(quiz, attempts, parts=parts)
    result = assessment.result_of(attempts)
    zone = learner.zone or clock.default_zone()
    handed_in = [each for each in attempts if each is not running]
    return QuizIntro(
        quiz=quiz,
        rules=rules_words(
            quiz,
            used=len(attempts),
            count=sum(each.how_many for each in parts),
            only_tasks=only_tasks,
        ),
        earlier=[
            Earlier(each, outcome_words(each), _moment(each.submitted_at, zone), each is result)
            for each in reversed(handed_in)
        ],
        running=running,
        refusal=refusal.words(zone) if refusal else "",
        passed=any(each.passed for each in attempts),
        only_tasks=only_tasks,
    )


def rules_words(quiz: Quiz, *, used: int, count: int, only_tasks: bool = False) -> list[str]:
    """Return the rules of a quiz, a sentence each. No query.

    Args:
        quiz: compiled.
        used: attempts that the learner began.
        count: questions that are asked.
        only_tasks: all of them are written tasks.
    """
    if only_tasks:
        asked = ngettext("%(count)d task.", "%(count)d tasks.", count)
    else:
        asked = ngettext("%(count)s question.", "%(count)s questions.", count)
    words = [asked % {"count": count}]
    if quiz.pass_mark:
        words.append(_("You pass with %(percent)s%% of the points.") % {"percent": quiz.pass_mark})
    else:
        words.append(_("Everybody who hands in passes."))
    if quiz.time_limit_minutes:
        minutes = quiz.time_limit_minutes
        words.append(
            ngettext(
                "You have %(count)s minute from the start. The clock goes on when you are offline.",
                "You have %(count)s minutes from the start. The clock goes on when you are offline.",
                minutes,
            )
            % {"count": minutes}
        )
    else:
        words.append(_("There is no time limit; you can go on later where you stopped."))
    words.append(_attempts_words(quiz, used))
    if quiz.cooling_minutes and quiz.attempts_allowed != 1:
        words.append(
            _("Between two attempts at least %(time)s pass.") % {"time": span_words(quiz.cooling_minutes)}
        )
    if quiz.attempts_allowed != 1:
        words.append(str(COUNTED[Counted(quiz.counted_attempt)]()))
    words.append(str(SHOWN[ShowResults(quiz.show_results)]()))
    return words


COUNTED = {
    Counted.BEST: lambda: _("Your best attempt counts."),
    Counted.LAST: lambda: _("Your last attempt counts."),
    Counted.FIRST: lambda: _("Your first attempt counts; further ones are practice."),
}
SHOWN = {
    ShowResults.ALWAYS: lambda: _("After handing in you see which answers were right."),
    ShowResults.PASSED: lambda: _("When you have passed you see which answers were right."),
    ShowResults.NEVER: lambda: _("After handing in you see your points, not the single answers."),
}


def _attempts_words(quiz: Quiz, used: int) -> str:
    if quiz.attempts_allowed is None:
        return _("You can try as often as you like.")
    left = max(0, quiz.attempts_allowed - used)
    return ngettext(
        "%(left)s of %(count)s attempt is left.",
        "%(left)s of %(count)s attempts are left.",
        quiz.attempts_allowed,
    ) % {"left": left, "count": quiz.attempts_allowed}


def span_words(minutes: int) -> str:
    """Return a number of minutes as people say it: days, hours or minutes, whichever comes out even."""
    if minutes % 1440 == 0:
        return ngettext("%(count)s day", "%(count)s days", minutes // 1440) % {"count": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(count)s hour", "%(count)s hours", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def outcome_words(attempt: Attempt) -> str:
    """Return how an attempt that was handed in ended, in a sentence."""
    if attempt.state == Attempt.State.TO_GRADE:
        return _("Handed in; a person is grading it.")
    values = {
        "points": number_words(attempt.points),
        "of": number_words(attempt.points_possible),
        "percent": percent_of(attempt),
    }
    if attempt.passed:
        return _("Passed: %(points)s of %(of)s points (%(percent)s%%).") % values
    return _("Not passed: %(points)s of %(of)s points (%(percent)s%%).") % values


def percent_of(attempt: Attempt) -> int:
    """Return the share of the points in whole percent, rounded down: nobody reads 70 who lacks a little to it."""
    if not attempt.points or not attempt.points_possible:
        return 0
    return int(100 * attempt.points / attempt.points_possible)


def _moment(moment: dt.datetime | None, zone: str) -> str:
    if moment is None:
        return ""
    return f"{date_words(moment, zone)}, {clock_words(moment, zone)} {clock.zone_label(zone, moment)}"


def handed_in_words(attempt: Attempt, learner: Learner) -> str:
    """Return when an attempt was handed in: day, time and zone of the learner."""
    return _moment(attempt.submitted_at, learner.zone or clock.default_zone())


def deadline_words(attempt: Attempt, learner: Learner) -> str:
    """Return until when an attempt can be answered, with the zone; nothing without a time limit."""
    if attempt.deadline_at is None:
        return ""
    zone = learner.zone or clock.default_zone()
    return f"{clock_words(attempt.deadline_at, zone)} {clock.zone_label(zone, attempt.deadline_at)}"
