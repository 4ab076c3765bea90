"""A list of people to enrol, as staff keep it: bytes of a CSV file or a workbook in, people and problems out. Pure.

Nothing is guessed in silence: what is wrong is said with its row, and such a row enrols nobody. No formula is ever
evaluated, and no text that begins like one is taken for a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lms.core.cells import STARTS
from lms.core.clock import zone_names
from lms.people.rules import MAX_NAME, clean_email, clean_name, is_name, meant_email, name_key
from lms.reports.list_files import MOST_BYTES, MOST_PEOPLE, BadList, Formula, csv_rows, sheets
from lms.webinars.imports.tables import (
    cell,
    fields_of,
    folded_words,
)

#: Rows in which the names of the columns may stand, under a title.
HEADER_ROWS = 20

WORDS: dict[str, dict[str, list[str]]] = {
    "en": {
        "name": ["name", "full name", "participant", "participant name", "learner"],
        "email": ["e-mail", "email", "mail", "e-mail address", "email address"],
        "language": ["language", "preferred language"],
        "zone": ["zone", "time zone", "timezone"],
    },
    "id": {
        "name": ["nama", "nama lengkap", "nama peserta", "peserta"],
        "email": ["surel", "alamat email", "alamat e-mail", "alamat surel", "email peserta"],
        "language": ["bahasa"],
        "zone": ["zona", "zona waktu"],
    },
}
FIELDS = folded_words(WORDS)
LANGUAGES = {
    "id": "id",
    "indonesia": "id",
    "indonesian": "id",
    "bahasa indonesia": "id",
    "en": "en",
    "english": "en",
    "inggris": "en",
    "bahasa inggris": "en",
}
ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}


@dataclass(frozen=True, slots=True)
class Person:
    """One person to enrol. ``row``: where they stand in the file, as a spreadsheet program counts."""

    row: int
    name: str
    email: str
    language: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row, or only odd (``serious`` False: the person is enrolled all the same)."""

    row: int
    code: str
    value: str = ""
    other: str = ""
    serious: bool = True


@dataclass(slots=True)
class PeopleList:
    """What a file says: people to enrol, and what is wrong or odd, by row."""

    people: list[Person] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def serious(self) -> list[Problem]:
        """What keeps somebody from being enrolled."""
        return [each for each in self.problems if each.serious]


def read_people(source: bytes) -> PeopleList:
    """Read a list of people: CSV in any usual encoding and separator, or the first sheet of a workbook that has the columns.

    Columns are found by their names, in English or Indonesian, in the first rows: name and e-mail, and perhaps language
    and time zone. Other columns are left alone.

    Args:
        source: the bytes of the file.

    Raises:
        BadList: and nothing else, whatever the bytes are.
    """
    if len(source) > MOST_BYTES:
        raise BadList("too_large", limit=MOST_BYTES >> 20)
    tables = sheets(source) if source.startswith(b"PK\x03\x04") else [csv_rows(source, _score)]
    best: set[str] = set()
    for rows in tables:
        found = _columns(rows)
        if isinstance(found, set):
            best = max(best, found, key=len)
            continue
        return _read(*found)
    missing = [each for each in ("name", "email") if each not in best]
    raise BadList("no_columns", missing=missing)


Rows = Iterable[tuple[int, Sequence[Any]]]


def _columns(rows: Rows) -> tuple[Mapping[str, int], Iterator[tuple[int, Sequence[Any]]]] | set[str]:
    """Return where the columns are, and the rows below; or which of the needed ones were found where not all were."""
    best: set[str] = set()
    walk = iter(rows)
    for seen, (_number, row) in enumerate(walk):
        if seen >= HEADER_ROWS:
            break
        named = fields_of([each if isinstance(each, str) else "" for each in row], FIELDS)
        places: dict[str, int] = {}
        for place, name in enumerate(named):
            if name:
                places.setdefault(name, place)
        if {"name", "email"} <= places.keys():
            return places, walk
        best = max(best, set(places), key=len)
    return best


def _read(places: Mapping[str, int], rows: Iterator[tuple[int, Sequence[Any]]]) -> PeopleList:
    result = PeopleList()
    first: dict[tuple[str, str], int] = {}
    filled = 0
    for number, row in rows:
        texts = {name: _cell(row, place) for name, place in places.items()}
        if not any(texts.values()):
            continue
        filled += 1
        if filled > MOST_PEOPLE:
            raise BadList("too_many", limit=MOST_PEOPLE)
        person = _person(number, texts, result.problems)
        if person is None:
            continue
        key = (name_key(person.name), person.email)
        if key in first:
            result.problems.append(Problem(number, "twice", person.name, str(first[key]), serious=False))
            continue
        first[key] = number
        result.people.append(person)
    if not filled:
        raise BadList("nobody")
    return result


def _cell(row: Sequence[Any], place: int) -> str | Formula:
    value = row[place] if place < len(row) else None
    if isinstance(value, Formula):
        return value
    text = "" if value is None else str(value)
    # What a spreadsheet program keeps a text with, and what our own files lead a dangerous cell with.
    return cell([text], 0)


def _person(row: int, texts: Mapping[str, str | Formula], problems: list[Problem]) -> Person | None:
    """Return the person of a row; None when something serious is wrong, which is said then."""
    before = len(problems)
    for value in texts.values():
        if isinstance(value, Formula):
            problems.append(Problem(row, "formula", value.text[:80]))
            return None
    raw = {name: value for name, value in texts.items() if isinstance(value, str)}
    name, email = clean_name(raw["name"]), clean_email(raw["email"])
    if not name:
        problems.append(Problem(row, "no_name"))
    elif name[0] in STARTS:
        problems.append(Problem(row, "formula", name[:80]))
    elif len(name) > MAX_NAME:
        problems.append(Problem(row, "long_name", name[:80], str(MAX_NAME)))
    elif not is_name(name):
        problems.append(Problem(row, "bad_name", name[:80]))
    if not email:
        problems.append(Problem(row, "no_email"))
    elif not _is_email(email):
        problems.append(Problem(row, "bad_email", email[:80]))
    language, zone = raw.get("language", ""), raw.get("zone", "")
    known_language = LANGUAGES.get(" ".join(language.casefold().split()), "")
    if language and not known_language:
        problems.append(Problem(row, "bad_language", language[:80]))
    known_zone = ZONES.get(zone.casefold(), zone if zone in zone_names() else "")
    if zone and not known_zone:
        problems.append(Problem(row, "bad_zone", zone[:80]))
    if len(problems) > before:
        return None
    if meant := meant_email(email):
        problems.append(Problem(row, "odd_email", email, meant, serious=False))
    return Person(row, name, email, known_language, known_zone)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _score(rows: Sequence[Sequence[str]]) -> int:
    return max((len({each for each in fields_of(list(row), FIELDS) if each}) for row in rows), default=0)
