"""Public signals. All are sent inside the transaction that caused them, with batches of ids, so receivers write rows only.

Work that may fail or take long (mail, PDF) belongs in a row that a worker finds; see ``lms.core.work``.
"""

from __future__ import annotations

from django.dispatch import Signal

#: A published page was compiled. sender=Activity. activity: Activity; page: the owner page (specific) or None when the
#: activity has no live page; changed: bool (a row was written); outline_changed: bool.
compiled = Signal()

#: A new version of an outline exists. sender=OutlineVersion. activity_id: int; version_id: int.
outline_versioned = Signal()

#: Ledger rows were added. sender=LearningRecord. record_ids: list[int].
recorded = Signal()

#: Somebody completed an activity. sender=Completion. completion_ids: list[int].
completed = Signal()

#: Runs were asked for, started, declined or left. sender=Enrolment. enrolment_ids: list[int]; change: "requested" |
#: "approved" | "enrolled" (staff did, and the people are told) | "started" | "declined" | "withdrawn". A request that was taken back is told of by nobody.
enrolment_changed = Signal()

#: A person graded the last written task of an attempt, so that its result counts; a grade changed later is no news.
#: sender=Attempt. attempt_id: int; learner_id: int.
attempt_graded = Signal()

#: Evidence was taken back and a completion with it. sender=Completion. lost: list of (learner_id, activity_id, run).
completion_lost = Signal()

#: People registered for, or left, sessions. sender=Registration. registration_ids: list[int].
#: reason: "registered" | "waitlisted" | "promoted" | "cancelled"; whole_series: bool, True when a person signed up for, or
#: left, a whole series, so that one message about the series is enough.
registration_changed = Signal()

#: Somebody signed up for a whole series (a standing wish). sender=SeriesRegistration. series_registration_id: int;
#: registration_ids: list[int], the seats that this made.
series_registered = Signal()

#: Somebody took back the standing wish for a series. sender=SeriesRegistration. series_registration_id: int;
#: registration_ids: list[int], the places that this gave back.
series_left = Signal()

#: A visitor gave a name and an address and is to be mailed the personal link, though nothing else is news: enrolled in a
#: course, or registered again because the mail was lost. sender=Learner. learner_id: int; activity_id: int (series or
#: course). A double click sends it twice; the receiver sends one mail for both.
link_wanted = Signal()

#: Sessions were added, moved, renamed, cancelled. sender=Occurrence. occurrence_ids: list[int]; significant: the subset of
#: ids whose time, place or status changed, which people must be told about.
occurrences_changed = Signal()

#: Attendance of people at a session was derived anew. sender=Attendance. occurrence_id: int; learner_ids: list[int].
attendance_derived = Signal()

#: A certificate was issued. sender=Certificate. certificate_ids: list[int].
certificates_issued = Signal()

#: Anything that a public page shows changed. sender=None. The page cache raises its generation when the transaction commits.
public_content_changed = Signal()

#: A one-time code is to be sent. sender=OneTimeCode. code_id: int; learner_id: int.
code_wanted = Signal()
