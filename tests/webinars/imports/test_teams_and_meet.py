"""Traps of Teams' and Meet's reports, and durations in words."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.webinars.imports import EmptyReport, read_report
from lms.webinars.imports.durations import minutes_of

from .evening import seconds_covered

DAY = "2025-03-14"
LIST = "Full Name\tUser Action\tTimestamp"
SUMMARY = "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)"
OUTLINE = "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole"
ACTIVITIES = "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole"


def read(*lines: str, **options):
    return read_report("\r\n".join(lines).encode("utf-16"), **options)


def remarks(report) -> list[tuple[str, int | None]]:
    return [(remark.code, remark.row) for remark in report.warnings]


def steps(*entries: tuple[str, str]) -> list[str]:
    return [f"Budi\t{action}\t{DAY} {clock}" for clock, action in entries]


# ── lists ──


@pytest.mark.parametrize("header", [True, False])
def test_steps_are_paired_by_time_whatever_their_order(header):
    rows = steps(("19:30:00", "Left"), ("19:00:00", "Joined"), ("20:30:00", "Left"), ("20:00:00", "Joined"))
    (person,) = read(*([LIST] if header else []), *rows).people
    assert person.intervals == [
        (datetime(2025, 3, 14, 19), datetime(2025, 3, 14, 19, 30)),
        (datetime(2025, 3, 14, 20), datetime(2025, 3, 14, 20, 30)),
    ]


def test_leaving_and_joining_in_one_second():
    rows = steps(("19:00:00", "Joined"), ("19:30:00", "Joined"), ("19:30:00", "Left"), ("20:00:00", "Left"))
    for order in (rows, rows[::-1]):
        report = read(LIST, *order)
        (person,) = report.people
        assert (len(person.intervals), person.merged_seconds, report.warnings) == (2, 3600, [])


def test_one_second_in_two_spellings_is_one_second():
    rows = [
        "Budi\tJoined\t3/14/2025 19:00:00",
        "Budi\tJoined\t03/14/2025 19:30:00",
        "Budi\tLeft\t3/14/2025 19:30:00",
        "Budi\tLeft\t3/14/2025 20:00:00",
    ]
    for order in (rows, rows[::-1]):
        (person,) = read(LIST, *order).people
        assert (len(person.intervals), person.merged_seconds) == (2, 3600)


def test_joining_and_leaving_in_one_second_from_outside():
    rows = steps(("19:00:00", "Left"), ("19:00:00", "Joined"))
    for order in (rows, rows[::-1]):
        report = read(LIST, *order)
        (person,) = report.people
        assert (len(person.intervals), person.merged_seconds, report.warnings) == (1, 0, [])


def test_joined_before_is_a_lower_bound():
    (person,) = read(LIST, *steps(("19:00:00", "Joined before"), ("19:10:00", "Left"))).people
    assert (person.merged_seconds, person.flags) == (600, ("joined_before",))


def test_who_never_left_is_still_there_and_who_never_joined_is_told():
    report = read(LIST, *steps(("19:00:00", "Left"), ("19:10:00", "Joined")))
    (person,) = report.people
    assert (person.open_joins, person.intervals) == ((datetime(2025, 3, 14, 19, 10),), [])
    assert remarks(report) == [("left_without_join", 2), ("leave_missing", 3)]


def test_steps_that_cannot_be_paired_are_told_with_the_name():
    report = read(LIST, f"Budi\tLeft\t{DAY} 19:00", f"Siti\tJoined\t{DAY} 19:00")
    assert [(remark.code, remark.params["name"]) for remark in report.warnings] == [
        ("left_without_join", "Budi"),
        ("leave_missing", "Siti"),
    ]


def test_steps_on_impossible_dates_are_told():
    rows = ["Budi\tJoined\t03/13/2025 10:00", "Budi\tLeft\t13/03/2025 11:00", "Budi\tLeft\t03/13/2025 10:30"]
    report = read(LIST, *rows, date_order="mdy")
    assert remarks(report) == [("impossible_date", 3)]
    assert report.people[0].merged_seconds == 1800


def test_a_second_device_does_not_start_a_second_stay():
    report = read(LIST, *steps(("19:00:00", "Joined"), ("19:05:00", "Joined"), ("19:10:00", "Left")))
    (person,) = report.people
    assert (len(person.intervals), person.merged_seconds) == (1, 600)


def test_actions_in_other_languages_and_unknown_ones():
    report = read(
        "Nome Completo\tAtividade\tCarimbo de data/hora",
        f"Ana\tIngressou\t{DAY} 19:00", f"Ana\tSaiu\t{DAY} 20:00", f"Ana\tAcenou\t{DAY} 20:00", "Ana\tSaiu\tontem",
        "\tSaiu\t",
    )  # fmt: skip
    assert report.people[0].merged_seconds == 3600
    assert remarks(report) == [("row_not_understood", 4), ("unreadable_time", 5), ("row_not_understood", 6)]


def test_live_events_are_in_utc_and_know_participants_by_number():
    report = read_report(
        b"SessionId,ParticipantId,FullName,UserAgent,UtcEventTimestamp,Action,Role\n"
        b's1,p1,Budi,"Mozilla, like",3/14/2025 12:00:00 PM,Joined,Attendee\n'
        b"s1,p1,Budi,,3/14/2025 1:00:00 PM,Left,Attendee\n"
        b"s2,p2,Budi,,3/14/2025 12:00:00 PM,Joined,Attendee\n"
        b"s2,p2,Budi,,3/14/2025 12:30:00 PM,Left,Attendee\n"
    )
    assert (report.format_id, report.zone) == ("teams.live", "UTC")
    assert [person.merged_seconds for person in report.people] == [3600, 1800]


# ── stays ──


def test_a_time_of_leaving_without_a_date():
    report = read(
        "3. In-Meeting Activities", ACTIVITIES,
        f"Budi\t{DAY} 10:00:05\t11:02:00\t1h 1m\tbudi@usaha.example\tOrganizer",
        f"Siti\t{DAY} 23:50:00\t0:20:00\t30m\tsiti@usaha.example\tPresenter",
        f"Dewi\t{DAY} 10:00:00\t10:00:00\t0s\tdewi@usaha.example\tAttendee",
    )  # fmt: skip
    budi, siti, dewi = report.people
    assert budi.intervals == [(datetime(2025, 3, 14, 10, 0, 5), datetime(2025, 3, 14, 11, 2))]
    assert siti.intervals == [(datetime(2025, 3, 14, 23, 50), datetime(2025, 3, 15, 0, 20))]
    assert dewi.merged_seconds == 0
    assert [person.flags for person in report.people] == [("organizer",), ("presenter",), ()]
    assert [person.role for person in report.people] == ["host", "attendee", "attendee"]


def test_an_account_of_another_tenant_is_no_address():
    (person,) = read(
        SUMMARY, f"Budi\t{DAY} 10:00\t{DAY} 11:00\t1h\tbudi_x.example#EXT#@t.example\tPresenter\t"
    ).people
    assert person.email == ""


def test_rows_of_a_summary_that_cannot_be_counted():
    report = read(
        SUMMARY, f"Good\t{DAY} 10:00\t{DAY} 11:00\t1h\t\t\t", f"Open\t{DAY} 10:00\t\t\t\t\t",
        f"No Start\t\t{DAY} 11:00\t1h\t\t\t", "No Times\t\t\t\t\t\t", f"Bad\tsoon\t{DAY} 11:00\t\t\t\t",
        f"\t{DAY} 10:00\t{DAY} 11:00\t\t\t\t",
    )  # fmt: skip
    assert remarks(report) == [
        ("leave_missing", 3), ("join_missing", 4), ("times_missing", 5), ("unreadable_time", 6),
        ("row_not_understood", 7),
    ]  # fmt: skip
    assert [person.name for person in report.people] == ["Good", "Open"]


def test_utc_in_the_column_names():
    report = read(
        "2. Participants", OUTLINE.replace("First Join", "First Join (UTC)").replace("Last Leave", "Last Leave (UTC)"),
        f"Budi\t{DAY} 10:00:00\t{DAY} 11:00:00\t1h\t\t\tAttendee",
    )  # fmt: skip
    assert (report.zone, report.people[0].merged_seconds) == ("UTC", 3600)


# ── sections ──


def sections(outline: list[str], activities: list[str]) -> list[str]:
    return ["1. Summary", "Meeting title\tKelas", "", "2. Participants", OUTLINE, *outline, "",
            "3. In-Meeting Activities", ACTIVITIES, *activities]  # fmt: skip


def test_section_three_is_better_than_section_two():
    report = read(
        *sections(
            [f"Budi\t{DAY} 10:00:00\t{DAY} 12:00:00\t1h\tbudi@usaha.example\t\tAttendee"],
            [f"Budi\t{DAY} 10:00:00\t{DAY} 10:30:00\t30m\tbudi@usaha.example\tAttendee",
             f"Budi\t{DAY} 11:30:00\t{DAY} 12:00:00\t30m\tbudi@usaha.example\tAttendee"],
        )
    )  # fmt: skip
    (person,) = report.people
    assert (len(person.intervals), person.merged_seconds, person.duration_only_minutes) == (2, 3600, None)


@pytest.mark.parametrize(
    ("duration", "seconds", "minutes"),
    [
        ("1h 0m", 3600, None),
        ("59m 0s", 3600, None),
        ("58m 59s", None, 58 + 59 / 60),
        ("45m", None, 45.0),
        ("", 3600, None),
    ],
)
def test_section_two_alone_is_a_stay_only_if_the_duration_fills_it(duration, seconds, minutes):
    report = read(
        *sections([f"Budi\t{DAY} 10:00:00\t{DAY} 11:00:00\t{duration}\tbudi@usaha.example\t\tAttendee"], [])
    )
    (person,) = report.people
    assert (person.merged_seconds, person.duration_only_minutes) == (seconds, minutes)
    assert ("first_last_only" in person.flags) is (seconds is None)


def test_of_several_incomplete_lines_the_largest_total_counts():
    rows = [
        f"Budi\t{DAY} 10:00:00\t{DAY} 11:00:00\t{total}\tbudi@usaha.example\t\tAttendee"
        for total in ("20m", "30m", "10m")
    ]
    (person,) = read(*sections(rows, [])).people
    assert (person.duration_only_minutes, person.merged_seconds) == (30.0, None)


def test_a_total_below_a_minute_stays_below_a_minute():
    row = f"Budi\t{DAY} 10:00:00\t{DAY} 11:00:00\t30s\tbudi@usaha.example\t\tAttendee"
    assert read(*sections([row], [])).people[0].duration_only_minutes == 0.5


def test_lines_of_section_two_that_lack_a_time():
    report = read(
        *sections(
            ["Registered\t\t\t\tr@usaha.example\t\tAttendee", f"Open\t{DAY} 10:00:00\t\t\to@usaha.example\t\tAttendee",
             f"Total\t\t{DAY} 11:00:00\t30m\tt@usaha.example\t\tAttendee",
             f"Nothing\t\t{DAY} 11:00:00\t\tn@usaha.example\t\tAttendee",
             f"Better\t{DAY} 10:00:00\t\t\tb@usaha.example\t\tAttendee", "Bad\tsoon\tlater\t\tx@usaha.example\t\t"],
            [f"Better\t{DAY} 10:00:00\t{DAY} 11:00:00\t1h\tb@usaha.example\tAttendee"],
        )
    )  # fmt: skip
    people = {person.name: person for person in report.people}
    assert people["Registered"].role == "no-show"
    assert len(people["Open"].open_joins) == 1
    assert people["Total"].duration_only_minutes == 30
    assert people["Nothing"].flags == ("nothing_counted",)
    assert (people["Better"].merged_seconds, people["Better"].open_joins) == (3600, ())
    assert remarks(report) == [("leave_missing", 7), ("join_missing", 9), ("unreadable_time", 11)]


def test_the_address_of_a_registration_is_better_and_the_person_stays_one():
    outline = OUTLINE.replace("\tRole", "\tRegistration Email\tRole")
    report = read(
        "1. Summary", "2. Participants", outline,
        f"Budi\t{DAY} 10:00:00\t{DAY} 11:00:00\t1h\tb@work.example\t\tbudi@usaha.example\tAttendee",
        "3. In-Meeting Activities", ACTIVITIES, f"Budi\t{DAY} 10:00:00\t{DAY} 11:00:00\t1h\tb@work.example\tAttendee",
    )  # fmt: skip
    assert [(person.email, person.merged_seconds) for person in report.people] == [
        ("budi@usaha.example", 3600)
    ]


def test_registered_in_section_two_but_there_in_section_three():
    report = read(
        *sections(["Budi\t\t\t\tb@usaha.example\t\tAttendee"],
                  [f"Budi\t{DAY} 10:00:00\t{DAY} 11:00:00\t1h\tb@usaha.example\tAttendee"])
    )  # fmt: skip
    assert [(person.role, person.merged_seconds) for person in report.people] == [("attendee", 3600)]


def test_later_sections_are_left_alone():
    report = read(*sections([], [f"Budi\t{DAY} 10:00:00\t{DAY} 11:00:00\t1h\t\t"]), "4. Engagement", ACTIVITIES,
                  f"Budi\t{DAY} 11:00:00\t{DAY} 12:00:00\t1h\t\t")  # fmt: skip
    assert report.people[0].merged_seconds == 3600
    assert report.warnings == []


def test_sections_without_column_names_in_an_unknown_language():
    report = read(
        "1. Yhteenveto", "2. Osallistujat", f"Budi\t{DAY} 10:00:00\t{DAY} 11:00:00\t1h\tb@usaha.example\t\t"
    )
    assert [(person.name, person.email, person.merged_seconds) for person in report.people] == [
        ("Budi", "b@usaha.example", 3600)
    ]
    assert report.notes == []


def test_sections_without_people():
    with pytest.raises(EmptyReport):
        read(*sections([], []))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=5))
def test_any_stays_come_back_exactly(pairs):
    stays = [(min(pair), max(pair)) for pair in pairs]
    base = datetime(2025, 3, 14, 19)
    spans = [
        tuple(base.replace(minute=second // 60, second=second % 60) for second in pair) for pair in stays
    ]
    rows = [f"Budi\t{join}\t{leave}\t\t\t\t" for join, leave in spans]
    (person,) = read(SUMMARY, *rows).people
    assert person.merged_seconds == seconds_covered(spans)
    assert person.intervals == sorted(spans)


# ── Meet ──


def test_meet_says_only_totals():
    report = read_report(b"Name,Email,Duration,Time joined,Time exited\nBudi,b@usaha.example,1 hr 2 min,18:02,19:04\n"
                         b"Budi,b@usaha.example,30 min,18:02,18:32\nSiti,,soon,1,2\n,,5 min,,\n")  # fmt: skip
    (person,) = report.people
    assert (person.duration_only_minutes, person.merged_seconds, person.first_join) == (62.0, None, None)
    assert remarks(report) == [("listed_twice", 3), ("unreadable_duration", 4), ("row_not_understood", 5)]
    assert (report.platform, report.date_order) == ("meet", None)


# ── durations ──


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1h 2m 3s", 3723), ("19m 26s", 1166), ("22s", 22), ("1h 54m", 6840), ("1 h 1 min 55 s", 3715),
        ("59 Min. 0 Sek.", 3540), ("2 Std. 5 Min.", 7500), ("1 godz. 2 min 3 sek", 3723), ("58 min", 3480),
        ("1 hr 2 min", 3720), ("2 hours, 5 minutes", 7500), ("32m", 1920), ("1:00:00", 3600), ("100:01:01", 360061),
        ("62", 3720), ("12,5", 750), ("12.5", 750), ("0s", 0), ("1時間2分3秒", 3723), ("3H23M20S", 12200),
        ("1h\u202f2m", 3720), ("1 jam 5 menit", 3900), ("30 detik", 30), ("1 u 5 min", 3900),
    ],
)  # fmt: skip
def test_durations(text, seconds):
    assert minutes_of(text) == pytest.approx(seconds / 60)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "h", "3h 12", "3s 2h", "3h 3h", "45:10", "about 3h", "-5", "3h x", "1.5.2", "9" * 4000],
)
def test_what_is_no_duration(text):
    assert minutes_of(text) is None
