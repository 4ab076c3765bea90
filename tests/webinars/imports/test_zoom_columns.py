"""Which column is which, where words come twice, in another order, or in the middle of the file."""

from __future__ import annotations

from datetime import datetime

import pytest

from lms.webinars.imports import UnknownFormat, read_report

FLAT = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)"
WAITING = FLAT + ",Guest,In Waiting Room"
START, END = "03/14/2025 07:00:00 PM", "03/14/2025 08:00:00 PM"
ATTENDEES = (
    "Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,Approval Status,Join Time,"
    "Leave Time,Time in Session (minutes),Is Guest"
)


def read(*lines: str, **options):
    return read_report("\n".join(lines).encode(), **options)


def remarks(report) -> list[tuple[str, int | None]]:
    return [(remark.code, remark.row) for remark in report.warnings]


def test_the_words_of_the_summary_come_twice():
    report = read(
        "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants",
        f"812 3456 7890,Kelas Malam,{START},{END},host@lms.example,60,1",
        "",
        FLAT,
        f"Budi,budi@usaha.example,{START},{END},60",
    )
    assert [person.email for person in report.people] == ["budi@usaha.example"]
    meeting = report.meeting
    assert (meeting.topic, meeting.meeting_id, meeting.host_email) == (
        "Kelas Malam",
        "812 3456 7890",
        "host@lms.example",
    )
    assert (meeting.start, meeting.end) == (datetime(2025, 3, 14, 19), datetime(2025, 3, 14, 20))


def test_the_summary_of_the_new_portal_and_a_meeting_at_midnight():
    midnight = "03/14/2025 12:00:00 AM"
    report = read(
        "Topic,ID,Host name,Host email,Start time,End time,Participants,Duration (minutes)",
        f"Kelas,812 3456 7890,Ayu Utami,ayu@lms.example,{midnight},{END},1,60",
        "",
        FLAT,
        f"Budi,budi@usaha.example,{midnight},{midnight},1",
    )
    meeting = report.meeting
    assert (meeting.host_name, meeting.host_email) == ("Ayu Utami", "ayu@lms.example")
    assert (meeting.start, meeting.end) == (datetime(2025, 3, 14), datetime(2025, 3, 14, 20))
    assert report.people[0].first_join == datetime(2025, 3, 14)
    assert report.warnings == []


def test_people_named_like_a_column():
    report = read(FLAT, f"Guest,,{START},{END},60", f"Name,,soon,{END},60", f"Email,,{START},,60")
    assert [person.name for person in report.people] == ["Guest", "Email"]
    assert remarks(report) == [("unreadable_time", 3), ("leave_missing", 4)]


def test_the_wide_export_has_the_host_before_the_participant():
    report = read(
        "Topic,Meeting ID,User Name,User Email,Department,Start Time,End Time,Duration (Minutes),Participants,"
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room",
        f"Kelas,1,Ayu Utami,ayu@lms.example,,{START},{END},60,2,Budi,budi@usaha.example,{START},{END},60,Yes,No",
        f"Kelas,1,Ayu Utami,ayu@lms.example,,{START},{END},60,2,Siti,,{START},{END},60,Yes,No",
    )
    assert [(person.name, person.email) for person in report.people] == [
        ("Budi", "budi@usaha.example"),
        ("Siti", ""),
    ]


def test_topic_columns_on_each_row():
    report = read("Topic,Meeting ID," + FLAT, f"Kelas,1,Budi,budi@usaha.example,{START},{END},60")
    assert [(person.name, person.email) for person in report.people] == [("Budi", "budi@usaha.example")]
    assert report.warnings == []


def test_columns_in_another_order():
    report = read(
        "Leave Time,Join Time,User Email,Name (Original Name)", f"{END},{START},budi@usaha.example,Budi"
    )
    assert [(person.name, person.merged_seconds) for person in report.people] == [("Budi", 3600)]


def test_questions_of_the_registration_form_do_not_replace_columns():
    header = ATTENDEES + ',"Name","Email","Join Time","Attended"'
    report = read(
        "Attendee Details,", header,
        f"Yes,Budi,Budi,Lubis,budi@usaha.example,,approved,{START},{END},60,Yes,Warung B,other@usaha.example,never,No",
    )  # fmt: skip
    (person,) = report.people
    assert (person.name, person.email, person.merged_seconds) == ("Budi", "budi@usaha.example", 3600)
    assert person.names == ("Budi", "Budi Lubis")


def test_only_an_address_column():
    (person,) = read("Email,Join Time,Leave Time", f"budi@usaha.example,{START},{END}").people
    assert (person.name, person.email, person.names) == ("", "budi@usaha.example", ())


def test_a_row_that_is_too_short_is_still_read():
    report = read(WAITING, f"Budi,,{START},{END}", f"Siti,,{START}")
    assert [(person.name, len(person.intervals)) for person in report.people] == [("Budi", 1), ("Siti", 0)]
    assert remarks(report) == [("leave_missing", 3)]


def test_header_words_in_any_case_width_and_quotes():
    report = read('"NAME  (ORIGINAL NAME)", "user email" ,Ｊｏｉｎ Time,Leave time:', f"Budi,,{START},{END}")
    assert len(report.people) == 1


def test_the_first_line_of_excel_that_names_the_separator():
    report = read("sep=;", FLAT.replace(",", ";"), f"Budi;;{START};{END};60")
    assert (report.delimiter, len(report.people)) == (";", 1)


def test_the_header_once_more_in_the_middle():
    report = read(FLAT, f"Budi,,{START},{END},60", FLAT, f"Siti,,{START},{END},60")
    assert [person.name for person in report.people] == ["Budi", "Siti"]
    assert report.warnings == []


def test_two_exports_pasted_together():
    summary = "Topic,ID,Start time,End time"
    report = read(
        summary, f"One,1,{START},{END}", "", FLAT, f"Budi,,{START},{END},60",
        summary, f"Two,2,{START},{END}", "", FLAT, f"Siti,,{START},{END},60",
    )  # fmt: skip
    assert [person.name for person in report.people] == ["Budi", "Siti"]
    assert (report.meeting.topic, report.warnings) == ("One", [])


def test_headers_up_to_line_120_are_found():
    noise = ["x,y,z"] * 119
    assert len(read(*noise, FLAT, f"Budi,,{START},{END},60").people) == 1
    with pytest.raises(UnknownFormat):
        read(*noise, "x", FLAT, f"Budi,,{START},{END},60")


def test_the_meeting_id_in_the_name_of_the_file():
    line = f"Budi,,{START},{END},60"
    assert read(FLAT, line, filename="participants_81234567890.csv").meeting.meeting_id == "81234567890"
    assert (
        read(FLAT, line, filename="attendee_81234567890_2025_03_14.csv").meeting.meeting_id == "81234567890"
    )
    assert read(FLAT, line, filename="participants_8123.csv").meeting.meeting_id == ""
