"""What a learner sees: the personal page and what is done there, courses and lessons, and the way into a course."""

from lms.learner.views.attempt import answer_file, answers, attempt
from lms.learner.views.course import enrol, enrolled
from lms.learner.views.course_room import course, leave_course, take_part
from lms.learner.views.lesson import document, lesson, watched
from lms.learner.views.me import me
from lms.learner.views.person import cancel, come_back, leave, person, settings
from lms.learner.views.quiz import quiz

__all__ = [
    "answer_file",
    "answers",
    "attempt",
    "cancel",
    "come_back",
    "course",
    "document",
    "enrol",
    "enrolled",
    "leave",
    "leave_course",
    "lesson",
    "me",
    "person",
    "quiz",
    "settings",
    "take_part",
    "watched",
]
