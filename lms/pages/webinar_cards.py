"""The webinar series that a text points at: title, address, next date; three queries, however many there are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import AbstractPage

from lms.catalogue.models import Activity
from lms.catalogue.queries import public_title_in, public_url_in, with_titles
from lms.catalogue.tree import identity
from lms.core import clock
from lms.pages.agenda import Session, sessions
from lms.webinars.models import Occurrence


@dataclass(frozen=True, slots=True)
class WebinarCard:
    """A series that everybody may see, and its next session if there is one."""

    title: str
    url: str
    session: Session | None


def cards_for(
    pages: Iterable[AbstractPage], *, language: str, request: HttpRequest | None
) -> dict[uuid.UUID, WebinarCard]:
    """Return identity → card of the series that are public; what is private or a draft is left out.

    Args:
        pages: of series, in whatever language.
        language: of the page that points at them.
        request: for addresses.
    """
    keys = {identity(page) for page in pages}
    if not keys:
        return {}
    found = with_titles(Activity.objects.filter(translation_key__in=keys, public=True))
    activities = {activity.pk: activity for activity in found}
    coming = Occurrence.objects.filter(status=Occurrence.Status.SCHEDULED, ends_at__gt=clock.now())
    first = coming.filter(series=OuterRef("series")).order_by("starts_at", "pk").values("pk")[:1]
    following = list(
        coming.filter(series__activity_id__in=activities, pk=Subquery(first))
        .select_related("series")
        .defer("series__rule")
    )
    for each in following:
        each.series.activity = activities[each.series.activity_id]
    shown = sessions(following, language=language, request=request)  # type: ignore[arg-type]
    by_activity = {each.occurrence.series.activity_id: each for each in shown}
    return {
        activity.translation_key: WebinarCard(
            title=public_title_in(activity, language),
            url=public_url_in(activity, language, request),
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
        cards = cards_for([page], language=language, request=context.get("request"))
    return cards.get(identity(page))
