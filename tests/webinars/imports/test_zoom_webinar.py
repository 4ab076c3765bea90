"""What real webinar reports do to careless readers: stacked tables, no-shows, promoted people, questions as columns."""

from __future__ import annotations

from lms.webinars.imports import read_report

START, END = "03/14/2025 07:00:00 PM", "03/14/2025 08:00:00 PM"
STAFF = "Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest"
ATTENDEES = (
    "Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,Approval Status,Join Time,"
    "Leave Time,Time in Session (minutes),Is Guest"
)
OTHERS = "User Name,Join Time,Leave Time,Time in Session (minutes)"


def read(*lines: str, **options):
    return read_report("\n".join(lines).encode(), **options)


def remarks(report) -> list[tuple[str, int | None]]:
    return [(remark.code, remark.row) for remark in report.warnings]


def test_a_promoted_attendee_stays_a_panelist_whichever_table_comes_first():
    panelist = ("Panelist Details,", STAFF, f"Yes,Rina,rina@lms.example,{START},{END},60,No")
    attendee = (
        "Attendee Details,",
        ATTENDEES,
        f"Yes,Rina,Rina,K,Rina@lms.example,NA,NA,{START},{START},1,No",
    )
    for lines in ((*panelist, *attendee), (*attendee, *panelist)):
        (person,) = read(*lines).people
        assert (person.role, len(person.intervals), person.merged_seconds) == ("panelist", 2, 3600)


def test_a_no_show_is_listed_without_time_and_is_none_if_the_person_came_after_all():
    report = read(
        "Attendee Details,", ATTENDEES,
        "No,Putri,Putri,H,putri@usaha.example,,approved,--,--,--,--",
        "No,Agus,Agus,S,agus@usaha.example,,approved,--,--,--,--",
        f"Yes,Agus,Agus,S,agus@usaha.example,NA,NA,{START},{END},60,No",
    )  # fmt: skip
    putri, agus = report.people
    assert (putri.role, putri.flags, putri.merged_seconds, putri.intervals) == (
        "no-show",
        ("no_show",),
        None,
        [],
    )
    assert (agus.role, agus.flags, agus.merged_seconds) == ("attendee", (), 3600)
    assert report.count("no-show") == 1
    assert report.merged_seconds == 3600


def test_a_webinar_to_which_nobody_came_is_a_report():
    report = read(
        "Attendee Details,", ATTENDEES, "No,Putri,Putri,H,putri@usaha.example,,approved,--,--,--,--"
    )
    assert [person.role for person in report.people] == ["no-show"]


def test_attended_but_without_times():
    report = read(
        "Attendee Details,", ATTENDEES,
        "Yes,Putri,Putri,H,putri@usaha.example,,approved,--,--,--,--",
        f"Yes,Agus,Agus,S,agus@usaha.example,NA,NA,{START},{END},60,No",
    )  # fmt: skip
    assert remarks(report) == [("times_missing", 3)]
    assert [person.name for person in report.people] == ["Agus"]


def test_others_are_not_the_attendees_of_the_same_name():
    report = read(
        "Attendee Details,", ATTENDEES, f"Yes,Budi,Budi,L,,NA,NA,{START},{END},60,No",
        "Other Attended,", OTHERS, f"Budi,{START},{END},60", f"62812******34,{START},{END},60",
    )  # fmt: skip
    assert [(person.name, person.role) for person in report.people] == [
        ("Budi", "attendee"), ("Budi", "other"), ("62812******34", "other"),
    ]  # fmt: skip


def test_an_empty_section_and_padded_titles():
    report = read(
        "Attendee Report,,,,,", "Host Details,,,,,", STAFF, "", "Panelist Details,,,", STAFF,
        "Attendee Details,,,", ATTENDEES, f"Yes,Budi,Budi,L,b@usaha.example,NA,NA,{START},{END},60,No",
        "Other Attended,,", OTHERS,
    )  # fmt: skip
    assert [(person.name, person.role) for person in report.people] == [("Budi", "attendee")]
    assert report.format_id == "zoom.webinar"


def test_rows_after_a_title_but_before_column_names_belong_to_nobody():
    report = read(
        "Host Details,", STAFF, f"Yes,Ayu,ayu@lms.example,{START},{END},60,No",
        "Panelist Details,", f"Yes,Rina,rina@lms.example,{START},{END},60,No",
    )  # fmt: skip
    assert [person.name for person in report.people] == ["Ayu"]


def test_a_table_of_a_webinar_without_any_title():
    report = read(ATTENDEES, f"Yes,Budi,Budi,L,b@usaha.example,NA,NA,{START},{END},60,No")
    assert (report.format_id, report.people[0].role) == ("zoom.webinar", "attendee")


def test_a_stray_line_in_a_webinar_does_not_end_the_table():
    report = read(
        "Attendee Details,", ATTENDEES, f"Yes,Budi,Budi,L,b@usaha.example,NA,NA,{START},{END},60,No",
        "stray,", f"Yes,Siti,Siti,A,s@usaha.example,NA,NA,{START},{END},60,No",
    )  # fmt: skip
    assert [person.name for person in report.people] == ["Budi", "Siti"]
    assert remarks(report) == [("row_not_understood", 4)]


def test_an_unknown_title_is_told_with_the_role_that_was_assumed():
    report = read(
        "Attendee Report,", "Gastgeber,", STAFF, f"Yes,Ayu,ayu@lms.example,{START},{END},60,No",
        "Podium,", STAFF, f"Yes,Rina,rina@lms.example,{START},{END},60,No",
    )  # fmt: skip
    assert [person.role for person in report.people] == ["host", "panelist"]
    assert [(note.row, note.params) for note in report.notes] == [
        (2, {"title": "Gastgeber", "role": "host"}), (5, {"title": "Podium", "role": "panelist"}),
    ]  # fmt: skip


def test_a_custom_question_with_quotes_commas_and_line_ends_in_the_header():
    header = ATTENDEES + ',"Apa ""usaha"" Anda,\nmis. warung?"'
    report = read("Attendee Details,", header, f'Yes,Budi,Budi,L,b@usaha.example,NA,NA,{START},{END},60,No,"a,\nb"',
                  f"Yes,Siti,Siti,A,s@usaha.example,NA,NA,soon,{END},60,No,")  # fmt: skip
    assert [person.name for person in report.people] == ["Budi"]
    assert remarks(report) == [("unreadable_time", 4)]  # records, as a spreadsheet counts them
