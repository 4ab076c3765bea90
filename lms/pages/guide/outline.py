"""Reading the outline that an editor types: one line for each lesson, a line that ends with a colon begins a module."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: More than this is pasted by mistake.
MOST_LINES = 200
#: Longest title of a page.
LONGEST = 255
#: What lists begin with when they are pasted from elsewhere: "1.", "2)", "-", "•", "*".
BULLET = re.compile(r"^(?:\d{1,3}[.)]|[-–—•*·])\s+")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson to be."""

    title: str


@dataclass(frozen=True, slots=True)
class Module:
    """A module to be, with its lessons."""

    title: str
    lessons: tuple[Lesson, ...] = ()


@dataclass(frozen=True, slots=True)
class OutlineError(ValueError):
    """The lines cannot become a course: ``empty``, ``too_many``, ``too_long``, ``no_lesson``; ``line`` counts from 1."""

    code: str
    line: int = 0
    text: str = ""


def read_outline(text: str) -> tuple[Lesson | Module, ...]:
    """Return the lessons and modules of typed lines, in order. Empty lines are nothing, signs of lists are taken away.

    Args:
        text: as typed.

    Raises:
        OutlineError: with the first line at fault.
    """
    lines = [(number, _plain(line)) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line]
    if not lines:
        raise OutlineError("empty")
    if len(lines) > MOST_LINES:
        raise OutlineError("too_many", lines[MOST_LINES][0])
    found: list[Lesson | Module] = []
    for number, line in lines:
        opens = line.endswith((":", "：")) and bool(line.rstrip(":： "))
        title = line.rstrip(":： ") if opens else line
        if len(title) > LONGEST:
            raise OutlineError("too_long", number, title[:40])
        if opens:
            found.append(Module(title))
        elif found and isinstance(found[-1], Module):
            found[-1] = Module(found[-1].title, (*found[-1].lessons, Lesson(title)))
        else:
            found.append(Lesson(title))
    for each in found:
        if isinstance(each, Module) and not each.lessons:
            raise OutlineError("no_lesson", text=each.title)
    return tuple(found)


def _plain(line: str) -> str:
    """Return a line without what stands around its words."""
    words = " ".join(line.replace("\0", "").split())
    return BULLET.sub("", words + " ").strip()
