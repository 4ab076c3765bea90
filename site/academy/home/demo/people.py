"""Learners, visibly invented: "Ibu Contoh Sari", at addresses that cannot exist."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import override

from academy.home.demo.earlier import as_if
from lms.catalogue.models import Activity
from lms.learner.services import start_course
from lms.webinars.models import Occurrence, SeriesRegistration, WebinarSeries
from lms.webinars.services.registration import register_visitor

DOMAIN = "contoh.example"
#: Given name, "Ibu" (i) or "Bapak" (b).
GIVEN = (
    "Sari:i Made:b Aisyah:i Budi:b Citra:i Daeng:b Dewi:i Eko:b Fitri:i Gede:b Hasanah:i Iwan:b Jamilah:i Joko:b Kartini:i Komang:b "
    "Lestari:i Lukman:b Mariam:i Markus:b Ningsih:i Oktavianus:b Putri:i Petrus:b Rahmi:i Rudi:b Salma:i Samuel:b Siti:i Slamet:b "
    "Tiurma:i Togar:b Umi:i Usman:b Wahyuni:i Wayan:b Yanti:i Yohanes:b Zahra:i Zainal:b Asih:i Bambang:b Elisabet:i Frans:b "
    "Indah:i Nyoman:b Ratna:i Yosep:b"
)
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
WORDING = "Saya setuju nama, email, dan kehadiran saya disimpan untuk kursus ini."


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented. ``zeal`` from 0 to 1 says how much of the sessions they are there for."""

    number: int
    name: str
    email: str
    zone: str
    zeal: float


def everybody() -> list[Person]:
    """Return the same people every time, keen ones and busy ones."""
    found = []
    for number, entry in enumerate(GIVEN.split()):
        given, kind = entry.split(":")
        dice = random.Random(f"kelas {given}")  # noqa: S311 -- the same invention every time
        found.append(
            Person(
                number=number,
                name=f"{'Ibu' if kind == 'i' else 'Bapak'} Contoh {given}",
                email=f"{given.lower()}@{DOMAIN}",
                zone=ZONES[number % 3],
                zeal=dice.choice((0.97, 0.93, 0.88, 0.7, 0.5, 0.3, 0.05)),
            )
        )
    return found


def comes_to(person: Person, series: WebinarSeries) -> bool:
    """Say whether somebody signs up for a series: everybody for the first one, two of five for each other."""
    first = (
        WebinarSeries.objects.filter(activity__live=True).order_by("pk").values_list("pk", flat=True).first()
    )
    dice = random.Random(f"kelas {series.activity.key} {person.number}")  # noqa: S311 -- the same every time
    return series.pk == first or dice.random() < 0.4


def register(series: WebinarSeries) -> Iterator[int]:
    """Register people for a series and its course, in the weeks before it began. Yield how many are done.

    Twice changes nothing: who is there already is passed over.

    Args:
        series: whose sessions are dated.
    """
    first = Occurrence.objects.filter(series=series).earliest("starts_at").starts_at
    known = set(
        SeriesRegistration.objects.filter(series=series).values_list("learner__addresses__value", flat=True)
    )
    course = Activity.objects.filter(
        kind="course", live=True, outline_versions__items__activity=series.activity_id
    ).first()
    coming = [person for person in everybody() if comes_to(person, series)]
    for done, person in enumerate(coming, start=1):
        if person.email not in known:
            # A few come late: they miss what was before them.
            days = 12 - person.number % 14 if person.number % 6 else -9
            with as_if(first - dt.timedelta(days=days, minutes=7 * person.number)), override("id"):
                register_visitor(
                    series=series,
                    name=person.name,
                    email=person.email,
                    language="id",
                    zone=person.zone,
                    attempt=f"demo-{person.number}",
                    consent_wording=WORDING,
                )
                if course is not None and person.zeal > 0.5:
                    start_course(
                        course=course,
                        name=person.name,
                        email=person.email,
                        language="id",
                        attempt=f"demo-{person.number}",
                        consent_wording=WORDING,
                    )
        yield done
