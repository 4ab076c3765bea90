"""Writes of quizzes: compile a page, start, save, hand in, close what is overdue, grade, grade anew.

Locks are taken in one order: the learner's row, then the attempt. Access is the caller's: who may see the quiz at all is
asked by ``lms.learner`` before it comes here. Attempts allowed, time between them and the time limit are kept here.
"""

from lms.assessment.services.answering import Saved, save_answer
from lms.assessment.services.attempts import close_overdue, start_attempt, submit
from lms.assessment.services.files import hand_in_file, take_back_file
from lms.assessment.services.quizzes import compile_quiz
from lms.assessment.services.regrading import ask_recount, ask_regrade, recount, regrade
from lms.assessment.services.tasks import grade_task

__all__ = [
    "Saved",
    "ask_recount",
    "ask_regrade",
    "close_overdue",
    "compile_quiz",
    "grade_task",
    "hand_in_file",
    "recount",
    "regrade",
    "save_answer",
    "start_attempt",
    "submit",
    "take_back_file",
]
