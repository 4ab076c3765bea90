"""What a question says in one language, and what is right, as plain JSON: the form in which papers keep it.

A question in a paper::

    {"key", "question", "kind", "points", "stem", "picture", "options": [{"id", "text", "feedback"}],
     "targets": [{"id", "text"}], "unit", "rubric": [{"id", "title", "text", "points"}], "answer_with",
     "explanation", "right": {…}}

``right`` is what ``grading.mark`` takes as key: ``{"right": [ids]}``, ``{"right": bool}``, ``{"value", "tolerance",
"tolerance_kind", "units", "unit_needed"}``, ``{"accepted", "match_case", "strict_accents"}``, ``{"pairs": {left: right}}``,
``{"order": [ids]}``. Nothing of ``right``, ``feedback`` and ``explanation`` may reach a learner before the results do.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any, Protocol

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.text import Truncator
from wagtail.coreutils import get_content_languages

from lms.assessment.blocks import field_of

LABEL = 120


class Asked(Protocol):
    """What is read of a question."""

    key: str
    salt: str
    pk: Any
    points: Decimal
    body: Any


def raw_of(question: Asked) -> tuple[str, dict[str, Any]]:
    """Return the kind of a question and its stored value; nothing when it has no content yet."""
    stored = question.body.get_prep_value()
    if not stored:
        return "", {}
    return stored[0]["type"], stored[0]["value"]


def words(value: Any, language: str) -> str:
    """Return words in a language, else in the site's main language, else in any; of a stored ``WordsBlock``."""
    value = value or {}
    wanted = [field_of(language), field_of(language.split("-")[0]), field_of(settings.LANGUAGE_CODE)]
    for name in [*wanted, *value]:
        said = str(value.get(name) or "").strip()
        if strip_tags(said).strip():
            return said
    return ""


def kind_and_label(question: Asked) -> tuple[str, str]:
    """Return the kind of a question, and its first words for lists."""
    kind, value = raw_of(question)
    text = strip_tags(
        words(value.get("stem"), settings.LANGUAGE_CODE).replace("</p>", " ").replace("</li>", " ")
    )
    return kind, Truncator(" ".join(text.split())).chars(LABEL)


def rubric_points(question: Asked) -> Decimal:
    """Return what the criteria of a written task are worth together."""
    _, value = raw_of(question)
    return sum((Decimal(str(row["points"])) for _, row in _rows(value.get("rubric"))), Decimal(0))


def languages_of(question: Asked) -> list[str]:
    """Return the codes of the content languages in which the question itself is written."""
    stem = raw_of(question)[1].get("stem") or {}
    return [
        code for code in get_content_languages() if strip_tags(str(stem.get(field_of(code)) or "")).strip()
    ]


def frozen(question: Asked, language: str) -> dict[str, Any]:
    """Return a question as an attempt keeps it, in one language; options in the order in which they were written.

    Args:
        question: saved, so that its options have their ids.
        language: code.
    """
    kind, value = raw_of(question)
    picture = value.get("picture") or {}
    found: dict[str, Any] = {
        "key": question.key,
        "question": question.pk,
        "kind": kind,
        "points": str(question.points),
        "stem": words(value.get("stem"), language),
        "picture": {"image": picture["image"], "alt": words(picture.get("alt_text"), language)}
        if picture.get("image")
        else None,
        "options": [],
        "targets": [],
        "explanation": words(value.get("explanation"), language),
        "right": {},
    }
    return found | _PARTS[kind](question, value, language)


def _rows(stored: Any) -> list[tuple[str, Any]]:
    """Return the ids and values of a stored ``ListBlock``."""
    return [(row["id"], row["value"]) for row in stored or []]


def _choices(question: Asked, value: dict[str, Any], language: str) -> dict[str, Any]:
    rows = _rows(value["options"])
    return {
        "options": [
            {"id": pk, "text": words(row["text"], language), "feedback": words(row.get("feedback"), language)}
            for pk, row in rows
        ],
        "right": {"right": [pk for pk, row in rows if row["right"]]},
    }


def _truth(question: Asked, value: dict[str, Any], language: str) -> dict[str, Any]:
    return {"right": {"right": value["answer"] == "true"}}


def _number(question: Asked, value: dict[str, Any], language: str) -> dict[str, Any]:
    units = [unit for _, unit in _rows(value.get("units"))]
    return {
        "unit": units[0] if units else "",
        "right": {
            "value": str(value["value"]),
            "tolerance": str(value.get("tolerance") or 0),
            "tolerance_kind": value.get("tolerance_kind") or "absolute",
            "units": units,
            "unit_needed": bool(value.get("unit_needed")),
        },
    }


def _short_text(question: Asked, value: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "right": {
            "accepted": [text for _, text in _rows(value["accepted"])],
            "match_case": bool(value.get("match_case")),
            "strict_accents": bool(value.get("strict_accents")),
        }
    }


def _matching(question: Asked, value: dict[str, Any], language: str) -> dict[str, Any]:
    rows = _rows(value["pairs"])
    targets: dict[str, str] = {}  # text → id: two sides that say the same are the same
    pairs = {}
    for pk, row in rows:
        text = words(row["right"], language)
        pairs[pk] = targets.setdefault(text, _unlinked(question, pk))
    for pk, row in _rows(value.get("leftovers")):
        targets.setdefault(words(row, language), _unlinked(question, pk))
    return {
        "options": [{"id": pk, "text": words(row["left"], language)} for pk, row in rows],
        "targets": [{"id": pk, "text": text} for text, pk in targets.items()],
        "right": {"pairs": pairs},
    }


def _unlinked(question: Asked, pk: str) -> str:
    """Return the id of a right-hand side: always the same, and nobody can tell from it what it belongs to."""
    return hashlib.sha256(f"{question.salt}:{pk}".encode()).hexdigest()[:16]


def _ordering(question: Asked, value: dict[str, Any], language: str) -> dict[str, Any]:
    rows = _rows(value["steps"])
    return {
        "options": [{"id": pk, "text": words(row, language)} for pk, row in rows],
        "right": {"order": [pk for pk, _ in rows]},
    }


def _task(question: Asked, value: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "answer_with": value.get("answer_with") or "text",
        "rubric": [
            {
                "id": pk,
                "title": words(row["title"], language),
                "text": words(row.get("text"), language),
                "points": str(row["points"]),
            }
            for pk, row in _rows(value["rubric"])
        ],
    }


_PARTS = {
    "single": _choices,
    "multiple": _choices,
    "true_false": _truth,
    "number": _number,
    "short_text": _short_text,
    "matching": _matching,
    "ordering": _ordering,
    "written_task": _task,
}


def previews(question: Asked) -> list[dict[str, Any]]:
    """Return the question as a learner would see it, in each language in which it is written, for the editor's preview."""
    names = get_content_languages()
    kind, _ = raw_of(question)
    if not kind:
        return []
    found = []
    for code in languages_of(question) or list(names)[:1]:
        one = frozen(question, code)
        lefts = {each["id"]: each["text"] for each in one["options"]}
        rights = {each["id"]: each["text"] for each in one["targets"]}
        # A template cannot look into two lists at once.
        one["pairs"] = [(lefts[left], rights[right]) for left, right in one["right"].get("pairs", {}).items()]
        found.append({"language": code, "name": names[code], "question": one})
    return found


def corrected(asked: dict[str, Any], question: Asked, language: str) -> dict[str, Any] | None:
    """Return what is right in a question of a paper by what its record says now, or None where that cannot be applied.

    What was offered then is recognised by what it says, else by its id: an editor may have moved the tick, the steps, or
    the words. None when the question has become one of another kind, or what is right now was not offered then.

    Args:
        asked: of the paper, in this language.
        question: as it is now.
    """
    now = frozen(question, language)
    if now["kind"] != asked["kind"]:
        return None
    key = now["right"]
    options = _recognised(now["options"], asked["options"])
    targets = _recognised(now["targets"], asked["targets"])
    if asked["kind"] in ("single", "multiple"):
        right = [options[pk] for pk in key["right"] if pk in options]
        return {"right": right} if len(right) == len(key["right"]) else None
    if asked["kind"] == "ordering":
        order = [options[pk] for pk in key["order"] if pk in options]
        return {"order": order} if len(set(order)) == len(asked["options"]) else None
    if asked["kind"] == "matching":
        pairs = {
            options[left]: targets[right]
            for left, right in key["pairs"].items()
            if left in options and right in targets
        }
        return {"pairs": pairs} if len(pairs) == len(asked["options"]) else None
    return key


def _recognised(now: list[dict[str, Any]], then: list[dict[str, Any]]) -> dict[str, str]:
    """Return id now → id in the paper."""
    by_text = {each["text"]: each["id"] for each in then}
    ids = {each["id"] for each in then}
    found = {}
    for each in now:
        if each["text"] in by_text:
            found[each["id"]] = by_text[each["text"]]
        elif each["id"] in ids:
            found[each["id"]] = each["id"]
    return found
