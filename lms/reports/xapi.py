"""The ledger as xAPI 1.0.3 statements: what any learning record store takes. Ids are stable, so sending twice adds nothing.

Who learnt is an account at this site, named by the learner's public id; no name and no address leaves unless it is asked
for. Reasons leave as codes, without the words that staff wrote.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from lms.people.queries import canonical

ADL = "http://adlnet.gov/expapi/verbs/"
#: verb of the ledger → its IRI and its name in two languages.
VERBS: dict[str, tuple[str, dict[str, str]]] = {
    "completed": (f"{ADL}completed", {"en": "completed", "id": "menyelesaikan"}),
    "attended": (f"{ADL}attended", {"en": "attended", "id": "menghadiri"}),
    "passed": (f"{ADL}passed", {"en": "passed", "id": "lulus"}),
    "failed": (f"{ADL}failed", {"en": "failed", "id": "belum lulus"}),
    "experienced": (f"{ADL}experienced", {"en": "experienced", "id": "membuka"}),
    "watched": ("http://activitystrea.ms/schema/1.0/watch", {"en": "watched", "id": "menonton"}),
    "waived": ("https://w3id.org/xapi/adl/verbs/waived", {"en": "waived", "id": "dibebaskan dari"}),
    "voided": (f"{ADL}voided", {"en": "voided", "id": "membatalkan"}),
}
#: kind of activity → type in the vocabulary of ADL. What is none of ours says no type.
TYPES = {
    "curriculum": "http://adlnet.gov/expapi/activities/course",
    "course": "http://adlnet.gov/expapi/activities/course",
    "module": "http://adlnet.gov/expapi/activities/module",
    "lesson": "http://adlnet.gov/expapi/activities/lesson",
    "quiz": "http://adlnet.gov/expapi/activities/assessment",
    "webinar_series": "http://adlnet.gov/expapi/activities/meeting",
    "occurrence": "http://adlnet.gov/expapi/activities/meeting",
}
#: Where the code of a reason stands.
REASON = "urn:x-kelas:reason"
#: cmi5: why something was waived. Its vocabulary has a word for a decision of the organiser.
WAIVED_BECAUSE = "https://w3id.org/xapi/cmi5/result/extensions/reason"


@dataclass(frozen=True, slots=True)
class Told:
    """One record of the ledger as plain values, with what is needed to tell it to others.

    ``voids``: id of the statement that it takes back, for the verb ``voided``. ``email``: instead of the account, where
    somebody asked for addresses. ``grouping``: keys of the courses that it is told for.
    """

    statement_id: str
    learner: str
    verb: str
    activity_key: str
    activity_title: str
    activity_kind: str
    occurred_at: dt.datetime
    reason: str = ""
    duration_seconds: int | None = None
    score_scaled: Decimal | float | None = None
    voids: str = ""
    email: str = ""
    grouping: tuple[str, ...] = ()


def statement(told: Told, *, home: str, language: str = "und") -> dict[str, Any]:
    """Return one record as an xAPI statement, ready for JSON. Pure.

    Args:
        told: the record.
        home: address of the site, where the learners' accounts are.
        language: of titles, as RFC 5646 says; ``und`` when nobody knows.
    """
    iri, display = VERBS[told.verb]
    made: dict[str, Any] = {
        "id": told.statement_id,
        "actor": _actor(told, home),
        "verb": {"id": iri, "display": display},
        "timestamp": timestamp(told.occurred_at),
    }
    if told.verb == "voided":
        return made | {"object": {"objectType": "StatementRef", "id": told.voids}}
    definition: dict[str, Any] = {"name": {language: told.activity_title}}
    if kind := TYPES.get(told.activity_kind):
        definition["type"] = kind
    made["object"] = {
        "objectType": "Activity",
        "id": activity_iri(told.activity_key),
        "definition": definition,
    }
    if result := _result(told):
        made["result"] = result
    context: dict[str, Any] = {"platform": "Kelas"}
    if told.grouping:
        context["contextActivities"] = {
            "grouping": [{"objectType": "Activity", "id": activity_iri(key)} for key in told.grouping]
        }
    if told.reason:
        context["extensions"] = {REASON: told.reason}
    return made | {"context": context}


def activity_iri(key: str) -> str:
    """Return the address of an activity: made of its key alone, so that a new domain changes nothing."""
    return f"urn:uuid:{key}"


def duration(seconds: int) -> str:
    """Return seconds as ISO 8601 says: ``PT1H3M20S``; ``PT0S`` for none."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    words = [f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if number]
    return "PT" + ("".join(words) or "0S")


def timestamp(moment: dt.datetime) -> str:
    """Return an instant as RFC 3339 says, in UTC, with milliseconds."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _actor(told: Told, home: str) -> dict[str, Any]:
    if told.email:
        return {"objectType": "Agent", "mbox": f"mailto:{quote(told.email, safe='@+.-_')}"}
    return {"objectType": "Agent", "account": {"homePage": home, "name": told.learner}}


def _result(told: Told) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if told.verb in ("completed", "waived"):
        result["completion"] = True
    if told.verb in ("passed", "failed", "waived"):
        result["success"] = told.verb != "failed"
    if told.score_scaled is not None:
        result["score"] = {"scaled": float(told.score_scaled)}
    if told.duration_seconds is not None:
        result["duration"] = duration(told.duration_seconds)
    if told.verb == "waived":
        result["extensions"] = {WAIVED_BECAUSE: "Administrative"}
    return result


def told_of(
    records: Iterable[Any], *, with_mail: bool = False, grouping: tuple[str, ...] = ()
) -> Iterator[Told]:
    """Yield rows of the ledger (``progress.runs.ledger``) as plain values.

    Args:
        records: with learner, activity and what they void.
        with_mail: name people by an address that they proved as theirs, where they have one; costs a query for each.
        grouping: keys of the courses that they are told for.
    """
    mails: dict[int, str] = {}
    for record in records:
        learner = canonical(record.learner)
        if with_mail and learner.pk not in mails:
            proven = learner.addresses.filter(kind="email", verified_at__isnull=False).order_by("pk").first()
            mails[learner.pk] = proven.value if proven else ""
        yield Told(
            statement_id=str(record.statement_id),
            learner=learner.public_id,
            verb=record.verb,
            activity_key=str(record.activity.key),
            activity_title=record.activity.title,
            activity_kind=record.activity.kind,
            occurred_at=record.occurred_at,
            reason=record.reason,
            duration_seconds=record.duration_seconds,
            score_scaled=record.score_scaled,
            voids=str(record.voids.statement_id) if record.voids else "",
            email=mails.get(learner.pk, ""),
            grouping=grouping,
        )
