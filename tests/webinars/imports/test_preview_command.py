"""``import_attendance --preview``: what it prints, what it refuses, and that it needs no database."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from lms.webinars.imports import preview, read_report

from .evening import GUESTS, START
from .generate import CASES

BY_LABEL = {case.label: case for case in CASES}
AMBIGUOUS = BY_LABEL["zoom-meeting-en-portal-bom-crlf"]
WEBINAR = BY_LABEL["zoom-webinar-en-2020"]


@pytest.fixture
def written(tmp_path):
    def write(case, name="participants.csv") -> str:
        path = tmp_path / name
        path.write_bytes(case if isinstance(case, bytes) else case.source)
        return str(path)

    return write


def run(*arguments: str) -> str:
    stdout = io.StringIO()
    call_command("import_attendance", *arguments, stdout=stdout)
    return stdout.getvalue()


def test_the_table(written):
    case = WEBINAR
    printed = run("--preview", written(case))
    total = sum(person.merged_seconds or 0 for person in case.people)
    assert f"{len(case.people)} people, {total:,} seconds of attendance" in printed
    assert "host 1, panelist 1, attendee 5, other 2, no-show 2" in printed
    assert "encoding utf-8, separator comma, date order mdy" in printed
    lines = printed.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("Name ")] == ["Name"]
    for person in case.people:
        assert any(person.name in line and (person.email or "") in line for line in lines)
    assert any("2:30:00" in line and "Made Arsana" in line for line in lines)
    columns = [line.index("2025-03-04") for line in lines if "2025-03-04" in line]
    assert len(set(columns)) == 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_json(written, case):
    arguments = ["--session-start", case.session_start.isoformat()] if case.session_start else []
    printed = run("--preview", "--json", written(case), *arguments)
    assert printed.isascii()
    values = json.loads(printed)
    assert values["encoding"] == case.encoding
    assert values["delimiter"] == ("TAB" if case.delimiter == "\t" else case.delimiter)
    assert values["date_order"] == case.date_order
    assert len(values["warnings"]) == len(case.warnings)
    assert all(isinstance(warning, str) for warning in values["warnings"])
    assert values["people_count"] == len(case.people)
    assert values["merged_seconds"] == sum(person.merged_seconds or 0 for person in case.people)
    for person, expected in zip(values["people"], case.people, strict=True):
        assert (person["name"], person["email"], person["role"]) == (
            expected.name,
            expected.email,
            expected.role,
        )
        assert person["first_join"] == (expected.first_join and f"{expected.first_join:%Y-%m-%d %H:%M:%S}")
        assert person["last_leave"] == (expected.last_leave and f"{expected.last_leave:%Y-%m-%d %H:%M:%S}")
        assert person["intervals"] == expected.intervals
        assert person["merged_seconds"] == expected.merged_seconds
        assert person.get("duration_only_minutes") == expected.minutes


def test_json_of_one_person(written):
    values = json.loads(run("--preview", "--json", written(AMBIGUOUS), "--session-start", START.isoformat()))
    assert values["warnings"] == ["Row 6: the time in the waiting room is not counted (Budi (Budi Lubis))."]
    assert values["people"][1] == {
        "name": "Budi (Budi Lubis)",
        "email": "budi@usaha.example",
        "role": "attendee",
        "first_join": "2025-03-04 19:01:00",
        "last_leave": "2025-03-04 20:40:00",
        "intervals": 3,
        "merged_seconds": 5940,
        "merged_minutes": 99.0,
        "naive_sum_minutes": 119.5,
        "other_names": ["Budi HP"],
        "flags": ["seen under several names"],
    }


def test_an_ambiguous_order_is_refused_with_the_question(written):
    with pytest.raises(CommandError) as refusal:
        run("--preview", written(AMBIGUOUS))
    text = str(refusal.value)
    assert text.startswith(
        "participants.csv: The dates can be read in two ways: “03/04/2025” is 4 March 2025"
    )
    assert "3 April 2025" in text
    assert "--date-order mdy or --date-order dmy" in text
    assert "--session-start" in text


def test_the_question_is_settled_by_an_answer_or_by_the_start(written):
    path = written(AMBIGUOUS)
    assert "2025-03-04" in run("--preview", path, "--date-order", "mdy")
    assert "2025-04-03" in run("--preview", path, "--date-order", "dmy")
    assert "2025-03-04" in run("--preview", path, "--session-start", "2025-03-04T19:00")
    assert "2025-04-03" in run("--preview", path, "--session-start", "2025-04-03 19:00:00")


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("tomorrow", "no date and time"),
        ("2025-03-04T19:00+07:00", "leave the offset away"),
        ("2025-13-01", "no date and time"),
    ],
)
def test_a_start_that_is_none(written, start, words):
    with pytest.raises(CommandError, match=words):
        run("--preview", written(AMBIGUOUS), "--session-start", start)


def test_files_that_cannot_be_read(written, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        run("--preview", str(tmp_path / "missing.csv"))
    with pytest.raises(CommandError, match="directory"):
        run("--preview", str(tmp_path))
    with pytest.raises(CommandError, match=r"report\.csv: This is a PDF document"):
        run("--preview", written(b"%PDF-1.7", "report.csv"))


def test_a_report_without_a_countable_row_says_why(written):
    header = b"Name (Original Name),User Email,Join Time,Leave Time\n"
    with pytest.raises(CommandError) as refusal:
        run("--preview", written(header + b"Budi\x1b[2J,,soon,later\n"))
    assert "Look at row 2 first" in str(refusal.value)
    assert "“soon” is not a date and time" in str(refusal.value)
    assert "\x1b" not in str(refusal.value)


def test_a_file_that_is_too_large_is_not_read_whole(written, monkeypatch):
    monkeypatch.setattr("lms.webinars.imports.limits.BYTES", 1 << 20)
    with pytest.raises(CommandError, match="larger than 1 MB"):
        run("--preview", written(b"x" * (3 << 20)))


def test_without_preview_there_is_nothing_to_do_yet(written):
    with pytest.raises(CommandError, match="--preview"):
        run(written(WEBINAR))


def test_names_cannot_move_the_cursor(written):
    header = "Name (Original Name),User Email,Join Time,Leave Time\n"
    row = '"Bu\x1b[31mdi\t\u202e\u200b",,2025-03-14 19:00,2025-03-14 20:00\n'
    printed = run("--preview", written((header + row).encode()))
    assert "Bu\ufffd[31mdi\ufffd\ufffd\ufffd" in printed
    assert not set(printed) & {"\x1b", "\t", "\u202e", "\u200b"}


def test_wide_characters_and_long_names_keep_the_columns(written):
    header = "Name (Original Name),User Email,Join Time,Leave Time\n"
    stay = ",2025-03-14 19:00,2025-03-14 20:00\n"
    names = ["太郎", "Budi", "x" * 60, "太" * 30]
    printed = run("--preview", written((header + "".join(f"{name}," + stay for name in names)).encode()))
    rows = [line for line in printed.splitlines() if "2025-03-14" in line]
    assert len({preview.width_of(line[: line.index("attendee")]) for line in rows}) == 1
    assert any("x" * 39 + "…" in line for line in rows)
    assert any("太" * 19 + "…" in line for line in rows)


def test_totals_and_open_stays_in_the_table():
    report = read_report(BY_LABEL["zoom-totals-en"].source)
    assert any(line.endswith("90 min") for line in preview.as_lines(report))
    source = b"Name (Original Name),User Email,Join Time,Leave Time\nBudi,,2025-03-14 19:00,\n"
    lines = list(preview.as_lines(read_report(source)))
    assert any(line.startswith("! Row 2: Budi joined") for line in lines)
    assert preview.as_json(read_report(source))["people"][0]["open_joins"] == ["2025-03-14 19:00:00"]


def test_sentences_pass_through_the_translation(monkeypatch, written):
    monkeypatch.setattr("lms.management.commands.import_attendance.gettext", lambda text: "«" + text + "»")
    with pytest.raises(CommandError, match="«This is a PDF document"):
        run("--preview", written(b"%PDF-1.7"))
    assert "«Name»" in run("--preview", written(WEBINAR))


def test_dates_of_the_question_are_written_in_the_active_language(written):
    with translation.override("id"), pytest.raises(CommandError) as refusal:
        run("--preview", written(AMBIGUOUS))
    assert "4 Maret 2025" in str(refusal.value)


def test_as_a_program_it_exits_with_one_and_needs_no_database(written, tmp_path):
    """A database that cannot exist proves that none is opened."""
    environment = dict(
        os.environ, DJANGO_SETTINGS_MODULE="tests.settings", LMS_TEST_DB=str(tmp_path / "no" / "such.db")
    )
    command = [sys.executable, "-m", "django", "import_attendance", "--preview", written(AMBIGUOUS)]
    root = Path(__file__).resolve().parents[3]
    refused = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("CommandError: participants.csv: The dates can be read in two ways")


def test_a_console_that_knows_only_ascii(written):
    console = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    path = written(BY_LABEL["zoom-meeting-ja-bom-crlf"])
    call_command("import_attendance", "--preview", path, stdout=console)
    console.flush()
    assert f"{len(GUESTS)} people" in console.buffer.getvalue().decode("ascii")


def test_the_start_is_the_clock_of_the_report(written):
    values = json.loads(run("--preview", "--json", written(AMBIGUOUS), "--session-start", "2025-03-04T19:00"))
    assert values["people"][0]["first_join"] == str(datetime(2025, 3, 4, 18, 58, 10))
