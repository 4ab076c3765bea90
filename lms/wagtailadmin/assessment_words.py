"""Figures of quizzes in words, and bars for templates to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from lms.assessment.models import Attempt
from lms.assessment.queries import Analysis, Criterion, QuestionFigures, Standing
from lms.core import clock
from lms.core.dates import clock_words, date_words

DIFFICULTY = {
    "easy": gettext_noop("Nearly everybody was right."),
    "hard": gettext_noop("Few were right. Is it taught before, and is the right answer marked?"),
    "fitting": "",
}
DISCRIMINATION = {
    "very-good": gettext_noop("tells very well who knows more"),
    "good": gettext_noop("tells well who knows more"),
    "marginal": gettext_noop("tells somewhat who knows more"),
    "poor": gettext_noop("hardly tells who knows more"),
    "negative": gettext_noop("those who knew the rest got this wrong: check which answer is marked as right"),
    "none": gettext_noop("everybody did alike, so it tells nothing"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart, and the row of the table beside it. ``width`` is from 0 to 100, as SVG writes it."""

    label: str
    value: str
    width: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question in the analysis."""

    figures: QuestionFigures
    difficulty: str
    remark: str
    discrimination: str
    verdict: str
    warns: bool
    bars: list[Bar]


def percent(share: float) -> str:
    """Return a share as whole percent: ``67%``."""
    return f"{round(share * 100)}%"


def question_rows(analysis: Analysis) -> list[QuestionRow]:
    """Return the questions of an analysis in words; figures only where enough people were asked."""
    return [_row(each) for each in analysis.questions]


def _row(figures: QuestionFigures) -> QuestionRow:
    value = figures.discrimination
    return QuestionRow(
        figures=figures,
        difficulty=percent(figures.difficulty),
        remark=_(DIFFICULTY[figures.difficulty_code]) if DIFFICULTY[figures.difficulty_code] else "",
        discrimination="–" if value is None else number_format(round(value, 2), 2, use_l10n=True),
        verdict=_(DISCRIMINATION[figures.discrimination_code]),
        warns=figures.discrimination_code == "negative" or figures.difficulty_code == "hard",
        bars=_bars(figures),
    )


def _bars(figures: QuestionFigures) -> list[Bar]:
    names = {True: _("True"), False: _("Not true")}
    bars = [
        Bar(
            label=each.text if each.truth is None else names[each.truth],
            value=_("%(count)s (%(percent)s)")
            % {"count": number_format(each.count, use_l10n=True), "percent": percent(each.share)},
            width=f"{each.share * 100:.1f}",
            right=each.right,
        )
        for each in figures.options
    ]
    if bars and figures.unanswered:
        share = figures.unanswered / figures.n
        bars.append(
            Bar(
                _("(not answered)"),
                _("%(count)s (%(percent)s)")
                % {"count": number_format(figures.unanswered, use_l10n=True), "percent": percent(share)},
                f"{share * 100:.1f}",
            )
        )
    return bars


def attempt_words(attempt: Attempt) -> dict[str, Any]:
    """Return who handed in what, and when, in words."""
    zone = clock.default_zone()
    moment = attempt.submitted_at or attempt.started_at
    return {
        "who": attempt.learner.name or _("(no name)"),
        "number": attempt.number,
        "when": capfirst(
            f"{date_words(moment, zone)}, {clock_words(moment, zone)} {clock.zone_label(zone, moment)}"
        ),
    }


def standing_words(standing: Standing, rubric: Sequence[Criterion], given: Decimal) -> dict[str, Any]:
    """Return what the points of a task come to, in words; the browser changes the marked numbers while people type.

    Args:
        standing: the attempt without this task.
        rubric: the criteria of the task.
        given: points for them so far.
    """
    total = standing.elsewhere + given
    most = sum((each.points for each in rubric), Decimal(0))
    return {
        "elsewhere": f"{standing.elsewhere:f}",
        "needed": f"{standing.needed:f}",
        "passes": total >= standing.needed,
        "task": format_html(
            _("This task: {points} of {most} points."),
            points=format_html("<output>{}</output>", points_words(given)),
            most=points_words(most),
        ),
        "attempt": format_html(
            _("The whole attempt: {points} of {possible} points. {needed} ({percent}) are needed to pass."),
            points=format_html("<span data-lms-total>{}</span>", points_words(total)),
            possible=points_words(standing.possible),
            needed=points_words(standing.needed),
            percent=percent(standing.pass_mark / 100),
        ),
        "others": ngettext(
            "%(number)s other task of this attempt waits to be graded and counts nothing yet.",
            "%(number)s other tasks of this attempt wait to be graded and count nothing yet.",
            standing.others_wait,
        )
        % {"number": standing.others_wait}
        if standing.others_wait
        else "",
    }


def points_words(points: Decimal) -> str:
    """Return points as the reader's language writes them: 7,5 or 10."""
    return number_format(f"{points.normalize():f}", use_l10n=True)
