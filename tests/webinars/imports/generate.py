"""Every invented report: ``python -m tests.webinars.imports.generate FOLDER`` writes them, to look at or to
feed elsewhere.

They have the byte shapes of real exports (encodings, marks, line ends, separators, stacked tables, padding,
words of several languages), with invented people; :mod:`.evening` says what an exact reading must yield.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .evening import (
    PROVING,
    START,
    Case,
    day_first,
    day_first_dots,
    day_first_minutes,
    day_first_short_year,
    day_first_small_pm,
    month_name,
    month_name_12h,
    us_12h,
    us_narrow_space,
    us_short,
    year_first,
)
from .generate_teams_and_meet import meet, teams_list, teams_sections, teams_summary
from .generate_zoom_meeting import zoom_meeting, zoom_totals
from .generate_zoom_webinar import zoom_webinar

UNKNOWN_TITLES = {"host": "Gastgeber", "panelist": "Podium", "attendee": "Publikum", "other": "Sonstige"}


def cases() -> list[Case]:
    """Return every case."""
    totals_en = ["Name (Original Name)", "User Email", "Total Duration (Minutes)", "Guest"]
    totals_id = ["Nama (nama asli)", "Email", "Total durasi (menit)", "Tamu"]
    return [
        zoom_meeting("zoom-meeting-en-2020", "en-2020", us_12h, day=PROVING, date_order="mdy"),
        zoom_meeting("zoom-meeting-en-ambiguous", "en-consent", us_12h, date_order="mdy", session_start=START),
        zoom_meeting(
            "zoom-meeting-en-preamble", "en-consent", us_12h, date_order="mdy", preamble="en-2020",
            session_start=START, waiting=True,
        ),
        zoom_meeting(
            "zoom-meeting-en-portal-bom-crlf", "en-portal", us_12h, date_order="mdy", preamble="en-portal",
            encoding="utf-8-sig", newline="\r\n", session_start=START, waiting=True,
        ),
        zoom_meeting(
            "zoom-meeting-en-in-indonesia", "en-consent", day_first, date_order="dmy", session_start=START
        ),
        zoom_meeting(
            "zoom-meeting-id-excel-semicolon", "id", day_first_minutes, date_order="dmy", preamble="id",
            encoding="utf-8-sig", newline="\r\n", delimiter=";", padded=True, whole_minutes=True,
            session_start=START, waiting=True,
        ),
        zoom_meeting(
            "zoom-meeting-id-excel-dots", "id", day_first_dots, day=PROVING, date_order="dmy", preamble="id",
            encoding="cp1252", newline="\r\n", delimiter=";", padded=True, whole_minutes=True,
        ),
        zoom_meeting("zoom-meeting-id-24h", "id", day_first, day=PROVING, date_order="dmy", preamble="id"),
        zoom_meeting(
            "zoom-meeting-es-old-cp1252", "es-old", day_first, day=PROVING, date_order="dmy",
            encoding="cp1252", delimiter=";",
        ),
        zoom_meeting(
            "zoom-meeting-es-new", "es-new", day_first, day=PROVING, date_order="dmy", encoding="utf-8-sig",
            newline="\r\n", waiting=True,
        ),
        zoom_meeting(
            "zoom-meeting-ja-bom-crlf", "ja", year_first, date_order="ymd", encoding="utf-8-sig", newline="\r\n",
            whole_minutes=True, cut_emails=True,
        ),
        zoom_meeting(
            "zoom-meeting-utf16-tabs", "en-portal", us_narrow_space, day=PROVING, date_order="mdy",
            encoding="utf-16", newline="\r\n", delimiter="\t",
        ),
        zoom_meeting(
            "zoom-meeting-utf16-without-mark", "en-2020", us_12h, day=PROVING, date_order="mdy",
            encoding="utf-16-le",
        ),
        zoom_meeting("zoom-meeting-old-mac-line-ends", "en-2020", us_12h, day=PROVING, date_order="mdy", newline="\r"),
        zoom_totals("zoom-totals-en", totals_en, date_order=None),
        zoom_totals("zoom-totals-en-preamble", totals_en, date_order="mdy", preamble="en-2020"),
        zoom_totals("zoom-totals-id-preamble", totals_id, date_order="dmy", preamble="id"),
        zoom_webinar("zoom-webinar-en-2020", "en-2020", month_name, month_name_12h, date_order="mdy"),
        zoom_webinar(
            "zoom-webinar-en-new-nul", "en-new", us_12h, us_12h, date_order="mdy", nul=True, encoding="utf-8-sig",
            session_start=START,
        ),
        zoom_webinar(
            "zoom-webinar-en-padded-crlf", "en-new", us_12h, month_name_12h, day=PROVING, date_order="mdy",
            padded=True, newline="\r\n",
        ),
        zoom_webinar("zoom-webinar-es", "es", day_first, day_first, date_order="dmy", session_start=START),
        zoom_webinar("zoom-webinar-id", "id", day_first, day_first, date_order="dmy", session_start=START),
        zoom_webinar(
            "zoom-webinar-unknown-titles", "en-new", us_12h, us_12h, day=PROVING, date_order="mdy",
            titles=UNKNOWN_TITLES, notes=("section_assumed",) * 4,
        ),
        teams_list("teams-list-utf16le", day_first_short_year, date_order="dmy", encoding="utf-16-le"),
        teams_list("teams-list-without-header", us_short, date_order="mdy", encoding="utf-16-le", header=False),
        teams_list("teams-list-saved-as-utf8", day_first_small_pm, date_order="dmy", encoding="utf-8"),
        teams_summary("teams-summary", us_short, date_order="mdy"),
        teams_summary("teams-summary-crlf", day_first_small_pm, date_order="dmy", newline="\r\n"),
        teams_sections("teams-sections-en", "en", us_narrow_space, date_order="mdy", encoding="utf-16-le"),
        teams_sections(
            "teams-sections-en-big-endian", "en", day_first_short_year, date_order="dmy", encoding="utf-16-be",
            newline="\n",
        ),
        teams_sections("teams-sections-pt", "pt", day_first_short_year, date_order="dmy", encoding="utf-16-le"),
        teams_sections("teams-sections-unknown", "xx", day_first_short_year, date_order="dmy", encoding="utf-16-le"),
        meet("meet-first-last", "First name,Last name,Email,Duration,Time joined,Time exited"),
        meet("meet-name", "Name,Email,Duration,Time joined,Time exited"),
    ]  # fmt: skip


CASES = cases()


def write(folder: Path) -> None:
    """Write every case as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        (folder / f"{case.label}.csv").write_bytes(case.source)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
