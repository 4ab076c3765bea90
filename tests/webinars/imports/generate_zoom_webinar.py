"""Invented attendee reports of Zoom webinars: stacked tables with their own columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .evening import (
    EVENING,
    GUESTS,
    Case,
    Expected,
    Guest,
    Spell,
    encoded,
    expected,
    line,
    minutes_printed,
    moment,
)


@dataclass(frozen=True)
class WebinarWords:
    """The words of the webinar report in one language."""

    report: str
    made: str
    summary: list[str]
    sections: dict[str, str]
    staff: list[str]
    attendee: list[str]
    other: list[str]
    yes: str = "Yes"
    no: str = "No"


WEBINARS: dict[str, WebinarWords] = {
    "en-2020": WebinarWords(
        "Attendee Report",
        "Report Generated:",
        ["Topic", "Webinar ID", "Actual Start Time", "Actual Duration (minutes)", "# Registered", "# Cancelled",
         "Unique Viewers", "Total Users", "Max Concurrent Views"],
        {"host": "Host Details", "panelist": "Panelist Details", "attendee": "Attendee Details",
         "other": "Other Attended"},
        ["Attended", "User Name", "Email", "Join Time", "Leave Time", "Time in Session (minutes)",
         "Country/Region Name"],
        ["Attended", "First Name", "Last Name", "Email", "Registration Time", "Approval Status", "Join Time",
         "Leave Time", "Time in Session (minutes)", "Country/Region Name"],
        ["User Name", "Join Time", "Leave Time", "Time in Session (minutes)", "Country/Region Name"],
    ),
    "en-new": WebinarWords(
        "Attendee Report",
        "Report generated time",
        ["Topic", "Webinar ID", "Actual Start Time", "Actual Duration (minutes)", "# Registrants",
         "# Cancelled registrants", "Unique Viewers", "Total Users", "Max Concurrent Views", "Enable Registration"],
        {"host": "Host Details", "panelist": "Panelist Details", "attendee": "Attendee Details",
         "other": "Other Attended"},
        ["Attended", "User Name (Original Name)", "Email", "Join Time", "Leave Time", "Time in Session (minutes)",
         "Is Guest", "Country/Region Name"],
        ["Attended", "User Name (Original Name)", "First Name", "Last Name", "Email", "Phone", "Registration Time",
         "Approval Status", "Join Time", "Leave Time", "Time in Session (minutes)", "Is Guest",
         'Apa usaha Anda (mis. "warung", toko)?\nName, Email', "Country/Region Name", "Source Name"],
        ["User Name", "Join Time", "Leave Time", "Time in Session (minutes)", "Country/Region Name"],
    ),
    "es": WebinarWords(
        "Informe de asistentes",
        "Informe generado:",
        ["Tema", "ID del seminario web", "Hora de inicio real", "Duración real (minutos)", "N.º inscritos",
         "N.º cancelados", "Espectadores exclusivos", "Usuarios totales", "Vistas simultáneas máximas"],
        {"host": "Detalles del anfitrión", "panelist": "Detalles de panelistas",
         "attendee": "Detalles de los asistentes", "other": "Otros asistentes"},
        ["Asistió", "Nombre de usuario (nombre original)", "Correo electrónico", "Hora de entrada",
         "Hora de salida", "Tiempo en la sesión (minutos)", "Es invitado", "Nombre de país/región"],
        ["Asistió", "Nombre de usuario (nombre original)", "Nombre", "Apellido", "Correo electrónico",
         "Hora de registro", "Estado de aprobación", "Hora de entrada", "Hora de salida",
         "Tiempo en la sesión (minutos)", "Es invitado", "Nombre de país/región"],
        ["Nombre de usuario", "Hora de entrada", "Hora de salida", "Tiempo en la sesión (minutos)",
         "Nombre de país/región"],
        "Sí",
    ),
    "id": WebinarWords(
        "Laporan Peserta",
        "Laporan dibuat:",
        ["Topik", "ID webinar", "Waktu mulai aktual", "Durasi aktual (menit)", "# Terdaftar", "# Dibatalkan",
         "Penonton unik", "Total pengguna", "Tampilan bersamaan maks."],
        {"host": "Detail Host", "panelist": "Detail Panelis", "attendee": "Detail Peserta",
         "other": "Peserta Lainnya"},
        ["Hadir", "Nama pengguna (nama asli)", "Email", "Waktu bergabung", "Waktu keluar",
         "Waktu dalam sesi (menit)", "Tamu", "Nama negara/wilayah"],
        ["Hadir", "Nama pengguna (nama asli)", "Nama depan", "Nama belakang", "Email", "Waktu pendaftaran",
         "Status persetujuan", "Waktu bergabung", "Waktu keluar", "Waktu dalam sesi (menit)", "Tamu",
         "Nama negara/wilayah"],
        ["Nama pengguna", "Waktu bergabung", "Waktu keluar", "Waktu dalam sesi (menit)", "Nama negara/wilayah"],
        "Ya",
        "Tidak",
    ),
}  # fmt: skip

HOST = Guest("Made Arsana", "Made@LMS.example", (("18:30:00", "21:00:00"),), role="host")
# Promoted: one stay as a panelist, a few seconds after the stay as an attendee ended.
PANELIST = Guest(
    "Rina Kusuma", "rina@lms.example", (("19:15:07", "20:45:00"), ("18:55:00", "19:15:00")), "Rina", "Kusuma",
    role="panelist",
)  # fmt: skip
OTHERS = (
    Guest("62856******01", "", (("19:20:00", "20:10:00"),), role="other"),
    # The name of an attendee, but outside registration: not the same person.
    Guest("Wayan Sudiarta", "", (("19:00:00", "19:01:00"),), role="other"),
)
ABSENT = (("Putri", "Handayani", "putri@usaha.example"), ("Agus", "Salim", "AGUS@usaha.example"))


def zoom_webinar(
    label: str,
    language: str,
    spell: Spell,
    spell_other: Spell,
    *,
    day: date = EVENING,
    date_order: str,
    encoding: str = "utf-8",
    newline: str = "\n",
    padded: bool = False,
    nul: bool = False,
    session_start: datetime | None = None,
    notes: tuple[str, ...] = (),
    titles: dict[str, str] | None = None,
) -> Case:
    """Return an attendee report of a webinar: stacked tables with their own columns."""
    words = WEBINARS[language]
    sections = titles or words.sections
    width = len(words.attendee) if padded else 0
    topic = "Sosial Media untuk Warung, Bagian 1"

    def row(values: dict[str, str], names: list[str], *, always: bool = False) -> str:
        return line([values.get(name, "NA") for name in names], always=always, width=width)

    def values_of(
        names: list[str], guest: Guest, joined: datetime, left: datetime, how: Spell
    ) -> dict[str, str]:
        places = {name: place for place, name in enumerate(names)}
        join_at = next(places[name] for name in names if name in JOIN_WORDS)
        cells = dict.fromkeys(names, "NA")
        cells[names[join_at]] = how(joined)
        cells[names[join_at + 1]] = how(left)
        cells[names[join_at + 2]] = minutes_printed(joined, left)
        for name in names:
            if name in NAME_WORDS:
                cells[name] = guest.name
            elif name in EMAIL_WORDS:
                cells[name] = guest.email
            elif name in FIRST_WORDS:
                cells[name] = guest.first_name
            elif name in LAST_WORDS:
                cells[name] = guest.last_name
            elif name in ATTENDED_WORDS:
                cells[name] = words.yes
        return cells

    lines = [line([words.report, ""], width=width)]
    lines.append(line([words.made, spell_other(moment(day, "47:00:00"))], width=width))
    lines.append(line(words.summary, width=width))
    counts = [" 125", " 461", " 0", "446", "991", "", ""]
    values = [topic, "328-972-509", spell_other(moment(day, "18:30:00")), *counts]
    lines.append(line(values[: len(words.summary)], width=width))

    lines.append(line([sections["host"], ""], width=width))
    lines.append(line(words.staff, width=width))
    host = [(moment(day, joined), moment(day, left)) for joined, left in HOST.stays]
    lines += [row(values_of(words.staff, HOST, *host[0], spell), words.staff)]
    lines.append(line([sections["panelist"], ""], width=width))
    lines.append(line(words.staff, always=True, width=width))
    as_panelist, as_attendee = [(moment(day, joined), moment(day, left)) for joined, left in PANELIST.stays]
    lines.append(row(values_of(words.staff, PANELIST, *as_panelist, spell), words.staff, always=True))

    lines.append(line([sections["attendee"], ""], width=width))
    lines.append(line(words.attendee, always=True, width=width))
    registered = [guest for guest in GUESTS if guest.first_name and guest.email]
    has_name = any(name in NAME_WORDS for name in words.attendee)
    people = [expected(HOST, day), expected(PANELIST, day)]
    lines.append(row(values_of(words.attendee, PANELIST, *as_attendee, spell), words.attendee))
    for guest in registered:
        for joined_clock, left_clock in guest.stays:
            stay = moment(day, joined_clock), moment(day, left_clock)
            lines.append(row(values_of(words.attendee, guest, *stay, spell), words.attendee))
        name = guest.name if has_name else f"{guest.first_name} {guest.last_name}"
        people.append(expected(guest, day, name=name))
    for first_name, last_name, email in ABSENT:
        cells = dict.fromkeys(words.attendee, "--")
        for name in words.attendee:
            if name in ATTENDED_WORDS:
                cells[name] = words.no
            elif name in FIRST_WORDS:
                cells[name] = first_name
            elif name in LAST_WORDS:
                cells[name] = last_name
            elif name in EMAIL_WORDS:
                cells[name] = email
            elif name in NAME_WORDS:
                cells[name] = f"{first_name} {last_name}"
        lines.append(row(cells, words.attendee))
        name = f"{first_name} {last_name}"
        people.append(Expected(name, email.casefold(), "no-show", None, None, 0, None))

    lines.append(line([sections["other"], ""], width=width))
    lines.append(line(words.other, always=True, width=width))
    for guest in OTHERS:
        for joined_clock, left_clock in guest.stays:
            stay = moment(day, joined_clock), moment(day, left_clock)
            lines.append(row(values_of(words.other, guest, *stay, spell_other), words.other))
        people.append(expected(guest, day))
    text_lines = [text.replace("Wayan", "Way\x00an").replace(words.sections["other"], words.sections["other"] + "\x00")
                  if nul else text for text in lines]  # fmt: skip
    return Case(
        label=label,
        source=encoded(text_lines, encoding=encoding, newline=newline),
        format_id="zoom.webinar",
        encoding=encoding,
        delimiter=",",
        date_order=date_order,
        people=tuple(people),
        session_start=session_start,
        notes=(*notes, *(("nul_removed",) if nul else ())),
        topic=topic,
    )


JOIN_WORDS = {"Join Time", "Hora de entrada", "Waktu bergabung"}
NAME_WORDS = {
    "User Name", "User Name (Original Name)", "Nombre de usuario (nombre original)", "Nombre de usuario",
    "Nama pengguna (nama asli)", "Nama pengguna",
}  # fmt: skip
EMAIL_WORDS = {"Email", "Correo electrónico"}
FIRST_WORDS = {"First Name", "Nombre", "Nama depan"}
LAST_WORDS = {"Last Name", "Apellido", "Nama belakang"}
ATTENDED_WORDS = {"Attended", "Asistió", "Hadir"}
