"""The ledger as a stream of xAPI statements, piece by piece: any size in little memory."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from lms.catalogue.models import Activity
from lms.catalogue.queries import versions_with_items
from lms.core.addresses import absolute
from lms.progress.queries import current_outlines
from lms.progress.runs import ledger
from lms.reports.xapi import statement, told_of


class NoSite(Exception):
    """Statements name people by the site's address, and there is none."""


def activities_of_course(course: Activity) -> list[int]:
    """Return what a course is made of: itself, the parts of all its versions, and the sessions of series in it."""
    found = {course.pk}
    for version in versions_with_items(course.pk):
        found |= {item.activity_id for item in version.items.all()}
    inside = current_outlines(found - {course.pk})
    return sorted(found | {item.activity_id for each in inside.values() for item in each.items})


def statements(
    *, course: Activity | None = None, since: dt.datetime | None = None, with_mail: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield xAPI statements in the order in which they were recorded.

    Args:
        course: only about this one and its parts; None for the whole ledger.
        since: only what was recorded at or after this moment.
        with_mail: name people by their address rather than by their account here.

    Raises:
        NoSite: no default site is set up.
    """
    home = absolute("")
    if not home:
        raise NoSite
    records = ledger(activity_ids=None if course is None else activities_of_course(course), since=since)
    grouping = (str(course.key),) if course else ()
    for told in told_of(records, with_mail=with_mail, grouping=grouping):
        yield statement(told, home=home, language=settings.LANGUAGE_CODE)


def as_array(statements: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Yield a JSON array of statements, as ``POST /statements`` takes it, piece by piece."""
    yield "["
    for place, each in enumerate(statements):
        yield (",\n" if place else "\n") + json.dumps(each, ensure_ascii=False)
    yield "\n]\n"


def as_lines(statements: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Yield JSON lines: one statement a line."""
    for each in statements:
        yield json.dumps(each, ensure_ascii=False) + "\n"
