"""What a feed should say, from the rows alone."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from lms.webinars.models import Occurrence
from tests.calendars.parsing import Seen

CANCELLED = Occurrence.Status.CANCELLED


def series_path(series, query=""):
    return reverse("lms_public:feed_series", args=[series.activity.key]) + query


def rows(*, mark="", **found) -> list[Seen]:
    return sorted(
        Seen(
            each.uid,
            each.starts_at,
            each.ends_at,
            f"{mark} {each.series.activity.title}"
            if each.status == CANCELLED
            else each.series.activity.title,
            "CANCELLED" if each.status == CANCELLED else "CONFIRMED",
        )
        for each in Occurrence.objects.filter(**found).select_related("series__activity")
    )


def mark(language: str) -> str:
    with translation.override(language):
        return gettext("[CANCELLED]")
