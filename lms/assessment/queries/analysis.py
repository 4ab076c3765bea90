"""What the answers to a quiz say about its questions: from the first attempt of each learner, added up by the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import Cast, NullIf

from lms.assessment import contents, statistics
from lms.assessment.models import Answer, Attempt, Question, Quiz

CHOICES = ("single", "multiple", "true_false")
TYPED = ("number", "short_text")
#: Typed answers that are shown of one question, the most frequent ones; each was given by two people at least.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """How many people chose an answer, of all who were asked. ``share`` is from 0 to 1.

    ``truth``: which of the two answers it is to a statement that is true or not; those have no text.
    """

    text: str
    right: bool
    count: int
    share: float
    truth: bool | None = None


@dataclass(slots=True)
class QuestionFigures:
    """What the answers say about one question. ``difficulty`` (mean share) and ``discrimination`` see ``statistics``."""

    question: Question
    n: int
    difficulty: float
    discrimination: float | None
    unanswered: int
    options: list[OptionFigures] = field(default_factory=list)
    wrong: list[tuple[str, int]] = field(default_factory=list)

    @property
    def enough(self) -> bool:
        """Whether so many people were asked that figures mean something."""
        return self.n >= statistics.LEAST

    @property
    def difficulty_code(self) -> str:
        """See ``statistics.difficulty_code``."""
        return statistics.difficulty_code(self.difficulty)

    @property
    def discrimination_code(self) -> str:
        """See ``statistics.discrimination_code``."""
        return statistics.discrimination_code(self.discrimination)


@dataclass(frozen=True, slots=True)
class Analysis:
    """A quiz's questions with their figures, in the order of how often they were asked. ``mean`` is the mean share."""

    people: int
    mean: float | None
    passed: int
    questions: list[QuestionFigures]


def analysis_of(quiz: Quiz, language: str) -> Analysis:
    """Return the figures of a quiz: five queries, however many attempts and questions.

    Only first attempts count, because who tries again has learnt from the first time; and only graded ones.

    Args:
        quiz: any.
        language: code, for the words of answers.
    """
    first = Attempt.objects.filter(quiz=quiz, number=1, state=Attempt.State.GRADED)
    whole = first.aggregate(
        people=Count("pk"),
        passed=Count("pk", filter=Q(passed=True)),
        mean=Avg(_number("points") / _number("points_possible")),
    )
    sums = list(_sums(quiz))
    questions = Question.objects.in_bulk([row["question"] for row in sums])
    counts = _choices(quiz)
    wrong = _wrong(quiz)
    found = []
    for row in sums:
        question = questions[row["question"]]
        n = row["n"]
        found.append(
            QuestionFigures(
                question=question,
                n=n,
                difficulty=(row["x"] or 0) / n,
                discrimination=_discrimination(row),
                unanswered=row["unanswered"],
                options=_options(question, counts[question.pk], n, language),
                wrong=wrong[question.pk],
            )
        )
    return Analysis(whole["people"], whole["mean"], whole["passed"], found)


def _number(name: str) -> Cast:
    return Cast(F(name), FloatField())


def _answers(quiz: Quiz) -> QuerySet[Answer]:
    return Answer.objects.filter(attempt__quiz=quiz, attempt__number=1, attempt__state=Attempt.State.GRADED)


def _sums(quiz: Quiz) -> Any:
    x = _number("points") / _number("worth")
    # Of a quiz with one question there is no rest: no rest, no correlation.
    y = (_number("attempt__points") - _number("points")) / NullIf(
        _number("attempt__points_possible") - _number("worth"), 0.0
    )
    return (
        _answers(quiz)
        .annotate(share=x, rest=y)
        .values("question")
        .annotate(
            n=Count("pk"),
            both=Count("rest"),
            x=Sum("share"),
            y=Sum("rest"),
            xx=Sum(F("share") * F("share")),
            yy=Sum(F("rest") * F("rest")),
            xy=Sum(F("share") * F("rest")),
            unanswered=Count("pk", filter=Q(feedback_code=Answer.Code.EMPTY)),
        )
        .order_by("-n", "question")
    )


def _discrimination(row: dict[str, Any]) -> float | None:
    if row["both"] != row["n"]:
        return None
    return statistics.correlation(
        statistics.Sums(row["n"], row["x"], row["y"], row["xx"], row["yy"], row["xy"])
    )


def _choices(quiz: Quiz) -> dict[int, Counter[Any]]:
    """Return question → what was chosen → by how many."""
    rows = (
        _answers(quiz)
        .filter(question__kind__in=CHOICES)
        .values_list("question", "response")
        .annotate(n=Count("pk"))
        .order_by()
    )
    found: dict[int, Counter[Any]] = defaultdict(Counter)
    for question, response, n in rows:
        for chosen in response if isinstance(response, list) else [response]:
            found[question][chosen] += n
    return found


def _wrong(quiz: Quiz) -> dict[int, list[tuple[str, int]]]:
    """Return question → what was typed, wrong, and by two people at least → by how many."""
    rows = (
        _answers(quiz)
        .filter(question__kind__in=TYPED)
        .exclude(feedback_code__in=[Answer.Code.RIGHT, Answer.Code.EMPTY])
        .values_list("question", "response")
        .annotate(n=Count("pk"))
        .filter(n__gte=2)
        .order_by("-n")
    )
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for question, response, n in rows:
        if isinstance(response, str) and len(found[question]) < SHOWN:
            found[question].append((response, n))
    return found


def _options(question: Question, counts: Counter[Any], n: int, language: str) -> list[OptionFigures]:
    if question.kind not in CHOICES:
        return []
    asked = contents.frozen(question, language)
    right = asked["right"]["right"]
    if question.kind == "true_false":
        return [
            OptionFigures("", each is right, counts[each], counts[each] / n, each) for each in (True, False)
        ]
    return [
        OptionFigures(each["text"], each["id"] in right, counts[each["id"]], counts[each["id"]] / n)
        for each in asked["options"]
    ]
