"""Bringing people in: a list of people is enrolled in a course, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from lms.catalogue.models import Activity
from lms.core import clock
from lms.people.models import Address, Learner
from lms.people.queries import canonical
from lms.people.rules import name_key
from lms.people.services import NewPerson, make_learners
from lms.progress import services as progress
from lms.progress.runs import going_on, runs_of_course
from lms.reports.people_list import Person

#: Of learners who are made from lists: the same name and address on two lists are one person.
ATTEMPT = "lms.reports.people_list"
#: Addresses looked up at a time.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of a list: how many people on it, how many new to us, how many whose run began or goes on again."""

    people: int
    new: int
    enrolled: int


def known_people(people: Sequence[Person]) -> dict[int, Learner]:
    """Return the place in a list → the learner who it certainly is: one query for every 500 people.

    That is who proved the address as theirs, or whose only address it is; under the same name, in either case.
    """
    by_email: dict[str, list[Address]] = {}
    emails = sorted({person.email for person in people})
    for start in range(0, len(emails), BATCH):
        rows = (
            Address.objects.filter(
                kind=Address.Kind.EMAIL, value__in=emails[start : start + BATCH], learner__erased_at=None
            )
            .select_related("learner__canonical")
            .prefetch_related("learner__addresses")
            .order_by("pk")
        )
        for row in rows:
            by_email.setdefault(row.value, []).append(row)
    found = {}
    for place, person in enumerate(people):
        key = name_key(person.name)
        rows_of = [row for row in by_email.get(person.email, ()) if name_key(row.learner.name) == key]
        proven = [row for row in rows_of if row.verified_at is not None]
        alone = [row for row in rows_of if len(row.learner.addresses.all()) == 1]
        for sure in [*proven, *alone][:1]:
            found[place] = canonical(sure.learner)
    return found


@transaction.atomic
def enrol_people(
    *,
    activity_id: int,
    people: Iterable[Person],
    cohort_id: int | None = None,
    send_links: bool = True,
) -> Enrolled:
    """Enrol a list of people in a course; whoever is new to us becomes a learner. Doing it twice changes nothing.

    Args:
        activity_id: the course. Whether the caller may is asked before.
        people: as ``read_people`` returns them.
        cohort_id: of the course; a seat for everybody, or nobody is enrolled.
        send_links: mail their personal page to those whose run begins or goes on again.

    Raises:
        Full: the cohort lacks seats; nothing was written.
        KelasError: a name or an address that cannot be kept; nothing was written.
    """
    people = list({(name_key(person.name), person.email): person for person in people}.values())
    # One list of a course at a time: two clicks of one button wait for each other.
    Activity.objects.select_for_update(no_key=True).get(pk=activity_id)
    known = known_people(people)
    new = [place for place in range(len(people)) if place not in known]
    made = make_learners(
        people=[
            NewPerson(people[place].name, people[place].email, people[place].language, people[place].zone)
            for place in new
        ],
        attempt=ATTEMPT,
    )
    learners = known | dict(zip(new, made, strict=True))
    ids = [learners[place].pk for place in range(len(people))]
    before = taking_part(activity_id, ids)
    if cohort_id is None:
        progress.enrol(learner_ids=ids, activity_id=activity_id, tell=send_links)
    else:
        progress.enrol_in_cohort(learner_ids=ids, cohort_id=cohort_id, by_staff=True, tell=send_links)
    fresh = [pk for pk in dict.fromkeys(ids) if pk not in before]
    return Enrolled(people=len(people), new=len(new), enrolled=len(taking_part(activity_id, fresh)))


def taking_part(activity_id: int, learner_ids: Sequence[int]) -> set[int]:
    """Return those of some learners who take part in a course now."""
    rows = going_on(runs_of_course(activity_id), clock.now())
    found: set[int] = set()
    for start in range(0, len(learner_ids), BATCH):
        batch = learner_ids[start : start + BATCH]
        found |= set(rows.filter(learner_id__in=batch).values_list("learner_id", flat=True))
    return found
