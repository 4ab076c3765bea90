"""Invented participants reports of Zoom meetings."""

from __future__ import annotations

from datetime import date, datetime

from .evening import (
    EVENING,
    GUESTS,
    Case,
    Expected,
    Spell,
    encoded,
    expected,
    line,
    minutes_printed,
    moment,
)

MEETING_HEADERS: dict[str, list[str]] = {
    "en-2020": ["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)"],
    "en-consent": [
        "Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest",
        "Recording Consent", "In Waiting Room",
    ],
    "en-portal": [
        "Name (original name)", "Email", "Join time", "Leave time", "Duration (minutes)", "Guest",
        "Recording disclaimer response", "In waiting room",
    ],
    "id": [
        "Nama (nama asli)", "Email", "Waktu bergabung", "Waktu keluar", "Durasi (menit)", "Tamu",
        "Respons penafian rekaman", "Di ruang tunggu",
    ],
    "es-old": [
        "Nombre (nombre original)", "E-mail del usuario", "Hora para unirse", "Hora para salir",
        "Duración (minutos)",
    ],
    "es-new": [
        "Nombre (nombre original)", "Correo electrónico", "Hora de entrada", "Hora de salida",
        "Duración (minutos)", "Invitado",
        "Respuesta al descargo de responsabilidad relativa a la grabación", "En sala de espera",
    ],
    "ja": ["名前 (元の名前)", "ユーザーメール", "参加時刻", "退出時刻", "所要時間（分）"],
}  # fmt: skip
YES_NO = {"en": ("Yes", "No"), "id": ("Ya", "Tidak"), "es": ("Sí", "No"), "ja": ("はい", "いいえ")}
PREAMBLES: dict[str, tuple[list[str], list[str]]] = {
    "en-2020": (
        ["Meeting ID", "Topic", "Start Time", "End Time", "User Email", "Duration (Minutes)", "Participants"],
        ["812 3456 7890", "Pembayaran Digital, Sesi 2", "{start}", "{end}", "host@lms.example", "97", "7"],
    ),
    "en-portal": (
        ["Topic", "ID", "Host name", "Host email", "Start time", "End time", "Participants", "Duration (minutes)"],
        ["Pembayaran Digital, Sesi 2", "812 3456 7890", "Ayu Utami", "ayu@lms.example", "{start}", "{end}", "7", "97"],
    ),
    "id": (
        ["Topik", "ID", "Nama host", "Waktu mulai", "Waktu berakhir", "Peserta", "Durasi (menit)"],
        ["Pembayaran Digital, Sesi 2", "812 3456 7890", "Ayu Utami", "{start}", "{end}", "7", "97"],
    ),
}  # fmt: skip


def runs_it(name: str, preamble: str) -> bool:
    """Say whether the lines above the table name somebody as the host."""
    return bool(preamble) and name in PREAMBLES[preamble][1]


def zoom_meeting(
    label: str,
    header: str,
    spell: Spell,
    *,
    day: date = EVENING,
    date_order: str,
    encoding: str = "utf-8",
    newline: str = "\n",
    delimiter: str = ",",
    preamble: str = "",
    padded: bool = False,
    waiting: bool = False,
    whole_minutes: bool = False,
    session_start: datetime | None = None,
    cut_emails: bool = False,
) -> Case:
    """Return a participants report of a meeting."""
    names = MEETING_HEADERS[header]
    yes, no = YES_NO[header.partition("-")[0]]
    width = len(names) if padded else 0
    lines = []
    if preamble:
        titles, values = PREAMBLES[preamble]
        begin, end = spell(moment(day, "18:58:10")), spell(moment(day, "20:35:02"))
        width = max(width, len(titles)) if padded else 0
        lines.append(line(titles, delimiter, width=width))
        lines.append(line([value.format(start=begin, end=end) for value in values], delimiter, width=width))
        lines.append(delimiter * (width - 1) if padded else "")
    lines.append(line(names, delimiter, width=width))
    people, warnings = [], []
    for guest in GUESTS:
        email = guest.email
        if cut_emails and email:
            email = email.partition("@")[0] + "…"
        rows = [(joined, left, guest.name, email, no) for joined, left in guest.stays]
        if waiting and guest.waited:
            rows.insert(0, (*guest.waited, guest.name, email, yes))
            warnings.append("waiting_room")
        if guest.other_name and not cut_emails:  # a cut address is not enough to be one person
            joined, left, _, _, waits = rows[-1]
            rows[-1] = (joined, left, guest.other_name, email.upper(), waits)
        for joined_clock, left_clock, name, address, waits in rows:
            joined, left = moment(day, joined_clock), moment(day, left_clock)
            cells = [
                name,
                address,
                spell(joined),
                spell(left),
                minutes_printed(joined, left),
                yes,
                "NA",
                waits,
            ]
            lines.append(line(cells[: len(names)], delimiter, width=width))
        role = "host" if runs_it(guest.name, preamble) else None
        person = expected(guest, day, whole_minutes=whole_minutes, role=role)
        people.append(Expected(**{**vars(person), "email": email.casefold()}))
    codec = {"utf-16-le": "utf-16-le", "utf-16": "utf-16"}.get(encoding, encoding)
    return Case(
        label=label,
        source=encoded(lines, encoding=codec, newline=newline),
        format_id="zoom.meeting",
        encoding="utf-16" if encoding.startswith("utf-16") else encoding,
        delimiter=delimiter,
        date_order=date_order,
        people=tuple(people),
        session_start=session_start,
        warnings=tuple(warnings),
        notes=("emails_cut",) if cut_emails else (),
        topic="Pembayaran Digital, Sesi 2" if preamble else "",
    )


def zoom_totals(label: str, names: list[str], *, date_order: str | None, preamble: str = "") -> Case:
    """Return the report of “Show unique users”: totals without times, re-saved by Excel with padded commas."""
    lines, notes = [], ["only_totals"]
    if preamble:
        titles, values = PREAMBLES[preamble]
        begin, end = "04/03/25 18:58", "04/03/25 20:35"
        lines += [line(titles), line([value.format(start=begin, end=end) for value in values])]
        lines.append("," * (len(titles) - 1))
        notes.insert(0, "date_order_assumed")
    lines.append(line(names, width=7))
    people = []
    for position, guest in enumerate(GUESTS):
        minutes = 90 + position
        lines.append(line([guest.name, guest.email, str(minutes), "Yes"], width=7))
        role = "host" if runs_it(guest.name, preamble) else "attendee"
        people.append(Expected(guest.name, guest.email, role, None, None, 0, None, float(minutes)))
    return Case(
        label=label,
        source=encoded(lines, newline="\r\n"),
        format_id="zoom.meeting.totals",
        encoding="utf-8",
        delimiter=",",
        date_order=date_order,
        people=tuple(people),
        notes=tuple(notes),
        topic="Pembayaran Digital, Sesi 2" if preamble else "",
    )
