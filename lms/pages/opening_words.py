"""When a part opens and how long it takes at least, in words for an outline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext, ngettext


def opening(rule: Mapping[str, Any]) -> list[str]:
    """Return when a part opens: on a date, and some days after the learner's start.

    Args:
        rule: of the part, as the outline has it.
    """
    words = []
    if "opens_on" in rule:
        day = formats.date_format(dt.date.fromisoformat(rule["opens_on"]), "l, j F Y")
        words.append(gettext("Opens on %(date)s") % {"date": day})
    if "opens_after_days" in rule:
        days = rule["opens_after_days"]
        words.append(
            ngettext("Opens %(days)s day after you start", "Opens %(days)s days after you start", days)
            % {"days": days}
        )
    return words


def least_time(rule: Mapping[str, Any]) -> list[str]:
    """Return how long it takes from opening a lesson until it can be marked as done.

    Args:
        rule: of the lesson, as the outline has it.
    """
    minutes = rule.get("min_minutes")
    if not minutes:
        return []
    words = ngettext("At least %(minutes)s minute", "At least %(minutes)s minutes", minutes)
    return [words % {"minutes": minutes}]
