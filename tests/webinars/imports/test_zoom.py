"""What real Zoom reports do to careless readers, one trap at a time."""

from __future__ import annotations

from datetime import datetime

import pytest

from lms.webinars.imports import EmptyReport, read_report

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


# ── who ran the meeting ──


def test_hosts_are_marked_after_their_names():
    report = read(
        FLAT,
        f"Akademi (Host),halo@usaha.example,{START},{END},60",
        f'"Rina Wati (Co-Host, saya)",,{START},{END},60',
        f"Dewi (Rekan host),,{START},{END},60",
        f"Tari (Panelis),,{START},{END},60",
        f"Budi (Budi Host),,{START},{END},60",
        f"Host Ayu,,{START},{END},60",
    )
    assert [person.role for person in report.people] == [
        "host", "host", "host", "panelist", "attendee", "attendee",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("above", "values"),
    [
        ("Meeting ID,Topic,Start Time,End Time,User Email", f"1,Jualan,{START},{END},Halo@Usaha.example"),
        ("Topic,ID,Host name,Host email,Start time", f"Jualan,1,Akademi,halo@usaha.example,{START}"),
    ],
)
def test_the_host_is_named_above_the_table_of_a_meeting(above, values):
    report = read(
        above, values, "", FLAT,
        f"Halo,halo@usaha.example,{START},{END},60",
        f"Akademi,lain@usaha.example,{START},{END},60",
        f"Siti,,{START},{END},60",
    )  # fmt: skip
    assert [person.role for person in report.people] == ["host", "attendee", "attendee"]


def test_a_host_without_an_address_is_known_by_the_name_above_the_table():
    report = read(
        "Topic,ID,Host name,Start time", f"Jualan,1,Akademi Naik,{START}", "", FLAT,
        f"akademi naik,,{START},{END},60",
        f"Siti,,{START},{END},60",
    )  # fmt: skip
    assert [person.role for person in report.people] == ["host", "attendee"]


# ── who is one person ──


def test_an_address_is_one_person_whatever_its_case_and_blanks():
    report = read(
        FLAT,
        f"Budi,Budi@Usaha.example,{START},{END},60",
        f"Budi HP, BUDI@usaha.EXAMPLE ,{START},{END},60",
    )
    (person,) = report.people
    assert (person.email, person.names) == ("budi@usaha.example", ("Budi", "Budi HP"))
    assert person.flags == ("several_names",)
    assert person.merged_seconds == 3600


def test_neither_dots_nor_plus_tags_are_touched():
    report = read(
        FLAT,
        f"Budi,budi.lubis@usaha.example,{START},{END},60",
        f"Budi,budilubis@usaha.example,{START},{END},60",
        f"Budi,budilubis+zoom@usaha.example,{START},{END},60",
    )
    assert [person.email for person in report.people] == [
        "budi.lubis@usaha.example", "budilubis@usaha.example", "budilubis+zoom@usaha.example",
    ]  # fmt: skip
    assert all(person.flags == ("name_shared",) for person in report.people)


def test_without_an_address_a_name_is_one_person():
    report = read(
        FLAT, f"Siti  Aminah,,{START},{START},1", f"siti aminah ,NA,{END},{END},1", f"Siti,,{START},{END},60"
    )
    assert [(person.name, len(person.intervals)) for person in report.people] == [
        ("Siti  Aminah", 2),
        ("Siti", 1),
    ]


def test_a_name_with_an_address_is_not_the_same_name_without():
    report = read(FLAT, f"Siti,siti@usaha.example,{START},{END},60", f"Siti,,{START},{END},60")
    assert [person.email for person in report.people] == ["siti@usaha.example", ""]
    assert [person.flags for person in report.people] == [("name_shared",), ("name_shared",)]


def test_a_cut_address_needs_the_name_too():
    report = read(
        FLAT,
        f"Andi,andi…,{START},{START},1",
        f"Andini,andi…,{START},{START},1",
        f"Andi,ANDI…,{END},{END},1",
        f"Andi,andi@us...,{END},{END},1",
    )
    assert [(person.name, person.email, len(person.intervals)) for person in report.people] == [
        ("Andi", "andi…", 2), ("Andini", "andi…", 1), ("Andi", "andi@us...", 1),
    ]  # fmt: skip
    assert all("email_cut" in person.flags for person in report.people)
    assert [(note.code, note.params) for note in report.notes] == [("emails_cut", {"count": 3})]


def test_a_masked_address_needs_the_name_too():
    report = read(
        FLAT,
        f"Andi,an***@usaha.example,{START},{START},1",
        f"Anton,an***@usaha.example,{START},{START},1",
    )
    assert [(person.name, person.flags) for person in report.people] == [
        ("Andi", ("email_cut",)),
        ("Anton", ("email_cut",)),
    ]


def test_what_is_no_address_is_kept_and_flagged():
    (person,) = read(FLAT, f"Andi,andi at usaha,{START},{END},60").people
    assert (person.email, person.flags) == ("andi at usaha", ("email_invalid",))


@pytest.mark.parametrize("blank", ["", "NA", "n/a", "--", "-", "None"])
def test_placeholders_are_no_address(blank):
    (person,) = read(FLAT, f"Andi,{blank},{START},{END},60").people
    assert (person.email, person.flags) == ("", ())


def test_somebody_named_na_exists():
    report = read(FLAT, f"Na,,{START},{END},60")
    assert report.people[0].name == "Na"


def test_rows_without_any_name_are_people_of_their_own():
    report = read(FLAT, f",,{START},{END},60", f"--,--,{START},{END},60")
    assert [(person.name, person.merged_seconds) for person in report.people] == [("", 3600), ("", 3600)]
    assert remarks(report) == [("nobody_named", 2), ("nobody_named", 3)]
    assert report.people[0].names == ()


def test_formulas_tabs_and_phone_numbers_stay_as_they_are():
    names = ['=HYPERLINK("http://evil.example","Budi")', "+62812000111", "-@SUM(1+1)", "Dewi\tPurnama"]
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    report = read(FLAT, *[f"{name},,{START},{END},60" for name in quoted])
    assert [person.name for person in report.people] == names
    assert report.delimiter == ","


# ── rows ──


def test_the_waiting_room_is_not_attendance():
    report = read(
        WAITING,
        f"Budi,budi@usaha.example,{START},{START},1,Yes,Yes",
        f"Budi,budi@usaha.example,{START},{END},60,Yes,No",
        f"Only Waited,,{START},{END},60,Yes,Yes",
        f"Blank,,{START},{END},60,Yes,",
        f"Short,,{START},{END},60",
    )
    assert [(person.name, len(person.intervals)) for person in report.people] == [
        ("Budi", 1),
        ("Blank", 1),
        ("Short", 1),
    ]
    assert remarks(report) == [("waiting_room", 2), ("waiting_room", 4)]
    assert report.warnings[0].text == "Row 2: the time in the waiting room is not counted (Budi)."


@pytest.mark.parametrize("yes", ["Yes", "yes", "Y", "Ya", "ya", "Sí", "si", "はい", "TRUE", " Yes "])
def test_yes_in_several_languages(yes):
    with pytest.raises(EmptyReport):
        read(WAITING, f"Budi,,{START},{END},60,Yes,{yes}")


@pytest.mark.parametrize("no", ["No", "Tidak", "いいえ", "", "NA"])
def test_no_in_several_languages(no):
    assert len(read(WAITING, f"Budi,,{START},{END},60,Yes,{no}").people) == 1


def test_a_stay_without_an_end_is_open_and_not_counted():
    report = read(FLAT, f"Budi,,{START},,", f"Siti,,{START},--,", f"Siti,,{START},{END},60")
    budi, siti = report.people
    assert (budi.open_joins, budi.intervals, budi.merged_seconds) == ((datetime(2025, 3, 14, 19),), [], 0)
    assert budi.first_join == datetime(2025, 3, 14, 19)
    assert budi.last_leave is None
    assert "still_connected" in budi.flags
    assert (len(siti.intervals), len(siti.open_joins), siti.merged_seconds) == (1, 1, 3600)
    assert remarks(report) == [("leave_missing", 2), ("leave_missing", 3)]


def test_an_open_stay_can_be_the_first():
    report = read(FLAT, f"Siti,,{END},{END},1", f"Siti,,{START},,")
    assert report.people[0].first_join == datetime(2025, 3, 14, 19)


def test_the_order_of_rows_does_not_matter():
    one = read(FLAT, f"Siti,,{START},{START},1", f"Siti,,{END},{END},1")
    other = read(FLAT, f"Siti,,{END},{END},1", f"Siti,,{START},{START},1")
    assert one.people == other.people


def test_rows_that_cannot_be_counted_say_why():
    report = read(
        FLAT,
        f"Good,,{START},{END},60",
        f"No Start,,,{END},60",
        "No Times,,,,60",
        f"Bad Start,,soon,{END},60",
        f"Bad End,,{START},later,60",
        f"Backwards,,{END},{START},60",
        "stray | line",
        ",,,,",
        ",,,,60",
    )
    assert remarks(report) == [
        ("join_missing", 3), ("times_missing", 4), ("unreadable_time", 5), ("unreadable_time", 6),
        ("leave_before_join", 7), ("times_missing", 8), ("row_not_understood", 10),
    ]  # fmt: skip
    assert report.warnings[2].params == {"value": "soon", "name": "Bad Start"}
    assert report.warnings[3].params == {"value": "later", "name": "Bad End"}
    assert [person.name for person in report.people] == ["Good", "Backwards"]
    assert report.people[1].flags == ("nothing_counted",)
    assert report.people[1].merged_seconds == 0


def test_a_stay_of_no_length_is_a_stay():
    (person,) = read(FLAT, f"Budi,,{START},{START},1").people
    assert (len(person.intervals), person.merged_seconds, person.flags) == (1, 0, ())


def test_remarks_call_people_by_name_else_by_address_else_by_a_question_mark():
    report = read(FLAT, f"Budi,b@usaha.example,{END},{START},1", f",s@usaha.example,{END},{START},1",
                  f",,{END},{START},1", f"Good,,{START},{END},60")  # fmt: skip
    named = {
        remark.row: remark.params["name"] for remark in report.warnings if remark.code == "leave_before_join"
    }
    assert named == {2: "Budi", 3: "s@usaha.example", 4: "?"}


def test_long_remarks_are_cut():
    report = read(FLAT, f"Good,,{START},{END},60", f"{'x' * 500},,{'y' * 500},{END},60")
    assert report.warnings[0].params == {"value": "y" * 80, "name": "x" * 80}


def test_many_remarks_of_a_kind_are_counted():
    rows = [f"Guest {place},,{START},{END},60,Yes,Yes" for place in range(120)]
    report = read(WAITING, f"Good,,{START},{END},60,Yes,No", *rows)
    assert [remark.code for remark in report.warnings] == ["waiting_room"] * 50 + ["more_like_this"]
    assert report.warnings[-1].text == "Further rows with the same remark as row 3: 70."


def test_a_line_with_one_cell_in_a_meeting_is_no_title():
    report = read(FLAT, f"Budi,,{START},{END},60", "Siti", f"Dewi,,{START},{END},60")
    assert [person.name for person in report.people] == ["Budi", "Dewi"]
    assert remarks(report) == [("times_missing", 3)]


# ── printed minutes ──


@pytest.mark.parametrize(
    ("printed", "fits"),
    [
        ("59", True),
        ("60", True),
        ("61", True),
        ("62", True),
        ("63", False),
        ("58", False),
        ("", True),
        ("NA", True),
    ],
)
def test_printed_minutes_that_do_not_fit_the_times(printed, fits):
    report = read(FLAT, f"Budi,,{START},{END},{printed}")
    assert report.people[0].merged_seconds == 3600
    assert bool(report.warnings) is not fits
    if not fits:
        (remark,) = report.warnings
        assert remark.code == "minutes_disagree"
        assert remark.params == {"count": 1, "printed": int(printed), "minutes": 60}


def test_a_stay_of_no_length_with_minutes_and_a_stay_with_no_minutes_disagree():
    report = read(FLAT, f"Budi,,{START},{START},5", f"Siti,,{START},{END},0")
    (remark,) = report.warnings
    assert (remark.row, remark.params) == (2, {"count": 2, "printed": 5, "minutes": 0})


def test_disagreeing_minutes_are_one_remark():
    report = read(FLAT, *[f"Guest {place},,{START},{END},5" for place in range(9)])
    assert remarks(report) == [("minutes_disagree", 2)]
    assert report.warnings[0].params["count"] == 9


def test_minutes_are_not_compared_over_midnight_or_backwards():
    report = read(
        FLAT,
        "Late,,03/14/2025 11:50:00 PM,03/15/2025 12:20:00 AM,5",
        f"Backwards,,{END},{START},5",
    )
    assert remarks(report) == [("leave_before_join", 3)]


# ── totals ──


def test_totals_without_times():
    header = "Name (Original Name),User Email,Total Duration (Minutes),Guest"
    report = read(header, "Budi,budi@usaha.example,90,Yes", 'Siti,,"12,5",No')
    assert [(person.name, person.duration_only_minutes) for person in report.people] == [
        ("Budi", 90.0),
        ("Siti", 12.5),
    ]
    assert all(person.merged_seconds is None and person.first_join is None for person in report.people)
    assert all("only_total" in person.flags for person in report.people)
    assert report.date_order is None


def test_of_two_totals_the_larger_counts_and_never_their_sum():
    header = "Name (Original Name),User Email,Total Duration (Minutes)"
    report = read(header, "Budi,b@usaha.example,40", "Budi HP,B@usaha.example,90", "Budi,b@usaha.example,60")
    (person,) = report.people
    assert person.duration_only_minutes == 90
    assert remarks(report) == [("listed_twice", 3), ("listed_twice", 4)]


def test_totals_that_are_none():
    header = "Name (Original Name),User Email,Total Duration (Minutes)"
    report = read(header, "Budi,,90", "Siti,,many", "Dewi,,", ",,10")
    assert remarks(report) == [("unreadable_duration", 3), ("row_not_understood", 4), ("nobody_named", 5)]
    assert len(report.people) == 2


def test_a_total_of_zero_is_a_total():
    (person,) = read("Name (Original Name),User Email,Total Duration (Minutes)", "Budi,,0").people
    assert (person.duration_only_minutes, person.merged_seconds) == (0.0, None)


def test_times_and_totals_in_one_file():
    report = read(
        FLAT, f"Budi,b@usaha.example,{START},{END},60",
        "Name (Original Name),User Email,Total Duration (Minutes)", "Budi,b@usaha.example,75",
    )  # fmt: skip
    (person,) = report.people
    assert (person.merged_seconds, person.duration_only_minutes) == (3600, 75.0)
    assert report.format_id == "zoom.meeting"


# ── missing quotation marks ──


def test_a_missing_quotation_mark_does_not_hide_people_silently():
    report = read(
        FLAT, f"Good,,{START},{END},60",
        f'"Budi,budi@usaha.example,{START},{END},60', f'Siti,siti@usaha.example,{START},{END},60',
        f'"Dewi",dewi@usaha.example,{START},{END},60', f"Agus,,{START},{END},60",
    )  # fmt: skip
    assert ("quote_missing", 3) in remarks(report)
    assert "Agus" in [person.name for person in report.people]


def test_a_missing_quotation_mark_up_to_the_end():
    report = read(FLAT, f"Good,,{START},{END},60", f'"Budi,,{START},{END},60', f"Siti,,{START},{END},60")
    assert remarks(report) == [("quote_missing", 3)]


# ── nobody ──


@pytest.mark.parametrize("rows", [[], [""], [",,,,", ";;"]])
def test_column_names_without_people(rows):
    with pytest.raises(EmptyReport) as error:
        read(FLAT, *rows)
    assert error.value.code == ("no_people" if rows != [",,,,", ";;"] else "no_readable_rows")


def test_nothing_countable_says_where_to_look():
    with pytest.raises(EmptyReport) as error:
        read(FLAT, "", "Budi,,soon,later,1", "Siti,,soon,later,1")
    assert error.value.code == "no_readable_rows"
    assert error.value.params == {"platform": "Zoom", "row": 3}
    assert [remark.row for remark in error.value.remarks] == [3, 4]
    assert "Look at row 3 first" in str(error.value)
