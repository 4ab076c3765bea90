"""Fetching what the sentences name: what is needed, what to know before, and whether a certificate follows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, ngettext

from lms.catalogue.models import Activity, OutlineVersion
from lms.credentials.models import CertificateOffer
from lms.pages.finishing.tree import Choice, Leaf, activity_ids, part_wants, wants
from lms.pages.finishing.words import Names, Step, sentences, still_to_come
from lms.pages.opening_words import least_time, opening
from lms.pages.outline import Outline
from lms.progress import rules
from lms.webinars.models import WebinarSeries


@dataclass(frozen=True, slots=True)
class Finishing:
    """The sentences, in order; what else there is to know; and whether a certificate follows."""

    steps: list[Step]
    optional: int
    certificate: bool
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """What a series asks for: ``needed`` of ``sessions``, each for at least ``minutes`` of ``length``."""

    title: str
    sessions: int
    needed: int
    minutes: int
    length: int


def finish_course(
    activity: Activity | None, outline: Outline, *, valid_months: int | None = None, draft: Any = None
) -> Finishing:
    """Return what it takes to finish a course: at most two queries.

    Args:
        activity: the course; None while a draft is being previewed.
        outline: its outline, as ``read_outline`` returns it.
        valid_months: after so many months it is to be taken again; None: never.
        draft: the page as saved, whose rules take the place of the published ones.
    """
    version = outline.version
    if version is None:
        return Finishing([], 0, _offers_certificate(activity))
    if draft is not None:
        version = with_draft(version, draft)
    found = wants(version)
    counted = len(activity_ids(found))
    return Finishing(
        steps=sentences(found, _names(found, outline)),
        optional=sum(not item.group for item in version.items) - counted,
        certificate=_offers_certificate(activity),
        notes=_notes(version, valid_months) if found else [],
    )


def finish_part(activity: Activity | None, outline: Outline, *, draft: Any = None) -> Finishing:
    """Return what it takes to finish one part of a course, such as a module: at most one query.

    Args:
        activity: the part.
        outline: of the course it stands in.
        draft: the page of the part as saved, whose rules take the place of the published ones.
    """
    version = outline.version
    if activity is None or version is None:
        return Finishing([], 0, False)
    if draft is not None:
        version = with_draft(version, draft, activity.pk)
    found = part_wants(version, activity.pk)
    rule = next((item.rule for item in version.items if item.activity_id == activity.pk), {})
    return Finishing(sentences(found, _names(found, outline)), 0, False, _part_notes(rule))


def finish_series(
    activity: Activity | None, title: str, *, draft: Any = None, remaining: int | None = None
) -> Finishing:
    """Return what it takes to complete a series: two queries.

    Args:
        activity: the series; None before it was published.
        title: in the reader's language.
        draft: the page as saved, whose numbers take the place of the published ones.
        remaining: sessions still to come; None: say nothing of them.
    """
    rule = series_rules([activity], {activity.pk: title}).get(activity.pk) if activity else None
    if activity is None or rule is None or not rule.sessions:
        return Finishing([], 0, False)
    if draft is not None:
        rule = _drafted(rule, draft)
    steps = [Step(_attend(rule), (activity.pk,)), Step(_counts(rule))]
    certificate = _offers_certificate(activity)
    notes = []
    if remaining is not None:
        notes = still_to_come(
            sessions=rule.sessions, needed=rule.needed, remaining=remaining, certificate=certificate
        )
    return Finishing(steps, 0, certificate, notes)


# ── series ───────────────────────────────────────────────────────────────────────────────────────────────────────


def series_rules(activities: Iterable[Activity], titles: Mapping[int, str]) -> dict[int, SeriesRule]:
    """Return activity id → what that series asks for: one query, however many.

    Args:
        activities: of kind ``webinar_series``.
        titles: activity id → title in the reader's language.
    """
    ids = [activity.pk for activity in activities]
    if not ids:
        return {}
    version = OutlineVersion.objects.filter(activity_id=OuterRef("activity_id"), ended_at=None)
    asked = Count("items", filter=Q(items__required=True, items__group=False))
    counted = version.order_by().annotate(asked=asked)
    rows = WebinarSeries.objects.filter(activity_id__in=ids).defer("rule")
    found = {}
    for series in rows.annotate(
        asked=Coalesce(Subquery(counted.values("asked")[:1]), 0),
        terms=Subquery(version.values("rules")[:1]),
    ):
        count, needed = series.asked, (series.terms or {}).get("needed")
        found[series.activity_id] = SeriesRule(
            title=titles.get(series.activity_id, ""),
            sessions=count,
            needed=count if needed is None else min(needed, count),
            minutes=math.ceil(series.attend_percent / 100 * series.duration_minutes),
            length=series.duration_minutes,
        )
    return found


def _drafted(rule: SeriesRule, draft: Any) -> SeriesRule:
    needed = rule.sessions if draft.needed is None else min(draft.needed, rule.sessions)
    minutes = math.ceil(draft.attend_percent / 100 * draft.duration_minutes)
    return SeriesRule(rule.title, rule.sessions, needed, minutes, draft.duration_minutes)


def _series_sentence(rule: SeriesRule, names: Names, activity_id: int) -> str:
    return gettext("%(title)s: %(attend)s %(counts)s") % {
        "title": names.title(activity_id),
        "attend": _attend(rule),
        "counts": _counts(rule),
    }


def _attend(rule: SeriesRule) -> str:
    values = {"needed": rule.needed, "count": rule.sessions}
    if not rule.sessions:
        return gettext("The dates follow.")
    if rule.sessions == 1:
        return gettext("Attend the session.")
    if rule.needed == rule.sessions:
        return gettext("Attend all %(count)s sessions.") % values
    return gettext("Attend at least %(needed)s of the %(count)s sessions.") % values


def _counts(rule: SeriesRule) -> str:
    return gettext(
        "A session counts when you are there for at least %(minutes)s of its %(length)s minutes."
    ) % {"minutes": rule.minutes, "length": rule.length}


# ── the rest ─────────────────────────────────────────────────────────────────────────────────────────────────────


def with_draft(version: rules.Version, page: Any, activity_id: int | None = None) -> rules.Version:
    """Return an outline as it would be if a page were published as it is saved now, with nothing else changed.

    Args:
        version: in force.
        page: the page as saved: of the course, or of a part of it.
        activity_id: of the part; None when it is the course itself.
    """
    items = list(version.items)
    needed, sequential = version.needed, version.sequential
    if activity_id is None:
        given = page.outline_rules()
        needed, sequential = given.get("needed"), given.get("order") == "sequential"
    else:
        items = [
            rules.Item(item.activity_id, page.required, item.group, item.parent, page.outline_rule())
            if item.activity_id == activity_id
            else item
            for item in items
        ]
    # Made anew and not replaced: a version remembers what it once worked out.
    return rules.Version(
        version.id, items, version.started_at, version.ended_at, needed, sequential, version.prerequisites
    )


def _names(found: tuple[Leaf | Choice, ...], outline: Outline) -> Names:
    kinds = {each.pk: each.kind for each in outline.activities}
    names = Names(kinds, outline.titles, {})
    ids = activity_ids(found)
    series = [each for each in outline.activities if each.kind == "webinar_series" and each.pk in ids]
    asked = series_rules(series, outline.titles)
    said = {pk: partial(_series_sentence, rule, names, pk) for pk, rule in asked.items()}
    return Names(kinds, outline.titles, said)


def _notes(version: rules.Version, valid_months: int | None) -> list[str]:
    notes = []
    if version.sequential:
        notes.append(
            gettext("Take the parts in this order: each one opens when what stands before it is done.")
        )
    if any("opens_on" in item.rule or "opens_after_days" in item.rule for item in version.items):
        notes.append(gettext("Some parts open later: the list of parts says when."))
    if any("min_minutes" in item.rule for item in version.items):
        notes.append(gettext("Some lessons take a least time before they can be marked as done."))
    if valid_months:
        notes.append(
            ngettext(
                "It counts for %(count)s month from your start; then the course is taken again.",
                "It counts for %(count)s months from your start; then the course is taken again.",
                valid_months,
            )
            % {"count": valid_months}
        )
    return notes


def _part_notes(rule: Mapping[str, Any]) -> list[str]:
    return [f"{words}." for words in (*opening(rule), *least_time(rule))]


def _offers_certificate(activity: Activity | None) -> bool:
    if activity is None:
        return False
    known: bool | None = getattr(activity, "offers_certificate", None)  # where the activity was read with it
    return CertificateOffer.objects.filter(activity=activity).exists() if known is None else known
