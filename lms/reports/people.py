"""Finding a person over everything that somebody looks after, and where they stand in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from lms.catalogue.models import Activity
from lms.core import serials
from lms.credentials.models import Certificate
from lms.people.models import Address, Learner
from lms.progress import runs
from lms.webinars.models import WebinarSeries
from lms.webinars.queries.people import PersonInSeries, is_in, series_of_people


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody looks after: courses, series, and activities whose certificates they see. ``everything``: no limit."""

    courses: QuerySet[Activity]
    series: QuerySet[WebinarSeries]
    activities: QuerySet[Activity]
    everything: bool = False

    def certificates(self) -> QuerySet[Certificate]:
        """Return the certificates of it."""
        return Certificate.objects.filter(activity__in=self.activities.order_by().values("pk"))


@dataclass(slots=True)
class Places:
    """Where one person stands: runs of courses, series, and certificates, also revoked ones."""

    runs: list[Any] = field(default_factory=list)
    series: list[PersonInSeries] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)


def find_people(typed: str, scope: Scope) -> QuerySet[Learner]:
    """Return people whose name or address holds each of the typed words, or whose certificate has this serial; by name.

    Args:
        typed: as somebody typed it; without a word nobody is found.
        scope: what the person who asks looks after; nobody else's people are found.
    """
    words = typed.split()
    if not words:
        return Learner.objects.none()
    people = Learner.objects.filter(canonical=None, erased_at=None)
    if not scope.everything:
        own = runs.of_activities(scope.courses).filter(learner=OuterRef("pk"))
        certified = scope.certificates().filter(learner=OuterRef("pk"))
        people = people.filter(Q(Exists(own)) | is_in(scope.series) | Q(Exists(certified)))
    named = Q()
    for word in words:
        addresses = Address.objects.filter(learner=OuterRef("pk"), value__icontains=word)
        named &= Q(name__icontains=word) | Q(Exists(addresses))
    if serial := serials.normalise(typed):
        named |= Q(Exists(scope.certificates().filter(learner=OuterRef("pk"), serial=serial)))
    return people.filter(named).prefetch_related("addresses").order_by("name", "pk")


def places_of(learner_ids: Collection[int], scope: Scope) -> dict[int, Places]:
    """Return learner id → where they stand, as far as somebody may see it: six queries.

    Args:
        learner_ids: the people of one screen.
        scope: what the person who asks looks after.
    """
    found: dict[int, Places] = defaultdict(Places)
    for run in runs.runs_of_people(learner_ids, scope.courses):
        found[run.learner_id].runs.append(run)
    for pk, series in series_of_people(learner_ids, scope.series).items():
        found[pk].series = series
    certificates = scope.certificates().filter(learner__in=learner_ids)
    for certificate in certificates.exclude(state=Certificate.State.SUPERSEDED).order_by("-issued_at", "pk"):
        found[certificate.learner_id].certificates.append(certificate)  # type: ignore[index]
    return found
