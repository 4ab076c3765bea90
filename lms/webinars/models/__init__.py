"""Tables of live sessions: the schedule, who has a seat, who was there."""

from lms.webinars.models.presence import (
    Attendance,
    AttendanceImport,
    PresenceInterval,
    ReportPerson,
    StaleAttendance,
)
from lms.webinars.models.schedule import Occurrence, ScheduleChange, WebinarSeries
from lms.webinars.models.seats import JoinClick, Registration, SeriesRegistration

__all__ = [
    "Attendance",
    "AttendanceImport",
    "JoinClick",
    "Occurrence",
    "PresenceInterval",
    "Registration",
    "ReportPerson",
    "ScheduleChange",
    "SeriesRegistration",
    "StaleAttendance",
    "WebinarSeries",
]
