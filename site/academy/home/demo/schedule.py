"""Dates: whenever the demo runs, each series has sessions behind it and sessions ahead."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import transaction
from wagtail.models import Locale

from lms.core import clock
from lms.pages.models import WebinarSeriesPage
from lms.webinars.fields import rule_text
from lms.webinars.models import Occurrence
from lms.webinars.recurrence import MAX_SESSIONS, RuleSet, parse, session_dates
from lms.webinars.recurrence.text import CalendarDate, write

#: Share of a fresh series' sessions that lie in the past: five of eight.
PAST = 5 / 8
#: Sessions added to a series that has none ahead any more, because the demo was last run long ago.
MORE = 8


def owners() -> list[WebinarSeriesPage]:
    """Return the live series pages that hold a schedule: those in the main language."""
    return list(WebinarSeriesPage.objects.live().filter(locale=Locale.get_default()).order_by("path"))


def shifted(rules: RuleSet, days: int) -> RuleSet:
    """Return a rule set with all its dates moved by so many days (whole weeks, so that weekdays stay)."""
    step = dt.timedelta(days=days)

    def move(values: tuple[CalendarDate, ...]) -> tuple[CalendarDate, ...]:
        return tuple(value + step for value in values)

    return RuleSet(
        tuple(rule if rule.until is None else replace(rule, until=rule.until + step) for rule in rules.rules),
        move(rules.extra),
        move(rules.excluded),
    )


def days_to_now(dates: list[dt.date], over: dt.date) -> int:
    """Return the days, a multiple of seven, by which to move so that the past ones are over and the others are not.

    Args:
        dates: of the sessions, in order, as the fixture has them.
        over: the latest date whose session would be over by now, in the zone of the series.
    """
    last_past = dates[max(round(len(dates) * PAST) - 1, 0)]
    return (over - last_past).days // 7 * 7


def set_dates(*, meeting_url: str) -> int:
    """Move freshly loaded series to the present, and extend those that have run out of sessions. Twice changes nothing.

    Args:
        meeting_url: where join links lead in the demo; replaces the fixture's address.

    Returns:
        How many pages were published.
    """
    changed = [page for page in owners() if _moved(page, meeting_url)]
    # All are moved before any is published: publishing one may compile what stands beside it.
    for page in changed:
        translations = WebinarSeriesPage.objects.filter(translation_key=page.translation_key)
        # Translations show the schedule read-only; they say the same.
        translations.update(start_date=page.start_date, recurrence=page.recurrence, join_url=page.join_url)
    for page in changed:
        _publish(page)
    return len(changed)


def first_session() -> dt.datetime | None:
    """Return when the earliest session of all series starts."""
    return Occurrence.objects.order_by("starts_at").values_list("starts_at", flat=True).first()


def _moved(page: WebinarSeriesPage, meeting_url: str) -> bool:
    """Move a page's dates to the present, or further on; say whether anything changed. Nothing is saved."""
    rules = parse(rule_text(page.recurrence))
    now = clock.now()
    occurrences = Occurrence.objects.filter(series__activity__translation_key=page.translation_key)
    changed = page.join_url != meeting_url
    page.join_url = meeting_url
    if not occurrences.exists():
        dates = session_dates(write(rules), start_date=page.start_date, zone=page.zone).sessions
        length = dt.timedelta(
            hours=page.start_time.hour, minutes=page.start_time.minute + page.duration_minutes
        )
        days = days_to_now(list(dates), (clock.wall_clock(now, page.zone) - length).date())
        page.start_date += dt.timedelta(days=days)
        page.recurrence = write(shifted(rules, days))
        changed = True
    elif not occurrences.filter(starts_at__gt=now).exists() and rules.rules:
        count = (rules.rules[0].count or 0) + MORE
        if rules.rules[0].count and count <= MAX_SESSIONS:
            page.recurrence = write(
                replace(rules, rules=(replace(rules.rules[0], count=count), *rules.rules[1:]))
            )
            changed = True
    return changed


@transaction.atomic
def _publish(page: WebinarSeriesPage) -> None:
    for translation in WebinarSeriesPage.objects.filter(translation_key=page.translation_key):
        translation.save_revision(log_action=False).publish()
