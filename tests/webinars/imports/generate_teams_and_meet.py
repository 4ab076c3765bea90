"""Invented reports of Teams, all generations, and of Meet."""

from __future__ import annotations

from datetime import datetime, timedelta

from .evening import (
    EVENING,
    GUESTS,
    PROVING,
    START,
    Case,
    Expected,
    Guest,
    Spell,
    encoded,
    expected,
    line,
    moment,
    quoted,
    seconds_covered,
)


def teams_list(
    label: str, spell: Spell, *, date_order: str, encoding: str, header: bool = True, **more: object
) -> Case:
    """Return an attendance list: a row for each joining and leaving, newest first, no addresses."""
    steps, people = [], []
    for guest in GUESTS:
        stays = sorted({(moment(EVENING, joined), moment(EVENING, left)) for joined, left in guest.stays})
        merged: list[tuple[datetime, datetime]] = []
        for joined, left in stays:  # a list knows no devices: the platform prints stays that do not overlap
            if not merged or joined > merged[-1][1]:
                merged.append((joined, left))
        steps += [
            (at, guest.name, word)
            for stay in merged
            for at, word in zip(stay, ("Joined", "Left"), strict=True)
        ]
        total = seconds_covered(merged)
        people.append(Expected(guest.name, "", "attendee", merged[0][0], merged[-1][1], len(merged), total))
    steps.sort(reverse=True)
    order = list(dict.fromkeys(name for _, name, _ in steps))
    lines = ["Full Name\tUser Action\tTimestamp"] if header else []
    lines += ["\t".join([quoted(name, "\t"), word, spell(at)]) for at, name, word in steps]
    people.sort(key=lambda person: order.index(person.name))
    return Case(
        label=label,
        source=bom(encoding) + encoded(lines, encoding=encoding),
        format_id="teams.list",
        encoding="utf-16" if encoding.startswith("utf-16") else encoding,
        delimiter="\t",
        date_order=date_order,
        people=tuple(people),
        session_start=START,
    )


def bom(encoding: str) -> bytes:
    return {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")


def duration_words(total: int) -> str:
    """Teams drops the seconds of durations of an hour or more."""
    hours, rest = divmod(total, 3600)
    return f"{hours}h {rest // 60}m" if hours else f"{rest // 60}m {rest % 60}s"


def teams_summary(label: str, spell: Spell, *, date_order: str, newline: str = "\n") -> Case:
    """Return a meeting summary: a row for each stay below lines about the meeting."""
    lines = [
        "Meeting Summary",
        "Total Number of Participants\t7",
        "Meeting Title\tPelatihan Pemasaran Digital",
        f"Meeting Start Time\t{spell(moment(PROVING, '18:58:10'))}",
        f"Meeting End Time\t{spell(moment(PROVING, '20:40:00'))}",
        "Meeting Id\t00000000-1111-2222-3333-444444444444",
        "",
        "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)",
    ]
    for position, guest in enumerate(GUESTS):
        for joined_clock, left_clock in guest.stays:
            joined, left = moment(PROVING, joined_clock), moment(PROVING, left_clock)
            total = int((left - joined).total_seconds())
            role = "Organizer" if position == 0 else "Presenter"
            cells = [
                guest.name,
                spell(joined),
                spell(left),
                duration_words(total),
                guest.email.title(),
                role,
                guest.email,
            ]
            lines.append("\t".join(quoted(cell, "\t") for cell in cells))
    return Case(
        label=label,
        source=bom("utf-16-le") + encoded(lines, encoding="utf-16-le", newline=newline),
        format_id="teams.summary",
        encoding="utf-16",
        delimiter="\t",
        date_order=date_order,
        people=tuple(
            expected(guest, PROVING, role="host" if position == 0 else None)
            for position, guest in enumerate(GUESTS)
        ),
        topic="Pelatihan Pemasaran Digital",
    )


SECTIONS_WORDS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "en": (
        ["1. Summary", "Meeting title", "Attended participants", "Start time", "End time"],
        ["2. Participants", "Name", "First Join", "Last Leave", "In-Meeting Duration", "Email",
         "Participant ID (UPN)", "Role"],
        ["3. In-Meeting Activities", "Name", "Join Time", "Leave Time", "Duration", "Email", "Role"],
    ),
    "pt": (
        ["1. Resumo", "Título da reunião", "Participantes presentes", "Hora de início", "Hora de término"],
        ["2. Participantes", "Nome", "Primeiro ingresso", "Última saída", "Duração na reunião", "Email",
         "ID do participante (UPN)", "Função"],
        ["3. Atividades em reunião", "Nome", "Hora de ingresso", "Hora de saída", "Duração", "Email", "Função"],
    ),
    # Words that no dictionary has: read by position.
    "xx": (
        ["1. Yhteenveto", "Kokouksen otsikko", "Osallistujat", "Alkoi", "Loppui"],
        ["2. Osallistujat", "Nimi", "Tuli", "Lähti", "Kesto", "Sähköposti", "Tunnus", "Rooli"],
        ["3. Toiminta", "Nimi", "Tuli", "Lähti", "Kesto", "Sähköposti", "Rooli"],
    ),
}  # fmt: skip


def teams_sections(
    label: str, language: str, spell: Spell, *, date_order: str, encoding: str, newline: str = "\r\n"
) -> Case:
    """Return the report with numbered sections. One guest is in section 2 only, as happens."""
    summary, outline, activities = SECTIONS_WORDS[language]
    lines = [
        summary[0],
        f"{summary[1]}\tPelatihan Pemasaran Digital",
        f"{summary[2]}\t9",
        f"{summary[3]}\t{spell(START)}",
        f"{summary[4]}\t{spell(START + timedelta(hours=2))}",
        "",
        outline[0],
        "\t".join(outline[1:]),
    ]
    only_in_outline = Guest("Davi Rocha", "davi@empresa.example", (("19:00:00", "20:00:00"),))
    came_and_went = Guest("Elisa Melo", "elisa@empresa.example", (("19:00:00", "20:00:00"),))
    people = []
    for guest in (*GUESTS, only_in_outline, came_and_went):
        stays = [(moment(EVENING, joined), moment(EVENING, left)) for joined, left in guest.stays]
        first, last = min(joined for joined, _ in stays), max(left for _, left in stays)
        duration = "45m 0s" if guest is came_and_went else duration_words(seconds_covered(stays))
        cells = [guest.name, spell(first), spell(last), duration, guest.email, guest.email, "Presenter"]
        lines.append("\t".join(quoted(cell, "\t") for cell in cells))
        if guest is came_and_went:
            people.append(Expected(guest.name, guest.email, "attendee", None, None, 0, None, 45.0))
        else:
            people.append(expected(guest, EVENING))
    lines += ["", activities[0], "\t".join(activities[1:])]
    for guest in GUESTS:
        for joined_clock, left_clock in guest.stays:
            joined, left = moment(EVENING, joined_clock), moment(EVENING, left_clock)
            total = int((left - joined).total_seconds())
            cells = [guest.name, spell(joined), spell(left), duration_words(total), guest.email, "Presenter"]
            lines.append("\t".join(quoted(cell, "\t") for cell in cells))
    lines += ["", "4. Engagement", "Name\tReactions", "Ayu Utami\t3"]
    return Case(
        label=label,
        source=bom(encoding) + encoded(lines, encoding=encoding, newline=newline),
        format_id="teams.sections",
        encoding="utf-16",
        delimiter="\t",
        date_order=date_order,
        people=tuple(people),
        session_start=START,
        notes=("columns_assumed", "columns_assumed") if language == "xx" else (),
        topic="" if language == "xx" else "Pelatihan Pemasaran Digital",
    )


# ── Meet ──


def meet(label: str, header: str) -> Case:
    """Return the attendance file of Meet: durations in words, times without a date."""
    lines, people = [header], []
    durations = ("58 min", "1 hr 2 min", "32m", "1:00:00", "45", "1 h 5 min", "90 min")
    minutes = (58.0, 62.0, 32.0, 60.0, 45.0, 65.0, 90.0)
    for guest, words, total in zip(GUESTS, durations, minutes, strict=True):
        if header.startswith("First"):
            name = f"{guest.first_name} {guest.last_name}".strip() or guest.name
            cells = [guest.first_name or guest.name, guest.last_name, guest.email, words, "18:02", "19:00"]
        else:
            name = guest.name
            cells = [guest.name, guest.email, words, "18:02", "19:00"]
        lines.append(line(cells))
        people.append(Expected(name, guest.email, "attendee", None, None, 0, None, total))
    return Case(
        label=label,
        source=encoded(lines),
        format_id="meet",
        encoding="utf-8",
        delimiter=",",
        date_order=None,
        people=tuple(people),
        notes=("only_durations",),
    )
