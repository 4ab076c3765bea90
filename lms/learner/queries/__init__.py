"""What a learner's page shows, gathered from all areas. The number of queries does not depend on how much there is."""

from lms.learner.queries.courses import (
    Course,
    certificates_of,
    courses_of,
    public_course,
    recording_seconds,
)
from lms.learner.queries.sessions import (
    Earlier,
    Place,
    earlier,
    places,
    question,
    registration_of,
    registrations_to_come,
    sessions_before,
    wish_of,
    zones_of,
)

__all__ = [
    "Course",
    "Earlier",
    "Place",
    "certificates_of",
    "courses_of",
    "earlier",
    "places",
    "public_course",
    "question",
    "recording_seconds",
    "registration_of",
    "registrations_to_come",
    "sessions_before",
    "wish_of",
    "zones_of",
]
