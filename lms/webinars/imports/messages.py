"""Every sentence the readers can say, by code, in English.

The readers know no Django; whoever shows a sentence translates it with ``gettext(message) % params``. The
marker below has the name that ``makemessages`` looks for, and returns its argument.
"""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Mark a string for translation without translating it here."""
    return message


ERRORS: dict[str, str] = {
    "empty_file": gettext_noop("The file is empty. Export the report once more and choose the new file."),
    "no_people": gettext_noop(
        "This is a %(platform)s report, but there is nobody in it. Was it exported before anyone joined, or"
        " for another session?"
    ),
    "no_readable_rows": gettext_noop(
        "This is a %(platform)s report, but no row of it could be counted. Look at row %(row)d first: "
        "are the times of joining and leaving there, and whole?"
    ),
    "is_excel": gettext_noop(
        "This is an Excel workbook, not a CSV file. Open it, choose “Save as”, pick “CSV UTF-8”, and choose"
        " that file; better still, use the file as it came from the platform."
    ),
    "is_spreadsheet": gettext_noop(
        "This is a spreadsheet document, not a CSV file. Open it, save it as CSV (UTF-8), and choose that "
        "file."
    ),
    "is_zip": gettext_noop("This is a compressed archive. Unpack it and choose the CSV file inside."),
    "is_pdf": gettext_noop("This is a PDF document. Export the report as CSV and choose that file."),
    "is_html": gettext_noop(
        "This is a web page, perhaps a sign-in page that was saved in place of the report. Sign in to the "
        "platform, export the report as CSV and choose that file."
    ),
    "is_xml": gettext_noop("This is an XML document. Export the report as CSV and choose that file."),
    "is_json": gettext_noop("This is a JSON document. Export the report as CSV and choose that file."),
    "is_image": gettext_noop("This is a picture. Export the report as CSV and choose that file."),
    "is_binary": gettext_noop("This is not a text file. Export the report as CSV and choose that file."),
    "unknown_format": gettext_noop(
        "No table of participants was found in the file. Only these column names were recognised: "
        "%(recognised)s. In Zoom, export “Participants” for a meeting or “Attendee report” for a webinar; "
        "in Teams, download the attendance report; in Meet, use the attendance file sent to the organiser. "
        "The row of column names must be in the file."
    ),
    "no_headers": gettext_noop(
        "No table of participants was found in the file; not one column name was recognised. In Zoom, "
        "export “Participants” for a meeting or “Attendee report” for a webinar; in Teams, download the "
        "attendance report; in Meet, use the attendance file sent to the organiser. The row of column names"
        " must be in the file."
    ),
    "is_registration_report": gettext_noop(
        "This report lists who registered, not who came. Export the attendee report instead."
    ),
    "is_poll_report": gettext_noop(
        "This report lists answers to polls or questions, not who came. Export the attendee report instead."
    ),
    "is_meeting_list": gettext_noop(
        "This report describes the meeting but lists no participants. In Zoom, click on the number of "
        "participants and export that list."
    ),
    "too_many_bytes": gettext_noop(
        "The file is larger than %(limit_mb)d MB. A report of this size is not an attendance report; check "
        "the file."
    ),
    "too_many_rows": gettext_noop(
        "The file has more than %(limit)d rows. Split it into smaller files and import them one after the "
        "other; times that occur twice count once."
    ),
    "cell_too_long": gettext_noop(
        "Row %(row)d has a cell longer than %(limit)d characters. Probably a quotation mark is missing in "
        "this row."
    ),
    "damaged_table": gettext_noop(
        "The file cannot be read as a table from row %(row)d on. Export the report once more."
    ),
    "ambiguous_dates": gettext_noop(
        "The dates can be read in two ways: “%(example)s” is %(mdy)s if the month comes first, or %(dmy)s "
        "if the day comes first. Which one is right?"
    ),
    "ambiguous_dates_far": gettext_noop(
        "The dates can be read in two ways, and neither is near the start of the session: “%(example)s” is "
        "%(mdy)s if the month comes first, or %(dmy)s if the day comes first. Is this the report of this "
        "session? If so, which one is right?"
    ),
    "mixed_dates": gettext_noop(
        "The dates contradict each other: “%(month_first)s” has the month first, “%(day_first)s” the day "
        "first. A spreadsheet program has probably changed some of them; use the file as it came from the "
        "platform, or say which order is right."
    ),
    "date_order_contradicted": gettext_noop(
        "The date order that you chose cannot be right: “%(example)s” is no date in that order."
    ),
}

REMARKS: dict[str, str] = {
    # Rows that were not counted, or whose count is in doubt.
    "waiting_room": gettext_noop("Row %(row)d: the time in the waiting room is not counted (%(name)s)."),
    "leave_missing": gettext_noop(
        "Row %(row)d: %(name)s joined but there is no time of leaving; the end of the session has to be used."
    ),
    "join_missing": gettext_noop(
        "Row %(row)d: there is no time of joining, so the row is not counted (%(name)s)."
    ),
    "times_missing": gettext_noop("Row %(row)d: there are no times, so the row is not counted (%(name)s)."),
    "unreadable_time": gettext_noop(
        "Row %(row)d: “%(value)s” is not a date and time, so the row is not counted (%(name)s)."
    ),
    "impossible_date": gettext_noop(
        "Row %(row)d: a date is not possible in this date order, so the row is not counted (%(name)s)."
    ),
    "unreadable_duration": gettext_noop(
        "Row %(row)d: “%(value)s” is not a duration, so the row is not counted (%(name)s)."
    ),
    "leave_before_join": gettext_noop(
        "Row %(row)d: the time of leaving is before the time of joining, so the row is not counted "
        "(%(name)s)."
    ),
    "left_without_join": gettext_noop(
        "Row %(row)d: %(name)s left without having joined, so the row is not counted."
    ),
    "nobody_named": gettext_noop(
        "Row %(row)d: there is neither a name nor an e-mail address, so it stays unknown who this was."
    ),
    "row_not_understood": gettext_noop(
        "Row %(row)d: the row is not understood and not counted: “%(value)s”."
    ),
    "quote_missing": gettext_noop(
        "Row %(row)d: a cell runs over several lines. If a quotation mark is missing there, people are "
        "hidden in it; look at this row."
    ),
    "listed_twice": gettext_noop(
        "Row %(row)d: %(name)s is listed once more; of totals without times only the largest counts."
    ),
    "minutes_disagree": gettext_noop(
        "Rows whose printed minutes do not fit their times: %(count)d, the first is row %(row)d "
        "(%(printed)d minutes printed, %(minutes)d between the times). The times are used."
    ),
    "far_from_session": gettext_noop(
        "Times of joining more than 36 hours away from the start of the session: %(count)d of %(total)d, "
        "the first on %(day)s. Is this the report of this session?"
    ),
    "zones_mixed": gettext_noop(
        "The times are printed in different time zones (%(zones)s), but were read as if they were in one. "
        "Do not rely on the minutes; export the report once more."
    ),
    "more_like_this": gettext_noop("Further rows with the same remark as row %(row)d: %(count)d."),
    # Assumptions, and what to know about the file.
    "only_totals": gettext_noop(
        "The report has no times of joining and leaving, only a total a person. Being late or early is not "
        "known, and overlaps cannot be removed. If you can, export the report without “Show unique users”."
    ),
    "only_durations": gettext_noop(
        "The report has only a total for each person. Being late or early is not known, and overlaps cannot be removed."
    ),
    "emails_cut": gettext_noop(
        "E-mail addresses that the platform has cut short: %(count)d. These people cannot be found by e-mail."
    ),
    "nul_removed": gettext_noop("Invisible NUL characters were removed from the file: %(count)d."),
    "undecodable": gettext_noop(
        "Damaged characters in the file: %(count)d. Names may be misspelt; use the file as it came from the"
        " platform."
    ),
    "date_order_assumed": gettext_noop(
        "The dates about the meeting can be read in two ways (“%(example)s”). Nobody's attendance depends "
        "on them, so the usual order of this language was assumed."
    ),
    "section_assumed": gettext_noop(
        "Row %(row)d: the section “%(title)s” is not known; its people were read as %(role)s."
    ),
    "columns_assumed": gettext_noop(
        "Row %(row)d: the column names are in a language not known yet; the columns were taken by their "
        "position."
    ),
}

FLAGS: dict[str, str] = {
    "no_show": gettext_noop("registered, did not attend"),
    "email_cut": gettext_noop("e-mail address cut short"),
    "email_invalid": gettext_noop("not an e-mail address"),
    "still_connected": gettext_noop("no time of leaving"),
    "joined_before": gettext_noop("was there before the list begins"),
    "only_total": gettext_noop("only a total, no times"),
    "nothing_counted": gettext_noop("no row could be counted"),
    "several_names": gettext_noop("seen under several names"),
    "name_shared": gettext_noop("somebody else in the report has the same name"),
    "first_last_only": gettext_noop("only first joining and last leaving"),
    "organizer": gettext_noop("organiser"),
    "presenter": gettext_noop("presenter"),
}
