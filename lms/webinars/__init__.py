"""Live sessions: series, dated occurrences, registrations and seats, presence and attendance.

Owns: WebinarSeries, Occurrence, ScheduleChange, SeriesRegistration, Registration, JoinClick, AttendanceImport,
ReportPerson, PresenceInterval, Attendance. May import: progress, catalogue, people, core.
"""
