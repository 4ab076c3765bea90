"""The webinar series that a text points at: title, address, next date; two queries, however many there are."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import AbstractPage

from lms.catalogue.models import Activity, ActivityPage
from lms.catalogue.queries import public_title, public_url
from lms.catalogue.tree import identity
from lms.core import clock
from lms.pages.agenda import Session, sessions
from lms.pages.line import joined
from lms.webinars.models import Occurrence

SERIES = "webinar_series"


@dataclass(frozen=True, slots=True)
class WebinarCard:
    """A series that everybody may see, and its next session if there is one."""

    title: str
    url: str
    session: Session | None


def pages_of_series(page_ids: Iterable[int]) -> list[ActivityPage]:
    """Return the pages in all languages of the series that some pages stand for: one query.

    Each comes with its activity, its locale and its page, of which ``lms.pages.line.whole`` makes the series page.

    Args:
        page_ids: of series, in whatever language.
    """
    series = ActivityPage.objects.filter(page_id__in=list(page_ids)).values("activity")
    own = [f"page__{name}" for name, model in joined().items() if getattr(model, "lms_kind", "") == SERIES]
    found = ActivityPage.objects.filter(activity__in=series)
    return list(found.select_related("activity", "locale", "page__locale", *own).order_by("pk"))


def cards_for(
    rows: Iterable[ActivityPage], *, language: str, request: HttpRequest | None
) -> dict[uuid.UUID, WebinarCard]:
    """Return identity → card of the series that are public; what is private or a draft is left out. One query.

    Args:
        rows: their pages in all languages, see ``pages_of_series``.
        language: of the page that points at them.
        request: for addresses.
    """
    pages: dict[int, list[ActivityPage]] = defaultdict(list)
    activities: dict[int, Activity] = {}
    for row in rows:
        if row.activity.public:
            row.activity = activities.setdefault(row.activity_id, row.activity)
            pages[row.activity_id].append(row)
    if not activities:
        return {}
    coming = Occurrence.objects.filter(status=Occurrence.Status.SCHEDULED, ends_at__gt=clock.now())
    first = coming.filter(series=OuterRef("series")).order_by("starts_at", "pk").values("pk")[:1]
    following = coming.filter(series__activity_id__in=activities, pk=Subquery(first))
    following = following.select_related("series").defer("series__rule")
    for each in following:
        each.series.activity = activities[each.series.activity_id]
    shown = sessions(following, language=language, request=request, pages=pages)
    by_activity = {each.occurrence.series.activity_id: each for each in shown}
    return {
        activity.translation_key: WebinarCard(
            title=public_title(pages[pk], language),
            url=public_url(pages[pk], language, request),
            session=by_activity.get(pk),
        )
        for pk, activity in activities.items()
        if activity.translation_key is not None
    }


def card_for(page: AbstractPage, context: Mapping[str, Any]) -> WebinarCard | None:
    """Return the card of one series, from ``webinar_cards`` in the context of a page, else from the database.

    Args:
        page: of the series.
        context: of the template that is being rendered.
    """
    cards = context.get("webinar_cards")
    if cards is None:
        language = context.get("page_language") or get_language() or ""
        rows = pages_of_series([page.pk])
        cards = cards_for(rows, language=language, request=context.get("request"))
    return cards.get(identity(page))
