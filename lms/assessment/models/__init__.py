"""Tables of quizzes: questions and banks, compiled quizzes, attempts and what was answered."""

from lms.assessment.models.attempts import Answer, AnswerFile, Attempt, RecountDue, RegradeDue, TaskGrade
from lms.assessment.models.questions import Kind, Question, QuestionBank
from lms.assessment.models.quizzes import Counted, Quiz, QuizPart, ShowResults

__all__ = [
    "Answer",
    "AnswerFile",
    "Attempt",
    "Counted",
    "Kind",
    "Question",
    "QuestionBank",
    "Quiz",
    "QuizPart",
    "RecountDue",
    "RegradeDue",
    "ShowResults",
    "TaskGrade",
]
