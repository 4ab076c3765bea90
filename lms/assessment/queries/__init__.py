"""Reads of quizzes."""

from lms.assessment.queries.analysis import Analysis, OptionFigures, QuestionFigures, analysis_of
from lms.assessment.queries.attempts import (
    attempt_of,
    attempts_of,
    may_start,
    may_start_after,
    quiz_of,
    refusal,
    result_of,
)
from lms.assessment.queries.draws import draws_that_lack
from lms.assessment.queries.grading_queue import (
    Standing,
    asked_of,
    file_in,
    given_points,
    overview,
    standing_of,
    task_of,
    task_shown,
    waiting_tasks,
)
from lms.assessment.queries.papers import (
    Choice,
    Criterion,
    HandedIn,
    Paper,
    PaperQuestion,
    Picture,
    paper_of,
)
from lms.assessment.queries.reviews import Review, ReviewedQuestion, RightAnswer, review_of

__all__ = [
    "Analysis",
    "Choice",
    "Criterion",
    "HandedIn",
    "OptionFigures",
    "Paper",
    "PaperQuestion",
    "Picture",
    "QuestionFigures",
    "Review",
    "ReviewedQuestion",
    "RightAnswer",
    "Standing",
    "analysis_of",
    "asked_of",
    "attempt_of",
    "attempts_of",
    "draws_that_lack",
    "file_in",
    "given_points",
    "may_start",
    "may_start_after",
    "overview",
    "paper_of",
    "quiz_of",
    "refusal",
    "result_of",
    "review_of",
    "standing_of",
    "task_of",
    "task_shown",
    "waiting_tasks",
]
