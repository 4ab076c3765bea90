"""The rules of xAPI 1.0.3 (part two: Experience API Data) for what a statement may hold, written down as a check.

Source: https://github.com/adlnet/xAPI-Spec/blob/1.0.3/xAPI-Data.md; the numbers are those of its sections.
"""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Mapping
from typing import Any

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
#: RFC 3987: a scheme, a colon, and no character that an address may not hold.
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]+")
URL = re.compile(r"https?://[^\s/?#]+([/?#][^\s<>\"{}|\\^`]*)?")
#: RFC 5646: langtag, near enough for what can be set up in Django.
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
#: RFC 3339; -00:00 is not allowed (4.5).
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
#: ISO 8601 (4.6), without weeks.
DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
MAILTO = re.compile(r"mailto:[^\s@:]+@[^\s@]+")

STATEMENT = {
    "id",
    "actor",
    "verb",
    "object",
    "result",
    "context",
    "timestamp",
    "stored",
    "authority",
    "version",
    "attachments",
}
CONTEXT = {
    "registration",
    "instructor",
    "team",
    "contextActivities",
    "revision",
    "platform",
    "language",
    "statement",
    "extensions",
}


class Broken(Exception):
    """A statement breaks a rule; the text names the place and the rule."""


def must(holds: Any, rule: str) -> None:
    if not holds:
        raise Broken(rule)


def keys(value: Any, allowed: set[str], place: str) -> None:
    must(isinstance(value, Mapping), f"{place} is an object")
    must(set(value) <= allowed, f"{place} has only known properties: {set(value) - allowed}")


def check(statement: Any) -> None:
    """Check one statement. Raises Broken."""
    no_nulls(statement)
    keys(statement, STATEMENT, "statement")
    must({"actor", "verb", "object"} <= statement.keys(), "2.4: actor, verb and object are required")
    must(UUID.fullmatch(statement["id"]), "2.4.1: the id is a UUID in its standard form")
    uuid.UUID(statement["id"])
    actor(statement["actor"])
    verb(statement["verb"])
    kind = thing(statement["object"])
    voids = statement["verb"]["id"] == "http://adlnet.gov/expapi/verbs/voided"
    must(not voids or kind == "StatementRef", "2.3.2: a voiding statement has a StatementRef as object")
    if "result" in statement:
        result(statement["result"])
    if "context" in statement:
        context(statement["context"], kind)
    must(TIMESTAMP.fullmatch(statement.get("timestamp", "")), "2.4.7, 4.5: timestamp as RFC 3339")
    must(not statement["timestamp"].endswith("-00:00"), "4.5: no -00:00")


def no_nulls(value: Any) -> None:
    """2.2: no property is null; and every number is one that JSON has."""
    if isinstance(value, Mapping):
        for each in value.values():
            no_nulls(each)
    elif isinstance(value, list):
        for each in value:
            no_nulls(each)
    else:
        must(value is not None, "2.2: no value is null")
        must(not isinstance(value, float) or math.isfinite(value), "JSON knows no such number")


def actor(value: Any) -> None:
    keys(value, {"objectType", "name", "mbox", "mbox_sha1sum", "openid", "account"}, "actor")
    must(value.get("objectType", "Agent") == "Agent", "2.4.2.1: an Agent")
    identifiers = {"mbox", "mbox_sha1sum", "openid", "account"} & value.keys()
    must(len(identifiers) == 1, "2.4.2.1: exactly one inverse functional identifier")
    if "mbox" in value:
        must(MAILTO.fullmatch(value["mbox"]), "2.4.2.3: mbox is a mailto IRI")
    if "account" in value:
        keys(value["account"], {"homePage", "name"}, "account")
        must(URL.fullmatch(value["account"].get("homePage", "")), "2.4.2.4: homePage is an address")
        must(value["account"].get("name"), "2.4.2.4: the account has a name")


def verb(value: Any) -> None:
    keys(value, {"id", "display"}, "verb")
    must(IRI.fullmatch(value.get("id", "")), "2.4.3: the verb's id is an IRI")
    language_map(value.get("display", {}))


def thing(value: Any) -> str:
    kind = value.get("objectType", "Activity")
    if kind == "StatementRef":
        keys(value, {"objectType", "id"}, "object")
        must(UUID.fullmatch(value["id"]), "2.4.4.3: the id of a statement")
        return kind
    must(kind == "Activity", "only activities and statements are told of here")
    activity(value)
    return kind


def activity(value: Any) -> None:
    keys(value, {"objectType", "id", "definition"}, "activity")
    must(IRI.fullmatch(value.get("id", "")), "2.4.4.1: the activity's id is an IRI")
    definition = value.get("definition", {})
    keys(definition, {"name", "description", "type", "moreInfo", "extensions"}, "definition")
    language_map(definition.get("name", {}))
    must("type" not in definition or IRI.fullmatch(definition["type"]), "2.4.4.1: type is an IRI")


def result(value: Any) -> None:
    keys(value, {"score", "success", "completion", "response", "duration", "extensions"}, "result")
    for name in ("success", "completion"):
        must(isinstance(value.get(name, True), bool), f"2.4.5: {name} is true or false")
    if "duration" in value:
        must(DURATION.fullmatch(value["duration"]), "4.6: duration as ISO 8601")
    if "score" in value:
        keys(value["score"], {"scaled", "raw", "min", "max"}, "score")
        scaled = value["score"].get("scaled", 0)
        must(isinstance(scaled, int | float) and not isinstance(scaled, bool), "2.4.5.1: a number")
        must(-1 <= scaled <= 1, "2.4.5.1: between -1 and 1")
    extensions(value.get("extensions", {}))


def context(value: Any, kind: str) -> None:
    keys(value, CONTEXT, "context")
    must(kind == "Activity" or not {"platform", "revision"} & value.keys(), "2.4.6: only of activities")
    grouped = value.get("contextActivities", {})
    keys(grouped, {"parent", "grouping", "category", "other"}, "contextActivities")
    for each in (one for many in grouped.values() for one in many):
        activity(each)
    extensions(value.get("extensions", {}))


def extensions(value: Any) -> None:
    must(isinstance(value, Mapping), "4.1: extensions are an object")
    must(all(IRI.fullmatch(key) for key in value), "4.1: their keys are IRIs")


def language_map(value: Any) -> None:
    must(isinstance(value, Mapping), "4.2: a language map")
    must(all(LANGUAGE.fullmatch(key) for key in value), "4.2: its keys are languages")
    must(all(isinstance(text, str) for text in value.values()), "4.2: its values are texts")
