"""What a course is, at a glance: how long, for whom, about what, what is needed before, and who may start."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import formats
from django.utils.translation import gettext, ngettext
from wagtail.models import AbstractPage

from lms.catalogue.mixins import EnrolmentMode
from lms.catalogue.models import Activity, ActivityPage, OutlineVersion
from lms.catalogue.queries import public_title, public_url
from lms.catalogue.tree import identity
from lms.credentials.models import CertificateOffer
from lms.pages.outline import outlines_in_force


@dataclass(frozen=True, slots=True)
class Facts:
    """A course at a glance, in the language of its page."""

    hours: Decimal | None
    level: str
    topics: list[str]
    mode: str
    valid_months: int | None

    @property
    def enrolment(self) -> str:
        """How one gets in, where that is not simply open to everybody."""
        return {
            EnrolmentMode.APPROVAL: gettext("You ask to take part, and the organiser answers."),
            EnrolmentMode.COHORTS: gettext(
                "It is taken together with others, in groups with fixed dates and seats."
            ),
            EnrolmentMode.CLOSED: gettext("The organiser invites those who take part."),
        }.get(EnrolmentMode(self.mode), "")

    @property
    def hours_words(self) -> str:
        """How long it takes, such as "about 1.5 hours"; empty where nobody said."""
        if not self.hours:
            return ""
        words = ngettext("about %(hours)s hour", "about %(hours)s hours", 1 if self.hours == 1 else 2)
        return words % {"hours": formats.number_format(f"{Decimal(self.hours).normalize():f}")}

    @property
    def closed(self) -> bool:
        """Say whether nobody can sign up by themselves."""
        return self.mode == EnrolmentMode.CLOSED


@dataclass(frozen=True, slots=True)
class Before:
    """A course or series that is completed first. Without a title: it is not public."""

    title: str
    url: str


def course_of(page: AbstractPage) -> tuple[Activity | None, OutlineVersion | None]:
    """Return the activity of a course page and its outline in force: five queries.

    The activity comes with level, topics, rule of enrolment, and ``offers_certificate``.
    """
    key = identity(page)
    found = outlines_in_force().filter(activity__translation_key=key)
    version = (
        found.select_related("activity__level", "activity__enrolment_policy")
        .prefetch_related("activity__topics")
        .annotate(
            offers_certificate=Exists(CertificateOffer.objects.filter(activity=OuterRef("activity_id")))
        )
        .first()
    )
    if version is None:
        # It was published and not compiled yet, or nothing was ever below it.
        return Activity.objects.filter(translation_key=key).first(), None
    activity = version.activity
    activity.offers_certificate = version.offers_certificate  # type: ignore[attr-defined]
    return activity, version


def facts_of(page: Any, activity: Activity | None, *, draft: bool) -> Facts:
    """Return a course at a glance, as compiled from its owner page; what is written on the page itself for a draft.

    Args:
        page: of the course, in any language.
        activity: as ``course_of`` returns it; None before it was published.
        draft: what the page says counts, published or not.
    """
    language = page.locale.language_code
    source = page if draft or activity is None else activity
    policy = getattr(activity, "enrolment_policy", None)
    if draft or activity is None:
        mode, months = page.enrolment_mode, page.valid_months
    else:
        mode = policy.mode if policy else EnrolmentMode.OPEN
        months = policy.valid_months if policy else None
    return Facts(
        hours=source.hours,
        level=source.level.title_in(language) if source.level else "",
        topics=[topic.title_in(language) for topic in source.topics.all()],
        mode=mode,
        valid_months=months,
    )


def needed_before(keys: Sequence[str], *, language: str, request: HttpRequest) -> list[Before]:
    """Return what is completed before a course opens, in order: one query, none without keys.

    Args:
        keys: translation keys, as the outline in force has them. One that is no longer offered is needed by nobody.
        language: of the page.
        request: for addresses.
    """
    if not keys:
        return []
    rows: dict[uuid.UUID, list[ActivityPage]] = defaultdict(list)
    for row in ActivityPage.objects.filter(
        activity__translation_key__in=keys, activity__live=True
    ).select_related("activity", "locale", "page"):
        rows[row.activity.translation_key].append(row)  # type: ignore[index]
    found = [rows[uuid.UUID(key)] for key in keys if uuid.UUID(key) in rows]
    return [Before(public_title(each, language), public_url(each, language, request)) for each in found]
