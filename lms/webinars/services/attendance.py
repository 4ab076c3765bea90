"""What can be done with attendance reports. Each subject has its module; this is the door."""

from lms.webinars.services.attendance_apply import (
    apply_import,
    forget_files,
    mark_stale,
    note_failure,
    request_apply,
    set_person,
    undo_import,
)
from lms.webinars.services.attendance_derive import (
    derive_attendance,
    rebuild_attendance,
    refresh_attendance,
)
from lms.webinars.services.attendance_preview import (
    AlreadyImported,
    discard_preview,
    open_question,
    preview_again,
    preview_report,
)
from lms.webinars.services.attendance_reading import UnreadableReport, zone_of

__all__ = [
    "AlreadyImported",
    "UnreadableReport",
    "apply_import",
    "derive_attendance",
    "discard_preview",
    "forget_files",
    "mark_stale",
    "note_failure",
    "open_question",
    "preview_again",
    "preview_report",
    "rebuild_attendance",
    "refresh_attendance",
    "request_apply",
    "set_person",
    "undo_import",
    "zone_of",
]
