"""Reads for identity: who is registered for a series, whose address is whose, what was decided before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from lms.people.models import Address, Learner
from lms.webinars.matching import (
    Directory,
    Identity,
    Printed,
    Registered,
    Suggester,
    Suggestion,
    candidate_names,
    is_whole_address,
    normalise_email,
)
from lms.webinars.models import AttendanceImport, Occurrence, Registration, ReportPerson, SeriesRegistration

BATCH = 500

Match = ReportPerson.Match


def registered_learners(occurrence: Occurrence) -> QuerySet[Learner]:
    """Return the learners who are, or ever were, registered for the series or one of its sessions.

    Annotated: ``at_session``, registered for this session and not cancelled. Learners who were merged into another are
    left out of nothing: see ``standing_for``.
    """
    series = SeriesRegistration.objects.filter(series_id=occurrence.series_id, learner=OuterRef("pk"))
    seats = Registration.objects.filter(learner=OuterRef("pk"))
    here = seats.filter(occurrence=occurrence).exclude(state=Registration.State.CANCELLED)
    return (
        Learner.objects.filter(
            Q(Exists(series)) | Q(Exists(seats.filter(occurrence__series_id=occurrence.series_id))),
            erased_at=None,
        )
        .annotate(at_session=Exists(here), standing_for=Coalesce(F("canonical_id"), F("id")))
        .order_by("name", "id")
    )


def registered(occurrence: Occurrence) -> list[Registered]:
    """Return everybody registered for the series as the rules want them, merged learners as one: two queries."""
    learners = registered_learners(occurrence)
    emails: dict[int, set[str]] = defaultdict(set)
    addresses = Address.objects.filter(kind=Address.Kind.EMAIL, learner__in=learners.values("pk").order_by())
    for learner_id, value in addresses.values_list("learner_id", "value"):
        emails[learner_id].add(normalise_email(value))
    return [
        Registered(standing_for, name, frozenset(emails.get(pk, ())), at_session)
        for pk, name, at_session, standing_for in learners.values_list(  # type: ignore[misc]
            "pk", "name", "at_session", "standing_for"
        )
    ]


def directory(occurrence: Occurrence, printed: Iterable[Printed]) -> Directory:
    """Return what identity needs for the people of one report: five queries, and one for each 500 addresses."""
    emails = sorted({email for each in printed if is_whole_address(email := normalise_email(each.email))})
    decided_emails, decided_names = _decisions(occurrence)
    return Directory(
        verified=verified_owners(emails),
        registered=registered(occurrence),
        decided_emails=decided_emails,
        decided_names=decided_names,
    )


def verified_owners(emails: Sequence[str]) -> dict[str, set[int]]:
    """Return normalised address → learners who verified it, merged ones as one."""
    owners: dict[str, set[int]] = defaultdict(set)
    for batch in _batches(emails):
        rows = Address.objects.filter(
            kind=Address.Kind.EMAIL, value__in=batch, verified_at__isnull=False, learner__erased_at=None
        )
        for value, learner_id, canonical_id in rows.values_list(
            "value", "learner_id", "learner__canonical_id"
        ):
            owners[value].add(canonical_id or learner_id)
    return owners


def _decisions(occurrence: Occurrence) -> tuple[dict[str, set[Identity]], dict[str, set[Identity]]]:
    """Return what people decided about earlier reports: addresses in the whole series, names in this session only.

    A device's name may be another person next week; an address stays whose it is. Decisions about a report that was
    undone are forgotten with it.
    """
    emails: dict[str, set[Identity]] = defaultdict(set)
    names: dict[str, set[Identity]] = defaultdict(set)
    rows = ReportPerson.objects.filter(
        attendance_import__occurrence__series_id=occurrence.series_id,
        attendance_import__state__in=[AttendanceImport.State.QUEUED, AttendanceImport.State.APPLIED],
    ).filter(Q(match=Match.PERSON, learner__isnull=False) | Q(match=Match.IGNORED))
    for email, name, match, learner_id, canonical_id, session in rows.values_list(
        "email", "name", "match", "learner_id", "learner__canonical_id", "attendance_import__occurrence_id"
    ):
        identity = Identity(str(match), canonical_id or learner_id)
        if is_whole_address(email):
            emails[email].add(identity)
        elif session == occurrence.pk:
            for candidate in candidate_names(name.splitlines()):
                names[candidate].add(identity)
    return emails, names


def printed(person: ReportPerson) -> Printed:
    """Return a stored person of a report as the rules want them."""
    return Printed(tuple(person.name.splitlines()), person.email, person.role)


def suggestions(
    occurrence: Occurrence, people: Sequence[ReportPerson]
) -> dict[int, list[tuple[Learner, Suggestion]]]:
    """Return person id → who it might be, for the unmatched people of one screen: a constant number of queries."""
    if not people:
        return {}
    known = registered(occurrence)
    owners = verified_owners(sorted({person.email for person in people if person.email}))
    everybody = Directory(verified=owners, registered=known)
    suggester = Suggester(known)
    found = {
        person.pk: suggester.suggest(printed(person), first=everybody.tied(printed(person)))
        for person in people
    }
    ids = {each.learner_id for those in found.values() for each in those}
    learners = Learner.objects.filter(pk__in=ids).prefetch_related("addresses").in_bulk()
    return {
        pk: [(learners[each.learner_id], each) for each in those if each.learner_id in learners]
        for pk, those in found.items()
    }


def search_registered(occurrence: Occurrence, text: str) -> QuerySet[Learner]:
    """Return registered learners whose name or address contains every word of a text; all of them without a text."""
    learners = registered_learners(occurrence).filter(canonical=None)
    for word in text.split():
        owning = Address.objects.filter(learner=OuterRef("pk"), value__icontains=word)
        learners = learners.filter(Q(name__icontains=word) | Exists(owning))
    return learners.prefetch_related("addresses")


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
