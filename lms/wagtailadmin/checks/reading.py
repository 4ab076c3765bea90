"""Collecting the facts about a draft: a number of queries that does not grow with what stands below or in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from wagtail.models import AbstractPage, Locale

from lms.assessment.mixins import QuizMixin
from lms.calendars.rules import contrast
from lms.catalogue.mixins import CourseMixin, EnrolmentMode, LessonMixin, OffersCertificate
from lms.catalogue.queries import activity_of, holds_rules
from lms.catalogue.tree import ours
from lms.core import clock
from lms.core.base_page import base_page
from lms.progress import offers, runs
from lms.wagtailadmin.checks.content import read_content
from lms.wagtailadmin.checks.rules import WITH_PARTS
from lms.wagtailadmin.checks.values import Facts, Part, Translation
from lms.webinars import recurrence
from lms.webinars.fields import rule_text
from lms.webinars.mixins import WebinarSeriesMixin

#: A translation that is published together with its source is not older.
TOGETHER = dt.timedelta(minutes=1)
#: Days of the shortest month: whoever starts in it has least time.
MONTH = 28


def read_facts(page: Any, parent: AbstractPage | None = None) -> Facts:
    """Return what is known of a page on one of our mixins, as drafted.

    Args:
        page: with what was typed; it need not be stored.
        parent: of a page that is not stored yet.
    """
    rules = holds_rules(page)
    pictures, links = read_content(page)
    values: dict[str, Any] = {
        "kind": page.lms_kind,
        "rules": rules,
        "live": page.live,
        "summary": bool((page.summary or "").strip()),
        "content": bool(getattr(page, "body", True)),
        "pictures": pictures,
        "links": links,
    }
    values |= _translations(page, rules)
    if page.lms_kind in WITH_PARTS and page.pk:
        values |= _parts(page)
    if rules:
        values |= _rules(page, parent)
    if isinstance(page, WebinarSeriesMixin):
        values |= _series(page)
    return Facts(**values)


# ── languages ────────────────────────────────────────────────────────────────────────────────────────────────────


def _translations(page: Any, rules: bool) -> dict[str, Any]:
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False) or not page.pk or page.alias_of_id:
        return {}
    names = {locale.pk: locale.get_display_name() for locale in Locale.objects.all()}
    others = {
        pk: row
        for pk, *row in base_page()
        .objects.filter(translation_key=page.translation_key)
        .exclude(pk=page.pk)
        .values_list("locale_id", "pk", "live", "last_published_at")
    }
    if not rules:
        source = others.get(Locale.get_default().pk)
        written = page.latest_revision_created_at
        newer = bool(source and source[2] and written and source[2] > written + TOGETHER)
        return {"source_newer": names[Locale.get_default().pk] if newer else ""}
    # Who has published nothing yet cannot have translated it.
    if not page.live:
        return {}
    found = []
    for pk, name in names.items():
        if pk == page.locale_id:
            continue
        other = others.get(pk)
        if other is None:
            found.append(Translation(str(name)))
            continue
        page_id, live, published = other
        own = page.last_published_at
        older = bool(own and (published is None or published + TOGETHER < own))
        found.append(Translation(str(name), page_id, live, older))
    return {"translations": tuple(found)}


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _parts(page: Any) -> dict[str, Any]:
    below = ours(base_page().objects.child_of(page)).order_by("path").defer_streamfields().specific()
    children = list(below)
    live = [child for child in children if child.live]
    return {
        "parts": tuple(
            Part(child.title, getattr(child, "required", True), getattr(child, "opens_after_days", None) or 0)
            for child in live
        ),
        "drafts": len(children) - len(live),
    }


def _rules(page: Any, parent: AbstractPage | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "needed": getattr(page, "needed", None),
        "required": getattr(page, "required", True),
        "opens_after": getattr(page, "opens_after_days", None) or 0,
    }
    if isinstance(page, CourseMixin):
        values |= _course(page)
    elif hasattr(page, "opens_after_days") and values["opens_after"]:
        values["valid_days"] = _days(_course_above(page, parent))
    if isinstance(page, LessonMixin):
        values |= {"recording_minutes": page.recording_minutes, "watch_percent": page.watch_percent}
    if isinstance(page, QuizMixin):
        values["questions"] = len(page.questions or ())
    design = page.certificate_design if isinstance(page, OffersCertificate) else None
    if design is not None:
        values["accent_contrast"] = contrast(design.accent, "#ffffff")
    return values


def _course(page: Any) -> dict[str, Any]:
    before = [block.value for block in page.prerequisites or () if block.value is not None]
    values: dict[str, Any] = {
        "unpublished_before": tuple(each.title for each in before if not each.live),
        "valid_days": _days(page),
        "cohorts": page.enrolment_mode == EnrolmentMode.COHORTS,
        "offers_certificate": page.certificate_design_id is not None,
    }
    if values["cohorts"]:
        activity = activity_of(page) if page.pk else None
        today = clock.wall_clock(clock.now(), clock.default_zone()).date()
        cohorts = runs.cohorts_of(activity.pk) if activity else ()
        values["cohorts_open"] = sum(offers.offered(each, today=today).open for each in cohorts)
    return values


def _days(course: Any) -> int | None:
    months = getattr(course, "valid_months", None)
    return months * MONTH if months else None


def _course_above(page: Any, parent: AbstractPage | None) -> Any:
    if page.pk:
        above = base_page().objects.ancestor_of(page)
    elif parent is not None:
        above = base_page().objects.ancestor_of(parent, inclusive=True)
    else:
        return None
    found = ours(above).order_by("-depth").defer_streamfields().specific()
    return next((each for each in found if isinstance(each, CourseMixin)), None)


# ── series ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _series(page: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "dated": page.start_date is not None,
        "join_url": bool(page.join_url),
        "speakers": len(page.speakers or ()) if hasattr(page, "speakers") else 1,
    }
    if page.start_date is None or page.start_time is None or not page.duration_minutes:
        return values
    try:
        slots = recurrence.expand(
            rule_text(page.recurrence),
            start_date=page.start_date,
            start_time=page.start_time,
            duration_minutes=page.duration_minutes,
            zone=page.zone,
        )
    except recurrence.RuleError:
        # Its field says what is wrong with it, in better words.
        return values
    now = clock.now()
    return values | {"sessions": len(slots), "to_come": sum(slot.ends_at > now for slot in slots)}
