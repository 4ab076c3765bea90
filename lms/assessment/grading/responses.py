"""From what a browser sent to what is stored. A question is the plain one of a paper (see ``lms.assessment.contents``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MAX_WORDS = 200
MAX_TASK = 20_000


class BadResponse(ValueError):
    """It cannot be an answer to this question. ``code`` says why: shape, option, long, characters."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def is_empty(response: Any) -> bool:
    """Say whether nothing was answered. ``False`` is an answer."""
    return response is None or (isinstance(response, str) and not response.strip()) or response in ([], {})


def clean(question: Mapping[str, Any], sent: Any) -> Any:
    """Return the answer as it is stored: the same for everything that means the same.

    Args:
        question: of a paper: ``kind``, and the ids in ``options`` and ``targets``.
        sent: an id (single), ids (multiple), ``true``/``false``, text (number, short_text, written_task), left id → right
            id (matching), or all ids in order (ordering). Nothing takes the answer back.

    Returns:
        None when nothing is answered.

    Raises:
        BadResponse: it is of another shape, names what was not asked, or is too long.
    """
    kind = question["kind"]
    if is_empty(sent):
        return None
    if kind == "single":
        return _known(sent, question["options"])
    if kind == "multiple":
        chosen = _ids(sent, question["options"])
        return [option["id"] for option in question["options"] if option["id"] in chosen] or None
    if kind == "true_false":
        return _truth(sent)
    if kind == "matching":
        return _pairs(sent, question)
    if kind == "ordering":
        if len(_ids(sent, question["options"])) != len(question["options"]):
            raise BadResponse("shape")
        return list(sent)
    return _text(sent, MAX_TASK if kind == "written_task" else MAX_WORDS)


def _known(sent: Any, options: list[Mapping[str, Any]]) -> str:
    if not isinstance(sent, str):
        raise BadResponse("shape")
    if all(sent != option["id"] for option in options):
        raise BadResponse("option")
    return sent


def _ids(sent: Any, options: list[Mapping[str, Any]]) -> set[str]:
    """Return the ids that were sent, each at most once."""
    if not isinstance(sent, list | tuple):
        raise BadResponse("shape")
    chosen = {_known(each, options) for each in sent}
    if len(chosen) != len(sent):
        raise BadResponse("shape")
    return chosen


def _truth(sent: Any) -> bool:
    if sent is True or sent == "true":
        return True
    if sent is False or sent == "false":
        return False
    raise BadResponse("shape")


def _pairs(sent: Any, question: Mapping[str, Any]) -> dict[str, str] | None:
    if not isinstance(sent, Mapping):
        raise BadResponse("shape")
    for left in sent:
        _known(left, question["options"])
    chosen = {left: right for left, right in sent.items() if not is_empty(right)}
    for right in chosen.values():
        _known(right, question["targets"])
    return {
        option["id"]: chosen[option["id"]] for option in question["options"] if option["id"] in chosen
    } or None


def _text(sent: Any, longest: int) -> str:
    if not isinstance(sent, str):
        raise BadResponse("shape")
    if len(sent) > longest:
        raise BadResponse("long")
    # Databases cannot keep these, and nobody types them.
    if "\x00" in sent or any("\ud800" <= each <= "\udfff" for each in sent):
        raise BadResponse("characters")
    return sent
