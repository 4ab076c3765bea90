"""Filters of lists: their choices with counts, and addresses that keep what else was chosen. No query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, and how many it would leave."""

    value: str
    title: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Something that a list is narrowed by."""

    name: str
    title: str
    choices: list[Choice]

    @property
    def chosen(self) -> Choice | None:
        """The choice in force, if any."""
        return next((each for each in self.choices if each.chosen), None)

    @property
    def offered(self) -> list[Choice]:
        """Choices that lead somewhere: with something in them, and the one in force."""
        return [each for each in self.choices if each.count or each.chosen]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    title: str
    url: str


def address_with(path: str, asked: Mapping[str, str], **changes: str) -> str:
    """Return an address that keeps what was chosen, with changes; an empty value takes a choice away.

    Args:
        path: of the list.
        asked: what was chosen, by name.
        changes: by name.
    """
    query = {name: value for name, value in (asked | changes).items() if value}  # type: ignore[operator]
    return f"{path}?{urlencode(query)}" if query else path


def chips(path: str, asked: Mapping[str, str], filters: Iterable[Filter]) -> list[Chip]:
    """Return the filters in force, each with the address that takes it away.

    Args:
        path: of the list.
        asked: what was chosen, by name.
        filters: all there are.
    """
    return [
        Chip(each.chosen.title, address_with(path, asked, **{each.name: ""}))
        for each in filters
        if each.chosen
    ]


def number_in(text: str, *, default: int = 1, most: int = 1000) -> int:
    """Return the number of a page that an address asks for; the first one where it is none.

    Args:
        text: what the address says.
        default: where it says nothing that counts.
        most: a larger number is this one.
    """
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 9 else default
