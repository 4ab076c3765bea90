"""Taking a person's rows along, and taking a person out of them: one handler for each table that says something of somebody.

Each area registers its own from ``connect()``; a test fails for a table that points at a person and has none. A handler
reaches its rows by a path, such as ``registration__learner``, so what is exported and what is erased are the same rows.

Erasing keeps what is counted (enrolments, evidence, attendance, certificates' serials and hashes) and removes what names
somebody, in every table and every kept file. It cannot be undone.
"""

from __future__ import annotations

import datetime as dt
import decimal
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Field, FileField, ForeignKey, QuerySet

from lms.core import clock
from lms.core.public_ids import new_public_id
from lms.people.models import Address, Learner
from lms.people.queries import canonical
from lms.people.rules import name_key


@dataclass(slots=True)
class Traces:
    """What somebody is known by, gathered before it is erased; so that copies of it are found as well."""

    names: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)

    @property
    def name_keys(self) -> set[str]:
        """Their names without regard to case and spacing."""
        return {name_key(name) for name in self.names} - {""}

    def found_in(self, text: str) -> bool:
        """Say whether a text names them."""
        return any(_names(trace, text) for trace in self.names | self.addresses if trace.strip())

    def out_of(self, value: Any) -> Any:
        """Return a value of a JSON column without the texts that name them; everything else as it is."""
        if isinstance(value, str):
            return "" if self.found_in(value) else value
        if isinstance(value, Mapping):
            return {key: self.out_of(each) for key, each in value.items() if not self.found_in(str(key))}
        if isinstance(value, list | tuple):
            return [self.out_of(each) for each in value]
        return value


def _names(trace: str, text: str) -> bool:
    """Say whether a text holds a name; "Al" is not in "Total", but scripts without spaces run on."""
    pattern = re.escape(trace.casefold())
    if trace.isascii():
        pattern = rf"(?<!\w){pattern}(?!\w)"
    return re.search(pattern, text.casefold()) is not None


#: Takes the people's ids and what they are known by; returns how many rows it changed or removed.
Erase = Callable[[Sequence[int], Traces], int]


def keep(ids: Sequence[int], traces: Traces) -> int:
    """Erase nothing: the table holds only numbers and dates of a learner who has no name any more."""
    return 0


@dataclass(frozen=True, slots=True)
class PersonHandler:
    """How one table is exported and erased.

    Attributes:
        model: label, such as ``lms.Registration``.
        path: from its rows to the learner.
        erase: see ``Erase``.
        also: name → path of something of another table that makes a row understandable, such as a title.
        hidden: columns that are not the person's, such as the provider's address.
    """

    model: str
    path: str
    erase: Erase
    also: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    def rows(self, ids: Sequence[int]) -> QuerySet[Any]:
        """Return the rows of these people."""
        model = apps.get_model(self.model)
        return model._default_manager.filter(**{f"{self.path}__in": list(ids)}).distinct().order_by("pk")

    def columns(self) -> list[Field[Any, Any]]:
        """Return the columns that are exported: everything but keys and what is hidden."""
        return [
            column
            for column in apps.get_model(self.model)._meta.concrete_fields
            if not column.primary_key
            and not isinstance(column, ForeignKey)
            and column.name not in self.hidden
        ]

    def export(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        """Return the rows of these people as plain values, oldest first."""
        found = []
        columns = self.columns()
        extra = {row.pop("pk"): row for row in self.rows(ids).values("pk", *self.also.values())}
        for row in self.rows(ids):
            said = {column.name: _plain(column, row) for column in columns}
            values = extra.get(row.pk, {})
            found.append(said | {name: _value(values.get(path)) for name, path in self.also.items()})
        return found


_handlers: dict[tuple[str, str], PersonHandler] = {}
_departures: list[Callable[[Learner], None]] = []
_known_by: list[Callable[[Sequence[int], Traces], None]] = []


def register(
    model: str,
    path: str,
    *,
    erase: Erase,
    also: Mapping[str, str] | None = None,
    hidden: Iterable[str] = (),
) -> None:
    """Make the handler of a table known. Registering the same table and path again replaces it; see ``PersonHandler``."""
    _handlers[model, path] = PersonHandler(model, path, erase, dict(also or {}), frozenset(hidden))


def on_departure(leave: Callable[[Learner], None]) -> None:
    """Have something done for a person before they are erased, such as giving back their seats."""
    if leave not in _departures:
        _departures.append(leave)


def known_by(gather: Callable[[Sequence[int], Traces], None]) -> None:
    """Have an area add what it knows somebody by, such as the name on a report."""
    if gather not in _known_by:
        _known_by.append(gather)


def all_handlers() -> list[PersonHandler]:
    """Return every registered handler, in the order of registration: lower areas first."""
    return list(_handlers.values())


def everybody_behind(learner: Learner) -> list[Learner]:
    """Return the learner who stands for this one and all who were merged into them: one person, several rows."""
    found = [canonical(learner)]
    newest = found
    while newest:
        newest = list(Learner.objects.filter(canonical__in=newest).order_by("pk"))
        found += newest
    return found


def export_person(learner: Learner) -> dict[str, list[dict[str, Any]]]:
    """Return everything that is kept of a person: label of the table → rows as plain values, ready for JSON.

    A person who was merged from several rows gets all of them. Two queries a table.
    """
    ids = [one.pk for one in everybody_behind(learner)]
    told: dict[str, list[dict[str, Any]]] = {}
    for handler in all_handlers():
        rows = handler.export(ids)
        if rows:
            told.setdefault(handler.model, []).extend(rows)
    return told


@transaction.atomic
def erase_person(*, learner: Learner) -> dict[str, int]:
    """Take a person out of every table and every kept file. Totals stay; doing it twice changes nothing.

    Places at sessions to come are given back first. The account, if there is one, is the host's: it is let go of here,
    and the host deletes it.

    Returns:
        Label of the table → how many rows were changed or removed.
    """
    people = everybody_behind(learner)
    ids = [one.pk for one in people]
    traces = Traces(
        names={one.name for one in people},
        addresses=set(Address.objects.filter(learner__in=ids).values_list("value", flat=True)),
    )
    for gather in _known_by:
        gather(ids, traces)
    traces.names.discard("")
    traces.addresses.discard("")
    for one in people:
        for leave in _departures:
            leave(one)
    counts: dict[str, int] = {}
    # Upper areas first: the learner's own row, which the others are found by, goes last.
    for handler in reversed(all_handlers()):
        count = handler.erase(ids, traces)
        if count:
            counts[handler.model] = counts.get(handler.model, 0) + count
    return counts


def clear(model: str, path: str) -> Erase:
    """Return an ``Erase`` that deletes the rows: nothing of them is counted anywhere."""

    def delete(ids: Sequence[int], traces: Traces) -> int:
        rows = apps.get_model(model)._default_manager.filter(**{f"{path}__in": list(ids)})
        count = rows.count()
        rows.delete()
        return count

    return delete


def _plain(column: Field[Any, Any], row: Any) -> Any:
    value = column.value_from_object(row)
    if isinstance(column, FileField):
        return value.name or ""
    return _value(value)


def _value(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


# ── the tables of this area ──────────────────────────────────────────────────────────────────────────────────────


def connect() -> None:
    """Register the handlers of this area."""
    register(
        "lms.Learner",
        "pk",
        erase=_erase_learners,
        also={"account": "user__username"},
        hidden=["link_version"],
    )
    register("lms.Address", "learner", erase=clear("lms.Address", "learner"))
    register("lms.Consent", "learner", erase=clear("lms.Consent", "learner"))
    register("lms.OneTimeCode", "learner", erase=clear("lms.OneTimeCode", "learner"))


def _erase_learners(ids: Sequence[int], traces: Traces) -> int:
    """Leave a row without a name, for the totals. A new public id: nobody who kept an old one can find the row by it."""
    count = 0
    for one in Learner.objects.filter(pk__in=ids, erased_at=None):
        one.name, one.zone, one.user = "", "", None
        one.public_id = new_public_id()
        one.link_version += 1
        one.erased_at = clock.now()
        one.save()
        count += 1
    return count
